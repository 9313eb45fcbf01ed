"""What moved between two versions as one page, with the figures of both side by side."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foresay.display import escape_html as _text
from foresay.publishing.engines import pandoc
from foresay.publishing.engines.security import with_policy
from foresay.revisions.wording import made_from, numbers, remarks, row_name, summary

if TYPE_CHECKING:
    from foresay.revisions.differences import Side, VersionDifferences
    from foresay.revisions.rows import RowChange

_STYLE = """
main.differences { max-width: none; }
.differences > p, .differences > ul { max-width: 50rem; }
.differences table { width: 100%; }
.differences .sides { display: grid; gap: 1.5rem;
  grid-template-columns: repeat(2, minmax(0, 1fr)); }
.differences .sides figure { margin: 0 0 1.5rem; min-width: 0; }
.differences .sides img { width: 100%; background: var(--figure); }
@media (max-width: 40rem) { .differences .sides { grid-template-columns: minmax(0, 1fr); } }
.differences td, .differences th { overflow-wrap: anywhere; min-width: 5rem; }
.differences tbody th { min-width: 13rem; }
.differences td.words { min-width: 14rem; }
.differences .number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
"""
_TEXT = {"numbers": "Only numbers", "changed": "Changed", "added": "Added", "gone": "Gone"}


def html_page(found: VersionDifferences) -> str:
    """Return the differences as a page that needs nothing outside it and runs no script."""
    title = _text(f"{found.before.name} against {found.after.name}")
    body = [
        f"<p>{_text(summary(found).capitalize())}.</p>",
        *(f'<p role="note">{_text(note)}.</p>' for note in found.notes),
        *_made_from(found),
        *_rows(found.rows, found),
        *_list("Rows added", [row_name(*row) for row in found.rows_added]),
        *_list("Rows gone", [row_name(*row) for row in found.rows_gone]),
        *_parts(found),
        *_figures(found),
        *_paragraphs(found),
    ]
    style = pandoc.asset("report.css").read_text(encoding="utf-8") + _STYLE
    return with_policy(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<header class="title-block"><h1 class="title">{title}</h1>\n'
        f'<p class="subtitle">{_text(found.after.manifest.title or found.after.manifest.study)}</p>'
        '</header>\n<div class="layout">\n<main class="differences">\n'
        + "\n".join(body)
        + "\n</main>\n</div>\n</body>\n</html>\n"
    )


def _made_from(found: VersionDifferences) -> Iterator[str]:
    by_heading = made_from(found)
    if by_heading:
        yield "<section><h2>What they were made from</h2>"
        for heading, each in by_heading.items():
            yield from _list(heading, [str(one) for one in each], level=3)
        yield "</section>"


def _rows(rows: Sequence[RowChange], found: VersionDifferences) -> Iterator[str]:
    if not rows:
        return
    heads = (found.before.name, found.after.name, "Moved", "In s.e.")
    yield "<section><h2>Numbers, intervals and verdicts</h2>"
    yield "<p>The row that moved most in units of its standard error (s.e.) comes first.</p>"
    yield '<div class="table-scroll" role="region" aria-label="Rows that moved" tabindex="0">'
    yield '<table><thead><tr><th scope="col">Row</th>'
    yield "".join(f'<th scope="col" class="number">{_text(head)}</th>' for head in heads)
    yield '<th scope="col">Besides</th></tr></thead><tbody>'
    for row in rows:
        cells = numbers(row) if row.value != (None, None) else ("", "", "", "")
        yield (
            f'<tr><th scope="row">{_text(row_name(row.table, row.row))}</th>'
            + "".join(f'<td class="number">{_text(cell)}</td>' for cell in cells)
            + f'<td class="words">{_text(remarks(row))}</td></tr>'
        )
    yield "</tbody></table></div></section>"


def _parts(found: VersionDifferences) -> Iterator[str]:
    for name, part in found.parts():
        for did, got in (("added", part.added), ("gone", part.gone)):
            yield from _list(f"{name.capitalize()} {did}", got)


def _figures(found: VersionDifferences) -> Iterator[str]:
    parts = found.figures
    names = sorted({*parts.changed, *parts.added, *parts.gone})
    if names:
        yield "<section><h2>Figures side by side</h2>"
        for name in names:
            yield f'<h3>{_text(name)}</h3>\n<div class="sides">'
            yield from (_figure(side, name) for side in (found.before, found.after))
            yield "</div>"
        yield "</section>"


def _figure(side: Side, name: str) -> str:
    label = _text(side.name)
    drawn, narrow = _address(side, name), _address(side, f"{name}-single")
    if not drawn:
        return f"<figure><p>Not there.</p><figcaption>{label}</figcaption></figure>"
    alt = _text(f"{side.name}: {_described(side, name)}")
    source = f'<source media="(max-width: 40rem)" srcset="{narrow}">' if narrow else ""
    return (
        f'<figure><picture>{source}<img alt="{alt}" src="{drawn}"></picture>'
        f"<figcaption>{label}</figcaption></figure>"
    )


def _address(side: Side, name: str) -> str:
    try:
        drawn = (side.folder / "figures" / f"{name}.svg").read_bytes()
    except OSError:
        return ""
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"


def _described(side: Side, name: str) -> str:
    try:
        chart = json.loads((side.folder / "figures" / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return name
    return str(chart.get("description", name)) if isinstance(chart, dict) else name


def _paragraphs(found: VersionDifferences) -> Iterator[str]:
    if not found.text:
        return
    yield "<section><h2>Text</h2>"
    yield '<div class="table-scroll" role="region" aria-label="Paragraphs" tabindex="0"><table>'
    yield '<thead><tr><th scope="col">Document</th><th scope="col">What</th>'
    for side in (found.before, found.after):
        yield f'<th scope="col">{_text(side.name)}</th>'
    yield "</tr></thead><tbody>"
    for text in found.text:
        cells = (text.before, text.after)
        yield (
            f'<tr><th scope="row">{_text(text.document)}</th><td>{_TEXT[text.kind]}</td>'
            + "".join(f'<td class="words">{_text(cell)}</td>' for cell in cells)
            + "</tr>"
        )
    yield "</tbody></table></div></section>"


def _list(heading: str, lines: Sequence[str], level: int = 2) -> Iterator[str]:
    if lines:
        items = "".join(f"<li>{_text(line)}</li>" for line in lines)
        yield f"<section><h{level}>{_text(heading)}</h{level}>\n<ul>{items}</ul></section>"
