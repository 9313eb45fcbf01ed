from __future__ import annotations

import numpy as np
import pytest

from foresay.errors import ChoiceError, UnsupportedError
from foresay.planning import ceiling_precision


def draw(rng, n_items, k):
    p = rng.dirichlet(np.full(3, 0.6), n_items)
    return np.array([rng.multinomial(k, row) for row in p])


def ceilings(counts):
    k = counts.sum(axis=1)
    return (counts * (counts - 1)).sum(axis=1) / (k * (k - 1))


@pytest.mark.simulation
@pytest.mark.parametrize("k", [2, 3, 5, 10])
def test_the_planned_error_is_the_error_of_studies_of_that_size(k):
    rng = np.random.default_rng(4)
    pilot = draw(rng, 4000, 6)
    planned = ceiling_precision(pilot.tolist(), repeats=[k], items=[200])["standard_error"][0]
    simulated = np.std([ceilings(draw(rng, 200, k)).mean() for _ in range(1500)])
    assert planned == pytest.approx(simulated, rel=0.06)


def test_repeats_buy_less_than_items_once_the_target_is_known():
    rng = np.random.default_rng(5)
    table = ceiling_precision(draw(rng, 500, 8).tolist(), repeats=[2, 20, 2], items=[100, 1000])
    error = table.set_index(["repeats", "items"])["standard_error"].to_dict()
    assert error[20, 100] < error[2, 100]
    assert error[2, 1000] < error[20, 100]  # the same number of replies
    assert error[2, 1000] == pytest.approx(error[2, 100] / np.sqrt(10))


def test_a_target_that_always_repeats_itself_has_no_error_to_plan_from():
    row = ceiling_precision([[5, 0]] * 20, repeats=[2], items=[10]).iloc[0]
    assert np.isnan([row["standard_error"], row["floor"], row["least"]]).all()
    assert row["note"].startswith("undefined: no repeat of any item differs from another")


@pytest.mark.simulation
@pytest.mark.parametrize("k", [2, 3, 6])
def test_three_repeats_give_bounds_that_hold_the_error(k):
    rng = np.random.default_rng(6)
    pilot = draw(rng, 4000, 3)
    row = ceiling_precision(pilot.tolist(), repeats=[k], items=[200]).iloc[0]
    simulated = np.std([ceilings(draw(rng, 200, k)).mean() for _ in range(1500)])
    assert row["least"] * 0.95 < simulated < row["standard_error"] * 1.05
    if k <= 3:
        assert row["least"] == pytest.approx(row["standard_error"])
        assert row["note"] == ""
    else:
        assert row["least"] < row["standard_error"]
        assert np.isnan(row["floor"])
        assert "upper bound" in row["note"]


def test_no_number_of_repeats_goes_below_the_floor():
    rng = np.random.default_rng(7)
    table = ceiling_precision(draw(rng, 300, 6).tolist(), repeats=[2, 10, 10_000], items=[50])
    errors = table["standard_error"].to_numpy()
    assert (np.diff(errors) < 0).all()
    assert (errors > table["floor"]).all()
    assert errors[-1] == pytest.approx(table["floor"].iloc[-1], rel=1e-3)


def test_with_the_study_s_own_repeats_the_error_is_the_observed_one():
    rng = np.random.default_rng(8)
    for k in (3, 5):
        counts = draw(rng, 120, k)
        row = ceiling_precision(counts.tolist(), repeats=[k], items=[120]).iloc[0]
        assert row["standard_error"] == pytest.approx(
            ceilings(counts).std(ddof=1) / np.sqrt(120), rel=1e-9
        )


def test_clusters_multiply_the_variance_by_their_design_effect():
    rng = np.random.default_rng(9)
    counts = draw(rng, 60, 5).tolist()
    asked = {"repeats": [5], "items": [60]}
    single = ceiling_precision(counts, **asked).iloc[0]
    apart = ceiling_precision(counts, clusters=list(range(60)), **asked).iloc[0]
    assert apart["design_effect"] == pytest.approx(1)
    twice = ceiling_precision(counts * 2, clusters=[*range(60)] * 2, repeats=[5], items=[120]).iloc[
        0
    ]
    # each item there twice says no more than once
    assert twice["standard_error"] == pytest.approx(single["standard_error"], rel=1e-2)


@pytest.mark.parametrize(
    ("counts", "asked", "said"),
    [
        ([[2, 0]] * 50, {}, "at least 2 items with 3 repeats, better 4; there are 0"),
        ([[5]], {}, "at least 2 items with 3 repeats, better 4; there are 1"),
        ([[5]] * 9, {"repeats": [1]}, "2 to 10,000 repeats of an item; got 1"),
        ([[5]] * 9, {"repeats": [20_000]}, "2 to 10,000 repeats"),
        ([[5]] * 9, {"items": [0]}, "needs an item; got 0"),
    ],
)
def test_what_cannot_be_planned_is_said(counts, asked, said):
    with pytest.raises((UnsupportedError, ChoiceError), match=said):
        ceiling_precision(counts, **{"repeats": [5], "items": [10], **asked})
