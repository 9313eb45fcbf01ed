"""Validation as a page and on a terminal: everything from the tables is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from foresay.tables.problems import (
    SEVERITIES,
    Example,
    Problem,
    Severity,
    TableSummary,
    Validation,
    printable,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

_HEADINGS: dict[Severity, str] = {
    "error": "Errors: nothing is estimated before they are mended",
    "warning": "Warnings: look at these before you trust an estimate",
    "note": "Notes",
}
_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "cyan"}

_ON_TERMINAL = 3
_NONE = "\N{EN DASH}"

_CSS = """
:root { color-scheme: light dark; --line: #8884; --error: #b3261e; --warning: #8a6100;
  --note: #1f5f8b; }
@media (prefers-color-scheme: dark) { :root { --error: #ff8a80; --warning: #ffc84d;
  --note: #8cc8f0; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; }
article { border-left: .3rem solid var(--line); padding: .1rem 0 .1rem 1rem; margin: 1.2rem 0; }
article.error { border-color: var(--error); } article.warning { border-color: var(--warning); }
article.note { border-color: var(--note); } article h3 { margin: .2rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0;
  border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code { overflow-wrap: anywhere; unicode-bidi: isolate; }
dl { margin: .3rem 0; display: grid; grid-template-columns: max-content 1fr; gap: 0 .8rem; }
dt { font-weight: 600; } dd { margin: 0; }
"""


def html_page(validation: Validation, title: str) -> str:
    """Return the validation as one HTML page without scripts, links or outside parts."""
    body = [
        f"<h1>{_text(title)}</h1>",
        f"<p>{_text(validation.headline())}.</p>",
        _tables(validation.tables),
    ]
    for severity in SEVERITIES:
        problems = validation.of(severity)
        if problems:
            body.append(f"<section>\n<h2>{_text(_HEADINGS[severity])}</h2>")
            body += [_article(problem) for problem in problems]
            body.append("</section>")
    if not validation.problems:
        body.append("<p>No rule is broken.</p>")
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(title)}</title>",
            f"<style>{_CSS}</style>",
            "</head>",
            "<body>",
            "<main>",
            *body,
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _text(text: str) -> str:
    return escape(printable(text, at_most=1000), quote=True)


def _code(text: str) -> str:
    return f"<code>{escape(printable(text), quote=True)}</code>"


def _tables(tables: tuple[TableSummary, ...]) -> str:
    rows = [
        f'<tr><th scope="row">{_code(table.name)}</th><td class="number">{table.n_rows:,}</td>'
        f"<td>{', '.join(map(_code, table.key))}</td>"
        f"<td>{', '.join(map(_code, table.covariates)) or _NONE}</td></tr>"
        for table in tables
    ]
    return "\n".join(
        [
            "<table>",
            "<caption>What came in</caption>",
            '<thead><tr><th scope="col">Table</th><th scope="col" class="number">Rows</th>',
            '<th scope="col">Key</th><th scope="col">Covariates</th></tr></thead>',
            "<tbody>",
            *rows,
            "</tbody>",
            "</table>",
        ]
    )


def _article(problem: Problem) -> str:
    facts = [
        ("Table", problem.table),
        ("File", problem.file),
        ("Column", problem.column),
        ("Rule", problem.rule),
        ("Rows", f"{problem.n_rows:,}" if problem.n_rows else ""),
        ("Way out", problem.way_out),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{_text(value)}</dd>" for name, value in facts if value)
    return "\n".join(
        [
            f'<article class="{problem.severity}">',
            f"<h3>{_text(problem.message)}</h3>",
            f"<dl>{listed}</dl>",
            *([_examples(problem)] if problem.examples else []),
            "</article>",
        ]
    )


def _examples(problem: Problem) -> str:
    n = len(problem.examples)
    caption = "Example" if n == 1 else f"{n} examples"
    rows = "\n".join(
        f"<tr><td>{_code(example.file) if example.file else _NONE}</td>"
        f'<td class="number">{_row(example)}</td><td>{_code(example.value)}</td></tr>'
        for example in problem.examples
    )
    return (
        f'<table><caption>{caption}</caption><thead><tr><th scope="col">File</th>'
        '<th scope="col" class="number">Row</th><th scope="col">Value</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table>"
    )


def _row(example: Example) -> str:
    return _NONE if example.row is None else str(example.row)


def terminal(validation: Validation) -> RenderableType:
    """Return the validation for a terminal; values cannot act as markup or escape sequences."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    parts: list[RenderableType] = []
    for problem in validation.problems:
        style = _STYLES[problem.severity]
        parts.append(
            Text.assemble(
                (f"{problem.severity:<8}", style), printable(problem.message, at_most=1000)
            )
        )
        details = [
            f"{_place(example)}{printable(example.value, at_most=160)}"
            for example in problem.examples[:_ON_TERMINAL]
        ]
        if len(problem.examples) > _ON_TERMINAL:
            details.append("…")
        details.append(f"→ {printable(problem.way_out, at_most=1000)}")
        parts.append(Padding(Text("\n".join(details), style="dim"), (0, 0, 1, 8)))
    parts.append(Text(validation.headline(), style="green" if validation.ok else "bold red"))
    return Group(*parts)


def _place(example: Example) -> str:
    row = "" if example.row is None else f"row {example.row}"
    place = ", ".join(part for part in (printable(example.file), row) if part)
    return f"{place}: " if place else ""
