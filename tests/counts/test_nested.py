from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.counts.nested import collapse_nested

rows = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40
)
ARRAYS = (
    "numerators",
    "scale",
    "multiplicity",
    "outer",
    "outer_multiplicity",
    "outer_stratum",
)


def nested(triples, **more):
    outer, match, trials = np.array(triples, np.int64).T
    return collapse_nested({"match": match, "trials": trials}, outer=outer, **more)


@given(rows)
def test_sums_and_clusters_of_both_levels_are_kept(triples):
    counts = nested(triples)
    assert counts.n_inner == len(triples)
    assert counts.n_clusters == len({c for c, _, _ in triples})
    assert counts.totals["match"] == sum(a for _, a, _ in triples)
    flat = counts.outer_counts
    assert flat.n_clusters == counts.n_clusters
    assert flat.totals["trials"] == counts.totals["trials"]


@given(rows, st.randoms())
def test_order_of_rows_and_labels_of_clusters_change_nothing(triples, random):
    labels = list(range(10, 15))
    random.shuffle(labels)
    shuffled = [(labels[c], a, b) for c, a, b in triples]
    random.shuffle(shuffled)
    one, other = nested(triples), nested(shuffled)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_outer_clusters_with_the_same_content_are_one_kind():
    counts = nested([(5, 1, 1), (5, 0, 1), (2, 0, 1), (2, 1, 1), (3, 1, 1)])
    assert counts.n_clusters == 3
    assert sorted(counts.outer_multiplicity.tolist()) == [1, 2]
    assert counts.n_patterns == 3
    assert sorted(counts.inner_sizes.tolist()) == [1, 2]


def test_strata_keep_equal_outer_clusters_apart():
    counts = nested([(0, 1, 1), (1, 1, 1)], stratum=np.array([4, 7]))
    assert counts.outer_multiplicity.tolist() == [1, 1]
    assert counts.outer_stratum.tolist() == [4, 7]
    assert counts.outer_counts.n_patterns == 2


def test_a_cluster_in_two_strata_is_refused():
    with pytest.raises(ValueError, match="in two strata"):
        nested([(0, 1, 1), (0, 1, 1)], stratum=np.array([0, 1]))


def test_units_and_multiplicities():
    counts = collapse_nested(
        {"u": np.array([3, 5]), "n": np.array([1, 1])},
        outer=np.array([0, 0]),
        multiplicity=np.array([2, 4]),
        unit={"u": 5},
    )
    assert counts.n_inner == 6
    assert counts.totals["u"] == pytest.approx(2 * 0.6 + 4)
    assert counts.outer_counts.totals["u"] == pytest.approx(5.2)


def test_nested_counts_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        nested([(0, 1, 1)]).multiplicity[0] = 5
