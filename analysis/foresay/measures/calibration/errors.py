"""Calibration errors: how far the share of right predictions is from their confidence."""

from __future__ import annotations

import numpy as np

from foresay.counts import FloatArray, IntArray, ratio
from foresay.measures.calibration.bins import (
    binned,
    equal_mass,
    equal_width,
    quantile_bins,
)
from foresay.measures.calibration.levels import Levels


def calibration_l2(levels: Levels) -> FloatArray:
    """Return the debiased squared error over 15 equal-mass bins, shape ``(...)``; may be negative.

    The sum over bins of ``n_b / n ((f_b - y_b)^2 - s_b^2 / n_b)``, where ``s_b^2`` is the variance
    of the matches in the bin with ``n_b - 1``; for matches of 0 and 1 that is
    ``y_b (1 - y_b) / (n_b - 1)``. A bin with fewer than two trials contributes nothing;
    ``nan`` where no bin has two.
    """
    found = binned(levels, equal_mass(levels))
    size = np.maximum(found.n, 1)
    share = found.y / size
    gap = found.f / size - share
    spread = np.maximum(found.squares - size * share**2, 0) / np.maximum(size - 1, 1) / size
    terms = np.where(found.n > 1, found.n * (gap**2 - spread), 0.0)
    some = (found.n > 1).any(axis=-1)
    return np.where(some, ratio(terms.sum(axis=-1), levels.total), np.nan)


def ece(levels: Levels) -> FloatArray:
    """Return the expected calibration error over 15 equal-mass bins, shape ``(...)``, in 0..1."""
    return _weighted_gap(levels, equal_mass(levels))


def ece_equal_width(levels: Levels) -> FloatArray:
    """Return the expected calibration error over 15 bins of equal width, shape ``(...)``."""
    return _weighted_gap(levels, equal_width(levels))


def _weighted_gap(levels: Levels, bins: IntArray) -> FloatArray:
    found = binned(levels, bins)
    return ratio(np.abs(found.f - found.y).sum(axis=-1), levels.total)


def mad(levels: Levels) -> FloatArray:
    """Return the mean absolute deviation of the decile bins, shape ``(...)``, in 0..1.

    Every bin counts the same, however few trials equal confidences leave in it.
    """
    found = binned(levels, quantile_bins(levels))
    there = found.n > 0
    gap = np.where(there, np.abs(found.f - found.y) / np.maximum(found.n, 1e-300), 0.0)
    return ratio(gap.sum(axis=-1), there.sum(axis=-1).astype(np.float64))


SMALL = 50_000
"""Up to this many trials the smooth error is resolved down to .007, above it to .003."""


def smooth_ece(levels: Levels) -> FloatArray:
    """Return the smooth calibration error, shape ``(...)``, in 0..1; it has no bins.

    The bandwidth at which the residuals, smoothed by a Gaussian kernel that is reflected at 0 and
    1, have a mean absolute value equal to the bandwidth.

    Notes
    -----
    The reflected kernel of bandwidth s multiplies the cosine series of the residuals by
    ``exp(-(k pi s)^2 / 2)``, so smoothing is a product and no pass over the trials.

    References
    ----------
    Błasiok & Nakkiran 2023, arXiv:2309.12236.
    """
    terms = 256 if levels.mass.sum() <= SMALL else 512
    order = np.arange(terms)
    series = np.cos(np.pi * levels.value[:, None] * order)
    curve = np.cos(np.pi * order[:, None] * (np.arange(terms) + 0.5) / terms) * 2
    curve[0] = 1.0
    total = levels.total[..., None]
    residual = (levels.y - levels.n * levels.value) / np.maximum(total, 1e-300)
    weight = residual.reshape(-1, len(levels.value)) @ series
    found = np.concatenate([_fixed_point(part, order, curve) for part in _chunks(weight)])
    return np.where(levels.total > 0, found.reshape(levels.total.shape), np.nan)


def _chunks(weight: FloatArray) -> list[FloatArray]:
    return np.array_split(weight, max(1, len(weight) // 1_000))


def _fixed_point(weight: FloatArray, order: IntArray, curve: FloatArray) -> FloatArray:
    """Return where the smoothed error equals its bandwidth; it falls as the bandwidth rises.

    `weight` is (rows, terms), `curve` (terms, points). False position on logarithms, with the
    Illinois rule, which takes half the steps that halving does.
    """

    def excess(log_width: FloatArray) -> FloatArray:
        width = np.exp(log_width)
        damped = weight * np.exp(-((np.pi * width[:, None] * order) ** 2) / 2)
        return np.asarray(np.log(np.abs(damped @ curve).mean(axis=-1) + 1e-300) - log_width)

    # at the smallest bandwidth the last term is damped to 1e-6
    low = np.full(len(weight), np.log(5.3 / (np.pi * len(order))))
    high = np.zeros(len(weight))
    at_low, at_high = excess(low), excess(high)
    found = low + at_low  # an error below the smallest bandwidth is taken at that one
    side = np.zeros(len(weight))
    todo = at_low > 0
    for _ in range(30):
        if not todo.any():
            break
        with np.errstate(divide="ignore", invalid="ignore"):
            place = np.where(todo, (low * at_high - high * at_low) / (at_high - at_low), low)
        value = excess(place)
        found = np.where(todo, place, found)
        rises = value > 0
        # an end that stays twice counts half
        at_high = np.where(rises, np.where(side == 1, at_high / 2, at_high), value)
        at_low = np.where(rises, value, np.where(side == -1, at_low / 2, at_low))
        low, high = np.where(rises, place, low), np.where(rises, high, place)
        side = np.where(rises, 1, -1)
        todo &= np.abs(value) > 1e-6
    return np.where(found < -200, 0.0, np.exp(found))
