from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa
import pytest

from foresay.counts import Counts, CrossedCounts, Layout, NestedCounts
from foresay.counts.reduction import contributions, reduce
from foresay.counts.units import read_units
from foresay.trials import UNIT

KEYS = ("predictor", "task", "item", "property", "run")
SUMS = ("match", "trials", "predictions")
LAYOUTS = {
    "items": Layout(clusters=("task", "item")),
    "tasks": Layout(clusters=("task",)),
    "items within strata": Layout(clusters=("task", "item"), strata=("task",)),
    "items within tasks": Layout(clusters=("task", "item"), outer=("task",)),
    "items by runs": Layout(clusters=("task", "item"), runs=("run",)),
    "cells": Layout(clusters=("task", "item"), cells=("task", "property")),
    "cells of runs": Layout(clusters=("item",), runs=("run",), cells=("property",)),
    "cells within tasks": Layout(clusters=("task", "item"), outer=("task",), cells=("property",)),
}


def trials(seed=1, n=400):
    rng = np.random.default_rng(seed)
    rows = [
        {
            "predictor": [None, "a", "b"][rng.integers(3)],
            "task": f"t{rng.integers(3)}",
            "item": f"i{rng.integers(12)}",
            "property": [None, "p", "q"][rng.integers(3)],
            "run": int(rng.integers(3)),
            "included": bool(rng.random() < 0.8),
            "match": int(rng.integers(3)) * UNIT // 2,
            "k": 1,
        }
        for _ in range(n)
    ]
    return ibis.memtable(pa.Table.from_pylist(rows))


def content(counts):
    """Everything that counts hold, as plain numbers."""
    names = {
        Counts: ("numerators", "scale", "multiplicity", "stratum"),
        CrossedCounts: ("numerators", "scale", "multiplicity"),
        NestedCounts: ("numerators", "scale", "multiplicity", "outer", "outer_multiplicity"),
    }[type(counts)]
    return counts.names, [getattr(counts, name).tolist() for name in names]


@pytest.fixture(scope="module")
def table():
    return trials()


@pytest.mark.parametrize("by", [(), ("predictor",), ("predictor", "property")], ids=str)
@pytest.mark.parametrize("name", LAYOUTS)
def test_counts_made_in_memory_are_those_of_the_engine(table, name, by):
    layout = LAYOUTS[name]
    contributed = contributions(table, SUMS)
    made = list(read_units(table, contributed, KEYS).groups(by, layout))
    known = list(reduce(table, contributed, by=by, layout=layout))
    assert [(g.values, g.cells) for g in made] == [(g.values, g.cells) for g in known]
    for one, other in zip(made, known, strict=True):
        assert content(one.counts) == content(other.counts)


def test_the_order_of_rows_changes_nothing(table):
    shuffled = table.order_by(ibis.desc("item"), "match")
    one, other = (read_units(t, contributions(t, SUMS), KEYS) for t in (table, shuffled))
    assert one.labels == other.labels
    assert {n: c.tolist() for n, c in one.keys.items()} == {
        n: c.tolist() for n, c in other.keys.items()
    }
    assert {n: c.tolist() for n, c in one.sums.items()} == {
        n: c.tolist() for n, c in other.sums.items()
    }


def test_what_is_left_out_is_what_a_condition_leaves_out(table):
    whole = read_units(table, contributions(table, SUMS), KEYS)
    left = whole.only(~whole.has("task", "t1"))
    rest = table.filter(table.task != "t1")
    (one,), (other,) = (
        list(left.groups((), LAYOUTS["cells"])),
        list(reduce(rest, contributions(rest, SUMS), by=(), layout=LAYOUTS["cells"])),
    )
    assert one.cells == other.cells
    assert content(one.counts) == content(other.counts)


def test_clusters_keep_their_names_and_their_sums(table):
    units = read_units(table, contributions(table, SUMS), KEYS)
    found = units.clusters(("task",))
    assert found.labels == (("t0",), ("t1",), ("t2",))
    column = found.counts.names.index("predictions")
    counted = table.group_by("task").aggregate(n=lambda t: t.count()).order_by("task")
    assert found.counts.numerators[:, column].tolist() == counted.to_pyarrow()["n"].to_pylist()


def test_a_value_that_nobody_has_belongs_to_no_unit(table):
    units = read_units(table, contributions(table, SUMS), KEYS)
    assert not units.has("task", "t9").any()
    assert units.has("predictor", None).sum() > 0


def test_many_columns_with_many_values_are_told_apart():
    labels = tuple(range(3_000_000))
    from foresay.counts.units import Units

    n = 50
    keys = {f"c{j}": np.arange(n, dtype=np.int64) * 7 + j for j in range(4)}
    units = Units(keys=keys, labels=dict.fromkeys(keys, labels), sums={"n": np.ones(n, np.int64)})
    place, first = units.places(list(keys))
    assert place.tolist() == list(range(n))
    assert first.tolist() == list(range(n))
