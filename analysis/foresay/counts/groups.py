"""Groups: the patterns of one group as counts of the design that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from foresay.counts.crossed import CrossedCounts, crossed_patterns
from foresay.counts.layout import Layout
from foresay.counts.nested import NestedCounts, collapse_nested
from foresay.counts.ordering import order_key
from foresay.counts.patterns import Counts, IntArray, collapse

AnyCounts: TypeAlias = Counts | NestedCounts | CrossedCounts
"""Sums of a design with one level of clusters, two levels, or two crossed ones."""

Label: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The counts of one group.

    Parameters
    ----------
    values : tuple of (str, object)
        Grouping columns and their values; a missing value is None.
    counts : Counts, NestedCounts or CrossedCounts
        Patterns of the sums that were asked for. Where there are cells, the sums of cell number j
        carry ``cell{j}``: ``cell0.match``, ``of.cell0.match``.
    cells : tuple of str
        Names of the cells that have trials in the group, sorted; empty where all trials are
        added up.
    """

    values: tuple[tuple[str, object], ...]
    counts: AnyCounts
    cells: tuple[str, ...] = ()

    def restricted(self, names: Sequence[str]) -> AnyCounts:
        """Return the counts of some sums, without clusters that contribute nothing to them."""
        return self.counts.restricted(names)

    def has(self, name: str) -> bool:
        """Return whether a sum was asked for."""
        return all(own in self.counts.names for own in self.names_of(name))

    def total(self, name: str) -> float:
        """Return the observed total of a sum, over all cells."""
        totals = self.counts.totals
        return float(sum(float(totals[own]) for own in self.names_of(name)))

    def names_of(self, name: str) -> tuple[str, ...]:
        """Return what a sum is called in each cell; itself where there are none."""
        return tuple(_everywhere(name, self.cells))


