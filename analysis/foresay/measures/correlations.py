"""Correlation of what is reported with what is, and what unreliable repeats take from it.

One point is a predictor and an item: the mean of its numeric predictions, and the mean of the
target's numeric behaviours. Means of repeats are noisy, which pulls a correlation towards 0; where
there are repeats, the noise is known, and the correction undoes it.
"""

from __future__ import annotations

import numpy as np

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Difference
from foresay.measures.measure import Measure

POINT_SUMS = ("points", "x", "y", "xx", "yy", "xy")
"""Number of points, and the sums of reported (x) and actual (y) means, squares and products."""

REPEATED = tuple(f"{s}_{of}" for s in "xy" for of in ("repeated", "mean", "square", "pairs"))
"""For x and y, over the points with two repeats or more: their number, the sum of their means, of
the squares of these, and of the mean products of two different repeats."""


def correlation(sums: Sums) -> FloatArray:
    """Return Pearson's correlation of reported and actual means, shape ``(...)``, in -1..1.

    ``nan`` where either does not vary.
    """
    n = sums["points"]
    across = ratio(sums["xy"], n) - ratio(sums["x"], n) * ratio(sums["y"], n)
    product = _variance(sums, "x") * _variance(sums, "y")
    return _quotient(across, product)


def _variance(sums: Sums, of: str) -> FloatArray:
    n = sums["points"]
    square, mean = ratio(sums[of + of], n), ratio(sums[of], n)
    found = square - mean**2
    # what is left of equal numbers is rounding
    return np.where(found > 1e-12 * square, found, 0.0)


def _quotient(numerator: FloatArray, product: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(product > 0, numerator / np.sqrt(np.abs(product)), np.nan)


def reliability(sums: Sums, of: str) -> FloatArray:
    """Return the share of the variance of means that is no noise of repeats, shape ``(...)``.

    Parameters
    ----------
    sums : Sums
        `REPEATED`.
    of : {"x", "y"}
        Reported or actual.

    Returns
    -------
    array
        The covariance of two different repeats over the variance of means, both over the points
        with two repeats or more; below 0 where repeats are less alike than points; ``nan`` where
        no point has two.
    """
    n = sums[f"{of}_repeated"]
    centre = ratio(sums[f"{of}_mean"], n) ** 2
    square = ratio(sums[f"{of}_square"], n)
    true, seen = ratio(sums[f"{of}_pairs"], n) - centre, square - centre
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(seen > 1e-12 * square, true / seen, np.nan)


def correlation_corrected(sums: Sums) -> FloatArray:
    """Return the correlation divided by the root of both reliabilities, shape ``(...)``.

    A side without any repeats is taken for free of noise. Above 1 is possible by chance; ``nan``
    where a reliability is not above 0.
    """
    product = np.ones(np.shape(sums["points"]))
    for of in ("x", "y"):
        known = sums[f"{of}_repeated"] > 0
        product = product * np.where(known, np.maximum(reliability(sums, of), 0.0), 1.0)
    return _quotient(correlation(sums), product)


def reliability_reported(sums: Sums) -> FloatArray:
    """Return the reliability of the means of repeated predictions, shape ``(...)``."""
    return reliability(sums, "x")


def reliability_actual(sums: Sums) -> FloatArray:
    """Return the reliability of the means of repeated behaviours, shape ``(...)``."""
    return reliability(sums, "y")


_UNBOUNDED = Difference(-np.inf, np.inf)
_SPEARMAN = "Spearman 1904, doi:10.2307/1412159"

CORRELATION = Measure(
    name="correlation",
    title="Correlation",
    sums=POINT_SUMS,
    estimator=correlation,
    kind=Difference(-1.0, 1.0),
    definition="Pearson's correlation, over items, of the mean of a predictor's numeric "
    "predictions with the mean of the target's numeric behaviours; its interval is made on "
    "Fisher's scale.",
    formula=r"\frac{\sum_i (x_i - \bar x)(y_i - \bar y)}"
    r"{\sqrt{\sum_i (x_i - \bar x)^2 \sum_i (y_i - \bar y)^2}}",
    source="Fisher 1915, doi:10.2307/2331838",
)

RANK_CORRELATION = Measure(
    name="rank_correlation",
    title="Rank correlation",
    sums=POINT_SUMS,
    estimator=correlation,
    kind=Difference(-1.0, 1.0),
    definition="Spearman's correlation: that of the ranks of the same means, ties sharing the "
    "middle of their ranks. Its error takes into account that other items would change the ranks.",
    formula=r"\operatorname{cor}(\operatorname{rank} x, \operatorname{rank} y)",
    source=_SPEARMAN,
)

CORRELATION_CORRECTED = Measure(
    name="correlation_corrected",
    title="Correlation, corrected for attenuation",
    sums=(*POINT_SUMS, *REPEATED),
    estimator=correlation_corrected,
    kind=_UNBOUNDED,
    definition="The correlation as it would be without the noise of repeats: divided by the root "
    "of the reliabilities of predictions and behaviours, each the covariance of two repeats over "
    "the variance of the means. Can exceed 1 by chance; a side that has no repeats is not "
    "corrected for, and the note says so.",
    formula=r"r \big/ \sqrt{\rho_x \rho_y}",
    source=_SPEARMAN,
)

RELIABILITY_REPORTED = Measure(
    name="reliability_reported",
    title="Reliability of predictions",
    sums=REPEATED[:4],
    estimator=reliability_reported,
    kind=_UNBOUNDED,
    definition="The share of the variance, over items, of a predictor's mean predictions that is "
    "no noise of its repeats.",
    formula=r"\frac{\operatorname{cov}(x_{ir}, x_{is})}{\operatorname{var}(\bar x_i)}",
    source=_SPEARMAN,
)

RELIABILITY_ACTUAL = Measure(
    name="reliability_actual",
    title="Reliability of behaviours",
    sums=REPEATED[4:],
    estimator=reliability_actual,
    kind=_UNBOUNDED,
    definition="The share of the variance, over items, of the target's mean behaviours that is no "
    "noise of its repeats.",
    formula=r"\frac{\operatorname{cov}(y_{ir}, y_{is})}{\operatorname{var}(\bar y_i)}",
    source=_SPEARMAN,
)

CORRELATIONS = (
    CORRELATION,
    RANK_CORRELATION,
    CORRELATION_CORRECTED,
    RELIABILITY_REPORTED,
    RELIABILITY_ACTUAL,
)
"""In the order in which tables list them."""
