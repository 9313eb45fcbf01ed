"""Proper scores of confidence, and what part of the Brier score is miscalibration."""

from __future__ import annotations

import numpy as np
from scipy.optimize import isotonic_regression

from foresay.counts import FloatArray, ratio
from foresay.measures.calibration.levels import Levels


def brier(levels: Levels) -> FloatArray:
    """Return the Brier score, shape ``(...)``, in 0..1: the mean of (confidence - right)^2.

    A match that is a share of repeats counts as a run that is right with that chance.
    """
    f = levels.value
    terms = levels.n * f**2 - 2 * f * levels.y + levels.y
    return ratio(terms.sum(axis=-1), levels.total)


def log_score(levels: Levels) -> FloatArray:
    """Return the mean surprise ``-log p(what happened)`` in nats, shape ``(...)``, from 0 up.

    Confidences are clipped to `CLIP` .. 1 - `CLIP`.
    """
    f = levels.clipped
    terms = levels.y * np.log(f) + (levels.n - levels.y) * np.log1p(-f)
    return ratio(-terms.sum(axis=-1), levels.total)


def uncertainty(levels: Levels) -> FloatArray:
    """Return the Brier score of always saying the share that was right, shape ``(...)``."""
    share = ratio(levels.y.sum(axis=-1), levels.total)
    return np.asarray(share * (1 - share))


def miscalibration(levels: Levels) -> FloatArray:
    """Return what recalibration would take off the Brier score, shape ``(...)``, from 0 up."""
    return np.maximum(brier(levels) - _recalibrated(levels), 0.0)  # below 0 by rounding alone


def discrimination(levels: Levels) -> FloatArray:
    """Return what recalibrated confidence gains over a constant, shape ``(...)``, from 0 up."""
    return np.maximum(uncertainty(levels) - _recalibrated(levels), 0.0)


def calibration_skill(levels: Levels) -> FloatArray:
    """Return 1 - Brier / uncertainty, shape ``(...)``, up to 1: skill over the best constant."""
    return 1 - ratio(brier(levels), uncertainty(levels))


def _recalibrated(levels: Levels) -> FloatArray:
    """Return the Brier score of the isotonic fit."""
    fit = recalibrated(levels)
    terms = levels.n * fit**2 - 2 * fit * levels.y + levels.y
    return ratio(terms.sum(axis=-1), levels.total)


def recalibrated(levels: Levels) -> FloatArray:
    """Return the isotonic fit of the share right at each confidence, shape ``(..., levels)``.

    Pools adjacent violators; a level without trials takes the value of the next one below that has
    some, or 0.

    References
    ----------
    Dimitriadis, Gneiting & Jordan 2021, doi:10.1073/pnas.2016191118.
    """
    n = np.broadcast_to(levels.n, levels.y.shape).reshape(-1, len(levels.value))
    y = levels.y.reshape(n.shape)
    fit = np.zeros(n.shape)
    for row, (size, right) in enumerate(zip(n, y, strict=True)):
        there = np.flatnonzero(size > 0)
        if len(there):
            pooled = isotonic_regression(right[there] / size[there], weights=size[there]).x
            place = np.searchsorted(there, np.arange(len(size)), side="right") - 1
            fit[row] = np.where(place >= 0, pooled[np.maximum(place, 0)], 0.0)
    return fit.reshape(levels.y.shape)
