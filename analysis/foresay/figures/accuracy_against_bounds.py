"""Accuracy against its bounds: the mode baseline below and the highest possible score above."""

from __future__ import annotations

import altair as alt
import pandas as pd

from foresay.display import is_missing, label_of, listing
from foresay.figures.figure import Figure
from foresay.figures.panels import Rows, draw, rows_for
from foresay.figures.rows import (
    common_digits,
    constants,
    joined,
    level_phrase,
    missing_sentence,
    name_of,
    panel_start,
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
    ORANGE,
    PALE,
    legend_for,
    proportion_axis,
)

QUESTION = "How accurate is each predictor, between always guessing the mode and another run?"
ACCURACY, BASELINE, CEILING = "accuracy", "baseline_mode", "ceiling_resample"
KINDS = {
    ACCURACY: "Accuracy",
    BASELINE: "Mode baseline",
    CEILING: "Resample ceiling: another run of the target",
}
_BAR = "M0,-1L0,1"
_ROW = 26
_FIELDS = [
    *("panel", "label", "full", "kind", "value", "low", "high", "end", "text", "printed"),
    *("reason", "n_items"),
]


def plot_accuracy(
    estimates: pd.DataFrame,
    *,
    row: str = "predictor",
    width: int = DOUBLE,
    name: str = "accuracy-against-bounds",
) -> Figure:
    """Plot accuracy with its interval, the mode baseline and the resample ceiling, a row each.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``accuracy`` and, where they exist, ``baseline_mode`` and
        ``ceiling_resample`` with the same grouping. A bound whose `row` is missing counts for
        every row of its panel.
    row : str
        The grouping column that names the rows; the other columns that vary make the panels.
    width : int
        Width of the figure in CSS pixels: `theme.SINGLE` or `theme.DOUBLE`.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there are no rows of accuracy, or two that would be drawn in one place.
    """
    data = select(estimates, list(KINDS), name)
    scores = data[data["estimand"] == ACCURACY]
    split = varying(scores, leave=[row])
    rows = _placed(data, scores, row, split)
    require_unique(rows, ["estimand", "panel", "full"], name)
    rows = texts(rows, common_digits(rows))
    lines = rows_for(list(rows["full"]), width, _ROW)
    rows = rows.assign(
        label=rows["full"].map(lines.labels), kind=rows["estimand"].map(KINDS), end=1.0
    )
    return Figure(
        name=name,
        chart=_chart(rows, lines, width),
        data=data,
        question=QUESTION,
        caption=_caption(rows, data, row, split),
        alt=_alt(rows),
    )


def _placed(data: pd.DataFrame, scores: pd.DataFrame, row: str, split: list[str]) -> pd.DataFrame:
    """Give every row its panel and label, a bound without a predictor to all of its panel."""
    data = data.assign(panel=joined(data, split), full=data[row].map(name_of))
    scores = scores.assign(panel=joined(scores, split), full=scores[row].map(name_of))
    unnamed = data[row].map(is_missing) | (data[row] == "")
    shared = data[unnamed & (data["estimand"] != ACCURACY)].drop(columns="full")
    spread = shared.merge(scores[["panel", "full"]], on="panel", how="inner")
    return pd.concat([data[~unnamed | (data["estimand"] == ACCURACY)], spread], ignore_index=True)


def _chart(rows: pd.DataFrame, lines: Rows, width: int) -> alt.TopLevelMixin:
    is_score = rows["estimand"] == ACCURACY
    plotted = rows.assign(printed=rows["value_text"].where(is_score, ""))[_FIELDS]
    # what stands last is drawn last: the accuracies over their bounds
    plotted = pd.concat([plotted[~is_score], plotted[is_score]], ignore_index=True)
    shown = [k for k in KINDS.values() if rows.loc[rows["kind"] == k, "value"].notna().any()]
    y = lines.channel()
    layers = [
        *_bounds(y),
        _rule(y, KINDS[ACCURACY], 2, BLUE),
        _marks(y, shown, width - lines.extent, lines.height),
        alt.Chart()
        .mark_text(align="left", color=GREY, dx=4)
        .transform_filter("datum.reason !== ''")
        .transform_filter(f"datum.kind === '{KINDS[ACCURACY]}'")
        .encode(y=y, x=alt.datum(0.0), text=alt.value("not estimable")),
    ]
    return draw(layers, plotted, lines, width, columns=["printed"])


