from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from foresay.comparisons.identification import aliased, separated
from foresay.comparisons.two_way import fit, two_way

HERE = Path(__file__).parent / "reference"
CELLS = pd.read_csv(HERE / "two_way_cells.csv")
FITS = pd.read_csv(HERE / "two_way_fits.csv")
NAMES = {"(Intercept)": "intercept"}


def cells_of(frame):
    return frame.rename(
        columns={
            "predictor": "_predictor",
            "target": "_target",
            "match": "_match",
            "trials": "_trials",
        }
    ).assign(role=np.where(frame["self"] == 1, "self", "cross"))


@pytest.mark.parametrize(("model", "covariates"), [("plain", []), ("similarity", ["similarity"])])
def test_against_geepack_times_the_factor_of_the_clusters(model, covariates):
    # geepack's errors are without the factor G / (G - 1); they are compared after it
    few = math.sqrt(60 / 59)
    made = fit(two_way(cells_of(CELLS), ["item"], covariates))
    found = {t: i for i, t in enumerate(made.terms)}
    assert made.n_clusters == 60
    expected = FITS[FITS["model"] == model]
    assert len(expected) == len(found)
    for row in expected.itertuples():
        term = NAMES.get(row.term, row.term)
        for who in ("predictor", "target"):
            if term.startswith(who):
                term = f"{who}[{term.removeprefix(who)}]"
        i = found[term]
        assert made.estimate[i] == pytest.approx(row.estimate, rel=1e-5)
        assert made.standard_error[i] == pytest.approx(few * row.standard_error, rel=1e-4)
    i = found["self"]
    assert made.marginal[i] == pytest.approx(expected["marginal"].iloc[0], rel=1e-5)
    assert made.marginal_error[i] == pytest.approx(
        few * expected["marginal_error"].iloc[0], rel=1e-4
    )


def square(right, asked=40):
    """Two predictors of two targets, `asked` items each, with so many matches in each cell."""
    rows = [
        {
            "item": i,
            "_predictor": p,
            "_target": t,
            "role": "self" if p == t else "cross",
            "_match": int(i < right[p + t]),
            "_trials": 1,
        }
        for p in "ab"
        for t in "ab"
        for i in range(asked)
    ]
    return pd.DataFrame(rows)


def test_two_by_two_is_half_the_log_odds_interaction():
    right = {"aa": 30, "ab": 20, "ba": 16, "bb": 24}
    made = fit(two_way(square(right), ["item"], []))
    logit = {cell: special.logit(n / 40) for cell, n in right.items()}
    expected = (logit["aa"] + logit["bb"] - logit["ab"] - logit["ba"]) / 2
    assert made.terms[-1] == "self"
    assert made.estimate[-1] == pytest.approx(expected)


def test_each_predicting_only_itself_cannot_be_told_apart():
    frame = square({"aa": 30, "ab": 20, "ba": 16, "bb": 24})
    made = fit(two_way(frame[frame["role"] == "self"], ["item"], []))
    known = dict(zip(made.terms, made.reasons, strict=True))
    assert known["self"] == "cannot be told from the other terms"
    assert np.isnan(made.estimate[-1])
    assert known["predictor[b]"] == ""


def test_a_predictor_that_is_always_right_is_separated_and_leaves_the_rest():
    frame = square({"aa": 30, "ab": 20, "ba": 16, "bb": 24})
    third = [
        {"item": i, "_predictor": "c", "_target": t, "role": "cross", "_match": 1, "_trials": 1}
        for t in "ab"
        for i in range(40)
    ]
    made = fit(two_way(pd.concat([frame, pd.DataFrame(third)]), ["item"], []))
    alone = fit(two_way(frame, ["item"], []))
    reasons = dict(zip(made.terms, made.reasons, strict=True))
    assert reasons["predictor[c]"].startswith("separated")
    assert np.isnan(made.estimate[made.terms.index("predictor[c]")])
    assert made.estimate[-1] == pytest.approx(alone.estimate[-1])
    assert made.standard_error[-1] == pytest.approx(alone.standard_error[-1])
    # the trials of c are certain, so self changes nothing there
    assert made.marginal[-1] == pytest.approx(alone.marginal[-1] * 160 / 240)


