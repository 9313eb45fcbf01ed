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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foresay.comparisons.curves import combination, reach
from foresay.comparisons.left_out import Estimates
from foresay.comparisons.shared import SharedContrast
from foresay.comparisons.shared_trends import SharedTrend, TrendRow
from foresay.counts import Estimator, FloatArray, Group, IntArray, Sums
from foresay.counts.groups import in_cell
from foresay.counts.ordering import order_key
from foresay.counts.units import Mask, Units
from foresay.estimation.shared import Values
from foresay.estimation.table import key_of
from foresay.measures.kinds import Difference, Kind
from foresay.measures.macro import over_cells
from foresay.resampling import estimate, stream
from foresay.revisions.keys import text_key
from foresay.study import Choices, Trend

SAME = "the same by definition: no trial counts otherwise"
"""The note of a difference that nothing can make other than 0."""

_SIDES = ("before", "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One number, before or after, as sums.

    Parameters
    ----------
    sums : SharedContrast, SharedEstimates or SharedTrend
        Reduced with the columns of the clusters of both sides as keys.
    choices : Choices
        Those of this side.
    """

    sums: Estimates | SharedTrend
    choices: Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """After minus before in one group, and its interval; `nan` with the reason in `note`.

    `part` names the row where a group has several: its columns `PARTS` as text.
    """

    values: Values
    part: tuple[str, ...] = ()
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
        mine = [_OneSide.of(side, values, units, name) for side, name in _named(before, after)]
        if any(not any(column.any() for column in one.sums.values()) for one in mine):
            continue
        place, _ = units.places(clusters)
        wide = replace(units, sums={**mine[0].sums, **mine[1].sums})
        (group,) = wide.groups((), layout)
        for part in [one for one in mine[0].numbers if one in mine[1].numbers]:
            made = _difference(mine, part, group, place, clusters, before, after)
            yield replace(made, values=values, part=part)


def _difference(
    sides: Sequence[_OneSide],
    part: tuple[str, ...],
    group: Group,
    place: IntArray,
    clusters: Sequence[str],
    before: Side,
    after: Side,
) -> PairedDifference:
    """Return the difference of one number in one group."""
    first, second = (one.numbers[part] for one in sides)
    if not first.names or not second.names:
        return PairedDifference(values=())
    if all(one.alike(part, sides[0]) for one in sides):
        return PairedDifference(
            values=(), value=0.0, low=0.0, high=0.0, standard_error=0.0, note=SAME
        )
    one, two = (place[side.there(part)] for side in sides)
    if not len(np.intersect1d(one, two)):
        what = " and ".join(c for c in clusters if c != "task" or len(clusters) == 1)
        note = f"not paired: before and after share no {what}"
        return PairedDifference(values=(), note=note)
    c = after.choices
    wheres = [side.sums.context.where for side in (before, after)]
    made = estimate(
        group.restricted([*first.names, *second.names]),
        _minus(first.estimator, second.estimator),
        kind=Difference(second.kind.low - first.kind.high, second.kind.high - first.kind.low),
        interval=c.interval,
        level=c.level,
        resamples=c.resamples,
        rng=stream(c.seed, "reanalysis", after.sums.name, key_of(sides[0].values), *wheres, *part),
    )
    return PairedDifference(
        values=(),
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
class _Number:
    """One number of a side: its estimator, and the sums and weights that it is made of."""

    estimator: Estimator
    kind: Kind
    names: tuple[str, ...]
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneSide:
    """What one side is in one group: one column for each of its sums and cells, its numbers."""

    name: str
    values: Values
    sums: dict[str, IntArray]
    numbers: Mapping[tuple[str, ...], _Number]

    @classmethod
    def of(cls, side: Side, values: Values, units: Units, name: str) -> _OneSide:
        own = {
            n.removeprefix(f"{name}."): s for n, s in units.sums.items() if n.startswith(f"{name}.")
        }
        columns = side.sums.layout(side.choices).cells
        cells: list[str] = []
        sums = {f"{name}.{n}": column for n, column in own.items()}
        if columns:
            sums = {}
            there = np.logical_or.reduce([column != 0 for column in own.values()])
            place, first = units.places(columns)
            for one in np.unique(place[there]).tolist():
                inside = place == one
                for n, column in own.items():
                    sums[f"{name}.{in_cell(n, len(cells))}"] = np.where(inside, column, 0)
                cells.append(str(units.label(columns, int(first[one]))))
        numbers = {
            part: replace(one, names=tuple(f"{name}.{n}" for n in one.names))
            for part, one in _measured(side.sums, values, cells).items()
        }
        return cls(name=name, values=values, sums=sums, numbers=numbers)

    def there(self, part: tuple[str, ...]) -> Mask:
        """Mark the units that a number counts."""
        columns = [self.sums[name] != 0 for name in self.numbers[part].names]
        return np.asarray(np.logical_or.reduce(columns))

    def alike(self, part: tuple[str, ...], other: _OneSide) -> bool:
        """Tell whether a number has the same sums in every unit, whatever these are called."""
        if self.numbers[part].weights != other.numbers[part].weights:
            return False
        one, two = ([side.sums[n] for n in side.numbers[part].names] for side in (self, other))
        return len(one) == len(two) and all(map(np.array_equal, one, two))


def _measured(
    sums: Estimates | SharedTrend, values: Values, cells: Sequence[str]
) -> dict[tuple[str, ...], _Number]:
    """Return the numbers of a group by the text of their part; one alone has none."""
    if isinstance(sums, SharedTrend):
        measure = over_cells(sums.measure, cells)
        parts = sums.parts.get(tuple(value for _, value in values), {})
        return {
            trend_part(sums.spec, row): _Number(
                estimator=combination(measure, arms),
                kind=reach(measure, arms),
                names=tuple(f"{arm}.{s}" for arm, _ in arms for s in measure.sums),
                weights=tuple(weight for _, weight in arms),
            )
            for row, arms in parts.items()
        }
    if isinstance(sums, SharedContrast):
        compared = replace(sums.compared, measure=over_cells(sums.compared.measure, cells))
        named = _Number(
            estimator=compared.estimator, kind=compared.as_measure().kind, names=compared.sums
        )
    else:
        measure = over_cells(sums.measure, cells)
        named = _Number(estimator=measure.estimator, kind=measure.kind, names=tuple(measure.sums))
    return {(): named}


def trend_part(spec: Trend, row: TrendRow) -> tuple[str, ...]:
    """Return the columns `PARTS` of a row of a trend as text, as its long table has them."""
    series, quantity, x_from, x = row
    step = "doubling" if spec.scale == "log2" else "unit"
    against = step if quantity == "slope" else ""
    return text_key([quantity, series, spec.over, against, x_from, x])


def _minus(before: Estimator, after: Estimator) -> Estimator:
    def estimator(sums: Sums) -> FloatArray:
        return np.asarray(after(sums.arm("after")) - before(sums.arm("before")))

    return estimator


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
