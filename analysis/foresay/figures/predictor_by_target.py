"""Who predicts whom: accuracy of every predictor about every target."""

from __future__ import annotations

import altair as alt
import pandas as pd

from foresay.display import decimal, is_missing, label_of, listing
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.rows import (
    common_digits,
    constants,
    missing_sentence,
    name_of,
    of_items,
    records,
    require_unique,
    select,
    texts,
    varying,
)
from foresay.figures.theme import (
    DOUBLE,
    INK,
    LEVEL,
    LINE_BREAK,
    NARROW,
    NUMBER_TEXT,
    SINGLE,
    SIZE,
    SMALL,
    fitting,
    label_room,
    plain,
    short_labels,
    text_width,
)

QUESTION = "Who predicts whom best, and does each model predict itself best?"
_CELL = 34
_LEVEL = 70
_FIELDS = [
    *("row", "column", "predictor", "target", "value", "over", "text", "over_text", "cell"),
    *("over_cell", "own"),
]


def plot_matrix(
    estimates: pd.DataFrame,
    *,
    estimand: str = "accuracy",
    baseline: str = "baseline_mode",
    width: int = DOUBLE,
    name: str = "predictor-by-target",
) -> Figure:
    """Plot accuracy as a matrix, predictors down and targets across, a number in each cell.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates by ``predictor`` and ``target``; a column ``role`` marks the self cells,
        else they are those whose predictor is the target. With rows of `baseline` (or of
        ``advantage``) the colour is what accuracy has over it, blue above and orange below.
    estimand, baseline : str
        What stands in the cells, and what their colour is held against.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table lacks predictor or target, or has several rows for one cell.
    """
    data = select(estimates, [estimand, baseline, "advantage"], name)
    for column in ("predictor", "target"):
        if column not in data.columns:
            raise UnsupportedError(
                f"figure '{name}' needs the grouping column '{column}'; "
                f"estimate with by=['predictor', 'target']"
            )
    data = data[["estimand", *[c for c in data.columns if c != "estimand"]]]
    require_unique(data, ["estimand", "predictor", "target"], name)
    cells = texts(data[data["estimand"] == estimand].reset_index(drop=True), common_digits(data))
    cells = cells.assign(
        predictor=cells["predictor"].map(name_of),
        target=cells["target"].map(name_of),
        over=_over(data, estimand, baseline),
    )
    own = cells["role"] == "self" if "role" in cells else cells["predictor"] == cells["target"]
    cells = cells.assign(own=own)
    return Figure(
        name=name,
        chart=_matrix(cells, width, label_of(baseline).lower()),
        data=data,
        question=QUESTION,
        caption=_caption(cells, data, estimand, baseline),
        alt=_alt(cells, estimand),
    )


def _over(data: pd.DataFrame, estimand: str, baseline: str) -> list[float]:
    """Return the estimated advantage of each cell, or its value less its baseline's for colour."""
    found: dict[tuple[str, str, str], float] = {}
    for row in records(data):
        key = (str(row["estimand"]), name_of(row.get("predictor")), name_of(row["target"]))
        found[key] = row["value"]
    differences = []
    for (kind, predictor, target), value in found.items():
        if kind != estimand:
            continue
        bound = found.get((baseline, predictor, target))
        if bound is None:
            bound = found.get((baseline, name_of(None), target), float("nan"))
        known = found.get(("advantage", predictor, target))
        differences.append(known if known is not None else value - bound)
    return differences


