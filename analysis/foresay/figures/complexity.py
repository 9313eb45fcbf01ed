"""Accuracy and its baseline as items get harder, with hollow points at the floor."""

from __future__ import annotations

import altair as alt
import pandas as pd

from foresay.display import grouping_columns, is_missing, label_of, listing
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.panels import draw_lines
from foresay.figures.rows import (
    common_digits,
    joined,
    level_phrase,
    name_of,
    of_items,
    panel_start,
    records,
    texts,
)
from foresay.figures.theme import (
    DASHES,
    DOUBLE,
    GREY,
    LINE_SHAPE,
    SERIES,
    SHAPES,
    legend_for,
    plain,
    proportion_axis,
    short_labels,
)

QUESTION = "Is there anything left over the baseline where items are harder?"
BASELINE = "mode baseline"
_PARTS = ("series", "quantity", "x")


def plot_complexity(
    complexity: pd.DataFrame,
    *,
    over: str = "complexity",
    width: int = DOUBLE,
    name: str = "complexity",
) -> Figure:
    """Plot accuracy of each series and the baseline over a numeric column.

    Parameters
    ----------
    complexity : pandas.DataFrame
        What `Workbench.complexity` returns; other columns that vary make panels.
    over : str
        The column of the axis.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table is not one of complexity, or has too many series.
    """
    told = grouping_columns(complexity)
    if not set(_PARTS) <= set(told) or "floor" not in complexity.columns:
        raise UnsupportedError(
            f"figure '{name}' needs accuracy by complexity; pass what complexity() returned"
        )
    data = complexity.reset_index(drop=True)
    split = [c for c in told if c not in (*_PARTS, "floor") and data[c].nunique(dropna=False) > 1]
    rows = texts(
        data.assign(panel=joined(data, split), arm=data["series"].map(name_of)),
        common_digits(data),
    )
    points = rows[rows["quantity"] == "point"]
    names = list(dict.fromkeys(points["arm"]))
    if len(names) > len(SERIES) - 1:
        raise UnsupportedError(
            f"figure '{name}' has {len(names)} series and can tell {len(SERIES) - 1} apart"
        )
    return Figure(
        name=name,
        chart=_chart(points, names, label_of(over), width),
        data=data,
        question=QUESTION,
        caption=_caption(rows, label_of(over).lower()),
        alt=_alt(points),
    )


def _chart(points: pd.DataFrame, names: list[str], over: str, width: int) -> alt.TopLevelMixin:
    short = short_labels(names, width / 3)
    accuracy = points[points["estimand"] == "accuracy"]
    accuracy = accuracy.assign(arm=accuracy["arm"].map(short), base=False)
    there = accuracy[accuracy["value"].notna()].groupby("arm").size()
    names_there = [n for n in names if there.get(short[n], 0)]
    # all series are on the same items, so the baseline is one curve
    base = points[(points["estimand"] == "baseline_mode") & points["value"].notna()]
    base = base[base["arm"] == (names_there[0] if names_there else "")]
    base = base.assign(arm=BASELINE, base=True, floor=False)
    legends = {short[n]: short[n] if n in names_there else f"{short[n]} (no data)" for n in names}
    drawn = pd.concat([accuracy.assign(arm=accuracy["arm"].map(legends)), base], ignore_index=True)
    order = [*legends.values(), BASELINE]
    hues = [SERIES[i] if n in names_there else "#bbbbbb" for i, n in enumerate(names)]
    colour, dash, shape = (
        plain(domain=order, range=look)
        for look in (
            [*hues, GREY],
            [*DASHES[: len(names)], [2, 3]],
            [*SHAPES[: len(names)], LINE_SHAPE],
        )
    )
    legend = legend_for(order, width - 60)
    legend.symbolOpacity = 1
    x = alt.X(
        "x:Q",
        title=over,
        scale=plain(zero=False, nice=False, padding=12),
        axis=plain(values=sorted(set(drawn["x"])), format="~g", grid=False, labelOverlap="greedy"),
    )
    axis = proportion_axis(title="Accuracy")
    # lines and rules carry their own colour, so that the legend shows the marks alone
    drawn["hue"] = drawn["arm"].map(dict(zip(order, [*hues, GREY], strict=True)))
    own = alt.Color("hue:N", scale=None)
    valid = "isValid(datum.value)"
    layers = [
        alt.Chart()
        .mark_line(strokeWidth=2)
        .transform_filter(valid)
        .encode(
            x=x,
            y=alt.Y("value:Q", **axis),
            color=own,
            strokeDash=alt.StrokeDash("arm:N", scale=dash, legend=None),
        ),
        alt.Chart()
        .mark_rule(strokeWidth=1.5)
        .transform_filter("isValid(datum.low) && !datum.base")
        .encode(x=x, y=alt.Y("low:Q", **axis), y2=alt.Y2("high:Q"), color=own),
        alt.Chart()
        .mark_point(filled=True, size=65, opacity=1)
        .transform_filter(valid)
        .encode(
            x=x,
            y=alt.Y("value:Q", **axis),
            color=alt.Color("arm:N", scale=colour, legend=legend),
            shape=alt.Shape("arm:N", scale=shape, legend=legend),
            tooltip=[
                alt.Tooltip("arm:N", title="Series"),
                alt.Tooltip("x:Q", title=over),
                alt.Tooltip("text:N", title="Value"),
                alt.Tooltip("n_trials:Q", title="Trials"),
            ],
        ),
        alt.Chart()
        .mark_point(filled=True, size=22, opacity=1, color="white")
        .transform_filter(f"{valid} && datum.floor")
        .encode(
            x=x,
            y=alt.Y("value:Q", **axis),
            shape=alt.Shape("arm:N", scale=shape, legend=None),
        ),
    ]
    fields = [
        "panel",
        "arm",
        "hue",
        "x",
        "value",
        "low",
        "high",
        "text",
        "floor",
        "base",
        "n_trials",
    ]
    return draw_lines(layers, drawn[fields], width)


def _caption(rows: pd.DataFrame, over: str) -> str:
    points = rows[rows["quantity"] == "point"]
    text = (
        f"Accuracy{level_phrase(points)}{of_items(points)} and the mode baseline by {over}. "
        "Upright lines: intervals. Hollow: not above the baseline, so nothing is left that could "
        "fall."
    )
    slopes = rows[(rows["quantity"] == "slope") & rows["value"].notna()]
    said = [f"{panel_start(r['panel'])}{r['arm']} {r['text']}" for r in records(slopes)]
    if said:
        text += f" Change of accuracy over the baseline for each unit of {over}: {listing(said)}."
    none = [
        str(n)
        for n, part in points[points["estimand"] == "accuracy"].groupby("arm", sort=False)
        if part["value"].isna().all()
    ]
    return text + (f" Not in these tables: {listing(none)}." if none else "")


def _alt(points: pd.DataFrame) -> str:
    said = []
    accuracy = points[points["estimand"] == "accuracy"]
    for (panel, arm), part in accuracy.groupby(["panel", "arm"], sort=False):
        values = [
            f"{r['x']:g}: {'missing' if is_missing(r['value']) else r['text']}"
            f"{' (at the floor)' if r['floor'] else ''}"
            for r in records(part)
        ]
        said.append(f"{panel_start(panel)}{arm} at {'; '.join(values)}")
    return f"Line chart of accuracy{of_items(points)}. {'. '.join(said)}."
