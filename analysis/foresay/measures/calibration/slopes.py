"""Derivatives in the sums of each confidence, in closed form where a measure is costly.

Each function returns an array of shape (3, levels): the derivative in the trials, the matches and
the squared matches of each confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from foresay.counts import FloatArray
from foresay.measures.calibration.errors import smooth_ece
from foresay.measures.calibration.levels import Levels
from foresay.measures.calibration.recalibration import calibration_intercept, calibration_slope
from foresay.measures.calibration.scores import recalibrated

_POINTS = 4_096
"""Where the sign of the smoothed residuals is looked at; fewer would blur where it changes."""


def _of(n: FloatArray, y: FloatArray) -> FloatArray:
    return np.stack([n, y, np.zeros_like(y)])


def _score(levels: Levels, fit: FloatArray) -> FloatArray:
    """Differentiate the Brier score of a fit that does not move, or is the best of its kind."""
    terms = levels.n * fit**2 - 2 * fit * levels.y + levels.y
    value = terms.sum() / levels.total
    return _of((fit**2 - value) / levels.total, (1 - 2 * fit) / levels.total)


def of_miscalibration(levels: Levels) -> FloatArray:
    """Differentiate MCB: the isotonic fit is the best one, so its own change does not count."""
    return _score(levels, levels.value) - _score(levels, recalibrated(levels))


def of_discrimination(levels: Levels) -> FloatArray:
    """Differentiate DSC; the constant is the best one too."""
    share = np.full(len(levels.value), levels.y.sum() / levels.total)
    return _score(levels, share) - _score(levels, recalibrated(levels))


def _of_line(levels: Levels, which: int) -> FloatArray:
    f = levels.clipped
    x = np.log(f / (1 - f))
    a, b = float(calibration_intercept(levels)), float(calibration_slope(levels))
    if not np.isfinite(b):
        return np.zeros((3, len(x)))
    p = 1 / (1 + np.exp(-(a + b * x)))
    weight = levels.n * p * (1 - p)
    bend = np.array([[weight.sum(), weight @ x], [weight @ x, weight @ x**2]])
    pull = np.linalg.solve(bend, np.stack([np.ones_like(x), x]))[which]
    return _of(-p * pull, pull)


def of_intercept(levels: Levels) -> FloatArray:
    """Take Newton's step for a score that has moved."""
    return _of_line(levels, 0)


def of_slope(levels: Levels) -> FloatArray:
    """Take Newton's step for a score that has moved."""
    return _of_line(levels, 1)


def of_smooth_ece(levels: Levels) -> FloatArray:
    """Differentiate the equation that the error solves."""
    value, f = float(smooth_ece(levels)), levels.value
    if not value > 0:
        return np.zeros((3, len(f)))
    total = float(levels.total)
    terms = int(min(4096, np.ceil(5.3 / (np.pi * value)) + 1))
    order = np.arange(terms)
    points = max(_POINTS, 4 * terms)
    middle = (np.arange(points) + 0.5) / points
    series = np.cos(np.pi * f[:, None] * order)
    curve = np.cos(np.pi * order[:, None] * middle) * np.where(order > 0, 2.0, 1.0)[:, None]
    damping = np.exp(-((np.pi * value * order) ** 2) / 2)
    weight = ((levels.y - levels.n * f) / total) @ series * damping
    smoothed = weight @ curve
    signs = curve @ np.sign(smoothed) / len(middle)
    in_residual = series @ (damping * signs)
    in_width = -float((weight * value * (np.pi * order) ** 2) @ signs)
    size = float(np.abs(smoothed).mean())
    slope = 1 - in_width
    return _of((-f * in_residual - size) / total / slope, in_residual / total / slope)


SLOPES: Mapping[str, Callable[[Levels], FloatArray]] = MappingProxyType(
    {
        "miscalibration": of_miscalibration,
        "discrimination": of_discrimination,
        "calibration_slope": of_slope,
        "calibration_intercept": of_intercept,
        "smooth_ece": of_smooth_ece,
    }
)
"""By the name of the measure; the others are cheap to differentiate numerically."""
