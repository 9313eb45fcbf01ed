"""Forests under each other: titled panels of labelled rows on one axis, their numbers beside them.

Every panel is a table with the columns of `COLUMNS`; what they say is made by the figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import altair as alt
import pandas as pd

from foresay.figures.panels import Rows, rows_for
from foresay.figures.theme import (
    BLUE,
    GREY,
    INK,
    NUMBER_TEXT,
    PALE,
    SIZE,
    legend_for,
    place_x,
    plain,
    shorten,
    text_width,
)

Drawn: TypeAlias = alt.LayerChart | alt.FacetChart | alt.HConcatChart | alt.VConcatChart
"""A part of a figure that can stand beside or under another."""

COLUMNS = ("full", "value", "low", "high", "shown", "lost", "text", "first", "second")
"""Row name, estimate, interval, legend entry, why there is no value, tooltip, two printed texts."""

_GAP, _LEAST = 12, 120
_UNTESTED = "#bdbdbd"
"""Between white and blue where hue is not seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One forest.

    Parameters
    ----------
    title : str
        Printed above it; "" for none.
    rows : pandas.DataFrame
        With `COLUMNS`.
    reference : float or None
        Where its line stands.
    margin : float
        Half the width of a pale band around the reference; ``nan`` for none.
    ratio : bool
        Whether its axis is logarithmic.
    axis : str
        Title of its axis, printed under the last panel of a kind.
    """

    title: str
    rows: pd.DataFrame
    reference: float | None = 0.0
    margin: float = math.nan
    ratio: bool = False
    axis: str = ""


def forests(
    panels: Sequence[Panel], *, width: int, kinds: Sequence[str] = (), legend: bool = True
) -> Drawn:
    """Return panels under each other; those on one scale share one axis.

    Parameters
    ----------
    panels : sequence of Panel
        From top to bottom.
    width : int
        Width of the figure in CSS pixels.
    kinds : sequence of str
        Legend entries: of filled, hollow and, where there are three, grey marks. Without them all
        marks are filled.
    legend : bool
        Whether they are explained above the first panel.
    """
    lines = rows_for([name for panel in panels for name in panel.rows["full"]], width, height=24)
    sizes = [
        max((text_width(str(t)) for panel in panels for t in panel.rows[c]), default=0.0)
        for c in ("first", "second")
    ]
    room = width - lines.extent - 12
    texts = [c for c, _ in zip(("first", "second"), sizes, strict=True)]
    while texts and room - sum(sizes[: len(texts)]) - _GAP * len(texts) < _LEAST:
        texts.pop()
    plot = room - sum(sizes[: len(texts)]) - _GAP * len(texts)
    drawn = []
    for number, panel in enumerate(panels):
        last = not any(p.ratio == panel.ratio for p in panels[number + 1 :])
        shape = _Shape(lines, round(plot), tuple(zip(texts, sizes, strict=False)), width)
        shared = [p for p in panels if p.ratio == panel.ratio]
        named = legend and number == 0
        drawn.append(_panel(panel, shape, _domain(shared), list(kinds), last=last, legend=named))
    if len(drawn) == 1:
        return drawn[0]
    return alt.vconcat(*drawn, spacing=8)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How much room the parts of every panel have."""

    lines: Rows
    plot: int
    texts: tuple[tuple[str, float], ...]
    width: int


def _domain(panels: Sequence[Panel]) -> list[float]:
    """Return the ends of the axis that panels share."""
    columns = [p.rows[c].astype(float) for p in panels for c in ("value", "low", "high")]
    ends = pd.concat(columns)
    ends = ends[ends.map(math.isfinite)]
    if panels[0].ratio:
        ends = ends[ends > 0]
        reach = max([2.0, *(max(e, 1 / e) for e in ends)])
        return [1 / min(reach, 1000.0), min(reach, 1000.0)]
    margins = [p.margin for p in panels if not math.isnan(p.margin)]
    if panels[0].reference is None:
        return [0.0, max([1.0, *ends])]
    # no interval ends where the axis does
    reach = 1.04 * max([0.02, *(abs(e) for e in ends), *margins])
    step = 0.05 if reach > 0.2 else 0.02
    reach = math.ceil(reach / step + 1e-9) * step
    return [-reach, reach]


_OFF = ("off_low", "off_high")


def cut_off(rows: pd.DataFrame, domain: Sequence[float]) -> pd.DataFrame:
    """Return rows with intervals that end where the axis does, and marks of those that ran on."""
    least, most = domain
    marks = {"off_low": rows["low"] < least, "off_high": rows["high"] > most}
    ends = {c: rows[c].clip(least, most) for c in ("low", "high")}
    return rows.assign(**marks, **ends)


