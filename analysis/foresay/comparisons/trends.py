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
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from foresay.comparisons.equivalence import Measured, equivalence
from foresay.comparisons.hypotheses import verdict
from foresay.comparisons.pairing import contributed, facts_of, on_shared_items, with_arms
from foresay.counts import Counts, Estimator, FloatArray, Sums
from foresay.counts.reduction import Group, reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.relations import Request, check_columns, cluster_columns, relation
from foresay.estimation.table import Context, key_of, named_choices, tidy
from foresay.measures.kinds import Difference, Kind
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.resampling import estimate, jackknife, stream
from foresay.study import Choices
from foresay.tables.engine import Engine, literal, quoted
from foresay.tables.expressions import scalar
from foresay.trials import Population

Scale: TypeAlias = Literal["log2", "linear"]

SERIES: Mapping[str, str] = {"self": "role = 'self'", "cross": "role = 'cross'"}
"""The two series of the field, by the condition on trials."""

MOST_LEVELS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Plateau:
    """Two levels between which a curve is claimed to be flat.

    Parameters
    ----------
    start, end : float
        Levels of the column.
    margin : float
        A change smaller than this does not matter; above 0, stated before looking.
    """

    start: float
    end: float
    margin: float

    def __post_init__(self) -> None:
        if not (self.margin > 0 and math.isfinite(self.margin)):
            raise ChoiceError(f"plateau: margin must be above 0, such as 0.05; got {self.margin}")
        if self.start == self.end:
            raise ChoiceError(f"plateau: start and end are both {self.start:g}; name two levels")


