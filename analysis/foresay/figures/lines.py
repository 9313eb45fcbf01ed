"""Lines that carry their names at their ends: told apart by colour, dash, mark and label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import pandas as pd

from foresay.figures.theme import DASHES, INK, SERIES, SHAPES, plain, text_width

_ROW = 0.058
"""Room of one label, as a part of the height of the plot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines of a figure.

    Parameters
    ----------
    order : sequence of str
        Their names, the highest first.
    title : str
        Title of the horizontal axis.
    logarithmic : bool
        Whether that axis is.
    """

    order: Sequence[str]
    title: str
    logarithmic: bool

    def labelled(self, drawn: pd.DataFrame, low: float = 0.0, high: float = 1.0) -> pd.DataFrame:
        """Return rows with ``end`` (its line's last in the panel) and ``label_y``, kept apart.

        Parameters
        ----------
        drawn : pandas.DataFrame
            With columns ``panel, line, x, y``.
        low, high : float
            Ends of the vertical axis.
        """
        rows = drawn.sort_values("x", kind="stable", ignore_index=True)
        rows["end"] = ~rows.duplicated(["panel", "line"], keep="last")
        rows["label_y"] = rows["y"]
        room = _ROW * (high - low)
        rank = {line: place for place, line in enumerate(self.order)}
        for _, part in rows[rows["end"]].groupby("panel", sort=False):
            ranked = part.assign(rank=part["line"].map(rank))
            places = list(ranked.sort_values(["y", "rank"], ascending=[False, True]).index)
            below = float("inf")
            for place in places:
                below = min(float(rows.loc[place, "y"]), below - room)
                rows.loc[place, "label_y"] = below
            # what was pushed out at the bottom goes up again
            above = low
            for place in reversed(places):
                above = max(float(rows.loc[place, "label_y"]), above)
                rows.loc[place, "label_y"] = above
                above += room
        return rows

    def domain(self, drawn: pd.DataFrame, plot: float) -> list[float]:
        """Return the ends of the horizontal axis, with room for the labels at its right."""
        low, high = float(drawn["x"].min()), float(drawn["x"].max())
        share = min(0.4, (max(text_width(line) for line in self.order) + 26) / plot)
        if self.logarithmic:
            wide = max(high / low, 1.5) ** (1 / (1 - share))
            return [low, low * wide]
        return [low, low + max(high - low, 1e-9) / (1 - share)]


def panel_width(drawn: pd.DataFrame, width: float) -> float:
    """Return about how many pixels wide a panel of a figure is."""
    return (width - 60) / min(int(drawn["panel"].nunique()), 3)


def draw_labelled(
    lines: Lines, drawn: pd.DataFrame, y: alt.Y, title: str, plot: float
) -> list[alt.Chart]:
    """Return the layers of lines, their marks and the labels at their ends, without data.

    Parameters
    ----------
    lines : Lines
        What is drawn.
    drawn : pandas.DataFrame
        With columns ``line, place, x, y``; the chart's data also need ``text`` and what
        `Lines.labelled` adds.
    y : altair.Y
        Vertical channel of ``y``.
    title : str
        What it shows.
    plot : float
        About how many pixels a panel is wide.
    """
    start, stop = lines.domain(drawn, plot)
    kind: Literal["log", "linear"] = "log" if lines.logarithmic else "linear"
    ticks = sorted(set(drawn["x"]))
    words = dict(zip(drawn["x"], drawn["place"], strict=True))
    # only numbers are written, so nothing of a table runs in this expression
    named = " : ".join(f"datum.value === {tick!r} ? '{words[tick]}'" for tick in ticks)
    axis = plain(
        values=ticks,
        grid=False,
        labelExpr=f"{named} : ''",
        labelOverlap="greedy",
        titleAnchor="start",
    )
    scale = plain(type=kind, domain=[start, stop], nice=False, zero=False)
    x = alt.X("x:Q", title=lines.title, scale=scale, axis=axis)
    order = list(lines.order)
    color = alt.Color("line:N", legend=None, scale=plain(domain=order, range=_first(SERIES, order)))
    dash = plain(domain=order, range=_first(DASHES, order))
    shape = plain(domain=order, range=_first(SHAPES, order))
    line = alt.Chart().mark_line(strokeWidth=2).encode(x=x, y=y, color=color)
    line = line.encode(strokeDash=alt.StrokeDash("line:N", legend=None, scale=dash))
    mark = alt.Shape("line:N", legend=None, scale=shape)
    tooltip = [
        alt.Tooltip("line:N", title="Line"),
        alt.Tooltip("place:N", title=lines.title),
        alt.Tooltip("text:N", title=title),
    ]
    point = alt.Chart().mark_point(filled=True, size=50, opacity=1)
    point = point.encode(x=x, y=y, color=color, shape=mark, tooltip=tooltip)
    ended = alt.Chart().transform_filter("datum.end")
    at = y.copy()
    at.shorthand = "label_y:Q"
    symbol = ended.mark_point(filled=True, size=50, opacity=1, xOffset=14)
    symbol = symbol.encode(x=x, y=at, color=color, shape=mark)
    text = ended.mark_text(align="left", dx=22, color=INK).encode(
        x=x, y=at, text=alt.Text("line:N")
    )
    return [line, point, symbol, text]


def _first(looks: Sequence[Any], order: Sequence[str]) -> list[Any]:
    return list(looks[: len(order)])
