from __future__ import annotations

import pytest

from foresay.tables.duplicates import without_exact_copies
from foresay.tables.engine import Engine

COLUMNS = ["item", "sample", "_raw_sample", "covariate", "_file", "_row"]


@pytest.fixture
def engine(tmp_path):
    engine = Engine([tmp_path])
    yield engine
    engine.close()


def kept(engine, rows):
    values = ", ".join(
        "(" + ", ".join("NULL" if v is None else repr(v) for v in row) + ")" for row in rows
    )
    types = ["VARCHAR", "BIGINT", "VARCHAR", "VARCHAR", "VARCHAR", "BIGINT"]
    cast = ", ".join(f"{c}::{kind} AS {c}" for c, kind in zip(COLUMNS, types, strict=True))
    engine.execute(
        f"CREATE TEMP TABLE given AS SELECT {cast} FROM (VALUES {values}) "
        f"AS t({', '.join(COLUMNS)})"
    )
    table = without_exact_copies(engine.table("given"))
    assert list(table.columns) == COLUMNS
    return sorted(table.to_pyarrow().to_pylist(), key=lambda row: (row["_file"], row["_row"]))


def test_of_exact_copies_the_first_row_of_the_first_file_stays(engine):
    copy = ("i1", 1, None, "x")
    rows = [(*copy, "b.csv", 1), (*copy, "a.csv", 7), (*copy, "a.csv", 3), (*copy, "a.csv0", 1)]
    (row,) = kept(engine, rows)
    assert (row["_file"], row["_row"]) == ("a.csv", 3)


def test_rows_that_differ_anywhere_stay(engine):
    rows = [
        ("i1", 1, None, "x", "a.csv", 1),
        ("i1", 1, None, "y", "a.csv", 2),  # a covariate
        ("i1", 2, None, "x", "a.csv", 3),
        ("i1", None, "1.5", "x", "a.csv", 4),
        ("i1", None, "2.5", "x", "a.csv", 5),  # what could not be read
        ("i1", None, None, "x", "a.csv", 6),
    ]
    assert [row["_row"] for row in kept(engine, rows)] == [1, 2, 3, 4, 5, 6]


def test_missing_values_are_equal_to_each_other(engine):
    rows = [(None, None, None, None, "a.csv", 2), (None, None, None, None, "a.csv", 1)]
    assert [row["_row"] for row in kept(engine, rows)] == [1]
