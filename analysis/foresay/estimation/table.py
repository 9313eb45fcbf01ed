"""The table of estimates: one row an estimand and group, with its interval, n and choices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from foresay.counts import AnyCounts, CrossedCounts, Group, NestedCounts
from foresay.counts.further_sums import DETECTION
from foresay.counts.reduction import contributions, reduce
from foresay.errors import UnsupportedError
from foresay.estimation.facts import Context, Facts, group_facts
from foresay.estimation.notes import absent_cells, counts_all, empty, notes_of, unlike
from foresay.estimation.relations import (
    Request,
    cells_of,
    check_columns,
    design_of,
    lacking,
    reads_matches,
    relation,
)
from foresay.measures.accuracy import ACCURACY
from foresay.measures.kinds import Difference, Proportion
from foresay.measures.macro import over_cells, undefined_cells
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.resampling import Estimate, design_effect, estimate, stream
from foresay.study import Choices
from foresay.trials import Population

NUMBERS = (
    "value",
    "low",
    "high",
    "level",
    "standard_error",
    "interval",
    "n_trials",
    "n_items",
    "n_clusters",
    "n_excluded",
    "design_effect",
)
CHOICES = (
    "compliance",
    "truth",
    "temperature_of_truth",
    "baseline",
    "ceiling",
    "weighting",
    "cluster",
    "within",
    "crossed",
    "strata",
)
TAIL = ("seed", "resamples", "where", "note", "fingerprint")
COLUMNS = ("estimand", *NUMBERS, *CHOICES, *TAIL)
"""Columns of the table of estimates, without the grouping columns (after `estimand`)."""


def estimates(
    population: Population,
    names: Sequence[str],
    *,
    by: Sequence[str],
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    """Estimate measures for each group.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    names : sequence of str
        Estimands.
    by : sequence of str
        Grouping columns; empty for all trials together.
    choices : Choices
        The named choices.
    context : Context
        What the rows carry.

    Returns
    -------
    DataFrame
        `estimand`, the columns of `by`, and `COLUMNS`; sorted by estimand as named, then group.

    Raises
    ------
    ChoiceError
        An estimand or a grouping column is unknown.
    UnsupportedError
        The tables cannot support any of the estimands. Where they support some, the others have
        one row with the reason in `note`.
    """
    by = tuple(dict.fromkeys(by))
    check_columns(by, population, "by")
    found = [
        find_measure(name, baseline=choices.baseline, ceiling=choices.ceiling)
        for name in dict.fromkeys(names)
    ]
    reasons = {measure.name: lacking(measure, population, choices) for measure in found}
    supported = [measure for measure in found if not reasons[measure.name]]
    if found and not supported:
        raise UnsupportedError("\n".join(f"{name} {why}" for name, why in reasons.items()))
    rows: dict[str, list[dict[str, Any]]] = {
        name: [_left_out(name, why, choices, context)] if why else []
        for name, why in reasons.items()
    }
    for request in _requests(supported, by, choices):
        for row in _rows(population, request, context):
            rows[row["estimand"]].append(row)
    listed = [row for measure in found for row in rows[measure.name]]
    return tidy(listed, by)


def not_supported(
    name: str, reason: str, by: Sequence[str], choices: Choices, context: Context
) -> pd.DataFrame:
    """Return the table of an estimand that the tables cannot support: one row with the reason."""
    return tidy([_left_out(name, reason, choices, context)], by)


def _left_out(name: str, reason: str, choices: Choices, context: Context) -> dict[str, Any]:
    """Return the one row of an estimand that the tables cannot support, beside those they can."""
    counts = dict.fromkeys(("n_trials", "n_items", "n_clusters", "n_excluded"), 0)
    return {
        "estimand": name,
        **_nothing(choices.level),
        **counts,
        **named_choices(choices),
        "where": context.where,
        "note": f"{name} {reason}",
        "fingerprint": context.fingerprint,
    }


def tidy(
    rows: Sequence[Mapping[str, Any]], by: Sequence[str], extra: Sequence[str] = ()
) -> pd.DataFrame:
    """Return rows as a table with its columns in the order of the design."""
    numbers = list(NUMBERS)
    place = numbers.index("level")
    columns = ["estimand", *by, *numbers[:place], *extra, *numbers[place:], *CHOICES, *TAIL]
    frame = pd.DataFrame([{c: row.get(c) for c in columns} for row in rows], columns=columns)
    floats = ["value", "low", "high", "level", "standard_error", "design_effect", *extra]
    for column in floats:
        frame[column] = frame[column].astype("float64")
    for column in ("n_trials", "n_items", "n_clusters", "n_excluded", "seed", "resamples"):
        frame[column] = frame[column].astype("int64")
    return frame


def stacked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables of estimates over each other, all grouping columns before the numbers."""
    if len(parts) == 1:
        return parts[0]
    by: dict[str, None] = {}
    for part in parts:
        columns = list(part.columns)
        by |= dict.fromkeys(columns[1 : columns.index("value")])
    widest = max(parts, key=lambda part: len(part.columns))
    rest = [c for c in widest.columns if c != "estimand" and c not in by]
    return pd.concat(parts, ignore_index=True)[["estimand", *by, *rest]]


