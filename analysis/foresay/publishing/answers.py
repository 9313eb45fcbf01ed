"""Answers: what a page of the report says first, in a sentence or two, written from its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foresay.display import (
    count,
    direction,
    interval_text,
    is_missing,
    label_of,
    listing,
    plural,
    tally,
    value_text,
)
from foresay.publishing import calibration_findings, findings, mechanism_findings
from foresay.publishing.paired_findings import self_and_cross, shown_direction
from foresay.publishing.results import Results
from foresay.publishing.rows import Row, arm_name, rows_of, same_group, training_of

_MOST_TARGETS = 3


def overview(results: Results) -> list[str]:
    """Answer the study in up to three sentences: above guessing, self and cross, within reach."""
    found = [above_guessing(results), self_and_cross(results), within_reach(results)]
    said = [sentence for sentence in found if sentence]
    return said or [findings.agreement(results) or "Nothing could be estimated from these tables."]


def above_guessing(results: Results) -> str:
    """Hold what each target predicts of itself against always guessing its commonest answer."""
    rows = rows_of(results, "headline", "accuracy")
    if not rows and results.has("accuracy"):
        return "No accuracy can be estimated."
    chosen = [row for row in rows if row["role"] == "self"] or rows
    chosen.sort(key=lambda row: -row["value"])
    gains = [same_group(results, "headline", row, "advantage") for row in chosen]
    if len(chosen) > _MOST_TARGETS:
        who = "predict themselves" if chosen[0]["role"] == "self" else "are predicted"
        verdicts = [direction(gain) for gain in gains if gain is not None]
        said = f"Against always guessing the commonest answer, accuracy is {tally(verdicts)}"
        return f"{said} of the models that {who}." if verdicts else ""
    parts: list[str] = []
    for row, gain in zip(chosen, gains, strict=True):
        text = f"{_who_predicts(results, row)} with an accuracy of {interval_text(row)}"
        base = same_group(results, "headline", row, "baseline_mode")
        if gain is not None and base is not None:
            of = " of always guessing" if parts else " of always guessing the commonest answer"
            text += f", {direction(gain)} the {value_text(base)}{of}"
        parts.append(text)
    return f"{'; '.join(parts)}." if parts else ""


def _who_predicts(results: Results, row: Row) -> str:
    """Name a predictor with its training, and the model that it predicts."""
    trained = training_of(results, row)
    itself = str(row["arm"]).split(" \N{MIDDLE DOT} ")[0] == row["target"]
    about = "itself" if itself else str(row["target"])
    if not trained:
        return f"{row['arm']} predicts {about}"
    if row["role"] == "self" and trained.startswith("trained on") and not itself:
        return f"{row['arm']}, {trained} about {about}, predicts it"
    return f"{row['arm']}, {trained}, predicts {about}"


def headline_arms(results: Results) -> str:
    """Say which arms the answer is about, where there are more."""
    shown = rows_of(results, "headline", "accuracy")
    whole = rows_of(results, "accuracy", "accuracy")
    if len(shown) == len(whole):
        return ""
    kinds = listing([f"{role}-prediction" for role in ("self", "cross") if _has(shown, role)])
    most = "with the most training" if results.has("scaling") else "that is the most accurate"
    return (
        f"Of {count(len(whole))} arms {count(len(shown))} are shown: of each target the {kinds} "
        f"{most}."
    )


def _has(rows: Sequence[Row], role: str) -> bool:
    return any(row["role"] == role for row in rows)


def within_reach(results: Results) -> str:
    """Say how near the highest possible accuracy is, where repeats tell what it is."""
    parts = []
    known: dict[str, Row] = {}
    for row in rows_of(results, "headline", "ceiling_resample"):
        kept = known.get(str(row["target"]))
        if kept is None or row["role"] == "self":
            known[str(row["target"])] = row
    for target, row in list(known.items())[:_MOST_TARGETS]:
        text = f"running {target} once more would reach {interval_text(row)}"
        share = same_group(results, "headline", row, "normalized_accuracy")
        if share is not None and not is_missing(share["value"]):
            text += f"; {row['arm']} gets to {interval_text(share)} of that"
        parts.append(text)
    if parts:
        said = "; ".join(parts)
        return f"{said[:1].upper()}{said[1:]}."
    if results.facts.get("has_predictions") and results.facts.get("repeats_high", 0) < 2:
        return "How high accuracy could be is not known: the tables hold no repeated answers."
    return ""


def accuracy(results: Results) -> str:
    """Say which arm predicts each target best; without predictions, how often answers repeat."""
    return " ".join(findings.best_arms(results)) or findings.agreement(results)


def self_against_cross(results: Results) -> str:
    """Hold self- against cross-prediction; else say what predictions rest on."""
    return (
        self_and_cross(results)
        or mechanism_findings.projection(results)
        or mechanism_findings.reproduction(results)
        or "No self-prediction can be paired with a cross-prediction."
    )


def calibration(results: Results) -> str:
    """Say how near to calibrated confidence is; else how detection or correlation fare."""
    return (
        calibration_findings.calibration(results)
        or _range(results, "detection", "d_prime", "D-prime")
        or _range(results, "correlation", "correlation", "The correlation with actual values")
    )


def change(results: Results) -> str:
    """Say what training, or a change of behaviour, does to accuracy."""
    return " ".join(filter(None, (_with_training(results), _shifted(results))))


def robustness(results: Results) -> str:
    """Say how much the counting of replies moves, and whether the result holds over tasks."""
    return " ".join(filter(None, (findings.policy_effect(results), _over_tasks(results))))


def _with_training(results: Results) -> str:
    """Say how accuracy of self-prediction goes from the least to the most training."""
    rows = [row for row in rows_of(results, "scaling", "accuracy") if row["n_train"] > 0]
    series = {str(row["series"]): str(row["target"]) for row in rows}
    own = [name for name in series if name.startswith("self")] or list(series)
    parts = []
    for name in own[:_MOST_TARGETS]:
        points = sorted(
            (row for row in rows if row["series"] == name), key=lambda row: row["n_train"]
        )
        first, last = points[0], points[-1]
        if first["n_train"] < last["n_train"]:
            base, target = name.split(": ", 1)[-1], series[name]
            about = "itself" if base == target else target
            who = (
                f"{base}, trained on questions about {about},"
                if own[0].startswith("self")
                else (f"predictions about {target} by {base}, trained,")
            )
            parts.append(
                f"The accuracy of {who} goes from "
                f"{interval_text(first)} with {count(first['n_train'])} questions to "
                f"{interval_text(last)} with {count(last['n_train'])}."
            )
    return " ".join(parts)


def _shifted(results: Results) -> str:
    rows = rows_of(results, "shift", "shift_new")
    olds = [same_group(results, "shift", row, "shift_old") for row in rows]
    pairs = [(new, old) for new, old in zip(rows, olds, strict=True) if old is not None]
    if not pairs:
        return ""
    new, old = max(pairs, key=lambda pair: pair[0]["value"])
    return (
        f"Where behaviour was changed, predictions follow the new behaviour at a rate of up to "
        f"{interval_text(new)} ({arm_name(new, rows)}), and then the old one at "
        f"{interval_text(old)}."
    )


def _over_tasks(results: Results) -> str:
    frame = results.tables.get("over_tasks")
    if frame is None:
        return ""
    rows = frame[(frame["quantity"] == "mean") & frame["value"].notna()].to_dict("records")
    if not rows:
        return ""
    what = label_of(rows[0]["estimand"]).lower()
    over = plural(int(rows[0]["n_effects"]), label_of(rows[0]["over"]).lower())
    verdicts = [shown_direction({str(k): v for k, v in row.items()}) for row in rows]
    return (
        f"With each of {over} as one observation, the mean {what} against zero is "
        f"{tally(verdicts, 'comparisons')}."
    )


def _range(results: Results, table: str, estimand: str, subject: str) -> str:
    rows = sorted(rows_of(results, table, estimand), key=lambda row: row["value"])
    if not rows:
        return ""
    low, high = rows[0], rows[-1]
    if len(rows) == 1:
        return f"{subject} of {arm_name(low, rows)} is {interval_text(low)}."
    return (
        f"{subject} ranges from {interval_text(low)} ({arm_name(low, rows)}) to "
        f"{interval_text(high)} ({arm_name(high, rows)})."
    )


def validation(found: dict[str, Any]) -> str:
    """Say what was read, and what validation found."""
    tables = found.get("tables", [])
    rows = sum(table["n_rows"] for table in tables)
    counts = found.get("counts", {})
    problems = listing([plural(counts.get(kind, 0), kind) for kind in ("warning", "note")])
    one = len(tables) == 1
    how = (
        "was checked against its rules"
        if one
        else ("were checked against their rules and against each other")
    )
    return (
        f"{plural(len(tables), 'table')} with {plural(rows, 'row')} {how}: no errors, {problems}."
    )
