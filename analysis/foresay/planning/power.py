"""Power and minimum detectable effect, by simulation from the patterns of a study."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import optimize, stats

from foresay.counts import Counts, Estimator, FloatArray
from foresay.errors import UnsupportedError
from foresay.resampling.jackknife import delete_one, delta_errors
from foresay.resampling.streams import stream

_ENOUGH = 10


def tilted(counts: Counts, estimator: Estimator, effect: float) -> FloatArray:
    """Return how likely each pattern is in a study like this one whose estimate is `effect`.

    The patterns' shares are tilted exponentially along their influence on the estimate, which is
    the smallest change (in Kullback-Leibler divergence, to first order) that moves it there.

    Parameters
    ----------
    counts : Counts
        Patterns of a study; strata are ignored.
    estimator : Estimator
        What is estimated, such as a paired difference.
    effect : float
        Its value in the tilted study.

    Returns
    -------
    array of shape (patterns,)
        Probabilities.

    Raises
    ------
    UnsupportedError
        No mixture of the study's patterns has that effect, or no pattern differs from another.

    References
    ----------
    Efron 1981, Nonparametric standard errors and confidence intervals (tilting),
    doi:10.2307/3314608.
    """
    share = counts.multiplicity / counts.multiplicity.sum()
    pull = _influences(counts, estimator)
    spread = float(np.sqrt(np.average(pull**2, weights=share)))
    if not np.isfinite(spread) or spread == 0:
        raise UnsupportedError(
            "no cluster differs from another in this estimate, so there is nothing to plan with"
        )

    def probabilities(strength: float) -> FloatArray:
        exponent = strength * pull / spread
        weight = share * np.exp(exponent - exponent.max())
        return np.asarray(weight / weight.sum())

    def distance(strength: float) -> float:
        return float(estimator(counts.weighted(probabilities(strength)))) - effect

    reach = 1.0
    while np.sign(distance(-reach)) == np.sign(distance(reach)):
        reach *= 2
        if reach > 700:  # beyond, the exponential underflows
            ends = sorted(distance(end) + effect for end in (-reach, reach))
            raise UnsupportedError(
                f"an effect of {effect:g} is beyond what any mixture of this study's clusters "
                f"can show ({ends[0]:.3g} to {ends[1]:.3g}); plan with a smaller one"
            )
    return probabilities(float(optimize.brentq(distance, -reach, reach, xtol=1e-10)))


def power(
    counts: Counts,
    estimator: Estimator,
    *,
    effects: Sequence[float],
    clusters: Sequence[int],
    level: float = 0.95,
    runs: int = 4_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return how often a study like this one would find an effect.

    For each effect and number of clusters, studies are drawn from the tilted patterns, and each is
    tested with its cluster-robust t statistic, two-sided at ``1 - level``.

    Parameters
    ----------
    counts : Counts
        Patterns of the study that is planned from.
    estimator : Estimator
        What is estimated; 0 is no effect.
    effects : sequence of float
        True effects.
    clusters : sequence of int
        Numbers of clusters of the planned study, each at least 2.
    level : float
        Confidence level.
    runs : int
        Simulated studies of each case.
    seed : int
        Seed.

    Returns
    -------
    DataFrame
        `effect, clusters, power, low, high, runs`: the share of studies whose interval excludes
        0, with a 95 % Wilson interval for the error of the simulation.

    Raises
    ------
    UnsupportedError
        As `tilted`, or fewer than 10 clusters to plan from.

    Notes
    -----
    It assumes that the planned clusters are like the study's own. With few clusters to plan from
    the result is no better than they are.
    """
    if counts.n_clusters < _ENOUGH:
        raise UnsupportedError(
            f"{counts.n_clusters} clusters are too few to plan from; at least {_ENOUGH}"
        )
    rows = []
    for effect in effects:
        probability = tilted(counts, estimator, effect)
        for n in clusters:
            rng = stream(seed, "power", f"{effect!r}", str(n))
            found = _share_found(counts, estimator, probability, n, level, runs, rng)
            low, high = _wilson(found, runs)
            rows.append(
                {
                    "effect": effect,
                    "clusters": n,
                    "power": found / runs,
                    "low": low,
                    "high": high,
                    "runs": runs,
                }
            )
    return pd.DataFrame(rows)


def minimum_detectable_effect(
    counts: Counts,
    estimator: Estimator,
    *,
    clusters: Sequence[int],
    wanted: float = 0.8,
    level: float = 0.95,
    runs: int = 4_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return the smallest positive effect that is found with probability `wanted`.

    Parameters
    ----------
    counts, estimator, clusters, level, runs, seed
        As for `power`.
    wanted : float
        Power, between 0 and 1.

    Returns
    -------
    DataFrame
        `clusters, effect, power`; `effect` is missing where no mixture of the study's patterns
        reaches the power.
    """
    rows = []
    for n in clusters:
        effect = _smallest(counts, estimator, n, wanted, level, runs, seed)
        rows.append({"clusters": n, "effect": effect, "power": wanted})
    return pd.DataFrame(rows)


def _smallest(
    counts: Counts,
    estimator: Estimator,
    n: int,
    wanted: float,
    level: float,
    runs: int,
    seed: int,
) -> float:
    def lacking(effect: float) -> float:
        made = power(
            counts, estimator, effects=[effect], clusters=[n], level=level, runs=runs, seed=seed
        )
        return float(made["power"][0]) - wanted

    share = counts.multiplicity / counts.multiplicity.sum()
    spread = float(np.sqrt(np.average(_influences(counts, estimator) ** 2, weights=share)))
    guess = (stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(wanted)) * spread / np.sqrt(n)
    low, high = 0.0, float(guess)
    try:
        while lacking(high) < 0:
            low, high = high, high * 1.5
        for _ in range(12):  # to a part in 4,000 of the bracket, finer than the simulation
            middle = (low + high) / 2
            low, high = (middle, high) if lacking(middle) < 0 else (low, middle)
    except UnsupportedError:
        return float("nan")
    return high


def _share_found(
    counts: Counts,
    estimator: Estimator,
    probability: FloatArray,
    n: int,
    level: float,
    runs: int,
    rng: np.random.Generator,
) -> int:
    weights = rng.multinomial(n, probability, size=runs).astype(np.float64)
    values = np.asarray(estimator(counts.weighted(weights)))
    errors = np.asarray(delta_errors(counts, estimator, weights))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.abs(values) / errors
    # no variation at all says nothing about the next study
    found = np.isfinite(statistic) & (statistic > stats.t.ppf((1 + level) / 2, n - 1))
    return int(found.sum())


def _influences(counts: Counts, estimator: Estimator) -> FloatArray:
    """Return how far one cluster of each pattern pulls the estimate, times clusters less one."""
    value = float(estimator(counts.totals))
    return np.asarray((counts.n_clusters - 1) * (value - delete_one(counts, estimator)))


def _wilson(found: int, runs: int) -> tuple[float, float]:
    z = 1.959964
    share = found / runs
    middle = (share + z**2 / (2 * runs)) / (1 + z**2 / runs)
    half = z / (1 + z**2 / runs) * np.sqrt(share * (1 - share) / runs + z**2 / (4 * runs**2))
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))
