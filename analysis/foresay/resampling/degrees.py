"""How many degrees of freedom a variance over clusters really has."""

from __future__ import annotations

import numpy as np

from foresay.counts import FloatArray


def satterthwaite_degrees(residual: FloatArray, weight: FloatArray, degrees: float) -> float:
    """Return the degrees of freedom that the kurtosis of the residuals leaves.

    Parameters
    ----------
    residual : array of shape (patterns,)
        What each cluster of a pattern contributes to the error of an estimate, about 0.
    weight : array of shape (patterns,)
        Clusters of each pattern.
    degrees : float
        Degrees of freedom that the design gives: clusters minus strata.

    Returns
    -------
    float
        ``2 G / (kurtosis - (G - 3) / (G - 1))`` within 1..`degrees`, for G clusters: G - 1 for
        normal residuals, and about 2 where a single cluster holds all of the error.

    References
    ----------
    O'Neill 2014, doi:10.1080/00031305.2014.966589 (moments of the sample variance);
    Satterthwaite 1946, doi:10.2307/3002019.
    """
    n = float(weight.sum())
    second = float((weight * residual**2).sum())
    if n < 2 or second == 0:
        return degrees
    kurtosis = n * float((weight * residual**4).sum()) / second**2
    spread = kurtosis - (n - 3) / (n - 1)
    return degrees if spread <= 0 else float(np.clip(2 * n / spread, 1.0, max(degrees, 1.0)))
