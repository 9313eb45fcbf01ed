"""A trend: curves of self and cross, their difference below, and where each should be flat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from foresay.display import (
    is_missing,
    label_of,
    listing,
    p_text,
    plural,
    verdict_words,
    visible,
)
from foresay.display.comparisons import number_text
from foresay.errors import UnsupportedError
from foresay.figures.contrasts import grouping, of_kind
from foresay.figures.figure import Figure
from foresay.figures.forest_panels import Drawn
from foresay.figures.rows import joined, lean, level_phrase, name_of, of_items, records
from foresay.figures.theme import (
    BLACK,
    DASHES,
    DOUBLE,
    INK,
    NUMBER_TEXT,
    SERIES,
    SHAPES,
    SIZE,
    ZERO_ON_LOGS,
    legend_for,
    looks_of,
    plain,
    short_labels,
    shorten,
    wrapped,
)

QUESTION = "How do self- and cross-prediction change with training, and does their gap close?"
_UPPER, _LOWER, _ABSENT = 190, 110, "#9a9a9a"
_DIFFERENCE = "difference"
_MOST = len(SERIES) - 1
_MARGIN_LEFT = 62


def plot_trend(comparisons: pd.DataFrame, *, width: int = DOUBLE, name: str = "trend") -> Figure:
    """Plot trends: a curve a series, the difference under them, the margin of a plateau.

    A curve needs two levels. A series without any is named as missing in the legend, a level
    that a series lacks is marked with a cross at the foot.

    Parameters
    ----------
    comparisons : pandas.DataFrame
        Rows of trends, as `Workbench.compare` returns them.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no trend, none has two levels, or there are more series than can be told apart.
    """
    data = of_kind(comparisons, "trend", name)
    by = [c for c in grouping(data) if data[c].nunique(dropna=False) > 1]
    titles = data["title"] if data["name"].nunique() > 1 else [""] * len(data)
    blocks = [
        " \N{MIDDLE DOT} ".join(p for p in (visible(t), g) if p)
        for t, g in zip(titles, joined(data, by), strict=True)
    ]
    rows = lean(data).assign(block=blocks, series=data["subject"].map(name_of))
    names = [s for s in dict.fromkeys(rows["series"]) if s != _DIFFERENCE]
    if len(names) > _MOST:
        raise UnsupportedError(
            f"figure '{name}' has {len(names)} series and can tell {_MOST} apart; name fewer under "
            "series"
        )
    parts = [(str(b), p) for b, p in rows.groupby("block", sort=False)]
    drawn = [(b, p) for b, p in parts if _levels(p) > 1]
    if not drawn:
        raise UnsupportedError(
            f"figure '{name}' has no curve: every series has fewer than 2 levels"
        )
    single = [b for b, p in parts if _levels(p) < 2]
    charts = [_block(block, part, names, width) for block, part in drawn]
    shown = pd.concat([part for _, part in drawn])
    return Figure(
        name=name,
        chart=charts[0] if len(charts) == 1 else alt.vconcat(*charts, spacing=20),
        data=data,
        question=QUESTION,
        caption=_caption(shown, names, single),
        alt=_alt(shown),
    )


def _levels(part: pd.DataFrame) -> int:
    """Return the most levels that a series has."""
    there = part[(part["quantity"] == "point") & part["value"].notna()]
    return int(there.groupby("series").size().max()) if len(there) else 0


def _block(block: str, part: pd.DataFrame, names: Sequence[str], width: int) -> Drawn:
    points = part[part["quantity"] == "point"]
    levels = sorted({float(x) for x in points["x"]})
    x = _horizontal(levels, part)
    short = short_labels(list(names), width / 3)
    there = [n for n in names if points.loc[points["series"] == n, "value"].notna().any()]
    below = points[points["series"] == _DIFFERENCE]
    both = bool(below["value"].notna().any())
    own = points[points["series"] != _DIFFERENCE]
    charts = [_curves(own, part, x, [*names], there, short, width, last=not both)]
    if both:
        charts.append(_difference(below, part, x, width))
    chart = alt.vconcat(*charts, spacing=6)
    flat = part[part["quantity"] == "plateau"]
    lines = [
        line for r in records(flat) for line in wrapped(f"Change of {_plateau(r)}", width - 10)
    ]
    title = shorten(block, width - 10) if block else ""
    if not (title or lines):
        return chart
    params = alt.TitleParams(
        title or lines[0],
        subtitle=lines if title else lines[1:],
        anchor="start",
        fontSize=SIZE,
        fontWeight="bold" if title else "normal",
        color=INK,
        subtitleFontSize=SIZE,
        subtitleColor=INK,
    )
    return chart.properties(title=params)


def _plateau(row: dict[str, Any]) -> str:
    """Say what the plateau test of a series showed."""
    start = f"{row['series']} from {float(row['x_from']):,g} to {float(row['x']):,g}"
    if is_missing(row["value"]):
        return f"{start}: not tested, a level is missing"
    return f"{start}: {number_text(row)}, {verdict_words(row)}"


@dataclass(frozen=True, slots=True)
class _Axis:
    """The horizontal axis, which both parts of a block share."""

    levels: list[float]
    logs: bool
    title: str

    def channel(self, *, titled: bool) -> alt.X:
        """Return its channel; the title stands under the last part only."""
        positive = [x for x in self.levels if x > 0]
        scale = (
            # symmetric logarithm: 0 has a place of its own
            plain(type="symlog", constant=positive[0] if positive else 1, nice=False, zero=False)
            if self.logs
            else plain(zero=False, nice=False)
        )
        axis = plain(values=self.levels, format=",~f", grid=False, labelOverlap="greedy")
        zero = ZERO_ON_LOGS if self.logs and min(self.levels) <= 0 else ""
        title = f"{self.title}{zero}" if titled else None
        return alt.X("x:Q", title=title, scale=scale, axis=axis)


def _horizontal(levels: list[float], part: pd.DataFrame) -> _Axis:
    logs = bool(part["against"].astype(str).eq("doubling").any())
    return _Axis(levels, logs, label_of(part["over"].iloc[0]))


def _margins(flat: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return the boxes that a flat curve stays in: around the first level of the plateau."""
    boxes = []
    for r in records(flat[flat["value"].notna()]):
        start = points[(points["series"] == r["series"]) & (points["x"] == r["x_from"])]["value"]
        if len(start) and not is_missing(start.iloc[0]):
            at, margin = float(start.iloc[0]), float(r["margin"])
            ends = {"x": r["x_from"], "x_end": r["x"], "low": at - margin, "high": at + margin}
            boxes.append({"series": r["series"], **ends})
    return pd.DataFrame(boxes, columns=["series", "x", "x_end", "low", "high"])


