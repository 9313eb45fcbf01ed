"""Two-way variances: what items and runs each add, without counting their cells twice.

The variance is that of items plus that of runs minus that of single cells, and never less than
the larger of the first two: the difference is an estimate, and by chance it can be too small, even
negative.

References
----------
Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136; Miglioretti & Heagerty 2007,
doi:10.1093/aje/kwk021.
"""

from __future__ import annotations

from math import sqrt

Part = tuple[float, float]


def two_way_variance(items: float, runs: float, cells: float) -> float:
    """Return the variance of an estimate over items and runs.

    Parameters
    ----------
    items, runs, cells : float
        Variance of the estimate when the units of one kind alone are taken for independent.
    """
    return max(items + runs - cells, items, runs)


def two_way_degrees(variance: float, items: Part, runs: Part) -> float:
    """Return the degrees of freedom of a two-way variance.

    Parameters
    ----------
    variance : float
        The two-way variance.
    items, runs : (float, float)
        Variance and degrees of freedom of each way.

    Returns
    -------
    float
        ``V^2 / (V_items^2 / d_items + V_runs^2 / d_runs)``, at least 1: that of the runs where
        they make up the variance, that of the items where runs hardly differ.

    References
    ----------
    Satterthwaite 1946, doi:10.2307/3002019.
    """
    spread = sum(part**2 / degrees for part, degrees in (items, runs) if degrees > 0)
    bound = max(items[1], runs[1], 1.0)
    return bound if not spread > 0 else min(max(variance**2 / spread, 1.0), bound)


def two_way_acceleration(items: Part, runs: Part) -> float:
    """Return the acceleration of BCa where items and runs both vary.

    Parameters
    ----------
    items, runs : (float, float)
        Variance and acceleration of each way.

    Returns
    -------
    float
        Third cumulants add as variances do: ``(a V^1.5 + b W^1.5) / (V + W)^1.5``.
    """
    total = items[0] + runs[0]
    if total == 0:
        return 0.0
    skew = sum(acceleration * sqrt(part) ** 3 for part, acceleration in (items, runs))
    return skew / sqrt(total) ** 3
