"""Tables in HTML, through great_tables, which survive to Word and typst."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import pyarrow as pa

from foresay.display.escaping import escape_html, visible

if TYPE_CHECKING:
    from great_tables import GT

    from foresay.display.layout import DisplayTable

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
.foresay-table .gt_right { text-align: right; }
.foresay-table tbody .gt_right { white-space: nowrap; }
.foresay-table .gt_center { text-align: center; }
.foresay-table .gt_stub { font-weight: normal; }
.foresay-table tfoot tr:first-child td { border-top: 1px solid; }
.foresay-table .gt_sourcenote { font-size: 85%; }
.foresay-table caption { caption-side: top; padding-bottom: 6px; text-align: left; }
</style>"""

_ALIGNED = re.compile(r'class="[^"]*\b(gt_left|gt_right|gt_center|gt_sourcenote)\b[^"]*"')
_SIDES = {"gt_right": "right", "gt_center": "center"}


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def great_table(table: DisplayTable) -> GT:
    """Return a table as a great_tables object, every text escaped by it or by us."""
    from great_tables import GT, html
    from great_tables._text import BaseText

    from foresay.display.layout import spans

    columns = table.columns
    keys = [f"c{i}" for i in range(len(columns))]
    cells = {key: [visible(row[at]) for row in table.rows] for at, key in enumerate(keys)}
    grouped = None
    if table.groups:
        grouped = "group"
        cells[grouped] = [visible(group) for group in table.groups]
    # great_tables sets cell by cell, which takes three times as long in a table of pandas
    frame = pa.table({name: pa.array(texts, pa.string()) for name, texts in cells.items()})
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PyArrow Table support is currently experimental")
        made = GT(frame, rowname_col=keys[0], groupname_col=grouped, id=table.identifier)
    labels: dict[str, str | BaseText] = {
        key: html(escape_html(column.label)) for key, column in zip(keys, columns, strict=True)
    }
    made = made.cols_label(labels).tab_stubhead(html(escape_html(columns[0].label)))
    for number in (True, False):
        chosen = [k for k, c in zip(keys, columns, strict=True) if c.number is number]
        if chosen:
            made = made.cols_align("right" if number else "left", columns=chosen)
    for position, (spanner, start, end) in enumerate(spans(columns)):
        if spanner:
            made = made.tab_spanner(
                label=html(escape_html(spanner)), columns=keys[start:end], id=f"s{position}"
            )
    for note in (*table.notes, *table.about):
        made = made.tab_source_note(html(escape_html(note)))
    return made


def html_table(table: DisplayTable) -> str:
    """Return an HTML table with a style of its own and an identifier made from its content."""
    text = great_table(table).as_raw_html()
    text = re.sub(r"<style>.*?</style>", lambda _: _STYLE, text, count=1, flags=re.DOTALL)
    # pandoc reads the alignment of a cell from its style, not from great_tables' classes
    text = _ALIGNED.sub(lambda m: f'{m[0]} style="text-align: {_SIDES.get(m[1], "left")}"', text)
    if table.caption:
        caption = f"<caption>{escape_html(table.caption)}</caption>"
        text = re.sub(r"<table\b[^>]*>", lambda found: found[0] + caption, text, count=1)
    return text.replace("<div id=", '<div class="foresay-table" id=', 1)


def page_of(table: DisplayTable) -> str:
    """Return a table as a page of its own, with a policy that lets it fetch and run nothing."""
    title = escape_html(table.caption or table.name)
    # what scrolls can be reached with the keyboard, and has a name
    named = f'<div tabindex="0" role="region" aria-label="{title}" class="foresay-table"'
    shown = html_table(table).replace('<div class="foresay-table"', named, 1)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<main>\n{shown}\n</main>\n</body>\n"
        "</html>\n"
    )