def _bounds(y: alt.Y) -> list[alt.Chart]:
    """Draw what lies beyond another run of the target, and the intervals of the bounds."""
    is_ceiling = f"datum.kind === '{KINDS[CEILING]}'"
    beyond = (
        alt.Chart()
        .mark_bar(color=PALE, height={"band": 1})
        .transform_filter(f"{is_ceiling} && isValid(datum.value)")
        .encode(y=y, x=alt.X("value:Q", **proportion_axis(title="Accuracy")), x2="end:Q")
    )
    return [beyond, _rule(y, KINDS[CEILING], 1, INK), _rule(y, KINDS[BASELINE], 1, ORANGE)]


def _rule(y: alt.Y, kind: str, size: float, color: str) -> alt.Chart:
    rule: alt.Chart = (
        alt.Chart()
        .mark_rule(strokeWidth=size, color=color)
        .transform_filter(f"datum.kind === '{kind}' && isValid(datum.low)")
        .encode(y=y, x=alt.X("low:Q", **proportion_axis(title="Accuracy")), x2="high:Q")
    )
    return rule


def _marks(y: alt.Y, shown: list[str], room: float, height: int) -> alt.Chart:
    looks = {
        KINDS[ACCURACY]: (BLUE, "circle", [1, 0]),
        KINDS[BASELINE]: (ORANGE, _BAR, [3, 2]),
        KINDS[CEILING]: (INK, _BAR, [1, 0]),
    }
    color, shape, dash = (
        alt.Scale(domain=shown, range=[looks[kind][i] for kind in shown]) for i in range(3)
    )
    is_score = f"datum.kind === '{KINDS[ACCURACY]}'"
    legend = legend_for(shown, room)
    marks: alt.Chart = (
        alt.Chart()
        .mark_point(strokeWidth=2.5, opacity=1)
        .transform_filter("isValid(datum.value)")
        .encode(
            y=y,
            x=alt.X("value:Q", **proportion_axis(title="Accuracy")),
            stroke=alt.Stroke("kind:N", scale=color, legend=legend),
            fill=alt.Fill("kind:N", scale=color, legend=legend),
            shape=alt.Shape("kind:N", scale=shape, legend=legend),
            strokeDash=alt.StrokeDash("kind:N", scale=dash, legend=legend),
            size=alt.condition(is_score, alt.value(60), alt.value(height**2)),
            tooltip=[
                alt.Tooltip("full:N", title="Predictor"),
                alt.Tooltip("kind:N", title="Shown"),
                alt.Tooltip("text:N", title="Value"),
                alt.Tooltip("n_items:Q", title="Items"),
            ],
        )
    )
    return marks


def _caption(rows: pd.DataFrame, data: pd.DataFrame, row: str, split: list[str]) -> str:
    held = constants(data, leave=[row])
    parts = [f"Accuracy of each {label_of(row).lower()}{level_phrase(data)}"]
    if split:
        parts.append(f"by {listing([label_of(c).lower() for c in split])}")
    if held:
        parts.append(f"({held})")
    text = " ".join(parts) + "."
    if (rows["estimand"] == BASELINE).any():
        text += " Dashed: accuracy of always guessing the commonest answer."
    if rows.loc[rows["estimand"] == CEILING, "value"].notna().any():
        text += (
            " Solid line: the resample ceiling, what another run of the target would score, which"
            " does not always repeat itself; grey lies above it."
        )
    else:
        text += " No ceiling is drawn: it needs repeated responses of the target."
    return text + missing_sentence(rows[rows["estimand"] == ACCURACY], "full")


def _alt(rows: pd.DataFrame) -> str:
    sentences: list[str] = []
    for panel, part in rows.groupby("panel", sort=False):
        said = [_bound(part, BASELINE, "mode baseline"), _bound(part, CEILING, "resample ceiling")]
        scores = part[part["estimand"] == ACCURACY]
        said += [
            f"{full} {text if not reason else 'not estimable'}"
            for full, text, reason in zip(
                scores["full"], scores["text"], scores["reason"], strict=True
            )
        ]
        sentences.append(panel_start(panel) + ", ".join(s for s in said if s))
    return f"Dot plot of accuracy. {'. '.join(sentences)}."


def _bound(part: pd.DataFrame, estimand: str, word: str) -> str:
    """Return a bound's value, or its span where it differs between rows; "" where there is none."""
    found = part[(part["estimand"] == estimand) & part["value"].notna()].sort_values("value")
    if found.empty:
        return ""
    least, most = found["value_text"].iloc[0], found["value_text"].iloc[-1]
    return f"{word} {least}" if least == most else f"{word} {least} to {most}"
