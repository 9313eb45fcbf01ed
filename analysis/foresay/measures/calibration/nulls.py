"""The null of a calibration measure: what it would be if confidence were calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts import FloatArray, IntArray
from foresay.measures.calibration.levels import Levels
from foresay.measures.calibration.registry import CalibrationMeasure

DRAWS = 1_000
"""Data sets that are drawn for a null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """A measure on data that are as the confidences say.

    Parameters
    ----------
    mean : float
        Its mean.
    low, high : float
        What it exceeds, and what exceeds it, as often as the level allows; `low` is missing where
        only large values count.
    p : float
        Share of data sets at least as far out as the observed one, the observed one counted:
        never 0.
    """

    mean: float
    low: float
    high: float
    p: float


NOTHING = Null(mean=float("nan"), low=float("nan"), high=float("nan"), p=float("nan"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """How many runs of the target stand behind the matches of each confidence.

    Parameters
    ----------
    place : int64 array of shape (cells,)
        Place of the confidence, ascending; every confidence has one.
    k : int64 array of shape (cells,)
        Runs of each of its trials, at least 1; a match is the share of them.
    n : int64 array of shape (cells,)
        Trials.
    """

    place: IntArray
    k: IntArray
    n: IntArray

    @classmethod
    def single(cls, levels: Levels) -> Runs:
        """Return one run for each trial."""
        size = len(levels.value)
        return cls(
            place=np.arange(size, dtype=np.int64),
            k=np.ones(size, np.int64),
            n=np.rint(levels.mass).astype(np.int64),
        )


def calibrated(
    levels: Levels, rng: np.random.Generator, draws: int = DRAWS, runs: Runs | None = None
) -> Levels:
    """Draw data sets with the same confidences, each run right with the chance it states.

    Parameters
    ----------
    levels : Levels
        Observed, sums of shape (levels,).
    rng : numpy.random.Generator
        A stream of its own.
    draws : int
        Number of data sets.
    runs : Runs, optional
        Runs behind the matches; one for each trial by default.

    Returns
    -------
    Levels
        With leading axis (draws,). Where matches are shares of k runs, the squared matches are
        those expected for their sum.
    """
    runs = runs or Runs.single(levels)
    all_runs = runs.n * runs.k
    chance = levels.value[runs.place]
    right = rng.binomial(all_runs, chance, size=(draws, len(chance))).astype(np.float64)
    twice = right * (right - 1) / np.maximum(all_runs * (all_runs - 1), 1)
    squares = (right + all_runs * (runs.k - 1) * twice) / runs.k**2
    starts = np.flatnonzero(np.diff(runs.place, prepend=-1))
    y = np.add.reduceat(right / runs.k, starts, axis=-1)
    yy = np.add.reduceat(squares, starts, axis=-1)
    return levels.replaced(np.broadcast_to(levels.mass, y.shape), y, yy)


def against_null(
    measures: Sequence[CalibrationMeasure],
    levels: Levels,
    null: Levels,
    level: float,
) -> tuple[Null, ...]:
    """Hold each measure against its values on `null`, which `calibrated` drew.

    Parameters
    ----------
    measures : sequence of CalibrationMeasure
        What is compared.
    levels : Levels
        Observed, sums of shape (levels,).
    null : Levels
        Sums of shape (draws, levels).
    level : float
        Level of `low` and `high`.
    """
    return tuple(
        _held(float(measure.of(levels)), measure.of(null), measure.tail, level)
        for measure in measures
    )


def _held(value: float, drawn: FloatArray, tail: str, level: float) -> Null:
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn) or not np.isfinite(value):
        return NOTHING
    near = 1e-12 * max(abs(value), 1.0)
    above = 1 + int((drawn >= value - near).sum())
    if tail == "upper":
        low, high, p = float("nan"), float(np.quantile(drawn, level)), above / (len(drawn) + 1)
    else:
        below = 1 + int((drawn <= value + near).sum())
        low, high = (float(q) for q in np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2]))
        p = min(1.0, 2 * min(above, below) / (len(drawn) + 1))
    return Null(mean=float(drawn.mean()), low=low, high=high, p=p)
