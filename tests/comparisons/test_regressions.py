from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from foresay.comparisons.regressions import COLUMNS, regression
from foresay.errors import ChoiceError, UnsupportedError
from studies import answers, open_study, prediction


def study_of(tmp_path, right, n=10, **more):
    """Two models predict both; so many of each one's predictions of each are right."""
    said = [
        prediction(p, t, f"i{i}", "a" if i < right[p + t] else "b", similarity=sim)
        for p in "mo"
        for t in "mo"
        for i in range(n)
        for sim in [1.0 if p == t else (0.2 + 0.05 * (i % 4) if i else None)]
    ]
    given = [row for t in "mo" for i in range(n) for row in answers(t, f"i{i}", ["a"])]
    tables = {"answers": given, "predictions": said}
    return open_study(tmp_path, tables, choices={"truth": "first"}, **more)


RIGHT = {"mm": 8, "mo": 5, "om": 4, "oo": 7}


def fitted(study, **more):
    return regression(
        study.population(), choices=study.choices, context=study._context(None), **more
    )


def test_self_is_half_the_interaction_of_the_matrix(tmp_path):
    with study_of(tmp_path, RIGHT) as study:
        table = fitted(study).set_index("term")
    logit = {cell: special.logit(n / 10) for cell, n in RIGHT.items()}
    expected = (logit["mm"] + logit["oo"] - logit["mo"] - logit["om"]) / 2
    assert table["estimate"]["self"] == pytest.approx(expected)
    assert list(table.index) == ["intercept", "predictor[o]", "target[o]", "self"]
    assert table["n_clusters"]["self"] == 10
    assert table["n_trials"]["self"] == 40
    assert "fewer than 30 clusters" in table["note"]["self"]
    # mean over the cells of p with self less p without
    base = table["estimate"]
    eta = [
        base["intercept"] + o * base["predictor[o]"] + q * base["target[o]"]
        for o in (0, 1)
        for q in (0, 1)
    ]
    by_hand = np.mean([special.expit(e + base["self"]) - special.expit(e) for e in eta])
    assert table["marginal_effect"]["self"] == pytest.approx(by_hand)
    assert table["marginal_low"]["self"] < by_hand < table["marginal_high"]["self"]


def test_trials_without_a_covariate_are_left_out_and_counted(tmp_path):
    with study_of(tmp_path, RIGHT) as study:
        table = fitted(study, covariates=["similarity"])
    assert "2 trials without similarity, left out" in table["note"].iloc[0]
    assert table["n_trials"].iloc[0] == 38
    assert table["term"].tolist()[-2:] == ["similarity", "self"]


def test_one_model_a_group(tmp_path):
    with study_of(tmp_path, RIGHT) as study:
        table = fitted(study, by=["property"])
    assert table["property"].unique().tolist() == ["p"]
    assert set(COLUMNS) <= set(table.columns)


def test_what_cannot_be_asked_is_refused(tmp_path):
    with study_of(tmp_path, RIGHT) as study:
        with pytest.raises(ChoiceError, match=r"no column 'simlarity'.*did you mean 'similarity'"):
            fitted(study, covariates=["simlarity"])
        with pytest.raises(ChoiceError, match=r"holds 'a', where a number is expected; \d+ trials"):
            fitted(study, covariates=["prediction"])
    only = {"answers": answers("m", "i0", ["a", "b"])}
    with (
        open_study(tmp_path / "only", only) as study,
        pytest.raises(UnsupportedError, match="needs predictions"),
    ):
        fitted(study)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"crossed": ["target"]}, r"crossed is target; say crossed= \(--set crossed=\)"),
        ({"cluster": ["task"], "within": ["item"]}, "within is item"),
        ({"strata": ["task"]}, "strata is task"),
        ({"weighting": "macro"}, "weighting is macro; say weighting=micro"),
    ],
    ids=["crossed", "within", "strata", "macro"],
)
def test_a_design_that_is_not_used_is_refused_and_left_out_of_comparisons(tmp_path, choices, said):
    with study_of(tmp_path, RIGHT) as study:
        with pytest.raises(ChoiceError, match=said):
            study.regression(**choices)
        with pytest.raises(UnsupportedError, match=said):
            study.compare("two_way", **choices)


def test_rows_in_another_order_give_the_same_bytes(tmp_path):
    with study_of(tmp_path / "a", RIGHT, threads=1) as study:
        one = fitted(study).drop(columns="fingerprint").to_csv()
    with study_of(tmp_path / "b", RIGHT, threads=2) as study:
        two = fitted(study).drop(columns="fingerprint").to_csv()
    assert one == two
