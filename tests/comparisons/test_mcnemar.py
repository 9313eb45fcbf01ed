from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from foresay.comparisons.arms import Comparison
from foresay.comparisons.mcnemar import mcnemar, mid_p
from foresay.counts import collapse
from foresay.measures import find_measure

PAIR = Comparison(name="c", measure=find_measure("accuracy"))


def counts_of(first, second, trials=1, unit=1):
    columns = {}
    for name, match in (("of", first), ("minus", second)):
        right = np.asarray(match)
        columns |= {f"{name}.match": right, f"{name}.match_squared": right}
        columns[f"{name}.trials"] = np.broadcast_to(trials, right.shape).copy()
    return collapse(columns, unit={"of.match": unit})


def test_the_published_example():
    # Fagerland et al. 2013, airway hyper-responsiveness: 1 and 7 discordant pairs of 21
    first = [1] + [0] * 7 + [1] + [0] * 12
    second = [0] + [1] * 7 + [1] + [0] * 12
    found = mcnemar(counts_of(first, second), PAIR)
    assert (found.first_only, found.second_only) == (1, 7)
    assert found.p_value == pytest.approx(0.0391, abs=5e-5)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(0, 60), st.integers(0, 60))
def test_it_is_the_exact_p_less_half_the_observed_chance_of_either_tail(b, c):
    exact = statsmodels_mcnemar([[5, b], [c, 5]], exact=True).pvalue
    if b == c:
        assert mid_p(b, c) == pytest.approx(1.0)
    else:
        assert mid_p(b, c) == pytest.approx(exact - stats.binom.pmf(min(b, c), b + c, 0.5))
    assert mid_p(b, c) == mid_p(c, b)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        (counts_of([1, 2], [1, 0], trials=2), "one trial of each arm"),
        (counts_of([1, 1], [1, 0], trials=[1, 0]), "one trial of each arm"),
        (counts_of([1, 2], [1, 0], unit=2), "matches of 0 or 1"),
    ],
)
def test_it_says_where_it_does_not_apply(counts, reason):
    found = mcnemar(counts, PAIR)
    assert np.isnan(found.p_value)
    assert reason in found.reason


def test_it_compares_proportions_of_two_arms():
    counts = counts_of([1, 0], [0, 0])
    for compared in (
        Comparison(name="c", measure=find_measure("advantage")),
        Comparison(name="c", measure=find_measure("accuracy"), crossed=True),
    ):
        assert "two proportions" in mcnemar(counts, compared).reason
