"""A table ready to print: its text cells, and each format's way of writing them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd

from foresay.display.escaping import (
    escape_formula,
    escape_html,
    escape_latex,
    escape_markdown,
    visible,
)

if TYPE_CHECKING:
    from great_tables import GT

# great_tables' own style reaches tables outside its own and names fonts that typst has not
_STYLE = """<style>
.foresay-table .gt_table { border-collapse: collapse; border-top: 2px solid; \
border-bottom: 2px solid; font-variant-numeric: tabular-nums; margin: 0 auto; }
.foresay-table th, .foresay-table td { border: 0; padding: 3px 8px; vertical-align: bottom; }
.foresay-table thead tr:last-child th, .foresay-table thead th[rowspan="2"] { \
border-bottom: 1px solid; }
.foresay-table .gt_column_spanner { border-bottom: 1px solid; display: block; }
.foresay-table .gt_group_heading { font-weight: bold; padding-top: 8px; text-align: left; }
.foresay-table .gt_left, .foresay-table .gt_sourcenote { text-align: left; }
.foresay-table .gt_right { text-align: right; white-space: nowrap; }
.foresay-table .gt_center { text-align: center; }
.foresay-table .gt_stub { font-weight: normal; }
.foresay-table tfoot tr:first-child td { border-top: 1px solid; }
.foresay-table .gt_sourcenote { font-size: 85%; }
</style>"""

_ALIGNED = re.compile(r'class="[^"]*\b(gt_left|gt_right|gt_center|gt_sourcenote)\b[^"]*"')
_SIDES = {"gt_right": "right", "gt_center": "center"}


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
    """A frozen table of text, displayed as HTML and written as Markdown, LaTeX and CSV.

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
    data : pandas.DataFrame
        What the table was made from, in full precision.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    data: pd.DataFrame

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:  # Jupyter's protocol
        del include, exclude
        return {"text/html": self.to_html(), "text/plain": str(self)}

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

    def great_table(self) -> GT:
        """Return the table as a great_tables object, every text escaped by it or by us."""
        from great_tables import GT, html
        from great_tables._text import BaseText

        keys = [f"c{i}" for i in range(len(self.columns))]
        frame = pd.DataFrame(
            [[visible(cell) for cell in row] for row in self.rows], columns=keys, dtype=object
        )
        grouped = None
        if self.groups:
            grouped = "group"
            frame[grouped] = [visible(group) for group in self.groups]
        table = GT(frame, rowname_col=keys[0], groupname_col=grouped, id=self.identifier)
        labels: dict[str, str | BaseText] = {
            key: html(escape_html(column.label))
            for key, column in zip(keys, self.columns, strict=True)
        }
        table = table.cols_label(labels).tab_stubhead(html(escape_html(self.columns[0].label)))
        for number in (True, False):
            chosen = [k for k, c in zip(keys, self.columns, strict=True) if c.number is number]
            if chosen:
                table = table.cols_align("right" if number else "left", columns=chosen)
        for position, (spanner, start, end) in enumerate(spans(self.columns)):
            if spanner:
                table = table.tab_spanner(
                    label=html(escape_html(spanner)), columns=keys[start:end], id=f"s{position}"
                )
        for note in self.notes:
            table = table.tab_source_note(html(escape_html(note)))
        return table

    def to_html(self) -> str:
        """Return an HTML table with a style of its own and an identifier made from its content."""
        text = self.great_table().as_raw_html()
        text = re.sub(r"<style>.*?</style>", lambda _: _STYLE, text, count=1, flags=re.DOTALL)
        # pandoc reads the alignment of a cell from its style, not from great_tables' classes
        text = _ALIGNED.sub(
            lambda m: f'{m[0]} style="text-align: {_SIDES.get(m[1], "left")}"', text
        )
        return text.replace("<div id=", '<div class="foresay-table" id=', 1)

    def to_markdown(self) -> str:
        """Return a pipe table (spanners joined to the headings), then the notes."""
        head = [escape_markdown(column_label(column)) for column in self.columns]
        rule = ["---:" if column.number else ":---" for column in self.columns]
        lines = [head, rule]
        blank = [""] * (len(self.columns) - 1)
        for group, rows in self.by_group():
            if group:
                lines.append([escape_markdown(group), *blank])
            lines += [[escape_markdown(cell) for cell in row] for row in rows]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        notes = "".join(f"\n\n{escape_markdown(note)}" for note in self.notes)
        return f"{table}{notes}\n"

    def to_latex(self) -> str:
        """Return a ``tabular`` for the booktabs package, and the notes as paragraphs."""
        shape = "".join("r" if column.number else "l" for column in self.columns)
        lines = [rf"\begin{{tabular}}{{{shape}}}", r"\toprule", *_latex_spanners(self.columns)]
        lines += [_latex_row([column.label for column in self.columns]), r"\midrule"]
        for group, rows in self.by_group():
            if group:
                text = rf"\textit{{{escape_latex(group)}}}"
                lines.append(rf"\multicolumn{{{len(shape)}}}{{l}}{{{text}}} \\")
            lines += [_latex_row(row) for row in rows]
        lines += [r"\bottomrule", r"\end{tabular}"]
        lines += [f"\n{escape_latex(note)}" for note in self.notes]
        return "\n".join(lines) + "\n"

    def to_csv(self) -> str:
        """Return the data behind the table, in full precision; see `csv_text`."""
        return csv_text(self.data)

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


def _latex_row(cells: Sequence[str]) -> str:
    return " & ".join(escape_latex(cell) for cell in cells) + r" \\"


def _latex_spanners(columns: Sequence[Column]) -> list[str]:
    runs = spans(columns)
    if not any(spanner for spanner, _, _ in runs):
        return []
    cells = [
        rf"\multicolumn{{{end - start}}}{{c}}{{{escape_latex(spanner)}}}"
        for spanner, start, end in runs
    ]
    rules = [rf"\cmidrule(lr){{{start + 1}-{end}}}" for spanner, start, end in runs if spanner]
    return [" & ".join(cells) + r" \\", " ".join(rules)]
