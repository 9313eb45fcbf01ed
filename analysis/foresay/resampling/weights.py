"""Weights of one level: how many clusters of each pattern a replicate draws.

Clusters that are drawn one by one are split into chunks that fit the processor's cache; how many
fall into each chunk is part of the multinomial draw, so the law stays the same. A chunk of a power
of two takes its places from raw bits, which costs half of a bounded draw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foresay.counts import FloatArray, IntArray

HEAVY = 32
"""Clusters of one pattern from which on a binomial draw is cheaper than drawing them singly."""

LARGEST_CHUNK = 2**16
SMALLEST_CHUNK = 2**7
"""What is left below this many single clusters is no power of two and takes bounded draws."""

TOGETHER = 2**15
"""About this many single clusters of small chunks are drawn at once."""

MANY = 2**12
"""A chunk below this many clusters is drawn for many replicates at once."""

FEW_SUMS = 2
"""Up to this many sums, adding up the clusters that are drawn is cheaper than counting them."""

ADDED = 2**13
"""Fewer single clusters than this are counted, whose cost many replicates then share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """Clusters that are drawn one by one."""

    n_clusters: int
    first: int  # place of its first pattern among the light ones
    n_patterns: int
    owner: IntArray | None  # pattern of each cluster, from `first` on; None where each has its own
    goes_on: bool  # its first pattern is the last one of the chunk before
    columns: IntArray | None = None  # sums of each cluster, (sums, clusters), where they are added


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """What is drawn in one stratum.

    Parameters
    ----------
    label : int
        The stratum.
    n_clusters : int
        Its clusters.
    heavy, light : int64 arrays
        Patterns that are drawn as counts, and those whose clusters are drawn one by one.
    shares : array of shape (heavy + chunks,)
        Share of the clusters that each heavy pattern and each chunk holds.
    chunks : tuple
        The clusters of the light patterns.
    """

    label: int
    n_clusters: int
    heavy: IntArray
    light: IntArray
    shares: FloatArray
    chunks: tuple[_Chunk, ...]

    @property
    def n_light(self) -> int:
        """Number of clusters that are drawn one by one."""
        return sum(chunk.n_clusters for chunk in self.chunks)


def strata_of(stratum: IntArray, multiplicity: IntArray) -> tuple[tuple[Stratum, ...], IntArray]:
    """Return the strata that vary, and the patterns of strata with a single cluster.

    Parameters
    ----------
    stratum, multiplicity : int64 arrays of shape (patterns,)
        Stratum and clusters of each pattern.
    """
    varying, fixed = [], []
    order = np.argsort(stratum, kind="stable")
    labels, starts = np.unique(stratum[order], return_index=True)
    for label, patterns in zip(labels, np.split(order, starts[1:]), strict=True):
        clusters = multiplicity[patterns]
        n = int(clusters.sum())
        if n == 1:
            fixed.append(patterns)
            continue
        is_heavy = clusters >= HEAVY
        chunks = _chunks(clusters[~is_heavy])
        shares = np.append(clusters[is_heavy], [chunk.n_clusters for chunk in chunks]) / n
        varying.append(
            Stratum(
                label=int(label),
                n_clusters=n,
                heavy=patterns[is_heavy],
                light=patterns[~is_heavy],
                shares=shares,
                chunks=chunks,
            )
        )
    return tuple(varying), np.concatenate([np.zeros(0, np.int64), *fixed])


def _chunks(clusters: IntArray) -> tuple[_Chunk, ...]:
    """Split light patterns, with `clusters` of each, into chunks of single clusters."""
    owner = np.repeat(np.arange(len(clusters), dtype=np.int64), clusters)
    found, start = [], 0
    while start < len(owner):
        left = len(owner) - start
        size = min(LARGEST_CHUNK, 2 ** (left.bit_length() - 1)) if left >= SMALLEST_CHUNK else left
        own = owner[start : start + size]
        own = own - own[0]
        single = int(own[-1]) == size - 1
        found.append(
            _Chunk(
                n_clusters=size,
                first=int(owner[start]),
                n_patterns=int(own[-1]) + 1,
                owner=None if single else own,
                goes_on=start > 0 and owner[start] == owner[start - 1],
            )
        )
        start += size
    return tuple(found)


def adding_up(numerators: IntArray, stratum: Stratum) -> Stratum:
    """Return a stratum that adds up the sums of single clusters instead of counting patterns.

    Parameters
    ----------
    numerators : int64 array of shape (patterns, sums)
        What one cluster of each pattern contributes.
    stratum : Stratum
        What is drawn; its law stays the same.
    """
    chunks = []
    for chunk in stratum.chunks:
        own = numerators[stratum.light[chunk.first : chunk.first + chunk.n_patterns]]
        columns = np.ascontiguousarray((own if chunk.owner is None else own[chunk.owner]).T)
        chunks.append(replace(chunk, columns=columns))
    return replace(stratum, chunks=tuple(chunks))


