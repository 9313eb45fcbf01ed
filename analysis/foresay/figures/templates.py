"""A heatmap of two templates: what was trained with, down, and what is asked with, across."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from foresay.display import count, grouping_columns, is_missing, label_of, percent, plural
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.forest_panels import Drawn
from foresay.figures.rows import (
    common_digits,
    joined,
    missing_sentence,
    name_of,
    of_items,
    panel_start,
    records,
    require_unique,
    texts,
)
from foresay.figures.theme import (
    DOUBLE,
    INK,
    NUMBER_TEXT,
    SIZE,
    SMALL,
    label_room,
    plain,
    short_labels,
    shorten,
    text_width,
)

QUESTION = "Does accuracy survive another question template than the one that was trained with?"
MEAN = "mean"
_CELL, _NARROW, _MOST = 36, 46, 24
_PARTS = ("quantity", "row", "column")
_FIELDS = ("x", "y", "value", "shown", "items", "text", "worst", "first", "second")


def plot_templates(
    templates: pd.DataFrame,
    *,
    rows: str = "Trained with",
    columns: str = "Asked with",
    width: int = DOUBLE,
    name: str = "templates",
) -> Figure:
    """Plot a measure for every pair of templates, its means, and the worst pair outlined.

    Parameters
    ----------
    templates : pandas.DataFrame
        What `Workbench.templates` returns; other columns that vary make panels.
    rows, columns : str
        What is written beside the rows and over the columns.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table is not one of templates, or has more of them than can be told apart.
    """
    told = grouping_columns(templates)
    if not set(_PARTS) <= set(told):
        raise UnsupportedError(
            f"figure '{name}' needs a table of templates; pass what templates() returned"
        )
    data = templates.reset_index(drop=True)
    split = [c for c in told if c not in _PARTS and data[c].nunique(dropna=False) > 1]
    shown = texts(data.assign(panel=joined(data, split)), common_digits(data))
    cells = shown[shown["quantity"].isin(["cell", "row", "column", "all"])]
    require_unique(cells, ["panel", *_PARTS], name)
    panels = [
        _panel(str(panel), part, rows, columns, width)
        for panel, part in shown.groupby("panel", sort=False)
    ]
    return Figure(
        name=name,
        chart=panels[0] if len(panels) == 1 else alt.vconcat(*panels, spacing=20),
        data=data,
        question=QUESTION,
        caption=_caption(shown, rows, columns),
        alt=_alt(shown),
    )


def _labels(part: pd.DataFrame, side: str) -> list[str]:
    return list(dict.fromkeys(part.loc[part["quantity"] == "cell", side].map(name_of)))


def _panel(title: str, part: pd.DataFrame, rows: str, columns: str, width: int) -> Drawn:
    down, across = (_labels(part, side) for side in ("row", "column"))
    if max(len(down), len(across)) > _MOST:
        raise UnsupportedError(
            f"figure 'templates' has {len(down)} by {len(across)} cells and can show {_MOST} by "
            f"{_MOST}; choose templates with where="
        )
    room = label_room(width, len(across) + 1)
    extent = min(max(text_width(label) for label in [*down, MEAN]) + 10, room)
    step = min((width - extent - 60) / (len(across) + 1), 110)
    slanted = max(text_width(label) for label in [*across, MEAN]) > step - 6
    y_names = short_labels(down, extent - 10)
    x_names = short_labels(across, 110 if slanted else step - 6)
    worst = next((r for r in records(part) if r["quantity"] == "worst"), None)
    drawn = []
    for r in records(part):
        if r["quantity"] not in ("cell", "row", "column", "all"):
            continue
        first = MEAN if r["quantity"] in ("column", "all") else name_of(r["row"])
        second = MEAN if r["quantity"] in ("row", "all") else name_of(r["column"])
        drawn.append(
            {
                "y": y_names.get(first, first),
                "x": x_names.get(second, second),
                "value": r["value"],
                "shown": r["value_text"] or "\N{EN DASH}",
                "items": f"n = {count(r['n_items'])}" if step >= _NARROW else count(r["n_items"]),
                "text": r["text"],
                "worst": worst is not None and r["quantity"] == "cell" and _same(r, worst),
                "first": first,
                "second": second,
            }
        )
    frame = pd.DataFrame(drawn, columns=list(_FIELDS))
    base = alt.Chart(frame).encode(
        x=_across([*x_names.values(), MEAN], columns, slanted=slanted),
        y=alt.Y(
            "y:N",
            sort=[*y_names.values(), MEAN],
            title=rows,
            axis=plain(ticks=False, domain=False, minExtent=extent, maxExtent=extent),
            scale=plain(paddingInner=0, paddingOuter=0),
        ),
        tooltip=[
            alt.Tooltip("first:N", title=rows),
            alt.Tooltip("second:N", title=columns),
            alt.Tooltip("text:N", title="Value"),
            alt.Tooltip("items:N", title="Items"),
        ],
    )
    ends = _ends(frame)
    colour = alt.Color(
        "value:Q",
        # so light that dark numbers can be read on all of it; lightness alone tells the order
        scale=plain(domain=ends, range=["#f7fbff", "#6aaed6"], clamp=True),
        legend=alt.Legend(
            title=label_of(part["estimand"].iloc[0]),
            titleFontWeight="normal",
            orient="bottom",
            gradientLength=140,
            values=ends,
            labelExpr=NUMBER_TEXT,
        ),
    )
    layers: list[alt.Chart] = [
        base.mark_rect(stroke="white", strokeWidth=2).encode(color=colour),
        base.mark_text(dy=-7).encode(text=alt.Text("shown:N")),
        base.mark_text(dy=8, fontSize=SMALL).encode(text=alt.Text("items:N")),
        base.mark_rect(fill=None, stroke=INK, strokeWidth=2.5).transform_filter("datum.worst"),
    ]
    chart: Drawn = alt.layer(*layers).properties(
        width=round(step * (len(across) + 1)), height=_CELL * (len(down) + 1)
    )
    if not title:
        return chart
    return chart.properties(
        title=alt.TitleParams(shorten(title, width - 10), anchor="start", fontSize=SIZE)
    )


def _same(row: dict[str, Any], worst: dict[str, Any]) -> bool:
    return all(name_of(row[c]) == name_of(worst[c]) for c in ("row", "column"))


def _ends(frame: pd.DataFrame) -> list[float]:
    """Return the ends of the colours: 0 to 1, or as far as differences reach."""
    known = frame["value"].dropna()
    low = min(0.0, float(known.min())) if len(known) else 0.0
    return [round(low, 2), 1.0 if low == 0 else round(max(float(known.max()), 0.01), 2)]


def _across(names: list[str], title: str, *, slanted: bool) -> alt.X:
    look: dict[str, Any] = {"labelAngle": 0}
    if slanted:
        look = {
            "labelAngle": -50,
            "labelPadding": 6,
            "labelAlign": "left",
            "labelBaseline": "middle",
        }
    axis = plain(orient="top", ticks=False, domain=False, labelOverlap=False, **look)
    scale = plain(paddingInner=0, paddingOuter=0)
    return alt.X("x:N", sort=names, title=title, axis=axis, scale=scale)


def _caption(shown: pd.DataFrame, rows: str, columns: str) -> str:
    cells = shown[shown["quantity"] == "cell"]
    text = (
        f"{label_of(shown['estimand'].iloc[0])} by what predictors were {rows.lower()} (rows) and "
        f"{columns.lower()} (columns), with the number of items; means count every cell the same."
    )
    for r in records(shown[shown["quantity"] == "worst"]):
        if is_missing(r["value"]):
            continue
        text += (
            f" Outlined: the worst of {panel_start(r['panel'])}{name_of(r['row'])} asked with "
            f"{name_of(r['column'])}, {r['text']}, {_interval(r)} that holds for "
            f"{plural(len(cells[cells['panel'] == r['panel']]), 'cell')} at once."
        )
    named = cells.assign(
        place=[
            f"{name_of(a)} / {name_of(b)}"
            for a, b in zip(cells["row"], cells["column"], strict=True)
        ]
    )
    return text + missing_sentence(named, "place")


def _interval(row: dict[str, Any]) -> str:
    level = row.get("level")
    return "an interval" if is_missing(level) else f"a {percent(level)} interval"


def _alt(shown: pd.DataFrame) -> str:
    said = []
    for (panel, row), part in shown[shown["quantity"] == "cell"].groupby(
        ["panel", "row"], sort=False, dropna=False
    ):
        cells = [
            f"{name_of(r['column'])} {'not estimable' if r['reason'] else r['value_text']}"
            for r in records(part)
        ]
        said.append(f"{panel_start(panel)}{name_of(row)}: {', '.join(cells)}")
    start = f"Heatmap of {label_of(shown['estimand'].iloc[0]).lower()}{of_items(shown)}"
    return f"{start}. {'. '.join(said)}."
