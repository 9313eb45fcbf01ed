"""Trends: how an estimand changes over n_train, n_shot or complexity, and where it stops.

Every level of every series (self, cross) is an arm of its own; the sums of all of them stand in
one set of clusters, so that points, slopes, the difference curve and the plateau have errors that
know of each other. A slope is the least-squares line through the levels' estimates, each level the
same weight: on the log2 scale, what a doubling adds.

A slope describes the levels that were tried, and a line is a summary of a curve: it does not
extrapolate. A plateau is shown by equivalence within a stated margin, never by a slope that is not
different from 0. A series that lacks a level shows it as missing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foresay.comparisons.covariates import number
from foresay.comparisons.curves import Curves
from foresay.comparisons.pairing import contributed, facts_of, on_shared_items, with_arms
from foresay.counts import Group
from foresay.counts.reduction import reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import (
    Request,
    cells_of,
    check_columns,
    design_of,
    relation,
)
from foresay.estimation.table import named_choices, tidy
from foresay.measures.macro import over_cells
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.study import Choices, Plateau, Trend
from foresay.tables.engine import Engine, literal, quoted
from foresay.tables.expressions import scalar
from foresay.trials import Population

__all__ = ["Plateau", "Trend", "trend"]

MOST_LEVELS = 50


def trend(
    population: Population,
    spec: Trend,
    *,
    by: Sequence[str] = (),
    choices: Choices,
    context: Context,
    engine: Engine,
) -> pd.DataFrame:
    """Estimate a curve over a numeric column, its slope, a difference of curves and a plateau.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    spec : Trend
        Estimand, column, series.
    by : sequence of str
        Grouping columns; one set of curves for each combination.
    choices, context, engine
        As for `estimates`.

    Returns
    -------
    DataFrame
        Tidy rows: `estimand`, `by`, `series`, `quantity` (``point``, ``slope`` or ``plateau``),
        `x_from` and `x` (the level; missing for slopes; both ends of a plateau), the columns of
        `estimates`, and after `standard_error` `p_value, test, hypothesis, margin, verdict`.
        Levels count the items that all series and levels of the group have; where levels have
        items of their own (complexity), those that the series share at the level.

    Raises
    ------
    ChoiceError, ExpressionError
        A name is unknown, or the column is not numeric.
    UnsupportedError
        No trials of the series have a value of the column.
    """
    made = prepared(population, spec, by=by, choices=choices, engine=engine)
    measure, table, there, levels = made.measure, made.table, made.arms, made.levels
    facts = facts_of(table, by)
    sums = contributed(table, measure, list(there.values()))
    layout = design_of(choices, population).layout(cells_of(choices, table.columns, by))
    rows: list[dict[str, Any]] = []
    for group in reduce(table, sums, by=by, layout=layout):
        known = facts[tuple(value for _, value in group.values)]
        computed = over_cells(measure, group.cells)
        curves = Curves(spec, computed, group, there, levels, choices, context.where)
        fixed = _fixed(measure, group, known, choices, context)
        rows += [_row(fixed, row) for row in curves.rows()]
    return _tidy(rows, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The trials of a trend.

    Parameters
    ----------
    measure : Measure
        What is estimated.
    table : ibis.Table
        The trials of all arms, marked as by `foresay.comparisons.pairing.on_shared_items`.
    arms : mapping of (str, float) to str
        Series and level -> prefix of the arm's sums, of those that have trials.
    levels : tuple of float
        Sorted.
    """

    measure: Measure
    table: Any
    arms: Mapping[tuple[str, float], str]
    levels: tuple[float, ...]


