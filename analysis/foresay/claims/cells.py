"""Cells of a table as numbers: which columns hold them, and which cells cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foresay.claims.columns import Layout
from foresay.claims.files import Row
from foresay.claims.numbers import find_numbers
from foresay.claims.printed import Printed
from foresay.claims.reported import kind_of
from foresay.claims.statements import find_statements
from foresay.errors import ChoiceError

_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,2})?(?:\.[0-9]{1,40})?")
_FRACTION = re.compile(r"[0-9]\s?/\s?[0-9]")
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


def parse_cell(text: str) -> Printed | None:
    """Return the first number of a cell; None where there is none, or a fraction."""
    found = find_numbers(text) if text and not is_fraction(text) else []
    return found[0] if found else None


def is_fraction(text: str) -> bool:
    """Whether a cell holds something like ``12/100``, whose first number is not its value."""
    return "/" in text and _FRACTION.search(text) is not None


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
    estimates = {one.column for one in layout.measures}
    return tuple(
        Unread(row=number, column=column, text=row[column].strip())
        for number, row in enumerate(rows, start=1)
        for column in columns
        if _is_unread(row[column], estimate=column in estimates)
    )


def _is_unread(cell: str, *, estimate: bool) -> bool:
    if _FLOAT.fullmatch(cell) or is_missing_text(cell):
        return False
    if not estimate:
        return parse_cell(cell) is None
    found = [] if is_fraction(cell) else find_statements(cell)
    return not found or found[0].value is None


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
                raise ChoiceError(
                    f"column {column!r}, row {number}: {row[column].strip()[:40]!r} has a decimal "
                    "comma; write a point (.53), since a comma sets thousands apart here"
                )


def _is_number(cell: str) -> bool:
    cell = cell.strip()
    if _FLOAT.fullmatch(cell):
        return True
    return _BEGINS.match(cell) is not None and parse_cell(cell) is not None
