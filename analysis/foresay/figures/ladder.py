"""The stage ladder: accuracy of every stage, as asked and at matched compliance."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from foresay.display import count, grouping_columns, is_missing, listing, percent
from foresay.display.ladders import MATCHINGS
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.panels import draw, rows_for
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
    BLUE,
    DOUBLE,
    GREEN,
    GREY,
    SINGLE,
    VERMILION,
    legend_for,
    place_x,
    plain,
    proportion_axis,
)

QUESTION = "How much of what training adds is left at matched compliance?"
_LOOKS = {"none": (VERMILION, "circle"), "items": (BLUE, "square"), "weights": (GREEN, "diamond")}
_WIDE = 480
_ASIDE = {"none": -9, "items": 0, "weights": 9}
_PARTS = ("quantity", "matching", "rung")


def plot_ladder(ladder: pd.DataFrame, *, width: int = DOUBLE, name: str = "stage-ladder") -> Figure:
    """Plot the stages from the lowest, each with its accuracies and its compliance.

    Parameters
    ----------
    ladder : pandas.DataFrame
        What `Workbench.ladder` returns; other columns that vary make panels.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table is not one of the stage ladder.
    """
    told = grouping_columns(ladder)
    if not set(_PARTS) <= set(told):
        raise UnsupportedError(
            f"figure '{name}' needs the stages of a ladder; pass what ladder() returned"
        )
    data = ladder.reset_index(drop=True)
    split = [c for c in told if c not in _PARTS and data[c].nunique(dropna=False) > 1]
    rows = texts(data.assign(panel=joined(data, split), full=data["rung"].map(name_of)), 3)
    rows = texts(rows, common_digits(rows))
    values = rows[rows["quantity"] == "value"]
    comply = {
        (r["panel"], r["full"]): "" if r["reason"] else percent(r["value"])
        for r in records(values[values["estimand"] == "compliance"])
    }
    accuracy = values[values["estimand"] == "accuracy"]
    shown = accuracy.assign(
        kind=accuracy["matching"].map(MATCHINGS),
        printed=[
            _printed(r, comply, width=width) if r["matching"] == "items" else ""
            for r in records(accuracy)
        ],
    )
    there = shown.groupby("full")["value"].transform("count") > 0
    shown = shown[there if there.any() else ~there].reset_index(drop=True)
    shown["lost"] = [_lost(r, shown) if r["matching"] == "items" else "" for r in records(shown)]
    return Figure(
        name=name,
        chart=_chart(shown, width),
        data=data,
        question=QUESTION,
        caption=_caption(rows, data),
        alt=_alt(values, comply),
    )


def _printed(row: dict[str, Any], comply: dict[tuple[str, str], str], *, width: int) -> str:
    rate = comply.get((row["panel"], row["full"]), "")
    if not rate:
        return ""
    if width <= SINGLE:
        return rate
    size = f"n = {count(row['n_trials'])}"
    return f"{rate}, {size}" if width < _WIDE else f"{rate} comply, {size} matched"


def _lost(row: dict[str, Any], shown: pd.DataFrame) -> str:
    mine = shown[(shown["panel"] == row["panel"]) & (shown["full"] == row["full"])]
    return "no trials of this stage" if mine["value"].isna().all() else ""


def _chart(shown: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    lines = rows_for(list(shown["full"]), width, height=40, reach=14)
    data = shown.assign(label=shown["full"].map(lines.labels))
    axis = proportion_axis(title="Accuracy")
    order = list(MATCHINGS.values())
    legend = legend_for(order, width - lines.extent)
    looks = [_LOOKS[m] for m in MATCHINGS]
    colour = alt.Color(
        "kind:N",
        scale=plain(domain=order, range=[c for c, _ in looks]),
        legend=legend,
    )
    shape = alt.Shape(
        "kind:N", scale=plain(domain=order, range=[s for _, s in looks]), legend=legend
    )
    y = lines.channel()
    layers: list[alt.Chart] = []
    for matching, kind in MATCHINGS.items():
        mine = f"datum.kind === '{kind}'"
        aside = _ASIDE[matching]
        layers += [
            alt.Chart()
            .mark_rule(strokeWidth=2, yOffset=aside)
            .transform_filter(f"{mine} && isValid(datum.low)")
            .encode(y=y, x=alt.X("low:Q", **axis), x2=alt.X2("high:Q"), color=colour),
            alt.Chart()
            .mark_point(filled=True, size=60, opacity=1, yOffset=aside)
            .transform_filter(f"{mine} && isValid(datum.value)")
            .encode(
                y=y,
                x=alt.X("value:Q", **axis),
                color=colour,
                shape=shape,
                tooltip=[
                    alt.Tooltip("full:N", title="Stage"),
                    alt.Tooltip("kind:N", title="Matched"),
                    alt.Tooltip("text:N", title="Accuracy"),
                    alt.Tooltip("n_trials:Q", title="Trials"),
                ],
            ),
        ]
    layers.append(
        alt.Chart()
        .mark_text(align="left", color=GREY, dx=4)
        .transform_filter("datum.lost !== ''")
        .encode(y=y, x=place_x(0), text=alt.Text("lost:N"))
    )
    fields = ["panel", "label", "full", "kind", "value", "low", "high", "text", "n_trials"]
    return draw(layers, data[[*fields, "printed", "lost"]], lines, width, columns=("printed",))


def _caption(rows: pd.DataFrame, data: pd.DataFrame) -> str:
    text = (
        f"Accuracy of each stage{level_phrase(data)} (lines){of_items(data)}: as asked; on the "
        "items on which all stages comply; and among compliant replies, weighted so that every "
        "stage stands for the same mix of tasks and properties. At the right, the share of replies "
        "in the asked form, and the trials on the items on which all comply."
    )
    gains = rows[(rows["quantity"] == "gain") & (rows["estimand"] == "accuracy")]
    highest = list(dict.fromkeys(gains.loc[gains["value"].notna(), "full"]))[-1:]
    for r in records(gains[gains["full"].isin(highest) & gains["value"].notna()]):
        over = str(r["note"]).split(";")[0].removeprefix("over ")
        text += (
            f" {panel_start(r['panel'])}{r['full']} over {over}, {MATCHINGS[r['matching']]}: "
            f"{r['text']}."
        )
    lost = [
        name
        for name, part in rows[rows["quantity"] == "value"].groupby("full", sort=False)
        if part["value"].isna().all()
    ]
    return text + (f" Not in these tables: {listing([str(n) for n in lost])}." if lost else "")


def _alt(values: pd.DataFrame, comply: dict[tuple[str, str], str]) -> str:
    said = []
    for (panel, full), part in values.groupby(["panel", "full"], sort=False):
        accuracy = [
            f"{MATCHINGS[r['matching']]} {r['text']}"
            for r in records(part[part["estimand"] == "accuracy"])
            if not is_missing(r["value"])
        ]
        rate = comply.get((str(panel), str(full)), "")
        words = "; ".join([*accuracy, *([f"{rate} comply"] if rate else [])]) or "no trials"
        said.append(f"{panel_start(panel)}{full}: {words}")
    return f"Dot plot of accuracy by stage{of_items(values)}. {'. '.join(said)}."
