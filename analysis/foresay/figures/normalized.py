"""Normalised accuracy: accuracy as a share of the highest score that the target's noise allows."""

from __future__ import annotations

import altair as alt
import pandas as pd

from foresay.display import label_of, listing, range_text
from foresay.errors import UnsupportedError
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
from foresay.figures.theme import BLUE, DOUBLE, GREY, INK, legend_for, plain, proportion_axis

QUESTION = "How close does each predictor come to the highest possible score?"
RESAMPLE, MODAL = "normalized_accuracy", "normalized_accuracy_modal"
CEILING = "The ceiling itself"
_UPRIGHT = "M-0.18,-1.2H0.18V1.2H-0.18Z"
KINDS = {RESAMPLE: "Of the resample ceiling", MODAL: "Of the modal ceiling (bracket)"}
BAND = "#bdbdbd"
_FIELDS = ["panel", "label", "full", "kind", "value", "low", "high", "text", "printed", "reason"]


def plot_normalized(
    estimates: pd.DataFrame,
    *,
    row: str = "predictor",
    width: int = DOUBLE,
    name: str = "normalised-accuracy",
) -> Figure:
    """Plot accuracy as a share of the ceilings, a row each; 1 is the ceiling.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``normalized_accuracy`` and, where there are any, of
        ``normalized_accuracy_modal`` with the same grouping.
    row : str
        The grouping column that names the rows; the other columns that vary make the panels.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there are no rows of ``normalized_accuracy``, none is defined, or two would be drawn in
        one place.
    """
    data = select(estimates, [RESAMPLE, MODAL], name)
    scores = data[data["estimand"] == RESAMPLE]
    if scores["value"].isna().all():
        raise UnsupportedError(
            f"figure '{name}' has nothing to draw: no normalised accuracy is defined; it needs "
            "repeated responses of the target"
        )
    split = varying(scores, leave=[row])
    rows = data.assign(panel=joined(data, split), full=data[row].map(name_of))
    require_unique(rows, ["estimand", "panel", "full"], name)
    rows = texts(rows, common_digits(rows))
    lines = rows_for(list(rows["full"]), width)
    rows = rows.assign(label=rows["full"].map(lines.labels), kind=rows["estimand"].map(KINDS))
    return Figure(
        name=name,
        chart=_chart(rows, lines, width),
        data=data,
        question=QUESTION,
        caption=_caption(rows, data, row, split),
        alt=_alt(rows),
    )


def _chart(rows: pd.DataFrame, lines: Rows, width: int) -> alt.TopLevelMixin:
    is_score = rows["estimand"] == RESAMPLE
    printed = rows["value_text"].where(is_score & (rows["reason"] == ""), "")
    plotted = rows.assign(printed=printed)[_FIELDS]
    reach = max(1.05, float(rows[["value", "high"]].max().max()))
    axis = proportion_axis(0.0, reach, title="Accuracy as a share of the ceiling")
    y = lines.channel()
    of, modal = (f"datum.kind === '{KINDS[estimand]}'" for estimand in (RESAMPLE, MODAL))
    shown = [kind for e, kind in KINDS.items() if (rows["estimand"] == e).any()]
    looks = {
        KINDS[RESAMPLE]: (BLUE, "circle"),
        KINDS[MODAL]: (BAND, "square"),
        CEILING: (INK, _UPRIGHT),
    }
    shown.append(CEILING)
    color = plain(domain=shown, range=[looks[kind][0] for kind in shown])
    shape = plain(domain=shown, range=[looks[kind][1] for kind in shown])
    legend = legend_for(shown, width - lines.extent)
    x = alt.X("low:Q", **axis)
    layers = [
        alt.Chart()
        .mark_bar(color=BAND, height=lines.bar(0.7))
        .transform_filter(f"{modal} && isValid(datum.low)")
        .encode(y=y, x=x, x2=alt.X2("high:Q")),
        alt.Chart().mark_rule(strokeWidth=1.5, color=INK).encode(x=alt.XDatum(1.0)),
        alt.Chart()
        .mark_rule(strokeWidth=2, color=BLUE)
        .transform_filter(f"{of} && isValid(datum.low)")
        .encode(y=y, x=x, x2=alt.X2("high:Q")),
        alt.Chart()
        .mark_point(filled=True, size=60, opacity=1)
        .transform_filter("isValid(datum.value)")
        .encode(
            y=y,
            x=alt.X("value:Q", **axis),
            color=alt.Color("kind:N", scale=color, legend=legend),
            shape=alt.Shape("kind:N", scale=shape, legend=legend),
            tooltip=[
                alt.Tooltip("full:N", title="Predictor"),
                alt.Tooltip("text:N", title="Value"),
            ],
        ),
        alt.Chart()
        .mark_text(align="left", color=GREY, dx=4)
        .transform_filter(f"{of} && datum.reason !== ''")
        .encode(y=y, x=alt.XDatum(0.0), text=alt.TextValue("not estimable")),
    ]
    return draw(layers, plotted, lines, width, columns=["printed"])


def _caption(rows: pd.DataFrame, data: pd.DataFrame, row: str, split: list[str]) -> str:
    held = constants(data, leave=[row])
    text = f"Accuracy of each {label_of(row).lower()} as a share of the ceiling"
    text += level_phrase(data) + of_items(data)
    text += f" by {listing([label_of(c).lower() for c in split])}" if split else ""
    text += f" ({held})." if held else "."
    text += ends_sentence(rows[rows["estimand"] == RESAMPLE])
    text += " Dots: estimates; blue lines: intervals."
    text += " At 1 a predictor does as well as running the target once more; beyond it, better."
    if rows.loc[rows["estimand"] == MODAL, "high"].notna().any():
        text += " Grey: the same of the modal ceiling, the best that one answer can do, a bracket."
    return text + missing_sentence(rows[rows["estimand"] == RESAMPLE], "full")


def _alt(rows: pd.DataFrame) -> str:
    sentences = []
    for panel, part in rows.groupby("panel", sort=False):
        modal = {r["full"]: range_text(r) for r in records(part[part["estimand"] == MODAL])}
        said = []
        for record in records(part[part["estimand"] == RESAMPLE]):
            text = "not estimable" if record["reason"] else record["text"]
            also = modal.get(record["full"], "")
            known = also if any(c.isdigit() for c in also) else ""
            said.append(f"{record['full']} {text}" + (f" (modal {known})" if known else ""))
        sentences.append(panel_start(panel) + ", ".join(said))
    return (
        f"Dot plot of accuracy as a share of the ceiling{of_items(rows)}. {'. '.join(sentences)}."
    )
