"""Findings: the sentences of a report, written from its numbers."""

from __future__ import annotations

import pandas as pd

from foresay.display import (
    count,
    direction,
    interval_text,
    is_missing,
    label_of,
    listing,
    percent,
    plural,
    value_text,
)
from foresay.publishing.results import Results
from foresay.publishing.rows import Row, arm_name, records

_MOST_SENTENCES = 4
_POLICIES = {
    "paper": "are counted as in the original paper",
    "drop_either": "are left out",
    "count_wrong": "count as wrong",
    "ignore": "are taken as they were parsed",
}


def design(results: Results) -> str:
    """Say what was asked of whom, how many."""
    facts = results.facts
    if not facts["prompts"]:
        where = f" that satisfies {facts['where']}" if facts["where"] else ""
        return f"The tables hold no trial{where}, so there is nothing to report."
    names = facts["names"]
    targets, tasks, properties = (names.get(c, []) for c in ("target", "task", "property"))
    asked = plural(facts["prompts"], "prompt")
    where = f"{asked} of {plural(len(tasks), 'task')} ({listing(tasks, most=8)})"
    behind = _repeats(facts)
    if not facts["has_predictions"]:
        return (
            f"{_capital(plural(len(targets), 'model'))} answered {where}{behind}. "
            "No predictions were made."
        )
    about = ""
    if properties:
        words = [str(name).replace("_", " ") for name in properties]
        kinds = plural(len(properties), "property", "properties")
        about = f"; {kinds} of the answer were asked for ({listing(words, most=12)})"
        about = about.replace("answer were", "answer was") if len(properties) == 1 else about
    made = plural(facts["predictions"], "prediction")
    all_of_them = facts["included"] == facts["predictions"]
    usable = "All of them" if all_of_them else f"{count(facts['included'])} of them"
    if facts["predictions"] == 1:
        usable = "It"
    verb = "is" if facts["included"] == 1 else "are"
    return (
        f"{_capital(plural(len(names['predictor']), 'predictor'))} made {made} about "
        f"{listing(targets, most=4)} on {where}{about}. "
        f"{usable} {verb} held against a usable behaviour{behind}."
    )


def compliance(results: Results) -> str:
    """Say how compliance ranges over the arms."""
    frame = results.tables.get("compliance")
    if frame is None:
        return ""
    rows = records(frame.sort_values("value", kind="stable", na_position="first"))
    rows = [row for row in rows if not is_missing(row["value"])]
    low, high = rows[0], rows[-1]
    best = [row for row in rows if row["value"] == high["value"]]
    who = arm_name(high, rows) if len(best) == 1 else f"{len(best)} of {len(rows)} arms"
    if low["value"] == high["value"]:
        return f"{percent(low['value'])} of an arm's predictions are in the asked form."
    return (
        f"Between {percent(low['value'])} ({arm_name(low, rows)}) and {percent(high['value'])} "
        f"({who}) of an arm's predictions are in the asked form. Where that share is low, "
        "accuracy depends on how the other replies are counted."
    )


def policy_effect(results: Results) -> str:
    """Say how far the choice of compliance policy moves accuracy."""
    frame = results.tables.get("policies")
    if frame is None:
        return ""
    named = frame[frame["compliance"].isin(list(_POLICIES)) & frame["value"].notna()]
    if named.empty:
        return ""
    ends = []
    for _, part in named.groupby(["arm", "target"], sort=False, dropna=False):
        rows = records(part.sort_values("value", kind="stable"))
        ends.append((rows[0], rows[-1]))
    least, most = max(ends, key=lambda pair: pair[1]["value"] - pair[0]["value"])
    return (
        "How replies that are not in the asked form are counted matters most for "
        f"{arm_name(least, records(named))}: accuracy is {_with_n(least)} when they "
        f"{_POLICIES[least['compliance']]}, and {_with_n(most)} when they "
        f"{_POLICIES[most['compliance']]}."
    )


def _with_n(row: Row) -> str:
    return f"{interval_text(row, 3)} (n = {plural(int(row['n_trials']), 'trial')})"


def agreement(results: Results) -> str:
    """Say how often repeats agree."""
    frame = results.tables.get("agreement")
    if frame is None:
        return ""
    kinds = [e for e in ("agreement_answer", "agreement_raw") if (frame["estimand"] == e).any()]
    if not kinds:
        return ""
    rows = records(frame[frame["estimand"] == kinds[0]].sort_values("value", kind="stable"))
    low, high = rows[0], rows[-1]
    several = frame["target"].nunique() > 1
    of_low, of_high = (f"{r['target']}, {r['task']}" if several else r["task"] for r in (low, high))
    if len(rows) == 1:
        return f"{label_of(kinds[0])} is {interval_text(low)} ({of_low})."
    return (
        f"{label_of(kinds[0])} ranges from {interval_text(low)} ({of_low}) to "
        f"{interval_text(high)} ({of_high})."
    )


def pooled_wordings(results: Results) -> str:
    """Say that a stage pools the forms in which its questions were asked, and how many they are."""
    said = (
        "A stage pools all forms in which its questions were asked; where these differ between "
        "stages, a gain holds that difference too"
    )
    counts = _forms(results)
    if max(counts.values(), default=1) < 2:
        return f"{said}."
    parts = [f"{count(n)} for {stage}" for stage, n in counts.items()]
    return f"{said}. Self-prediction was asked in up to {listing(parts)}."


