"""What more repeats do: ceilings by their number k, and agreement over N."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from foresay.display import count, grouping_columns, label_of, listing
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
    require_unique,
    select,
    texts,
)
from foresay.figures.theme import (
    DASHES,
    DOUBLE,
    NARROW,
    SERIES,
    SHAPES,
    legend_for,
    plain,
    proportion_axis,
)

K_QUESTION = "How much do the ceilings depend on the number of repeats?"
N_QUESTION = "How often are N repeats of a target all the same?"
K_LINES = {
    "plug_in_modal": "Plug-in, commonest share",
    "plug_in_resample": "Plug-in, squared shares",
    "ceiling_modal_upper": "Modal ceiling, upper end",
    "ceiling_modal_lower": "Modal ceiling, lower end",
    "ceiling_resample": "Resample ceiling",
}
N_LINES = {"agreement_answer": "Parsed answers", "agreement_raw": "Replies as they came"}
_MOST_PANELS = 12
_FIELDS = ["panel", "line", "repeats", "x", "value", "low", "high", "text"]
_PAD = 0.03
_APART = 0.06
"""Room that the lines take at one number of repeats, as a part of the axis."""


def plot_ceiling_by_k(
    ceilings: pd.DataFrame, *, width: int = DOUBLE, name: str = "ceiling-by-k"
) -> Figure:
    """Plot ceilings, their ends and the plug-ins against the number of repeats.

    Parameters
    ----------
    ceilings : pandas.DataFrame
        What `Workbench.ceiling_by_k` returned; grouping columns that vary make panels.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If it is no such table, has one number of repeats, or more panels than can be read.
    """
    reading = (
        "A plug-in falls with every repeat because it takes chance for repetition; the resample "
        "ceiling is free of that. The modal ceiling lies between its two ends."
    )
    return _plot(
        ceilings,
        K_LINES,
        question=K_QUESTION,
        axis="Repeats of each item",
        subject="Ceilings by the number of repeats",
        reading=reading,
        width=width,
        name=name,
    )


def plot_agreement_by_n(
    agreement: pd.DataFrame, *, width: int = DOUBLE, name: str = "agreement-by-n"
) -> Figure:
    """Plot the share of items whose N repeats are all the same, against N.

    Parameters
    ----------
    agreement : pandas.DataFrame
        What `Workbench.agreement_by_n` returned; grouping columns that vary make panels.
    width, name
        As for `plot_ceiling_by_k`.

    Raises
    ------
    UnsupportedError
        As `plot_ceiling_by_k`.
    """
    return _plot(
        agreement,
        N_LINES,
        question=N_QUESTION,
        axis="Repeats, N" if width < NARROW else "Repeats that are compared, N",
        subject="Share of items whose N repeats are all the same",
        reading="Every N is over the same items and all ways to choose N of their repeats.",
        width=width,
        name=name,
    )


def _plot(
    table: pd.DataFrame,
    lines: Mapping[str, str],
    *,
    question: str,
    axis: str,
    subject: str,
    reading: str,
    width: int,
    name: str,
) -> Figure:
    if "repeats" not in table.columns:
        raise UnsupportedError(
            f"figure '{name}' needs a column 'repeats'; pass what ceiling_by_k() or "
            "agreement_by_n() returned"
        )
    first = next((e for e in lines if (table["estimand"] == e).any()), next(iter(lines)))
    data = select(table, [first, *lines], name)
    drawn = data[data["value"].notna()].reset_index(drop=True)
    if drawn["repeats"].nunique() < 2:
        raise UnsupportedError(f"figure '{name}' needs two numbers of repeats; one makes no line")
    by = [c for c in grouping_columns(drawn) if c != "repeats"]
    shown = [c for c in by if drawn[c].map(name_of).nunique() > 1]
    drawn = drawn.assign(panel=joined(drawn, shown))
    if drawn["panel"].nunique() > _MOST_PANELS:
        raise UnsupportedError(
            f"figure '{name}' would have {drawn['panel'].nunique()} panels, and {_MOST_PANELS} is "
            "the most that can be read; group by fewer columns"
        )
    require_unique(drawn, ["panel", "estimand", "repeats"], name)
    drawn = texts(drawn, common_digits(drawn)).assign(
        line=drawn["estimand"].map(lines),
        place=drawn["repeats"].map(count),
    )
    order = [line for estimand, line in lines.items() if (drawn["estimand"] == estimand).any()]
    held = listing(
        [f"{label_of(c).lower()} {name_of(drawn[c].iloc[0])}" for c in by if c not in shown]
    )
    caption = f"{subject}{level_phrase(drawn)}{of_items(drawn)}"
    caption += f" by {listing([label_of(c).lower() for c in shown])}" if shown else ""
    caption += f" ({held})" if held else ""
    caption += f". Upright lines: intervals. {reading}"
    return Figure(
        name=name,
        chart=_chart(drawn, order, axis, width),
        data=data,
        question=question,
        caption=caption,
        alt=_alt(drawn, order, subject),
    )


def _chart(drawn: pd.DataFrame, order: list[str], title: str, width: int) -> alt.TopLevelMixin:
    ends = drawn[["low", "high", "value"]]
    low, high = float(ends.min().min()) - _PAD, min(1.0, float(ends.max().max()) + _PAD)
    y = alt.Y("value:Q", **proportion_axis(max(0.0, low), high, title="Share"))
    ticks = sorted(set(drawn["repeats"].astype(int)))
    # lines of one number of repeats stand beside each other, so that their intervals can be seen
    step = _APART * (ticks[-1] - ticks[0]) / max(len(order) - 1, 1)
    beside = {line: (n - (len(order) - 1) / 2) * step for n, line in enumerate(order)}
    drawn = drawn.assign(x=drawn["repeats"] + drawn["line"].map(beside))
    room = _APART * (ticks[-1] - ticks[0])
    scale = plain(domain=[ticks[0] - room, ticks[-1] + room], nice=False, zero=False)
    axis = plain(values=ticks, grid=False, format="d", labelOverlap="greedy")
    x = alt.X("x:Q", title=title, scale=scale, axis=axis)
    color, dash, shape = (
        plain(domain=order, range=list(looks[: len(order)])) for looks in (SERIES, DASHES, SHAPES)
    )
    legend = legend_for(order, width - 60)
    # the legend would take the opacity of the rules and the strokes of the lines
    legend.symbolOpacity, legend.symbolStrokeWidth = 1, 0
    hue = alt.Color("line:N", scale=color, legend=legend)
    tooltip = [
        alt.Tooltip("line:N", title="Line"),
        alt.Tooltip("repeats:Q", title=title),
        alt.Tooltip("text:N", title="Value"),
    ]
    layers = [
        alt.Chart()
        .mark_rule(strokeWidth=1.5, opacity=0.6)
        .transform_filter("isValid(datum.low)")
        .encode(x=x, y=alt.Y("low:Q", title="Share"), y2=alt.Y2("high:Q"), color=hue),
        alt.Chart()
        .mark_line(strokeWidth=2)
        .encode(x=x, y=y, color=hue, strokeDash=alt.StrokeDash("line:N", scale=dash, legend=None)),
        alt.Chart()
        .mark_point(filled=True, size=50, opacity=1)
        .encode(
            x=x,
            y=y,
            color=hue,
            shape=alt.Shape("line:N", scale=shape, legend=legend),
            tooltip=tooltip,
        ),
    ]
    return draw_lines(layers, drawn[_FIELDS], width, height=220)


def _alt(drawn: pd.DataFrame, order: list[str], subject: str) -> str:
    sentences = []
    for panel, part in drawn.groupby("panel", sort=False):
        said = []
        for line in order:
            own = part[part["line"] == line].sort_values("repeats")
            points = [f"{row['place']}: {row['value_text']}" for row in records(own)]
            if points:
                said.append(f"{line} at {', '.join(points)}")
        sentences.append(panel_start(panel) + "; ".join(said))
    start = f"Line chart: {subject[:1].lower()}{subject[1:]}{of_items(drawn)}"
    return f"{start}. {'. '.join(sentences)}."
