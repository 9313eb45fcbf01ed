"""Precision of the ceiling: what more repeats buy, a line for each number of items."""

from __future__ import annotations

import altair as alt
import pandas as pd

from foresay.display import count, decimal, label_of, listing
from foresay.display.plans import planned_by
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.lines import Lines, draw_labelled, panel_width
from foresay.figures.panels import draw_lines
from foresay.figures.rows import joined, name_of, panel_start, records, require_unique
from foresay.figures.theme import DOUBLE, GREY, SERIES, place_x, proportion_axis

QUESTION = "How many repeats of each prompt does the ceiling need?"


def plot_ceiling_precision(
    precision: pd.DataFrame, *, width: int = DOUBLE, name: str = "ceiling-precision"
) -> Figure:
    """Plot the standard error of the ceiling against repeats, a line for each number of items.

    A dotted line of the same colour is the floor that more repeats of so many items cannot lower.
    Where three repeats leave the error open, the line is its upper bound and a band goes down to
    the lower one.

    Parameters
    ----------
    precision : pandas.DataFrame
        What `Workbench.ceiling_precision` returned; grouping columns that vary make panels.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If it is no such table, nothing in it is defined, or it has more lines than can be told
        apart.
    """
    for column in ("estimand", "repeats", "items", "standard_error", "floor", "least"):
        if column not in precision.columns:
            raise UnsupportedError(
                f"figure '{name}' needs a column '{column}'; pass what ceiling_precision() returned"
            )
    by = planned_by(precision)
    drawn = precision[precision["standard_error"].notna()].reset_index(drop=True)
    if drawn.empty:
        raise UnsupportedError(f"figure '{name}' has nothing to draw: no error is defined")
    shown = [c for c in by if drawn[c].map(name_of).nunique() > 1]
    drawn = drawn.assign(panel=joined(drawn, shown))
    require_unique(drawn, ["panel", "items", "repeats"], name)
    order = [f"{count(n)} items" for n in sorted(set(drawn["items"]))]
    if len(order) > len(SERIES):
        raise UnsupportedError(
            f"figure '{name}' has {len(order)} numbers of items and can tell {len(SERIES)} apart; "
            "name fewer"
        )
    drawn = drawn.assign(
        x=drawn["repeats"].astype(float),
        y=drawn["standard_error"],
        line=drawn["items"].map(lambda n: f"{count(n)} items"),
        place=drawn["repeats"].map(count),
        text=drawn["standard_error"].map(lambda v: decimal(v, 4)),
    )
    lines = Lines(order=order, title="Repeats of each item", logarithmic=True)
    return Figure(
        name=name,
        chart=_chart(drawn, lines, width),
        data=precision.reset_index(drop=True),
        question=QUESTION,
        caption=_caption(precision, drawn, by, shown),
        alt=_alt(drawn, order),
    )


def _chart(drawn: pd.DataFrame, lines: Lines, width: int) -> alt.TopLevelMixin:
    high = float(drawn["y"].max()) * 1.08 or 1.0
    axis = proportion_axis(0, high, title="Standard error of the ceiling")
    y = alt.Y("y:Q", **axis)
    layers = draw_labelled(lines, drawn, y, "Standard error", panel_width(drawn, width))
    x, color = layers[0].encoding.x, layers[0].encoding.color
    floor = alt.Chart().mark_line(strokeWidth=1.2, strokeDash=[1, 3], opacity=0.9)
    floor = floor.transform_filter("isValid(datum.floor)")
    layers.insert(0, floor.encode(x=x, y=alt.Y("floor:Q", **axis), color=color))
    highest = drawn[drawn["floor"].notna()].sort_values("floor", kind="stable")
    drawn["floored"] = drawn.index.isin(highest.drop_duplicates("panel", keep="last").index)
    said = alt.Chart().transform_filter("datum.floored && isValid(datum.floor)")
    said = said.mark_text(align="left", baseline="bottom", dx=4, dy=-2, color=GREY)
    layers.append(
        said.encode(
            x=place_x(0), y=alt.Y("floor:Q", **axis), text=alt.TextValue("no repeats go below")
        )
    )
    band = alt.Chart().mark_area(opacity=0.12)
    layers.insert(0, band.encode(x=x, y=alt.Y("least:Q", **axis), y2=alt.Y2("y:Q"), color=color))
    fields = [
        "panel",
        "line",
        "place",
        "x",
        "y",
        "floor",
        "least",
        "text",
        "end",
        "label_y",
        "floored",
    ]
    return draw_lines(layers, lines.labelled(drawn, 0.0, high)[fields], width, height=260)


def _caption(precision: pd.DataFrame, drawn: pd.DataFrame, by: list[str], shown: list[str]) -> str:
    first = drawn.iloc[0]
    held = listing([f"{label_of(c).lower()} {name_of(first[c])}" for c in by if c not in shown])
    text = "Standard error of the resample ceiling" + (f" ({held})" if held else "")
    text += " by the number of repeats."
    if drawn["floor"].notna().any():
        text += " Dotted: what more repeats of so many items cannot lower."
    if (drawn["least"] < drawn["standard_error"] * (1 - 1e-9)).any():
        text += " Band: three repeats leave the error of more open; the line is its upper bound."
    lost = precision[precision["standard_error"].isna()]
    parts = {
        f"{' '.join(name_of(row[c]) for c in by) or label_of(row['estimand'])} "
        f"({name_of(row['note']).removeprefix('undefined: ')})": None
        for row in records(lost)
    }
    return text + (f" Not estimable: {listing(list(parts), most=4)}." if parts else "")


def _alt(drawn: pd.DataFrame, order: list[str]) -> str:
    sentences = []
    for panel, part in drawn.groupby("panel", sort=False):
        for line in order:
            own = part[part["line"] == line].sort_values("x")
            points = [f"{row['place']}: {row['text']}" for row in records(own)]
            if points:
                sentences.append(f"{panel_start(panel)}{line} at {'; '.join(points)}")
    return f"Line chart of the standard error of the ceiling by repeats. {'. '.join(sentences)}."
