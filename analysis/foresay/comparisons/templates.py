"""Templates: a measure for every pair of two columns, and the worst pair.

The worst of several estimates is too low on average: it is chosen for having had bad luck. Its
interval is therefore made from intervals that hold for all cells at once (Bonferroni): where every
cell lies in its own, the smallest truth lies between the smallest lower and the smallest upper
bound. That holds whichever cell is the worst in truth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.comparisons.one_group import OneGroup, nothing, tidy_parts
from foresay.counts import FloatArray, Group, Sums
from foresay.counts.groups import in_cell
from foresay.counts.ordering import order_key, plain
from foresay.counts.reduction import contributions, reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import Request, check_columns, design_of, relation
from foresay.measures.kinds import Difference
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.study import Choices
from foresay.trials import Population

MOST_CELLS = 400
PARTS = ("quantity", "row", "column")
"""What tells the numbers of a group apart; `quantity` is ``cell``, ``row``, ``column``, ``all``,
``worst_of_row`` or ``worst``."""

Pair = tuple[object, object]


def templates(
    population: Population,
    *,
    rows: str = "training_template",
    columns: str = "template",
    of: str = "accuracy",
    by: Sequence[str] = (),
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    """Estimate a measure for every pair of values of two columns, its means, and the worst pair.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    rows, columns : str
        Columns of trials: what a predictor was trained with, and what it is asked with.
    of : str
        Estimand over trials. A baseline is learnt within each cell.
    by : sequence of str
        Grouping columns.
    choices, context
        As for `foresay.estimation.table.estimates`.

    Returns
    -------
    DataFrame
        Tidy rows: `estimand`, `by`, `quantity`, `row`, `column` and the columns of `estimates`.
        Means of a row, of a column and of all count every cell the same. ``worst`` is the smallest
        cell, ``worst_of_row`` that of a row; their intervals hold for all cells of the group.

    Raises
    ------
    ChoiceError
        A column or estimand is unknown, or there are too many cells.
    UnsupportedError
        Trials lack a column, or have fewer than two pairs.
    """
    lacking = [c for c in (rows, columns) if c not in population.columns]
    if lacking:
        raise UnsupportedError(
            f"templates: the trials have no column {lacking[0]!r}; add it to the table predictions "
            "or trials (or models), or name two other columns"
        )
    check_columns(by, population, "by")
    if rows == columns or {rows, columns} & set(by):
        raise ChoiceError(f"templates: name two columns that differ, and not in by; got {rows!r}")
    measure = find_measure(of, baseline=choices.baseline)
    if measure.population != "trials" or choices.compliance == "bounds":
        raise ChoiceError(
            f"templates: {of} under compliance {choices.compliance} has no value in each cell; "
            "name an estimand over trials, such as accuracy"
        )
    request = Request(measures=(measure,), by=(*by, rows, columns), choices=choices)
    table = relation(population, request)
    items = _items(table, [*by, rows, columns])
    pairs = _pairs(items, rows, columns)
    if len(pairs) < 2:
        raise UnsupportedError(
            f"templates: the trials have {len(pairs)} pair of {rows} and {columns}; it takes two"
        )
    layout = design_of(choices, population).layout((rows, columns))
    needed = contributions(table, list(dict.fromkeys([*measure.sums, "trials", "rows"])))
    made = []
    for group in reduce(table, needed, by=by, layout=layout):
        asked = OneGroup(
            name=f"templates {rows} {columns} {measure.name}",
            group=group,
            choices=choices,
            context=context,
        )
        known = items[tuple(value for _, value in group.values)]
        found = [pairs[label] for label in group.cells] or [next(iter(known))]
        made += _Cells(asked, measure, tuple(found), known).rows()
    return tidy_parts([{**row, "estimand": measure.name} for row in made], by, PARTS)


def _items(table: Any, keys: list[str]) -> dict[tuple[object, ...], dict[Pair, dict[str, int]]]:
    """Count items and left-out trials of each cell of each group."""
    prompt = table.task.length().cast("string") + ":" + table.task + table.item
    counted = table.group_by(keys).aggregate(
        n_items=ibis.ifelse(table.included, prompt, None).nunique(),
        n_excluded=(~table.included).cast("int64").sum(),
    )
    found: dict[tuple[object, ...], dict[Pair, dict[str, int]]] = {}
    for row in counted.to_pyarrow().to_pylist():
        *group, first, second = (plain(row[c]) for c in keys)
        numbers = {name: int(row[name] or 0) for name in ("n_items", "n_excluded")}
        found.setdefault(tuple(group), {})[first, second] = numbers
    return found


def _pairs(
    items: Mapping[tuple[object, ...], Mapping[Pair, Any]], rows: str, columns: str
) -> dict[str, Pair]:
    """Return each pair by the label that the reduction gives its cell."""
    found: dict[str, Pair] = {}
    for cells in items.values():
        for pair in cells:
            label = " / ".join("(none)" if part is None else str(part) for part in pair)
            if found.setdefault(label, pair) != pair:
                raise ChoiceError(
                    f"templates: values of {rows} and {columns} read alike ({label!r}); rename one"
                )
    if len(found) > MOST_CELLS:
        raise ChoiceError(
            f"templates: {len(found)} pairs of {rows} and {columns}; at most {MOST_CELLS} are told "
            "apart: choose some with where"
        )
    return found


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one group."""

    asked: OneGroup
    measure: Measure
    pairs: tuple[Pair, ...]
    items: Mapping[Pair, Mapping[str, int]]

    def rows(self) -> list[dict[str, Any]]:
        numbers = range(len(self.pairs))
        made = [self._mean("cell", [j], pair) for j, pair in enumerate(self.pairs)]
        firsts, seconds = (_sorted({pair[side] for pair in self.pairs}) for side in (0, 1))
        for value in firsts:
            mine = [j for j in numbers if self.pairs[j][0] == value]
            made.append(self._mean("row", mine, (value, None)))
            made.append(self._worst("worst_of_row", mine))
        for value in seconds:
            mine = [j for j in numbers if self.pairs[j][1] == value]
            made.append(self._mean("column", mine, (None, value)))
        made.append(self._mean("all", list(numbers), (None, None)))
        made.append(self._worst("worst", list(numbers)))
        return made

    def _mean(self, quantity: str, cells: list[int], pair: Pair) -> dict[str, Any]:
        found = self._of_cells(quantity, cells)
        return {**found, "quantity": quantity, "row": pair[0], "column": pair[1]}

    def _of_cells(
        self, quantity: str, cells: list[int], level: float | None = None
    ) -> dict[str, Any]:
        arms = [(j, self._arm(j)) for j in cells]
        trials = [self._trials(j) for j in cells]
        counted = {
            "n_items": sum(self._items(j)["n_items"] for j in cells),
            "n_excluded": sum(self._items(j)["n_excluded"] for j in cells),
        }

        def mean(sums: Sums) -> FloatArray:
            return np.asarray(sum(arm.estimator(sums) for _, arm in arms) / len(arms))

        kind = self.measure.kind
        single = len(arms) == 1
        # a cell without trials leaves a mean undefined, since another mean would be another number
        made = self.asked.number(
            f"{quantity} {' '.join(str(self.pairs[j]) for j in cells)}",
            mean,
            [name for _, arm in arms for name in arm.sums],
            arms[0][1].kind if single else Difference(kind.low, kind.high),
            level=level,
            n_trials=sum(trials) if all(trials) or not self._per_trial else 0,
        )
        return {**made, **counted}

    def _worst(self, quantity: str, cells: list[int]) -> dict[str, Any]:
        """Return the smallest cell, with bounds that hold for all of them at once."""
        level = self.asked.choices.level
        each = 1 - (1 - level) / len(cells)
        found = {j: self._of_cells("cell", [j], each) for j in cells}
        there = {j: row for j, row in found.items() if math.isfinite(row["value"])}
        if not there:
            row, column = self.pairs[cells[0]]
            kept = {"quantity": quantity, "row": row, "column": None}
            note = "undefined: no cell has trials"
            return {**found[cells[0]], **nothing(), **kept, "note": note}
        worst = min(there, key=lambda j: (there[j]["value"], j))
        row, column = self.pairs[worst]
        notes = [f"bounds hold for {len(there)} cells at once", there[worst]["note"]]
        if len(there) > 1:
            notes.append("the smallest of several estimates is too low on average")
        if len(there) < len(cells):
            notes.append(f"{len(cells) - len(there)} cells without trials, left out")
        bounded = all(math.isfinite(one["low"]) for one in there.values())
        if not bounded:
            notes.append("a cell has no interval, so the smallest has none")
        return {
            **there[worst],
            "quantity": quantity,
            "row": row,
            "column": column,
            "low": min(one["low"] for one in there.values()) if bounded else math.nan,
            "high": min(one["high"] for one in there.values()) if bounded else math.nan,
            "standard_error": math.nan,
            "interval": f"{there[worst]['interval']}, simultaneous" if bounded else "none",
            "level": level,
            "note": "; ".join(note for note in notes if note),
        }

    @property
    def _per_trial(self) -> bool:
        return "predictions" not in self.measure.sums

    def _items(self, j: int) -> Mapping[str, int]:
        return self.items.get(self.pairs[j], {"n_items": 0, "n_excluded": 0})

    @property
    def _group(self) -> Group:
        return self.asked.group

    def _arm(self, j: int) -> Measure:
        return self.measure.arm(f"cell{j}") if self._group.cells else self.measure

    def _trials(self, j: int) -> int:
        own = "trials" if self._per_trial else "predictions"
        totals = self._group.counts.totals
        return round(float(totals[in_cell(own, j) if self._group.cells else own]))


def _sorted(values: set[object]) -> list[object]:
    return sorted(values, key=order_key)
