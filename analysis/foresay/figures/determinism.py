"""Determinism gained: entropy of answers before and after training, a dumbbell a model."""

from __future__ import annotations

import pandas as pd

from foresay.display import grouping_columns, is_missing, label_of, plural
from foresay.errors import UnsupportedError
from foresay.figures.dumbbell import COLUMNS, Pair, dumbbells
from foresay.figures.figure import Figure
from foresay.figures.rows import (
    common_digits,
    joined,
    level_phrase,
    of_items,
    panel_start,
    records,
    texts,
)
from foresay.figures.theme import DOUBLE, SINGLE

QUESTION = "Does training make a model's answers more deterministic?"
MATCHED_QUESTION = "Is a difference left once both arms have items of the same entropy?"
BEFORE, AFTER = "Before training", "After training"
_TITLES = {"entropy": "Entropy of answers (bits)", "distinct_answers": "Distinct answers"}
PLAIN, MATCHED = "As asked", "Weighted to the same entropy"


def plot_determinism(
    determinism: pd.DataFrame,
    *,
    estimand: str = "entropy",
    width: int = DOUBLE,
    name: str = "determinism",
) -> Figure:
    """Plot entropy, or distinct answers, of each model before and after it was trained.

    Parameters
    ----------
    determinism : pandas.DataFrame
        What `Workbench.determinism` returns.
    estimand : {"entropy", "distinct_answers"}
        What is shown.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table is not one of determinism gained.
    """
    told = grouping_columns(determinism)
    data = determinism[determinism["estimand"] == estimand].reset_index(drop=True)
    if "quantity" not in told or data.empty:
        raise UnsupportedError(
            f"figure '{name}' needs rows of {estimand} before and after training; pass what "
            "determinism() returned"
        )
    named = [c for c in told if c != "quantity" and data[c].nunique(dropna=False) > 1]
    named = named or [c for c in told if c == "model"]
    rows = texts(data.assign(full=joined(data, named)), common_digits(data))
    rows["full"] = rows["full"].replace("", "all")
    arms = {"before": BEFORE, "after": AFTER}
    changes = {r["full"]: r for r in records(rows[rows["quantity"] == "change"])}
    drawn = _drawn(rows[rows["quantity"].isin(list(arms))], arms, changes, width)
    items = int(data["n_items"].max())
    note = next((n for n in data["note"] if n), "")
    title = _TITLES.get(estimand, label_of(estimand))
    return Figure(
        name=name,
        chart=dumbbells(drawn, Pair(first=BEFORE, second=AFTER, axis=title), width=width),
        data=data,
        question=QUESTION,
        caption=(
            f"{title} before (hollow) and after training (filled){level_phrase(data)}, with the "
            f"change, on {plural(items, 'item')} that both models were asked"
            f"{f' ({note})' if note else ''}."
        ),
        alt=_alt(rows, changes, title),
    )


def plot_entropy_matched(
    matched: pd.DataFrame, *, width: int = DOUBLE, name: str = "entropy-matched"
) -> Figure:
    """Plot a difference of accuracies as it is, and weighted to the same entropy of items.

    Parameters
    ----------
    matched : pandas.DataFrame
        What `Workbench.entropy_matched` returns.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table is not one of an entropy-matched comparison.
    """
    told = grouping_columns(matched)
    if not {"quantity", "matching", "arm"} <= set(told):
        raise UnsupportedError(
            f"figure '{name}' needs the two arms of an entropy-matched comparison; pass what "
            "entropy_matched() returned"
        )
    data = matched.reset_index(drop=True)
    split = [
        c
        for c in told
        if c not in ("quantity", "matching", "arm") and data[c].nunique(dropna=False) > 1
    ]
    data = data.assign(
        panel=[
            " \N{MIDDLE DOT} ".join(p for p in (e, g) if p)
            for e, g in zip(data["estimand"].map(label_of), joined(data, split), strict=True)
        ]
    )
    arms = {"none": PLAIN, "weights": MATCHED}
    parts = []
    for _, part in data.groupby("estimand", sort=False):
        rows = texts(part.assign(full=part["arm"].astype(str)), common_digits(part))
        parts.append(rows)
    rows = pd.concat(parts, ignore_index=True)
    accuracy = rows[rows["estimand"] == "accuracy"]
    drawn = _drawn(
        accuracy.assign(quantity=accuracy["matching"]),
        arms,
        {r["full"]: r for r in records(accuracy[accuracy["matching"] == "weights"])},
        width,
    )
    said = [
        f"{r['full']} {r['text']} ({arms[r['matching']].lower()})"
        for r in records(rows[rows["estimand"] == "entropy"])
        if not is_missing(r["value"]) and r["quantity"] == "value"
    ]
    return Figure(
        name=name,
        chart=dumbbells(
            drawn,
            Pair(first=PLAIN, second=MATCHED, axis="Accuracy, and its difference"),
            width=width,
        ),
        data=matched.reset_index(drop=True),
        question=MATCHED_QUESTION,
        caption=(
            f"Accuracy of both arms and their difference{level_phrase(data)}{of_items(data)}: as "
            "asked (hollow), and weighted so that both arms have items of the same entropy "
            f"(filled, number at the right). Entropy in bits: {'; '.join(said)}."
        ),
        alt=_alt_matched(rows[rows["estimand"] == "accuracy"], arms),
    )


def _drawn(
    rows: pd.DataFrame, arms: dict[str, str], printed: dict[str, dict[str, object]], width: int
) -> pd.DataFrame:
    short = "value_text" if width <= SINGLE else "text"
    made = []
    for r in records(rows):
        beside = printed.get(r["full"])
        made.append(
            {
                "panel": "" if rows.get("panel") is None else r["panel"],
                "full": r["full"],
                "arm": arms[r["quantity"]],
                "value": r["value"],
                "low": r["low"],
                "high": r["high"],
                "text": r["text"],
                "printed": "" if beside is None or beside["reason"] else str(beside[short]),
                "lost": "not estimable" if r["reason"] else "",
            }
        )
    return pd.DataFrame(made, columns=list(COLUMNS))


def _alt(rows: pd.DataFrame, changes: dict[str, dict[str, object]], title: str) -> str:
    said = []
    for full, part in rows.groupby("full", sort=False):
        values = {r["quantity"]: r["text"] or "not estimable" for r in records(part)}
        change = changes.get(str(full), {}).get("text", "") or "not estimable"
        said.append(
            f"{full}: {values.get('before', 'not estimable')} before, "
            f"{values.get('after', 'not estimable')} after, change {change}"
        )
    return f"Dumbbell plot of {title.lower()}{of_items(rows)}. {'. '.join(said)}."


def _alt_matched(rows: pd.DataFrame, arms: dict[str, str]) -> str:
    said = [
        f"{panel_start(r['panel'])}{r['full']}, {arms[r['matching']].lower()}: "
        f"{r['text'] or 'not estimable'}"
        for r in records(rows)
    ]
    return f"Dumbbell plot of accuracy{of_items(rows)}. {'. '.join(said)}."