def test_repeating_every_cluster_halves_the_variance():
    frame = square({"aa": 30, "ab": 20, "ba": 16, "bb": 24})
    twice = pd.concat([frame, frame.assign(item=frame["item"] + 1000)])
    one, two = fit(two_way(frame, ["item"], [])), fit(two_way(twice, ["item"], []))
    assert two.estimate == pytest.approx(one.estimate)
    few = math.sqrt(80 / 79 / (40 / 39))
    assert two.standard_error == pytest.approx(few * one.standard_error / math.sqrt(2))


def test_one_factor_of_two_is_the_linearised_error_with_the_factor_of_the_clusters():
    # with self alone the model is two shares, whose errors are those of any cluster mean here
    frame = square({"aa": 30, "ab": 20, "ba": 16, "bb": 24})
    alone = frame[frame["_predictor"] == "a"].assign(_predictor="a")
    made = fit(two_way(alone[alone["_target"] == "a"], ["item"], []))
    p, n = 30 / 40, 40
    error = math.sqrt(p * (1 - p) / (n - 1)) / (p * (1 - p))
    assert made.standard_error[0] == pytest.approx(error)


def test_the_order_of_rows_changes_nothing():
    frame = cells_of(CELLS)
    one = fit(two_way(frame, ["item"], ["similarity"]))
    other = fit(two_way(frame.sample(frac=1, random_state=3), ["item"], ["similarity"]))
    assert other.estimate == pytest.approx(one.estimate)
    assert other.standard_error == pytest.approx(one.standard_error)


def test_aliased_takes_the_later_column():
    design = np.array([[1, 0, 1], [1, 1, 0], [1, 1, 0], [1, 0, 1.0]])
    assert aliased(design) == [2]
    assert aliased(design[:, :2]) == []


def test_separated_rows_are_those_a_plane_foretells():
    design = np.array([[1, 0.0], [1, 1], [1, 2], [1, 3]])
    asked = np.full(4, 5.0)
    assert separated(design, np.array([0, 0, 5, 5.0]), asked).all()
    assert not separated(design, np.array([0, 5, 0, 5.0]), asked).any()
    # mixed at 0 and at 1: no plane but 0 leaves both, so nothing is foretold
    assert not separated(design, np.array([2, 3, 5, 5.0]), asked).any()
    quasi = separated(design[:3], np.array([0, 2, 5.0]), asked[:3])
    assert quasi.tolist() == [True, False, True]


@pytest.mark.simulation
def test_the_interval_of_self_covers_its_coefficient():
    """Items are easy or hard for everybody, so trials are far from independent."""
    rng = np.random.default_rng(5)
    covered, runs, marginal_truth = 0, 150, 0.5
    for _ in range(runs):
        ease = np.repeat(rng.normal(0, 1, 60)[:, None], 4, axis=1)
        x = np.array([1.0, 0, 0, 1])
        # the population-averaged coefficient of a logistic-normal model is about this share of it
        conditional = marginal_truth * math.sqrt(1 + (16 * math.sqrt(3) / (15 * math.pi)) ** 2)
        right = rng.random((60, 4)) < special.expit(conditional * x + ease)
        frame = pd.DataFrame(
            {
                "item": np.repeat(np.arange(60), 4),
                "_predictor": ["a", "a", "b", "b"] * 60,
                "_target": ["a", "b", "a", "b"] * 60,
                "role": ["self", "cross", "cross", "self"] * 60,
                "_match": right.reshape(-1).astype(int),
                "_trials": 1,
            }
        )
        made = fit(two_way(frame, ["item"], []))
        t = stats.t.ppf(0.975, 59)
        covered += abs(made.estimate[-1] - marginal_truth) <= t * made.standard_error[-1]
    assert covered >= stats.binom.ppf(0.001, runs, 0.94)
