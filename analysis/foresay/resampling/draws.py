"""Resampled sums: clusters drawn with replacement within strata, in bounded memory.

Drawing clusters and counting how many show each pattern is drawing the counts from a multinomial
law. A pattern that many clusters share costs one binomial draw a replicate; the others are drawn
cluster by cluster, which is cheaper for them. Both give the same law, and a stratum may mix them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foresay.counts import Counts, Estimator, FloatArray, IntArray, Sums
from foresay.resampling.jackknife import delta_errors

BLOCK_CELLS = 2**19
"""Largest number of weights, or of single clusters, that one block of replicates draws."""

HEAVY = 16
"""Clusters of one pattern from which on a binomial draw is cheaper than drawing them singly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """All replicates of the sums of one study part.

    Parameters
    ----------
    sums : Sums
        With leading axis (resamples,).
    errors : array of shape (estimators, resamples)
        Standard error of each estimator within each replicate; no rows unless asked for.
    path : str
        How they were drawn: ``multinomial``, ``clusters`` or ``multinomial+clusters``.
    n_fixed : int
        Strata with a single cluster, which no replicate varies.
    """

    sums: Sums
    errors: FloatArray
    path: str
    n_fixed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stratum:
    """What is drawn in one stratum."""

    n_clusters: int
    heavy: IntArray  # patterns that are drawn as counts
    light: IntArray  # patterns whose clusters are drawn one by one
    shares: FloatArray  # of the heavy patterns, then of all light ones together
    owner: NDArray[np.int32]  # place in `light` of each light cluster

    def fill(self, weights: FloatArray, rng: np.random.Generator) -> None:
        """Draw this stratum's columns of `weights`, shape (replicates, patterns)."""
        replicates = len(weights)
        singles = np.full(replicates, self.n_clusters, np.int64)
        if len(self.heavy):
            drawn = rng.multinomial(self.n_clusters, self.shares, size=replicates)
            weights[:, self.heavy] = drawn[:, : len(self.heavy)]
            singles = drawn[:, -1]
        if len(self.light):
            weights[:, self.light] = self._draw_singles(singles, rng)

    def _draw_singles(self, singles: IntArray, rng: np.random.Generator) -> IntArray:
        """Draw ``singles[b]`` light clusters for replicate b; counts (replicates, light)."""
        width = len(self.light)
        found = np.zeros(len(singles) * width, np.int64)
        total = int(singles.sum())
        # only a block of one replicate can be longer than a block, and then all offsets are 0
        offsets = np.repeat(np.arange(len(singles)) * width, singles) if len(singles) > 1 else None
        for start in range(0, total, BLOCK_CELLS):
            size = min(BLOCK_CELLS, total - start)
            picks = self.owner[rng.integers(len(self.owner), size=size)].astype(np.int64)
            if offsets is not None:
                picks += offsets[start : start + size]
            found += np.bincount(picks, minlength=len(found))
        return found.reshape(len(singles), width)


def _strata(counts: Counts) -> tuple[tuple[_Stratum, ...], IntArray]:
    """Return the strata that vary, and the patterns of strata with a single cluster."""
    varying, fixed = [], []
    for label in np.unique(counts.stratum):
        patterns = np.flatnonzero(counts.stratum == label)
        clusters = counts.multiplicity[patterns]
        n = int(clusters.sum())
        if n == 1:
            fixed.append(patterns)
            continue
        is_heavy = clusters >= HEAVY
        light = clusters[~is_heavy]
        shares = clusters[is_heavy] / n
        varying.append(
            _Stratum(
                n_clusters=n,
                heavy=patterns[is_heavy],
                light=patterns[~is_heavy],
                shares=np.append(shares, light.sum() / n) if len(light) else shares,
                owner=np.repeat(np.arange(len(light), dtype=np.int32), light),
            )
        )
    return tuple(varying), np.concatenate([np.zeros(0, np.int64), *fixed])


def _blocks(
    counts: Counts, strata: Sequence[_Stratum], resamples: int, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """Yield the clusters drawn of each pattern, (replicates, patterns), a block at a time."""
    singles = max((len(s.owner) for s in strata), default=0)
    rows = max(1, BLOCK_CELLS // max(counts.n_patterns, singles, 1))
    for start in range(0, resamples, rows):
        # a stratum with a single cluster is drawn as it is: its multiplicities are all 1
        weights = np.ones((min(rows, resamples - start), counts.n_patterns))
        for stratum in strata:
            stratum.fill(weights, rng)
        yield weights


def draw(
    counts: Counts,
    resamples: int,
    rng: np.random.Generator,
    *,
    errors_of: Sequence[Estimator] = (),
) -> Draws:
    """Draw clusters with replacement within strata, `resamples` times.

    Parameters
    ----------
    counts : Counts
        The sums per pattern.
    resamples : int
        Number of replicates B.
    rng : numpy.random.Generator
        The stream of this estimate.
    errors_of : sequence of Estimator, optional
        Estimators whose standard error is wanted within every replicate (studentised intervals).

    Returns
    -------
    Draws
        Sums of shape (B, sums). The same for any number of threads: sums of whole numbers.

    References
    ----------
    Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x (drawing whole clusters).
    """
    strata, fixed = _strata(counts)
    sums = np.empty((resamples, len(counts.names)))
    errors = np.empty((len(errors_of), resamples))
    done = 0
    for weights in _blocks(counts, strata, resamples, rng):
        rows = slice(done, done + len(weights))
        sums[rows] = counts.weighted(weights).numerators
        for i, estimator in enumerate(errors_of):
            errors[i, rows] = delta_errors(counts, estimator, weights)
        done += len(weights)
    ways = [
        *(["multinomial"] if any(len(s.heavy) for s in strata) else []),
        *(["clusters"] if any(len(s.light) for s in strata) else []),
    ]
    return Draws(
        sums=Sums(counts.names, sums, counts.scale.astype(np.float64)),
        errors=errors,
        path="+".join(ways) or "fixed",
        n_fixed=len(fixed),
    )
