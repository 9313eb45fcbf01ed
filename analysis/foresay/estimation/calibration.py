"""The table of calibration: each measure with its clustered interval and its null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from foresay.errors import ChoiceError
from foresay.estimation.facts import Context, Facts, group_facts
from foresay.estimation.left_out import Said
from foresay.estimation.leveled import Leveled, leveled, usable
from foresay.estimation.relations import Request, check_columns, design_of
from foresay.estimation.table import key_of, named_choices, tidy
from foresay.measures.calibration import (
    CALIBRATION,
    CLIP,
    NOTHING,
    CalibrationMeasure,
    Levels,
    Null,
    against_null,
    calibrated,
)
from foresay.resampling import Estimate, estimate_many, stream
from foresay.study import Choices, nearest
from foresay.trials import Population

NULLS = ("null_mean", "null_low", "null_high", "null_p")
"""Columns that a table of calibration has beyond those of estimates."""

BOUNDS = "compliance: bounds is defined for accuracy alone"

CONSTANT = "constant"
"""Source of the predictor that always states the share that was right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of a confidence and whether it came true, for each trial.

    Parameters
    ----------
    population : Population
        Its trials have `confidence`, `match` and `included`.
    source : {"stated", "token", "distribution"}
        Where the confidence comes from.
    notes : tuple of str
        What every row should say.
    """

    population: Population
    source: str
    notes: tuple[str, ...] = ()


def find_calibration(names: Sequence[str]) -> tuple[CalibrationMeasure, ...]:
    """Return the measures of calibration called `names`.

    Raises
    ------
    ChoiceError
        With the nearest known name.
    """
    for name in names:
        if name not in CALIBRATION:
            raise ChoiceError(
                f"calibration measure {name!r} is not known; {nearest(name, list(CALIBRATION))}"
            )
    return tuple(CALIBRATION[name] for name in dict.fromkeys(names))


def calibration(
    pairs: Pairs,
    names: Sequence[str] = tuple(CALIBRATION),
    *,
    by: Sequence[str],
    choices: Choices,
    context: Context,
    nulls: bool = True,
    constant: bool = False,
) -> pd.DataFrame:
    """Estimate measures of calibration for each group.

    Parameters
    ----------
    pairs : Pairs
        Confidence and match of trials.
    names : sequence of str
        Measures, see `foresay.measures.calibration.CALIBRATION`.
    by : sequence of str
        Grouping columns.
    choices : Choices
        The named choices. Every trial counts the same, whatever `weighting` says.
    context : Context
        What the rows carry.
    nulls : bool
        Whether each measure is held against its null.
    constant : bool
        Whether each group has rows of the constant predictor too.

    Returns
    -------
    DataFrame
        As of `estimates`, with `source` after the grouping columns and, before `level`, the null:
        `null_mean`, `null_low` and `null_high` (missing `low` where only large values count) and
        `null_p`, the share of calibrated data sets at least as far out.

    Raises
    ------
    ChoiceError
        A measure or a column is unknown.
    """
    by = tuple(dict.fromkeys(by))
    measures, population = find_calibration(names), pairs.population
    check_columns(by, population, "by")
    layout = design_of(choices, population).layout()
    table = usable(population.trials, choices.truth)
    said = Said.of(population, by, choices, pairs.notes)
    facts = group_facts(table, Request(measures=(), by=by, choices=choices), context, layout)
    rows: list[dict[str, Any]] = []
    for group in leveled(table, measures, by=by, layout=layout):
        values = tuple(value for _, value in group.values)
        shared = {
            **dict(group.values),
            "source": pairs.source,
            "n_trials": round(float(group.levels.mass.sum())),
            "n_items": group.counts.n_clusters,
            "n_clusters": group.counts.n_clusters,
            "n_excluded": said.excluded(values),
            **named_choices(choices),
            "weighting": "micro",
            "where": context.where,
            "fingerprint": context.fingerprint,
        }
        known = facts.get(values, Facts())
        if known.n_items is not None:
            shared["n_items"] = known.n_items
        notes = [*context.notes, *said.of_group(values)]
        if known.pooled:
            notes.append(f"pools different values of {', '.join(known.pooled)}")
        rows += _rows(group, measures, shared, notes, choices, context, nulls=nulls)
        if constant:
            rows += _constant(group, measures, shared, choices)
    order = {name: place for place, name in enumerate(m.name for m in measures)}
    rows.sort(key=lambda row: order[row["estimand"]])  # stable: groups keep their order
    return tidy(rows, (*by, "source"), extra=NULLS)


def as_estimates(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of calibration in the columns of the table of estimates."""
    return table.drop(columns=["source", *NULLS])


