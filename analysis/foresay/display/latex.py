"""Tables in LaTeX: booktabs rules, spanners, groups, notes; long ones go over pages.

A writer of ours, since that of great_tables has no label, writes our labels as HTML, and leaves
signs in the text (a real minus among them) that pdfLaTeX refuses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from foresay.display.escaping import escape_latex, visible

if TYPE_CHECKING:
    from foresay.display.layout import Column, DisplayTable

_LONG = 30  # rows that a page holds
# characters that a line of an article holds in a table, in its own size and in a small one
_LINE, _SMALL = 58, 78
_GAP = 2  # between two columns
# what pdfLaTeX prints with its own fonts: Latin, and the punctuation that its kernel declares
_BASIC = re.compile("[\n\u0020-\u017f\u02c6-\u02dd\u2013-\u2044\u20ac\u2122]")


def latex_table(table: DisplayTable) -> str:
    """Return a table as LaTeX that needs array and booktabs, and longtable where it is long.

    A comment at its head says what it needs. With a caption or a label it floats; without, it is
    the bare ``tabular`` and its notes.
    """
    shape, small = _shape(table)
    heading = [*_spanners(table.columns), _row([c.label for c in table.columns])]
    body = [line for group, rows in table.by_group() for line in _group(group, rows, len(shape))]
    notes = [escape_latex(note) for note in (*table.notes, *table.about)]
    long = len(table.rows) > _LONG
    titled = [rf"\caption{{{escape_latex(table.caption)}}}"] if table.caption else []
    if table.label:
        titled.append(rf"\label{{{re.sub('[^A-Za-z0-9:.-]', '-', table.label)}}}")
    size = [r"\footnotesize\setlength{\tabcolsep}{3pt}"] if small else []
    if long:
        lines = ["{", *size, *_long(shape, titled, heading, body), "}", *_below(notes)]
    else:
        lines = [rf"\begin{{tabular}}{{{''.join(shape)}}}", r"\toprule", *heading, r"\midrule"]
        lines += [*body, r"\bottomrule", r"\end{tabular}"]
        if titled:
            start = [r"\begin{table}", r"\centering", *titled]
            lines = [*start, *size, *lines, *_below(notes), r"\end{table}"]
        else:
            lines = ["{", *size, *lines, *_below(notes), "}"]
    text = "\n".join(lines) + "\n"
    return _needs(text, long=long) + text


def _long(
    shape: Sequence[str],
    titled: Sequence[str],
    heading: Sequence[str],
    body: Sequence[str],
) -> list[str]:
    start = ["".join(titled) + r"\\"] if titled else []
    return [
        *(rf"\begin{{longtable}}{{{''.join(shape)}}}", *start),
        *(r"\toprule", *heading, r"\midrule", r"\endfirsthead"),
        *(r"\toprule", *heading, r"\midrule", r"\endhead"),
        *(r"\bottomrule", r"\endfoot", *body, r"\end{longtable}"),
    ]


def _below(notes: Sequence[str]) -> list[str]:
    """Return notes as small paragraphs."""
    if not notes:
        return []
    lines = [rf"{note}\par" for note in notes]
    return [r"\par\smallskip", r"{\footnotesize\raggedright", *lines, "}"]


def _group(group: str, rows: Sequence[Sequence[str]], width: int) -> list[str]:
    lines = [_row(row) for row in rows]
    if group:
        shape = "l" if len(visible(group)) <= _LINE else r"p{0.9\linewidth}"
        text = rf"\textit{{{escape_latex(group)}}}"
        lines.insert(0, rf"\multicolumn{{{width}}}{{{shape}}}{{{text}}} \\")
    return lines


def _row(cells: Sequence[str]) -> str:
    return " & ".join(escape_latex(cell) for cell in cells) + r" \\"


def _shape(table: DisplayTable) -> tuple[list[str], bool]:
    """Return the alignment of each column, and whether small letters are needed.

    Where a line cannot hold a row, the widest columns of text are broken into lines.
    """
    widths = [
        max(len(visible(text)) for text in (column.label, *(row[at] for row in table.rows))) + _GAP
        for at, column in enumerate(table.columns)
    ]
    shape = ["r" if column.number else "l" for column in table.columns]
    texts = sorted((at for at in range(len(shape)) if shape[at] == "l"), key=widths.__getitem__)
    broken: list[int] = []
    while texts and sum(widths) - sum(widths[at] for at in broken) > _SMALL - 10 * len(broken):
        broken.append(texts.pop())
    left = _SMALL - sum(width for at, width in enumerate(widths) if at not in broken)
    wanted = {at: min(widths[at], 3 * _SMALL) for at in broken}
    for at in broken:
        share = max(0.1, left / _SMALL * wanted[at] / sum(wanted.values()) - 0.02)
        shape[at] = rf">{{\raggedright\arraybackslash}}p{{{share:.2f}\linewidth}}"
    return shape, sum(widths) > _LINE


def _spanners(columns: Sequence[Column]) -> list[str]:
    from foresay.display.layout import spans

    runs = spans(columns)
    if not any(spanner for spanner, _, _ in runs):
        return []
    cells = [
        rf"\multicolumn{{{end - start}}}{{c}}{{{escape_latex(spanner)}}}"
        for spanner, start, end in runs
    ]
    rules = [rf"\cmidrule(lr){{{start + 1}-{end}}}" for spanner, start, end in runs if spanner]
    return [" & ".join(cells) + r" \\", " ".join(rules)]


def _needs(text: str, *, long: bool) -> str:
    packages = rf"\usepackage{{array,booktabs{',longtable' if long else ''}}}"
    encoding = r" and, with pdfLaTeX, \usepackage[T1]{fontenc}"
    others = {c for c in _BASIC.sub("", text) if unicodedata.category(c) != "Mn"}
    more = "% It holds letters that pdfLaTeX lacks: take LuaLaTeX and a font that has them.\n"
    return f"% Needs {packages}{encoding}.\n{more if others else ''}"
