"""Reliability: how often predictions come true at each confidence, against what is stated."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from foresay.display import count, decimal, is_missing, label_of, listing, percent
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.forest_panels import Drawn
from foresay.figures.panels import draw_lines
from foresay.figures.rows import joined, name_of, panel_start, records
from foresay.figures.theme import (
    BLACK,
    BLUE,
    DOUBLE,
    GREY,
    LINE_SHAPE,
    NUMBER_TEXT,
    SIZE,
    VERMILION,
    legend_for,
    plain,
    shorten,
)

QUESTION = "Do predictions come true as often as their confidence says?"

MOST_PANELS = 12
_STRIP = (-0.2, -0.04)
_BARS = 20
_PIXEL = 0.006
"""About a pixel of a panel, as a part of its axes."""
_RING = (
    "M-0.8,0A0.8,0.8,0,1,1,0.8,0A0.8,0.8,0,1,1,-0.8,0"
    "M-0.55,0A0.55,0.55,0,1,0,0.55,0A0.55,0.55,0,1,0,-0.55,0Z"
)
_DASHED = "M-1.4,-0.12H-0.6V0.12H-1.4ZM-0.3,-0.12H0.5V0.12H-0.3ZM0.8,-0.12H1.4V0.12H0.8Z"
"""A hollow point and a short dashed line as filled shapes, for the legend."""
_WORDS = {
    "stated": "stated confidence",
    "token": "the probability of the predicted answer",
    "distribution": "the probability of the target's answer",
}


def plot_reliability(
    curve: pd.DataFrame, *, width: int = DOUBLE, name: str = "reliability"
) -> Figure:
    """Plot the share right against confidence, a panel per group.

    Parameters
    ----------
    curve : pandas.DataFrame
        What `foresay.estimation.reliability.reliability` returns; the grouping columns that vary
        make panels.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table is no reliability curve, is empty, or has more panels than can be read.
    """
    if "part" not in curve.columns or curve.empty:
        raise UnsupportedError(f"figure '{name}' needs a reliability curve with rows")
    columns = [str(c) for c in curve.columns]
    by = columns[: columns.index("source")]
    split = [c for c in by if curve[c].map(name_of).nunique() > 1]
    # targets stand under each other, so that a panel need only be named for its predictor
    over = [c for c in split if c == "target" and len(split) > 1]
    beside = [c for c in split if c not in over]
    data = curve.assign(
        panel=joined(curve, split), block=joined(curve, over), short=joined(curve, beside)
    ).reset_index(drop=True)
    panels = list(dict.fromkeys(data["panel"]))
    if len(panels) > MOST_PANELS:
        raise UnsupportedError(
            f"figure '{name}' has {len(panels)} panels and {MOST_PANELS} can be read; "
            "choose groups with where="
        )
    held = listing(
        [f"{label_of(c).lower()} {name_of(curve[c].iloc[0])}" for c in by if c not in split]
    )
    return Figure(
        name=name,
        chart=_chart(data, len(panels), width),
        data=curve.reset_index(drop=True),
        question=QUESTION,
        caption=_caption(data, held),
        alt=_alt(data, panels),
    )


def _chart(data: pd.DataFrame, panels: int, width: int) -> alt.TopLevelMixin:
    """Return a panel for each predictor, under the name of its target where there are several."""
    blocks: list[Drawn] = []
    for block, part in data.groupby("block", sort=False):
        rows = [_drawn(own).assign(panel=n) for n, own in part.groupby("short", sort=False)]
        drawn = draw_lines(
            _layers(width - 60),
            pd.concat(rows, ignore_index=True),
            width,
            height=_height(panels, width),
            number=panels,
        )
        text = shorten(f"About {block}", width - 10)
        title = alt.TitleParams(text, anchor="start", fontSize=SIZE + 1, offset=6)
        blocks.append(drawn.properties(title=title) if block else drawn)
    return blocks[0] if len(blocks) == 1 else alt.vconcat(*blocks, spacing=18)


def _height(panels: int, width: int) -> int:
    return 240 if panels == 1 else 200 if width > 400 else 180


def _drawn(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a panel that are drawn, with a strip of counts and the base rate."""
    fits, points = panel[panel["part"] == "fit"], panel[panel["part"] == "bin"]
    panel = panel.drop(index=fits.index[_hidden(fits)])
    place = np.round(fits["confidence"] * _BARS)
    counted = fits["n_trials"].groupby(place).sum()
    low, high = _STRIP
    strip = pd.DataFrame(
        {
            "panel": panel["panel"].iloc[0],
            "part": "strip",
            "confidence": np.clip((counted.index - 0.4) / _BARS, 0, 1),
            "right_end": np.clip((counted.index + 0.4) / _BARS, 0, 1),
            "low": low,
            "high": low + (high - low) * counted.to_numpy() / counted.max(),
            "n_trials": counted.to_numpy(),
        }
    )
    total = points["n_trials"].sum()
    rate = (points["n_trials"] * points["value"]).sum() / total
    base = pd.DataFrame(
        {"panel": panel["panel"].iloc[0], "part": "base", "confidence": [rate], "value": [rate]}
    ).assign(n_trials=total)
    shown = ["panel", "part", "n_trials", "confidence", "value", "low", "high"]
    kept = panel[[*shown, "band_low", "band_high"]]
    return pd.concat([kept, strip, base], ignore_index=True)


def _hidden(fits: pd.DataFrame) -> list[bool]:
    """Tell which points of a fit lie within a pixel of those beside them."""
    places = fits[["confidence", "value", "band_low", "band_high"]].to_numpy(float)
    hidden, kept = [False] * len(places), 0
    for n in range(1, len(places) - 1):
        near = np.abs(places[[n, n + 1]] - places[kept]) <= _PIXEL
        hidden[n] = bool((near | np.isnan(places[[n, n + 1]])).all())
        kept = kept if hidden[n] else n
    return hidden


