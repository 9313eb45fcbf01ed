from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.counts.crossed import collapse_crossed
from studies import open_study

rows = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 2), st.integers(1, 2)),
    min_size=1,
    max_size=40,
)


def crossed(quadruples, **more):
    item, run, match, trials = np.array(quadruples, np.int64).T
    return collapse_crossed({"match": match, "trials": trials}, item=item, run=run, **more)


@given(rows)
def test_sums_of_every_margin_are_kept(quadruples):
    counts = crossed(quadruples)
    for margin in (counts, counts.item_counts, counts.run_counts, counts.cell_counts):
        assert margin.totals["match"] == sum(a for _, _, a, _ in quadruples)
        assert margin.totals["trials"] == sum(b for _, _, _, b in quadruples)
    assert counts.n_items == counts.item_counts.n_clusters == len({q[0] for q in quadruples})
    assert counts.n_runs == counts.run_counts.n_clusters == len({q[1] for q in quadruples})
    assert counts.cell_counts.n_clusters == len({q[:2] for q in quadruples})
    assert counts.n_clusters == min(counts.n_items, counts.n_runs)


@given(rows, st.randoms())
def test_order_of_rows_and_labels_of_items_change_nothing(quadruples, random):
    labels = list(range(10, 15))
    random.shuffle(labels)
    shuffled = [(labels[i], r, a, b) for i, r, a, b in quadruples]
    random.shuffle(shuffled)
    one, other = crossed(quadruples), crossed(shuffled)
    for name in ("numerators", "scale", "multiplicity"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_items_and_runs_that_contribute_nothing_are_left_out():
    counts = crossed([(0, 0, 1, 1), (0, 1, 0, 0), (1, 0, 0, 0), (2, 2, 1, 2)])
    assert (counts.n_items, counts.n_runs) == (2, 2)


def test_weights_multiply():
    counts = crossed([(0, 0, 1, 1), (0, 1, 0, 1), (1, 0, 1, 2), (1, 1, 2, 2)])
    items, runs = np.array([[2.0, 1.0]]), np.array([[0.0, 3.0]])
    sums = counts.weighted(items, runs)
    expected = sum(
        items[0, p] * runs[0, r] * counts.numerators[p, r] for p in range(2) for r in range(2)
    )
    np.testing.assert_array_equal(sums.numerators[0], expected)


def test_units():
    counts = collapse_crossed(
        {"u": np.array([3, 5])}, item=np.array([0, 1]), run=np.array([0, 0]), unit={"u": 5}
    )
    assert counts.totals["u"] == pytest.approx(1.6)
    assert counts.run_counts.totals["u"] == pytest.approx(1.6)


def test_crossed_counts_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        crossed([(0, 0, 1, 1)]).multiplicity[0] = 5


def test_counts_of_nothing_have_no_total():
    counts = crossed([(0, 0, 0, 0)])
    assert (counts.n_items, counts.n_runs, counts.n_patterns) == (0, 0, 0)
    assert counts.totals["trials"] == 0
    assert counts.weighted(np.ones((2, 0)), np.ones((2, 0)))["trials"].tolist() == [0, 0]


def test_arms_that_share_no_items_have_no_difference_and_say_why(tmp_path):
    rows = [
        {
            "predictor": predictor,
            "target": "m",
            "task": "t",
            "run": f"run{run}",
            "item": f"{name}{i}",
            "property": name,
            "behaviour": "a",
            "prediction": "a" if (i + run) % 3 else "b",
        }
        for run in range(3)
        for i in range(6)
        for predictor, name in (("m", "both"), ("x", "both"), ("m", "one"), ("x", "other"))
    ]
    for row in rows:  # under one property the arms have items of their own
        row["property"] = row["property"].replace("other", "one")
    gain = {"of": "accuracy", "where": "predictor = 'm'", "minus": "predictor = 'x'"}
    with open_study(
        tmp_path,
        {"trials": rows},
        tables={"trials": {"files": "trials.csv", "conditions": ["run"]}},
        contrasts={"gain": gain},
    ) as study:
        found = study.contrast("gain", by=["property"], crossed="run").set_index("property")
    assert found.loc["both", "value"] == 0
    assert np.isnan(found.loc["one", "value"])
    assert "the arms share no items" in found.loc["one", "note"]
