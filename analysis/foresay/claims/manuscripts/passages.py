"""Passages of a manuscript: what stands together, its place, and its marks for claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["abstract", "paragraph", "table", "caption", "footnote"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a passage that is no result, and why; or the part that a mark is around."""

    start: int
    end: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph, a row of a table, a caption, the abstract or a footnote.

    Parameters
    ----------
    kind : {"abstract", "paragraph", "table", "caption", "footnote"}
        What it is.
    section : str
        Heading that it stands under; "" for none.
    number : int
        Of the paragraph or table, counted from 1 through the manuscript.
    row : int
        Of a table, counted from 1 below its head; else 0.
    text : str
        Plain text.
    marks : tuple of Stretch
        Ids of claims, and what they are around; a mark of no length stands behind its number.
    skipped : tuple of Stretch
        Code, equations and the like.
    columns : tuple of Stretch
        Of a table, the cells with their headings.
    context : str
        What else it is about: the caption of its table.
    """

    kind: Kind
    section: str
    number: int
    text: str
    row: int = 0
    marks: tuple[Stretch, ...] = ()
    skipped: tuple[Stretch, ...] = ()
    columns: tuple[Stretch, ...] = ()
    context: str = ""

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        if self.kind == "table":
            return f"table {self.number}, row {self.row}"
        what = self.kind if self.kind in ("caption", "footnote") else ""
        where = "abstract" if self.kind == "abstract" else self.section
        return ", ".join(p for p in (where, what or f"paragraph {self.number}") if p)
