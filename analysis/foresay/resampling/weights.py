"""Weights of one level: how many clusters of each pattern a replicate draws.

Clusters that are drawn one by one are split into chunks that fit the processor's cache; how many
fall into each chunk is part of the multinomial draw, so the law stays the same. A chunk of a power
of two takes its places from raw bits, which costs half of a bounded draw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts import FloatArray, IntArray

HEAVY = 32
"""Clusters of one pattern from which on a binomial draw is cheaper than drawing them singly."""

LARGEST_CHUNK = 2**15
SMALLEST_CHUNK = 2**7
"""What is left below this many single clusters is no power of two and takes bounded draws."""

TOGETHER = 2**15
"""About this many single clusters of small chunks are drawn at once."""

MANY = 2**12
"""A chunk below this many clusters is drawn for many replicates at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Clusters that are drawn one by one, of a stratum."""

    n_clusters: int
    first: int  # place of its first pattern among the light ones
    n_patterns: int
    owner: IntArray | None  # pattern of each cluster, from `first` on; None where each has its own
    goes_on: bool  # its first pattern is the last one of the chunk before


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
    chunks: tuple[Chunk, ...]

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


def _chunks(clusters: IntArray) -> tuple[Chunk, ...]:
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
            Chunk(
                n_clusters=size,
                first=int(owner[start]),
                n_patterns=int(own[-1]) + 1,
                owner=None if single else own,
                goes_on=start > 0 and owner[start] == owner[start - 1],
            )
        )
        start += size
    return tuple(found)


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
    """
    heavy = len(stratum.heavy)
    drawn = split(stratum, n_drawn, rng)
    weights[:, stratum.heavy] = drawn[:, :heavy]
    for i, chunk in enumerate(stratum.chunks):
        _count(stratum, chunk, drawn[:, heavy + i], weights, rng)


def split(stratum: Stratum, n_drawn: IntArray, rng: np.random.Generator) -> IntArray:
    """Draw how many clusters fall to each heavy pattern and chunk, (replicates, both)."""
    if len(stratum.shares) > 1:
        return rng.multinomial(n_drawn, stratum.shares)
    return n_drawn[:, None]


def _count(
    stratum: Stratum,
    chunk: Chunk,
    singles: IntArray,
    weights: FloatArray,
    rng: np.random.Generator,
) -> None:
    """Draw ``singles[b]`` clusters of a chunk for replicate b and count their patterns."""
    first = stratum.light[chunk.first]
    before = weights[:, first].copy() if chunk.goes_on else None
    inside = _columns(stratum.light[chunk.first : chunk.first + chunk.n_patterns])
    for start, stop in together(chunk, singles):
        weights[start:stop, inside] = counted(chunk, singles[start:stop], rng)
    if before is not None:
        weights[:, first] += before


def together(chunk: Chunk, singles: IntArray) -> Iterator[tuple[int, int]]:
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


def counted(chunk: Chunk, singles: IntArray, rng: np.random.Generator) -> IntArray:
    """Draw clusters of a chunk; how many show each of its patterns, (replicates, patterns)."""
    total, width = int(singles.sum()), chunk.n_patterns
    # two levels can ask for many times the clusters that there are
    if total > 2 * LARGEST_CHUNK and len(singles) == 1:
        half = singles // 2
        return counted(chunk, half, rng) + counted(chunk, singles - half, rng)
    picks = places(chunk.n_clusters, total, rng)
    if chunk.owner is not None:
        picks = chunk.owner[picks]
    if len(singles) > 1:
        picks += np.repeat(np.arange(len(singles)) * width, singles)
    return np.bincount(picks, minlength=len(singles) * width).reshape(len(singles), width)


def places(size: int, n: int, rng: np.random.Generator) -> IntArray:
    """Draw `n` places below `size`, from raw bits where that is a power of two."""
    if size & (size - 1) or size < SMALLEST_CHUNK:
        return rng.integers(size, size=n)
    # little-endian, so that every machine cuts the same 64 bits into the same four places
    raw = rng.bit_generator.random_raw(-(-n // 4)).astype("<u8", copy=False)
    return (raw.view("<u2")[:n] >> np.uint16(17 - size.bit_length())).astype(np.int64)
