"""Pandoc's tree walked to passages, in the order of the manuscript."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foresay.claims.manuscripts.cells import cells as cells_of
from foresay.claims.manuscripts.cells import flat, joined
from foresay.claims.manuscripts.converting import convert
from foresay.claims.manuscripts.inlines import MARKER, Inlines
from foresay.claims.manuscripts.passages import Kind, Passage, Stretch
from foresay.claims.numbers import find_numbers
from foresay.errors import SourceError

_REFERENCES = re.compile(
    r"(?:references|bibliography|literature(?: cited)?|works cited)\W*", re.IGNORECASE
)
_ABSTRACT = re.compile(r"abstract\W*", re.IGNORECASE)
_BETWEEN = " | "


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """What is printed in a manuscript.

    Parameters
    ----------
    passages : tuple of Passage
        In its order; a footnote follows the passage that it belongs to.
    called : tuple of str
        Claims that its code prints, as a report does.
    text : str
        The file's own text; "" for a Word document.
    notes : tuple of str
        What was not read.
    """

    passages: tuple[Passage, ...]
    called: tuple[str, ...]
    text: str
    notes: tuple[str, ...]


def read_manuscript(path: Path) -> Manuscript:
    """Read a manuscript in Markdown, Quarto, LaTeX or Word.

    Raises
    ------
    SourceError
        It cannot be read; see `convert`.
    """
    source = convert(path)
    walk = _Walk()
    try:
        walk.meta(source.tree.get("meta", {}))
        walk.blocks(source.tree.get("blocks", []))
    except RecursionError:
        raise SourceError(f"'{path}' is nested too deeply to be read") from None
    return Manuscript(
        passages=tuple(walk.passages),
        called=tuple(dict.fromkeys(walk.called)),
        text=source.text,
        notes=source.notes,
    )


class _Walk:
    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.called: list[str] = []
        self._section = ""
        self._abstract = False
        self._skip = ""
        self._level = 0
        self._paragraphs = 0
        self._tables = 0
        self._pending: list[str] = []

    def meta(self, meta: Mapping[str, Any]) -> None:
        if "title" in meta:
            self._of_meta(meta["title"], "heading")
        if "abstract" in meta:
            self._abstract = True
            self._of_meta(meta["abstract"], "")
            self._abstract = False

    def _of_meta(self, value: Mapping[str, Any], skip: str) -> None:
        if value["t"] == "MetaBlocks":
            self.blocks(value["c"])
        elif value["t"] == "MetaInlines":
            self._passage(value["c"], skip=skip)
        elif value["t"] == "MetaString":
            self._passage([{"t": "Str", "c": value["c"]}], skip=skip)

    def blocks(self, blocks: Sequence[Any], kind: Kind | None = None) -> None:
        for one in blocks:
            self._block(one["t"], one.get("c"), kind)

    def _block(self, tag: str, content: Any, kind: Kind | None) -> None:  # noqa: C901  # a case each
        if tag in ("Para", "Plain"):
            self._passage(content, kind)
        elif tag == "Header":
            self._header(content[0], content[2])
        elif tag == "Table":
            self._table(content)
        elif tag == "Figure":
            self.blocks(content[1][1], "caption")
            if not content[1][1]:
                self.blocks(content[2], "caption")
        elif tag in ("BlockQuote", "BulletList", "OrderedList", "DefinitionList", "LineBlock"):
            self._nested(tag, content, kind)
        elif tag == "Div":
            self._div(content, kind)
        elif tag == "CodeBlock":
            self._plain(content[1], "code")
        elif tag == "RawBlock" and content[1].startswith("<!--"):
            self._pending += MARKER.findall(content[1])
        elif tag == "RawBlock":
            self._plain(content[1], "code")

    def _nested(self, tag: str, content: Any, kind: Kind | None) -> None:
        if tag == "BlockQuote":
            self.blocks(content, kind)
        elif tag == "BulletList":
            for item in content:
                self.blocks(item, kind)
        elif tag == "OrderedList":
            for item in content[1]:
                self.blocks(item, kind)
        elif tag == "DefinitionList":
            for term, definitions in content:
                self._passage(term, kind)
                for definition in definitions:
                    self.blocks(definition, kind)
        else:
            for line in content:
                self._passage(line, kind)

    def _div(self, content: Any, kind: Kind | None) -> None:
        (name, classes, pairs), blocks = content
        before = self._skip, self._abstract
        if name == "refs" or {"thebibliography", "references"} & set(classes):
            self._skip = "list of references"
        if {"abstract", "Abstract"} & {*classes, name, dict(pairs).get("custom-style", "")}:
            self._abstract = True
        self.blocks(blocks, kind)
        self._skip, self._abstract = before

    def _header(self, level: int, inlines: Sequence[Any]) -> None:
        said = Inlines()
        said.add(inlines)
        if not self._skip or level <= self._level:
            self._skip, self._level = "", level
        self._section = " ".join(said.text.split())
        self._abstract = bool(_ABSTRACT.fullmatch(self._section))
        if _REFERENCES.fullmatch(self._section):
            self._skip, self._level = "list of references", level
        said.close()
        self._heading(said)

    def _heading(self, said: Inlines) -> None:
        """Keep what is a heading, in which only marked numbers count."""
        if not said.marks or self._skip:
            self._plain(said.text, self._skip or "heading")
        else:
            self._finish(said, "paragraph", self._paragraphs, skip="heading")

    def _plain(self, text: str, why: str) -> None:
        self._keep(Passage(
            kind="paragraph",
            section=self._section,
            number=self._paragraphs,
            text=text,
            skipped=(Stretch(0, len(text), self._skip or why),),
        ))  # fmt: skip

    def _passage(self, inlines: Sequence[Any], kind: Kind | None = None, skip: str = "") -> None:
        said = Inlines()
        said.add(inlines)
        said.close()
        text = said.text
        if kind is None and not skip:
            if _ABSTRACT.fullmatch(text.strip()):  # how Word prints the title of the abstract
                self._abstract = True
                return
            self._paragraphs += 1
        skip = skip or self._skip
        own: Kind = kind or ("abstract" if self._abstract else "paragraph")
        self._finish(said, own, self._paragraphs, skip=skip)

    def _finish(
        self,
        said: Inlines,
        kind: Kind,
        number: int,
        *,
        skip: str = "",
        row: int = 0,
        columns: Sequence[Stretch] = (),
        context: str = "",
    ) -> None:
        text = said.text
        marks = list(said.marks)
        whole = [Stretch(0, len(text), skip)] if skip else []
        if skip == "heading":
            whole = _around(text, marks)
        if text.strip():
            marks = [Stretch(-1, -1, name) for name in self._pending] + marks
            self._pending = []
        self.called += said.called
        self._keep(Passage(
            kind=kind,
            section=self._section,
            number=number,
            row=row,
            text=text,
            marks=tuple(sorted(marks, key=lambda mark: mark.start)),
            skipped=(*whole, *said.skipped),
            columns=tuple(columns),
            context=context,
        ))  # fmt: skip
        for note in said.notes:
            self.blocks(note, "footnote")

    def _keep(self, passage: Passage) -> None:
        if passage.text.strip():
            self.passages.append(passage)

    def _table(self, content: Any) -> None:
        _, (_, caption), _, (_, head), bodies, (_, foot) = content
        self._tables += 1
        self.blocks(caption, "caption")
        told = Inlines()
        flat(caption, told)
        rows = [row for body in bodies for row in (*body[2], *body[3])] + list(foot)
        heads = [cells_of(row) for row in head]
        if not heads and rows and not any(find_numbers(c.text) for _, c in cells_of(rows[0])):
            heads, rows = [cells_of(rows[0])], rows[1:]
        names: dict[int, str] = {}
        for cells in heads:
            for at, cell in cells:
                names[at] = f"{names.get(at, '')} {cell.text}".strip()
            head_row = Inlines()
            for _, cell in cells:
                joined(head_row, cell)
                head_row.write(_BETWEEN)
            self._heading(head_row)
        for number, row in enumerate(rows, start=1):
            said, columns = Inlines(), []
            for at, cell in cells_of(row):
                start = said.length
                joined(said, cell)
                columns.append(Stretch(start, said.length, names.get(at, "")))
                said.write(_BETWEEN)
            self._finish(
                said,
                "table",
                self._tables,
                row=number,
                skip=self._skip,
                columns=columns,
                context=told.text,
            )


def _around(text: str, marks: Sequence[Stretch]) -> list[Stretch]:
    """Return what is a heading around its marked numbers; of a mark behind one, that one."""
    found, at = [], 0
    for mark in sorted(marks, key=lambda mark: mark.start):
        start = mark.start
        if mark.start == mark.end and (before := find_numbers(text[: mark.start])):
            start = before[-1].start
        if start > at:
            found.append(Stretch(at, start, "heading"))
        at = max(at, mark.end)
    return [*found, Stretch(at, len(text), "heading")] if at < len(text) else found
