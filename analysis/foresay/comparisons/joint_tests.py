"""The joint test of a specification curve: whether all of it is what no effect would give.

Under the null no specification has an effect, and what a cluster contributes to any of them has a
law symmetric about 0. One flip changes the sign of a cluster in all specifications at once, so
that curves under the null keep how the specifications go together. Specifications with different
clusters are flipped by what all of them keep whole: items of a task, where some have the task for
their cluster, flip together.

Three statistics are held against their laws under the flips: the median effect, the share of
specifications that are significant in the commoner direction, and the average Z. What is
significant is decided by the flips too: an effect as large as ``1 - level`` of its own flipped
ones. The Z of a specification is its effect over the root of the sum of squared contributions,
which no flip changes.

The test says whether there is any effect in any of the specifications, not which of them is right,
and nothing of specifications that were not named. Arms with different numbers of trials in a
cluster are not exchangeable, and the test then holds for many clusters only.

References
----------
Simonsohn, Simmons & Nelson 2020, doi:10.1038/s41562-020-0912-z; Hemerik, Goeman & Finos 2020,
doi:10.1111/rssb.12369 (flipping scores); Phipson & Smyth 2010, doi:10.2202/1544-6115.1585.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts import Counts, FloatArray, IntArray
from foresay.counts.groups import Label
from foresay.counts.ordering import order_key
from foresay.counts.units import Clusters
from foresay.estimation.shared import Values

_BLOCK = 2**22
_EXACT = 52  # bits of a whole number in floating point
_FINEST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What each cluster contributes to an effect in one group.

    Parameters
    ----------
    values : tuple of (str, object)
        What the group is.
    labels : tuple of tuple
        The clusters.
    scores : array of shape (clusters,)
        Their sum is the effect; ``nan`` where it is undefined.
    """

    values: Values
    labels: tuple[Label, ...]
    scores: FloatArray


