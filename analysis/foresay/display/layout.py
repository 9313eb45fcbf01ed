"""A table ready to print: its text cells, and the formats that it is written in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from foresay.display.escaping import escape_formula, visible
from foresay.display.latex import latex_table
from foresay.display.writing import write_whole
from foresay.errors import UnsupportedError

FORMATS = ("html", "tex", "md", "csv")
"""Endings of the files that a table is written to."""

TABLE_TYPE = "application/vnd.foresay.table.v1+json"
"""MIME type under which a table says what it prints, for who writes it again elsewhere."""

_TEXTS = ("name", "caption", "label", "groups", "notes", "about")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a printed table.

    Parameters
    ----------
    label : str
        Its heading, plain text.
    spanner : str
        A heading over it and its neighbours of the same spanner; "" for none.
    number : bool
        Whether its cells are aligned to the right.
    """

    label: str
    spanner: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DisplayTable:
    """A frozen table of text: displayed as HTML, and written as HTML, LaTeX, Markdown and CSV.

    Parameters
    ----------
    name : str
        Base of its file names.
    columns : tuple of Column
    rows : tuple of tuples of str
        Plain text, one per column; escaped only when written.
    groups : tuple of str
        The heading that each row stands under; empty for no headings.
    notes : tuple of str
        Printed under the table, plain text.
    about : tuple of str
        Notes for a file of its own, where no page says them: n, level, choices; plain text.
    caption, label : str
        Printed over it, and what it is referred to by; "" for none. A page's table has its own.
    data : pandas.DataFrame
        What the table was made from, in full precision.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    caption: str = ""
    label: str = ""
    data: pd.DataFrame

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, Any]:  # Jupyter's protocol
        del include, exclude
        # no Markdown: Word and typst would prefer it, and it has no spanners
        shown = replace(self, about=())
        return {
            "text/html": shown.html(),
            "text/latex": shown.latex(),
            "text/plain": str(self),
            TABLE_TYPE: self.to_json(),
        }

    def __str__(self) -> str:
        lines = [[visible(column_label(c)) for c in self.columns]]
        lines += [[visible(cell) for cell in row] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(
                cell.rjust(width) if column.number else cell.ljust(width)
                for cell, width, column in zip(line, widths, self.columns, strict=True)
            ).rstrip()
            for line in lines
        ]
        return "\n".join([*text, *(visible(note) for note in self.notes)])

    def html(self) -> str:
        """Return an HTML table with a style of its own and an identifier made from its content."""
        from foresay.display.web import html_table

        return html_table(self)

    def page(self) -> str:
        """Return the table as an HTML page of its own, which asks for nothing from elsewhere."""
        from foresay.display.web import page_of

        return page_of(self)

    def markdown(self) -> str:
        """Return a pipe table (spanners joined to the headings), its caption, then the notes."""
        from foresay.display.markdown import markdown_table

        return markdown_table(self)

    def latex(self) -> str:
        r"""Return a table for the booktabs package: a float with ``\caption`` and ``\label``."""
        return latex_table(self)

    def csv(self) -> str:
        """Return the data behind the table, in full precision; see `csv_text`."""
        return csv_text(self.data)

    def save(self, directory: str | Path, formats: Sequence[str] = FORMATS) -> list[Path]:
        """Write the table's files into `directory`, each whole or not at all.

        Parameters
        ----------
        directory : str or Path
            Made when it is missing.
        formats : sequence of str
            Of ``html, tex, md, csv``, which are the endings of the files.

        Raises
        ------
        UnsupportedError
            If a format is unknown.
        OutputError
            If a file cannot be written.
        """
        ways = {"html": self.page, "tex": self.latex, "md": self.markdown, "csv": self.csv}
        for kind in formats:
            if kind not in ways:
                raise UnsupportedError(
                    f"table '{self.name}': format {kind!r} is unknown; "
                    f"the formats are {', '.join(FORMATS)}"
                )
        made = [(kind, ways[kind]().encode()) for kind in formats]
        folder = Path(directory)
        return [write_whole(folder / f"{self.name}.{kind}", content) for kind, content in made]

    def titled(self, caption: str, label: str = "") -> DisplayTable:
        """Return the same table with a caption and a label, both plain text."""
        return replace(self, caption=caption, label=label)

    def to_json(self) -> dict[str, Any]:
        """Return all but the data behind it, for `from_json`."""
        columns = [[c.label, c.spanner, c.number] for c in self.columns]
        texts = {name: getattr(self, name) for name in _TEXTS}
        return {"columns": columns, "rows": [list(row) for row in self.rows], **texts}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> DisplayTable:
        """Return a table that `to_json` wrote, without the data behind it."""
        columns = tuple(Column(label=a, spanner=b, number=c) for a, b, c in told["columns"])
        texts: dict[str, Any] = {
            k: told[k] if isinstance(told[k], str) else tuple(told[k]) for k in _TEXTS
        }
        rows = tuple(tuple(row) for row in told["rows"])
        return cls(columns=columns, rows=rows, data=pd.DataFrame(), **texts)

    @property
    def identifier(self) -> str:
        """An identifier that only the content decides."""
        content = [
            self.name,
            [[c.label, c.spanner, c.number] for c in self.columns],
            *(self.rows, self.groups, self.notes),
        ]
        return "t" + hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]

    def by_group(self) -> list[tuple[str, list[tuple[str, ...]]]]:
        """Return the rows under each heading, in order."""
        groups = self.groups or ("",) * len(self.rows)
        pairs = groupby(zip(groups, self.rows, strict=True), key=lambda pair: pair[0])
        return [(group, [row for _, row in rows]) for group, rows in pairs]


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV: full precision, empty for missing, no text that runs as a formula."""
    safe = frame.copy()
    for column in safe.columns:
        if safe[column].dtype == object or pd.api.types.is_string_dtype(safe[column]):
            safe[column] = [
                escape_formula(cell) if isinstance(cell, str) else cell for cell in safe[column]
            ]
    safe.columns = pd.Index([escape_formula(str(column)) for column in safe.columns])
    return str(safe.to_csv(index=False, lineterminator="\n"))


def column_label(column: Column) -> str:
    """Return the heading of a column where spanners cannot be drawn."""
    return f"{column.spanner}: {column.label}" if column.spanner else column.label


def spans(columns: Sequence[Column]) -> list[tuple[str, int, int]]:
    """Return (spanner, first column, one past the last) of each run of columns."""
    found = []
    for spanner, run in groupby(enumerate(columns), key=lambda pair: pair[1].spanner):
        positions = [position for position, _ in run]
        found.append((spanner, positions[0], positions[-1] + 1))
    return found
