"""Tables in Markdown: pipe tables as pandoc and Quarto read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from foresay.display.escaping import escape_markdown

if TYPE_CHECKING:
    from foresay.display.layout import DisplayTable


def markdown_table(table: DisplayTable) -> str:
    """Return a pipe table, its caption as pandoc and Quarto write it, and the notes below."""
    from foresay.display.layout import column_label

    head = [escape_markdown(column_label(column)) for column in table.columns]
    lines = [head, ["---:" if column.number else ":---" for column in table.columns]]
    blank = [""] * (len(table.columns) - 1)
    for group, rows in table.by_group():
        if group:
            lines.append([escape_markdown(group), *blank])
        lines += [[escape_markdown(cell) for cell in row] for row in rows]
    parts = ["\n".join(f"| {' | '.join(line)} |" for line in lines)]
    if table.caption:
        label = re.sub("[^A-Za-z0-9:.-]", "-", table.label)
        parts.append(f": {escape_markdown(table.caption)}{f' {{#{label}}}' if label else ''}")
    parts += [escape_markdown(note) for note in (*table.notes, *table.about)]
    return "\n\n".join(parts) + "\n"
