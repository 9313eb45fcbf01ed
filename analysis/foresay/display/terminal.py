"""Estimates on a terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from foresay.display.designs import generalises_to, shared_choices
from foresay.display.escaping import visible
from foresay.display.estimates import grouping_columns
from foresay.display.numbers import count, decimal, interval_text, p_cell, percent
from foresay.display.sentences import label_of
from foresay.display.tables import cell_text

_COUNTS = ("n_trials", "n_items", "n_clusters", "n_excluded")
_WIDE = 100_000
# what a narrow terminal goes without, in this order
_SPARED = ("interval", "standard_error", "n_excluded", "n_clusters", "n_items")


class Terminal(Console):
    """A console that tells its caller when nobody reads it any more, instead of ending Python."""

    def on_broken_pipe(self) -> None:
        """Raise what a plain write would raise."""
        raise BrokenPipeError


def print_estimates(frame: pd.DataFrame, console: Console | None = None) -> None:
    """Print a table of estimates, one row each, with the choices that they share below.

    A terminal that is too narrow gets fewer columns; a pipe or a file gets all of them. Text from
    tables is shown as it is, control characters made visible.
    """
    console = console or Terminal()
    if not console.is_terminal:
        # nothing is cut where nobody sees an edge
        console.print(Text(estimates_text(frame).rstrip("\n")), soft_wrap=True)
        return
    left = list(_SPARED)
    spared: list[str] = []
    table = _table(frame, spared)
    unbounded = console.options.update(width=_WIDE)
    while left and Measurement.get(console, unbounded, table).maximum > console.width:
        spared.append(left.pop(0))
        table = _table(frame, spared)
    console.print(table)
    console.print(Text(_choices(frame), style="dim"))


def estimates_text(frame: pd.DataFrame, width: int = _WIDE) -> str:
    """Return the whole table as plain text, no wider than `width`."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, force_terminal=False, no_color=True)
    console.print(_table(frame, ()))
    console.print(Text(_choices(frame)))
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def _table(frame: pd.DataFrame, spared: Sequence[str]) -> Table:
    by = grouping_columns(frame)
    shown = [c for c in ("standard_error", *_COUNTS, "interval") if c not in spared]
    noted = bool(frame["note"].astype(bool).any())
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("estimand", no_wrap=True)
    for column in by:
        table.add_column(visible(label_of(column)), overflow="fold")
    level = percent(frame["level"].iloc[0]) if len(frame) else ""
    table.add_column(f"value [{level} interval]", justify="right", no_wrap=True)
    tested = "p_value" in frame and bool(frame["p_value"].notna().any())
    if tested:
        table.add_column("p", justify="right", no_wrap=True)
    for column in shown:
        table.add_column(
            "s.e." if column == "standard_error" else column.removeprefix("n_"),
            justify="left" if column == "interval" else "right",
            no_wrap=True,
        )
    if noted:
        table.add_column("note", overflow="fold")
    for row in frame.to_dict("records"):
        named = {str(key): value for key, value in row.items()}
        cells = [
            str(named["estimand"]),
            *(visible(cell_text(named[column])) for column in by),
            interval_text(named),
            *([p_cell(named["p_value"])] if tested else []),
            *(_cell(column, named[column]) for column in shown),
            *([visible(named["note"])] if noted else []),
        ]
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _cell(column: str, value: Any) -> str:
    if column in _COUNTS:
        return count(value)
    return decimal(value) if column == "standard_error" else str(value)


def _choices(frame: pd.DataFrame) -> str:
    """Return the choices and the data's fingerprint, those that are the same in all rows."""
    parts = [f"{name}: {visible(value)}" for name, value in shared_choices(frame)]
    drawn = generalises_to(frame)
    below = f"\nintervals generalise {visible(drawn)}" if drawn else ""
    return " \N{MIDDLE DOT} ".join(parts) + below
