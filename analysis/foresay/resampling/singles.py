"""Sums of many clusters that are drawn one by one, chunk after chunk.

All replicates of a block are drawn in one chunk before the next is touched: what a chunk holds
stays in the processor's cache, and a table of weights never spans all clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foresay.counts import Counts, FloatArray, IntArray
from foresay.counts.patterns import WholeMatrix
from foresay.resampling.weights import Chunk, Stratum, counted, places, split, together

MANY_SINGLES = 2**13
"""From this many single clusters on, sums are made chunk by chunk."""

FEW_SUMS = 2
"""Up to this many sums, adding up the clusters that are drawn is cheaper than counting them."""

BLOCK = 256
"""Replicates that visit a chunk before the next one."""

CELLS = 2**18
"""Largest number of weights held at once."""

PRODUCT = 2**18
"""Multiplications up to which linear algebra stays in one thread: where other programs hold the
processors, waiting for a second thread takes a hundred times as long as the product."""


def pays(numerators: IntArray, strata: Sequence[Stratum], n_clusters: int) -> bool:
    """Say whether there are enough single clusters, and whether their sums stay exact."""
    if sum(stratum.n_light for stratum in strata) < MANY_SINGLES:
        return False
    # int64 holds what is added up; a product of float64 must stay below its largest whole number
    largest = 2**63 if numerators.shape[1] <= FEW_SUMS else 2**53
    return int(np.abs(numerators).max(initial=0)) * n_clusters < largest


def chunk_cells(n_others: int, resamples: int) -> int:
    """Return how many weights are held at once: of a chunk, and of what is drawn as counts."""
    return CELLS + _rows(n_others, resamples) * n_others


def _rows(n_others: int, resamples: int) -> int:
    return max(1, min(resamples, BLOCK, CELLS // max(n_others, 1)))


def add_by_chunk(
    counts: Counts, strata: Sequence[Stratum], sums: FloatArray, rng: np.random.Generator
) -> None:
    """Write the sums of all replicates, where `pays` says so.

    Parameters
    ----------
    counts : Counts
        The sums per pattern.
    strata : sequence of Stratum
        Those that vary.
    sums : array of shape (resamples, sums)
        Is overwritten.
    rng : numpy.random.Generator
        The stream of this estimate.
    """
    light = np.zeros(counts.n_patterns, bool)
    for stratum in strata:
        light[stratum.light] = True
    place = np.cumsum(~light) - 1  # of the other patterns, which alone have weights
    matrix = WholeMatrix.of(counts.numerators[~light])
    others = int((~light).sum())
    rows = _rows(others, len(sums))
    # a stratum with a single cluster is drawn as it is: its multiplicities are all 1
    block = np.ones((rows, others))
    adds = len(counts.names) <= FEW_SUMS
    for start in range(0, len(sums), rows):
        weights = block[: len(sums) - start]
        single = np.zeros((len(weights), len(counts.names)), np.int64 if adds else np.float64)
        for stratum in strata:
            drawn = split(stratum, np.full(len(weights), stratum.n_clusters), rng)
            heavy = len(stratum.heavy)
            weights[:, place[stratum.heavy]] = drawn[:, :heavy]
            for i, chunk in enumerate(stratum.chunks):
                inside = stratum.light[chunk.first : chunk.first + chunk.n_patterns]
                step = _add if adds else _multiply
                step(chunk, counts.numerators[inside], drawn[:, heavy + i], single, rng)
        sums[start : start + rows] = matrix.product(weights, counts.n_clusters) + single


def _add(
    chunk: Chunk,
    numerators: IntArray,
    singles: IntArray,
    sums: NDArray[Any],
    rng: np.random.Generator,
) -> None:
    """Draw ``singles[b]`` clusters of a chunk for replicate b and add up their sums."""
    columns = np.ascontiguousarray(
        (numerators if chunk.owner is None else numerators[chunk.owner]).T
    )
    for start, stop in together(chunk, singles):
        here = singles[start:stop]
        picks = places(chunk.n_clusters, int(here.sum()), rng)
        for j, column in enumerate(columns):
            values = column.take(picks)
            if stop == start + 1:
                sums[start, j] += values.sum()
            else:
                ends = np.cumsum(here)
                upto = np.append(0, np.cumsum(values))
                sums[start:stop, j] += upto[ends] - upto[ends - here]


def _multiply(
    chunk: Chunk,
    numerators: IntArray,
    singles: IntArray,
    sums: NDArray[Any],
    rng: np.random.Generator,
) -> None:
    """Draw ``singles[b]`` clusters of a chunk for replicate b, count, and multiply."""
    columns = numerators.astype(np.float64)
    rows = min(max(1, CELLS // chunk.n_patterns), len(singles))
    step = max(1, PRODUCT // (rows * columns.shape[1]))
    weights = np.empty((rows, chunk.n_patterns))
    for first in range(0, len(singles), rows):
        here = singles[first : first + rows]
        for start, stop in together(chunk, here):
            weights[start:stop] = counted(chunk, here[start:stop], rng)
        for start in range(0, chunk.n_patterns, step):
            part = weights[: len(here), start : start + step]
            sums[first : first + rows] += part @ columns[start : start + step]
