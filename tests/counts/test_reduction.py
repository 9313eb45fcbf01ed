from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

from foresay.counts.reduction import contributions, reduce
from foresay.trials import UNIT

ROWS = [
    # predictor, item, included, match
    ("a", "i", True, UNIT),
    ("a", "i", True, UNIT // 2),
    ("a", "j", True, 0),
    ("b", "i", False, 0),
    (None, "j", True, UNIT),
]


def groups(rows, by=("predictor",), sums=("match", "trials", "predictions")):
    names = ("predictor", "item", "included", "match")
    table = ibis.memtable(pa.Table.from_pylist([dict(zip(names, r, strict=True)) for r in rows]))
    table = table.mutate(k=ibis.literal(1, "int64"))
    return list(reduce(table, contributions(table, sums), by=by, clusters=["item"]))


def test_sums_per_cluster_become_patterns_of_each_group():
    found = {group.values[0][1]: group.counts for group in groups(ROWS)}
    assert list(found) == ["a", "b", None]  # missing values are a group, and come last
    assert found["a"].totals["match"] == pytest.approx(1.5)
    assert found["a"].totals["trials"] == 3
    assert found["a"].n_clusters == 2
    assert found["b"].totals["predictions"] == 1


def test_clusters_that_contribute_nothing_are_left_out_of_a_measure():
    (group,) = groups(ROWS, by=())
    assert group.restricted(["match", "trials"]).n_clusters == 2
    only_b = next(g for g in groups(ROWS) if g.values[0][1] == "b")
    assert only_b.restricted(["match", "trials"]).n_patterns == 0
    assert only_b.restricted(["predictions"]).n_clusters == 1


def test_the_order_of_rows_changes_nothing():
    for one, other in zip(groups(ROWS), groups(ROWS[::-1]), strict=True):
        assert one.values == other.values
        assert one.counts.numerators.tolist() == other.counts.numerators.tolist()
        assert one.counts.multiplicity.tolist() == other.counts.multiplicity.tolist()


def test_groups_are_sorted_numbers_before_text_before_missing():
    rows = [(p, "i", True, UNIT) for p in ("z", "a", None)]
    assert [g.values[0][1] for g in groups(rows)] == ["a", "z", None]


def test_rows_that_are_clusters_of_their_own_need_no_first_step():
    """Where the grouping and the cluster hold the key, the short way gives the same counts."""
    rows = [("a", f"i{n}", n % 3 > 0, UNIT * (n % 2)) for n in range(30)]
    names = ("predictor", "item", "included", "match")
    table = ibis.memtable(pa.Table.from_pylist([dict(zip(names, r, strict=True)) for r in rows]))
    table = table.mutate(k=ibis.literal(1, "int64"))
    wanted = contributions(table, ("match", "trials", "predictions"))
    long, short = (
        list(reduce(table, wanted, by=["predictor"], clusters=["item"], key=key))
        for key in ((), ("predictor", "item"))
    )
    assert len(long) == len(short) == 1
    for name in ("numerators", "scale", "multiplicity"):
        one, other = getattr(long[0].counts, name), getattr(short[0].counts, name)
        assert one.tolist() == other.tolist()
