"""The table of correlations: of what is reported with what is, for each group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from foresay.counts import FloatArray, Group, Layout, Sums
from foresay.counts.ordering import plain
from foresay.counts.reduction import reduce, sorted_groups
from foresay.errors import UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.points import lacking_points, points
from foresay.estimation.relations import check_columns, design_of
from foresay.estimation.table import key_of, named_choices, tidy
from foresay.measures.correlations import (
    CORRELATION,
    CORRELATION_CORRECTED,
    CORRELATIONS,
    RANK_CORRELATION,
)
from foresay.measures.kinds import Difference
from foresay.measures.measure import Measure
from foresay.measures.rank_correlation import rank_correlation, rank_influence
from foresay.resampling import Estimate, estimate, estimate_rows, stream
from foresay.resampling.closed_forms import closed_form
from foresay.resampling.jackknife import jackknife_of
from foresay.resampling.observed import Observed
from foresay.study import Choices
from foresay.trials import Population

NAMES = tuple(measure.name for measure in CORRELATIONS)
"""Estimands of this table."""

_FREE = Difference(-math.inf, math.inf)
_ALL_ON_A_LINE = 1 - 1e-12


def correlations(
    population: Population,
    names: Sequence[str] = NAMES,
    *,
    by: Sequence[str] = (),
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    """Estimate correlations of numeric predictions with numeric behaviours.

    Parameters
    ----------
    population : Population
        Trials under `choices`. Properties whose behaviours are numbers throughout have a part, and
        of their predictions those that are compliant and finite numbers.
    names : sequence of str
        Of `NAMES`.
    by : sequence of str
        Grouping columns.
    choices, context
        As for `foresay.estimation.table.estimates`.

    Returns
    -------
    DataFrame
        As from `estimates`; `n_trials` and `n_items` are points: a predictor and an item. The
        interval of a correlation is made on Fisher's scale, arctanh r.

    Raises
    ------
    UnsupportedError
        The tables have no numbers to correlate.
    ChoiceError
        A column is unknown.
    """
    by = tuple(dict.fromkeys(by))
    check_columns(by, population, "by")
    if reason := lacking_points(population):
        raise UnsupportedError(f"{names[0]} {reason}")
    wanted = [measure for measure in CORRELATIONS if measure.name in names]
    layout = design_of(choices, population).layout()
    table = population.keep(points(population, [*by, *layout.columns]))
    sums = list(dict.fromkeys(name for measure in wanted for name in measure.sums))
    added = {name: table[name] for name in dict.fromkeys(["points", *sums])}
    groups = list(reduce(table, added, by=by, layout=layout))
    if not groups:
        raise UnsupportedError(
            f"{names[0]}: no item has both a numeric prediction and a numeric behaviour"
        )
    ranked = _ranks(table, by, layout) if RANK_CORRELATION in wanted else {}
    asked = [
        _Asked(measure, group, choices, context, ranked.get(tuple(v for _, v in group.values)))
        for measure in wanted
        for group in groups
    ]
    return tidy([one.row() for one in asked], by)


@dataclass(frozen=True, slots=True)
class _Points:
    """The points of one group: what is reported, what is, and the cluster of each."""

    x: FloatArray
    y: FloatArray
    clusters: np.ndarray[Any, np.dtype[np.int64]]


def _ranks(
    table: Any, by: Sequence[str], layout: Layout
) -> dict[tuple[object, ...], _Points | None]:
    """Read the points; None where clusters are drawn in more than one way."""
    columns = list(dict.fromkeys([*by, *layout.clusters]))
    # sums of influences depend on the order of rows, so it is theirs
    read = table.select(*columns, "reported", "actual").order_by([*columns, "reported", "actual"])
    frame = read.to_pyarrow().to_pandas()
    found: dict[tuple[object, ...], _Points | None] = {}
    for values, rows in sorted_groups(frame, list(by)):
        part = frame.iloc[rows]
        labels = [tuple(plain(v) for v in row) for row in part[list(layout.clusters)].to_numpy()]
        number = {label: n for n, label in enumerate(dict.fromkeys(labels))}
        simple = not (layout.outer or layout.runs or layout.strata)
        found[values] = (
            _Points(
                part["reported"].to_numpy(np.float64),
                part["actual"].to_numpy(np.float64),
                np.array([number[label] for label in labels], np.int64),
            )
            if simple
            else None
        )
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """One correlation of one group."""

    measure: Measure
    group: Group
    choices: Choices
    context: Context
    points: _Points | None

    def row(self) -> dict[str, Any]:
        made = self._rank() if self.measure is RANK_CORRELATION else self._of_sums()
        n = round(self.group.total("points"))
        return {
            "estimand": self.measure.name,
            **dict(self.group.values),
            **made,
            "level": self.choices.level,
            "n_trials": n,
            "n_items": n,
            "n_clusters": self.group.restricted(["points"]).n_clusters,
            "n_excluded": 0,
            "design_effect": math.nan,
            **named_choices(self.choices),
            "note": "; ".join(n for n in (*self.context.notes, made["note"], self._sides()) if n),
            "where": self.context.where,
            "fingerprint": self.context.fingerprint,
        }

    def _sides(self) -> str:
        if self.measure is not CORRELATION_CORRECTED:
            return ""
        sides = {"x": "predictions", "y": "behaviours"}
        single = [said for s, said in sides.items() if not self.group.total(f"{s}_repeated")]
        return f"no repeats of {' or '.join(single)}: not corrected for" if single else ""

    def _rng(self) -> np.random.Generator:
        key = (self.measure.name, key_of(self.group.values), self.context.where)
        return stream(self.choices.seed, *key)

    def _of_sums(self) -> dict[str, Any]:
        measure = self.measure
        on_fishers = measure is CORRELATION
        value = float(measure.estimator(self.group.counts.totals))
        if not np.isfinite(value):
            return _without(math.nan, "undefined: what is reported or what is does not vary")
        if on_fishers and abs(value) >= _ALL_ON_A_LINE:
            return _without(value, "all points lie on one line: interval undefined")

        def fishers(sums: Sums) -> FloatArray:
            return _arctanh(measure.estimator(sums))

        made = estimate(
            self.group.restricted(measure.sums),
            fishers if on_fishers else measure.estimator,
            kind=_FREE,
            interval=self.choices.interval,
            level=self.choices.level,
            resamples=self.choices.resamples,
            rng=self._rng(),
        )
        return _from_fishers(made) if on_fishers else _numbers(made)

    def _rank(self) -> dict[str, Any]:
        found = self.points
        if found is None:
            return _without(
                math.nan,
                "rank_correlation is for one kind of clusters without strata; leave out within, "
                "crossed and strata",
            )
        value = rank_correlation(found.x, found.y, np.ones(len(found.x)))
        if not np.isfinite(value):
            return _without(math.nan, "undefined: what is reported or what is does not vary")
        if abs(value) >= _ALL_ON_A_LINE:
            return _without(value, "all points have one order: interval undefined")
        if self.choices.interval in ("percentile", "basic", "bca"):
            made = estimate_rows(
                np.column_stack([found.x, found.y]),
                found.clusters,
                _fishers_rank,
                kind=_FREE,
                interval=self.choices.interval,
                level=self.choices.level,
                resamples=self.choices.resamples,
                rng=self._rng(),
            )
            return _from_fishers(made)
        return _linearised(found, value, self.choices.level)


def _fishers_rank(values: FloatArray, weights: FloatArray) -> float:
    found = rank_correlation(values[:, 0], values[:, 1], weights)
    return float(_arctanh(np.asarray(found)))


def _linearised(found: _Points, value: float, level: float) -> dict[str, Any]:
    """Return the t interval on Fisher's scale from the influence of each cluster."""
    clusters = int(found.clusters.max()) + 1
    if clusters < 2:
        return _without(value, "fewer than 2 clusters: interval undefined")
    summed = np.bincount(found.clusters, weights=rank_influence(found.x, found.y))
    influence = summed / len(found.x) / (1 - value**2)
    without = -influence * clusters / (clusters - 1)
    jackknife = jackknife_of(without, np.ones(clusters, np.int64))
    fishers = math.atanh(value)
    seen = Observed(
        value=fishers,
        kind=_FREE,
        n_clusters=clusters,
        jackknife=lambda: jackknife,
        proportion=lambda: None,
        error=lambda: math.nan,
    )
    interval = closed_form(seen, "t_satterthwaite", level)
    return {
        "value": value,
        "low": math.tanh(interval.low),
        "high": math.tanh(interval.high),
        "standard_error": interval.standard_error * (1 - value**2),
        "interval": interval.name,
        "note": "; ".join(interval.notes),
    }


def _arctanh(value: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.arctanh(np.clip(value, -1.0, 1.0)))


def _numbers(made: Estimate) -> dict[str, Any]:
    return {
        "value": made.value,
        "low": made.low,
        "high": made.high,
        "standard_error": made.standard_error,
        "interval": made.interval,
        "note": made.note,
    }


def _from_fishers(made: Estimate) -> dict[str, Any]:
    value = math.tanh(made.value)
    return {
        **_numbers(made),
        "value": value,
        "low": math.tanh(made.low),
        "high": math.tanh(made.high),
        "standard_error": made.standard_error * (1 - value**2),
    }


def _without(value: float, note: str) -> dict[str, Any]:
    missing = math.nan
    return {
        "value": value,
        "low": missing,
        "high": missing,
        "standard_error": missing,
        "interval": "none",
        "note": note,
    }
