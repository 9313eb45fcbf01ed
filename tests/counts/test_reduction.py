from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from foresay.counts import Layout, collapse_crossed, collapse_nested
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
    return list(reduce(table, contributions(table, sums), by=by, layout=Layout(clusters=("item",))))


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
        list(reduce(table, wanted, by=["predictor"], layout=Layout(clusters=("item",)), key=key))
        for key in ((), ("predictor", "item"))
    )
    assert len(long) == len(short) == 1
    for name in ("numerators", "scale", "multiplicity"):
        one, other = getattr(long[0].counts, name), getattr(short[0].counts, name)
        assert one.tolist() == other.tolist()


def scattered(n=400, seed=3):
    """Trials of 30 items of 3 tasks under 4 runs and 2 properties, many cells empty."""
    rng = np.random.default_rng(seed)
    item = rng.integers(0, 30, n)
    frame = pd.DataFrame({"item": item, "task": item % 3})
    frame["run"] = [f"run{r}" for r in rng.integers(0, 4, n)]
    frame["property"] = np.where(rng.random(n) < 0.3, None, "p")
    frame["match"] = rng.integers(0, 2, n) * UNIT
    frame["predictor"] = np.where(rng.random(n) < 0.4, "a", "b")
    return frame


def reduced(frame, layout, sums=("match", "trials")):
    table = ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False))
    table = table.mutate(k=ibis.literal(1, "int64"), included=ibis.literal(value=True))
    found = reduce(table, contributions(table, sums), by=["predictor"], layout=layout)
    return {group.values[0][1]: group for group in found}


def same(one, other):
    for name in type(one).__dataclass_fields__:
        a, b = getattr(one, name), getattr(other, name)
        assert (a.tolist() if isinstance(a, np.ndarray) else a) == (
            b.tolist() if isinstance(b, np.ndarray) else b
        ), name


def test_two_levels_leave_the_engine_as_from_the_rows():
    frame = scattered()
    found = reduced(frame, Layout(clusters=("task", "item"), outer=("task",)))
    for predictor, part in frame.groupby("predictor"):
        items = part.groupby("item").agg(
            match=("match", "sum"), trials=("match", "size"), task=("task", "first")
        )
        expected = collapse_nested(
            {"match": items["match"].to_numpy(), "trials": items["trials"].to_numpy()},
            outer=items["task"].to_numpy(),
            unit={"match": UNIT},
            levels=("task", "item"),
        )
        same(found[predictor].counts, expected)


def test_two_ways_leave_the_engine_as_from_the_rows():
    frame = scattered()
    found = reduced(frame, Layout(clusters=("task", "item"), runs=("run",)))
    for predictor, part in frame.groupby("predictor"):
        expected = collapse_crossed(
            {"match": part["match"].to_numpy(), "trials": np.ones(len(part), np.int64)},
            item=part["item"].to_numpy(),
            run=part["run"].str[3:].astype(int).to_numpy(),
            unit={"match": UNIT},
        )
        same(found[predictor].counts, expected)


def test_cells_have_sums_of_their_own_in_every_design():
    frame = scattered()
    for layout in (
        Layout(clusters=("item",), cells=("task", "property")),
        Layout(clusters=("item",), outer=("run",), cells=("task", "property")),
        Layout(clusters=("item",), runs=("run",), cells=("task", "property")),
    ):
        for predictor, group in reduced(frame, layout).items():
            part = frame[frame["predictor"] == predictor]
            assert group.cells == tuple(f"{t} / {p}" for t in range(3) for p in ("p", "(none)"))
            for j, label in enumerate(group.cells):
                task, property_ = label.split(" / ")
                own = part["property"].isna() if property_ == "(none)" else part["property"] == "p"
                mine = part[(part["task"] == int(task)) & own]
                totals = group.counts.totals
                assert totals[f"cell{j}.match"] == mine["match"].sum() / UNIT
                assert totals[f"cell{j}.trials"] == len(mine)
            assert group.total("trials") == len(part)


def test_cells_without_a_contribution_are_not_cells_of_the_group():
    frame = scattered()
    frame = frame[(frame["predictor"] == "a") | (frame["task"] == 1)]
    found = reduced(frame, Layout(clusters=("item",), cells=("task",)))
    assert (found["a"].cells, found["b"].cells) == (("0", "1", "2"), ("1",))


@pytest.mark.parametrize(
    "layout",
    [
        Layout(clusters=("item",), outer=("task",)),
        Layout(clusters=("item",), runs=("run",)),
        Layout(clusters=("item",), runs=("run",), cells=("task",)),
    ],
    ids=["two-level", "two-way", "two-way cells"],
)
def test_the_order_of_rows_changes_no_design(layout):
    frame = scattered()
    one = reduced(frame, layout)
    other = reduced(frame.sample(frac=1, random_state=1), layout)
    for predictor, group in one.items():
        same(group.counts, other[predictor].counts)


def test_restricting_two_levels_keeps_how_many_outer_clusters_a_kind_stands_for():
    columns = {"match": np.array([1, 0, 1, 0, 0]), "trials": np.ones(5, np.int64)}
    columns["other"] = np.array([0, 0, 0, 0, 7])
    counts = collapse_nested(columns, outer=np.array([0, 0, 1, 1, 2]))
    kept = counts.restricted(["match", "trials"])
    assert kept.outer_multiplicity.tolist() == [1, 2]
    assert kept.n_clusters == 3
    assert counts.restricted(["other"]).n_clusters == 1
    assert counts.restricted(["other"]).totals["other"] == 7


def test_restricting_two_ways_drops_items_and_runs_without_a_contribution():
    columns = {"match": np.array([1, 1, 0, 0]), "trials": np.array([1, 1, 0, 1])}
    counts = collapse_crossed(columns, item=np.array([0, 1, 2, 2]), run=np.array([0, 1, 2, 1]))
    assert (counts.n_items, counts.n_runs) == (3, 2)
    assert counts.restricted(["match"]).n_items == 2