def trend(
    population: Population,
    estimand: str,
    *,
    over: str = "n_train",
    scale: Scale = "log2",
    series: Mapping[str, str] = SERIES,
    difference: tuple[str, str] | None = ("self", "cross"),
    plateau: Plateau | None = None,
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
    estimand : str
        Such as ``accuracy``.
    over : str
        A numeric column of trials.
    scale : {"log2", "linear"}
        Scale of the slope. Levels of 0 and below have no logarithm: they are points of the curve
        and no part of the slope, and the note says so.
    series : mapping of str to str
        Name -> SQL condition on trials.
    difference : tuple of two str, optional
        The series whose difference is a third curve.
    plateau : Plateau, optional
        Levels and margin of an equivalence test for every curve.
    by : sequence of str
        Grouping columns; one set of curves for each combination.
    choices, context, engine
        As for `estimates`.

    Returns
    -------
    DataFrame
        Tidy rows: `estimand`, `by`, `series`, `quantity` (``point``, ``slope`` or ``plateau``),
        `x` (the level; missing for slopes; the end of a plateau), the columns of `estimates`, and
        after `standard_error` `p_value, test, hypothesis, margin, verdict`. Levels count the items
        that all series and levels have; where levels have items of their own (complexity), those
        that the series share at the level.

    Raises
    ------
    ChoiceError, ExpressionError
        A name is unknown, or the column is not numeric.
    UnsupportedError
        No trials, or no items that the levels share.
    """
    asked = _asked(population, estimand, over, scale, series, difference, plateau, by, choices)
    conditions = {
        name: scalar(sql, population.columns, what=f"trend: series {name}")
        for name, sql in series.items()
    }
    table = relation(population, Request(measures=(asked.measure,), by=tuple(by), choices=choices))
    levels = _levels(table, over)
    cells = {
        (name, level): f"({sql}) AND {quoted(over)} = {literal(level)}"
        for name, sql in conditions.items()
        for level in levels
    }
    prefixes = {cell: f"arm{number}" for number, cell in enumerate(cells)}
    arms = {prefixes[cell]: sql for cell, sql in cells.items()}
    table = with_arms(table, arms, engine)
    there = _present(table, prefixes)
    pairs = [
        [prefixes[name, level] for name in series if (name, level) in there] for level in levels
    ]
    pairs = [pair for pair in pairs if pair]
    if not pairs:
        raise UnsupportedError(
            f"trend: no trials of {' or '.join(series)} with a value of {over}; nothing to draw"
        )
    truth = "predictions" not in asked.measure.sums
    table = on_shared_items(table, by, pairs, needs_truth=truth)
    facts = facts_of(table, by)
    sums = contributed(table, asked.measure, [prefixes[cell] for cell in there])
    clusters = cluster_columns(choices, population)
    rows: list[dict[str, Any]] = []
    for group in reduce(table, sums, by=by, clusters=clusters, strata=choices.strata):
        known = facts[tuple(value for _, value in group.values)]
        curves = _Curves(asked, group, {cell: prefixes[cell] for cell in there}, levels)
        rows += [_row(curves, row, known, choices, context) for row in curves.rows(context)]
    return _tidy(rows, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is asked of every group."""

    measure: Measure
    over: str
    scale: Scale
    series: tuple[str, ...]
    difference: tuple[str, str] | None
    plateau: Plateau | None
    choices: Choices


def _asked(
    population: Population,
    estimand: str,
    over: str,
    scale: Scale,
    series: Mapping[str, str],
    difference: tuple[str, str] | None,
    plateau: Plateau | None,
    by: Sequence[str],
    choices: Choices,
) -> _Asked:
    check_columns([over, *by], population, "trend")
    measure = find_measure(estimand, baseline=choices.baseline)
    if measure.population != "trials" or choices.compliance == "bounds":
        raise ChoiceError(
            f"trend: {estimand} under compliance {choices.compliance} has no curve; trends are of "
            "estimands over trials, with one value each"
        )
    if not population.trials.schema()[over].is_numeric():
        raise ChoiceError(f"trend: the column {over!r} holds text; a number is expected")
    if scale not in ("log2", "linear"):
        raise ChoiceError(f"trend: scale {scale!r} is not known; choose log2 or linear")
    if over in by:
        raise ChoiceError(f"trend: {over!r} is the axis, and cannot also be in `by`")
    if difference is not None and not set(difference) <= set(series):
        difference = None
    return _Asked(
        measure=measure,
        over=over,
        scale=scale,
        series=tuple(series),
        difference=difference,
        plateau=plateau,
        choices=choices,
    )


def _levels(table: Any, over: str) -> list[float]:
    column = table.select(table[over]).distinct().filter(lambda t: t[over].notnull())
    found = sorted(float(v) for v in column.to_pyarrow().column(0).to_pylist())
    found = [v for v in found if math.isfinite(v)]
    if len(found) > MOST_LEVELS:
        raise ChoiceError(
            f"trend: {over!r} has {len(found)} levels, and a curve takes at most {MOST_LEVELS}; "
            "make classes of it in the study file"
        )
    return found


def _present(table: Any, prefixes: Mapping[tuple[str, float], str]) -> list[tuple[str, float]]:
    """Return the cells that have trials."""
    counted = table.aggregate(**{p: table[f"_{p}"].any() for p in prefixes.values()})
    row = counted.to_pyarrow().to_pylist()[0]
    return [cell for cell, prefix in prefixes.items() if row[prefix]]


@dataclass(frozen=True, slots=True)
class _Curves:
    """The curves of one group."""

    asked: _Asked
    group: Group
    prefixes: Mapping[tuple[str, float], str]
    levels: Sequence[float]

    def rows(self, context: Context) -> list[dict[str, Any]]:
        """Return points, slopes and plateaus of every series and of their difference."""
        made = []
        names = [*self.asked.series, *(["difference"] if self.asked.difference else [])]
        for name in names:
            points = self._points(name)
            for x in self.levels:
                of = {x: points[x]} if x in points else {}
                made.append(self._estimated(name, "point", x, of, {x: 1.0}, context))
            made.append(self._slope(name, points, context))
            if self.asked.plateau:
                made.append(self._plateau(name, points, self.asked.plateau, context))
        return made

    def _points(self, name: str) -> dict[float, tuple[tuple[str, float], ...]]:
        """Return, for each level that a curve has, the arms whose signed sum is its point."""
        parts: tuple[tuple[str, float], ...] = ((name, 1.0),)
        if name == "difference" and self.asked.difference:
            first, second = self.asked.difference
            parts = ((first, 1.0), (second, -1.0))
        found = {}
        totals = self.group.counts.totals
        counted = "predictions" if "predictions" in self.asked.measure.sums else "trials"
        for x in self.levels:
            arms = [(self.prefixes.get((series, x), ""), sign) for series, sign in parts]
            if all(arm and float(totals[f"{arm}.{counted}"]) > 0 for arm, _ in arms):
                found[x] = tuple(arms)
        return found

    def _slope(self, name: str, points: Mapping[float, Any], context: Context) -> dict[str, Any]:
        logs = self.asked.scale == "log2"
        used = [x for x in points if x > 0 or not logs]
        at = np.array([math.log2(x) if logs else x for x in used])
        note = ""
        if len(used) < len(points):
            outside = ", ".join(f"{x:g}" for x in points if x not in used)
            note = f"levels without a logarithm, not in the slope: {outside}"
        if len(used) < 2:
            row = self._estimated(name, "slope", math.nan, {}, {}, context)
            return {**row, "note": "; ".join(n for n in ("a slope needs two levels", note) if n)}
        centred = at - at.mean()
        weights = dict(zip(used, (centred / (centred @ centred)).tolist(), strict=True))
        row = self._estimated(
            name, "slope", math.nan, {x: points[x] for x in used}, weights, context
        )
        row["note"] = "; ".join(n for n in (row["note"], note) if n)
        return {**row, **self._t_test(row)}

    def _t_test(self, row: dict[str, Any]) -> dict[str, Any]:
        found = row["measured"]
        if found is None:
            return {}
        p = 2 * min(found.above(0.0), found.below(0.0))
        alpha = 1 - self.asked.choices.level
        return {"p_value": p, "test": "t", "verdict": verdict(p, "difference", alpha)}

    def _plateau(
        self, name: str, points: Mapping[float, Any], flat: Plateau, context: Context
    ) -> dict[str, Any]:
        missing = [x for x in (flat.start, flat.end) if x not in points]
        weights = {flat.start: -1.0, flat.end: 1.0}
        used = {} if missing else {x: points[x] for x in (flat.start, flat.end)}
        row = self._estimated(name, "plateau", flat.end, used, weights, context)
        row |= {"hypothesis": "equivalence", "margin": flat.margin}
        between = f"from {flat.start:g} to {flat.end:g}"
        if missing:
            absent = ", ".join(f"{x:g}" for x in missing)
            return {**row, "note": f"{between}: undefined, no level {absent}"}
        row["note"] = "; ".join(n for n in (between, row["note"]) if n)
        if row["measured"] is None:
            return row
        alpha = 1 - self.asked.choices.level
        made = equivalence(row["measured"], flat.margin, alpha)
        return {
            **row,
            "p_value": made.p_value,
            "test": "tost",
            "verdict": verdict(made.p_value, "equivalence", alpha),
        }

    def _estimated(
        self,
        name: str,
        quantity: str,
        x: float,
        points: Mapping[float, tuple[tuple[str, float], ...]],
        weights: Mapping[float, float],
        context: Context,
    ) -> dict[str, Any]:
        """Estimate a weighted sum of points."""
        measure, choices = self.asked.measure, self.asked.choices
        empty = {
            "series": name,
            "quantity": quantity,
            "x": x,
            "value": math.nan,
            "low": math.nan,
            "high": math.nan,
            "standard_error": math.nan,
            "interval": "none",
            "n_clusters": 0,
            "n_trials": 0,
            "measured": None,
        }
        if not points:
            return {**empty, "note": f"undefined: no trials at {self.asked.over} {x:g}"}
        parts = [(arm, weights[at] * sign) for at, arms in points.items() for arm, sign in arms]
        sums = [f"{arm}.{s}" for arm, _ in parts for s in measure.sums]
        counts = self.group.restricted(sums)
        single = len(parts) == 1 and parts[0][1] == 1.0
        kind: Kind = measure.arm(parts[0][0]).kind if single else _reach(measure, parts)
        estimator = _combination(measure, parts)
        key = (f"trend {name}", quantity, f"{self.asked.over} {x:g}", measure.name)
        made = estimate(
            counts,
            estimator,
            kind=kind,
            interval=choices.interval,
            level=choices.level,
            resamples=choices.resamples,
            rng=stream(choices.seed, *key, key_of(self.group.values), context.where),
        )
        totals = self.group.counts.totals
        return {
            **empty,
            "value": made.value,
            "low": made.low,
            "high": made.high,
            "standard_error": made.standard_error,
            "interval": made.interval,
            "n_clusters": counts.n_clusters,
            "n_trials": round(sum(float(totals[f"{arm}.trials"]) for arm, _ in parts)),
            "measured": _measured(counts, estimator, made.value),
            "note": made.note,
        }


def _combination(measure: Measure, parts: Sequence[tuple[str, float]]) -> Estimator:
    def combined(sums: Sums) -> FloatArray:
        values = [weight * measure.estimator(sums.arm(arm)) for arm, weight in parts]
        return np.asarray(np.sum(values, axis=0))

    return combined


def _reach(measure: Measure, parts: Sequence[tuple[str, float]]) -> Difference:
    """Return the bounds of a weighted sum of estimates."""
    low, high = measure.kind.low, measure.kind.high
    return Difference(
        sum(w * (low if w > 0 else high) for _, w in parts),
        sum(w * (high if w > 0 else low) for _, w in parts),
    )


def _measured(counts: Counts, estimator: Estimator, value: float) -> Measured | None:
    if not math.isfinite(value):
        return None
    found = jackknife(counts, estimator)
    if not found.standard_error > 0 or found.degrees < 1:
        return None
    return Measured(value=value, standard_error=found.standard_error, degrees=found.satterthwaite)


def _row(
    curves: _Curves,
    row: dict[str, Any],
    facts: Mapping[str, Any],
    choices: Choices,
    context: Context,
) -> dict[str, Any]:
    """Add what all rows of a group carry."""
    unpaired = int(facts["unpaired"])
    who = "not every series has" if facts["apart"] else "not every series and level has"
    notes = [row["note"], f"{unpaired} trials on items that {who}, left out" if unpaired else ""]
    return {
        "p_value": math.nan,
        "test": "none",
        "hypothesis": "difference",
        "margin": math.nan,
        "verdict": "",
        **row,
        "estimand": curves.asked.measure.name,
        **dict(curves.group.values),
        "level": choices.level,
        "n_items": int(facts["n_items"]),
        "n_excluded": int(facts["excluded"]) + unpaired,
        "design_effect": math.nan,
        **named_choices(choices),
        "where": context.where,
        "note": "; ".join(note for note in notes if note),
        "fingerprint": context.fingerprint,
    }


def _tidy(rows: Sequence[dict[str, Any]], by: Sequence[str]) -> pd.DataFrame:
    frame = tidy(rows, [*by, "series", "quantity", "x"])
    place = list(frame.columns).index("standard_error")
    for offset, column in enumerate(
        ("p_value", "test", "hypothesis", "margin", "verdict"), start=1
    ):
        frame.insert(place + offset, column, [row[column] for row in rows])
    return frame
