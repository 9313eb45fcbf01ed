"""Linearised measures: one number a trial instead of sums for each confidence.

With a million trials in as many clusters, sums for each of a thousand confidences do not fit. The
derivative of a measure in the sums of each confidence makes what a trial adds to the measure one
number (the infinitesimal jackknife); those numbers are reduced like any other sum, under every
design.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.counts import AnyCounts, Estimator, FloatArray, Layout, Sums, ratio
from foresay.counts.reduction import reduce
from foresay.measures.calibration import GRID, CalibrationMeasure, Levels
from foresay.measures.calibration.slopes import SLOPES
from foresay.trials import UNIT

PRECISION = 2**30
"""Influences are whole numbers in units of one over this."""

_STEP = 1e-4
_BLOCK = 250


def gradient(measure: CalibrationMeasure, levels: Levels) -> FloatArray:
    """Return the derivative of a measure in the sums of each level, times the number of trials.

    Parameters
    ----------
    measure : CalibrationMeasure
        What is differentiated, in closed form where `SLOPES` has one, else numerically.
    levels : Levels
        Observed, sums of shape (levels,).

    Returns
    -------
    array of shape (3, levels)
        In the trials, the matches and the squared matches.
    """
    total = float(levels.mass.sum())
    if measure.name in SLOPES:
        return SLOPES[measure.name](levels) * total
    return numerical_gradient(measure, levels) * total


def numerical_gradient(
    measure: CalibrationMeasure, levels: Levels, relative_step: float = _STEP
) -> FloatArray:
    """Return the derivative of a measure in the sums of each level, shape (3, levels)."""
    found = np.zeros((3, len(levels.value)))
    step = relative_step * np.maximum(levels.n, 1.0)
    own = (levels.n, levels.y, levels.squares)
    for which in range(3):
        for start in range(0, len(step), _BLOCK):
            rows = np.arange(start, min(start + _BLOCK, len(step)))
            sides = []
            for sign in (1.0, -1.0):
                sums = [np.broadcast_to(s, (len(rows), len(s))) for s in own]
                moved = sums[which].copy()
                moved[np.arange(len(rows)), rows] += sign * step[rows]
                sums[which] = moved
                sides.append(measure.of(levels.replaced(*sums)))
            found[which, rows] = (sides[0] - sides[1]) / (2 * step[rows])
    return found


def linearised(
    table: Any,
    groups: Mapping[tuple[object, ...], tuple[str, Levels]],
    measures: Sequence[CalibrationMeasure],
    *,
    by: Sequence[str],
    layout: Layout,
) -> Iterator[tuple[tuple[tuple[str, object], ...], AnyCounts, list[Estimator]]]:
    """Reduce trials to the sums of their influence on each measure.

    Parameters
    ----------
    table : ibis.Table
        Trials with `_group` and `_level`.
    groups : mapping of tuple to (str, Levels)
        By the values of `by`: what `_group` says, and the observed levels.
    measures : sequence of CalibrationMeasure
        What is linearised.
    by, layout
        As for `foresay.counts.reduction.reduce`.

    Yields
    ------
    tuple
        The group's values, its counts, and the measures as functions of them.
    """
    slopes = pd.concat(
        [_slopes(name, levels, measures) for name, levels in groups.values()], ignore_index=True
    )
    known = ibis.memtable(slopes)
    joined = table.inner_join(
        known, [table["_group"] == known["_of"], table["_level"] == known["_at"]]
    )
    match = joined["match"].cast("float64") / UNIT
    contributed = {"trials": ibis.literal(1, "int64")}
    for i in range(len(measures)):
        influence = (
            joined[f"_slope_{i}_0"]
            + joined[f"_slope_{i}_1"] * match
            + joined[f"_slope_{i}_2"] * match * match
        )
        contributed[f"influence{i}"] = (influence * PRECISION).round().cast("int64")
    for group in reduce(joined, contributed, by=by, layout=layout):
        levels = groups[tuple(value for _, value in group.values)][1]
        totals = group.counts.totals
        estimators = [_linear(m, levels, totals, i) for i, m in enumerate(measures)]
        yield group.values, group.counts, estimators


def _slopes(name: str, levels: Levels, measures: Sequence[CalibrationMeasure]) -> pd.DataFrame:
    columns: dict[str, object] = {"_of": name, "_at": np.rint(levels.value * GRID).astype(np.int64)}
    for i, measure in enumerate(measures):
        slope = np.nan_to_num(gradient(measure, levels))
        columns |= {f"_slope_{i}_{j}": slope[j] for j in range(3)}
    return pd.DataFrame(columns)


def _linear(measure: CalibrationMeasure, levels: Levels, totals: Sums, place: int) -> Estimator:
    name, value = f"influence{place}", float(measure.of(levels))
    middle = float(totals[name] / totals["trials"])

    def estimator(sums: Sums) -> FloatArray:
        return np.asarray(value + (ratio(sums[name], sums["trials"]) - middle) / PRECISION)

    return estimator
