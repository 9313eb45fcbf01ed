"""Counts: the sums of a study per cluster, collapsed to distinct patterns.

A table of trials is reduced once to integer sums per cluster; clusters with the same sums are one
*pattern* with a multiplicity. Every estimator is a pure function of weighted sums of patterns, so
the same function gives the estimate and, from resampled multiplicities, every replicate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sums:
    """Named sums with any leading axes.

    Parameters
    ----------
    names : tuple of str
        Names of the sums, in the order of the last axis.
    numerators : array of shape (..., len(names))
        Sums in units of ``1 / scale``.
    scale : array of shape (len(names),)
        Denominators, at least 1.
    """

    names: tuple[str, ...]
    numerators: FloatArray
    scale: FloatArray

    def __getitem__(self, name: str) -> FloatArray:
        """Return the sum called `name`, shape ``(...)``."""
        column = self.names.index(name)
        return np.asarray(self.numerators[..., column] / self.scale[column])

    def arm(self, prefix: str) -> Sums:
        """Return the sums whose names start with ``prefix.``, without that prefix."""
        start = f"{prefix}."
        columns = [i for i, name in enumerate(self.names) if name.startswith(start)]
        return Sums(
            tuple(self.names[i].removeprefix(start) for i in columns),
            self.numerators[..., columns],
            self.scale[columns],
        )


Estimator = Callable[[Sums], FloatArray]
"""A pure function from sums with leading axes ``(...)`` to estimates of shape ``(...)``.