def _matrix(cells: pd.DataFrame, width: int, against: str) -> alt.TopLevelMixin:
    targets = list(dict.fromkeys(cells["target"]))
    room = label_room(width, len(targets))
    predictors = short_labels(list(cells["predictor"]), room)
    extent = max(text_width(label) for label in predictors.values()) + 8
    step = min((width - extent - 32) / len(targets), 120)
    narrow = width < NARROW
    if step <= _LEVEL and not narrow:
        # slanted labels lean out over the last column; upright ones do not
        step = max((width - extent - 82) / len(targets), 20)
    names = short_labels(targets, step - 6 if step > _LEVEL else 90, tall=step > _LEVEL)
    reach = max(float(cells["over"].abs().max()), 0.01) if cells["over"].notna().any() else None
    cells = cells.assign(
        row=cells["predictor"].map(predictors),
        column=cells["target"].map(names),
        over_text=["" if is_missing(v) else decimal(v, signed=True) for v in cells["over"]],
        cell=fitting(cells["value"], cells["value_text"], step),
        over_cell=fitting(cells["over"], None, step, SMALL, signed=True),
    )
    base = alt.Chart(cells[_FIELDS]).encode(
        x=_across(list(names.values()), level=step > _LEVEL, narrow=narrow),
        y=alt.Y(
            "row:N",
            sort=list(predictors.values()),
            title="Predictor",
            axis=plain(ticks=False, domain=False, minExtent=extent, maxExtent=extent),
            scale=plain(padding=0),
        ),
        tooltip=[
            alt.Tooltip("predictor:N", title="Predictor"),
            alt.Tooltip("target:N", title="Target"),
            alt.Tooltip("text:N", title="Accuracy"),
            alt.Tooltip("over_text:N", title=f"Against the {against}"),
        ],
    )
    filled = base.mark_rect(stroke="white").encode(color=_colour(reach, against, width))
    number = base.mark_text(dy=0 if reach is None else -6).encode(text=alt.Text("cell:N"))
    layers = [filled, number]
    if reach is not None:
        # the sign in print: blue and orange are one grey
        layers.append(base.mark_text(dy=7, fontSize=SMALL).encode(text=alt.Text("over_cell:N")))
    layers.append(
        base.mark_rect(fill=None, stroke=INK, strokeWidth=2.5).transform_filter("datum.own")
    )
    return alt.layer(*layers).properties(
        width=round(step * len(targets)), height=_CELL * len(predictors)
    )


def _across(names: list[str], *, level: bool, narrow: bool) -> alt.X:
    # lines grow downwards
    lines = max(name.count(LINE_BREAK) for name in names)
    axis = plain(
        orient="top", ticks=False, domain=False, labelPadding=3 + lines * (SIZE + 1), **LEVEL
    )
    if not level:
        axis = plain(
            orient="top",
            ticks=False,
            domain=False,
            labelAngle=-90 if narrow else -50,
            labelPadding=6,
            labelAlign="left",
            labelBaseline="middle",
        )
    return alt.X("column:N", sort=names, title="Target", axis=axis, scale=plain(padding=0))


def _colour(reach: float | None, against: str, width: int) -> alt.Color:
    """Return a scale so light that dark numbers can be read on all of it."""
    if reach is None:
        ends, colours, title, field = [0.0, 1.0], ["#f7f7f7", "#6aaed6"], "Accuracy", "value:Q"
    else:
        ends, colours, field = [-reach, 0.0, reach], ["#f0a860", "#f7f7f7", "#6aaed6"], "over:Q"
        title = "Against the baseline" if width <= SINGLE else f"Accuracy minus {against}"
    legend = alt.Legend(
        title=title,
        titleFontWeight="normal",
        titleLimit=0,
        orient="bottom",
        gradientLength=140,
        values=ends,
        labelExpr=NUMBER_TEXT,
    )
    return alt.Color(field, scale=plain(domain=ends, range=colours), legend=legend)


def _caption(cells: pd.DataFrame, data: pd.DataFrame, estimand: str, baseline: str) -> str:
    held = constants(data, leave=["predictor", "target", "role"])
    other = varying(data, leave=["predictor", "target", "role"])
    place = f" ({held})" if held else ""
    text = f"{label_of(estimand)} of each predictor (rows) about each target (columns)"
    text += f"{place}{of_items(data)}."
    if other:
        text += f" Cells differ in {listing([label_of(c).lower() for c in other])}."
    if cells["own"].any():
        text += " Outlined: a model about itself."
    if cells["over"].notna().any():
        text += f" Second number and colour: accuracy minus {label_of(baseline).lower()}."
    if len(cells) < cells["predictor"].nunique() * cells["target"].nunique():
        text += " Empty cells were not asked."
    cells = cells.assign(both=cells["predictor"] + " about " + cells["target"])
    return text + missing_sentence(cells, "both")


def _alt(cells: pd.DataFrame, estimand: str) -> str:
    sentences = []
    for target, part in cells.groupby("target", sort=False):
        said = [
            f"{row['predictor']}{' (itself)' if row['own'] else ''} "
            f"{'not estimable' if row['reason'] else row['value_text']}"
            for row in records(part)
        ]
        sentences.append(f"Target {target}: {', '.join(said)}")
    return f"Matrix of {label_of(estimand).lower()}{of_items(cells)}. {'. '.join(sentences)}."
