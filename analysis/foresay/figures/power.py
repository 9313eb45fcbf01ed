"""Power: how often studies of growing size find an effect, a line for each effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd

from foresay.display import count, decimal, label_of, listing, percent
from foresay.display.plans import effect_text, planned_by
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.lines import Lines, draw_labelled, panel_width
from foresay.figures.panels import draw_lines
from foresay.figures.rows import joined, name_of, panel_start, records, require_unique
from foresay.figures.theme import DOUBLE, GREY, INK, SERIES, place_x, proportion_axis

QUESTION = "How many prompts does it take to find an effect?"


def plot_power(
    power: pd.DataFrame, *, wanted: float = 0.8, width: int = DOUBLE, name: str = "power"
) -> Figure:
    """Plot power against the number of clusters, a line for each effect.

    Where all rows have one number of clusters, power is drawn against the effect.

    Parameters
    ----------
    power : pandas.DataFrame
        What `Workbench.power` returned; grouping columns that vary make panels.
    wanted : float
        Power that a line is drawn at.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If it is no table of power, nothing in it is defined, or it has more lines than can be told
        apart.
    """
    for column in ("estimand", "effect", "clusters", "power", "n_clusters"):
        if column not in power.columns:
            raise UnsupportedError(
                f"figure '{name}' needs a column '{column}'; pass what power() returned"
            )
    by = planned_by(power)
    shown = [c for c in by if power[c].map(name_of).nunique() > 1]
    rows = power.assign(panel=joined(power, shown))
    drawn = rows[rows["power"].notna()].reset_index(drop=True)
    if drawn.empty:
        raise UnsupportedError(f"figure '{name}' has nothing to draw: no power is defined")
    require_unique(drawn, ["panel", "effect", "clusters"], name)
    none = 1.0 if (drawn["reference"] == 1).all() and (drawn["effect"] > 0).all() else 0.0
    alone = drawn["clusters"].nunique() == 1
    place, line = ("effect", "clusters") if alone else ("clusters", "effect")
    named: dict[str, Callable[[Any], str]] = {
        "effect": lambda v: effect_text(v, none),
        "clusters": count,
    }
    lined = {
        "effect": lambda v: f"effect {effect_text(v, none)}",
        "clusters": lambda v: f"{count(v)} clusters",
    }
    drawn = drawn.assign(
        x=drawn[place].astype(float),
        y=drawn["power"],
        line=drawn[line].map(lined[line]),
        place=drawn[place].map(named[place]),
        text=[_text(row) for row in records(drawn)],
    )
    order = list(drawn.sort_values(line, ascending=False, kind="stable")["line"].unique())
    if len(order) > len(SERIES):
        raise UnsupportedError(
            f"figure '{name}' has {len(order)} effects and can tell {len(SERIES)} apart; name fewer"
        )
    title = "True effect" if alone else "Clusters of the planned study"
    chart = _chart(drawn, Lines(order=order, title=title, logarithmic=not alone), wanted, width)
    return Figure(
        name=name,
        chart=chart,
        data=power.reset_index(drop=True),
        question=QUESTION,
        caption=_caption(rows, drawn, by, shown, wanted, place),
        alt=_alt(drawn, order, title),
    )


def _chart(drawn: pd.DataFrame, lines: Lines, wanted: float, width: int) -> alt.TopLevelMixin:
    axis = proportion_axis(0, 1, title="Power")
    layers = draw_labelled(lines, drawn, alt.Y("y:Q", **axis), "Power", panel_width(drawn, width))
    # one row of each panel draws what belongs to the panel
    drawn = drawn.assign(first=~drawn.duplicated("panel"))
    drawn["own"] = drawn["first"] & drawn["n_clusters"].between(drawn["x"].min(), drawn["x"].max())
    rule = alt.Chart().transform_filter("datum.first").mark_rule(strokeDash=[5, 3], color=INK)
    layers.insert(0, rule.encode(y=alt.YDatum(wanted, **axis)))
    named = alt.Chart().transform_filter("datum.first")
    named = named.mark_text(align="left", baseline="bottom", dx=4, dy=-2, color=GREY)
    layers.append(
        named.encode(x=place_x(0), y=alt.YDatum(wanted, **axis), text=alt.TextValue("wanted"))
    )
    if lines.logarithmic:
        own = alt.Chart().transform_filter("datum.own")
        x = alt.X("n_clusters:Q")
        layers.insert(0, own.mark_rule(strokeWidth=1.2, color=GREY).encode(x=x))
        said = own.mark_text(align="left", baseline="bottom", dx=4, dy=-3, color=GREY)
        layers.append(said.encode(x=x, y=alt.YDatum(0), text=alt.TextValue("this study")))
    fields = ["panel", "line", "place", "x", "y", "text", "n_clusters", "end", "label_y"]
    shown = lines.labelled(drawn)[[*fields, "first", "own"]]
    return draw_lines(layers, shown, width, height=260)


def _text(row: dict[str, Any]) -> str:
    ends = ", ".join(decimal(row[end]) for end in ("low", "high"))
    return f"{decimal(row['power'])} [{ends}]"


def _caption(
    rows: pd.DataFrame,
    drawn: pd.DataFrame,
    by: list[str],
    shown: list[str],
    wanted: float,
    place: str,
) -> str:
    first = drawn.iloc[0]
    held = listing([f"{label_of(c).lower()} {name_of(first[c])}" for c in by if c not in shown])
    text = f"Share of studies that find an effect of {label_of(first['estimand']).lower()}"
    text += f" ({held})" if held else ""
    text += f" {_by_what(drawn)}, {count(drawn['runs'].max())} simulated "
    text += f"studies each, by the {'number of clusters' if place == 'clusters' else 'effect'}."
    text += f" Panels: {listing([label_of(c).lower() for c in shown])}." if shown else ""
    text += f" Dashed: power of {percent(wanted)}."
    sizes = sorted(set(drawn["n_clusters"]))
    text += f" The study itself has {listing([count(n) for n in sizes], most=4)} clusters."
    text += f" Assumed: {first['assumes']}."
    lost = rows[rows["power"].isna()]
    parts = dict.fromkeys(_lost(row) for row in records(lost))
    return text + (f" Not estimable: {listing(list(parts), most=4)}." if parts else "")


def _by_what(drawn: pd.DataFrame) -> str:
    """Say by which test the studies find the effect."""
    interval = f"with {percent(drawn['level'].iloc[0])} intervals"
    flips = "by flipping the signs of clusters"
    few = drawn["test"] == "sign_flip"
    if few.any() and not few.all():
        return f"{interval} ({flips} up to {count(drawn.loc[few, 'clusters'].max())} clusters)"
    return flips if few.any() else interval


def _lost(row: dict[str, Any]) -> str:
    start = row["panel"] or label_of(row["estimand"])
    return f"{start} ({name_of(row['note']).removeprefix('undefined: ')})"


def _alt(drawn: pd.DataFrame, order: list[str], title: str) -> str:
    sentences = []
    for panel, part in drawn.groupby("panel", sort=False):
        for line in order:
            own = part[part["line"] == line].sort_values("x")
            points = [f"{row['place']}: {decimal(row['power'], 2)}" for row in records(own)]
            if points:
                sentences.append(f"{panel_start(panel)}{line} at {'; '.join(points)}")
    return f"Line chart of power by {title.lower()}. {'. '.join(sentences)}."
