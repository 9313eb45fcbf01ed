"""Any small table as a table to print, and the text of one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from foresay.display.designs import about
from foresay.display.layout import Column, DisplayTable
from foresay.display.numbers import DEFAULT_DIGITS, MISSING, count, decimal, is_missing, p_cell
from foresay.display.sentences import label_of

CODED = frozenset({"wording"})
"""Columns whose values are ours and not the study's: printed as words."""


def frame_table(
    frame: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    group: str | None = None,
    notes: Sequence[str] = (),
    digits: int = DEFAULT_DIGITS,
    name: str = "table",
) -> DisplayTable:
    """Return any small table to print: text as it is, counts with separators, numbers rounded."""
    shown = [str(c) for c in frame.columns if c != group]
    named = {**{c: label_of(c) for c in shown}, **(labels or {})}
    numeric = {
        c
        for c in shown
        if pd.api.types.is_numeric_dtype(frame[c]) and not pd.api.types.is_bool_dtype(frame[c])
    }
    cells = tuple(
        tuple(any_text(value, digits) for value in row)
        for row in frame[shown].itertuples(index=False, name=None)
    )
    return DisplayTable(
        name=name,
        columns=tuple(Column(label=named[c], number=c in numeric) for c in shown),
        rows=cells,
        groups=tuple(cell_text(value) for value in frame[group]) if group else (),
        notes=tuple(notes),
        about=about(frame),
        data=frame.reset_index(drop=True),
    )


def unbroken(text: str) -> str:
    """Return `text` with spaces that do not break."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def cell_text(value: object) -> str:
    """Return a grouping value as text; whole numbers without a point."""
    if is_missing(value) or value == "":
        return MISSING
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def group_text(column: str, value: object) -> str:
    """Return the value of a grouping column: counts with separators, our own codes as words."""
    text = cell_text(value)
    if column.startswith("n_") and text.isdecimal():
        return count(value)
    return text.replace("_", " ") if column in CODED else text


def any_text(value: object, digits: int) -> str:
    """Return a cell of any table as text."""
    if is_missing(value):
        return MISSING
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if not hasattr(value, "__float__"):
        return str(value)
    number = float(value)
    return count(number) if number.is_integer() else decimal(number, digits, bounded=False)


def extra_text(column: str, value: object) -> str:
    """Return a cell of a named column of estimates as text: a count, a p-value, a number."""
    if column == "p_value":
        return p_cell(value)
    if column.startswith("n_"):
        return count(value)
    if column == "design_effect":
        return decimal(value, 2, bounded=False)
    return decimal(value) if hasattr(value, "__float__") or is_missing(value) else str(value)
