from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

from foresay.trials.roles import with_models


def memtable(rows):
    return ibis.memtable(pa.Table.from_pylist(rows))


MODELS = ibis.memtable(
    [
        {"model": "m", "base": None, "stage": "base", "n_train": 0},
        {"model": "m-self", "base": "m", "stage": "self-trained", "n_train": 100},
        {"model": "m-cross", "base": "m", "stage": "cross-trained", "n_train": 100},
        {"model": "other", "base": None, "stage": "base", "n_train": 0},
        {"model": "other-self", "base": "other", "stage": "self-trained", "n_train": 100},
    ],
    schema={"model": "string", "base": "string", "stage": "string", "n_train": "int64"},
)


def role(predictor, target, models=MODELS):
    trials = memtable([{"predictor": predictor, "target": target}])
    return with_models(trials, models).to_pyarrow().to_pylist()[0]


@pytest.mark.parametrize(
    ("predictor", "target", "expected"),
    [
        ("m", "m", "self"),
        ("m-self", "m", "self"),
        ("m-cross", "m", "cross"),  # shares its base with the target
        ("other", "m", "cross"),
        ("other-self", "m", "cross"),  # trained on itself, asked about another
        ("unknown", "m", "cross"),
    ],
)
def test_role_is_derived_from_the_models_table(predictor, target, expected):
    assert role(predictor, target)["role"] == expected


def test_without_a_models_table_only_the_same_name_is_self():
    assert role("m-self", "m", None)["role"] == "cross"
    assert role("m", "m", None)["role"] == "self"


def test_a_role_that_the_study_brings_is_kept():
    trials = memtable([{"predictor": "m", "target": "m", "role": "cross"}])
    assert with_models(trials, MODELS).to_pyarrow().to_pylist()[0]["role"] == "cross"


def test_columns_of_predictor_and_target_are_told_apart():
    row = role("m-self", "m")
    assert (row["stage"], row["n_train"]) == ("self-trained", 100)
    assert (row["target_stage"], row["target_n_train"]) == ("base", 0)


def test_the_models_table_is_the_authority_over_columns_of_the_same_name():
    trials = memtable([{"predictor": "m-self", "target": "m", "n_train": 7}])
    assert with_models(trials, MODELS).to_pyarrow().to_pylist()[0]["n_train"] == 100
