"""Nested counts: sums of inner clusters within outer ones, collapsed at both levels.

Outer clusters (such as tasks) that hold the same inner patterns equally often are one *kind* with
a multiplicity, as inner clusters (such as items) with the same sums are one pattern.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts.patterns import Counts, FloatArray, IntArray, Sums, collapse, whole_product


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedCounts:
    """Sums per inner cluster within kinds of outer clusters, in a canonical order.

    Parameters
    ----------
    names : tuple of str
        Names of the sums.
    numerators : int64 array of shape (patterns, sums)
        What one inner cluster of a pattern contributes, in units of ``1 / scale``.
    scale : int64 array of shape (sums,)
        Denominators.
    multiplicity : int64 array of shape (patterns,)
        Inner clusters that show each pattern within one outer cluster of its kind; at least 1.
    outer : int64 array of shape (patterns,)
        Kind of outer cluster of each pattern, ascending from 0.
    outer_multiplicity : int64 array of shape (kinds,)
        Outer clusters of each kind; at least 1.
    outer_stratum : int64 array of shape (kinds,)
        Stratum within which the outer clusters are drawn; 0 for all where there are none.
    levels : (str, str)
        What the outer and the inner clusters are, for notes: ``("task", "item")``.
    """

    names: tuple[str, ...]
    numerators: IntArray
    scale: IntArray
    multiplicity: IntArray
    outer: IntArray
    outer_multiplicity: IntArray
    outer_stratum: IntArray
    levels: tuple[str, str] = ("outer", "inner")

    def __post_init__(self) -> None:
        for array in (
            self.numerators,
            self.scale,
            self.multiplicity,
            self.outer,
            self.outer_multiplicity,
            self.outer_stratum,
        ):
            array.setflags(write=False)

    @property
    def n_clusters(self) -> int:
        """Number of outer clusters."""
        return int(self.outer_multiplicity.sum())

    @property
    def n_inner(self) -> int:
        """Number of inner clusters, over all outer ones."""
        return int((self.multiplicity * self.outer_multiplicity[self.outer]).sum())

    @property
    def n_patterns(self) -> int:
        """Number of distinct inner patterns, those of each kind of outer cluster apart."""
        return len(self.multiplicity)

    @property
    def inner_sizes(self) -> IntArray:
        """Inner clusters in one outer cluster of each kind, shape (kinds,)."""
        sizes = np.zeros(len(self.outer_multiplicity), np.int64)
        np.add.at(sizes, self.outer, self.multiplicity)
        return sizes

    @property
    def outer_counts(self) -> Counts:
        """The sums per outer cluster, as counts of one level."""
        sums = np.zeros((len(self.outer_multiplicity), len(self.names)), np.int64)
        np.add.at(sums, self.outer, self.numerators * self.multiplicity[:, None])
        return collapse(
            {name: sums[:, j] for j, name in enumerate(self.names)},
            multiplicity=self.outer_multiplicity,
            stratum=self.outer_stratum,
            unit=dict(zip(self.names, self.scale.tolist(), strict=True)),
        )

    def weighted(self, weights: FloatArray) -> Sums:
        """Return the sums under `weights`, shape ``(..., patterns)``: inner clusters of each."""
        return Sums(
            self.names,
            whole_product(weights, self.numerators),
            self.scale.astype(np.float64),
        )

    @property
    def totals(self) -> Sums:
        """The observed sums, no leading axis."""
        seen = self.multiplicity * self.outer_multiplicity[self.outer]
        return self.weighted(seen.astype(np.float64))

    def restricted(self, names: Sequence[str]) -> NestedCounts:
        """Return the counts of some sums, without clusters that contribute nothing to them."""
        chosen = [self.names.index(name) for name in names]
        numerators = self.numerators[:, chosen]
        there = (numerators != 0).any(axis=1)
        return collapse_nested(
            {name: numerators[there, j] for j, name in enumerate(names)},
            outer=self.outer[there],
            multiplicity=self.multiplicity[there],
            stratum=self.outer_stratum[self.outer[there]],
            copies=self.outer_multiplicity[self.outer[there]],
            unit={name: int(self.scale[k]) for name, k in zip(names, chosen, strict=True)},
            levels=self.levels,
        )


def collapse_nested(
    columns: Mapping[str, IntArray],
    *,
    outer: IntArray,
    multiplicity: IntArray | None = None,
    stratum: IntArray | None = None,
    copies: IntArray | None = None,
    unit: Mapping[str, int] | None = None,
    levels: tuple[str, str] = ("outer", "inner"),
) -> NestedCounts:
    """Collapse sums per inner cluster, in an order that no order or label of the input changes.

    Parameters
    ----------
    columns : mapping of str to int64 array of shape (rows,)
        Sums of each inner cluster (or pattern of them), in units of ``1 / unit[name]``.
    outer : int64 array of shape (rows,)
        Which outer cluster each row belongs to; any integers.
    multiplicity : int64 array of shape (rows,), optional
        Inner clusters behind each row; 1 by default.
    stratum : int64 array of shape (rows,), optional
        Stratum of each row's outer cluster; 0 by default.
    copies : int64 array of shape (rows,), optional
        Outer clusters that each row's outer cluster stands for; 1 by default.
    unit : mapping of str to int, optional
        Denominator of each column; 1 by default.
    levels : (str, str)
        What the outer and the inner clusters are, for notes.

    Returns
    -------
    NestedCounts
        Kinds sorted by stratum and content, patterns by their sums.

    Raises
    ------
    ValueError
        An outer cluster lies in two strata.

    Examples
    --------
    >>> import numpy as np
    >>> counts = collapse_nested({"match": np.array([1, 0, 0, 1])}, outer=np.array([7, 7, 9, 9]))
    >>> counts.n_clusters, counts.n_patterns, counts.outer_multiplicity.tolist()
    (2, 2, [2])
    """
    _, place = np.unique(outer, return_inverse=True)
    place = place.reshape(-1).astype(np.int64)
    n_outer = int(place.max(initial=-1)) + 1
    of_outer = np.zeros(n_outer, np.int64)
    if stratum is not None:
        of_outer[place] = stratum
        if (of_outer[place] != stratum).any():
            raise ValueError("an outer cluster lies in two strata; strata must hold whole clusters")
    stands_for = np.ones(n_outer, np.int64)
    if copies is not None:
        stands_for[place] = copies
    flat = collapse(columns, multiplicity=multiplicity, stratum=place, unit=unit)
    start = np.searchsorted(flat.stratum, np.arange(n_outer + 1))
    # big-endian, so that the order of bytes is the order of numbers on every machine
    content = np.column_stack([flat.numerators, flat.multiplicity]).astype(">i8")
    kinds: dict[tuple[int, bytes], list[int]] = {}
    for c in range(n_outer):
        key = (int(of_outer[c]), content[start[c] : start[c + 1]].tobytes())
        kinds.setdefault(key, []).append(c)
    chosen = [kinds[key] for key in sorted(kinds)]
    kept = [np.arange(start[members[0]], start[members[0] + 1]) for members in chosen]
    rows = np.concatenate([np.zeros(0, np.int64), *kept])
    return NestedCounts(
        names=flat.names,
        numerators=np.ascontiguousarray(flat.numerators[rows]),
        scale=flat.scale,
        multiplicity=flat.multiplicity[rows],
        outer=np.repeat(np.arange(len(kept), dtype=np.int64), [len(k) for k in kept]),
        outer_multiplicity=np.array([stands_for[m].sum() for m in chosen], np.int64),
        outer_stratum=np.array([of_outer[members[0]] for members in chosen], np.int64),
        levels=levels,
    )