def _forms(results: Results) -> dict[str, int]:
    """Return, for each stage, the most forms in which one of its self-predictors was asked."""
    asked, arms = results.tables.get("glance"), results.tables.get("accuracy")
    if asked is None or arms is None or "stage" not in asked:
        return {}
    named = {(str(r["arm"]), str(r["target"])) for r in records(arms)}
    most: dict[str, int] = {}
    for row in records(asked):
        if row["role"] != "self" or is_missing(row["stage"]):
            continue
        start = f"{row['predictor']} \N{MIDDLE DOT} "
        own = [arm for arm, target in named if target == row["target"] and arm.startswith(start)]
        stage = str(row["stage"])
        most[stage] = max(most.get(stage, 1), len(own), 1)
    return most


def informative(results: Results) -> str:
    """Say what is left where there is something to predict."""
    frame = results.tables.get("accuracy_informative")
    if frame is None:
        return ""
    share = percent(results.facts["informative"])
    start = (
        f"The commonest answer is given on fewer than {share} of prompts in some cells of target, "
        "task and property."
    )
    sentences = [_informative_about(part) for part in _targets(frame)]
    return " ".join([start, *filter(None, sentences)][: _MOST_SENTENCES + 1])


def _informative_about(part: pd.DataFrame) -> str:
    best = _best(part)
    if best is None:
        return ""
    base = _same(part, best, "baseline_mode")
    against = f", against a mode baseline of {value_text(base)}" if base is not None else ""
    equally = ", equally" if len(_tied(part, best)) > 1 else ""
    return (
        f"Of the answers of {best['target']} in these cells, {_most(part, best, 'predict')} most"
        f"{equally}: accuracy {interval_text(best)}{against} "
        f"({plural(int(best['n_trials']), 'trial')})."
    )


def best_arms(results: Results) -> list[str]:
    """Say for each target which arm has the highest accuracy, and whether that beats guessing."""
    frame = results.tables.get("accuracy")
    if frame is None:
        return []
    parts = _targets(frame)
    if len(parts) <= _MOST_SENTENCES:
        return [_best_arm(part) for part in parts]
    gains = [_same(part, best, "advantage") for part in parts if (best := _best(part)) is not None]
    verdicts = [direction(gain) for gain in gains if gain is not None]
    if not verdicts:
        return []
    better, worse = verdicts.count("higher than"), verdicts.count("lower than")
    sentence = (
        f"For {better} of {plural(len(parts), 'target')} the predictor with the highest accuracy "
        "is distinguishably more accurate than always guessing the commonest answer, and for "
        f"{worse} even that one is distinguishably less accurate."
    )
    return [sentence]


def _best_arm(part: pd.DataFrame) -> str:
    target = part["target"].iloc[0]
    best = _best(part)
    if best is None:
        return f"No accuracy about {target} can be estimated."
    n_arms = part["arm"].nunique()
    if n_arms > 1:
        tied = ", equally" if len(_tied(part, best)) > 1 else ""
        who = f"{_most(part, best, 'have')} the highest accuracy about {target}{tied}"
        text = f"{who}: {interval_text(best)}"
    else:
        who = f"{best['arm']} predicts {'itself' if best['arm'] == target else target}"
        text = f"{who}: its accuracy is {interval_text(best)}"
    gain, base = _same(part, best, "advantage"), _same(part, best, "baseline_mode")
    if gain is not None and base is not None:
        text += (
            f", {direction(gain)} the {value_text(base)} of always guessing the commonest answer "
            f"(difference {interval_text(gain)})"
        )
    return f"{text}."


def _repeats(facts: Row) -> str:
    low, high = facts["repeats_low"], facts["repeats_high"]
    if high < 1:
        return ""
    if high < 2:
        return ", each observed once, so that no ceiling can be estimated"
    return f", each observed {low if low == high else f'{low} to {high}'} times"


def _tied(part: pd.DataFrame, best: Row) -> list[str]:
    """Return the arms with the highest accuracy: one, or those with exactly the same."""
    same = part[(part["estimand"] == "accuracy") & (part["value"] == best["value"])]
    return [str(arm) for arm in same["arm"]]


def _most(part: pd.DataFrame, best: Row, verb: str) -> str:
    """Name the arms with the highest accuracy, with a verb in their number."""
    arms = _tied(part, best)
    one = {"have": "has"}.get(verb, f"{verb}s")
    return f"{listing(arms, most=4)} {verb if len(arms) > 1 else one}"


def _best(part: pd.DataFrame) -> Row | None:
    rows = [r for r in records(part[part["estimand"] == "accuracy"]) if not is_missing(r["value"])]
    return max(rows, key=lambda row: (row["value"], row["arm"])) if rows else None


def _same(frame: pd.DataFrame, row: Row, estimand: str) -> Row | None:
    found = frame[
        (frame["estimand"] == estimand)
        & (frame["arm"] == row["arm"])
        & (frame["target"] == row["target"])
    ]
    return records(found)[0] if len(found) else None


def _targets(frame: pd.DataFrame) -> list[pd.DataFrame]:
    return [part for _, part in frame.groupby("target", sort=True)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def generalises_to(results: Results) -> str:
    """Say what the intervals generalise to, and what variance they do not hold."""
    choices = results.facts["choices"]
    drawn = {*choices["cluster"], *choices["within"], *choices["crossed"]}
    names = {
        "tasks": {"task"},
        "training runs": {"run", "training_seed"},
        "wordings of a question": {"wording"},
    }
    left = [words for words, columns in names.items() if not columns & drawn]
    kept = f"{', '.join(left[:-1])} or {left[-1]}" if len(left) > 1 else "".join(left)
    said = f"The intervals of this report generalise {results.facts['generalises_to']}."
    return f"{said} They hold no variance between {kept}." if kept else said
