"""Sentences about trends, summaries over tasks, the two-way model and interactions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foresay.display import (
    direction,
    is_missing,
    label_of,
    listing,
    p_text,
    plural,
    verdict_words,
)
from foresay.display.comparisons import number_text
from foresay.publishing.results import Results

Row = dict[str, Any]
_MOST = 4


def trends(results: Results) -> str:
    """Say how the difference changes along each trend, and which curves are flat at its end."""
    frame = results.tables.get("trends")
    if frame is None:
        return ""
    said = []
    several = frame["title"].nunique() > 1
    for row in _found(frame, "slope", "difference"):
        step = f"{'doubling' if row['against'] == 'doubling' else 'unit'} of {_over(row)}"
        start = f"{row['title']}: the" if several else "The"
        said.append(
            f"{start} difference between the curves{_about(row, frame)} changes by "
            f"{number_text(row)} for each {step}; this slope is {verdict_words(row)} "
            f"({p_text(row['p_value'])}, {plural(int(row['n_items']), 'item')})."
        )
    said += [
        (
            f"From {float(row['x_from']):,g} to {float(row['x']):,g} {_over(row)}, "
            f"{row['subject']} changes by {number_text(row)}: {verdict_words(row)} "
            f"({p_text(row['p_value'])})."
        )
        for row in _found(frame, "plateau")
    ]
    return " ".join(said[: _MOST + 1])


def over_tasks(results: Results) -> str:
    """Say what the mean over tasks is, and whether leaving one out changes its verdict."""
    frame = results.tables.get("over_tasks")
    if frame is None:
        return ""
    said = []
    for row in _found(frame, "mean")[:_MOST]:
        over, n = _over(row), int(row["n_effects"])
        text = (
            f"Over {plural(n, over)} the mean of {label_of(row['estimand']).lower()}"
            f"{_about(row, frame)} is {number_text(row)}, {verdict_words(row)} "
            f"(t test, {p_text(row['p_value'])})"
        )
        rest = [r for r in _found(frame, "without") if _same(r, row, frame)]
        changed = [r["subject"] for r in rest if verdict_words(r) != verdict_words(row)]
        if rest:
            kept = f"leaving out any one {over} does not change that verdict"
            lost = f"without {listing(changed, last='or')} the verdict is another"
            text += f"; {lost if changed else kept}"
        said.append(f"{text}.")
    return " ".join(said)


def two_way(results: Results) -> str:
    """Say what self-prediction adds in the two-way model."""
    frame = results.tables.get("two_way")
    if frame is None:
        return ""
    said = [
        f"With predictor and target held fixed, self-prediction{_about(row, frame)} changes the "
        f"probability of a match by {number_text(row)}: {verdict_words(row)} "
        f"(t test, {p_text(row['p_value'])}, {plural(int(row['n_trials']), 'trial')})."
        for row in _found(frame, "marginal effect", "self")[:_MOST]
    ]
    return " ".join(said)


def interactions(results: Results) -> str:
    """Say for each interaction what its two differences are, and whether they differ."""
    frame = results.tables.get("interactions")
    if frame is None:
        return ""
    rows = [{str(k): v for k, v in r.items()} for r in frame.to_dict("records")]
    said = []
    for place, row in enumerate(rows):
        if row["quantity"] != "interaction":
            continue
        first, second = rows[place - 2], rows[place - 1]
        said.append(
            f"{row['contrast'].rstrip('.?')}: {number_text(first)} ({first['pair']}) against "
            f"{number_text(second)} ({second['pair']}); their difference {number_text(row)} is "
            f"{direction(row)} 0 ({plural(int(row['n_items']), 'item')})."
        )
    return " ".join(said[:_MOST])


def _found(frame: pd.DataFrame, quantity: str, subject: str | None = None) -> list[Row]:
    rows = frame[(frame["quantity"] == quantity) & frame["value"].notna()]
    if subject is not None:
        rows = rows[rows["subject"] == subject]
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


def _by(frame: pd.DataFrame) -> list[str]:
    columns = [str(c) for c in frame.columns]
    grouping = columns[4 : columns.index("quantity")]
    return [c for c in grouping if frame[c].nunique(dropna=False) > 1]


def _about(row: Row, frame: pd.DataFrame) -> str:
    """Name the group of a row, where there are several."""
    said = [f"{label_of(c).lower()} {_plain(row[c])}" for c in _by(frame) if not is_missing(row[c])]
    return f" ({listing(said)})" if said else ""


def _plain(value: object) -> str:
    return f"{value:,g}" if isinstance(value, (int, float)) else str(value)


def _same(one: Row, other: Row, frame: pd.DataFrame) -> bool:
    return all(one[c] == other[c] for c in ("name", *_by(frame)))


def _over(row: Row) -> str:
    return label_of(row["over"]).lower()
