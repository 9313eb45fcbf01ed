"""A specification curve: every result in order, and the choices behind each below it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from foresay.display import count, is_missing, label_of, listing, percent, visible
from foresay.display.numbers import decimal
from foresay.display.options import option_text
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.forest_panels import Drawn
from foresay.figures.rows import common_digits, joined, level_phrase, name_of, of_items, records
from foresay.figures.theme import (
    BLUE,
    DOUBLE,
    GREY,
    INK,
    NUMBER_TEXT,
    SIZE,
    VERMILION,
    legend_for,
    shorten,
    text_width,
)

QUESTION = "Does the result depend on how it was computed?"
SHOWN, NOT_SHOWN, UNTESTED = "shown by its test", "not shown", "not tested"
_LIGHT = "#a9a9a9"
_COLOURS = {SHOWN: BLUE, NOT_SHOWN: _LIGHT, UNTESTED: GREY}
_CURVE, _ROW, _SINGLES, _MOST_ROWS, _MOST_CURVES = 170, 14, 60, 60, 4
_INDENT = 10


def plot_specification_curve(
    specifications: pd.DataFrame, *, width: int = DOUBLE, name: str = "specification-curve"
) -> Figure:
    """Plot specification curves with the choices below, aligned.

    Every mark is one combination of choices, from the smallest result to the largest. Dark marks
    are shown by their test, light ones are not; the diamond and the line through it are the
    combination that the study itself took.

    Parameters
    ----------
    specifications : pandas.DataFrame
        As `foresay.comparisons.specification_curves.SpecificationCurve.specifications`.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If no combination has a value, or there are more curves or branches than can be read.
    """
    if "order" not in specifications or not specifications["order"].notna().any():
        raise UnsupportedError(f"figure '{name}' needs specifications, at least one with a value")
    columns = [str(c) for c in specifications.columns]
    by = columns[columns.index("curve") : columns.index("specification")]
    varying = [c for c in by if specifications[c].nunique(dropna=False) > 1]
    blocks = joined(specifications, varying)
    parts = [
        (str(block), part)
        for block, part in specifications.assign(block=blocks).groupby("block", sort=False)
        if part["order"].notna().any()
    ]
    if len(parts) > _MOST_CURVES:
        raise UnsupportedError(
            f"figure '{name}' would hold {len(parts)} curves, and {_MOST_CURVES} is the most that "
            "can be read; ask for fewer groups with by"
        )
    charts = [_block(block, part, width, name) for block, part in parts]
    return Figure(
        name=name,
        chart=charts[0] if len(charts) == 1 else alt.vconcat(*charts, spacing=24),
        data=specifications,
        question=QUESTION,
        caption=_caption(parts),
        alt=_alt(parts),
    )


def _block(block: str, part: pd.DataFrame, width: int, name: str) -> Drawn:
    """Return one curve over its choices."""
    there = part[part["order"].notna()].sort_values("order")
    rows = _rows(there, width)
    if len(rows) > _MOST_ROWS:
        raise UnsupportedError(
            f"figure '{name}' would hold {len(rows)} branches, and {_MOST_ROWS} is the most that "
            "can be read; split the grid"
        )
    extent = max([text_width(r["label"]) + _INDENT * (not r["head"]) for r in rows] + [32.0]) + 10
    plot = round(max(width - extent - 12, 60))
    x = alt.Scale(domain=[0.4, len(there) + 0.6], nice=False, zero=False)
    own = there.loc[there["published"].astype(bool), "order"].astype(float).tolist()
    top = _curve(there, x, plot, extent, own)
    below = _matrix(there, rows, x, plot, extent, own)
    chart = alt.vconcat(top, below, spacing=6).resolve_scale(color="independent")
    title = " \N{MIDDLE DOT} ".join(p for p in (label_of(part["estimand"].iloc[0]), block) if p)
    params = alt.TitleParams(
        shorten(title, width - 10), anchor="start", fontSize=SIZE, fontWeight="bold", color=INK
    )
    titled: Drawn = chart.properties(title=params)
    return titled


def _kind(row: dict[str, Any]) -> str:
    verdict = row["verdict"]
    if is_missing(verdict) or verdict == "":
        return UNTESTED
    return NOT_SHOWN if verdict == "not shown" else SHOWN


def _curve(
    there: pd.DataFrame, x: alt.Scale, plot: int, extent: float, own: Sequence[float]
) -> Drawn:
    digits = common_digits(there)
    data = pd.DataFrame(
        {
            "order": there["order"].astype(float).to_numpy(),
            "value": there["value"].astype(float).to_numpy(),
            "low": there["low"].astype(float).to_numpy(),
            "high": there["high"].astype(float).to_numpy(),
            "shown": [_kind(row) for row in records(there)],
            "text": [_described(row, digits) for row in records(there)],
        }
    )
    kinds = [kind for kind in _COLOURS if (data["shown"] == kind).any()]
    hue = alt.Color(
        "shown:N",
        scale=alt.Scale(domain=kinds, range=[_COLOURS[kind] for kind in kinds]),
        legend=legend_for(kinds, plot) if kinds != [UNTESTED] else None,
    )
    across = alt.X("order:Q", scale=x, axis=None)
    axis = alt.Axis(labelExpr=NUMBER_TEXT, tickCount=5, minExtent=extent, title=None)
    scale = alt.Scale(zero=False, nice=False, padding=6)
    y, low = (alt.Y(f"{c}:Q", scale=scale, axis=axis) for c in ("value", "low"))
    step = plot / len(there)
    layers: list[Any] = [_through(own, x, None)] if own else []
    rule = alt.Chart().mark_rule(strokeWidth=min(max(step * 0.5, 0.35), 1.5), opacity=0.8)
    layers.append(
        rule.transform_filter("isValid(datum.low)").encode(x=across, y=low, y2="high:Q", color=hue)
    )
    reference = float(there["reference"].iloc[0])
    if math.isfinite(reference):
        null = alt.Chart().mark_rule(color=INK, strokeWidth=1.3)
        layers.append(null.encode(y=alt.YDatum(reference, scale=scale, axis=axis)))
    middle = alt.Chart().mark_rule(color=INK, strokeWidth=1.2, strokeDash=[5, 3])
    layers.append(
        middle.encode(y=alt.YDatum(float(data["value"].median()), scale=scale, axis=axis))
    )
    point = alt.Chart().mark_point(filled=True, size=min(max(step * 6, 5), 40), opacity=1)
    told = alt.Tooltip("text:N", title="Specification")
    layers.append(point.encode(x=across, y=y, color=hue, tooltip=told))
    if own:
        diamond = alt.Chart().mark_point(
            shape="diamond", filled=True, size=95, opacity=1, fill=VERMILION, stroke="white"
        )
        layers.append(diamond.transform_filter(f"datum.order === {own[0]!r}").encode(x=across, y=y))
    return alt.layer(*layers, data=data).properties(width=plot, height=_CURVE)


def _through(own: Sequence[float], x: alt.Scale, axis: alt.Axis | None) -> alt.Chart:
    """Return the line through the combination that the study took."""
    rule = alt.Chart().mark_rule(color=VERMILION, strokeWidth=1, strokeDash=[2, 2])
    drawn: alt.Chart = rule.encode(x=alt.XDatum(own[0], scale=x, axis=axis))
    return drawn


def _described(row: dict[str, Any], digits: int) -> str:
    """Return a combination with its result, for those who point at its mark."""
    chosen = [f"{_title(c)} {_branch(c, row[c])}" for c in row if str(c).startswith("choice_")]
    return f"{decimal(row['value'], digits)}: {', '.join(chosen)}"


def _branch(column: str, value: object) -> str:
    return option_text(column.removeprefix("choice_"), name_of(value))


def _title(column: str) -> str:
    return label_of(column.removeprefix("choice_"))


def _rows(there: pd.DataFrame, width: int) -> list[dict[str, Any]]:
    """Return the rows of the matrix: a heading for each choice, and its branches under it."""
    rows: list[dict[str, Any]] = []
    room = width * 0.36
    for column in [c for c in there.columns if str(c).startswith("choice_")]:
        branches = list(dict.fromkeys(there.sort_values("specification")[column].dropna()))
        if len(branches) < 2:
            continue
        rows.append({"label": shorten(_title(str(column)), room), "head": True})
        for branch in branches:
            label = shorten(visible(_branch(str(column), branch)), room - _INDENT)
            rows.append({"label": label, "head": False})
            rows[-1] |= {"column": column, "branch": branch}
    return [{**row, "row": number} for number, row in enumerate(rows)]


def _matrix(
    there: pd.DataFrame,
    rows: Sequence[dict[str, Any]],
    x: alt.Scale,
    plot: int,
    extent: float,
    own: Sequence[float],
) -> Drawn:
    total = len(there)
    half = min(0.38, 5 * total / plot)
    runs = [
        {"row": row["row"], "start": first - half, "end": last + half}
        for row in rows
        if not row["head"]
        for first, last in _runs(there, row, merged=total > _SINGLES)
    ]
    place = alt.Scale(type="band", domain=[row["row"] for row in rows], padding=0.12)
    y = alt.Y("row:O", scale=place, axis=None)
    axis = alt.Axis(
        title="Specifications, by their result", grid=False, tickCount=5, format=",d", tickMinStep=1
    )
    across = alt.X("start:Q", scale=x, axis=axis)
    labels = pd.DataFrame([{k: row[k] for k in ("row", "label", "head")} for row in rows])
    layers: list[Any] = []
    if rows:
        for bold, indent in ((True, 0), (False, _INDENT)):
            text = alt.Chart(labels).mark_text(
                align="left", baseline="middle", color=INK, fontWeight=700 if bold else 400
            )
            layers.append(
                text.transform_filter(f"datum.head === {str(bold).lower()}").encode(
                    y=y, x=alt.value(-extent + indent), text="label:N"
                )
            )
    if own:
        layers.append(_through(own, x, axis))
    box = alt.Chart(pd.DataFrame(runs, columns=["row", "start", "end"])).mark_rect(color=INK)
    layers.append(box.encode(x=across, x2="end:Q", y=y))
    return alt.layer(*layers).properties(width=plot, height=max(_ROW * len(rows), _ROW))


def _runs(there: pd.DataFrame, row: dict[str, Any], *, merged: bool) -> list[tuple[float, float]]:
    """Return where a branch is taken, neighbours as one run where there are many."""
    orders = sorted(there.loc[there[row["column"]] == row["branch"], "order"].astype(float))
    if not merged:
        return [(order, order) for order in orders]
    found: list[tuple[float, float]] = []
    for order in orders:
        if found and order - found[-1][1] <= 1:
            found[-1] = (found[-1][0], order)
        else:
            found.append((order, order))
    return found


def _caption(parts: Sequence[tuple[str, pd.DataFrame]]) -> str:
    whole = pd.concat([part for _, part in parts])
    first = whole[whole["value"].notna()]
    varied = [_title(str(c)).lower() for c in whole.columns if str(c).startswith("choice_")]
    text = (
        f"{label_of(whole['estimand'].iloc[0])}{level_phrase(first)} under every combination of "
        f"{listing(varied)}, from the smallest to the largest; below, the choices of each."
    )
    for block, part in parts:
        text += f" {f'{block}: ' if block else ''}{_said(part)}."
    kinds = {_kind(row) for row in records(first)}
    if kinds & {SHOWN, NOT_SHOWN}:
        text += " Dark: shown by its own test; light: not shown."
    text += " Dashed: the median."
    if whole["published"].astype(bool).any():
        text += " Diamond and dotted line: the choices of the study."
    reasons = dict.fromkeys(str(r["note"]) for r in records(whole) if is_missing(r["value"]))
    if reasons:
        lost = int(whole["value"].isna().sum())
        text += f" Without a result, {count(lost)}: {listing(list(reasons), most=3)}."
    return text + " A share of combinations is no probability."


def _said(part: pd.DataFrame) -> str:
    """Return a curve in words."""
    there = part[part["value"].notna()]
    digits = common_digits(there)
    values = there["value"].astype(float)
    text = (
        f"{count(len(there))} specifications, median {decimal(values.median(), digits)}, from "
        f"{decimal(values.min(), digits)} to {decimal(values.max(), digits)}"
    )
    kinds = [_kind(row) for row in records(there)]
    tested = [kind for kind in kinds if kind != UNTESTED]
    if tested:
        text += f"; {percent(tested.count(SHOWN) / len(tested))} of them are shown by their test"
    return text + of_items(there)


def _alt(parts: Sequence[tuple[str, pd.DataFrame]]) -> str:
    said = [f"{f'{block}: ' if block else ''}{_said(part)}" for block, part in parts]
    return f"Specification curve over a matrix of choices. {'. '.join(said)}."
