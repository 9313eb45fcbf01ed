"""Cells of a table as numbers: which columns hold them, and which cells cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foresay.claims.cell_numbers import count_of, ends_of, half_width_of, parse_cell, stated
from foresay.claims.columns import Layout, names_an_interval
from foresay.claims.files import Row
from foresay.claims.reported import kind_of
from foresay.errors import ChoiceError

_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,2})?(?:\.[0-9]{1,40})?")
_BEGINS = re.compile(r"[\s$*<>~=≈+\-\u2212\u2013\[(]*[.\d]")
_DECIMAL_COMMA = re.compile(r"\s*[+\-\u2212]?(?:0,[0-9]+|[0-9]+,[0-9]{1,2})(?![0-9,])")
_MISSING = frozenset({"", "-", "\u2013", "\u2014", "..", "na", "n/a", "nan", "none", "null"})
"""What a cell without a number says, in small letters."""

MOST = 0.8
"""Share of the cells of a column that have to be numbers for it to be a column of numbers."""
SOME = 0.5
"""The same for a column that is called after a share, such as accuracy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A cell that should hold a number, and holds none.

    Parameters
    ----------
    row : int
        The first below the head is 1.
    column : str
        Its column.
    text : str
        What it holds.
    """

    row: int
    column: str
    text: str


def is_missing_text(text: str) -> bool:
    """Whether a cell says that it holds no number."""
    return text.strip().lower() in _MISSING


def numeric_columns(rows: Sequence[Row]) -> list[str]:
    """Return the columns of a table whose cells are numbers, by those that can be read.

    Notes
    -----
    A column is one of numbers if a share of `MOST` of the cells that say anything are, or of
    `SOME` where its name is that of a share; what cannot be read there is in `unread_cells`.
    """
    found = []
    for column in rows[0]:
        cells = [cell for row in rows if not is_missing_text(cell := row[column])]
        least = SOME if kind_of(column) != "other" else MOST
        if cells and sum(map(_is_number, cells)) >= least * len(cells):
            found.append(column)
    return found


def mostly_text(rows: Sequence[Row]) -> str:
    """Return which column holds some numbers and too many other cells; "" where none does."""
    for column in rows[0]:
        cells = [
            (number, cell)
            for number, row in enumerate(rows, start=1)
            if not is_missing_text(cell := row[column])
        ]
        other = [(number, cell) for number, cell in cells if not _is_number(cell)]
        if 0 < len(other) < len(cells):
            number, cell = other[0]
            return (
                f"; {len(other)} of {len(cells)} cells of {column!r} are no numbers, the first in "
                f"row {number}: {cell.strip()[:40]!r}"
            )
    return ""


def unread_cells(rows: Sequence[Row], layout: Layout) -> tuple[Unread, ...]:
    """Return the cells that should hold a number by their column and do not, row by row."""
    columns = number_columns(layout)
    roles = {c: role for one in layout.measures for role, c in one.besides.items()}
    roles |= dict.fromkeys((one.column for one in layout.measures), "value")
    return tuple(
        Unread(row=number, column=column, text=row[column].strip())
        for number, row in enumerate(rows, start=1)
        for column in columns
        if _is_unread(row[column], roles[column], column)
    )


def _is_unread(cell: str, role: str, column: str) -> bool:
    if role == "n":
        return not is_missing_text(cell) and count_of(cell) is None
    if _FLOAT.fullmatch(cell) or is_missing_text(cell):
        return False
    if role == "value":
        return stated(cell) is None
    if role == "half_width":
        ends = ends_of(cell, interval=names_an_interval(column))
        return ends is None and half_width_of(cell) is None
    return parse_cell(cell) is None


def number_columns(layout: Layout) -> list[str]:
    """Return the columns that hold estimates and what is printed about them, each once."""
    columns: Iterable[str] = (
        column for one in layout.measures for column in (one.column, *one.besides.values())
    )
    return list(dict.fromkeys(columns))


def refuse_decimal_commas(rows: Sequence[Row], layout: Layout) -> None:
    """Refuse ``0,53``: read as thousands or as two numbers it would be wrong without a word."""
    for column in number_columns(layout):
        for number, row in enumerate(rows, start=1):
            if _DECIMAL_COMMA.match(row[column]):
                cell = row[column].strip()[:40]
                raise ChoiceError(
                    f"column {column!r}, row {number}: {cell!r} has a decimal comma, which is not "
                    f"read, since a comma sets thousands apart here; write {cell.replace(',', '.')}"
                    ". Where semicolons set columns apart, replace every comma in the file by a "
                    "point; a spreadsheet saves points where its language is set to English"
                )


def _is_number(cell: str) -> bool:
    cell = cell.strip()
    if _FLOAT.fullmatch(cell):
        return True
    return _BEGINS.match(cell) is not None and parse_cell(cell) is not None
