"""Crossed counts: sums of every item under every run, collapsed to distinct item patterns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts.patterns import Counts, FloatArray, IntArray, Sums, collapse, whole_product


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossedCounts:
    """Sums per cell of a two-way layout, such as items and fine-tuning runs.

    Parameters
    ----------
    names : tuple of str
        Names of the sums.
    numerators : int64 array of shape (patterns, runs, sums)
        What one item of a pattern contributes under each run, in units of ``1 / scale``; all 0
        where the item was not asked in that run.
    scale : int64 array of shape (sums,)
        Denominators.
    multiplicity : int64 array of shape (patterns,)
        Items that show each pattern; at least 1.
    levels : (str, str)
        What is crossed, for notes: ``("item", "run")``.
    """

    names: tuple[str, ...]
    numerators: IntArray
    scale: IntArray
    multiplicity: IntArray
    levels: tuple[str, str] = ("item", "run")

    def __post_init__(self) -> None:
        for array in (self.numerators, self.scale, self.multiplicity):
            array.setflags(write=False)

    @property
    def n_items(self) -> int:
        """Number of items: units of the first level."""
        return int(self.multiplicity.sum())

    @property
    def n_runs(self) -> int:
        """Number of runs: units of the second level."""
        return int(self.numerators.shape[1])

    @property
    def n_clusters(self) -> int:
        """Units of the level that has fewer, which limits what can be known."""
        return min(self.n_items, self.n_runs)

    @property
    def n_patterns(self) -> int:
        """Number of distinct item patterns."""
        return len(self.multiplicity)

    @property
    def item_counts(self) -> Counts:
        """The sums per item over all runs, as counts of one level."""
        return self._margin(self.numerators.sum(axis=1), self.multiplicity)

    @property
    def run_counts(self) -> Counts:
        """The sums per run over all items, as counts of one level."""
        sums = (self.numerators * self.multiplicity[:, None, None]).sum(axis=0)
        return self._margin(sums, np.ones(self.n_runs, np.int64))

    @property
    def cell_counts(self) -> Counts:
        """The sums per item and run, as counts of one level; empty cells are left out."""
        sums = self.numerators.reshape(-1, len(self.names))
        return self._margin(sums, np.repeat(self.multiplicity, self.n_runs))

    def _margin(self, sums: IntArray, multiplicity: IntArray) -> Counts:
        there = (sums != 0).any(axis=1)
        return collapse(
            {name: sums[there, j] for j, name in enumerate(self.names)},
            multiplicity=multiplicity[there],
            unit=dict(zip(self.names, self.scale.tolist(), strict=True)),
        )

    def weighted(self, items: FloatArray, runs: FloatArray) -> Sums:
        """Return the sums under product weights.

        Parameters
        ----------
        items : array of shape ``(..., patterns)``
            Items drawn of each pattern.
        runs : array of shape ``(..., runs)``
            How often each run was drawn.
        """
        cells = self.n_runs * len(self.names)  # said, since there may be no pattern
        wide = whole_product(items, self.numerators.reshape(self.n_patterns, cells))
        per_run = wide.reshape(*wide.shape[:-1], self.n_runs, len(self.names))
        return Sums(
            self.names,
            np.asarray((per_run * runs[..., None]).sum(axis=-2)),
            self.scale.astype(np.float64),
        )

    @property
    def totals(self) -> Sums:
        """The observed sums, no leading axis."""
        return self.weighted(self.multiplicity.astype(np.float64), np.ones(self.n_runs))

    def restricted(self, names: Sequence[str]) -> CrossedCounts:
        """Return the counts of some sums, without items and runs that contribute nothing."""
        chosen = [self.names.index(name) for name in names]
        return crossed_patterns(
            {name: self.numerators[:, :, k] for name, k in zip(names, chosen, strict=True)},
            multiplicity=self.multiplicity,
            unit={name: int(self.scale[k]) for name, k in zip(names, chosen, strict=True)},
            levels=self.levels,
        )


def collapse_crossed(
    columns: Mapping[str, IntArray],
    *,
    item: IntArray,
    run: IntArray,
    unit: Mapping[str, int] | None = None,
    levels: tuple[str, str] = ("item", "run"),
) -> CrossedCounts:
    """Collapse sums per item and run, in an order that no order of rows or items changes.

    Parameters
    ----------
    columns : mapping of str to int64 array of shape (rows,)
        Sums of each row, in units of ``1 / unit[name]``; rows of one cell are added.
    item, run : int64 arrays of shape (rows,)
        Cell of each row; any integers. Runs keep the order of their numbers, so number them in
        the sorted order of their names.
    unit : mapping of str to int, optional
        Denominator of each column; 1 by default.
    levels : (str, str)
        What is crossed, for notes.

    Returns
    -------
    CrossedCounts
        Patterns sorted by their sums; items and runs that contribute nothing are left out.

    Examples
    --------
    >>> import numpy as np
    >>> item, run = np.array([1, 1, 2, 2]), np.array([0, 1, 0, 1])
    >>> sums = {"match": np.array([1, 0, 1, 0]), "trials": np.ones(4, np.int64)}
    >>> counts = collapse_crossed(sums, item=item, run=run)
    >>> counts.numerators.tolist(), counts.multiplicity.tolist()
    ([[[1, 1], [0, 1]]], [2])
    """
    _, items = np.unique(item, return_inverse=True)
    _, runs = np.unique(run, return_inverse=True)
    items, runs = items.reshape(-1).astype(np.int64), runs.reshape(-1).astype(np.int64)
    shape = (int(items.max(initial=-1)) + 1, int(runs.max(initial=-1)) + 1)
    cells = {}
    for name, column in columns.items():
        cells[name] = np.zeros(shape, np.int64)
        np.add.at(cells[name], (items, runs), column)
    return crossed_patterns(cells, unit=unit, levels=levels)


def crossed_patterns(
    columns: Mapping[str, IntArray],
    *,
    multiplicity: IntArray | None = None,
    unit: Mapping[str, int] | None = None,
    levels: tuple[str, str] = ("item", "run"),
) -> CrossedCounts:
    """Collapse sums that stand per item and run to distinct item patterns.

    Parameters
    ----------
    columns : mapping of str to int64 array of shape (items, runs)
        Sums of each item (or pattern of them) under each run, in units of ``1 / unit[name]``.
    multiplicity : int64 array of shape (items,), optional
        Items behind each row; 1 by default.
    unit, levels
        As for `collapse_crossed`.
    """
    names = tuple(columns)
    layout = np.stack([columns[name] for name in names], axis=-1).astype(np.int64)
    weight = np.ones(len(layout), np.int64) if multiplicity is None else multiplicity
    there = (layout != 0).any(axis=(1, 2))
    layout, weight = layout[there], weight[there]
    layout = layout[:, (layout != 0).any(axis=(0, 2))]
    scale = np.ones(len(names), np.int64)
    for j, name in enumerate(names):
        denominator = (unit or {}).get(name, 1)
        divisor = int(np.gcd.reduce(np.append(layout[:, :, j], denominator)))
        layout[:, :, j] //= divisor
        scale[j] = denominator // divisor
    wide = layout.reshape(len(layout), layout.shape[1] * layout.shape[2])
    patterns, place = np.unique(wide, axis=0, return_inverse=True)
    total = np.zeros(len(patterns), np.int64)
    np.add.at(total, place.reshape(-1), weight)
    return CrossedCounts(
        names=names,
        numerators=np.ascontiguousarray(patterns.reshape(len(patterns), *layout.shape[1:])),
        scale=scale,
        multiplicity=total,
        levels=levels,
    )
