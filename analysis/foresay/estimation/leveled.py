"""Leveled counts: trials of each group with sums of their own for each confidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import numpy as np

from foresay.counts import AnyCounts, Estimator, FloatArray, Layout, Sums
from foresay.counts.reduction import contributions, reduce, sorted_groups
from foresay.estimation.linearised import linearised
from foresay.estimation.relations import group_key
from foresay.measures.calibration import GRID, CalibrationMeasure, Levels, Runs
from foresay.measures.kinds import Kind
from foresay.trials import UNIT

SUMS = ("trials", "match", "match_squared")
LARGEST = 8_000_000
"""A group with more numbers than this, one for each trial and level, is linearised."""


@dataclass(frozen=True, slots=True)
class Estimand:
    """A calibration measure of counts."""

    estimator: Estimator
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Leveled:
    """One group.

    Parameters
    ----------
    values : tuple of (str, object)
        Grouping columns and their values.
    levels : Levels
        The observed sums of each confidence.
    runs : Runs
        The runs of targets behind them.
    counts : AnyCounts
        What is drawn.
    estimands : tuple of Estimand
        The measures that were asked for, as functions of `counts`.
    is_linear : bool
        Whether the measures are linearised, because the group is too large for all levels.
    """

    values: tuple[tuple[str, object], ...]
    levels: Levels
    runs: Runs
    counts: AnyCounts
    estimands: tuple[Estimand, ...]
    is_linear: bool


def usable(table: Any, truth: str) -> Any:
    """Return the trials that count.

    They have the whole number `_level` of their confidence, and the `_runs` of the target of which
    a match is a share: all repeats where `truth` is each, otherwise one.
    """
    kept = table.filter(table.included & table.confidence.notnull())
    runs = ibis.greatest(kept.k.fill_null(1), 1) if truth == "each" else ibis.literal(1, "int64")
    return kept.mutate(_level=(kept.confidence * GRID).round().cast("int64"), _runs=runs)


def leveled(
    table: Any,
    measures: Sequence[CalibrationMeasure],
    *,
    by: Sequence[str],
    layout: Layout,
) -> Iterator[Leveled]:
    """Reduce trials with a confidence to one `Leveled` a group, in the order of the groups.

    Parameters
    ----------
    table : ibis.Table
        What `usable` returns.
    measures : sequence of CalibrationMeasure
        What will be estimated.
    by : sequence of str
        Grouping columns.
    layout : Layout
        The design, without cells.
    """
    by = list(dict.fromkeys(by))
    table = narrowed(table, by, layout)
    seen = observed_levels(table, by)
    large = {name: group for name, group in seen.items() if _size(group.levels) > LARGEST}
    made: dict[Values, Leveled] = {}
    if len(large) < len(seen):
        few = table.filter(~table["_group"].isin(list(large))) if large else table
        for group in reduce(
            few,
            contributions(few, list(SUMS)),
            by=by,
            layout=replace(layout, cells=("_level",)),
        ):
            values = tuple(value for _, value in group.values)
            own = next(g for g in seen.values() if g.values == values)
            levels = own.levels
            made[values] = Leveled(
                values=group.values,
                levels=levels,
                runs=own.runs,
                counts=replace(group.counts, names=tuple(_plain_names(group.counts.names))),
                estimands=tuple(_of_levels(measure, levels) for measure in measures),
                is_linear=False,
            )
    for name, own in large.items():  # one at a time, for the memory of its clusters
        one = table.filter(table["_group"] == name)
        group_levels = {own.values: (name, own.levels)}
        for values, counts, estimators in linearised(
            one, group_levels, measures, by=by, layout=layout
        ):
            made[own.values] = Leveled(
                values=values,
                levels=own.levels,
                runs=own.runs,
                counts=counts,
                estimands=tuple(
                    Estimand(estimator, measure.kind)
                    for estimator, measure in zip(estimators, measures, strict=True)
                ),
                is_linear=True,
            )
    for known in seen.values():
        yield made[known.values]


def narrowed(table: Any, by: Sequence[str], layout: Layout) -> Any:
    """Return the columns that sums, groups and clusters are made of, and `_group`."""
    wanted = dict.fromkeys([*by, *layout.columns, "included", "match", "k", "_level", "_runs"])
    return table.select(*wanted, _group=group_key(table, by))


Values = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was observed of a group: the values of its columns, its levels and runs."""

    values: Values
    levels: Levels
    runs: Runs


def _size(levels: Levels) -> float:
    return float(levels.mass.sum()) * len(levels.value) * len(SUMS)


def observed_levels(table: Any, by: Sequence[str]) -> dict[str, Seen]:
    """Return the observed levels of each group by its `_group`, in the order of the values."""
    frame = (
        table.mutate(**{f"_{n}": c for n, c in contributions(table, list(SUMS)).items()})
        .group_by([*by, "_group", "_level", "_runs"])
        .aggregate(**{f"_sum_{n}": (lambda t, n=n: t[f"_{n}"].sum().cast("int64")) for n in SUMS})
        .to_pyarrow()
        .to_pandas()
    )
    found = {}
    for values, rows in sorted_groups(frame, by):
        part = frame.iloc[rows].sort_values(["_level", "_runs"])
        level, place = np.unique(part["_level"].to_numpy(np.int64), return_inverse=True)
        n, y, squares = (
            np.bincount(place, weights=part[f"_sum_{name}"].to_numpy(np.float64)).astype(np.float64)
            for name in SUMS
        )
        found[str(part["_group"].iloc[0])] = Seen(
            values,
            Levels.observed(level / GRID, n, y / UNIT, squares / UNIT),
            Runs(
                place=place.astype(np.int64),
                k=part["_runs"].to_numpy(np.int64),
                n=part["_sum_trials"].to_numpy(np.int64),
            ),
        )
    return found


def _plain_names(names: Sequence[str]) -> Iterator[str]:
    """Rename cells, so that nothing takes them for cells of which each needs many clusters."""
    for name in names:
        yield name.replace("cell", "level")


def _of_levels(measure: CalibrationMeasure, levels: Levels) -> Estimand:
    """Return a measure as a function of the sums of cells, one for each level."""
    size = len(levels.value)
    wanted = [[f"level{j}.{name}" for j in range(size)] for name in SUMS]
    places: dict[tuple[str, ...], list[list[int]]] = {}

    def part(sums: Sums, which: int) -> FloatArray:
        if sums.names not in places:
            at: Mapping[str, int] = {name: i for i, name in enumerate(sums.names)}
            places[sums.names] = [[at[name] for name in names] for names in wanted]
        columns = places[sums.names][which]
        return np.asarray(sums.numerators[..., columns] / sums.scale[columns])

    def estimator(sums: Sums) -> FloatArray:
        return measure.of(levels.replaced(part(sums, 0), part(sums, 1), part(sums, 2)))

    return Estimand(estimator, measure.kind)
