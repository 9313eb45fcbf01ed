"""Complexity: what accuracy has over its baseline as items get harder, and where it is floored.

Accuracy falls with complexity for everyone who guesses, since the baseline falls too; so it is
the difference from the baseline that is drawn, and its slope. A level whose difference does not
exceed 0 is at the floor: there is nothing left that could fall, and a slope through floored levels
is flatter than the truth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.comparisons.covariates import number
from foresay.comparisons.one_group import OneGroup, tidy_parts
from foresay.comparisons.pairing import facts_of, on_shared_items, with_arms
from foresay.counts import FloatArray, Sums
from foresay.counts.reduction import contributions, reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import Request, check_columns, design_of, relation
from foresay.measures.kinds import Difference
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.study import Choices
from foresay.study.trends import SERIES
from foresay.tables.engine import Engine
from foresay.tables.expressions import scalar
from foresay.trials import Population

CLASSES = 5
MOST_LEVELS = 12
"""With more levels than these, levels are put into `CLASSES` of about the same number of items."""

PARTS = ("series", "quantity", "x")
"""What tells numbers apart; `quantity` is ``point`` or ``slope``."""

SHOWN = ("accuracy", "baseline_mode", "advantage")


def complexity(
    population: Population,
    *,
    over: str = "complexity",
    series: dict[str, str] | None = None,
    by: Sequence[str] = ("target",),
    choices: Choices,
    context: Context,
    engine: Engine,
) -> pd.DataFrame:
    """Estimate accuracy, its baseline and their difference at each level of a numeric column.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    over : str
        A numeric column of trials, such as the items' `complexity`.
    series : dict of str to str, optional
        Name of each curve and its SQL condition on trials; self and cross by default.
    by : sequence of str
        Grouping columns.
    choices, context, engine
        As for `foresay.comparisons.trends.trend`.

    Returns
    -------
    DataFrame
        Tidy rows: `estimand` (``accuracy``, ``baseline_mode``, ``advantage``), `by`, `series`,
        `quantity`, `x`, `floor` and the columns of `estimates`, on the items that all series have.
        Modes are learnt at each level alone. Slopes are of the ``advantage``, per unit of `over`,
        each level the same weight. `floor` is true for a level whose advantage has an interval
        that does not lie above 0.

    Raises
    ------
    UnsupportedError
        Trials lack the column, or it has fewer than two levels.
    ChoiceError
        A name is unknown, or the column is not numeric.
    """
    if over not in population.columns:
        raise UnsupportedError(
            f"complexity: the trials have no column {over!r}; add it to the table items"
        )
    check_columns(by, population, "by")
    if choices.compliance == "bounds":
        raise ChoiceError("complexity needs one value each; choose another compliance policy")
    curves = dict(SERIES if series is None else series)
    trials, classed = _leveled(population.trials, over)
    population = replace(population, trials=population.keep(trials))
    measures = [find_measure(name, baseline=choices.baseline) for name in SHOWN]
    conditions = {
        f"series{n}": scalar(sql, population.columns, what=f"complexity: {name}")
        for n, (name, sql) in enumerate(curves.items())
    }
    request = Request(measures=tuple(measures), by=(*by, over), choices=choices)
    table = relation(population, request)
    table = table.filter(table[over].notnull())
    table = with_arms(table, conditions, engine)
    table = on_shared_items(table, by, [list(conditions)], needs_truth=True, absent_arms=True)
    levels = _values(table, over)
    if len(levels) < 2:
        raise UnsupportedError(f"complexity: fewer than two levels of {over} have trials")
    sums = _sums(table, measures, list(conditions))
    layout = design_of(choices, population).layout((over,))
    notes = [f"{over} in {len(levels)} classes, each at its median"] if classed else []
    context = replace(context, notes=(*context.notes, *notes))
    named = dict(zip(conditions, curves, strict=True))
    facts = facts_of(table, by)
    rows: list[dict[str, Any]] = []
    for group in reduce(table, sums, by=by, layout=layout):
        one = OneGroup(name=f"complexity {over}", group=group, choices=choices, context=context)
        known = facts[tuple(value for _, value in group.values)]
        left = int(known["excluded"]) + int(known["unpaired"])
        counted = {"n_excluded": left, "n_items": int(known["n_items"])}
        rows += [{**row, **counted} for row in _Curves(one, measures, named).rows()]
    frame = tidy_parts(rows, by, PARTS)
    frame.insert(list(frame.columns).index("x") + 1, "floor", [row["floor"] for row in rows])
    return frame


def _values(table: Any, over: str) -> list[float]:
    column = table.filter(table["_shared"]).select(over).distinct().to_pyarrow().column(0)
    return sorted(float(v) for v in column.to_pylist())


def _sums(table: Any, measures: Sequence[Measure], arms: Sequence[str]) -> dict[str, Any]:
    own = contributions(table, list(dict.fromkeys(s for m in measures for s in m.sums)))
    return {
        f"{arm}.{name}": ibis.ifelse(table["_shared"] & table[f"_{arm}"], value, 0)
        for arm in arms
        for name, value in own.items()
    }


@dataclass(frozen=True, slots=True)
class _Curves:
    """The curves of one group: points, and the slope of what accuracy has over its baseline."""

    asked: OneGroup
    measures: Sequence[Measure]
    names: Mapping[str, str]

    def rows(self) -> list[dict[str, Any]]:
        levels = [float(label) for label in self.asked.group.cells]
        advantage = self.measures[-1]
        made: list[dict[str, Any]] = []
        there: dict[str, list[int]] = {}
        for arm, name in self.names.items():
            there[arm] = [j for j in range(len(levels)) if self._trials(arm, j)]
            over = {j: self._point(advantage, arm, j) for j in range(len(levels))}
            for measure in self.measures:
                for j, x in enumerate(levels):
                    row = over[j] if measure is advantage else self._point(measure, arm, j)
                    told = {"estimand": measure.name, "series": name, "quantity": "point", "x": x}
                    made.append(
                        {**row, **told, "floor": j in there[arm] and not over[j]["low"] > 0}
                    )
            made.append(self._slope(name, {arm: 1.0}, levels, there[arm]))
        first, second = (
            next((arm for arm, name in self.names.items() if name == wanted), None)
            for wanted in ("self", "cross")
        )
        if first is not None and second is not None:
            both = [j for j in there[first] if j in there[second]]
            made.append(self._slope("difference", {first: 1.0, second: -1.0}, levels, both))
        order = {measure.name: n for n, measure in enumerate(self.measures)}
        return sorted(made, key=lambda row: (row["quantity"] == "slope", order[row["estimand"]]))

    def _point(self, measure: Measure, arm: str, j: int) -> dict[str, Any]:
        mine = measure.arm(f"{arm}.cell{j}")
        return self.asked.number(
            f"{measure.name} {self.names[arm]} {self.asked.group.cells[j]}",
            mine.estimator,
            mine.sums,
            mine.kind,
            n_trials=self._trials(arm, j),
        )

    def _slope(
        self, name: str, arms: Mapping[str, float], levels: Sequence[float], used: Sequence[int]
    ) -> dict[str, Any]:
        """Return the least-squares line through the points, each level the same weight."""
        measure = self.measures[-1]
        told = {"estimand": measure.name, "series": name, "quantity": "slope", "x": math.nan}
        empty = self.asked.number("slope", _nothing, [], Difference(), n_trials=0)
        if len(used) < 2:
            return {**empty, **told, "floor": False, "note": "a slope needs two levels"}
        at = np.array([levels[j] for j in used])
        centred = at - at.mean()
        weights = centred / (centred @ centred)
        parts = [
            (measure.arm(f"{arm}.cell{j}"), sign * float(weight))
            for arm, sign in arms.items()
            for j, weight in zip(used, weights, strict=True)
        ]
        row = self.asked.number(
            f"slope {name}",
            partial(_weighted, parts=parts),
            [s for part, _ in parts for s in part.sums],
            Difference(-math.inf, math.inf),
            n_trials=sum(self._trials(arm, j) for arm in arms for j in used),
        )
        return {**row, **told, "floor": False}

    def _trials(self, arm: str, j: int) -> int:
        return round(float(self.asked.group.counts.totals[f"{arm}.cell{j}.trials"]))


def _weighted(sums: Sums, *, parts: Sequence[tuple[Measure, float]]) -> FloatArray:
    return np.asarray(sum(weight * part.estimator(sums) for part, weight in parts))


def _nothing(sums: Sums) -> FloatArray:
    return np.full(sums.numerators.shape[:-1], np.nan)


def _leveled(table: Any, over: str) -> tuple[Any, bool]:
    """Return trials with the column as a number, in classes where it has many levels."""
    value = number(table, over, what="complexity")
    table = table.mutate(**{over: value})
    levels = table[over].nunique().to_pyarrow().as_py()
    if int(levels or 0) <= MOST_LEVELS:
        return table, False
    items = table.filter(table[over].notnull()).select("task", "item", over).distinct()
    listed = items.to_pyarrow().to_pandas().sort_values([over, "task", "item"])
    values = listed[over].to_numpy()
    # equal values share a class: a class ends where a new value begins
    ends = sorted({float(values[len(values) * c // CLASSES - 1]) for c in range(1, CLASSES + 1)})
    middles, start = [], float("-inf")
    for end in ends:
        inside = values[(values > start) & (values <= end)]
        middles.append(float(inside[(len(inside) - 1) // 2]))
        start = end
    cases = [(table[over] <= end, middle) for end, middle in zip(ends, middles, strict=True)]
    return table.mutate(**{over: ibis.cases(*cases).cast("float64")}), True
