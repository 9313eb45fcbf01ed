"""A forest plot: a labelled row per estimate, its interval, a reference line, its numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from foresay.display import count, direction, is_missing, label_of, listing
from foresay.figures.figure import Figure
from foresay.figures.panels import Rows, draw, rows_for
from foresay.figures.rows import (
    common_digits,
    constants,
    ends_sentence,
    joined,
    level_phrase,
    missing_sentence,
    name_of,
    of_items,
    panel_start,
    records,
    require_unique,
    select,
    texts,
    varying,
)
from foresay.figures.theme import (
    BLUE,
    DOUBLE,
    GREY,
    INK,
    NARROW,
    legend_for,
    plain,
    proportion_axis,
)

_SHOWN = [
    *("panel", "label", "full", "value", "low", "high", "text", "printed", "items", "reason"),
    "clear",
]
_CLEAR, _UNCLEAR = "Interval excludes {}", "Interval holds {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of a forest plot.

    Parameters
    ----------
    question : str
        What it answers.
    axis : str
        Title of the axis.
    subject : str
        What is shown, as the caption starts: ``Compliance``.
    reading : str
        A sentence for the caption on how to read it; "" for none.
    """

    question: str
    axis: str
    subject: str
    reading: str = ""


def plot_forest(
    estimates: pd.DataFrame,
    estimand: str,
    *,
    row: str | None = None,
    reference: float | None = None,
    wording: Wording | None = None,
    width: int = DOUBLE,
    name: str = "forest",
) -> Figure:
    """Plot the rows of one estimand with their intervals and numbers.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates or contrasts.
    estimand : str
        The estimand, or contrast, to show.
    row : str, optional
        The grouping column that names the rows, the other ones that vary making panels; by
        default all that vary name the rows together.
    reference : float, optional
        Where a line is drawn; estimates whose interval holds it are hollow. With 0 the axis is
        symmetric, else it goes from 0 to 1 or as far as it must.
    wording : Wording, optional
        By default made from the estimand's name.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no row of that estimand, or two would be drawn in one place.
    """
    data = select(estimates, [estimand], name)
    split = varying(data, leave=[row]) if row is not None else []
    named = [row] if row is not None else varying(data) or _named(data)
    full = joined(data, named) if named else [label_of(estimand)] * len(data)
    rows = texts(data.assign(panel=joined(data, split), full=full), common_digits(data))
    require_unique(rows, ["panel", "full"], name)
    panels = rows["panel"].duplicated().sum() < len(rows) - 1
    lines = rows_for(full, width)
    short = not lines.above and (width < NARROW or panels)
    rows = rows.assign(
        printed=[_printed(r, short=short) for r in records(rows)],
        items=["" if width < NARROW or panels else _items(r) for r in records(rows)],
        clear=[_clear(r, reference) for r in records(rows)],
    )
    words = wording or Wording(
        question=f"How large is {label_of(estimand).lower()}?",
        axis=label_of(estimand),
        subject=label_of(estimand),
    )
    rows["label"] = rows["full"].map(lines.labels)
    return Figure(
        name=name,
        chart=_chart(rows, lines, reference, words.axis, width),
        data=data,
        question=words.question,
        caption=_caption(rows, data, words, [*named, *split]),
        alt=_alt(rows, words.subject, reference),
    )


def _named(data: pd.DataFrame) -> list[str]:
    """Return the columns that name a table of one row: those that are not missing."""
    columns = list(data.columns)
    grouping = columns[columns.index("estimand") + 1 : columns.index("value")]
    return [c for c in grouping if not is_missing(data[c].iloc[0]) and name_of(data[c].iloc[0])]


def _printed(record: dict[str, Any], *, short: bool) -> str:
    return "" if record["reason"] else str(record["value_text" if short else "text"])


def _items(record: dict[str, Any]) -> str:
    if record["reason"] or is_missing(record.get("n_items")):
        return ""
    return f"n {count(record['n_items'])}"


def _clear(record: dict[str, Any], reference: float | None) -> str:
    if reference is None:
        return ""
    found = direction(record, reference)
    pattern = _CLEAR if found in {"higher than", "lower than"} else _UNCLEAR
    return pattern.format(f"{reference:g}")