def _layers(room: float) -> list[alt.Chart]:
    x = alt.X(
        "confidence:Q",
        title="Confidence",
        scale=plain(domain=[0, 1], nice=False, padding=4),
        axis=plain(labelExpr=NUMBER_TEXT, values=[0, 0.25, 0.5, 0.75, 1], grid=False),
    )
    axis: dict[str, Any] = {
        "title": "Share right",
        "scale": plain(domain=[_STRIP[0] - 0.02, 1], nice=False),
        "axis": plain(labelExpr=NUMBER_TEXT, values=[0, 0.25, 0.5, 0.75, 1]),
    }
    tooltip = [
        alt.Tooltip("confidence:Q", title="Confidence", format=".3f"),
        alt.Tooltip("value:Q", title="Share right", format=".3f"),
        alt.Tooltip("n_trials:Q", title="Trials", format=",d"),
    ]

    # a point of a few trials is no more than a dot
    size = alt.Size("n_trials:Q", scale=plain(type="sqrt", range=[6, 60]), legend=None)

    def of(part: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.part === '{part}'")

    band = (
        of("fit")
        .mark_area(color="#b8b8b8", opacity=0.6, interpolate="linear")
        .encode(x=x, y=alt.Y("band_low:Q", **axis), y2=alt.Y2("band_high:Q"))
    )
    diagonal = (
        alt.Chart()
        .mark_line(color=GREY, strokeDash=[4, 3], strokeWidth=1)
        .transform_filter("datum.part === 'base'")
        .transform_calculate(ends="[0, 1]")
        .transform_flatten(["ends"])
        .encode(x=alt.X("ends:Q"), y=alt.Y("ends:Q", **axis))
    )
    fit = (
        of("fit")
        .mark_line(color=BLUE, strokeWidth=2, interpolate="linear")
        .encode(x=x, y=alt.Y("value:Q", **axis))
    )
    whisker = (
        of("bin")
        .transform_filter("isValid(datum.low)")
        .mark_rule(color=BLACK, strokeWidth=1.2)
        .encode(x=x, y=alt.Y("low:Q", **axis), y2=alt.Y2("high:Q"))
    )
    point = (
        of("bin")
        .mark_point(color=BLACK, fill="white", strokeWidth=1.2, opacity=1)
        .encode(x=x, y=alt.Y("value:Q", **axis), size=size, tooltip=tooltip)
    )
    base = (
        of("base")
        .mark_point(color=VERMILION, fill=VERMILION, shape="diamond", size=70, opacity=1)
        .encode(x=x, y=alt.Y("value:Q", **axis), tooltip=tooltip)
    )
    strip = (
        of("strip")
        .mark_rect(color=GREY)
        .encode(
            x=x,
            x2=alt.X2("right_end:Q"),
            y=alt.Y("low:Q", **axis),
            y2=alt.Y2("high:Q"),
            tooltip=tooltip[-1:],
        )
    )
    return [strip, band, diagonal, fit, whisker, point, base, _legend(room)]


def _legend(room: float) -> alt.Chart:
    """Return a layer that draws nothing and names the marks."""
    looks = {
        "Share right": (BLACK, _RING),
        "Isotonic fit": (BLUE, LINE_SHAPE),
        "Fits if calibrated": ("#b8b8b8", "square"),
        "Calibrated": (GREY, _DASHED),
        "Constant predictor": (VERMILION, "diamond"),
    }
    names = list(looks)
    legend = legend_for(names, room)
    legend.symbolStrokeWidth, legend.symbolOpacity = 0, 1
    color, shape = (plain(domain=names, range=[looks[name][i] for name in names]) for i in (0, 1))
    named: alt.Chart = (
        alt.Chart()
        .transform_filter("false")
        .mark_point(filled=True, opacity=1)
        .encode(
            color=alt.Color("part:N", scale=color, legend=legend),
            shape=alt.Shape("part:N", scale=shape, legend=legend),
        )
    )
    return named


def _caption(data: pd.DataFrame, held: str) -> str:
    level = data["level"].dropna()
    shown = f"{percent(level.iloc[0])} " if len(level) else ""
    sources = [_WORDS.get(str(s), str(s)) for s in dict.fromkeys(data["source"])]
    points = data[data["part"] == "bin"]
    counts = [count(n) for n in points.groupby("panel", sort=False)["n_trials"].sum()]
    held = f" ({held})" if held else ""
    text = (
        f"Share of predictions that are right against {listing(sources)}"
        f"{held}; n = {listing(counts)} trials. "
        f"Points: bins with {shown}intervals, larger for more trials. Line: isotonic fit. "
        f"Grey band: where {shown}of such fits lie if confidence is calibrated. Dashed: "
        "calibrated. Diamond: the constant predictor, which always states the share right. Bars: "
        "trials at each confidence, each panel to its own largest."
    )
    lost = points[points["low"].isna() & points["note"].astype(bool)]
    if len(lost):
        text += f" {len(lost)} of {len(points)} points have no interval."
    return text


def _alt(data: pd.DataFrame, panels: list[str]) -> str:
    sentences = []
    for panel in panels:
        rows = records(data[(data["panel"] == panel) & (data["part"] == "bin")])
        told = [rows[0], rows[len(rows) // 2], rows[-1]] if len(rows) > 3 else rows
        said = [
            f"at confidence {decimal(row['confidence'], 2)} {decimal(row['value'], 2)} are right"
            for row in told
            if not is_missing(row["value"])
        ]
        sentences.append(f"{panel_start(panel)}{listing(said)}")
    return f"Reliability diagram. {'. '.join(sentences)}."
