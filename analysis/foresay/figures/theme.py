"""How every figure looks: widths, type, colours, and how long text is made to fit.

Lengths are CSS pixels, 96 to the inch, so 8 pt type is 10.7 px at 100 % print size.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from foresay.display import decimal, is_missing, visible

SINGLE = 321
"""Width of a figure in one column: 85 mm."""
DOUBLE = 661
"""Width of a figure across two columns: 175 mm."""
NARROW = 480
"""A narrower figure has its row labels above their marks, short words and few columns."""
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
SIZE = 11
SMALL = 10
"""Smallest type: 7.5 pt at 100 % print size."""

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


_FRAME, _LEAST_CELL = 40, 68
LINE_SHAPE = "M-1.4,-0.15H1.4V0.15H-1.4Z"
"""A short horizontal line as a filled shape, for legends."""

_ADVANCES = {
    0.24: "'ijl|",
    0.28: " !,./:;I[\\]ft",
    0.334: "()-`r{}\N{MIDDLE DOT}\N{PRIME}",
    0.36: '"',
    0.5: "Jckvsxyz^*",
    0.556: "#$0123456789?L_abdeghnopqu\N{EN DASH}",
    0.584: "+<=>~\N{MINUS SIGN}",
    0.611: "FTZ",
    0.667: "&ABEKPSVXY",
    0.722: "CDHNRUw",
    0.778: "GOQ",
    0.833: "Mm",
    0.889: "%",
    1.0: "W@\N{EM DASH}\N{HORIZONTAL ELLIPSIS}",
}
_ADVANCE = {character: wide for wide, group in _ADVANCES.items() for character in group}
"""Advance widths of Helvetica, which Arial and Liberation Sans share, in parts of the type size."""


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration of every figure."""
    axis = {
        "domainColor": GREY,
        "gridColor": "#e3e3e3",
        "labelColor": INK,
        "labelFontSize": SIZE,
        "labelLimit": 0,
        "labelSeparation": 5,
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
            "labelLimit": 0,
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
    """Return about how wide `text` is in the figures' type, in pixels, a little too wide."""
    return 1.02 * size * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 1.0
    return _ADVANCE.get(character, 0.75 if character.isupper() else 0.6)


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


def wrapped(text: str, width: float, most: int = 3) -> list[str]:
    """Return `text` in lines of at most `width` pixels, `most` of them, intervals unbroken.

    It is broken at spaces, and after hyphens, underscores and slashes.
    """
    whole = _INTERVAL.sub(lambda m: m[0].replace(" ", _NO_BREAK), visible(text))
    parts = _BREAKS.split(whole)
    lines = [parts[0]]
    for place, part in enumerate(parts[1:], start=1):
        if text_width((lines[-1] + part).rstrip()) <= width:
            lines[-1] += part
        elif len(lines) < most:
            lines.append(part)
        else:
            lines[-1] += "".join(parts[place:])
            break
    return [shorten(line.strip().replace(_NO_BREAK, " "), width) for line in lines]


_INTERVAL, _NO_BREAK = re.compile(r"\[[^\]]*\]"), "\N{NO-BREAK SPACE}"
_BREAKS = re.compile(r"(?<=[ \-_/])(?=.)")


LEVEL: dict[str, Any] = {
    "labelAngle": 0,
    "labelExpr": f"split(datum.label, '{LINE_BREAK}')",
    "labelLineHeight": SIZE + 1,
}
"""What an axis of labels in several lines is given."""


def _in_lines(text: str, width: float) -> str:
    """Return `text` short enough, in two lines where that keeps more of it."""
    if text_width(visible(text)) <= width or _DOT not in text:
        return shorten(text, width)
    parts = text.split(_DOT)
    halves = [(_DOT.join(parts[:n]), _DOT.join(parts[n:])) for n in range(1, len(parts))]
    even = min(halves, key=lambda half: max(map(text_width, half)))
    return LINE_BREAK.join(shorten(half, width) for half in even)


def _each_on_a_line(text: str, width: float) -> str:
    """Return `text` short enough, in lines for each of its parts where one line is too short."""
    if text_width(visible(text)) <= width:
        return shorten(text, width)
    return LINE_BREAK.join(line for part in text.split(_DOT) for line in wrapped(part, width))


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
        Whether it may have lines for each of its parts.
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


def label_room(width: int, columns: int) -> float:
    """Return how many pixels the row labels of a matrix may take: its columns need little."""
    return max(width / 3, min(width / 2, width - _FRAME - _LEAST_CELL * columns))


def fitting(
    values: Iterable[float],
    texts: Iterable[str] | None,
    room: float,
    size: float = SIZE,
    *,
    signed: bool = False,
) -> list[str]:
    """Return the numbers of cells of `room` pixels: as they are, with two decimals, or none.

    All have the same decimals.
    """
    known = list(values)
    whole = [decimal(v, signed=signed) for v in known] if texts is None else list(texts)
    short = [decimal(v, 2, signed=signed) for v in known]
    for tried in (whole, short):
        shown = ["" if is_missing(v) else t for v, t in zip(known, tried, strict=True)]
        if max((text_width(t, size) for t in shown), default=0.0) <= room - 2:
            return shown
    return [""] * len(known)


def place_x(pixels: float) -> alt.XValue:
    """Return the horizontal channel of marks that stand at one place, in pixels."""
    return alt.XValue(pixels)  # type: ignore[no-untyped-call]  # altair leaves it untyped


def plain(**options: Any) -> dict[str, Any]:
    """Return options of an axis or scale as a mapping: charts copy it faster than an object."""
    return options


def proportion_axis(
    low: float = 0.0, high: float = 1.0, *, title: str | None = None, ticks: int = 5
) -> dict[str, Any]:
    """Return a horizontal channel's options: numbers as in the reports (.2, .4), a fixed domain."""
    return {
        "scale": plain(domain=[low, high], nice=False, zero=False),
        "axis": plain(labelExpr=NUMBER_TEXT, tickCount=ticks),
        "title": title,
    }


def legend_for(labels: Sequence[str], room: float) -> alt.Legend:
    """Return a legend over the plot, in as many columns as fit into `room` pixels."""
    widths = [text_width(label) + 34 for label in labels]
    columns = len(widths)
    # the entries of a column stand under each other, as wide as the widest of them
    while columns > 1 and sum(max(widths[n::columns]) for n in range(columns)) > room:
        columns -= 1
    legend = alt.Legend(title=None, symbolStrokeWidth=2.5, symbolSize=80)
    if columns < len(widths):
        legend.columns = columns
    return legend