def can_add_up(numerators: IntArray, strata: Sequence[Stratum], n_clusters: int) -> bool:
    """Say whether sums of single clusters can be added up, and whether that is cheaper."""
    if numerators.shape[1] > FEW_SUMS or sum(stratum.n_light for stratum in strata) < ADDED:
        return False
    return int(np.abs(numerators).max(initial=0)) * n_clusters < 2**63


def ways(strata: Sequence[Stratum]) -> str:
    """Return how the clusters of some strata are drawn."""
    said = [
        *(["multinomial"] if any(len(s.heavy) for s in strata) else []),
        *(["clusters"] if any(len(s.light) for s in strata) else []),
    ]
    return "+".join(said) or "fixed"


def fill(
    stratum: Stratum,
    weights: FloatArray,
    n_drawn: IntArray,
    rng: np.random.Generator,
    sums: IntArray | None = None,
) -> None:
    """Draw one stratum.

    Parameters
    ----------
    stratum : Stratum
        What is drawn.
    weights : array of shape (replicates, patterns)
        Its columns of this stratum are overwritten.
    n_drawn : int64 array of shape (replicates,)
        Clusters to draw in each replicate.
    rng : numpy.random.Generator
        The stream of this estimate.
    sums : int64 array of shape (replicates, sums), optional
        Where a stratum of `adding_up` adds its single clusters; the weights of their patterns are
        left alone.
    """
    heavy = len(stratum.heavy)
    if len(stratum.shares) > 1:
        drawn = rng.multinomial(n_drawn, stratum.shares)
    else:
        drawn = n_drawn[:, None]
    weights[:, stratum.heavy] = drawn[:, :heavy]
    for i, chunk in enumerate(stratum.chunks):
        singles = drawn[:, heavy + i]
        if sums is not None and chunk.columns is not None:
            _add(chunk, chunk.columns, singles, sums, rng)
        else:
            _count(stratum, chunk, singles, weights, rng)


def _count(
    stratum: Stratum,
    chunk: _Chunk,
    singles: IntArray,
    weights: FloatArray,
    rng: np.random.Generator,
) -> None:
    """Draw ``singles[b]`` clusters of a chunk for replicate b and count their patterns."""
    first = stratum.light[chunk.first]
    before = weights[:, first].copy() if chunk.goes_on else None
    inside = _columns(stratum.light[chunk.first : chunk.first + chunk.n_patterns])
    for start, stop in _together(chunk, singles):
        weights[start:stop, inside] = _counted(chunk, singles[start:stop], rng)
    if before is not None:
        weights[:, first] += before


def _add(
    chunk: _Chunk,
    columns: IntArray,
    singles: IntArray,
    sums: IntArray,
    rng: np.random.Generator,
) -> None:
    """Draw ``singles[b]`` clusters of a chunk for replicate b and add up their sums."""
    for start, stop in _together(chunk, singles):
        here = singles[start:stop]
        picks = _places(chunk.n_clusters, int(here.sum()), rng)
        for j, column in enumerate(columns):
            values = column.take(picks)
            if stop == start + 1:
                sums[start, j] += values.sum()
            else:
                ends = np.cumsum(here)
                upto = np.append(0, np.cumsum(values))
                sums[start:stop, j] += upto[ends] - upto[ends - here]


def _together(chunk: _Chunk, singles: IntArray) -> Iterator[tuple[int, int]]:
    """Yield the replicates that are drawn at once: many of a small chunk, one of a large one."""
    rows = 1
    if chunk.n_clusters < MANY:
        rows = max(1, TOGETHER // max(int(singles.max(initial=0)), chunk.n_patterns, 1))
    for start in range(0, len(singles), rows):
        yield start, min(start + rows, len(singles))


def _columns(patterns: IntArray) -> IntArray | slice:
    """Return a slice where patterns follow each other: it is read and written without a copy."""
    first, last = int(patterns[0]), int(patterns[-1])
    return slice(first, last + 1) if last - first + 1 == len(patterns) else patterns


def _counted(chunk: _Chunk, singles: IntArray, rng: np.random.Generator) -> IntArray:
    """Draw clusters of a chunk; how many show each of its patterns, (replicates, patterns)."""
    total, width = int(singles.sum()), chunk.n_patterns
    # two levels can ask for many times the clusters that there are
    if total > 2 * LARGEST_CHUNK and len(singles) == 1:
        half = singles // 2
        return _counted(chunk, half, rng) + _counted(chunk, singles - half, rng)
    picks = _places(chunk.n_clusters, total, rng)
    if chunk.owner is not None:
        picks = chunk.owner[picks]
    if len(singles) > 1:
        picks += np.repeat(np.arange(len(singles)) * width, singles)
    return np.bincount(picks, minlength=len(singles) * width).reshape(len(singles), width)


def _places(size: int, n: int, rng: np.random.Generator) -> IntArray:
    """Draw `n` places below `size`, from raw bits where that is a power of two."""
    if size & (size - 1) or size < SMALLEST_CHUNK:
        return rng.integers(size, size=n)
    # little-endian, so that every machine cuts the same 64 bits into the same four places
    raw = rng.bit_generator.random_raw(-(-n // 4)).astype("<u8", copy=False)
    return (raw.view("<u2")[:n] >> np.uint16(17 - size.bit_length())).astype(np.int64)