def _requests(found: Sequence[Measure], by: tuple[str, ...], choices: Choices) -> Iterable[Request]:
    """Split measures into those that one relation serves."""
    kinds: dict[str, list[Measure]] = {}
    for measure in found:
        raw = "raw" if "items_raw" in measure.sums else ""
        kinds.setdefault(f"{measure.population}{raw}", []).append(measure)
    for measures in kinds.values():
        yield Request(measures=tuple(measures), by=by, choices=choices)


def _rows(population: Population, request: Request, context: Context) -> Iterable[dict[str, Any]]:
    table = relation(population, request)
    request, context = with_cells(request, context, table.columns)
    choices = request.choices
    layout = design_of(choices, population).layout(cells_of(choices, table.columns, request.by))
    sums = list(dict.fromkeys([*request.sums, *bookkeeping(request)]))
    facts = group_facts(table, request, context, layout)
    contributed = contributions(table, sums)
    # the relation of behaviours has other rows than trials, so the key of trials is not its key
    key = population.key if {m.population for m in request.measures} == {"trials"} else ()
    groups = list(reduce(table, contributed, by=request.by, layout=layout, key=key))
    cells = sorted({cell for group in groups for cell in group.cells})
    shared = context
    for group in groups:
        context = replace(shared, notes=(*shared.notes, *absent_cells(group, cells)))
        known = facts.get(tuple(value for _, value in group.values), Facts())
        for measure in request.measures:
            yield estimate_row(measure, group, known, request, context)


def with_cells(
    request: Request, context: Context, columns: Sequence[str]
) -> tuple[Request, Context]:
    """Fall back to micro weights, and say so, where a relation lacks what makes its cells."""
    choices = request.choices
    if not choices.cells or set(choices.cells) & set(columns):
        return request, context
    note = f"no {' or '.join(choices.cells)} to average over: every item counts the same"
    micro = choices.model_copy(update={"weighting": "micro"})
    return replace(request, choices=micro), replace(context, notes=(*context.notes, note))


def bookkeeping(request: Request) -> tuple[str, ...]:
    """Return the sums that rows need besides those of their measures."""
    if any(measure.population == "behaviours" for measure in request.measures):
        return ("rows",)  # an item with nothing to measure still belongs to its cell
    extra = ("trials", "rows", *(measure.counted for measure in request.measures))
    if set(request.sums) & set(DETECTION):
        extra = (*extra, "signals", "noises")
    if request.choices.compliance == "bounds" and "match" in request.sums:
        extra = (*extra, "match_high")
    return extra


