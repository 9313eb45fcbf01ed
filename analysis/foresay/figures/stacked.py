"""Stacked bars: parts that sum to a whole, a bar per arm, a mark with its interval over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from foresay.display import grouping_columns, is_missing, listing
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.panels import Rows, draw, rows_for
from foresay.figures.rows import (
    common_digits,
    constants,
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
from foresay.figures.theme import INK, SMALL, legend_for, plain, proportion_axis, text_width

_FIELDS = [
    *("panel", "label", "full", "estimand", "part", "start", "end", "middle", "value", "low"),
    *("high", "text", "printed", "inside", "ink", "reason"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a bar.

    Parameters
    ----------
    estimand : str
        Whose rows it shows.
    label : str
        What the legend calls it.
    colour, ink : str
        Of the part, and of the number in it. Neighbours must differ in lightness.
    """

    estimand: str
    label: str
    colour: str
    ink: str = INK


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a figure of stacked bars.

    Parameters
    ----------
    question : str
        What it answers.
    axis : str
        Title of the axis.
    subject : str
        What is shown, as the caption starts.
    reading : str
        A sentence on how to read it.
    """

    question: str
    axis: str
    subject: str
    reading: str = ""


def plot_stacked(
    estimates: pd.DataFrame,
    pieces: Sequence[Piece],
    *,
    words: Words,
    name: str,
    width: int,
    row: str | None = None,
    mark: Piece | None = None,
    shares: bool = True,
) -> Figure:
    """Plot parts as stacked bars, a bar per arm, and one more estimand as a mark over each bar.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of the parts and of the mark.
    pieces : sequence of Piece
        In the order of the bar; negative parts stand to the left of 0.
    words : Words
        What the figure says.
    name : str
        Base of its file names.
    width : int
        Width of the figure in CSS pixels.
    row : str, optional
        The grouping column that names the bars, the other ones that vary making panels; by
        default all that vary name the bars together, and a target makes a panel.
    mark : Piece, optional
        Drawn as a vertical tick with its interval; its numbers are printed beside the bar.
    shares : bool
        Whether the axis is that of shares, from 0 to 1.

    Raises
    ------
    UnsupportedError
        If there is no row of the first part, none has a number, or two would be in one place.
    """
    wanted = [piece.estimand for piece in pieces]
    data = select(estimates, [*wanted, *([mark.estimand] if mark else [])], name)
    if data.loc[data["estimand"].isin(wanted), "value"].isna().all():
        why = listing(sorted({str(note) for note in data["note"] if note}), most=3)
        raise UnsupportedError(f"figure '{name}' has no number to show: {why or 'all are missing'}")
    named = [row] if row is not None else varying(data) or _present(data)
    split = varying(data, leave=named) if row is not None else []
    if row is None and len(named) > 1 and "target" in named:
        named, split = [c for c in named if c != "target"], ["target"]
    full = joined(data, named) if named else [words.subject] * len(data)
    rows = texts(data.assign(panel=joined(data, split), full=full), common_digits(data))
    require_unique(rows, ["panel", "full", "estimand"], name)
    lines = rows_for(full, width, height=30, reach=12)
    low, high = (0.0, 1.0) if shares else _domain(rows, wanted)
    rows = _placed(rows, pieces, lines, (width - lines.extent) / (2 * (high - low)))
    return Figure(
        name=name,
        chart=_chart(rows, lines, pieces, mark, words, (low, high), width),
        data=data,
        question=words.question,
        caption=_caption(rows, data, words, [*named, *split]),
        alt=_alt(rows, pieces, mark, words),
    )


def _present(data: pd.DataFrame) -> list[str]:
    """Return the columns that name a table of one bar: those that are not missing."""
    return [c for c in grouping_columns(data) if name_of(data[c].iloc[0])]


def _placed(rows: pd.DataFrame, pieces: Sequence[Piece], lines: Rows, room: float) -> pd.DataFrame:
    """Say where each part starts and ends, what stands in it and beside its bar."""
    order = {piece.estimand: number for number, piece in enumerate(pieces)}
    labels = {piece.estimand: piece for piece in pieces}
    made: list[dict[str, Any]] = []
    for _, bar in rows.groupby(["panel", "full"], sort=False):
        reach = {True: 0.0, False: 0.0}
        over = [r["value"] for r in records(bar) if str(r["estimand"]) not in labels]
        listed = sorted(records(bar), key=lambda r: order.get(str(r["estimand"]), len(order)))
        for found in listed:
            piece = labels.get(str(found["estimand"]))
            place = {"start": math.nan, "end": math.nan, "middle": math.nan, "inside": ""}
            if piece is not None and not is_missing(found["value"]):
                negative = found["value"] < 0
                start = reach[negative]
                end = reach[negative] = start + found["value"]
                size = text_width(found["value_text"]) + 4
                fits = size < abs(end - start) * room
                # the tick would stand in the number; the room is half of what there is at least
                struck = any(abs(o - (start + end) / 2) * 2 * room < size / 2 + 3 for o in over)
                inside = found["value_text"] if fits and not struck else ""
                place = {"start": start, "end": end, "middle": (start + end) / 2, "inside": inside}
            made.append(
                {
                    **found,
                    **place,
                    "label": lines.labels[found["full"]],
                    "part": piece.label if piece else "",
                    "ink": piece.ink if piece else INK,
                    "printed": "" if piece or found["reason"] else found["text"],
                }
            )
    return pd.DataFrame(made)


def _domain(rows: pd.DataFrame, parts: Sequence[str]) -> tuple[float, float]:
    """Return the ends of an axis that holds every bar and interval, in tenths."""
    low, high = 0.0, 0.1
    for _, bar in rows.groupby(["panel", "full"], sort=False):
        values = bar.loc[bar["estimand"].isin(parts), "value"].dropna()
        low = min([low, values[values < 0].sum(), *bar["low"].dropna()])
        high = max([high, values[values > 0].sum(), *bar["high"].dropna()])
    return math.floor(low * 10 + 1e-9) / 10, math.ceil(high * 10 - 1e-9) / 10


def _chart(
    rows: pd.DataFrame,
    lines: Rows,
    pieces: Sequence[Piece],
    mark: Piece | None,
    words: Words,
    domain: tuple[float, float],
    width: int,
) -> alt.TopLevelMixin:
    axis = proportion_axis(*domain, title=words.axis)
    y = lines.channel()
    labels = [piece.label for piece in pieces]
    legend = legend_for(labels, width - lines.extent)
    scale = plain(domain=labels, range=[piece.colour for piece in pieces])
    tooltip = [
        alt.Tooltip("full:N", title="Row"),
        alt.Tooltip("part:N", title="Part"),
        alt.Tooltip("text:N", title="Value"),
        alt.Tooltip("n_items:Q", title="Items"),
    ]
    bars = (
        alt.Chart()
        .mark_bar(height=17, stroke="white", strokeWidth=1)
        .transform_filter("isValid(datum.start)")
        .encode(
            y=y,
            x=alt.X("start:Q", **axis),
            x2=alt.X2("end:Q"),
            color=alt.Color("part:N", scale=scale, legend=legend),
            tooltip=tooltip,
        )
    )
    numbers = (
        alt.Chart()
        .mark_text(fontSize=SMALL)
        .transform_filter("datum.inside !== ''")
        .encode(
            y=y,
            x=alt.X("middle:Q", **axis),
            text=alt.Text("inside:N"),
            color=alt.Color("ink:N", scale=None, legend=None),
        )
    )
    layers = [bars, numbers]
    if domain[0] < 0:
        layers.append(alt.Chart().mark_rule(color=INK).encode(x=alt.XDatum(0.0)))
    if mark is not None:
        is_mark = f"datum.estimand === '{mark.estimand}' && isValid(datum.value)"
        layers.append(
            alt.Chart()
            .mark_rule(color=INK, strokeWidth=1.5, clip=True, yOffset=12)  # under the numbers
            .transform_filter(is_mark)
            .encode(y=y, x=alt.X("low:Q", **axis), x2=alt.X2("high:Q"))
        )
        layers.append(
            alt.Chart()
            .mark_tick(color=INK, thickness=3, height=24, opacity=1)
            .transform_filter(is_mark)
            .encode(y=y, x=alt.X("value:Q", **axis), tooltip=tooltip)
        )
    shown = rows[[*_FIELDS, *(["n_items"] if "n_items" in rows else [])]]
    return draw(layers, shown, lines, width, columns=["printed"] if mark else [])


def _caption(rows: pd.DataFrame, data: pd.DataFrame, words: Words, shown: list[str]) -> str:
    held = constants(data, leave=shown)
    place = f" ({held})" if held else ""
    reading = f" {words.reading}" if words.reading else ""
    lost = rows.drop_duplicates("full")
    text = f"{words.subject}{level_phrase(data)}{of_items(data)}{place}.{reading}"
    return f"{text}{missing_sentence(lost, 'full')}"


def _alt(rows: pd.DataFrame, pieces: Sequence[Piece], mark: Piece | None, words: Words) -> str:
    labels = {piece.estimand: piece.label for piece in [*pieces, *([mark] if mark else [])]}
    sentences = []
    for (panel, full), bar in rows.groupby(["panel", "full"], sort=False):
        said = [
            f"{labels[r['estimand']][:1].lower()}{labels[r['estimand']][1:]} "
            f"{'not estimable' if r['reason'] else r['text']}"
            for r in records(bar)
        ]
        sentences.append(f"{panel_start(panel)}{full}: {', '.join(said)}")
    start = f"Stacked bars: {words.subject[:1].lower()}{words.subject[1:]}{of_items(rows)}"
    return f"{start}. {'. '.join(sentences)}."
