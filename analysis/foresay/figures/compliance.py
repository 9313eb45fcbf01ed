"""Compliance: how often each arm answers in the asked form, and what that does to accuracy."""

from __future__ import annotations

import altair as alt
import pandas as pd

from foresay.display import label_of, listing
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.forest import Wording, plot_forest
from foresay.figures.panels import Rows, draw, rows_for
from foresay.figures.rows import (
    common_digits,
    constants,
    joined,
    level_phrase,
    name_of,
    of_items,
    panel_start,
    require_unique,
    select,
    texts,
    varying,
)
from foresay.figures.theme import (
    DOUBLE,
    LINE_SHAPE,
    SERIES,
    SHAPES,
    legend_for,
    plain,
    proportion_axis,
)

QUESTION = "How often does each predictor answer in the asked form?"
POLICY_QUESTION = "How much does accuracy depend on how non-compliant replies are counted?"
POLICIES = {
    "paper": "As in the paper",
    "drop_either": "Dropped",
    "count_wrong": "Counted as wrong",
    "ignore": "Compliance ignored",
    "bounds": "All wrong to all right",
}
"""Printed names of the compliance policies."""


def plot_compliance(
    estimates: pd.DataFrame,
    *,
    estimand: str = "compliance",
    row: str = "predictor",
    width: int = DOUBLE,
    name: str = "compliance",
) -> Figure:
    """Plot the rate of compliance with its interval, a row per arm.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``compliance`` (of predictions) or ``compliance_behaviour``.
    estimand : str
        Which of the two.
    row : str
        The grouping column that names the rows; the others that vary make panels.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no row of that estimand.
    """
    words = Wording(
        question=QUESTION,
        axis="Share of replies in the asked form",
        subject=label_of(estimand),
        reading="The share of replies that are in the asked form.",
    )
    return plot_forest(estimates, estimand, row=row, wording=words, width=width, name=name)


def plot_policies(
    estimates: pd.DataFrame,
    *,
    estimand: str = "accuracy",
    row: str = "predictor",
    width: int = DOUBLE,
    name: str = "compliance-policies",
) -> Figure:
    """Plot accuracy under each compliance policy side by side, a strip per arm.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates stacked over policies: the column ``compliance`` names the policy. A row
        with an interval and no value (the policy ``bounds``) is drawn as its interval.
    estimand : str
        What is shown.
    row : str
        The grouping column that names the strips; the others that vary make panels.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no row of that estimand, or the table does not say its policy.
    """
    data = select(estimates, [estimand], name)
    if "compliance" not in data.columns:
        raise UnsupportedError(
            f"figure '{name}' needs the column 'compliance', the policy of each row; stack the "
            f"tables of estimate('{estimand}', compliance=...) for several policies"
        )
    split = varying(data, leave=[row, "compliance"])
    rows = data.assign(
        panel=joined(data, split),
        full=data[row].map(name_of),
        policy=[POLICIES.get(p, label_of(p)) for p in data["compliance"].map(name_of)],
    )
    require_unique(rows, ["panel", "full", "policy"], name)
    rows = texts(rows, common_digits(rows))
    present = set(rows["policy"])
    order = [p for p in [*POLICIES.values(), *rows["policy"]] if p in present]
    policies = list(dict.fromkeys(order))
    step = 11  # of a policy, in pixels
    lines = rows_for(
        list(rows["full"]), width, max(26, step * len(policies) + 10), step * len(policies) // 2
    )
    rows["label"] = rows["full"].map(lines.labels)
    held = constants(data, leave=[row, "compliance"])
    place = f" ({held})" if held else ""
    return Figure(
        name=name,
        chart=_strip(rows, lines, policies, label_of(estimand), width),
        data=data,
        question=POLICY_QUESTION,
        caption=(
            f"{label_of(estimand)}{level_phrase(data)}{of_items(data)} under {len(policies)} ways "
            f"of counting non-compliant replies: {listing([p.lower() for p in policies])}{place}. "
            "Marks: estimates; lines: intervals."
        ),
        alt=_alt(rows, label_of(estimand)),
    )


def _strip(
    rows: pd.DataFrame, lines: Rows, policies: list[str], title: str, width: int
) -> alt.TopLevelMixin:
    y, axis = lines.channel(), proportion_axis(title=title)
    legend = legend_for(policies, width - lines.extent)
    shapes = [
        LINE_SHAPE if p == POLICIES["bounds"] else s for p, s in zip(policies, SHAPES, strict=False)
    ]
    # in pixels, because each panel may have rows of its own
    middle = lines.height / 2
    reach = lines.reach if lines.above else middle
    within = plain(paddingOuter=0.6, range=[middle - reach, middle + reach])
    offset = alt.YOffset("policy:N", sort=policies, scale=within)
    color = alt.Color(
        "policy:N", scale=plain(domain=policies, range=SERIES[: len(policies)]), legend=legend
    )
    shape = alt.Shape("policy:N", scale=plain(domain=policies, range=shapes), legend=legend)
    tooltip = [
        alt.Tooltip("full:N", title="Predictor"),
        alt.Tooltip("policy:N", title="Non-compliant replies"),
        alt.Tooltip("text:N", title=title),
        alt.Tooltip("n_items:Q", title="Items"),
    ]
    rules = (
        alt.Chart()
        .mark_rule(strokeWidth=1.5)
        .transform_filter("isValid(datum.low) && isValid(datum.high)")
        .encode(
            y=y,
            yOffset=offset,
            color=color,
            x=alt.X("low:Q", **axis),
            x2=alt.X2("high:Q"),
            tooltip=tooltip,
        )
    )
    points = (
        alt.Chart()
        .mark_point(filled=True, size=45, opacity=1)
        .transform_filter("isValid(datum.value)")
        .encode(
            y=y,
            yOffset=offset,
            color=color,
            shape=shape,
            x=alt.X("value:Q", **axis),
            tooltip=tooltip,
        )
    )
    fields = ["panel", "label", "full", "policy", "value", "low", "high", "text", "n_items"]
    return draw([rules, points], rows[fields], lines, width)


def _alt(rows: pd.DataFrame, title: str) -> str:
    sentences = []
    for (panel, full), part in rows.groupby(["panel", "full"], sort=False):
        said = [f"{p.lower()} {t}" for p, t in zip(part["policy"], part["text"], strict=True)]
        sentences.append(f"{panel_start(panel)}{full}: {', '.join(said)}")
    return (
        f"Dot plot of {title.lower()} by compliance policy{of_items(rows)}. {'. '.join(sentences)}."
    )