def in_cell(name: str, number: int) -> str:
    """Return what a sum is called in a cell; the arm that it may carry stays first.

    Examples
    --------
    >>> in_cell("match", 2), in_cell("of.match", 0)
    ('cell2.match', 'of.cell0.match')
    """
    arm, dot, own = name.rpartition(".")
    return f"{arm}{dot}cell{number}.{own}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What patterns are made of: one row for each pattern, run and cell that is there.

    Parameters
    ----------
    sums : mapping of str to int64 array of shape (parts,)
        Contribution of the part to each sum.
    pattern : int64 array of shape (parts,)
        Place of the pattern, ascending.
    run, cell : int64 arrays of shape (parts,)
        Number of the part's run and cell.
    run_labels, cell_labels : tuples
        Values of the columns that tell runs and cells apart, sorted.
    patterns : int
        Number of patterns.
    """

    sums: Mapping[str, IntArray]
    pattern: IntArray
    run: IntArray
    cell: IntArray
    run_labels: tuple[Label, ...]
    cell_labels: tuple[Label, ...]
    patterns: int

    @classmethod
    def whole(cls, sums: Mapping[str, IntArray]) -> Parts:
        """Return patterns of a single part each."""
        n = len(next(iter(sums.values()))) if sums else 0
        none = np.zeros(n, np.int64)
        return cls(
            sums=sums,
            pattern=np.arange(n, dtype=np.int64),
            run=none,
            cell=none,
            run_labels=((),),
            cell_labels=((),),
            patterns=n,
        )

    @classmethod
    def labelled(
        cls,
        sums: Mapping[str, IntArray],
        *,
        pattern: IntArray,
        runs: Sequence[Label],
        cells: Sequence[Label],
    ) -> Parts:
        """Return parts whose runs and cells are numbered in the sorted order of their labels."""
        run, run_labels = _numbered(runs)
        cell, cell_labels = _numbered(cells)
        return cls(
            sums=sums,
            pattern=pattern,
            run=run,
            cell=cell,
            run_labels=run_labels,
            cell_labels=cell_labels,
            patterns=int(pattern.max(initial=-1)) + 1,
        )

    def of(self, rows: IntArray) -> Parts:
        """Return the parts of some patterns, which are numbered anew in the order of `rows`."""
        place = np.full(self.patterns, -1, np.int64)
        place[rows] = np.arange(len(rows))
        kept = np.flatnonzero(place[self.pattern] >= 0)
        return Parts(
            sums={name: column[kept] for name, column in self.sums.items()},
            pattern=place[self.pattern[kept]],
            run=self.run[kept],
            cell=self.cell[kept],
            run_labels=self.run_labels,
            cell_labels=self.cell_labels,
            patterns=len(rows),
        )

    def without_empty_cells(self) -> Parts:
        """Return the parts with those cells alone to which some part contributes something."""
        there = np.zeros(len(self.cell_labels), bool)
        for column in self.sums.values():
            there[self.cell[column != 0]] = True
        number = np.cumsum(there) - 1
        kept = np.flatnonzero(there[self.cell])
        return Parts(
            sums={name: column[kept] for name, column in self.sums.items()},
            pattern=self.pattern[kept],
            run=self.run[kept],
            cell=number[self.cell[kept]].astype(np.int64),
            run_labels=self.run_labels,
            cell_labels=tuple(
                label for label, is_there in zip(self.cell_labels, there, strict=True) if is_there
            ),
            patterns=self.patterns,
        )

    def wide(self, *, cells: bool) -> dict[str, IntArray]:
        """Return each sum per pattern and run, shape (patterns, runs); per cell where asked."""
        shape = (self.patterns, len(self.run_labels))
        found: dict[str, IntArray] = {}
        for name, column in self.sums.items():
            for j in range(len(self.cell_labels) if cells else 1):
                kept = self.cell == j if cells else slice(None)
                whole = np.zeros(shape, np.int64)
                np.add.at(whole, (self.pattern[kept], self.run[kept]), column[kept])
                found[in_cell(name, j) if cells else name] = whole
        return found


def group_of(
    values: tuple[tuple[str, object], ...],
    parts: Parts,
    *,
    multiplicity: IntArray,
    stratum: IntArray,
    outer: IntArray,
    layout: Layout,
    unit: Mapping[str, int],
) -> Group:
    """Return the counts of one group.

    Parameters
    ----------
    values : tuple of (str, object)
        What the group is.
    parts : Parts
        Of its patterns.
    multiplicity, stratum, outer : int64 arrays of shape (patterns,)
        Clusters that show each pattern, and the numbers of their stratum and outer cluster.
    layout : Layout
        Which design.
    unit : mapping of str to int
        Denominators of the sums.
    """
    cells: tuple[str, ...] = ()
    if layout.cells:
        filled = parts.without_empty_cells()
        cells = tuple(_named(label) for label in filled.cell_labels)
        parts = filled if cells else parts
    wide = parts.wide(cells=bool(cells))
    units = {own: unit[name] for name in unit for own in _everywhere(name, cells)}
    if layout.runs:
        counts: AnyCounts = crossed_patterns(
            wide, multiplicity=multiplicity, unit=units, levels=layout.levels
        )
    else:
        flat = {name: np.ascontiguousarray(array[:, 0]) for name, array in wide.items()}
        if layout.outer:
            counts = collapse_nested(
                flat,
                outer=outer,
                multiplicity=multiplicity,
                stratum=stratum,
                unit=units,
                levels=layout.levels,
            )
        else:
            counts = collapse(flat, multiplicity=multiplicity, stratum=stratum, unit=units)
    return Group(values=values, counts=counts, cells=cells)


def _everywhere(name: str, cells: tuple[str, ...]) -> list[str]:
    return [in_cell(name, j) for j in range(len(cells))] if cells else [name]


def _named(label: Label) -> str:
    return " / ".join("(none)" if part is None else str(part) for part in label)


def _numbered(labels: Sequence[Label]) -> tuple[IntArray, tuple[Label, ...]]:
    distinct = sorted(set(labels), key=lambda label: tuple(order_key(part) for part in label))
    number = {label: j for j, label in enumerate(distinct)}
    return np.array([number[label] for label in labels], np.int64), tuple(distinct)
