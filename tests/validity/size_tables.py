"""Sizes of tests on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from validity.coverage_tables import error
from validity.rejecting import ALPHA
from validity.study import Result
from validity.tables import MISSING, share, table


def size(row: Mapping[str, Any]) -> float:
    """Return how often a test rejects, of the data sets in which it has a p-value."""
    return row["rejected"] / row["defined"] if row["defined"] else float("nan")


def too_often(row: Mapping[str, Any]) -> bool:
    """Return whether a test rejects more often than it says, by more than three errors."""
    return size(row) > ALPHA + 3 * error(ALPHA, row["defined"])


def sizes_table(results: Sequence[Result]) -> str:
    """Return the table of sizes, one row a test, one column a number of clusters."""
    cells = {(row["test"], one["clusters"]): row for one in results for row in one.rows}
    clusters = sorted({number for _, number in cells})
    rows = []
    for test in dict.fromkeys(name for name, _ in cells):
        line = [test]
        for number in clusters:
            row = cells.get((test, number))
            said = MISSING if row is None else share(size(row))
            line.append(f"**{said}**" if row is not None and too_often(row) else said)
        rows.append(line)
    return table(["test", *map(str, clusters)], rows)
