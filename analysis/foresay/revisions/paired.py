"""The difference of one number before and after a change, its clusters drawn once for both.

Before and after are two functions of the same clusters: their sums stand side by side in each
cluster, and a cluster that is drawn is drawn for both. What trials share then cancels, as it does
between the arms of a contrast. Clusters that only one of the two has stay in: they count 0 in the
other, whose value is what it is without them.

The interval says how much the difference would vary over other such clusters. It must not be read
as an interval of either number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foresay.comparisons.left_out import Estimates
from foresay.comparisons.shared import SharedContrast
from foresay.counts import Estimator, FloatArray, IntArray, Sums
from foresay.counts.groups import in_cell
from foresay.counts.ordering import order_key
from foresay.counts.units import Units
from foresay.estimation.shared import Values
from foresay.estimation.table import key_of
from foresay.measures.kinds import Difference, Kind
from foresay.measures.macro import over_cells
from foresay.resampling import estimate, stream
from foresay.study import Choices

SAME = "the same by definition: no trial counts otherwise"
"""The note of a difference that nothing can make other than 0."""

_SIDES = ("before", "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One number, before or after, as sums.

    Parameters
    ----------
    sums : SharedContrast or SharedEstimates
        Reduced with the columns of the clusters of both sides as keys.
    choices : Choices
        Those of this side.
    """

    sums: Estimates
    choices: Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """After minus before in one group, and its interval; `nan` with the reason in `note`."""

    values: Values
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    standard_error: float = math.nan
    interval: str = "none"
    n_clusters: int = 0
    note: str = ""


def paired_differences(before: Side, after: Side) -> Iterator[PairedDifference]:
    """Yield the difference in each group that both sides have.

    Parameters
    ----------
    before, after : Side
        The clusters that are drawn, their interval, level, resamples and seed are those after.
    """
    by = after.sums.by
    united = _side_by_side(before, after)
    layout = replace(after.sums.layout(after.choices), cells=())
    clusters = layout.outer or layout.clusters
    for values, units in united.by_group(by):
        mine = [_OneSide.of(side, units, name) for side, name in _named(before, after)]
        if any(not one.there.any() for one in mine):
            continue
        if _alike(*mine):
            yield PairedDifference(
                values=values, value=0.0, low=0.0, high=0.0, standard_error=0.0, note=SAME
            )
            continue
        place, _ = units.places(clusters)
        both = np.intersect1d(place[mine[0].there], place[mine[1].there])
        if not len(both):
            what = " and ".join(c for c in clusters if c != "task" or len(clusters) == 1)
            note = f"not paired: before and after share no {what}"
            yield PairedDifference(values=values, note=note)
            continue
        wide = replace(units, sums={**mine[0].sums, **mine[1].sums})
        (group,) = wide.groups((), layout)
        c = after.choices
        wheres = [side.sums.context.where for side in (before, after)]
        made = estimate(
            group.restricted(list(wide.sums)),
            _difference(mine[0].estimator, mine[1].estimator),
            kind=_between(mine[0].kind, mine[1].kind),
            interval=c.interval,
            level=c.level,
            resamples=c.resamples,
            rng=stream(c.seed, "reanalysis", after.sums.name, key_of(values), *wheres),
        )
        yield PairedDifference(
            values=values,
            value=made.value,
            low=made.low,
            high=made.high,
            standard_error=made.standard_error,
            interval=made.interval,
            n_clusters=made.n_clusters,
            note=made.note,
        )


def _named(before: Side, after: Side) -> Iterator[tuple[Side, str]]:
    yield from zip((before, after), _SIDES, strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneSide:
    """What one side is in one group.

    `sums` has one column for each of its sums and cells, `there` marks the units that it counts.
    """

    name: str
    sums: dict[str, IntArray]
    there: np.ndarray[tuple[int], np.dtype[np.bool_]]
    estimator: Estimator
    kind: Kind

    @classmethod
    def of(cls, side: Side, units: Units, name: str) -> _OneSide:
        own = {
            n.removeprefix(f"{name}."): s for n, s in units.sums.items() if n.startswith(f"{name}.")
        }
        there = np.zeros(len(units), bool)
        for column in own.values():
            there |= column != 0
        columns = side.sums.layout(side.choices).cells
        cells: list[str] = []
        sums = {f"{name}.{n}": column for n, column in own.items()}
        if columns:
            sums = {}
            place, first = units.places(columns)
            for one in np.unique(place[there]).tolist():
                inside = place == one
                for n, column in own.items():
                    sums[f"{name}.{in_cell(n, len(cells))}"] = np.where(inside, column, 0)
                cells.append(str(units.label(columns, int(first[one]))))
        estimator, kind = _measured(side.sums, cells)
        return cls(name=name, sums=sums, there=there, estimator=estimator, kind=kind)


def _measured(sums: Estimates, cells: Sequence[str]) -> tuple[Estimator, Kind]:
    if isinstance(sums, SharedContrast):
        compared = replace(sums.compared, measure=over_cells(sums.compared.measure, cells))
        return compared.estimator, compared.as_measure().kind
    measure = over_cells(sums.measure, cells)
    return measure.estimator, measure.kind


def _alike(before: _OneSide, after: _OneSide) -> bool:
    """Tell whether both sides have the same sums in every unit, whatever these are called."""
    one, two = list(before.sums.values()), list(after.sums.values())
    return len(one) == len(two) and all(map(np.array_equal, one, two))


def _difference(before: Estimator, after: Estimator) -> Estimator:
    def estimator(sums: Sums) -> FloatArray:
        return np.asarray(after(sums.arm("after")) - before(sums.arm("before")))

    return estimator


def _between(before: Kind, after: Kind) -> Difference:
    return Difference(after.low - before.high, after.high - before.low)


def _side_by_side(before: Side, after: Side) -> Units:
    """Return the units of both sides, the sums of each under its own name; 0 where it has none."""
    parts = [side.sums.counted for side in (before, after)]
    shared = [name for name in parts[0].keys if name in parts[1].keys]
    keys: dict[str, IntArray] = {}
    labels: dict[str, tuple[object, ...]] = {}
    for name in shared:
        labels[name] = tuple(
            sorted({*parts[0].labels[name], *parts[1].labels[name]}, key=order_key)
        )
        place = {label: n for n, label in enumerate(labels[name])}
        codes = [
            np.array([place[label] for label in part.labels[name]], np.int64)[part.keys[name]]
            for part in parts
        ]
        keys[name] = np.concatenate(codes)
    sums: dict[str, IntArray] = {}
    sizes = [len(part) for part in parts]
    for number, (part, side) in enumerate(zip(parts, _SIDES, strict=True)):
        around = (0, sizes[1]) if number == 0 else (sizes[0], 0)
        for name, column in part.sums.items():
            sums[f"{side}.{name}"] = np.pad(column, around)
    return Units(keys=keys, labels=labels, sums=sums).summed(shared)