def arrows(rows: pd.DataFrame, y: alt.Y, x: alt.X, color: str) -> list[alt.Chart]:
    """Return arrow heads at the edge, where intervals run on beyond the axis."""
    made = []
    for mark, end, shape in (("off_low", "low", "triangle-left"), *_RIGHT):
        if rows[mark].any():
            head = alt.Chart().mark_point(filled=True, size=70, opacity=1, shape=shape, color=color)
            place = x.copy()
            place["shorthand"] = f"{end}:Q"
            made.append(head.transform_filter(f"datum.{mark}").encode(y=y, x=place))
    return made


_RIGHT = (("off_high", "high", "triangle-right"),)


def _panel(
    panel: Panel, shape: _Shape, domain: list[float], kinds: list[str], *, last: bool, legend: bool
) -> Drawn:
    labels = shape.lines.labels
    rows = panel.rows.assign(label=panel.rows["full"].map(labels))
    # rows may lie beyond what a ratio's axis can show
    rows = cut_off(rows, domain)
    order = [labels[name] for name in rows["full"]]
    scale = plain(domain=domain, nice=False, zero=False, type="log" if panel.ratio else "linear")
    axis = (
        plain(labelExpr=NUMBER_TEXT, tickCount=5, grid=True)
        if last
        else plain(labels=False, ticks=False, domain=False, tickCount=5, grid=True)
    )
    x_title = panel.axis if last and panel.axis else None
    x = alt.X("value:Q", scale=scale, axis=axis, title=x_title)
    low = alt.X("low:Q", scale=scale, axis=axis, title=x_title)
    y = _vertical(order, shape.lines)
    layers: list[alt.Chart] = []
    if not math.isnan(panel.margin) and panel.reference is not None:
        ends = (1 / panel.margin, panel.margin) if panel.ratio else (-panel.margin, panel.margin)
        band = alt.Chart().mark_rect(color=PALE, clip=True)
        layers.append(band.encode(x=alt.XDatum(ends[0], scale=scale), x2=alt.X2Datum(ends[1])))
    if panel.reference is not None:
        line = alt.Chart().mark_rule(strokeWidth=1.5, color=INK)
        layers.append(line.encode(x=alt.XDatum(panel.reference, scale=scale)))
    layers.append(
        alt.Chart()
        .mark_rule(strokeWidth=2, color=BLUE, clip=True)
        .transform_filter("isValid(datum.low) && isValid(datum.high)")
        .encode(y=y, x=low, x2=alt.X2("high:Q"))
    )
    layers += arrows(rows, y, x, BLUE)
    layers.append(_marks(x, y, kinds, shape.width - shape.lines.extent, legend=legend))
    layers.append(
        alt.Chart()
        .mark_text(align="left", color=GREY, dx=4)
        .transform_filter("datum.lost !== ''")
        .encode(y=y, x=place_x(0), text=alt.TextValue("not estimable"))
    )
    start = shape.plot + _GAP
    for column, size in shape.texts:
        layers.append(
            alt.Chart()
            .mark_text(align="left", color=INK)
            .transform_filter(f"datum.{column} !== ''")
            .encode(y=y, x=place_x(start), text=alt.Text(f"{column}:N"))
        )
        start = round(start + size + _GAP)
    layers += [name.encode(y=y) for name in shape.lines.names()]
    named: dict[str, Any] = {}
    if panel.title:
        text = shorten(panel.title, shape.width - 10)
        named["title"] = alt.TitleParams(
            text,
            anchor="start",
            frame="group",
            fontSize=SIZE,
            dx=-shape.lines.extent,
            offset=10 if shape.lines.above else 4,
        )
    return alt.layer(
        *layers,
        data=rows[["label", *COLUMNS, *_OFF]],
        width=shape.plot,
        height=shape.lines.height * len(order),
        **named,
    )


def _vertical(order: list[str], lines: Rows) -> alt.Y:
    scale = plain(type="band", padding=0)
    return alt.Y("label:N", sort=order, title=None, axis=lines.axis(), scale=scale)


def _marks(x: alt.X, y: alt.Y, kinds: list[str], room: float, *, legend: bool) -> alt.Chart:
    tooltip = [alt.Tooltip("full:N", title="Row"), alt.Tooltip("text:N", title="Value")]
    marks: alt.Chart = (
        alt.Chart()
        .mark_point(filled=False, size=60, stroke=BLUE, fill=BLUE, strokeWidth=2, opacity=1)
        .transform_filter("isValid(datum.value)")
        .encode(y=y, x=x, tooltip=tooltip)
    )
    if not kinds:
        return marks
    scale = plain(domain=kinds, range=[BLUE, "white", _UNTESTED][: len(kinds)])
    shown = legend_for(kinds, room) if legend else None
    if shown is not None:
        shown.symbolStrokeColor = BLUE
    filled: alt.Chart = marks.encode(fill=alt.Fill("shown:N", scale=scale, legend=shown))
    return filled
