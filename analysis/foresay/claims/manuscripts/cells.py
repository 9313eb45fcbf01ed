"""Cells of Pandoc's tables, and blocks, as flat text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from foresay.claims.manuscripts.inlines import Inlines
from foresay.claims.manuscripts.passages import Stretch


def cells(row: Any) -> list[tuple[int, Inlines]]:
    """Return the cells of a row with their columns."""
    found, at = [], 0
    for _, _, _, columns, blocks in row[1]:
        said = Inlines()
        flat(blocks, said)
        said.close()
        found.append((at, said))
        at += max(1, min(int(columns), 1000))
    return found


def joined(said: Inlines, other: Inlines) -> None:
    """Add one text to another."""
    shift = said.length
    said.write(other.text)
    said.marks += [Stretch(m.start + shift, m.end + shift, m.said) for m in other.marks]
    said.skipped += [Stretch(s.start + shift, s.end + shift, s.said) for s in other.skipped]
    said.notes += other.notes
    said.called += other.called


def flat(blocks: Sequence[Any], said: Inlines) -> None:
    """Add blocks as one text."""
    for inlines in _inlines(blocks):
        if said.length:
            said.write(" ")
        said.add(inlines)


def _inlines(blocks: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield the inline elements of a cell's or caption's blocks."""
    for one in blocks:
        tag, content = one["t"], one.get("c")
        if tag in ("Para", "Plain"):
            yield content
        elif tag == "RawBlock":
            yield [{"t": "RawInline", "c": content}]
        elif tag == "Div":
            yield from _inlines(content[1])
        elif tag in ("BulletList", "OrderedList"):
            for item in content if tag == "BulletList" else content[1]:
                yield from _inlines(item)