def estimate_row(
    measure: Measure, group: Group, facts: Facts, request: Request, context: Context
) -> dict[str, Any]:
    """Return the row of one measure in one group."""
    choices = request.choices
    counts = group.restricted(over_cells(measure, group.cells).sums)
    bounded = choices.compliance == "bounds" and reads_matches(measure)
    notes = list(context.notes)
    make = _bounds if bounded else bracketed if measure.ends else _numbers
    numbers = make(measure, group, counts, request, context)
    notes.append(str(numbers.pop("note")))
    n_trials = _n_trials(measure, group)
    excluded = 0
    if not counts_all(measure):
        detects = bool(set(measure.sums) & set(DETECTION))
        used = sum(map(group.total, ("signals", "noises"))) if detects else n_trials
        excluded = round(group.total("rows") - used)
    if facts.pooled and (reads_matches(measure) or "compliant_predictions" in measure.sums):
        notes.append(f"pools different values of {', '.join(facts.pooled)}")
    notes += notes_of(measure, facts, choices)
    return {
        "estimand": measure.name,
        **dict(group.values),
        **numbers,
        "n_trials": n_trials,
        "n_items": counts.n_clusters if facts.n_items is None else facts.n_items,
        "n_clusters": counts.n_clusters,
        "n_excluded": excluded,
        **named_choices(choices),
        "where": context.where,
        "note": "; ".join(note for note in notes if note),
        "fingerprint": context.fingerprint,
    }


def named_choices(choices: Choices) -> dict[str, Any]:
    """Return the choices that every row carries, by column."""
    temperature = choices.temperature
    return {
        "compliance": choices.compliance,
        "truth": choices.truth,
        "temperature_of_truth": "lowest" if temperature is None else f"{temperature:g}",
        "baseline": choices.baseline,
        "ceiling": choices.ceiling,
        "weighting": choices.weighting,
        "cluster": "+".join(choices.cluster),
        "within": "+".join(choices.within),
        "crossed": "+".join(choices.crossed),
        "strata": "+".join(choices.strata),
        "seed": choices.seed,
        "resamples": choices.resamples,
    }


def _n_trials(measure: Measure, group: Group) -> int:
    if isinstance(measure.kind, Proportion):
        return round(group.total(measure.kind.denominator))
    if isinstance(measure.kind, Difference) and measure.kind.denominator is not None:
        return round(group.total(measure.kind.denominator))
    if {"signals", "noises"} <= set(measure.sums):
        return round(group.total("signals") + group.total("noises"))
    if "items_varied" in measure.sums:
        return round(group.total("items_varied"))
    return round(group.total(measure.counted))


def key_of(values: Iterable[tuple[str, object]]) -> str:
    """Return one text for the values of a group, the same in whatever order they were asked."""
    return json.dumps(sorted((name, str(value)) for name, value in values), ensure_ascii=True)


def _numbers(
    measure: Measure, group: Group, counts: AnyCounts, request: Request, context: Context
) -> dict[str, Any]:
    empty_cells = undefined_cells(measure, group.cells, counts.totals) if counts.n_patterns else ()
    if empty_cells:
        said = ", ".join(empty_cells[:5]) + (" and more" if len(empty_cells) > 5 else "")
        return {
            **_nothing(request.choices.level),
            "note": f"undefined: {len(empty_cells)} of {len(group.cells)} cells have nothing in "
            f"the denominator ({said}); leave them out with a condition",
        }
    if counts.n_patterns == 0:
        return {
            **_nothing(request.choices.level),
            "note": f"undefined: {_empty(measure, request.choices)} (nothing in the denominator)",
        }
    made = _estimate(measure, group, counts, request, context)
    if measure.obstacle and (reason := measure.obstacle(group.counts.totals)):
        notes = "; ".join(note for note in (reason, made.note) if note)
        return {**_nothing(request.choices.level), "value": made.value, "note": notes}
    return {
        "value": made.value,
        "low": made.low,
        "high": made.high,
        "level": made.level,
        "standard_error": made.standard_error,
        "interval": made.interval,
        "design_effect": _design_effect(counts, over_cells(measure, group.cells)),
        "note": unlike(measure, made.value, made.note),
    }


def _printed(number: float, measure: Measure) -> str:
    """Print a number of a note as tables do: with its zero only where it can go far beyond 1."""
    text = f"{number:.3f}"
    return text.removeprefix("0") if measure.kind.low >= -1 else text


