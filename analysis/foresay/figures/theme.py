"""How every figure looks: widths, type, colours, and how long text is made to fit.

Lengths are CSS pixels, 96 to the inch, so 8 pt type is 10.7 px at 100 % print size.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import altair as alt

from foresay.display import visible

SINGLE = 321
"""Width of a figure in one column: 85 mm."""
DOUBLE = 661
"""Width of a figure across two columns: 175 mm."""
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
SIZE = 11

# the hues of Okabe & Ito (2008), "Color Universal Design"; blue and green are darker than theirs,
# so that the first series differ in lightness where hue is not seen
BLUE, ORANGE, GREEN, VERMILION = "#005A92", "#E69F00", "#00785A", "#D55E00"
SKY, PURPLE, BLACK = "#56B4E9", "#CC79A7", "#000000"
INK, GREY, PALE = "#222222", "#6b6b6b", "#ececec"

SERIES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
"""Colours of series, in order; shapes and dashes of the same index tell them apart in grey."""
SHAPES = ("circle", "triangle-up", "square", "diamond", "cross", "triangle-down", "triangle-left")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 2], [10, 2])

ZERO_ON_LOGS = " (logarithmic; 0 set apart)"
"""What the title of a logarithmic axis adds where 0 has a place on it."""


def looks_of(names: Sequence[str]) -> dict[str, int]:
    """Return the place of each series among colours, shapes and dashes.

    Self has the first and cross the second in every figure; the first is kept for self where only
    cross is there. The others take what is free, in order.
    """
    kept = {"self": 0, "cross": 1}
    first = {0} if set(names) & set(kept) else set()
    reserved = first | {kept[name] for name in names if name in kept}
    unused = sorted(reserved - {kept[name] for name in names if name in kept})
    last = len(SERIES) - 1  # black, which differences have
    free = iter([*(n for n in range(last) if n not in reserved), *unused, last])
    return {name: kept[name] if name in kept else next(free) for name in dict.fromkeys(names)}


LINE_SHAPE = "M-1.4,-0.15H1.4V0.15H-1.4Z"
"""A short horizontal line as a filled shape, for legends."""

_NARROW = frozenset("ijl|!.,:;'`()[]{}ftI/\\ -\N{PRIME}")
_WIDE = frozenset("mwMW@%")


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration of every figure."""
    axis = {
        "domainColor": GREY,
        "gridColor": "#e3e3e3",
        "labelColor": INK,
        "labelFontSize": SIZE,
        "labelLimit": 0,
        "tickColor": GREY,
        "titleColor": INK,
        "titleFontSize": SIZE,
        "titleFontWeight": "normal",
    }
    return {
        "axis": axis,
        "background": "white",
        "font": FONT,
        "header": {
            "labelColor": INK,
            "labelFontSize": SIZE,
            "labelFontWeight": "bold",
            "titleColor": INK,
            "titleFontSize": SIZE,
        },
        "legend": {
            "labelColor": INK,
            "labelFontSize": SIZE,
            "labelLimit": 0,
            "offset": 8,
            "orient": "top",
            "title": None,
            "symbolSize": 90,
        },
        "text": {"color": INK, "fontSize": SIZE},
        "view": {"stroke": None},
    }


def text_width(text: str, size: float = SIZE) -> float:
    """Return about how wide `text` is in the figures' type, in pixels, rather too wide."""
    return size * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.92
    return 0.7 if character.isupper() else 0.565


def shorten(text: str, width: float, size: float = SIZE) -> str:
    """Return `text` cut in the middle to fit `width` pixels: names often differ at their ends."""
    shown = visible(text)
    if text_width(shown, size) <= width:
        return shown
    for keep in range(len(shown) - 1, 1, -1):
        head = (keep + 1) // 2
        cut = f"{shown[:head]}\N{HORIZONTAL ELLIPSIS}{shown[len(shown) - (keep - head) :]}"
        if text_width(cut, size) <= width:
            return cut
    return "\N{HORIZONTAL ELLIPSIS}"


LINE_BREAK = "\N{INVISIBLE SEPARATOR}"
"""Between the lines of a label; `visible` leaves none of these in a name."""


def _in_lines(text: str, width: float) -> str:
    """Return `text` short enough, in two lines where that keeps more of it."""
    if text_width(visible(text)) <= width or _DOT not in text:
        return shorten(text, width)
    parts = text.split(_DOT)
    halves = [(_DOT.join(parts[:n]), _DOT.join(parts[n:])) for n in range(1, len(parts))]
    even = min(halves, key=lambda half: max(map(text_width, half)))
    return LINE_BREAK.join(shorten(half, width) for half in even)


def _each_on_a_line(text: str, width: float) -> str:
    """Return `text` short enough, in a line for each of its parts where one line is too short."""
    if text_width(visible(text)) <= width:
        return shorten(text, width)
    return LINE_BREAK.join(shorten(part, width) for part in text.split(_DOT))


_DOT = " \N{MIDDLE DOT} "


def short_labels(
    texts: Sequence[str], width: float, *, breakable: bool = False, tall: bool = False
) -> dict[str, str]:
    """Return a label for each distinct text, short enough for `width` pixels, no two the same.

    Parameters
    ----------
    texts : sequence of str
        What is labelled.
    width : float
        Room in pixels.
    breakable : bool
        Whether a label may have two lines, see `LINE_BREAK`.
    tall : bool
        Whether it may have a line for each of its parts.
    """
    fit = _each_on_a_line if tall else _in_lines if breakable else shorten
    labels: dict[str, str] = {}
    taken: set[str] = set()
    for text in dict.fromkeys(texts):
        label, turn = fit(text, width), 1
        while label in taken:
            turn += 1
            suffix = f" ({turn})"
            label = shorten(text, width - text_width(suffix)) + suffix
        taken.add(label)
        labels[text] = label
    return labels


NUMBER_TEXT = (
    "datum.value !== 0 && abs(datum.value) < 1"
    " ? replace(format(datum.value, '.3~f'), '0.', '.') : format(datum.value, '.3~f')"
)
"""A Vega expression that writes a number as the reports do: .2, not 0.2."""


def proportion_axis(
    low: float = 0.0, high: float = 1.0, *, title: str | None = None, ticks: int = 5
) -> dict[str, Any]:
    """Return a horizontal channel's options: numbers as in the reports (.2, .4), a fixed domain."""
    return {
        "scale": alt.Scale(domain=[low, high], nice=False, zero=False),
        "axis": alt.Axis(labelExpr=NUMBER_TEXT, tickCount=ticks),
        "title": title,
    }


def legend_for(labels: Sequence[str], room: float) -> alt.Legend:
    """Return a legend over the plot, in as many columns as fit into `room` pixels."""
    widths = [text_width(label) + 34 for label in labels]
    if sum(widths) <= room:
        return alt.Legend(title=None, symbolStrokeWidth=2.5)
    columns = max(1, int(room // max(widths)))
    return alt.Legend(title=None, symbolStrokeWidth=2.5, columns=columns)
