"""Every predictor about every target, scored twice: against the target and against itself."""

from __future__ import annotations

import altair as alt
import pandas as pd

from foresay.display import listing
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.rows import (
    common_digits,
    constants,
    missing_sentence,
    name_of,
    natural,
    of_items,
    records,
    require_unique,
    select,
    texts,
)
from foresay.figures.theme import (
    DOUBLE,
    INK,
    LEVEL,
    NUMBER_TEXT,
    fitting,
    label_room,
    plain,
    short_labels,
    text_width,
)

QUESTION = "Do predictions fit the model they are about, or the model that makes them?"
_SCORED = {"accuracy_target": "Scored against the target", "accuracy_own": "Against the predictor"}
_CELL, _LEVEL, _GAP = 30, 70, 22


def plot_two_scorings(
    estimates: pd.DataFrame, *, width: int = DOUBLE, name: str = "two-scorings"
) -> Figure:
    """Plot two matrices of the same predictions, predictors down and targets across.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``accuracy_target`` and ``accuracy_own`` by ``predictor`` and
        ``target``: how often a prediction equals what the target, and what the predictor itself,
        answers.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table lacks predictor or target, or has several rows for one cell.
    """
    data = select(estimates, list(_SCORED), name)
    for column in ("predictor", "target"):
        if column not in data.columns:
            raise UnsupportedError(
                f"figure '{name}' needs the grouping column '{column}'; "
                "estimate with by=['predictor', 'target']"
            )
    by_name = data["predictor"].map(lambda v: natural(name_of(v))).sort_values(kind="stable")
    data = data.loc[by_name.index].reset_index(drop=True)
    require_unique(data, ["estimand", "predictor", "target"], name)
    cells = texts(data, common_digits(data))
    cells = cells.assign(
        predictor=cells["predictor"].map(name_of),
        target=cells["target"].map(name_of),
        scored=cells["estimand"].map(_SCORED),
    )
    cells = cells.assign(own=cells["predictor"] == cells["target"])
    return Figure(
        name=name,
        chart=_chart(cells, width),
        data=data,
        question=QUESTION,
        caption=_caption(cells, data),
        alt=_alt(cells),
    )


def _chart(cells: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    targets = list(dict.fromkeys(cells["target"]))
    predictors = short_labels(list(cells["predictor"]), label_room(width, len(targets)))
    extent = max(text_width(label) for label in predictors.values()) + 8
    room = (width - extent - 32 - _GAP) / 2
    # as wide as their headings, which are bold
    beside = room >= 1.1 * max(map(text_width, _SCORED.values()))
    room = room if beside else width - extent - 32
    step = min(room / len(targets), 130)
    level = step > _LEVEL
    if not level:
        step = max(room / len(targets), 18)
    names = short_labels(targets, step - 6 if level else 90, tall=level)
    shown = cells.assign(
        row=cells["predictor"].map(predictors),
        column=cells["target"].map(names),
        cell=fitting(cells["value"], cells["value_text"], step),
    )[["scored", "row", "column", "predictor", "target", "value", "text", "cell", "own"]]
    angle = LEVEL if level else {"labelAngle": -50, "labelAlign": "right"}
    base = alt.Chart().encode(
        x=alt.X(
            "column:N",
            sort=list(names.values()),
            title="Target",
            axis=plain(orient="bottom", ticks=False, domain=False, **angle),
            scale=plain(padding=0),
        ),
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
            alt.Tooltip("scored:N", title="Scored"),
            alt.Tooltip("text:N", title="Match"),
        ],
    )
    legend = alt.Legend(
        title="Match",
        titleFontWeight="normal",
        orient="bottom",
        gradientLength=140,
        values=[0.0, 1.0],
        labelExpr=NUMBER_TEXT,
    )
    scale = plain(domain=[0.0, 1.0], range=["#f7f7f7", "#6aaed6"])
    layers = [
        base.mark_rect(stroke="white").encode(
            color=alt.Color("value:Q", scale=scale, legend=legend)
        ),
        base.mark_text().encode(text=alt.Text("cell:N")),
        base.mark_rect(fill=None, stroke=INK, strokeWidth=2.5).transform_filter("datum.own"),
    ]
    panel = alt.layer(*layers).properties(
        width=round(step * len(targets)), height=_CELL * len(predictors)
    )
    header = alt.Header(labelAnchor="start", labelPadding=4, title=None)
    order = [text for text in _SCORED.values() if (shown["scored"] == text).any()]
    return panel.facet(
        facet=alt.Facet("scored:N", sort=order, title=None, header=header),
        data=shown,
        columns=2 if beside else 1,
        spacing={"row": 22, "column": _GAP},
    )


def _caption(cells: pd.DataFrame, data: pd.DataFrame) -> str:
    held = constants(data, leave=["predictor", "target", "role"])
    text = (
        "How often a prediction equals what the target answers, and what the predictor itself "
        f"answers, on the same trials{of_items(data)}{f' ({held})' if held else ''}."
    )
    if cells["own"].any():
        text += " Outlined: a model about itself, where both are one."
    cells = cells.assign(both=cells["predictor"] + " about " + cells["target"])
    return text + missing_sentence(cells.drop_duplicates("both"), "both")


def _alt(cells: pd.DataFrame) -> str:
    sentences = []
    for (predictor, target), part in cells.groupby(["predictor", "target"], sort=False):
        said = [
            f"{r['scored'][:1].lower()}{r['scored'][1:]} "
            f"{'not estimable' if r['reason'] else r['value_text']}"
            for r in records(part)
        ]
        sentences.append(f"{predictor} about {target}: {listing(said)}")
    start = f"Two matrices, predictors down and targets across{of_items(cells)}"
    return f"{start}. {'. '.join(sentences)}."
