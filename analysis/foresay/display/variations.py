"""Specification curves, influence and stages: their tables, and the same on a terminal."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from foresay.display.escaping import visible
from foresay.display.ladders import ladder_table
from foresay.display.layout import Column, DisplayTable
from foresay.display.numbers import MISSING, count, decimal, is_missing, p_cell, percent
from foresay.display.sentences import label_of
from foresay.display.tables import cell_text, group_text

_WIDE = 100_000
QUANTITIES: Mapping[str, str] = {
    "specifications": "Specifications",
    "failed": "of them without a result",
    "published": "The choices of the study",
    "median": "Median",
    "lowest": "Lowest",
    "highest": "Highest",
    "same_sign": "Share with the sign of the median",
    "significant": "Share shown by their own test",
    "average_z": "Average Z",
}
_COUNTED = ("specifications", "failed")
_SHARES = ("same_sign", "significant")


def summary_table(summary: pd.DataFrame) -> DisplayTable:
    """Return what the specifications of each curve have in common, with the joint test."""
    rows = _records(summary)
    by = _by(summary, "quantity")
    cells = [
        (
            *(group_text(c, row[c]) for c in by),
            QUANTITIES.get(str(row["quantity"]), str(row["quantity"])),
            _quantity(row),
            p_cell(row["p_value"]),
        )
        for row in rows
    ]
    return _table(
        "specification-summary",
        summary,
        [*((label_of(c), False) for c in by), ("", False), ("Value", True), ("p", True)],
        cells,
    )


def _quantity(row: Mapping[str, Any]) -> str:
    if row["quantity"] in _COUNTED:
        return count(row["value"])
    return percent(row["value"]) if row["quantity"] in _SHARES else decimal(row["value"])


def importance_table(importance: pd.DataFrame) -> DisplayTable:
    """Return how much of the variance of the results each choice accounts for."""
    by = _by(importance, "choice")
    heads = [*((label_of(c), False) for c in by), ("Choice", False), ("Share", True)]
    return _table(
        "specification-importance",
        importance,
        [*heads, ("Alone", True)],
        [
            (
                *(group_text(c, row[c]) for c in by),
                label_of(str(row["choice"])),
                percent(row["share"]),
                percent(row["alone"]),
            )
            for row in _records(importance)
        ],
    )


def influence_table(influence: pd.DataFrame) -> DisplayTable:
    """Return each result without a part, with its change from the whole."""
    by = _by(influence, "over", first=1)
    heads = [*((label_of(c), False) for c in by), ("Without", False), ("Value", True)]
    heads += [("Change", True), ("in standard errors", True), ("p", True)]
    return _table(
        "influence",
        influence,
        heads,
        [
            (
                *(group_text(c, row[c]) for c in by),
                _part(row),
                _with_interval(row),
                decimal(row["change"], signed=True),
                decimal(row["change_in_errors"], 2, bounded=False, signed=True),
                p_cell(row["p_value"]),
            )
            for row in _records(influence)
        ],
    )


def _part(row: Mapping[str, Any]) -> str:
    if not row["over"]:
        return "nothing: all trials"
    return f"{label_of(str(row['over'])).lower()} {cell_text(row['without'])}"


def _with_interval(row: Mapping[str, Any]) -> str:
    value = decimal(row["value"])
    if is_missing(row["low"]):
        return value
    return f"{value} [{decimal(row['low'])}, {decimal(row['high'])}]"


def _by(frame: pd.DataFrame, stop: str, first: int = 1) -> list[str]:
    """Return the grouping columns of a table that hold more than one value."""
    columns = [str(c) for c in frame.columns]
    grouping = columns[first : columns.index(stop)]
    return [c for c in grouping if frame[c].nunique(dropna=False) > 1]


def _table(
    name: str,
    frame: pd.DataFrame,
    heads: Sequence[tuple[str, bool]],
    cells: Sequence[tuple[str, ...]],
) -> DisplayTable:
    # a column in which nothing is known says nothing
    kept = [n for n in range(len(heads)) if not n or any(row[n] != MISSING for row in cells)]
    return DisplayTable(
        name=name,
        columns=tuple(Column(label=heads[n][0], number=heads[n][1]) for n in kept),
        rows=tuple(tuple(row[n] for n in kept) for row in cells),
        notes=tuple(dict.fromkeys(str(note) for note in frame["note"] if note)),
        data=frame.reset_index(drop=True),
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


PRINTED: Mapping[str, Callable[[pd.DataFrame], DisplayTable]] = {
    "specification_summary": summary_table,
    "specification_importance": importance_table,
    "influence": influence_table,
    "ladder": ladder_table,
}
"""How each of these tables is printed, by its name in a report."""


def tables_text(parts: Mapping[str, DisplayTable], width: int = _WIDE) -> str:
    """Return tables as plain text under their titles, each with its notes."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, force_terminal=False, no_color=True)
    for title, part in parts.items():
        console.print(Text(title))
        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in part.columns:
            table.add_column(column.label, justify="right" if column.number else "left")
        for row in part.rows:
            table.add_row(*(Text(visible(cell)) for cell in row))
        console.print(table)
        for note in part.notes:
            console.print(Text(visible(note)))
        console.print()
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())
