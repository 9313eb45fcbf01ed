"""Equivalence and superiority with a stated margin, from an estimate and its standard error.

The margin belongs into the study file, before the data: how small a difference does not matter. A
margin chosen after looking shows nothing. A difference that is *not shown* is not equivalence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An estimate with what its t test needs.

    Parameters
    ----------
    value : float
        The estimate; a difference, or the logarithm of a ratio.
    standard_error : float
        Its standard error, above 0.
    degrees : float
        Degrees of freedom, at least 1 (Satterthwaite's).
    """

    value: float
    standard_error: float
    degrees: float

    def above(self, bound: float) -> float:
        """Return the p-value of the null that the true value is `bound` or less."""
        t = (self.value - bound) / self.standard_error
        return float(special.stdtr(self.degrees, -t))

    def below(self, bound: float) -> float:
        """Return the p-value of the null that the true value is `bound` or more."""
        t = (self.value - bound) / self.standard_error
        return float(special.stdtr(self.degrees, t))

    def interval(self, level: float) -> tuple[float, float]:
        """Return the two-sided t interval."""
        t = float(special.stdtrit(self.degrees, 1 - (1 - level) / 2))
        half = t * self.standard_error
        return self.value - half, self.value + half


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginTest:
    """Result of a test against a margin.

    Parameters
    ----------
    p_value : float
        Of the null that the true value is not where it should be; ``nan`` where undefined.
    low, high : float
        Bounds of the interval at ``1 - 2 alpha``: the null is rejected at ``alpha`` exactly where
        the interval lies inside the margins (equivalence) or above the margin (superiority).
    """

    p_value: float
    low: float
    high: float


def equivalence(measured: Measured | Unvarying, margin: float, alpha: float) -> MarginTest:
    """Return two one-sided tests that the true value lies strictly within -/+ `margin`.

    Parameters
    ----------
    measured : Measured
        Estimate, standard error and degrees of freedom.
    margin : float
        Above 0, on the scale of the estimate.
    alpha : float
        Error rate, such as 0.05.

    References
    ----------
    Schuirmann 1987, doi:10.1007/BF01068419.
    """
    low, high = measured.interval(1 - 2 * alpha) if alpha < 0.5 else (math.nan, math.nan)
    p = max(measured.above(-margin), measured.below(margin))
    return MarginTest(p_value=p, low=low, high=high)


def superiority(measured: Measured | Unvarying, margin: float, alpha: float) -> MarginTest:
    """Return the one-sided test that the true value is above `margin`; see `equivalence`."""
    low, high = measured.interval(1 - 2 * alpha) if alpha < 0.5 else (math.nan, math.nan)
    return MarginTest(p_value=measured.above(margin), low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unvarying:
    """An estimate to which every cluster contributes alike, so that it has no standard error.

    At most a share ``q = 1 - alpha^(1 / clusters)`` of the clusters can differ from those seen,
    and these by no more than the bounds of the estimate: the exact bound that intervals use too.

    Parameters
    ----------
    value : float
        The estimate.
    lowest, highest : float
        Its bounds; finite.
    clusters : int
        Number of clusters.
    """

    value: float
    lowest: float
    highest: float
    clusters: int

    def above(self, bound: float) -> float:
        """Return the p-value of the null that the true value is `bound` or less."""
        return self._p(self.value - bound, self.value - self.lowest)

    def below(self, bound: float) -> float:
        """Return the p-value of the null that the true value is `bound` or more."""
        return self._p(bound - self.value, self.highest - self.value)

    def interval(self, level: float) -> tuple[float, float]:
        """Return the two-sided interval."""
        q = 1 - ((1 - level) / 2) ** (1 / self.clusters)
        return self.value - q * (self.value - self.lowest), self.value + q * (
            self.highest - self.value
        )

    def _p(self, room: float, reach: float) -> float:
        if room <= 0:
            return 1.0
        # a bound that cannot be reached at all is refuted by the arithmetic, whatever the data
        return max(0.0, 1 - room / reach) ** self.clusters if reach > 0 else 0.0
