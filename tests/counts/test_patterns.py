from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.counts import Sums, collapse, ratio

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


def counts_of(pairs, **more):
    table = np.array(pairs, np.int64)
    return collapse({"match": table[:, 0], "trials": table[:, 1]}, **more)


@given(rows)
def test_patterns_keep_every_sum_and_every_cluster(pairs):
    counts = counts_of(pairs)
    assert counts.n_clusters == len(pairs)
    assert counts.totals["match"] == sum(a for a, _ in pairs)
    assert counts.totals["trials"] == sum(b for _, b in pairs)


@given(rows, st.randoms())
def test_the_order_of_clusters_changes_nothing(pairs, random):
    shuffled = pairs.copy()
    random.shuffle(shuffled)
    one, other = counts_of(pairs), counts_of(shuffled)
    for name in ("numerators", "scale", "multiplicity", "stratum"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_units_are_reduced_to_lowest_terms_and_sums_are_the_same():
    counts = collapse(
        {"share": np.array([30, 60, 0]), "trials": np.array([1, 1, 1])}, unit={"share": 60}
    )
    assert counts.scale.tolist() == [2, 1]
    assert counts.totals["share"] == pytest.approx(1.5)


def test_strata_keep_equal_sums_apart():
    counts = counts_of([(1, 2), (1, 2)], stratum=np.array([0, 1]))
    assert counts.n_patterns == 2
    assert counts.stratum.tolist() == [0, 1]


def test_counts_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        counts_of([(1, 2)]).multiplicity[0] = 5


def test_arms_are_told_apart_by_their_prefix():
    sums = Sums(("of.match", "minus.match"), np.array([3.0, 4.0]), np.ones(2))
    assert sums.arm("minus")["match"] == 4


def test_a_ratio_over_nothing_is_missing():
    np.testing.assert_array_equal(
        ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0])), np.array([0.5, np.nan])
    )


@pytest.mark.parametrize("spread", [3, 10**12])
def test_patterns_are_the_distinct_rows_however_they_are_found(spread):
    """Few combinations are counted in a table, many are sorted: the same patterns."""
    rng = np.random.default_rng(2)
    table = rng.integers(-1, 3, (500, 3)) * np.array([1, spread, 1])
    weight = rng.integers(1, 5, 500)
    counts = collapse({f"s{j}": table[:, j] for j in range(3)}, multiplicity=weight, unit={"s1": 1})
    expected, inverse = np.unique(table, axis=0, return_inverse=True)
    np.testing.assert_array_equal(counts.numerators * counts.scale, expected * counts.scale)
    np.testing.assert_array_equal(counts.multiplicity, np.bincount(inverse.ravel(), weight))