def _curves(
    points: pd.DataFrame,
    part: pd.DataFrame,
    x: _Axis,
    names: list[str],
    there: list[str],
    short: dict[str, str],
    width: int,
    *,
    last: bool,
) -> Drawn:
    legends = {n: short[n] if n in there else f"{short[n]} (no data)" for n in names}
    order = list(legends.values())
    looks = looks_of(names)
    shown = _drawn(points, legends, {n: SERIES[looks[n]] for n in names})
    legend = legend_for(order, width - 70)
    colours = [SERIES[looks[n]] if n in there else _ABSENT for n in names]
    hue, shape = (
        channel("series:N", scale=plain(domain=order, range=look), legend=legend)
        for channel, look in (
            (alt.Color, colours),
            (alt.Shape, [SHAPES[looks[n]] for n in names]),
        )
    )
    dash = alt.StrokeDash(
        "series:N",
        scale=plain(domain=order, range=[DASHES[looks[n]] for n in names]),
        legend=None,
    )
    flat = part[(part["quantity"] == "plateau") & (part["series"] != _DIFFERENCE)]
    boxes = _margins(flat, points)
    boxes = boxes.assign(hue=[SERIES[looks[s]] for s in boxes["series"]])
    title = label_of(part["estimand"].iloc[0])
    layers = _layers(shown, boxes, x.channel(titled=last), title, hue, shape, dash, _UPPER)
    return alt.layer(*layers, data=shown, width=width - _MARGIN_LEFT, height=_UPPER)


def _difference(points: pd.DataFrame, part: pd.DataFrame, x: _Axis, width: int) -> Drawn:
    shown = _drawn(points, {_DIFFERENCE: _DIFFERENCE}, {_DIFFERENCE: BLACK})
    flat = part[(part["quantity"] == "plateau") & (part["series"] == _DIFFERENCE)]
    boxes = _margins(flat, points).assign(hue=BLACK)
    hue, shape = alt.value(BLACK), alt.value("circle")
    layers = _layers(
        shown, boxes, x.channel(titled=True), "Difference", hue, shape, alt.value([1, 0]), _LOWER
    )
    zero = alt.Chart().mark_rule(strokeWidth=1.5, color=INK).encode(y=alt.YDatum(0))
    return alt.layer(zero, *layers, data=shown, width=width - _MARGIN_LEFT, height=_LOWER)


def _drawn(points: pd.DataFrame, legends: dict[str, str], hues: dict[str, str]) -> pd.DataFrame:
    counted = points[points["value"].notna()].groupby("series").size()
    said = records(points)
    return pd.DataFrame(
        {
            "series": points["series"].map(legends).to_numpy(),
            "hue": points["series"].map(hues).to_numpy(),
            "x": points["x"].astype(float).to_numpy(),
            "value": points["value"].astype(float).to_numpy(),
            "low": points["low"].astype(float).to_numpy(),
            "high": points["high"].astype(float).to_numpy(),
            "line": [bool(counted.get(s, 0) > 1) for s in points["series"]],
            "absent": [
                bool(is_missing(r["value"]) and counted.get(r["series"], 0) > 0) for r in said
            ],
            "text": [number_text(r) for r in said],
        }
    )


