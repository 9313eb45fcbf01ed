from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import ttost_paired

from foresay.comparisons.equivalence import Measured, Unvarying, equivalence, superiority

REFERENCE = pd.read_csv(Path(__file__).parent / "reference" / "margins.csv").set_index("name")
GIVEN = np.array([0.03, -0.10, 0.05, 0.12, -0.02, 0.07, 0.01, 0.04, -0.06, 0.09])


def measured(values):
    error = values.std(ddof=1) / math.sqrt(len(values))
    return Measured(value=values.mean(), standard_error=error, degrees=len(values) - 1)


def test_against_r():
    made = equivalence(measured(GIVEN), 0.08, 0.05)
    assert made.p_value == pytest.approx(REFERENCE.value["tost"])
    assert (made.low, made.high) == pytest.approx(
        (REFERENCE.value["low90"], REFERENCE.value["high90"])
    )
    above = superiority(measured(GIVEN), 0.01, 0.05)
    assert above.p_value == pytest.approx(REFERENCE.value["superiority"])


def test_against_statsmodels():
    other = np.linspace(0, 0.05, 10)
    expected = ttost_paired(GIVEN + other, other, -0.05, 0.05)[0]
    assert equivalence(measured(GIVEN), 0.05, 0.05).p_value == pytest.approx(expected)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.floats(-1, 1),
    st.floats(0.01, 1),
    st.floats(1, 200),
    st.floats(0.01, 2),
    st.sampled_from([0.01, 0.05, 0.2]),
)
def test_the_test_and_the_interval_say_the_same(value, error, degrees, margin, alpha):
    found = Measured(value=value, standard_error=error, degrees=degrees)
    made = equivalence(found, margin, alpha)
    room = min(margin - made.high, made.low + margin)
    if abs(room) > 1e-9:
        assert (made.p_value < alpha) == (room > 0)
    above = superiority(found, margin, alpha)
    if abs(above.low - margin) > 1e-9:
        assert (above.p_value < alpha) == (above.low > margin)


def test_more_margin_never_makes_equivalence_harder():
    p = [equivalence(measured(GIVEN), m, 0.05).p_value for m in np.linspace(0.01, 0.3, 20)]
    assert np.all(np.diff(p) <= 0)


def test_clusters_that_all_agree_leave_an_exact_bound():
    # difference 0 in all of 20 clusters: a true .2 needs at least .2 of the clusters to differ
    found = Unvarying(value=0.0, lowest=-1.0, highest=1.0, clusters=20)
    made = equivalence(found, 0.2, 0.05)
    assert made.p_value == pytest.approx(0.8**20)
    assert made.high == pytest.approx(1 - 0.05 ** (1 / 20))
    assert equivalence(found, made.high, 0.05).p_value == pytest.approx(0.05)


def test_an_estimate_outside_the_margin_is_never_equivalent():
    found = Unvarying(value=0.5, lowest=-1.0, highest=1.0, clusters=20)
    assert equivalence(found, 0.2, 0.05).p_value == 1
    assert superiority(found, 0.2, 0.05).p_value == pytest.approx((1 - 0.3 / 1.5) ** 20)