def prepared(
    population: Population, spec: Trend, *, by: Sequence[str], choices: Choices, engine: Engine
) -> Prepared:
    """Return the trials of every series and level; parameters and errors are those of `trend`."""
    measure = _measure(population, spec, by, choices)
    conditions = {
        name: scalar(sql, population.columns, what=f"trend: series {name}")
        for name, sql in spec.series.items()
    }
    table = relation(population, Request(measures=(measure,), by=tuple(by), choices=choices))
    table = table.mutate(_x=number(table, spec.over, what="trend"))
    levels = _levels(table, spec.over)
    cells = {
        (name, level): f"({sql}) AND {quoted('_x')} = {literal(level)}"
        for name, sql in conditions.items()
        for level in levels
    }
    if not cells:
        raise UnsupportedError(_nothing(spec))
    prefixes = {cell: f"arm{number}" for number, cell in enumerate(cells)}
    table = with_arms(table, {prefixes[cell]: sql for cell, sql in cells.items()}, engine)
    there = _present(table, prefixes)
    if not there:
        raise UnsupportedError(_nothing(spec))
    levels = [x for x in levels if any(level == x for _, level in there)]
    pairs = [[p for (_, level), p in there.items() if level == x] for x in levels]
    truth = "predictions" not in measure.sums
    table = on_shared_items(table, by, pairs, needs_truth=truth, absent_arms=True)
    return Prepared(measure=measure, table=table, arms=there, levels=tuple(levels))


def _nothing(spec: Trend) -> str:
    return (
        f"trend: no trials of {' or '.join(spec.series)} with a value of {spec.over}; nothing to "
        "draw"
    )


def _measure(population: Population, spec: Trend, by: Sequence[str], choices: Choices) -> Measure:
    check_columns([spec.over, *by], population, "trend")
    measure = find_measure(spec.of, baseline=choices.baseline)
    if measure.population != "trials" or choices.compliance == "bounds":
        raise ChoiceError(
            f"trend: {spec.of} under compliance {choices.compliance} has no curve; trends are of "
            "estimands over trials, with one value each"
        )
    if spec.over in by:
        raise ChoiceError(f"trend: {spec.over!r} is the axis, and cannot also be in `by`")
    return measure


def _levels(table: Any, over: str) -> list[float]:
    column = table.filter(table["_x"].notnull()).select("_x").distinct()
    found = sorted(float(v) for v in column.to_pyarrow().column(0).to_pylist())
    if len(found) > MOST_LEVELS:
        raise ChoiceError(
            f"trend: {over!r} has {len(found)} levels, and a curve takes at most {MOST_LEVELS}; "
            "make classes of it in the study file"
        )
    return found


def _present(table: Any, prefixes: Mapping[tuple[str, float], str]) -> dict[tuple[str, float], str]:
    """Return the cells that have trials, with their prefixes."""
    counted = table.aggregate(**{p: table[f"_{p}"].any() for p in prefixes.values()})
    row = counted.to_pyarrow().to_pylist()[0]
    return {cell: prefix for cell, prefix in prefixes.items() if row[prefix]}


def _fixed(
    measure: Measure, group: Group, facts: Mapping[str, Any], choices: Choices, context: Context
) -> dict[str, Any]:
    """Return what all rows of a group carry."""
    unpaired = int(facts["unpaired"])
    who = "not every series has" if facts["apart"] else "not every series and level has"
    return {
        "p_value": math.nan,
        "test": "none",
        "hypothesis": "difference",
        "margin": math.nan,
        "verdict": "",
        "estimand": measure.name,
        **dict(group.values),
        "level": choices.level,
        "n_items": int(facts["n_items"]),
        "n_excluded": int(facts["excluded"]) + unpaired,
        "design_effect": math.nan,
        **named_choices(choices),
        "where": context.where,
        "note": f"{unpaired} trials on items that {who}, left out" if unpaired else "",
        "fingerprint": context.fingerprint,
    }


def _row(fixed: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    notes = (row["note"], fixed["note"])
    return {**fixed, **row, "note": "; ".join(note for note in notes if note)}


def _tidy(rows: Sequence[dict[str, Any]], by: Sequence[str]) -> pd.DataFrame:
    frame = tidy(rows, [*by, "series", "quantity", "x_from", "x"])
    place = list(frame.columns).index("standard_error")
    for offset, column in enumerate(
        ("p_value", "test", "hypothesis", "margin", "verdict"), start=1
    ):
        frame.insert(place + offset, column, [row[column] for row in rows])
    return frame
