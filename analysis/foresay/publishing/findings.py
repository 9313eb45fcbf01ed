"""Findings: the sentences of a report, written from its numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foresay.display import (
    comparison,
    count,
    direction,
    interval_text,
    label_of,
    listing,
    percent,
    plural,
    value_text,
)
from foresay.publishing.analyses import Results

Row = dict[str, Any]


def overview(results: Results) -> list[str]:
    """Say what was found in a few sentences, plain text, each from a row of a table."""
    return [s for make in (_best_arm, _advantages, _maximum) for s in make(results)]


def design(results: Results) -> str:
    """Say what was asked of whom, how many."""
    facts = results.facts
    names = facts["names"]
    targets, tasks = names.get("target", []), names.get("task", [])
    behind = _repeats(facts)
    if not facts["has_predictions"]:
        asked = plural(len(targets), "model")
        return (
            f"{asked} answered {plural(facts['prompts'], 'prompt')} of {plural(len(tasks), 'task')} "
            f"({listing(tasks, most=8)}). No predictions were made{behind}."
        )
    return (
        f"{plural(len(names['predictor']), 'predictor')} made "
        f"{plural(facts['predictions'], 'prediction')} about {listing(targets, most=4)} on "
        f"{plural(facts['prompts'], 'prompt')} of {plural(len(tasks), 'task')} "
        f"({listing(tasks, most=8)}) and {plural(len(names.get('property', [])), 'property', 'properties')} "
        f"({listing(names.get('property', []), most=12)}). "
        f"{count(facts['included'])} of them are held against a usable behaviour{behind}."
    )


def compliance(results: Results) -> str:
    """Say how compliance ranges over the arms."""
    if not results.has("compliance"):
        return f"Compliance is not shown: {results.missing.get('compliance', 'no rows')}."
    frame = results.tables["compliance"].sort_values("value", kind="stable")
    low, high = _records(frame)[0], _records(frame)[-1]
    return (
        f"Between {percent(low['value'])} ({low['arm']} about {low['target']}) and "
        f"{percent(high['value'])} ({high['arm']}) of an arm's predictions are in the asked form. "
        "Where that share is low, accuracy depends on how the others are counted."
    )


def policy_effect(results: Results) -> str:
    """Say how far the choice of compliance policy moves accuracy."""
    frame = results.tables.get("policies")
    if frame is None:
        return ""
    named = frame[frame["compliance"] != "bounds"]
    spread = named.groupby(["arm", "target"])["value"].agg(["min", "max"])
    rows = _records(spread.reset_index())
    row = max(rows, key=lambda each: each["max"] - each["min"])
    least, most = (
        value_text({"estimand": "accuracy", "value": row[end]}, 3) for end in ("min", "max")
    )
    return (
        f"The policy matters most for {row['arm']} about {row['target']}: accuracy lies between "
        f"{least} and {most}."
    )


def agreement(results: Results) -> str:
    """Say how often repeats agree."""
    frame = results.tables.get("agreement")
    if frame is None:
        return ""
    kinds = [e for e in ("agreement_answer", "agreement_raw") if (frame["estimand"] == e).any()]
    if not kinds:
        return ""
    rows = _records(frame[frame["estimand"] == kinds[0]].sort_values("value", kind="stable"))
    low, high = rows[0], rows[-1]
    return (
        f"{label_of(kinds[0])} ranges from {interval_text(low)} ({low['task']}) to "
        f"{interval_text(high)} ({high['task']})."
    )


def informative(results: Results) -> str:
    """Say what is left where there is something to predict."""
    frame = results.tables.get("accuracy_informative")
    if frame is None:
        return ""
    share = percent(results.facts["informative"])
    rows = _records(frame[frame["estimand"] == "accuracy"])
    best = max(rows, key=lambda row: (_known(row["value"]), row["arm"]))
    base = _same(frame, best, "baseline_mode")
    text = (
        f"In the cells where the commonest answer is given on fewer than {share} of prompts, "
        f"{best['arm']} matches {interval_text(best)}"
    )
    if base is not None:
        text += f" against a mode baseline of {value_text(base)}"
    return f"{text} ({plural(int(best['n_trials']), 'trial')})."


def _best_arm(results: Results) -> list[str]:
    frame = results.tables.get("accuracy")
    if frame is None:
        return []
    sentences = []
    for target, part in frame.groupby("target", sort=True):
        rows = _records(part[part["estimand"] == "accuracy"])
        best = max(rows, key=lambda row: (_known(row["value"]), row["arm"]))
        text = f"The best prediction of {target} is by {best['arm']}: {interval_text(best)}"
        gain = _same(part, best, "advantage")
        base = _same(part, best, "baseline_mode")
        if gain is not None and base is not None:
            text += (
                f", {direction(gain)} the {value_text(base)} of always guessing the commonest "
                f"answer (difference {interval_text(gain)})"
            )
        sentences.append(f"{text}.")
    return sentences


def _advantages(results: Results) -> list[str]:
    frame = results.tables.get("advantage")
    if frame is None:
        return []
    first = frame[frame["estimand"] == frame["estimand"].iloc[0]]
    rows = _records(first)
    extra = [c for c in ("n_train",) if c in first.columns and first[c].notna().any()]
    if not extra and len(rows) > 3:
        verdicts = [direction(row) for row in rows]
        better, worse = verdicts.count("higher than"), verdicts.count("lower than")
        return [
            f"Self-prediction is distinguishably better than cross-prediction for {better} of "
            f"{plural(len(rows), 'target')}, and distinguishably worse for {worse}."
        ]
    sentences = []
    for row in rows:
        where = f" about {row['target']}" if "target" in row else ""
        n = f" trained on {count(row['n_train'])} questions" if extra else ""
        sentences.append(comparison(row, f"self-prediction{where}{n}", "cross-prediction"))
    return sentences


def _maximum(results: Results) -> list[str]:
    frame = results.tables.get("accuracy")
    if frame is None or not (frame["estimand"] == "ceiling_resample").any():
        return []
    sentences = []
    known = frame[(frame["estimand"] == "ceiling_resample") & frame["value"].notna()]
    for target, part in known.groupby("target", sort=True):
        row = _records(part)[0]
        sentences.append(
            f"A predictor that ran {target} once more would reach {interval_text(row)}: the "
            "target does not always repeat itself."
        )
    return sentences


def _repeats(facts: Row) -> str:
    low, high = facts["repeats_low"], facts["repeats_high"]
    if high < 2:
        return ", each observed once, so that no ceiling can be estimated"
    return (
        f", each observed {low} to {high} times" if low != high else f", each observed {high} times"
    )


def _same(frame: pd.DataFrame, row: Row, estimand: str) -> Row | None:
    found = frame[
        (frame["estimand"] == estimand)
        & (frame["arm"] == row["arm"])
        & (frame["target"] == row["target"])
    ]
    return _records(found)[0] if len(found) else None


def _records(frame: pd.DataFrame) -> list[Row]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _known(value: float) -> float:
    return -1.0 if pd.isna(value) else float(value)
