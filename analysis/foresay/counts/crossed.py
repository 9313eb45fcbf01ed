"""Crossed counts: sums of every item under every run, collapsed to distinct item patterns."""

from __future__ import annotations

from collections.abc import Mapping
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
        wide = whole_product(items, self.numerators.reshape(self.n_patterns, -1))
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
    n_items, n_runs = int(items.max(initial=-1)) + 1, int(runs.max(initial=-1)) + 1
    flat = collapse(columns, stratum=items * max(n_runs, 1) + runs, unit=unit)
    cells = np.zeros((n_items * n_runs, len(flat.names)), np.int64)
    np.add.at(cells, flat.stratum, flat.numerators * flat.multiplicity[:, None])
    layout: IntArray = cells.reshape(n_items, n_runs, len(flat.names))
    layout = layout[(layout != 0).any(axis=(1, 2))]
    layout = layout[:, (layout != 0).any(axis=(0, 2))]
    wide = layout.reshape(len(layout), layout.shape[1] * layout.shape[2])
    patterns, multiplicity = np.unique(wide, axis=0, return_counts=True)
    return CrossedCounts(
        names=flat.names,
        numerators=np.ascontiguousarray(patterns.reshape(len(patterns), *layout.shape[1:])),
        scale=flat.scale,
        multiplicity=multiplicity.astype(np.int64),
        levels=levels,
    )
