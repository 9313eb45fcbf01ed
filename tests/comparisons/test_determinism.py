from __future__ import annotations

import math

import pytest

from foresay.comparisons.determinism import determinism
from foresay.errors import ChoiceError, UnsupportedError
from foresay.study import override
from studies import answers, open_study, prediction

BIT = 1 / math.log(2)  # two repeats that differ
DID = {"m": ["ab", "ab", "aa", "ab"], "m+": ["aa", "aa", "aa", "ab"]}


def study_of(tmp_path, did, **choices):
    tables = {
        "answers": [
            row
            for model, items in did.items()
            for i, given in enumerate(items)
            for row in answers(model, f"i{i}", list(given))
        ],
        # the trained model is predicted by nobody, and its answers count all the same
        "predictions": [prediction("m", "m", f"i{i}", "a") for i in range(len(did["m"]))],
        "models": [
            {"model": "m", "base": None, "stage": "base", "n_train": 0},
            {"model": "m+", "base": "m", "stage": "self-trained", "n_train": 100},
        ],
    }
    return open_study(tmp_path, tables, choices={"truth": "each", "resamples": 200, **choices})


def found(study, models=True, where=None, **more):
    choices = override(study.choices, more.pop("choices", {}))
    return determinism(
        study.population(where=where, choices=choices),
        study.tables["models"] if models else None,
        choices=choices,
        context=study._context(where),
        **more,
    )


def at(table, estimand, quantity):
    rows = table[(table["estimand"] == estimand) & (table["quantity"] == quantity)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_values_of_a_table_worked_by_hand(tmp_path):
    table = found(study_of(tmp_path, DID))
    assert at(table, "entropy", "before")["value"] == pytest.approx(3 * BIT / 4)
    assert at(table, "entropy", "after")["value"] == pytest.approx(BIT / 4)
    change = at(table, "entropy", "change")
    assert change["value"] == pytest.approx(-BIT / 2)
    assert change["n_items"] == 4
    assert "2 repeats" in change["note"]
    assert at(table, "distinct_answers", "before")["value"] == pytest.approx(7 / 4)
    assert at(table, "distinct_answers", "change")["value"] == pytest.approx(-1 / 2)
    assert (change["base"], change["model"]) == ("m", "m+")


def test_the_change_is_paired_by_item(tmp_path):
    study = study_of(tmp_path, {"m": ["ab", "aa"] * 20, "m+": ["ab", "aa"] * 19 + ["aa", "aa"]})
    table = found(study)
    assert at(table, "entropy", "change")["standard_error"] < (
        at(table, "entropy", "before")["standard_error"] / 3
    )


def test_models_with_more_repeats_compare_by_the_fewest(tmp_path):
    did = {"m": ["aabb", "aabb"], "m+": ["ab", "aa"]}
    table = found(study_of(tmp_path, did))
    # two of a, a, b, b differ with chance 2/3
    assert at(table, "distinct_answers", "before")["value"] == pytest.approx(1 + 2 / 3)
    four = {"choices": {"agreement": 4}}
    with pytest.raises(UnsupportedError, match="4 repeats"):
        found(study_of(tmp_path / "four", did), **four)


def test_only_items_that_both_have_count(tmp_path):
    table = found(study_of(tmp_path, {"m": ["ab", "ab", "aa"], "m+": ["ab"]}))
    assert at(table, "entropy", "before")["n_items"] == 1
    assert at(table, "entropy", "before")["value"] == pytest.approx(BIT)


def test_a_condition_on_trials_chooses_the_items(tmp_path):
    table = found(study_of(tmp_path, DID), where="item IN ('i2', 'i3')")
    assert at(table, "entropy", "before")["n_items"] == 2
    assert at(table, "entropy", "change")["value"] == pytest.approx(0)


def test_columns_of_items_and_models_group(tmp_path):
    table = found(study_of(tmp_path, DID), by=["task", "n_train"])
    assert set(table["n_train"]) == {100}
    with pytest.raises(ChoiceError, match="columns of items and models"):
        found(study_of(tmp_path / "b", DID), by=["predictor"])


def test_macro_weights_count_tasks_the_same(tmp_path):
    study = study_of(tmp_path, DID)
    path = tmp_path / "answers.csv"
    path.write_text(
        path.read_text()
        + "".join(
            f"{m},u,j,p,{n},{a}\n"
            for m, given in (("m", "ab"), ("m+", "ab"))
            for n, a in enumerate(given)
        )
    )
    said = tmp_path / "predictions.csv"
    said.write_text(said.read_text() + "m,m,u,j,p,a\n")
    study = type(study).open(tmp_path)
    table = found(study, choices={"weighting": "macro_task"})
    assert at(table, "entropy", "before")["value"] == pytest.approx((3 / 4 + 1) / 2 * BIT)


def test_what_is_missing_is_named(tmp_path):
    study = study_of(tmp_path, DID)
    with pytest.raises(UnsupportedError, match="table models"):
        found(study, models=False)
    with pytest.raises(UnsupportedError, match="two repeats"):
        found(study_of(tmp_path / "one", {"m": ["a"], "m+": ["a"]}))