def _layers(
    shown: pd.DataFrame,
    boxes: pd.DataFrame,
    across: alt.X,
    title: str,
    hue: object,
    shape: object,
    dash: object,
    height: int,
) -> list[alt.Chart]:
    # areas have a fill and no colour: the legend would take their opacity
    own, filled = alt.Color("hue:N", scale=None), alt.Fill("hue:N", scale=None)
    axis = plain(labelExpr=NUMBER_TEXT, tickCount=4, minExtent=32, maxExtent=32)
    scale = plain(zero=False, nice=False, padding=8)
    y, low = (alt.Y(f"{c}:Q", title=title, axis=axis, scale=scale) for c in ("value", "low"))
    lined = "datum.line && isValid(datum.value)"
    made: list[alt.Chart] = []
    if len(boxes):
        box = alt.Chart(boxes).mark_rect(
            filled=True, fillOpacity=0.08, strokeDash=[3, 2], strokeWidth=1, strokeOpacity=0.8
        )
        made.append(
            box.encode(
                x=across,
                x2=alt.X2("x_end:Q"),
                y=low,
                y2=alt.Y2("high:Q"),
                fill=filled,
                stroke=alt.Stroke("hue:N", scale=None),
            )
        )
    band = alt.Chart().mark_area(opacity=0.18)
    made.append(
        band.transform_filter(f"{lined} && isValid(datum.low)").encode(
            x=across, y=low, y2=alt.Y2("high:Q"), fill=filled
        )
    )
    line = alt.Chart().mark_line(strokeWidth=2)
    made.append(line.transform_filter(lined).encode(x=across, y=y, color=own, strokeDash=dash))
    rule = alt.Chart().mark_rule(strokeWidth=1.5)
    made.append(
        rule.transform_filter("isValid(datum.low)").encode(
            x=across, y=low, y2=alt.Y2("high:Q"), color=own
        )
    )
    told = [
        alt.Tooltip("series:N", title="Series"),
        alt.Tooltip("x:Q", title="Level", format=",~f"),
        alt.Tooltip("text:N", title=title),
    ]
    point = alt.Chart().mark_point(filled=True, size=60, opacity=1)
    made.append(
        point.transform_filter("isValid(datum.value)").encode(
            x=across, y=y, color=hue, shape=shape, tooltip=told
        )
    )
    if shown["absent"].any():
        lost = alt.Chart().mark_text(text="\N{MULTIPLICATION X}", fontSize=13, dy=-7)
        made.append(
            lost.transform_filter("datum.absent").encode(x=across, y=alt.value(height), color=own)
        )
    return made


def _caption(rows: pd.DataFrame, names: Sequence[str], single: Sequence[str]) -> str:
    over = label_of(rows["over"].iloc[0]).lower()
    points = rows[rows["quantity"] == "point"]
    items = int(rows["n_items"].max())
    text = (
        f"{label_of(rows['estimand'].iloc[0])}{level_phrase(points)} by {over}, on "
        f"{plural(items, 'item')}. Bands and upright lines: intervals."
    )
    slopes = [r for r in records(rows[rows["quantity"] == "slope"]) if not is_missing(r["value"])]
    for r in slopes:
        if r["series"] == _DIFFERENCE:
            about = f" of {r['block']}" if r["block"] else ""
            step = f"doubling of {over}" if r["against"] == "doubling" else f"unit of {over}"
            text += (
                f" The difference{about} changes by {number_text(r)} for each {step}, "
                f"{verdict_words(r)} (t test, {p_text(r['p_value'])})."
            )
    flat = rows[(rows["quantity"] == "plateau") & rows["margin"].notna()]
    if len(flat):
        text += " Boxes: the margin that a flat curve stays in, tested by two one-sided t tests."
    absent = [n for n in names if points.loc[points["series"] == n, "value"].isna().all()]
    if absent:
        text += f" Not in these tables: {listing(absent)}."
    lost = points[points["value"].isna() & ~points["series"].isin([*absent, _DIFFERENCE])]
    if len(lost):
        named = [f"{r['series']} at {float(r['x']):,g}" for r in records(lost)]
        text += f" Missing levels (crosses at the foot): {listing(named, most=6)}."
    if single:
        text += f" Fewer than two levels, not drawn: {listing(list(single), most=6)}."
    return text


def _alt(rows: pd.DataFrame) -> str:
    said = []
    for (block, series), part in rows.groupby(["block", "series"], sort=False):
        points = [
            f"{float(r['x']):,g}: " + ("missing" if is_missing(r["value"]) else number_text(r))
            for r in records(part[part["quantity"] == "point"])
        ]
        about = f"{block}, {series}" if block else str(series)
        said.append(f"{about} at {'; '.join(points)}")
        said += [_plateau(r) for r in records(part[part["quantity"] == "plateau"])]
    over = label_of(rows["over"].iloc[0]).lower()
    size = of_items(rows[rows["quantity"] == "point"])
    return f"Line chart by {over}{size}. {'. '.join(said)}."
