"""Sign flips of whole clusters: a test of no difference, exact where the design allows it.

Under the null that the arms are exchangeable within a cluster, swapping them changes the sign of
what the cluster contributes to the difference, and nothing else. Clusters with the same
contribution flip as one binomial draw, so the null law is computed from patterns: by adding up all
of it where that is cheap, else by drawing from it.

**What is flipped.** Each arm is held against the value it would have under the null, the nearest
values to the observed ones that leave no difference; the flipped scores sum to the difference.
Where the arms have equally many trials in every cluster the null values cancel, and flipping is
swapping the arms. Otherwise (one self prediction against five cross predictions of an item) the
arms are not exchangeable, and the test holds for many clusters only.

**Interactions.** With four arms the two pairs are swapped: the null is that the first difference
minus the second has a law symmetric about 0 within a cluster. Main effects are allowed. Where the
pairs are on different items, or of unequal size, it again holds for many clusters only.

Not for testing whether arms *vary* alike, nor where one cluster holds most of the trials.

References
----------
Fisher 1935; Hemerik, Goeman & Finos 2020, doi:10.1111/rssb.12369 (flipping scores);
Phipson & Smyth 2010, doi:10.2202/1544-6115.1585 (p is never 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy import special

from foresay.comparisons.arms import Comparison, denominators
from foresay.comparisons.flip_scores import scores
from foresay.counts import Counts, FloatArray, IntArray

Alternative: TypeAlias = Literal["two-sided", "greater", "less"]

EXACT_WORK = 20_000_000
"""Additions up to which the whole null law is computed."""

_FINEST = 2**30  # grid of contributions that have no common unit
_LARGEST_UNIT = 4_096
_BLOCK = 2**22
_HEAVY = 16  # clusters from which on one binomial draw is cheaper than single signs


@dataclass(frozen=True, slots=True, kw_only=True)
class SignFlip:
    """Result of a sign-flip test.

    Parameters
    ----------
    p_value : float
        In (0, 1]; ``nan`` where there is nothing to test.
    exact : bool
        Whether all flips were counted, and not some drawn.
    flips : int
        Number of flips drawn; 0 where all were counted.
    swaps : bool
        Whether flipping is swapping the arms: they have equally many trials in every cluster.
    """

    p_value: float
    exact: bool
    flips: int
    swaps: bool = True


def sign_flip(
    counts: Counts,
    compared: Comparison,
    *,
    alternative: Alternative = "two-sided",
    flips: int,
    rng: np.random.Generator,
) -> SignFlip:
    """Test that a comparison is 0 (a ratio: 1) by flipping whole clusters.

    Parameters
    ----------
    counts : Counts
        Sums of the arms per pattern; its clusters are what is flipped.
    compared : Comparison
        What is compared.
    alternative : {"two-sided", "greater", "less"}
        What the comparison is under the alternative.
    flips : int
        How many flips are drawn where not all can be counted.
    rng : numpy.random.Generator
        The stream of this test.

    Returns
    -------
    SignFlip
        p is ``(b + 1) / (flips + 1)`` with b drawn differences at least as large, or the share of
        all flips; the observed one counts, so p is never 0.
    """
    contributed = scores(counts, compared)
    if not np.isfinite(contributed).all():
        return SignFlip(p_value=float("nan"), exact=False, flips=0)
    found = flip(contributed, counts.multiplicity, alternative=alternative, flips=flips, rng=rng)
    return SignFlip(
        p_value=found.p_value,
        exact=found.exact,
        flips=found.flips,
        swaps=_equal_sizes(counts, compared),
    )


def _equal_sizes(counts: Counts, compared: Comparison) -> bool:
    measures = compared.measure.mean_of or (compared.measure,)
    return all(_equal_in(counts, compared.arms, denominators(part)[0]) for part in measures)


def _equal_in(counts: Counts, arms: tuple[str, ...], below: str) -> bool:
    columns = [counts.names.index(f"{arm}.{below}") for arm in arms]
    sizes = [counts.numerators[:, column] / counts.scale[column] for column in columns]
    return all(bool((size == sizes[0]).all()) for size in sizes[1:])


def flip(
    contributed: FloatArray,
    clusters: IntArray,
    *,
    alternative: Alternative = "two-sided",
    flips: int,
    rng: np.random.Generator,
) -> SignFlip:
    """Test that contributions have laws symmetric about 0, by their sum.

    Parameters
    ----------
    contributed : array of shape (patterns,)
        What one cluster of each pattern contributes.
    clusters : int64 array of shape (patterns,)
        Clusters of each pattern.
    alternative, flips, rng
        As for `sign_flip`.
    """
    size, many, observed, slack = _whole(contributed, clusters)
    if not len(size):
        return SignFlip(p_value=1.0, exact=True, flips=0)
    if alternative == "less":
        observed = -observed
    two_sided = alternative == "two-sided"
    observed = abs(observed) if two_sided else observed
    law = _null_law(size, many)
    if law is not None:
        sums, chances = law
        extreme = np.abs(sums) if two_sided else sums
        p = float(chances[extreme >= observed - slack].sum())
        return SignFlip(p_value=min(p, 1.0), exact=True, flips=0)
    beyond = 0
    for drawn in _draw(size, many, flips, rng):
        extreme = np.abs(drawn) if two_sided else drawn
        beyond += int((extreme >= observed - slack).sum())
    return SignFlip(p_value=(beyond + 1) / (flips + 1), exact=False, flips=flips)


def _whole(contributed: FloatArray, clusters: IntArray) -> tuple[IntArray, IntArray, int, int]:
    """Return sizes of contributions as whole numbers, how many have each, their sum, and slack.

    Whole numbers add up to the same sum in any order. Where the contributions have a common unit
    it is used, and ties are exact; else they are rounded, and `slack` is what rounding can do.
    """
    largest = float(np.abs(contributed).max(initial=0.0))
    there = np.abs(contributed) > 1e-12 * largest
    if not there.any():
        none = np.zeros(0, np.int64)
        return none, none, 0, 0
    share = contributed[there] / largest
    many = clusters[there].astype(np.int64)
    unit = _common_unit(np.unique(np.round(np.abs(share), 12)))
    signed = np.rint(share * (unit or _FINEST)).astype(np.int64)
    size, inverse = np.unique(np.abs(signed), return_inverse=True)
    merged = np.zeros(len(size), np.int64)
    np.add.at(merged, inverse, many)
    slack = 0 if unit else int(many.sum())
    return size, merged, int((signed * many).sum()), slack


def _common_unit(shares: FloatArray) -> int:
    """Return the smallest number that makes all `shares` of the largest whole; 0 for none."""
    if len(shares) > _LARGEST_UNIT:
        return 0
    for unit in range(1, _LARGEST_UNIT + 1):
        if (np.abs(shares * unit - np.rint(shares * unit)) < 1e-9 * unit).all():
            return unit
    return 0


def _null_law(size: IntArray, many: IntArray) -> tuple[IntArray, FloatArray] | None:
    """Return all sums of flipped contributions and their chances; None where that is too much."""
    order = np.argsort(-many, kind="stable")  # the commonest first: its law is a plain binomial
    size, many = size[order], many[order]
    reach = np.cumsum(size * many)
    work = int(many[0] + (many[1:] * (2 * reach[:-1] + 1)).sum())
    if work <= EXACT_WORK and reach[-1] <= EXACT_WORK // 4:
        chances, filled = np.zeros(2 * int(reach[-1]) + 1), 1
        chances[0] = 1.0
        for step, n in zip((2 * size).tolist(), many.tolist(), strict=True):
            grown = np.zeros_like(chances)
            for j, chance in enumerate(_binomial(n)):
                grown[j * step : j * step + filled] += chance * chances[:filled]
            chances, filled = grown, filled + n * step
        return np.arange(-int(reach[-1]), int(reach[-1]) + 1), chances
    if float(np.log2(many + 1.0).sum()) > 20:
        return None
    sums, chances = np.zeros(1, np.int64), np.ones(1)
    for step, n in zip(size.tolist(), many.tolist(), strict=True):
        sums = np.add.outer(sums, step * (2 * np.arange(n + 1) - n)).reshape(-1)
        chances = np.multiply.outer(chances, _binomial(n)).reshape(-1)
    return sums, chances


def _binomial(n: int) -> FloatArray:
    """Return the chances of 0..n heads in n tosses."""
    k = np.arange(n + 1)
    logs = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return np.asarray(np.exp(logs - n * np.log(2.0)))


def _draw(size: IntArray, many: IntArray, flips: int, rng: np.random.Generator) -> list[IntArray]:
    """Draw sums of flipped contributions, `flips` in all, in blocks of bounded memory."""
    heavy = many >= _HEAVY
    single = np.repeat(size[~heavy], many[~heavy]).astype(np.float64)
    cells = max(1, int(heavy.sum()), len(single))
    rows = max(1, _BLOCK // cells)
    drawn = []
    for start in range(0, flips, rows):
        n = min(rows, flips - start)
        heads = rng.binomial(many[heavy], 0.5, size=(n, int(heavy.sum())))
        sums = (2 * heads - many[heavy]) @ size[heavy]
        width = -(-len(single) // 8)
        bits = np.frombuffer(rng.bytes(n * width), np.uint8).reshape(n, width)
        signs = np.unpackbits(bits, axis=1, count=len(single)) if width else np.zeros((n, 0))
        # whole numbers below 2**53: the same sum in whatever order a library adds
        light = 2 * (signs.astype(np.float64) @ single) - single.sum()
        drawn.append(np.asarray(sums + light.astype(np.int64), dtype=np.int64))
    return drawn
