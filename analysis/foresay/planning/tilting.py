"""Tilting: the smallest change of a study's patterns that gives the estimate another value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import optimize

from foresay.counts import Counts, Estimator, FloatArray
from foresay.errors import UnsupportedError
from foresay.resampling.jackknife import delete_one

_FARTHEST = 700.0  # beyond, the exponential underflows


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
    pull = influences(counts, estimator)
    spread = float(np.sqrt(np.average(pull**2, weights=share)))
    # differences that are only rounding are none
    if not np.isfinite(spread) or spread <= 1e-9 * max(abs(float(estimator(counts.totals))), 1e-9):
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
    ends = (distance(-reach), distance(reach))
    while ends[0] * ends[1] > 0:
        wider = (distance(-2 * reach), distance(2 * reach))
        if 2 * reach > _FARTHEST or np.isnan(wider).any():
            low, high = sorted(end + effect for end in ends)
            raise UnsupportedError(
                f"an effect of {effect:g} is beyond what any mixture of this study's clusters "
                f"can show ({low:.3g} to {high:.3g}); plan with one between"
            )
        reach, ends = 2 * reach, wider
    return probabilities(float(optimize.brentq(distance, -reach, reach, xtol=1e-10)))


def influences(counts: Counts, estimator: Estimator) -> FloatArray:
    """Return how far one cluster of each pattern pulls the estimate, times clusters less one.

    Shape (patterns,). Strata are ignored: a planned study need not have them.
    """
    counts = replace(counts, stratum=np.zeros_like(counts.stratum))
    value = float(estimator(counts.totals))
    return np.asarray((counts.n_clusters - 1) * (value - delete_one(counts, estimator)))
