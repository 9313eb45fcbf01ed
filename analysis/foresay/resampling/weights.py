"""Weights of one level: how many clusters of each pattern a replicate draws.

Clusters that are drawn one by one are split into chunks that fit the processor's cache; how many
fall into each chunk is part of the multinomial draw, so the law stays the same. A chunk of a power
of two takes its places from raw bits, which costs half of a bounded draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts import FloatArray, IntArray

HEAVY = 16
"""Clusters of one pattern from which on a binomial draw is cheaper than drawing them singly."""

LARGEST_CHUNK = 2**16
SMALLEST_CHUNK = 2**7
"""What is left below this many single clusters is no power of two and takes bounded draws."""

MANY = 2**11
"""A chunk below this many clusters is drawn for many replicates at once."""

FEW_SUMS = 2
"""Up to this many sums, adding up what large chunks draw is cheaper than counting it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """Clusters that are drawn one by one."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Sums of single clusters, added up as they are drawn.

    Parameters
    ----------
    columns : int64 array of shape (sums, patterns)
        What one cluster of each pattern contributes.
    sums : int64 array of shape (replicates, sums)
        Where it is added.
    rest : int64 array
        Patterns that have clusters outside large chunks: only their weights are drawn.
    """

    columns: IntArray
    sums: IntArray
    rest: IntArray


def added(
    numerators: IntArray, strata: Sequence[Stratum], n_clusters: int, rows: int
) -> Added | None:
    """Return a place to add up what large chunks draw, or None where counting is better.

    Parameters
    ----------
    numerators : int64 array of shape (patterns, sums)
        What one cluster of each pattern contributes.
    strata : sequence of Stratum
        What is drawn.
    n_clusters, rows : int
        Clusters of a replicate, and replicates of a block.
    """
    large = any(chunk.n_clusters >= MANY for stratum in strata for chunk in stratum.chunks)
    if not large or numerators.shape[1] > FEW_SUMS:
        return None
    if int(np.abs(numerators).max(initial=0)) * n_clusters >= 2**63:
        return None
    counted = np.ones(len(numerators), bool)
    for stratum in strata:
        for chunk in stratum.chunks:
            inside = stratum.light[chunk.first : chunk.first + chunk.n_patterns]
            # a pattern at the edge may go on in a smaller chunk
            counted[inside[1:-1] if chunk.n_clusters >= MANY else inside] = chunk.n_clusters < MANY
    columns = np.ascontiguousarray(numerators.T)
    return Added(
        columns=columns,
        sums=np.zeros((rows, len(columns)), np.int64),
        rest=np.flatnonzero(counted),
    )


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
    into: Added | None = None,
) -> None:
    """Draw the columns of a stratum.

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
    into : Added, optional
        Where the sums of large chunks are added, instead of counting their patterns; the weights
        of all but ``into.rest`` then mean nothing. The same draws either way.
    """
    heavy = len(stratum.heavy)
    if len(stratum.shares) > 1:
        drawn = rng.multinomial(n_drawn, stratum.shares)
    else:
        drawn = n_drawn[:, None]
    weights[:, stratum.heavy] = drawn[:, :heavy]
    if not len(stratum.light):
        return
    for i, chunk in enumerate(stratum.chunks):
        singles = drawn[:, heavy + i]
        first = stratum.light[chunk.first]
        before = weights[:, first].copy() if chunk.goes_on else None
        inside = _columns(stratum.light[chunk.first : chunk.first + chunk.n_patterns])
        if chunk.n_clusters < MANY:
            weights[:, inside] = _many(chunk, singles, rng)
        elif into is not None:
            weights[:, [first, stratum.light[chunk.first + chunk.n_patterns - 1]]] = 0
            for b, n in enumerate(singles.tolist()):
                into.sums[b] += _added_up(chunk, n, into.columns[:, inside], rng)
        else:
            for b, n in enumerate(singles.tolist()):
                weights[b, inside] = _counted(chunk, n, rng)
        if before is not None:
            weights[:, first] += before


def _columns(patterns: IntArray) -> IntArray | slice:
    """Return a slice where patterns follow each other: it is read and written without a copy."""
    first, last = int(patterns[0]), int(patterns[-1])
    return slice(first, last + 1) if last - first + 1 == len(patterns) else patterns


def _counted(chunk: _Chunk, n: int, rng: np.random.Generator) -> IntArray:
    """Draw `n` clusters of a chunk; how many show each of its patterns, shape (patterns,)."""
    # two levels can ask for many times the clusters that there are
    if n > 2 * LARGEST_CHUNK:
        half = n // 2
        return _counted(chunk, half, rng) + _counted(chunk, n - half, rng)
    picks = _places(chunk.n_clusters, n, rng)
    if chunk.owner is not None:
        picks = chunk.owner[picks]
    return np.bincount(picks, minlength=chunk.n_patterns)


def _added_up(chunk: _Chunk, n: int, columns: IntArray, rng: np.random.Generator) -> IntArray:
    """Draw `n` clusters of a chunk; their sums, shape (sums,)."""
    picks = _places(chunk.n_clusters, n, rng)
    if chunk.owner is not None:
        picks = chunk.owner[picks]
    return np.array([column.take(picks).sum() for column in columns])


def _places(size: int, n: int, rng: np.random.Generator) -> IntArray:
    """Draw `n` places below `size`, from raw bits where that is a power of two."""
    if size & (size - 1) or size < SMALLEST_CHUNK:
        return rng.integers(size, size=n)
    # little-endian, so that every machine cuts the same 64 bits into the same four places
    raw = rng.bit_generator.random_raw(-(-n // 4)).astype("<u8", copy=False)
    return (raw.view("<u2")[:n] >> np.uint16(17 - size.bit_length())).astype(np.int64)


def _many(chunk: _Chunk, singles: IntArray, rng: np.random.Generator) -> IntArray:
    """Draw ``singles[b]`` clusters of a chunk for replicate b; counts (replicates, patterns)."""
    width = chunk.n_patterns
    found = np.zeros((len(singles), width), np.int64)
    rows = max(1, LARGEST_CHUNK // max(int(singles.max(initial=0)), width))
    for start in range(0, len(singles), rows):
        here = singles[start : start + rows]
        total = int(here.sum())
        if len(here) == 1:
            found[start] = _counted(chunk, total, rng)
            continue
        picks = _places(chunk.n_clusters, total, rng)
        if chunk.owner is not None:
            picks = chunk.owner[picks]
        picks += np.repeat(np.arange(len(here)) * width, here)
        counted = np.bincount(picks, minlength=len(here) * width)
        found[start : start + rows] = counted.reshape(len(here), width)
    return found
