from __future__ import annotations

import numpy as np
import pytest

from foresay.counts import collapse
from foresay.errors import ChoiceError
from foresay.measures import find_measure
from foresay.measures.macro import macro, undefined_cells
from foresay.resampling import INTERVALS, estimate, stream

ACCURACY = find_measure("accuracy")
CELLS = ["animals", "words", "numbers"]


def wide(match, trials, cell, n_cells=3, stratum=None):
    """One row a cluster, each in one cell."""
    match, trials, cell = (np.asarray(x, np.int64) for x in (match, trials, cell))
    columns = {}
    for j in range(n_cells):
        inside = cell == j
        columns[f"cell{j}.match"] = match * inside
        columns[f"cell{j}.match_squared"] = match * inside
        columns[f"cell{j}.trials"] = trials * inside
    return collapse(columns, stratum=stratum)


@pytest.fixture
def unequal():
    rng = np.random.default_rng(1)
    cell = np.repeat([0, 1, 2], [200, 60, 40])
    return rng.binomial(1, np.array([0.9, 0.5, 0.3])[cell]), np.ones(300, np.int64), cell


def test_every_cell_counts_the_same(unequal):
    match, _, cell = unequal
    found = macro(ACCURACY, CELLS).estimator(wide(*unequal).totals)
    assert float(found) == pytest.approx(np.mean([match[cell == j].mean() for j in range(3)]))
    assert abs(float(found) - match.mean()) > 0.1


def test_leading_axes_are_kept(unequal):
    counts = wide(*unequal)
    weights = counts.multiplicity * np.array([[1.0], [2.0]])
    found = macro(ACCURACY, CELLS).estimator(counts.weighted(weights))
    assert found.shape == (2,)
    assert found[0] == pytest.approx(found[1])


def test_one_cell_is_the_measure_itself(unequal):
    match, trials, _ = unequal
    counts = wide(match, trials, np.zeros(300), n_cells=1)
    assert float(macro(ACCURACY, ["all"]).estimator(counts.totals)) == pytest.approx(match.mean())


def test_standard_error_against_theory(unequal):
    match, _, cell = unequal
    counts = wide(*unequal, stratum=cell)
    measure = macro(ACCURACY, CELLS)
    found = estimate(counts, measure.estimator, kind=measure.kind, rng=stream(1))
    parts = [match[cell == j].var(ddof=1) / (cell == j).sum() for j in range(3)]
    assert found.standard_error == pytest.approx(np.sqrt(sum(parts)) / 3)


@pytest.mark.parametrize("interval", INTERVALS)
def test_every_interval_has_bounds_between_0_and_1(interval, unequal):
    measure = macro(ACCURACY, CELLS)
    found = estimate(
        wide(*unequal),
        measure.estimator,
        kind=measure.kind,
        interval=interval,
        resamples=500,
        rng=stream(1),
    )
    assert 0 <= found.low < found.value < found.high <= 1
    assert (measure.kind.low, measure.kind.high) == (0, 1)


def test_an_undefined_cell_is_named_and_leaves_nothing():
    counts = wide([1, 0], [1, 1], [0, 2])
    assert np.isnan(macro(ACCURACY, CELLS).estimator(counts.totals))
    assert undefined_cells(ACCURACY, CELLS, counts.totals) == ("words",)


def test_arms_of_a_macro_measure():
    counts = collapse({"of.cell0.match": np.array([1, 0]), "of.cell0.trials": np.array([1, 1])})
    measure = macro(ACCURACY, ["all"]).arm("of")
    assert "of.cell0.match" in measure.sums
    assert float(measure.estimator(counts.totals)) == 0.5


@pytest.mark.parametrize(
    ("cells", "message"), [([], "there are no cells"), (["a", "b", "a"], "'a' is named twice")]
)
def test_cells_that_cannot_be_are_refused(cells, message):
    with pytest.raises(ChoiceError, match=message):
        macro(ACCURACY, cells)
