"""Levels: trials added up by their confidence, all that a calibration measure needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foresay.counts import FloatArray

GRID = 1_000
"""Confidences are rounded to a whole number of these parts, which leaves .05 or .875 exact."""

CLIP = 0.5 / GRID
"""A logarithm of a confidence nearer to 0 or 1 than this takes this instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Sums of the trials of each confidence.

    Parameters
    ----------
    value : array of shape (levels,)
        The confidences, in 0..1, ascending, each once.
    mass : array of shape (levels,)
        Trials of each in the observed data, on which bins are fixed.
    n : array of shape (..., levels)
        Trials; 0 where a resample has none.
    y : array of shape (..., levels)
        Sum of their matches, each in 0..1.
    squares : array of shape (..., levels)
        Sum of the squared matches; `y` itself where matches are 0 or 1.
    """

    value: FloatArray
    mass: FloatArray
    n: FloatArray
    y: FloatArray
    squares: FloatArray

    @classmethod
    def observed(
        cls, value: FloatArray, n: FloatArray, y: FloatArray, squares: FloatArray | None = None
    ) -> Levels:
        """Return the levels of observed sums, each of shape (levels,)."""
        n, y = np.asarray(n, np.float64), np.asarray(y, np.float64)
        return cls(
            value=np.asarray(value, np.float64),
            mass=n,
            n=n,
            y=y,
            squares=y if squares is None else np.asarray(squares, np.float64),
        )

    @property
    def total(self) -> FloatArray:
        """Number of trials, shape ``(...)``."""
        return np.asarray(self.n.sum(axis=-1))

    @property
    def clipped(self) -> FloatArray:
        """The confidences, no nearer to 0 or 1 than `CLIP`, shape (levels,)."""
        return np.clip(self.value, CLIP, 1 - CLIP)

    def replaced(self, n: FloatArray, y: FloatArray, squares: FloatArray) -> Levels:
        """Return other sums of the same confidences, with the same bins."""
        return Levels(value=self.value, mass=self.mass, n=n, y=y, squares=squares)


def levels_of(confidence: FloatArray, match: FloatArray) -> Levels:
    """Add trials up by their confidence, without rounding.

    Parameters
    ----------
    confidence, match : arrays of shape (n,)
        Each in 0..1.

    Examples
    --------
    >>> found = levels_of(np.array([.9, .5, .9]), np.array([1, 0, 0]))
    >>> found.value.tolist(), found.n.tolist(), found.y.tolist()
    ([0.5, 0.9], [1.0, 2.0], [0.0, 1.0])
    """
    value, place = np.unique(np.asarray(confidence, np.float64), return_inverse=True)
    match = np.asarray(match, np.float64)
    size = len(value)
    return Levels.observed(
        value,
        np.bincount(place, minlength=size).astype(np.float64),
        np.bincount(place, weights=match, minlength=size).astype(np.float64),
        np.bincount(place, weights=match**2, minlength=size).astype(np.float64),
    )
