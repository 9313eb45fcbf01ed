"""Tables of calibration as text and as a table to print: each number beside its null."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from foresay.display.designs import about
from foresay.display.escaping import visible
from foresay.display.layout import Column, DisplayTable
from foresay.display.numbers import (
    MISSING,
    count,
    decimal,
    digits_for,
    interval_text,
    is_missing,
    p_cell,
    style_of,
)
from foresay.display.sentences import label_of
from foresay.display.tables import cell_text

_WIDE = 100_000
Row = dict[str, Any]


def calibration_text(frame: pd.DataFrame, width: int = _WIDE) -> str:
    """Return a table of calibration as plain text.

    Parameters
    ----------
    frame : pandas.DataFrame
        What `Workbench.calibration` returns.
    width : int
        Characters to a line.
    """
    columns = [str(c) for c in frame.columns]
    by = columns[1 : columns.index("value")]
    heads = [*by, "value [interval]", "null mean", "null range", "p", "trials", "clusters", "note"]
    rows = [
        [
            str(row["estimand"]),
            *(visible(cell_text(row[c])) for c in by),
            interval_text(row),
            _null_mean(row),
            _null_range(row),
            p_cell(row["null_p"]),
            count(row["n_trials"]),
            count(row["n_clusters"]),
            visible(row["note"]),
        ]
        for row in _records(frame)
    ]
    return _text(["estimand", *heads], rows, len(by) + 1, width)


def curve_text(frame: pd.DataFrame, width: int = _WIDE) -> str:
    """Return a reliability curve as plain text; `frame` is what `Workbench.reliability` returns."""
    columns = [str(c) for c in frame.columns]
    by = columns[: columns.index("place")]
    heads = [*by, "confidence", "value [interval]", "band", "trials", "note"]
    rows = [
        [
            *(visible(cell_text(row[c])) for c in by),
            decimal(row["confidence"]),
            interval_text({**row, "estimand": "accuracy"}),
            _range(row["band_low"], row["band_high"], 3, bounded=True),
            count(row["n_trials"]),
            visible(row["note"]),
        ]
        for row in _records(frame)
    ]
    return _text(heads, rows, len(by), width)


def calibration_table(
    frame: pd.DataFrame,
    *,
    rows: Sequence[str] = ("arm",),
    group: str | None = "estimand",
    name: str = "calibration",
    notes: Sequence[str] = (),
) -> DisplayTable:
    """Return a table of calibration to print: value, null and p, a block for each measure.

    Parameters
    ----------
    frame : pandas.DataFrame
        A table of calibration.
    rows : sequence of str
        The columns that name a row.
    group : str, optional
        The column that names a block.
    name : str
        Of the table.
    notes : sequence of str
        What stands below it.
    """
    told = _records(frame)
    cells = tuple(
        (
            *(_shown(row, c) for c in rows),
            interval_text(row),
            _null_mean(row),
            _null_range(row),
            p_cell(row["null_p"]),
            count(row["n_trials"]),
        )
        for row in told
    )
    named = [label_of(c) for c in rows]
    return DisplayTable(
        name=name,
        columns=(
            *(Column(label=label, number=False) for label in named),
            Column(label="Value", number=True),
            Column(label="Mean", number=True, spanner="If calibrated"),
            Column(label="Range", number=True, spanner="If calibrated"),
            Column(label="p", number=True),
            Column(label="Trials", number=True),
        ),
        rows=cells,
        groups=tuple(_shown(row, group) for row in told) if group else (),
        notes=tuple(notes),
        about=about(frame),
        data=frame.reset_index(drop=True),
    )


def _shown(row: Row, column: str) -> str:
    text = cell_text(row[column])
    return label_of(text) if column == "estimand" else text


def _null_mean(row: Row) -> str:
    digits = digits_for(row["low"], row["high"])
    return decimal(row["null_mean"], digits, bounded=style_of(row["estimand"])[0])


def _null_range(row: Row) -> str:
    digits = digits_for(row["low"], row["high"])
    bounded = style_of(row["estimand"])[0]
    return _range(row["null_low"], row["null_high"], digits, bounded=bounded)


def _range(low: Any, high: Any, digits: int, *, bounded: bool) -> str:
    if is_missing(high):
        return MISSING
    end = decimal(high, digits, bounded=bounded)
    if is_missing(low):
        return f"to {end}"
    return f"{decimal(low, digits, bounded=bounded)} to {end}"


def _records(frame: pd.DataFrame) -> list[Row]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _text(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int, width: int) -> str:
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, force_terminal=False, no_color=True)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for place, head in enumerate(heads):
        at_left = place < left or head == "note"
        table.add_column(Text(head), justify="left" if at_left else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())
