"""Scaling: accuracy against the number of training examples, for self and for cross."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from foresay.display import count, label_of, listing
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.panels import draw_lines
from foresay.figures.rows import (
    common_digits,
    constants,
    joined,
    level_phrase,
    missing_sentence,
    of_items,
    panel_start,
    records,
    require_unique,
    select,
    texts,
    varying,
)
from foresay.figures.theme import (
    DASHES,
    DOUBLE,
    LINE_SHAPE,
    SERIES,
    SHAPES,
    ZERO_ON_LOGS,
    legend_for,
    looks_of,
    plain,
    proportion_axis,
    short_labels,
)

QUESTION = "How does accuracy grow with training, for self- and for cross-prediction?"
_TOO_MANY = len(SERIES)


def plot_scaling(
    estimates: pd.DataFrame,
    *,
    estimand: str = "accuracy",
    series: str = "role",
    expected: Sequence[str] = ("self", "cross"),
    width: int = DOUBLE,
    name: str = "scaling",
) -> Figure:
    """Plot accuracy against ``n_train``, a line with a band for each arm that has two points.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates by ``n_train`` and `series`; other columns that vary make panels.
    estimand : str
        What is shown.
    series : str
        The grouping column that names the arms.
    expected : sequence of str
        Arms that belong into the figure; the caption names the ones that are not there.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table lacks ``n_train`` or `series`, or has more arms than can be told apart.
    """
    data = select(estimates, [estimand], name)
    for column in ("n_train", series):
        if column not in data.columns:
            raise UnsupportedError(
                f"figure '{name}' needs the grouping column '{column}'; "
                f"estimate with by=['n_train', '{series}']"
            )
    data = data[data["n_train"].notna()].reset_index(drop=True)
    split = varying(data, leave=["n_train", series])
    rows = data.assign(
        panel=joined(data, split), arm=joined(data, [series]), n=data["n_train"].astype(float)
    )
    require_unique(rows, ["panel", "arm", "n"], name)
    arms = list(dict.fromkeys([*[e for e in expected if e in set(rows["arm"])], *rows["arm"]]))
    arms.sort(key=lambda arm: not arm.startswith("self"))  # first in the legend, and its colour
    if len(arms) > _TOO_MANY:
        raise UnsupportedError(
            f"figure '{name}' has {len(arms)} arms and can tell {_TOO_MANY} apart; "
            f"choose arms with where="
        )
    rows = texts(rows, common_digits(rows)).sort_values("n", kind="stable", ignore_index=True)
    rows = rows.assign(line=_has_line(rows))
    return Figure(
        name=name,
        chart=_chart(rows, arms, [e for e in expected if e not in arms], width),
        data=data,
        question=QUESTION,
        caption=_caption(rows, data, estimand, series, arms, expected),
        alt=_alt(rows, arms, label_of(estimand)),
    )


def _has_line(rows: pd.DataFrame) -> list[bool]:
    points = rows[rows["value"].notna()].groupby(["panel", "arm"]).size()
    return [
        points.get((panel, arm), 0) > 1
        for panel, arm in zip(rows["panel"], rows["arm"], strict=True)
    ]


def _chart(rows: pd.DataFrame, arms: list[str], absent: list[str], width: int) -> alt.TopLevelMixin:
    title = label_of(rows["estimand"].iloc[0])
    names = short_labels(arms, width / 2)
    order = [*names.values(), *(f"{arm} (no data)" for arm in absent)]
    legend = legend_for(order, width - 70)
    # the legend would take the opacity of the bands and the strokes of the lines
    legend.symbolOpacity, legend.symbolStrokeWidth = 1, 0
    positive = sorted({n for n in rows["n"] if n > 0})
    steps = sorted(set(rows["n"]))
    x = alt.X(
        "n:Q",
        title="Training examples" + (ZERO_ON_LOGS if steps[0] <= 0 else ""),
        # symmetric logarithm: 0 has a place of its own
        scale=plain(type="symlog", constant=positive[0] if positive else 1, nice=False),
        axis=plain(values=steps, format=",d", grid=False, labelOverlap="greedy"),
    )
    axis = proportion_axis(title=title)
    place = looks_of(arms)
    looks = ((SERIES, "#bbbbbb"), (DASHES, [1, 3]), (SHAPES, LINE_SHAPE))
    color, dash, shape = (
        plain(domain=order, range=[*(present[place[arm]] for arm in arms), *[lost] * len(absent)])
        for present, lost in looks
    )
    hue = alt.Color("arm:N", scale=color, legend=legend)
    lined, bounded = "datum.line && isValid(datum.value)", "isValid(datum.low)"
    band = (
        alt.Chart()
        .mark_area(opacity=0.18)
        .transform_filter(f"{lined} && {bounded}")
        .encode(x=x, y=alt.Y("low:Q", **axis), y2=alt.Y2("high:Q"), color=hue)
    )
    line = (
        alt.Chart()
        .mark_line(strokeWidth=2)
        .transform_filter(lined)
        .encode(
            x=x,
            y=alt.Y("value:Q", **axis),
            color=hue,
            strokeDash=alt.StrokeDash("arm:N", scale=dash, legend=None),
        )
    )
    rule = (
        alt.Chart()
        .mark_rule(strokeWidth=1.5)
        .transform_filter(bounded)
        .encode(x=x, y=alt.Y("low:Q", **axis), y2=alt.Y2("high:Q"), color=hue)
    )
    point = (
        alt.Chart()
        .mark_point(filled=True, size=60, opacity=1)
        .transform_filter("isValid(datum.value)")
        .encode(
            x=x,
            y=alt.Y("value:Q", **axis),
            color=hue,
            shape=alt.Shape("arm:N", scale=shape, legend=legend),
            tooltip=[
                alt.Tooltip("full:N", title="Arm"),
                alt.Tooltip("n:Q", title="Training examples", format=",d"),
                alt.Tooltip("text:N", title=title),
                alt.Tooltip("n_items:Q", title="Items"),
            ],
        )
    )
    fields = ["panel", "arm", "full", "n", "value", "low", "high", "text", "line", "n_items"]
    shown = rows.assign(full=rows["arm"], arm=rows["arm"].map(names))[fields]
    return draw_lines([band, rule, line, point], shown, width)


def _caption(
    rows: pd.DataFrame,
    data: pd.DataFrame,
    estimand: str,
    series: str,
    arms: list[str],
    expected: Sequence[str],
) -> str:
    held = constants(data, leave=["n_train", series])
    text = (
        f"{label_of(estimand)}{level_phrase(data)}{of_items(data)} by number of training examples"
    )
    text += f" ({held})." if held else "."
    text += " Bands and upright lines: intervals."
    absent = [arm for arm in expected if arm not in arms]
    if absent:
        text += f" Not in these tables: {listing(absent)}."
    alone = [arm for arm in arms if not rows.loc[rows["arm"] == arm, "line"].any()]
    if alone:
        text += f" A line needs two points: {listing(alone)} {'has' if len(alone) == 1 else 'have'}"
        text += " fewer."
    rows = rows.assign(place=rows["arm"] + ", n = " + rows["n"].map(count))
    return text + missing_sentence(rows, "place")


def _alt(rows: pd.DataFrame, arms: list[str], title: str) -> str:
    sentences = []
    for panel, part in rows.groupby("panel", sort=False):
        for arm in arms:
            points = [
                f"{count(row['n'])}: {'not estimable' if row['reason'] else row['text']}"
                for row in records(part[part["arm"] == arm])
            ]
            if points:
                sentences.append(f"{panel_start(panel)}{arm} at {'; '.join(points)}")
    start = f"Line chart of {title.lower()} by training examples{of_items(rows)}"
    return f"{start}. {'. '.join(sentences)}."
