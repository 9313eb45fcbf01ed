"""Units: sums of the smallest parts that anyone will leave out or put together, in memory.

One reduction gives them; every layout of clusters, strata, runs and cells is then made of them
without asking the engine again, with the same counts as `foresay.counts.reduction.reduce`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foresay.counts.groups import Group, Label, Parts, group_of
from foresay.counts.layout import Layout
from foresay.counts.ordering import order_key, plain
from foresay.counts.patterns import Counts, IntArray
from foresay.counts.reduction import unit_of

_PREFIX = "_sum_"
_LARGEST = 2**62

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Sums of units that columns tell apart.

    Parameters
    ----------
    keys : mapping of str to int64 array of shape (units,)
        For each column, the place of each unit's value in `labels`.
    labels : mapping of str to tuple
        The values of each column, sorted, a missing one (None) last.
    sums : mapping of str to int64 array of shape (units,)
        What each unit contributes; shares in units of ``1 / UNIT``.
    """

    keys: Mapping[str, IntArray]
    labels: Mapping[str, tuple[object, ...]]
    sums: Mapping[str, IntArray]

    def __len__(self) -> int:
        return len(next(iter(self.sums.values()), ()))

    def places(self, columns: Sequence[str]) -> tuple[IntArray, IntArray]:
        """Return the place of each unit among the combinations of `columns`, and one unit of each.

        Combinations are numbered in the sorted order of their values.
        """
        code, span = np.zeros(len(self), np.int64), 1
        for column in dict.fromkeys(columns):
            width = max(len(self.labels[column]), 1)
            if span * width > _LARGEST:
                distinct, code = np.unique(code, return_inverse=True)
                code, span = code.astype(np.int64), len(distinct)
            code, span = code * width + self.keys[column], span * width
        _, first, place = np.unique(code, return_index=True, return_inverse=True)
        return place.reshape(-1).astype(np.int64), first.astype(np.int64)

    def label(self, columns: Sequence[str], unit: int) -> Label:
        """Return the values of `columns` of one unit."""
        return tuple(self.labels[c][self.keys[c][unit]] for c in columns)

    def only(self, kept: Mask | IntArray) -> Units:
        """Return some of the units."""
        return replace(
            self,
            keys={name: code[kept] for name, code in self.keys.items()},
            sums={name: column[kept] for name, column in self.sums.items()},
        )

    def has(self, column: str, value: object) -> Mask:
        """Return which units have a value in a column."""
        known = self.labels[column]
        if value not in known:
            return np.zeros(len(self), bool)
        return np.asarray(self.keys[column] == known.index(value))

    def summed(self, columns: Sequence[str]) -> Units:
        """Return the sums of each combination of `columns` that is there, sorted."""
        place, first = self.places(columns)
        added = {}
        for name, column in self.sums.items():
            added[name] = np.zeros(len(first), np.int64)
            np.add.at(added[name], place, column)
        kept = {name: self.keys[name][first] for name in dict.fromkeys(columns)}
        return replace(self, keys=kept, sums=added)

    def by_group(self, by: Sequence[str]) -> Iterator[tuple[tuple[tuple[str, object], ...], Units]]:
        """Yield the values of `by` and the units of each group, sorted, missing values last."""
        place, first = self.places(by)
        for number, one in enumerate(first.tolist()):
            values = tuple(zip(by, self.label(by, one), strict=True))
            yield values, self.only(np.flatnonzero(place == number)) if by else self

    def groups(self, by: Sequence[str], layout: Layout) -> Iterator[Group]:
        """Yield the counts of each group under a layout, as `foresay.counts.reduction.reduce` does.

        Parameters
        ----------
        by : sequence of str
            Grouping columns.
        layout : Layout
            Columns of the units that tell clusters, strata, runs and cells apart.
        """
        parts = self.summed([*by, *layout.columns])
        clusters = [*by, *layout.strata, *layout.outer, *layout.clusters]
        split = bool(layout.runs or layout.cells)
        pattern, first = parts.places(clusters) if split else (_numbers(parts), _numbers(parts))
        stratum, _ = parts.places(layout.strata)
        outer, _ = parts.places(layout.outer)
        made = Parts(
            sums=parts.sums,
            pattern=pattern,
            run=parts.places(layout.runs)[0],
            cell=parts.places(layout.cells)[0],
            run_labels=parts.combinations(layout.runs),
            cell_labels=parts.combinations(layout.cells),
            patterns=len(first),
        )
        group, start = parts.only(first).places(by)
        for number, one in enumerate(start.tolist()):
            rows = np.flatnonzero(group == number)
            yield group_of(
                tuple(zip(by, parts.label(by, int(first[one])), strict=True)),
                made.of(rows),
                multiplicity=np.ones(len(rows), np.int64),
                stratum=stratum[first[rows]],
                outer=outer[first[rows]],
                layout=layout,
                unit={name: unit_of(name) for name in self.sums},
            )

    def combinations(self, columns: Sequence[str]) -> tuple[Label, ...]:
        """Return the combinations of `columns` that are there, sorted; one where none is named."""
        _, first = self.places(columns)
        return tuple(self.label(columns, one) for one in first.tolist()) or ((),)

    def clusters(self, columns: Sequence[str], cells: Sequence[str] = ()) -> Clusters:
        """Return each cluster by itself, not collapsed to patterns.

        Parameters
        ----------
        columns : sequence of str
            What tells clusters apart.
        cells : sequence of str
            Columns whose combinations have sums of their own, as in a `Layout`.
        """
        parts = self.summed([*columns, *cells])
        place, first = parts.places(columns)
        made = Parts(
            sums=parts.sums,
            pattern=place,
            run=np.zeros(len(parts), np.int64),
            cell=parts.places(cells)[0],
            run_labels=((),),
            cell_labels=parts.combinations(cells),
            patterns=len(first),
        )
        made = made.without_empty_cells() if cells else made
        split = bool(cells and made.cell_labels)
        wide = made.wide(cells=split)
        return Clusters(
            labels=tuple(parts.label(columns, one) for one in first.tolist()),
            counts=Counts(
                names=tuple(wide),
                numerators=np.column_stack([array[:, 0] for array in wide.values()]),
                scale=np.array([unit_of(name) for name in wide], np.int64),
                multiplicity=np.ones(len(first), np.int64),
                stratum=np.zeros(len(first), np.int64),
            ),
            cells=made.cell_labels if split else (),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Clusters with their names: `counts` has one pattern for each of `labels`, in their order."""

    labels: tuple[Label, ...]
    counts: Counts
    cells: tuple[Label, ...] = ()


def _numbers(units: Units) -> IntArray:
    return np.arange(len(units), dtype=np.int64)


def read_units(table: Any, contributed: Mapping[str, Any], keys: Sequence[str]) -> Units:
    """Reduce a relation once, to the sums of its units.

    Parameters
    ----------
    table : ibis.Table
        One row a trial.
    contributed : mapping of str to ibis expression
        Integer contribution of each row to each sum; a name may carry an arm (``of.match``).
    keys : sequence of str
        Columns that tell units apart: all that somebody will cluster by, group by or leave out.

    Returns
    -------
    Units
        Sorted by the values of `keys`.
    """
    keys = list(dict.fromkeys(keys))
    prefixed = {f"{_PREFIX}{i}": value for i, value in enumerate(contributed.values())}
    found = (
        table.select(*[table[name] for name in keys], **prefixed)
        .group_by(keys)
        .aggregate(**{name: (lambda t, n=name: t[n].sum().cast("int64")) for name in prefixed})
        .to_pyarrow()
    )
    codes: dict[str, IntArray] = {}
    labels: dict[str, tuple[object, ...]] = {}
    for name in keys:
        codes[name], labels[name] = _coded(found.column(name))
    sums = {
        name: found.column(f"{_PREFIX}{i}").to_numpy().astype(np.int64)
        for i, name in enumerate(contributed)
    }
    return Units(keys=codes, labels=labels, sums=sums).summed(keys)


def _coded(column: Any) -> tuple[IntArray, tuple[object, ...]]:
    """Return the place of each value among the distinct ones, and these, sorted."""
    coded = column.combine_chunks().dictionary_encode()
    values = [plain(value) for value in coded.dictionary.to_pylist()]
    codes = coded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False).astype(np.int64)
    there = {*values, None} if coded.null_count else set(values)
    labels = tuple(sorted(there, key=order_key))
    place = {value: n for n, value in enumerate(labels)}
    return np.array([*(place[v] for v in values), place.get(None, 0)], np.int64)[codes], labels
