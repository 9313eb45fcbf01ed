"""Comparisons on a terminal: one block a comparison, every number with its test and its verdict."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from foresay.display.escaping import visible
from foresay.display.numbers import (
    MISSING,
    decimal,
    digits_for,
    is_missing,
    p_cell,
    percent,
)
from foresay.display.sentences import label_of, plural
from foresay.display.tables import cell_text
from foresay.display.verdicts import part_words, verdict_words

_WIDE = 100_000
_TITLES = {
    "contrast": "Contrast",
    "regression": "Two-way model",
    "summary": "Random effects",
    "trend": "Trend",
}


def comparisons_text(frame: pd.DataFrame, width: int = _WIDE) -> str:
    """Return a table of comparisons as plain text, a block for each comparison.

    Parameters
    ----------
    frame : pandas.DataFrame
        What `Workbench.compare` returns, or several of them stacked.
    width : int
        Characters to a line.
    """
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, force_terminal=False, no_color=True)
    for _, part in frame.groupby(["kind", "name"], sort=False):
        head = part.iloc[0]
        kind, name, title = (str(head[c]) for c in ("kind", "name", "title"))
        about = "" if title == name else f": {visible(title)}"
        console.print(Text(f"{_TITLES[kind]} {visible(name)}{about}"))
        notes = {n: i for i, n in enumerate(dict.fromkeys(n for n in part["note"] if n), start=1)}
        console.print(_table(part, notes))
        for note, place in notes.items():
            console.print(Text(f"({place}) {visible(note)}"))
        console.print()
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def _table(part: pd.DataFrame, notes: Mapping[str, int]) -> Table:
    columns = [str(c) for c in part.columns]
    by = [c for c in columns[4 : columns.index("quantity")] if part[c].notna().any()]
    families = part["family"].astype(str).ne("").any()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in by:
        table.add_column(visible(label_of(column)), overflow="fold")
    table.add_column("what", overflow="fold")
    levels = part["level"].dropna().unique()
    shown = f" [{percent(levels[0])} interval]" if len(levels) == 1 else ""
    table.add_column(f"value{shown}", justify="right", no_wrap=True)
    table.add_column(_p_head(part), justify="right", no_wrap=True)
    if families:
        table.add_column("adjusted p", justify="right", no_wrap=True)
        table.add_column("family", overflow="fold")
    table.add_column("verdict", overflow="fold")
    table.add_column("n", justify="right", no_wrap=True)
    if notes:
        table.add_column("")
    mixed = len(_hypotheses(part)) > 1
    for row in part.to_dict("records"):
        named = {str(key): value for key, value in row.items()}
        tested = not is_missing(named["p_value"]) or named["hypothesis"] != "difference"
        cells = [
            *(visible(cell_text(named[c])) for c in by),
            visible(part_words(named)),
            number_text(named),
            _p(named, mixed=mixed),
        ]
        if families:
            cells += [p_cell(named["p_adjusted"]), visible(named["family"])]
        cells += [verdict_words(named) if tested else "", _n(named)]
        if notes:
            cells.append(f"({notes[named['note']]})" if named["note"] else "")
        table.add_row(*(Text(cell) for cell in cells))
    return table


_P_OF = ("equivalence", "superiority")


def _hypotheses(part: pd.DataFrame) -> list[str]:
    """Return what the p-values of a comparison are of, in order."""
    return list(dict.fromkeys(part.loc[part["p_value"].notna(), "hypothesis"]))


def _p_head(part: pd.DataFrame) -> str:
    """Return the head of the column of p-values: those of one hypothesis are named there."""
    found = _hypotheses(part)
    return f"p ({found[0]})" if len(found) == 1 and found[0] in _P_OF else "p"


def _p(row: dict[str, Any], *, mixed: bool) -> str:
    """Return a p-value; one of another hypothesis than no difference says so beside others."""
    told = row["hypothesis"] in _P_OF and mixed and not is_missing(row["p_value"])
    return f"{p_cell(row['p_value'])} ({row['hypothesis']})" if told else p_cell(row["p_value"])


def number_text(row: dict[str, Any]) -> str:
    """Return value and interval of a comparison; a difference has its sign."""
    low, high, value = row["low"], row["high"], row["value"]
    digits = 3 if is_missing(low) or is_missing(high) else digits_for(float(low), float(high))
    bounded = row["quantity"] not in ("ratio", "ratio of ratios", "coefficient")
    signed = row["quantity"] not in ("point", "ratio", "ratio of ratios") or (
        row["quantity"] == "point" and row.get("subject") == "difference"
    )
    ends = MISSING
    if not (is_missing(low) and is_missing(high)):
        ends = ", ".join(decimal(end, digits, bounded=bounded) for end in (low, high))
    if is_missing(value):
        return MISSING if ends == MISSING else f"[{ends}]"
    return f"{decimal(value, digits, bounded=bounded, signed=signed)} [{ends}]"


def _n(row: dict[str, Any]) -> str:
    """Say how many items, effects or trials a number rests on."""
    for column, noun in (("n_effects", "effect"), ("n_items", "item"), ("n_trials", "trial")):
        if not is_missing(row.get(column)):
            return plural(int(row[column]), noun)
    return ""