def scores_of(
    values: Values,
    found: Clusters,
    names: Sequence[str],
    score: Callable[[Counts], FloatArray],
) -> Scores:
    """Return the scores of those clusters that contribute to some sums."""
    own = found.counts
    chosen = [own.names.index(name) for name in names if name in own.names]
    numerators = own.numerators[:, chosen]
    there = (numerators != 0).any(axis=1)
    labels = tuple(label for label, is_there in zip(found.labels, there, strict=True) if is_there)
    if len(chosen) < len(names) or not labels:
        return Scores(values=values, labels=(), scores=np.zeros(0))
    kept = Counts(
        names=tuple(names),
        numerators=np.ascontiguousarray(numerators[there]),
        scale=own.scale[chosen],
        multiplicity=own.multiplicity[there],
        stratum=own.stratum[there],
    )
    return Scores(values=values, labels=labels, scores=score(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTest:
    """Result of the joint test of one curve.

    Parameters
    ----------
    median, share_significant, average_z : float
        The observed statistics, the first on the scale of the flipped effects.
    p_median, p_share_significant, p_average_z : float
        ``(b + 1) / (flips + 1)`` with b flips at least as extreme; ``nan`` where there is no test.
    n_clusters : int
        Clusters that were flipped.
    reason : str
        Why there is no test; "" where there is one.
    """

    median: float = math.nan
    share_significant: float = math.nan
    average_z: float = math.nan
    p_median: float = math.nan
    p_share_significant: float = math.nan
    p_average_z: float = math.nan
    n_clusters: int = 0
    reason: str = ""


def joint_test(
    effects: Sequence[Scores],
    place: IntArray,
    levels: FloatArray,
    *,
    flips: int,
    rng: np.random.Generator,
) -> JointTest:
    """Flip clusters in all specifications of a curve at once.

    Parameters
    ----------
    effects : sequence of Scores
        The distinct effects of the curve; of one group.
    place : int64 array of shape (specifications,)
        Which of them each specification shows.
    levels : array of shape (specifications,)
        Confidence level of each specification.
    flips : int
        How many flips are drawn.
    rng : numpy.random.Generator
        The stream of this test.
    """
    matrix = _aligned(effects)
    if len(matrix) < 2:
        return JointTest(n_clusters=len(matrix), reason="fewer than two clusters to flip")
    whole, unit = _whole(matrix)
    drawn = np.empty((flips + 1, matrix.shape[1]))
    drawn[0] = whole.sum(axis=0)
    rows = max(1, _BLOCK // len(whole))
    for start in range(0, flips, rows):
        n = min(rows, flips - start)
        drawn[start + 1 : start + 1 + n] = _signs(len(whole), n, rng) @ whole
    error = np.sqrt((whole**2).sum(axis=0))
    error[error == 0] = np.inf  # nobody contributes: an effect of 0 in every flip
    at, alike = np.unique(np.column_stack([place, levels]), axis=0, return_inverse=True)
    columns, tail = at[:, 0].astype(np.int64), at[:, 1]
    critical = _critical(drawn, columns, tail)
    many = np.bincount(alike.reshape(-1), minlength=len(at)).astype(np.float64)
    median, share, z = (np.empty(flips + 1) for _ in range(3))
    rows = max(1, _BLOCK // len(place))
    for start in range(0, flips + 1, rows):
        part = slice(start, min(start + rows, flips + 1))
        shown = drawn[part][:, columns]
        median[part] = np.median(drawn[part][:, place], axis=1)
        up, down = ((side * shown > critical) @ many for side in (1.0, -1.0))
        share[part] = np.maximum(up, down) / len(place)
        z[part] = (shown / error[columns]) @ many / len(place)
    return JointTest(
        median=float(median[0] * unit),
        share_significant=float(share[0]),
        average_z=float(z[0]),
        p_median=_beyond(np.abs(median)),
        p_share_significant=_beyond(share),
        p_average_z=_beyond(np.abs(z)),
        n_clusters=len(whole),
    )


def _aligned(effects: Sequence[Scores]) -> FloatArray:
    """Return scores as (clusters, effects); 0 where a cluster has no part in an effect."""
    labels = sorted(
        {label for effect in effects for label in effect.labels},
        key=lambda label: tuple(order_key(part) for part in label),
    )
    row = {label: n for n, label in enumerate(labels)}
    matrix = np.zeros((len(labels), len(effects)))
    for column, effect in enumerate(effects):
        matrix[[row[label] for label in effect.labels], column] = effect.scores
    return matrix


def _whole(matrix: FloatArray) -> tuple[FloatArray, float]:
    """Return scores as whole numbers, whose sums no order of adding changes, and their unit."""
    largest = float(np.abs(matrix).max(initial=0.0))
    bits = min(_FINEST, _EXACT - math.ceil(math.log2(len(matrix) + 1)))
    unit = largest / 2**bits if largest else 1.0
    return np.rint(matrix / unit), unit


def _signs(clusters: int, flips: int, rng: np.random.Generator) -> FloatArray:
    width = -(-clusters // 8)
    bits = np.frombuffer(rng.bytes(flips * width), np.uint8).reshape(flips, width)
    signs = np.unpackbits(bits, axis=1, count=clusters).astype(np.float64)
    return signs * 2.0 - 1.0


def _critical(drawn: FloatArray, columns: IntArray, levels: FloatArray) -> FloatArray:
    """Return the size above which an effect is significant among its own flips, for each pair."""
    found = np.empty(len(columns))
    known: dict[int, FloatArray] = {}
    for n, (column, level) in enumerate(zip(columns.tolist(), levels.tolist(), strict=True)):
        if column not in known:
            known = {column: np.sort(np.abs(drawn[:, column]))}
        ordered = known[column]
        found[n] = ordered[min(math.ceil(round(level * len(ordered), 9)), len(ordered)) - 1]
    return found


def _beyond(statistic: FloatArray) -> float:
    """Return the share of statistics at least as large as the first, itself counted."""
    near = 1e-9 * max(abs(float(statistic[0])), 1e-300)
    return float((statistic >= statistic[0] - near).mean())
