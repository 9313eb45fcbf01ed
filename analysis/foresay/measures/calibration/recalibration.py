"""Logistic recalibration: the slope and intercept of right on the log odds of confidence."""

from __future__ import annotations

import numpy as np

from foresay.counts import FloatArray
from foresay.measures.calibration.levels import Levels

STEPS = 40
LARGEST = 60.0
"""A coefficient beyond this is one that separates right from wrong: there is no maximum."""


def calibration_slope(levels: Levels) -> FloatArray:
    """Return the slope, shape ``(...)``: 1 is calibrated, below 1 is too extreme, ``nan`` none."""
    return _fit(levels)[1]


def calibration_intercept(levels: Levels) -> FloatArray:
    """Return the intercept, shape ``(...)``, in log odds where confidence is one half."""
    return _fit(levels)[0]


def _fit(levels: Levels) -> tuple[FloatArray, FloatArray]:
    """Fit log odds(right) = a + b log odds(confidence) by maximum likelihood, all at once.

    Undefined where all trials are right or all wrong, where there is one confidence, or where a
    confidence separates right from wrong.
    """
    f = levels.clipped
    x = np.log(f / (1 - f))
    n, y = np.broadcast_arrays(levels.n, levels.y)
    shape = y.shape[:-1]
    n, y = n.reshape(-1, len(x)), y.reshape(-1, len(x))
    total, right = n.sum(axis=-1), y.sum(axis=-1)
    share = np.clip(right / np.maximum(total, 1e-300), 1e-9, 1 - 1e-9)
    a, b = np.log(share / (1 - share)), np.zeros(len(n))
    done = np.zeros(len(n), bool)
    found = np.full((2, len(n)), np.nan)
    todo = np.flatnonzero((right > 0) & (right < total))
    for _ in range(STEPS):
        if not len(todo):
            break
        p = 1 / (1 + np.exp(-np.clip(a[todo, None] + b[todo, None] * x, -700, 700)))
        miss, weight = y[todo] - n[todo] * p, n[todo] * p * (1 - p)
        rise = (miss.sum(axis=-1), miss @ x)
        bend = (weight.sum(axis=-1), weight @ x, weight @ x**2)
        area = bend[0] * bend[2] - bend[1] ** 2
        flat = ~(area > 1e-12 * bend[0] * bend[2])
        area = np.where(flat, 1.0, area)
        step_a = (bend[2] * rise[0] - bend[1] * rise[1]) / area
        step_b = (bend[0] * rise[1] - bend[1] * rise[0]) / area
        largest = np.maximum(np.abs(step_a), np.abs(step_b))
        short = np.minimum(1.0, 4.0 / np.maximum(largest, 1e-300))  # a Newton step may overshoot
        a[todo] += np.where(flat, 0.0, short * step_a)
        b[todo] += np.where(flat, 0.0, short * step_b)
        settled = ~flat & (largest < 1e-8)
        done[todo] |= settled
        lost = flat | (np.abs(b[todo]) > LARGEST) | (np.abs(a[todo]) > LARGEST)
        todo = todo[~settled & ~lost]
    found[0, done], found[1, done] = a[done], b[done]
    return found[0].reshape(shape), found[1].reshape(shape)