def bracketed(
    measure: Measure, group: Group, counts: AnyCounts, request: Request, context: Context
) -> dict[str, Any]:
    """Return a measure without a value: from the bound of its lower end to that of its upper."""
    del counts  # each end has its own
    low, high = (
        _numbers(end, group, group.restricted(over_cells(end, group.cells).sums), request, context)
        for end in measure.ends
    )
    notes = [low["note"], high["note"]]
    if np.isfinite(low["value"]) and np.isfinite(high["value"]):
        least, most = sorted((low["value"], high["value"]))
        ends = " and ".join(_printed(end, measure) for end in (least, most))
        notes.insert(0, f"a bracket: its ends are {ends}")
    return {
        **_nothing(request.choices.level),
        "low": min(low["low"], high["low"]),
        "high": max(low["high"], high["high"]),
        "interval": low["interval"],
        "note": "; ".join(dict.fromkeys(note for note in notes if note)),
    }


_EMPTY = {
    "own_trials": "no trial has a known own behaviour of its predictor",
    "differ_trials": "predictor and target differ on no item",
    "identity_trials": "no trial has an identity prediction of the same prompt",
    "reproduced": "no whole answer is reproduced",
    "unreproduced": "every whole answer is reproduced",
    "copy_trials": "no predicted identity has a known property",
    "shifted_trials": "no predicted item is shifted",
    "unshifted_trials": "no predicted item of a behaviour-shifted target is unshifted",
    "shift_items": "no item of a behaviour-shifted target has old and new behaviour",
    "items_varied": "no item has as many repeats as are compared",
    "signals": "no trial has a signal",
    "noises": "no trial is without a signal, or none has one",
    "noise_items": "no such item has two usable repeats of one model",
}
"""What it means that there is nothing in the last of a measure's sums."""


def _empty(measure: Measure, choices: Choices) -> str:
    """Say what it means that a measure has no trial to count."""
    if said := _EMPTY.get(measure.sums[-1]):
        return said
    return empty(measure, choices)


def _design_effect(counts: AnyCounts, measure: Measure) -> float:
    """Return the design effect of whole clusters; two crossed kinds have none."""
    if isinstance(counts, CrossedCounts):
        return float("nan")
    outer = counts.outer_counts if isinstance(counts, NestedCounts) else counts
    return design_effect(outer, measure.kind)


def _estimate(
    measure: Measure, group: Group, counts: AnyCounts, request: Request, context: Context
) -> Estimate:
    choices = request.choices
    computed = over_cells(measure, group.cells)
    return estimate(
        counts,
        computed.estimator,
        kind=computed.kind,
        interval=choices.interval,
        level=choices.level,
        resamples=choices.resamples,
        rng=stream(choices.seed, measure.name, key_of(group.values), context.where),
    )


def _nothing(level: float) -> dict[str, Any]:
    missing = float("nan")
    return {
        "value": missing,
        "low": missing,
        "high": missing,
        "level": level,
        "standard_error": missing,
        "interval": "none",
        "design_effect": missing,
    }


def _bounds(
    measure: Measure, group: Group, counts: AnyCounts, request: Request, context: Context
) -> dict[str, Any]:
    """Return Manski bounds of the accuracy: from all non-compliant wrong to all of them right."""
    empty = _nothing(request.choices.level)
    if measure.name != ACCURACY.name:
        return {**empty, "note": "compliance: bounds is defined for accuracy alone"}
    low = _estimate(measure, group, counts, request, context)
    wider = group.restricted(over_cells(ACCURACY_HIGH, group.cells).sums)
    high = _estimate(ACCURACY_HIGH, group, wider, request, context)
    text = f"bounds {low.value:.3f} to {high.value:.3f}: non-compliant all wrong to all right"
    return {
        **empty,
        "low": low.low,
        "high": high.high,
        "interval": low.interval,
        "note": "; ".join(dict.fromkeys(n for n in (text, low.note, high.note) if n)),
    }


ACCURACY_HIGH = Measure(
    name="accuracy",
    title=ACCURACY.title,
    sums=("match_high", "trials"),
    estimator=lambda sums: np.asarray(sums["match_high"] / sums["trials"]),
    kind=Proportion("match_high", "trials"),
    definition="Accuracy if every non-compliant prediction had been right.",
    formula=ACCURACY.formula,
)
