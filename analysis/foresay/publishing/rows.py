"""Rows of a report's tables as mappings, for sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from foresay.display import is_missing
from foresay.publishing.results import Results

Row = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table, in order."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def rows_of(results: Results, table: str, estimand: str) -> list[Row]:
    """Return the rows of one estimand that have a value; none where the table is missing."""
    frame = results.tables.get(table)
    if frame is None:
        return []
    rows = records(frame[frame["estimand"] == estimand])
    return [row for row in rows if not is_missing(row["value"])]


def same_group(
    results: Results, table: str, row: Row, estimand: str, keys: Sequence[str] = ()
) -> Row | None:
    """Return the row of another estimand of the same group."""
    frame = results.tables[table]
    columns = [str(c) for c in frame.columns]
    by = keys or columns[1 : columns.index("value")]
    for found in records(frame[frame["estimand"] == estimand]):
        if all(str(found[c]) == str(row[c]) for c in by):
            return found
    return None


def arm_name(row: Row, rows: Sequence[Row]) -> str:
    """Name the arm of a row, with its target where the rows have several."""
    several = len({each["target"] for each in rows}) > 1
    return f"{row['arm']} about {row['target']}" if several else str(row["arm"])
