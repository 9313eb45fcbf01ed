"""Accuracy against its bounds: the baseline below and the highest possible scores above."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from foresay.display import is_missing, label_of, listing, range_text
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
from foresay.figures.theme import (
    BLUE,
    DOUBLE,
    GREY,
    INK,
    NARROW,
    ORANGE,
    PALE,
    legend_for,
    plain,
    proportion_axis,
)
from foresay.measures.baselines import GUESSES, baseline_of

QUESTION = "How accurate is each predictor, between guessing and the highest possible score?"
ACCURACY, BASELINE, CEILING, MODAL = (
    "accuracy",
    "baseline_mode",
    "ceiling_resample",
    "ceiling_modal",
)
KINDS = {
    ACCURACY: "Accuracy",
    BASELINE: "Mode baseline",
    CEILING: "Resample ceiling: another run of the target",
    MODAL: "Modal ceiling: the best single answer (bracket)",
}
_SHORT = {CEILING: "Resample ceiling", MODAL: "Modal ceiling (bracket)"}
BASELINES = {
    BASELINE: "always guessing the commonest answer",
    "baseline_distribution": "guessing as often as the target answers",
    "baseline_uniform": "guessing every option equally often",
    "baseline_other": "another predictor",
    "baseline_mode_train": "always guessing the commonest answer of the train split",
    "baseline_mode_insample": "always guessing the commonest answer, learnt in-sample",
}
"""Baselines that may be drawn, and what each does."""
BAND = "#bdbdbd"
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
    subject: str = "",
    width: int = DOUBLE,
    name: str = "accuracy-against-bounds",
) -> Figure:
    """Plot accuracy with its interval between a baseline and the ceilings, a row each.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``accuracy`` and, where they exist, one of `BASELINES`,
        ``ceiling_resample`` and ``ceiling_modal`` with the same grouping. A bound whose `row` is
        missing counts for every row of its panel. Of several baselines the chosen one is drawn.
    row : str
        The grouping column that names the rows; the other columns that vary make the panels.
    subject : str
        How the caption starts; by default ``Accuracy of each`` and what names the rows.
    width : int
        Width of the figure in CSS pixels: `theme.SINGLE` or `theme.DOUBLE`.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there are no rows of accuracy, or two that would be drawn in one place.
    """
    baseline = _baseline(estimates)
    data = select(estimates, [ACCURACY, baseline, CEILING, MODAL], name)
    scores = data[data["estimand"] == ACCURACY]
    split = varying(scores, leave=[row])
    rows = _placed(data, scores, row, split)
    require_unique(rows, ["estimand", "panel", "full"], name)
    rows = texts(rows.replace({"estimand": {baseline: BASELINE}}), common_digits(rows))
    lines = rows_for(list(rows["full"]), width, _ROW)
    rows = rows.assign(
        label=rows["full"].map(lines.labels),
        kind=rows["estimand"].map(
            {**KINDS, **(_SHORT if width < NARROW else {}), BASELINE: label_of(baseline)}
        ),
        end=1.0,
    )
    return Figure(
        name=name,
        chart=_chart(rows, lines, width),
        data=data,
        question=QUESTION,
        caption=_start(data, row, split, subject) + _caption(rows, BASELINES[baseline]),
        alt=_alt(rows, label_of(baseline).lower()),
    )


def _baseline(estimates: pd.DataFrame) -> str:
    """Return the baseline that is drawn: the one that was chosen, else the first there is."""
    there = set(estimates["estimand"]) if "estimand" in estimates.columns else set()
    chosen = list(estimates["baseline"].dropna().unique()) if "baseline" in estimates else []
    wanted = [baseline_of(str(c)) for c in chosen if str(c) in GUESSES] if len(chosen) == 1 else []
    return next((name for name in (*wanted, *BASELINES) if name in there), BASELINE)


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
    known = is_score & rows["value"].notna()
    plotted = rows.assign(printed=rows["value_text"].where(known, ""))[_FIELDS]
    # what stands last is drawn last: the accuracies over their bounds
    plotted = pd.concat([plotted[~is_score], plotted[is_score]], ignore_index=True)
    found = rows[rows["value"].notna() | rows["low"].notna()]
    kinds = dict(zip(found["estimand"], found["kind"], strict=True))
    shown = {e: kinds[e] for e in KINDS if e in kinds}
    y = lines.channel()
    layers = [
        *_bounds(y, shown, lines),
        _rule(y, KINDS[ACCURACY], 2, BLUE),
        _marks(y, shown, width - lines.extent, 2 * lines.reach if lines.above else lines.height),
        alt.Chart()
        .mark_text(align="left", color=GREY, dx=4)
        .transform_filter("datum.reason !== ''")
        .transform_filter(f"datum.kind === '{KINDS[ACCURACY]}'")
        .encode(y=y, x=alt.XDatum(0.0), text=alt.TextValue("not estimable")),
    ]
    return draw(layers, plotted, lines, width, columns=["printed"])


def _bounds(y: alt.Y, shown: Mapping[str, str], lines: Rows) -> list[alt.Chart]:
    """Draw what lies beyond the ceilings, the bracket, and the intervals of the bounds."""
    layers = []
    last, edge = (MODAL, "high") if MODAL in shown else (CEILING, "value")
    if last in shown:
        layers.append(_bar(y, shown[last], (edge, "end"), PALE, lines))
    if MODAL in shown:
        layers.append(_bar(y, shown[MODAL], ("low", "high"), BAND, lines))
    if CEILING in shown:
        layers.append(_rule(y, shown[CEILING], 1, INK))
    if BASELINE in shown:
        layers.append(_rule(y, shown[BASELINE], 1, ORANGE))
    return layers


def _bar(y: alt.Y, kind: str, ends: tuple[str, str], color: str, lines: Rows) -> alt.Chart:
    low, high = ends
    bar: alt.Chart = (
        alt.Chart()
        .mark_bar(color=color, height=lines.bar())
        .transform_filter(f"datum.kind === '{kind}' && isValid(datum.{low})")
        .encode(y=y, x=alt.X(f"{low}:Q", **proportion_axis(title="Accuracy")), x2=f"{high}:Q")
    )
    return bar


def _rule(y: alt.Y, kind: str, size: float, color: str) -> alt.Chart:
    rule: alt.Chart = (
        alt.Chart()
        .mark_rule(strokeWidth=size, color=color)
        .transform_filter(f"datum.kind === '{kind}' && isValid(datum.low)")
        .encode(y=y, x=alt.X("low:Q", **proportion_axis(title="Accuracy")), x2=alt.X2("high:Q"))
    )
    return rule


def _marks(y: alt.Y, drawn: Mapping[str, str], room: float, height: int) -> alt.Chart:
    looks = {
        ACCURACY: (BLUE, "circle", [1, 0]),
        BASELINE: (ORANGE, _BAR, [3, 2]),
        CEILING: (INK, _BAR, [1, 0]),
        MODAL: (BAND, "square", [1, 0]),
    }
    shown = list(drawn.values())
    color, shape, dash = (
        plain(domain=shown, range=[looks[estimand][i] for estimand in drawn]) for i in range(3)
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


def _start(data: pd.DataFrame, row: str, split: list[str], subject: str) -> str:
    """Return how the caption starts: what is shown, by what, and what all rows share."""
    held = constants(data, leave=[row])
    text = subject or f"Accuracy of each {label_of(row).lower()}"
    text += f"{level_phrase(data)}{of_items(data)}"
    text += f" by {listing([label_of(c).lower() for c in split])}" if split else ""
    return f"{text} ({held})" if held else text


def _caption(rows: pd.DataFrame, guessing: str) -> str:
    """Return what the marks of the figure are."""
    scores = rows[rows["estimand"] == ACCURACY]
    text = f".{ends_sentence(scores)} Dots: accuracy; lines through them: intervals."
    if (rows["estimand"] == BASELINE).any():
        text += f" Dashed: accuracy of {guessing}."
    if rows.loc[rows["estimand"] == CEILING, "value"].notna().any():
        text += (
            " Solid line: the resample ceiling, what another run of the target would score, which"
            " does not always repeat itself; "
        )
        text += (
            "darker band: the bracket of the modal ceiling, the best that one answer to an item "
            "can do; grey lies above both."
            if rows.loc[rows["estimand"] == MODAL, "high"].notna().any()
            else "grey lies above it."
        )
    else:
        text += " No ceiling is drawn: it needs repeated responses of the target."
    return text + missing_sentence(scores, "full")


def _alt(rows: pd.DataFrame, baseline: str) -> str:
    sentences: list[str] = []
    for panel, part in rows.groupby("panel", sort=False):
        said = [_bound(part, BASELINE, baseline), _bound(part, CEILING, "resample ceiling")]
        said.append(_brackets(part))
        scores = part[part["estimand"] == ACCURACY]
        said += [
            f"{full} {text if not reason else 'not estimable'}"
            for full, text, reason in zip(
                scores["full"], scores["text"], scores["reason"], strict=True
            )
        ]
        sentences.append(panel_start(panel) + ", ".join(s for s in said if s))
    return f"Dot plot of accuracy{of_items(rows)}. {'. '.join(sentences)}."


def _bound(part: pd.DataFrame, estimand: str, word: str) -> str:
    """Return a bound's value, or its span where it differs between rows; "" where there is none."""
    found = part[(part["estimand"] == estimand) & part["value"].notna()].sort_values("value")
    if found.empty:
        return ""
    least, most = found["value_text"].iloc[0], found["value_text"].iloc[-1]
    return f"{word} {least}" if least == most else f"{word} {least} to {most}"


def _brackets(part: pd.DataFrame) -> str:
    """Return the bracket of the modal ceiling where all rows share it; "" else."""
    found = part[(part["estimand"] == MODAL) & part["high"].notna()]
    said = {range_text(row) for row in records(found)}
    return f"modal ceiling {said.pop()}" if len(said) == 1 else ""