def _rows(
    group: Leveled,
    measures: Sequence[CalibrationMeasure],
    shared: Mapping[str, Any],
    notes: Sequence[str],
    choices: Choices,
    context: Context,
    *,
    nulls: bool,
) -> list[dict[str, Any]]:
    if choices.compliance == "bounds":
        return [
            {
                "estimand": m.name,
                **shared,
                "level": choices.level,
                "interval": "none",
                "note": BOUNDS,
            }
            for m in measures
        ]
    key = (key_of(group.values), context.where)
    made = estimate_many(
        group.counts,
        group.estimands,
        interval=choices.interval,
        level=choices.level,
        resamples=choices.resamples,
        rng=stream(choices.seed, "calibration", str(shared["source"]), *key),
    )
    held: Sequence[Null] = [NOTHING] * len(measures)
    if nulls:
        rng = stream(choices.seed, "calibrated", str(shared["source"]), *key)
        held = against_null(
            measures, group.levels, calibrated(group.levels, rng, runs=group.runs), choices.level
        )
    if group.is_linear:
        notes = [*notes, "linearised: too many trials for sums of every confidence"]
    return [
        {
            "estimand": measure.name,
            **shared,
            **_numbers(found),
            "null_mean": null.mean,
            "null_low": null.low,
            "null_high": null.high,
            "null_p": null.p,
            "design_effect": float("nan"),
            "note": "; ".join(n for n in (*notes, *_of_measure(measure, group.levels, found)) if n),
        }
        for measure, found, null in zip(measures, made, held, strict=True)
    ]


def _numbers(found: Estimate) -> dict[str, Any]:
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "level": found.level,
        "standard_error": found.standard_error,
        "interval": found.interval,
    }


def _of_measure(measure: CalibrationMeasure, levels: Levels, found: Estimate) -> list[str]:
    """Return what a row says of itself."""
    notes = [found.note]
    if not np.isfinite(found.value):
        notes = [f"undefined: {_why_undefined(measure, levels)}"]
    outside = float(levels.mass[(levels.value < CLIP) | (levels.value > 1 - CLIP)].sum())
    takes_logarithms = measure.name in ("log_score", "calibration_slope", "calibration_intercept")
    if outside and takes_logarithms:
        notes.append(
            f"{round(outside)} of {round(float(levels.mass.sum()))} confidences of 0 or 1 clipped "
            f"to {CLIP:g} and {1 - CLIP:g}"
        )
    return notes


def _why_undefined(measure: CalibrationMeasure, levels: Levels) -> str:
    right, total = float(levels.y.sum()), float(levels.mass.sum())
    if right in (0.0, total):
        return f"all predictions are {'right' if right else 'wrong'}"
    if len(levels.value) == 1:
        return "there is one confidence"
    return f"no finite {measure.title.lower()} fits"


def _constant(
    group: Leveled,
    measures: Sequence[CalibrationMeasure],
    shared: Mapping[str, Any],
    choices: Choices,
) -> list[dict[str, Any]]:
    """Return what a predictor gets that always states the share that was right in the group."""
    seen = group.levels
    share = seen.y.sum() / seen.mass.sum()
    levels = Levels.observed(
        np.array([share]),
        seen.mass.sum(keepdims=True),
        seen.y.sum(keepdims=True),
        seen.squares.sum(keepdims=True),
    )
    return [
        {
            "estimand": m.name,
            **shared,
            "source": CONSTANT,
            "value": float(m.of(levels)),
            "level": choices.level,
            "interval": "none",
            "note": f"always states {share:.3f}, the share that was right: no interval",
        }
        for m in measures
    ]
