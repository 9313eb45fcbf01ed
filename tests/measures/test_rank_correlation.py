from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foresay.measures.rank_correlation import rank_correlation, rank_influence

RNG = np.random.default_rng(3)
SMOOTH = RNG.normal(size=(40, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]])
TIED = np.round(SMOOTH * 1.5)


@pytest.mark.parametrize("rows", [SMOOTH, TIED], ids=["smooth", "tied"])
def test_it_is_scipys(rows):
    ours = rank_correlation(rows[:, 0], rows[:, 1], np.ones(len(rows)))
    assert ours == pytest.approx(stats.spearmanr(rows).statistic, abs=1e-12)


def test_whole_weights_are_copies_of_rows():
    weights = RNG.integers(0, 4, size=len(TIED)).astype(float)
    copies = np.repeat(TIED, weights.astype(int), axis=0)
    weighed = rank_correlation(TIED[:, 0], TIED[:, 1], weights)
    assert weighed == pytest.approx(stats.spearmanr(copies).statistic, abs=1e-12)


def test_it_is_undefined_where_nothing_varies():
    assert np.isnan(rank_correlation(np.ones(5), np.arange(5.0), np.ones(5)))


@pytest.mark.parametrize("rows", [SMOOTH, TIED], ids=["smooth", "tied"])
def test_influence_is_what_a_little_more_weight_on_a_row_does(rows):
    n, step = len(rows), 1e-6
    found = rank_influence(rows[:, 0], rows[:, 1])
    base = rank_correlation(rows[:, 0], rows[:, 1], np.ones(n))
    for j in range(0, n, 7):
        weights = np.ones(n)
        weights[j] += step
        more = rank_correlation(rows[:, 0], rows[:, 1], weights)
        assert (more - base) / (step / n) == pytest.approx(found[j], abs=1e-3)
    assert found.mean() == pytest.approx(0, abs=1e-12)
