"""Random-effects mean of effects with known errors: Paule-Mandel, with Hartung-Knapp interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from foresay.counts import FloatArray

NUMBERS = (
    "value",
    "standard_error",
    "low",
    "high",
    "prediction_low",
    "prediction_high",
    "tau2",
    "i2",
    "q",
    "q_p_value",
    "p_value",
)
"""The numbers of a summary, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomEffects:
    """A random-effects mean with Hartung-Knapp interval.

    Parameters
    ----------
    value, standard_error : float
        The weighted mean and its error; ``nan`` with fewer than two effects.
    low, high : float
        Interval, t with ``n_effects - 1`` degrees of freedom.
    prediction_low, prediction_high : float
        Where the effect of one more task may lie, t with ``n_effects - 2`` degrees; ``nan`` with
        fewer than three effects.
    tau2 : float
        Variance between effects (Paule-Mandel).
    i2 : float
        Share of the variance of the effects that is between them, in 0..1.
    q, q_p_value : float
        Cochran's Q, and its p-value of the null that all effects are the same.
    p_value : float
        Of the null that the mean is 0.
    weights : array of shape (effects,)
        Shares of the effects in the mean.
    """

    value: float
    standard_error: float
    low: float
    high: float
    prediction_low: float
    prediction_high: float
    tau2: float
    i2: float
    q: float
    q_p_value: float
    p_value: float
    weights: FloatArray


def random_effects(values: FloatArray, errors: FloatArray, level: float) -> RandomEffects:
    """Combine effects with known errors.

    Parameters
    ----------
    values, errors : arrays of shape (effects,)
        Estimates and their standard errors, finite and above 0.
    level : float
        Confidence level in 0..1.

    Notes
    -----
    The Hartung-Knapp factor is never taken below 1: with few, similar effects it would make the
    interval shorter than that of a single common effect.

    References
    ----------
    Paule & Mandel 1982, doi:10.6028/jres.087.022; Hartung & Knapp 2001, doi:10.1002/sim.791;
    Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x (prediction);
    Rover, Knapp & Friede 2015, doi:10.1186/s12874-015-0091-1 (the factor).
    """
    k = len(values)
    if k < 2:
        one = np.ones(k)
        return RandomEffects(**dict.fromkeys(NUMBERS, math.nan), weights=one)
    tau2, q = _tau2(values, errors**2)
    raw = 1 / (errors**2 + tau2)
    weights = raw / raw.sum()
    mean = float(weights @ values)
    factor = max(1.0, float(raw @ (values - mean) ** 2) / (k - 1))
    error = math.sqrt(factor / raw.sum())
    tail = 1 - (1 - level) / 2
    half = float(special.stdtrit(k - 1, tail)) * error
    reach = math.nan
    if k > 2:
        reach = float(special.stdtrit(k - 2, tail)) * math.sqrt(tau2 + error**2)
    return RandomEffects(
        value=mean,
        standard_error=error,
        low=mean - half,
        high=mean + half,
        prediction_low=mean - reach,
        prediction_high=mean + reach,
        tau2=tau2,
        i2=max(0.0, (q - (k - 1)) / q) if q > 0 else 0.0,
        q=q,
        q_p_value=float(special.chdtrc(k - 1, q)),
        p_value=2 * float(special.stdtr(k - 1, -abs(mean) / error)),
        weights=weights,
    )


def _tau2(values: FloatArray, variances: FloatArray) -> tuple[float, float]:
    """Return the Paule-Mandel variance between effects, and Cochran's Q.

    The variance between is what makes the generalised Q its expectation. Q falls as it grows, so
    there is one such value; the iteration of statsmodels may stop before it.
    """
    from scipy.optimize import brentq

    degrees = len(values) - 1

    def excess(tau2: float) -> float:
        weights = 1 / (variances + tau2)
        middle = float(weights @ values) / float(weights.sum())
        return float(weights @ (values - middle) ** 2) - degrees

    q = excess(0.0) + degrees
    # with all weights the same, more between-variance than this leaves less than is expected
    most = float(((values - values.mean()) ** 2).sum()) / degrees
    if q <= degrees or most == 0:
        return 0.0, q
    return float(brentq(excess, 0.0, most, xtol=1e-16, rtol=1e-12)), q
