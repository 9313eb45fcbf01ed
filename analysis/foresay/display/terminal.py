"""Estimates on a terminal."""

from __future__ import annotations

import io

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from foresay.display.escaping import visible
from foresay.display.estimates import grouping_columns
from foresay.display.numbers import count, decimal, interval_text
from foresay.display.sentences import label_of
from foresay.display.tables import cell_text

_COUNTS = ("n_trials", "n_items", "n_clusters", "n_excluded")


def print_estimates(frame: pd.DataFrame, console: Console | None = None) -> None:
    """Print a table of estimates, one row each, with the choices that they share below.

    Text from tables is shown as it is, control characters made visible.
    """
    console = console or Console(soft_wrap=False)
    by = grouping_columns(frame)
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("estimand")
    for column in by:
        table.add_column(visible(label_of(column)), overflow="fold")
    level = f"{frame['level'].iloc[0]:.0%}" if len(frame) else ""
    table.add_column(f"value [{level} interval]", justify="right", no_wrap=True)
    table.add_column("s.e.", justify="right")
    for column in _COUNTS:
        table.add_column(column.removeprefix("n_"), justify="right")
    table.add_column("interval")
    table.add_column("note", overflow="fold")
    for row in frame.to_dict("records"):
        named = {str(key): value for key, value in row.items()}
        cells = [
            str(named["estimand"]),
            *(visible(cell_text(named[column])) for column in by),
            interval_text(named),
            decimal(named["standard_error"]),
            *(count(named[column]) for column in _COUNTS),
            str(named["interval"]),
            visible(named["note"]),
        ]
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    console.print(Text(_choices(frame), style="dim"))


def estimates_text(frame: pd.DataFrame, width: int = 160) -> str:
    """Return what `print_estimates` prints, as plain text of a fixed width."""
    buffer = io.StringIO()
    print_estimates(frame, Console(file=buffer, width=width, force_terminal=False, no_color=True))
    return buffer.getvalue()


def _choices(frame: pd.DataFrame) -> str:
    """Return the choices and the data's fingerprint, those that are the same in all rows."""
    names = ("compliance", "truth", "baseline", "cluster", "strata", "where", "seed", "fingerprint")
    parts = []
    for name in names:
        values = list(frame[name].astype(str).unique()) if name in frame else []
        if len(values) == 1 and values[0]:
            parts.append(f"{name}: {visible(values[0])}")
    return " · ".join(parts)
