"""What is written in a drawing, and where: the boxes of its texts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from foresay.figures.theme import text_width

_SVG = "{http://www.w3.org/2000/svg}"
_SLACK = 1.5
"""Pixels that boxes may share: ink does not fill them."""


@dataclass(frozen=True)
class Text:
    """A line of text, its type and its box."""

    text: str
    size: float
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Text) -> bool:
        """Tell whether two boxes share more than an edge."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return min(across, down) > _SLACK


def size_of(svg: str) -> tuple[float, float]:
    """Return width and height of a drawing."""
    found = re.search(r'width="([0-9.]+)" height="([0-9.]+)"', svg)
    assert found
    return float(found[1]), float(found[2])


def texts_of(svg: str) -> list[Text]:
    """Return the lines of text of a drawing that are level or upright; not their white edges."""
    return list(_walk(ET.fromstring(svg), 0.0, 0.0))  # noqa: S314  # drawn a line ago


def overlapping(svg: str) -> list[tuple[str, str]]:
    """Return the pairs of texts that lie over each other."""
    pairs = itertools.combinations(texts_of(svg), 2)
    return [(one.text, other.text) for one, other in pairs if one.overlaps(other)]


def _walk(node: ET.Element, x: float, y: float) -> Iterator[Text]:
    moves = node.get("transform", "")
    turned = re.search(r"rotate\((-?[0-9.]+)", moves)
    for found in re.finditer(r"translate\(([-0-9.e]+),([-0-9.e]+)\)", moves.split(" rotate")[0]):
        x, y = x + float(found[1]), y + float(found[2])
    if node.tag == f"{_SVG}text" and node.get("stroke") != "white":
        angle = float(turned[1]) if turned else 0.0
        lines = [part.text for part in node.iter() if part.text and part.text.strip()]
        for number, line in enumerate(lines):
            if angle in (0.0, -90.0, 270.0):
                yield _box(node, line, x, y, number, upright=angle != 0)
    for child in node:
        yield from _walk(child, x, y)


def _box(node: ET.Element, line: str, x: float, y: float, number: int, *, upright: bool) -> Text:
    size = float(node.get("font-size", "0").removesuffix("px"))
    wide = text_width(line, size) / 1.02
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[node.get("text-anchor", "start")]
    high = 0.72 * size
    if upright:  # it reads from below
        return Text(line, size, x - high, y - (1 - share) * wide, x, y + share * wide)
    base = y + number * (size + 1)
    return Text(line, size, x - share * wide, base - high, x + (1 - share) * wide, base)
