"""Influence: what an estimate or a contrast is without one task, property, model or cluster.

The trials are reduced once; a part is left out by leaving out its sums, and what is left is paired
anew, so that each result is the one that a condition against the part gives. Only a baseline that
is learnt from items (the mode) stays as learnt from all of them: where other predictors answered
the same items, that too is what the condition gives.

The result without a part is no better than the one with it: a part is not wrong because much
hangs on it. With few parts, each has a great influence.

References
----------
Belsley, Kuh & Welsch 1980, doi:10.1002/0471725153 (deletion of single rows and groups of them).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from foresay.comparisons.left_out import (
    Estimates,
    Leaving,
    parts_of,
    without,
    without_clusters,
)
from foresay.estimation.facts import Context
from foresay.estimation.shared import Values
from foresay.estimation.table import TAIL, named_choices
from foresay.study import Choices

OVER = ("task", "property", "model")
"""What is left out by default, one at a time; a model in both its roles, predictor and target."""

CLUSTER = "cluster"
"""What the rows of single clusters are over."""

_NUMBERS = ("value", "low", "high", "level", "standard_error", "change", "change_in_errors")
_COLUMNS = ("interval", "p_value", "verdict", "reference", "n_trials", "n_clusters")


def influence(
    shared: Estimates,
    *,
    over: Sequence[str],
    clusters: int,
    choices: Choices,
    reference: float,
    context_of: Callable[[str], Context],
    progress: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Return the estimate of each group as a whole and without each of its parts.

    Parameters
    ----------
    shared : SharedContrast or SharedEstimates
        The sums, with the columns of `over` and of the clusters.
    over : sequence of str
        Columns whose values are left out one at a time; ``model`` leaves out a model as predictor
        and as target.
    clusters : int
        How many of the most influential clusters have a row; 0 for none.
    choices : Choices
        The named choices.
    reference : float
        The value of no effect; ``nan`` where there is none.
    context_of : callable
        From a further condition to what a row under it carries.
    progress : callable
        Told what is left out.

    Returns
    -------
    DataFrame
        `estimand`, the group's columns, `over` ("" for the whole), `without` (the part), `value`,
        `low`, `high`, `level`, `standard_error`, `change` (from the whole), `change_in_errors`
        (over the standard error of the whole), `interval`, `p_value`, `verdict`, `reference`,
        `n_trials`, `n_clusters`, and the choices. Single clusters have no interval, and stand in
        the order of their influence. `where` is the condition that gives the same result.
    """
    made: list[dict[str, Any]] = []
    wholes = {values: _numbers(row) for values, row in shared.rows(choices)}
    for values, whole in wholes.items():
        made.append({**dict(values), **whole, "over": "", "without": "", "_of": values})
    for column in over:
        for leaving in parts_of(shared.units, column):
            progress(f"without {column} {leaving.text}")
            there = _groups_with(shared, leaving)
            rows = dict(without(shared, leaving, context_of).rows(choices))
            for values in (v for v in wholes if v in there):
                own = _numbers(rows[values]) if values in rows else _nothing(choices, leaving)
                named = {"over": column, "without": leaving.text}
                made.append({**dict(values), **own, **named, "_of": values})
    if clusters:
        progress("leaving out single clusters")
        for values, leaving, value in _clusters(shared, choices, wholes, clusters):
            told = context_of(leaving.condition)
            own = _nothing(choices, leaving) | {"value": value, "note": ""}
            own |= {"where": told.where, "fingerprint": told.fingerprint}
            named = {"over": CLUSTER, "without": leaving.text}
            made.append({**dict(values), **own, **named, "_of": values})
    return _tidy(made, wholes, shared, reference)


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"p_value": math.nan, "verdict": "", **row}


def _nothing(choices: Choices, leaving: Leaving) -> dict[str, Any]:
    missing = dict.fromkeys(("value", "low", "high", "standard_error", "p_value"), math.nan)
    return {
        **missing,
        **named_choices(choices),
        "level": choices.level,
        "interval": "none",
        "verdict": "",
        "where": leaving.condition,
        "note": "nothing is left without it",
        "fingerprint": "",
    }


def _groups_with(shared: Estimates, leaving: Leaving) -> set[Values]:
    """Return the groups that have trials of a part."""
    kept = shared.counted.only(leaving.rows)
    there = np.zeros(len(kept), bool)
    for column in kept.sums.values():
        there |= column != 0
    return {values for values, _ in kept.only(there).by_group(shared.by)}


def _clusters(
    shared: Estimates, choices: Choices, wholes: Mapping[Values, Any], most: int
) -> Iterator[tuple[Values, Leaving, float]]:
    """Yield the clusters whose deletion changes a group most, the largest change first."""
    for values, units in shared.counted.by_group(shared.by):
        whole = float(wholes[values]["value"])
        found = without_clusters(shared, units, choices)
        order = sorted(
            (n for n in range(len(found.values)) if math.isfinite(found.values[n])),
            key=lambda n: (-abs(round(float(found.values[n]) - whole, 12)), n),
        )
        for n in order[:most]:
            leaving = Leaving.of(units, dict(zip(found.columns, found.labels[n], strict=True)))
            yield values, leaving, float(found.values[n])


def _tidy(
    made: Sequence[dict[str, Any]],
    wholes: Mapping[Values, Mapping[str, Any]],
    shared: Estimates,
    reference: float,
) -> pd.DataFrame:
    rows = []
    places = {values: n for n, values in enumerate(wholes)}
    for row in sorted(made, key=lambda one: places[one["_of"]]):
        whole = wholes[row["_of"]] if row["over"] else {}
        change = float(row["value"]) - float(whole.get("value", math.nan))
        error = float(whole.get("standard_error", math.nan))
        shown = change / error if error > 0 else math.nan
        told = {"change": change, "change_in_errors": shown, "reference": reference}
        rows.append({**row, **told, "estimand": shared.name})
    columns = ["estimand", *shared.by, "over", "without", *_NUMBERS, *_COLUMNS]
    columns += [*named_choices(Choices()), *(c for c in TAIL if c not in named_choices(Choices()))]
    frame = pd.DataFrame([{c: row.get(c) for c in columns} for row in rows], columns=columns)
    floats = (*_NUMBERS, "p_value", "reference", "n_trials", "n_clusters")
    counts = ("seed", "resamples")
    return frame.astype(dict.fromkeys(floats, "float64") | dict.fromkeys(counts, "int64"))
