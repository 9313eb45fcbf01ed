"""A dumbbell: two values of each row joined by a line, their change printed beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from foresay.figures.panels import draw, rows_for
from foresay.figures.theme import (
    BLUE,
    GREY,
    INK,
    NUMBER_TEXT,
    VERMILION,
    legend_for,
    place_x,
    plain,
)

COLUMNS = ("panel", "full", "arm", "value", "low", "high", "text", "printed", "lost")
"""Panel, row name, which of the two, its value and interval, tooltip, the change in print, and
what is printed instead where there is no value."""

_APART = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What a dumbbell joins.

    Parameters
    ----------
    first, second : str
        What the two values are called; the first is hollow and above, the second filled.
    axis : str
        Title of the axis.
    low, high : float
        Ends that the axis has at least.
    """

    first: str
    second: str
    axis: str
    low: float = 0.0
    high: float = 0.0


def dumbbells(
    rows: pd.DataFrame, pair: Pair, *, width: int, columns: Sequence[str] = ("printed",)
) -> alt.TopLevelMixin:
    """Return rows of two values each, with their intervals.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `COLUMNS`; one row for each value, `arm` being the first or second of `pair`.
    pair : Pair
        What they are.
    width : int
        Width of the figure in CSS pixels.
    columns : sequence of str
        Text columns printed at the right of each row.
    """
    lines = rows_for(list(rows["full"]), width, height=34, reach=11)
    data = rows.assign(label=rows["full"].map(lines.labels))
    data["printed"] = data["printed"].where(data["arm"] == pair.second, "")
    ends = [v for c in ("value", "low", "high") for v in data[c] if math.isfinite(v)]
    bottom, top = min([pair.low, *ends]), max([pair.high, *ends])
    room = 0.03 * (top - bottom) if top > bottom else 1.0
    # a mark at an end would lie over the labels
    scale = plain(domain=[bottom - room, top + room], nice=False, zero=False)
    axis = plain(labelExpr=NUMBER_TEXT, tickCount=5)
    x, low = (alt.X(f"{c}:Q", scale=scale, axis=axis, title=pair.axis) for c in ("value", "low"))
    order = [pair.first, pair.second]
    legend = legend_for(order, width - lines.extent)
    # strokes carry their own colour, so that the legend shows the marks alone
    colour = alt.Color("hue:N", scale=None)
    data["hue"] = [BLUE if arm == pair.second else VERMILION for arm in data["arm"]]
    y = lines.channel()
    layers: list[alt.Chart] = [
        alt.Chart()
        .mark_rule(color=GREY, strokeWidth=1.2)
        .transform_filter("isValid(datum.value)")
        .transform_aggregate(
            start="min(value)", end="max(value)", n="count()", groupby=["panel", "label"]
        )
        .transform_filter("datum.n > 1")
        .encode(
            y=y, x=alt.X("start:Q", scale=scale, axis=axis, title=pair.axis), x2=alt.X2("end:Q")
        ),
    ]
    for number, arm in enumerate(order):
        aside = _APART * (2 * number - 1)
        mine = f"datum.arm === '{arm}'"
        layers.append(
            alt.Chart()
            .mark_rule(strokeWidth=2, yOffset=aside)
            .transform_filter(f"{mine} && isValid(datum.low)")
            .encode(y=y, x=low, x2=alt.X2("high:Q"), color=colour)
        )
    layers.append(
        alt.Chart()
        .mark_point(size=75, strokeWidth=2, opacity=1)
        .transform_filter("isValid(datum.value)")
        .encode(
            y=y,
            x=x,
            stroke=alt.Stroke(
                "arm:N", scale=plain(domain=order, range=[VERMILION, BLUE]), legend=legend
            ),
            fill=alt.Fill("arm:N", scale=plain(domain=order, range=["white", BLUE]), legend=legend),
            shape=alt.Shape(
                "arm:N", scale=plain(domain=order, range=["circle", "diamond"]), legend=legend
            ),
            tooltip=[
                alt.Tooltip("full:N", title="Row"),
                alt.Tooltip("arm:N", title="Which"),
                alt.Tooltip("text:N", title="Value"),
            ],
        )
    )
    layers.append(
        alt.Chart()
        .mark_text(align="left", color=INK, dx=4)
        .transform_filter("datum.lost !== ''")
        .encode(y=y, x=place_x(0), text=alt.Text("lost:N"))
    )
    return draw(layers, data[["label", "hue", *COLUMNS]], lines, width, columns=columns)