def _domain(rows: pd.DataFrame, reference: float | None) -> tuple[float, float]:
    """Return the ends of the axis: from 0 to 1 or beyond, or symmetric around 0, in .05s."""
    ends = rows[["value", "low", "high"]].abs().max().max()
    reach = 0.1 if is_missing(ends) else math.ceil(float(ends) * 20 + 1e-9) / 20
    return (-reach, reach) if reference == 0 else (0.0, max(1.0, reach))


def _chart(
    rows: pd.DataFrame, lines: Rows, reference: float | None, title: str, width: int
) -> alt.TopLevelMixin:
    low, high = _domain(rows, reference)
    axis = proportion_axis(low, high, title=title)
    y = lines.channel()
    rule = (
        alt.Chart()
        .mark_rule(strokeWidth=2, color=BLUE, clip=True)
        .transform_filter("isValid(datum.low) && isValid(datum.high)")
        .encode(y=y, x=alt.X("low:Q", **axis), x2=alt.X2("high:Q"))
    )
    lost = (
        alt.Chart()
        .mark_text(align="left", color=GREY, dx=4)
        .transform_filter("datum.reason !== ''")
        .encode(y=y, x=alt.XDatum(low), text=alt.TextValue("not estimable"))
    )
    layers = [rule, _points(y, axis, reference, width - lines.extent), lost]
    if reference is not None:
        line = alt.Chart().mark_rule(strokeWidth=1.5, color=INK).encode(x=alt.XDatum(reference))
        layers.insert(0, line)
    shown = rows[[*_SHOWN, *(["n_items"] if "n_items" in rows else [])]]
    return draw(layers, shown, lines, width, columns=["printed", "items"])


def _points(y: alt.Y, axis: dict[str, Any], reference: float | None, room: float) -> alt.Chart:
    tooltip = [
        alt.Tooltip("full:N", title="Row"),
        alt.Tooltip("text:N", title="Value"),
        alt.Tooltip("n_items:Q", title="Items"),
    ]
    points: alt.Chart = (
        alt.Chart()
        .mark_point(filled=False, size=60, stroke=BLUE, fill=BLUE, strokeWidth=2, opacity=1)
        .transform_filter("isValid(datum.value)")
        .encode(y=y, x=alt.X("value:Q", **axis), tooltip=tooltip)
    )
    if reference is None:
        return points
    kinds = [pattern.format(f"{reference:g}") for pattern in (_CLEAR, _UNCLEAR)]
    scale = plain(domain=kinds, range=[BLUE, "white"])
    legend = legend_for(kinds, room)
    legend.symbolStrokeColor = BLUE
    filled: alt.Chart = points.encode(fill=alt.Fill("clear:N", scale=scale, legend=legend))
    return filled


def _caption(rows: pd.DataFrame, data: pd.DataFrame, words: Wording, shown: list[str]) -> str:
    held = constants(data, leave=shown)
    by = [label_of(c).lower() for c in shown if c in varying(data)]
    text = f"{words.subject}{level_phrase(data)}{of_items(data)}"
    text += f" by {listing(by)}" if by else ""
    text += f" ({held})" if held else ""
    reading = f" {words.reading}" if words.reading else ""
    text += f".{ends_sentence(rows)} Dots: estimates; lines: intervals."
    return f"{text}{reading}{missing_sentence(rows, 'full')}"


def _alt(rows: pd.DataFrame, subject: str, reference: float | None) -> str:
    sentences = []
    for panel, part in rows.groupby("panel", sort=False):
        said = []
        for record in records(part):
            if record["reason"]:
                said.append(f"{record['full']} not estimable")
                continue
            place = "" if reference is None else f", {direction(record, reference)} {reference:g}"
            said.append(f"{record['full']} {record['text']}{place}")
        sentences.append(panel_start(panel) + "; ".join(said))
    start = f"Forest plot: {subject[:1].lower()}{subject[1:]}{of_items(rows)}"
    return f"{start}. {'. '.join(sentences)}."
