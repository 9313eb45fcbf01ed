"""Curves: points, slopes, differences and plateaus from the sums of all series and levels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from foresay.comparisons.equivalence import Measured, equivalence
from foresay.comparisons.hypotheses import verdict
from foresay.counts import AnyCounts, Estimator, FloatArray, Group, Sums
from foresay.estimation.table import key_of
from foresay.measures.kinds import Difference, Kind
from foresay.measures.measure import Measure
from foresay.resampling import estimate, jackknife, stream
from foresay.study import Choices, Plateau, Trend


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of one group.

    Parameters
    ----------
    spec : Trend
        What is asked.
    measure : Measure
        The estimand of each arm.
    group : Group
        Counts of all arms on the same clusters.
    prefixes : mapping of (str, float) to str
        Series and level -> prefix of the arm's sums.
    levels : tuple of float
        All levels, sorted.
    choices : Choices
        Interval, level, resamples and seed are used.
    where : str
        The condition on trials, for the streams.
    """

    spec: Trend
    measure: Measure
    group: Group
    prefixes: Mapping[tuple[str, float], str]
    levels: tuple[float, ...]
    choices: Choices
    where: str

    def rows(self) -> list[dict[str, Any]]:
        """Return points, slopes and plateaus of every series and of their difference."""
        made = []
        names = [*self.spec.series, *(["difference"] if self.spec.difference else [])]
        for name in names:
            points = self._points(name)
            for x in self.levels:
                of = {x: points[x]} if x in points else {}
                made.append(self._estimated(name, "point", x, of, {x: 1.0}))
            made.append(self._slope(name, points))
            if self.spec.plateau:
                made.append(self._plateau(name, points, self.spec.plateau))
        return made

    def _points(self, name: str) -> dict[float, tuple[tuple[str, float], ...]]:
        """Return, for each level that a curve has, the arms whose signed sum is its point."""
        parts: tuple[tuple[str, float], ...] = ((name, 1.0),)
        if name == "difference" and self.spec.difference:
            first, second = self.spec.difference
            parts = ((first, 1.0), (second, -1.0))
        found = {}
        own = {name.rpartition(".")[2] for name in self.measure.sums}
        counted = "predictions" if "predictions" in own else "trials"
        for x in self.levels:
            arms = [(self.prefixes.get((series, x), ""), sign) for series, sign in parts]
            if all(arm and self.group.total(f"{arm}.{counted}") > 0 for arm, _ in arms):
                found[x] = tuple(arms)
        return found

    def _slope(self, name: str, points: Mapping[float, Any]) -> dict[str, Any]:
        logs = self.spec.scale == "log2"
        used = [x for x in points if x > 0 or not logs]
        at = np.array([math.log2(x) if logs else x for x in used])
        note = ""
        if len(used) < len(points):
            outside = ", ".join(f"{x:g}" for x in points if x not in used)
            note = f"levels without a logarithm, not in the slope: {outside}"
        if len(used) < 2:
            row = self._estimated(name, "slope", math.nan, {}, {})
            return {**row, "note": "; ".join(n for n in ("a slope needs two levels", note) if n)}
        centred = at - at.mean()
        weights = dict(zip(used, (centred / (centred @ centred)).tolist(), strict=True))
        row = self._estimated(name, "slope", math.nan, {x: points[x] for x in used}, weights)
        row["note"] = "; ".join(n for n in (row["note"], note) if n)
        return {**row, **self._t_test(row)}

    def _t_test(self, row: dict[str, Any]) -> dict[str, Any]:
        found = row["measured"]
        if found is None:
            return {}
        p = 2 * min(found.above(0.0), found.below(0.0))
        alpha = 1 - self.choices.level
        return {"p_value": p, "test": "t", "verdict": verdict(p, "difference", alpha)}

    def _plateau(self, name: str, points: Mapping[float, Any], flat: Plateau) -> dict[str, Any]:
        missing = [x for x in (flat.start, flat.end) if x not in points]
        weights = {flat.start: -1.0, flat.end: 1.0}
        used = {} if missing else {x: points[x] for x in (flat.start, flat.end)}
        row = self._estimated(name, "plateau", flat.end, used, weights)
        row |= {"hypothesis": "equivalence", "margin": flat.margin, "x_from": flat.start}
        between = f"from {flat.start:g} to {flat.end:g}"
        if missing:
            absent = ", ".join(f"{x:g}" for x in missing)
            return {**row, "note": f"{between}: undefined, no level {absent}"}
        row["note"] = "; ".join(n for n in (between, row["note"]) if n)
        if row["measured"] is None:
            return row
        alpha = 1 - self.choices.level
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
    ) -> dict[str, Any]:
        """Estimate a weighted sum of points."""
        measure, choices = self.measure, self.choices
        empty = {
            "series": name,
            "quantity": quantity,
            "x_from": math.nan,
            "x": x,
            "value": math.nan,
            "low": math.nan,
            "high": math.nan,
            "standard_error": math.nan,
            "interval": "none",
            "n_clusters": 0,
            "n_trials": 0,
            "measured": None,
            "parts": (),
        }
        if not points:
            return {**empty, "note": f"undefined: no trials at {self.spec.over} {x:g}"}
        parts = [(arm, weights[at] * sign) for at, arms in points.items() for arm, sign in arms]
        sums = [f"{arm}.{s}" for arm, _ in parts for s in measure.sums]
        counts = self.group.restricted(sums)
        single = len(parts) == 1 and parts[0][1] == 1.0
        kind: Kind = measure.arm(parts[0][0]).kind if single else reach(measure, parts)
        estimator = combination(measure, parts)
        key = (f"trend {name}", quantity, f"{self.spec.over} {x:g}", measure.name)
        made = estimate(
            counts,
            estimator,
            kind=kind,
            interval=choices.interval,
            level=choices.level,
            resamples=choices.resamples,
            rng=stream(choices.seed, *key, key_of(self.group.values), self.where),
        )
        return {
            **empty,
            "value": made.value,
            "low": made.low,
            "high": made.high,
            "standard_error": made.standard_error,
            "interval": made.interval,
            "n_clusters": counts.n_clusters,
            "n_trials": round(sum(self.group.total(f"{arm}.trials") for arm, _ in parts)),
            "measured": _measured(counts, estimator, made.value),
            "parts": tuple(parts),
            "note": made.note,
        }


def combination(measure: Measure, parts: Sequence[tuple[str, float]]) -> Estimator:
    """Return the weighted sum of the estimates of some arms."""

    def combined(sums: Sums) -> FloatArray:
        values = [weight * measure.estimator(sums.arm(arm)) for arm, weight in parts]
        return np.asarray(np.sum(values, axis=0))

    return combined


def reach(measure: Measure, parts: Sequence[tuple[str, float]]) -> Difference:
    """Return the bounds of a weighted sum of estimates."""
    low, high = measure.kind.low, measure.kind.high
    return Difference(
        sum(w * (low if w > 0 else high) for _, w in parts),
        sum(w * (high if w > 0 else low) for _, w in parts),
    )


def _measured(counts: AnyCounts, estimator: Estimator, value: float) -> Measured | None:
    if not math.isfinite(value):
        return None
    found = jackknife(counts, estimator)
    if not found.standard_error > 0 or found.degrees < 1:
        return None
    return Measured(value=value, standard_error=found.standard_error, degrees=found.satterthwaite)