It divides without warnings and gives ``nan`` where it is undefined.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Sums per cluster, collapsed to distinct patterns, in a canonical order.

    Parameters
    ----------
    names : tuple of str
        Names of the sums.
    numerators : int64 array of shape (patterns, sums)
        What one cluster of a pattern contributes, in units of ``1 / scale``.
    scale : int64 array of shape (sums,)
        Denominators: the smallest that keep every numerator an integer.
    multiplicity : int64 array of shape (patterns,)
        How many clusters show each pattern; all at least 1.
    stratum : int64 array of shape (patterns,)
        Index of the stratum of each pattern, 0 for all where there are none.
    """

    names: tuple[str, ...]
    numerators: IntArray
    scale: IntArray
    multiplicity: IntArray
    stratum: IntArray

    def __post_init__(self) -> None:
        for array in (self.numerators, self.scale, self.multiplicity, self.stratum):
            array.setflags(write=False)

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return int(self.multiplicity.sum())

    @property
    def n_patterns(self) -> int:
        """Number of distinct patterns."""
        return len(self.multiplicity)

    def weighted(self, weights: FloatArray) -> Sums:
        """Return the sums under `weights`, shape ``(..., patterns)``: clusters of each pattern."""
        return Sums(
            self.names,
            whole_product(weights, self.numerators),
            self.scale.astype(np.float64),
        )

    @property
    def totals(self) -> Sums:
        """The observed sums, no leading axis."""
        return self.weighted(self.multiplicity.astype(np.float64))

    def restricted(self, names: Sequence[str]) -> Counts:
        """Return the counts of some sums, without clusters that contribute nothing to them."""
        chosen = [self.names.index(name) for name in names]
        numerators = self.numerators[:, chosen]
        there = (numerators != 0).any(axis=1)
        return collapse(
            {name: numerators[there, j] for j, name in enumerate(names)},
            multiplicity=self.multiplicity[there],
            stratum=self.stratum[there],
            unit={name: int(self.scale[k]) for name, k in zip(names, chosen, strict=True)},
        )


def collapse(
    columns: Mapping[str, IntArray],
    *,
    multiplicity: IntArray | None = None,
    stratum: IntArray | None = None,
    unit: Mapping[str, int] | None = None,
) -> Counts:
    """Collapse sums per cluster to distinct patterns, in an order that no input order changes.

    Parameters
    ----------
    columns : mapping of str to int64 array of shape (rows,)
        Sums of each cluster (or pattern), in units of ``1 / unit[name]``.
    multiplicity : int64 array of shape (rows,), optional
        Clusters behind each row; 1 by default.
    stratum : int64 array of shape (rows,), optional
        Stratum index of each row; 0 by default.
    unit : mapping of str to int, optional
        Denominator of each column; 1 by default. Reduced to lowest terms.

    Returns
    -------
    Counts
        Patterns sorted by stratum and sums.
    """
    names = tuple(columns)
    rows = len(next(iter(columns.values()))) if names else 0
    label = np.zeros(rows, np.int64) if stratum is None else stratum.astype(np.int64, copy=False)
    keys = [label, *(columns[name].astype(np.int64, copy=False) for name in names)]
    patterns, total = _distinct(keys, multiplicity)
    scale = np.ones(len(names), np.int64)
    for j, name in enumerate(names, start=1):
        denominator = (unit or {}).get(name, 1)
        divisor = int(np.gcd.reduce(np.append(patterns[:, j], denominator)))
        patterns[:, j] //= divisor
        scale[j - 1] = denominator // divisor
    return Counts(
        names=names,
        numerators=np.ascontiguousarray(patterns[:, 1:]),
        scale=scale,
        multiplicity=total,
        stratum=np.ascontiguousarray(patterns[:, 0]),
    )


def _distinct(keys: Sequence[IntArray], weight: IntArray | None) -> tuple[IntArray, IntArray]:
    """Return the distinct rows of some columns, sorted, and the total weight of each.

    Where the values of all columns span few combinations, as sums per cluster do, they are
    counted in one table: a hundred times as fast as sorting a million rows.
    """
    rows = len(keys[0])
    if not rows:
        return np.zeros((0, len(keys)), np.int64), np.zeros(0, np.int64)
    lows = [int(key.min()) for key in keys]
    spans = [int(key.max()) - low + 1 for key, low in zip(keys, lows, strict=True)]
    if math.prod(spans) > 4 * rows + 1024:
        return _distinct_sorted(keys, weight)
    code = np.zeros(rows, np.int64)
    for key, low, span in zip(keys, lows, spans, strict=True):
        if span > 1:
            code *= span
            code += key
            code -= low
    there = np.bincount(code, minlength=math.prod(spans))
    total = there
    if weight is not None:
        total = np.zeros(len(there), np.int64)
        np.add.at(total, code, weight)
    found = np.flatnonzero(there)
    digits = np.unravel_index(found, spans)
    patterns = np.column_stack([part + low for part, low in zip(digits, lows, strict=True)])
    return patterns.astype(np.int64), total[found].astype(np.int64)


def _distinct_sorted(
    keys: Sequence[IntArray], weight: IntArray | None
) -> tuple[IntArray, IntArray]:
    order = np.lexsort(keys[::-1])
    table = np.column_stack([key[order] for key in keys])
    first = np.flatnonzero(np.append([True], (table[1:] != table[:-1]).any(axis=1)))
    each = np.ones(len(order), np.int64) if weight is None else weight.astype(np.int64)[order]
    return table[first], np.add.reduceat(each, first)


@dataclass(frozen=True, slots=True)
class WholeMatrix:
    """Integers that whole, non-negative weights multiply, giving the same bytes in any order.

    Parameters
    ----------
    whole : float64 array of shape (columns, rows)
        The integers, transposed, rounded where they are above 2**53.
    digits : tuple of three such arrays
        The same integers in base 2**21, the highest digit first.
    largest : float
        The largest of their absolute values.
    """

    whole: FloatArray
    digits: tuple[FloatArray, FloatArray, FloatArray]
    largest: float

    @staticmethod
    def of(numerators: IntArray) -> WholeMatrix:
        """Prepare int64 `numerators` of shape (rows, columns)."""
        numerators = np.ascontiguousarray(numerators.T)
        whole = numerators.astype(np.float64)
        largest = float(np.abs(whole).max(initial=0.0))
        if largest < 2**21:
            # the weights, below 2**32 in all, cannot take the product beyond 2**53
            return WholeMatrix(whole, (whole, whole, whole), largest)
        parts = (numerators >> 42, (numerators >> 21) & (2**21 - 1), numerators & (2**21 - 1))
        high, middle, low = (part.astype(np.float64) for part in parts)
        return WholeMatrix(whole, (high, middle, low), largest)

    def product(self, weights: FloatArray, drawn: float | None = None) -> FloatArray:
        """Return ``weights @ integers``.

        Parameters
        ----------
        weights : array of shape ``(..., rows)``
            Whole numbers whose sum over the last axis is below 2**32.
        drawn : float, optional
            The largest of these sums, where it is known.

        Returns
        -------
        array of shape ``(..., columns)``
            Exact below 2**53, otherwise rounded once or twice at fixed places: a linear-algebra
            library with more threads adds in another order, which only exact sums survive.
        """
        if drawn is None:
            drawn = float(weights.sum(axis=-1).max(initial=0.0))
        if drawn * self.largest < 2**53:
            return _product(weights, self.whole)
        high, middle, low = (_product(weights, digit) for digit in self.digits)
        return np.asarray((high * 2.0**21 + middle) * 2.0**21 + low)


def _product(weights: FloatArray, matrix: FloatArray) -> FloatArray:
    """Multiply by (columns, rows); a few columns one at a time, which is several times faster."""
    if not 1 <= len(matrix) <= 4:
        return np.asarray(weights @ matrix.T)
    return np.stack([weights @ column for column in matrix], axis=-1)


def whole_product(weights: FloatArray, numerators: IntArray) -> FloatArray:
    """Return `WholeMatrix.product` of `weights` and int64 `numerators`."""
    return WholeMatrix.of(numerators).product(weights)


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide, giving ``nan`` where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator == 0, np.nan, np.divide(numerator, denominator))
