"""The elements of an HTML text, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)


@dataclass(eq=False, slots=True)
class Element:
    """One element: its tag, attributes and place.

    Parameters
    ----------
    tag : str
        In small letters.
    attributes : dict of str to str
        With character references resolved.
    parent : Element or None
        The element that it stands in.
    start, inner, inner_end, end : int
        Where its start tag begins and ends, and where its end tag does.
    """

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    inside: list[Element] = field(default_factory=list)

    @property
    def identifier(self) -> str:
        """Its ``id``, or an empty text."""
        return self.attributes.get("id", "")

    @property
    def classes(self) -> frozenset[str]:
        """Its classes."""
        return frozenset(self.attributes.get("class", "").split())

    @property
    def above(self) -> Iterator[Element]:
        """The elements that it stands in, the nearest first."""
        found = self.parent
        while found is not None:
            yield found
            found = found.parent


def read_elements(text: str) -> Sequence[Element]:
    """Return every element of an HTML text, in the order of their start tags.

    Each knows all elements `inside` it, in the same order. A start tag without an end tag ends
    with the element that it stands in.
    """
    reader = _Reader(text)
    reader.feed(text)
    reader.close()
    reader.close_until(0, len(text), len(text))
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.found: list[Element] = []
        self.open: list[Element] = []
        self.lines = [0]
        for line in text.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)

    def place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self.place()
        inner = start + len(self.get_starttag_text() or "")
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, self.open[-1] if self.open else None, start, inner)
        self.found.append(element)
        for each in self.open:
            each.inside.append(element)
        if tag in _VOID:
            element.inner_end = element.end = inner
        else:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            closed = self.open.pop()
            closed.inner_end = closed.end = closed.inner

    def handle_endtag(self, tag: str) -> None:
        places = [at for at, each in enumerate(self.open) if each.tag == tag]
        if places:
            start = self.place()
            self.close_until(places[-1], start, self.text.find(">", start) + 1)

    def close_until(self, depth: int, start: int, end: int) -> None:
        """Close the elements from `depth` on; those inside it that are open end where it does."""
        while len(self.open) > depth:
            closed = self.open.pop()
            closed.inner_end = start
            closed.end = end if len(self.open) == depth else start
