"""Estimate: a value on the observed counts, with an interval, and the reasons where there is none.

Counting, drawing, estimating and making an interval stay apart: the counts come collapsed, the
draws are shared by all estimators of a call, and the replicates are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Protocol

import numpy as np

from foresay.counts import Estimator, FloatArray, Sums
from foresay.errors import ChoiceError
from foresay.measures.kinds import Kind
from foresay.resampling.closed_forms import closed_form
from foresay.resampling.designs import AnyCounts, design_name
from foresay.resampling.draws import Draws, draw
from foresay.resampling.from_replicates import from_replicates
from foresay.resampling.interval import Interval
from foresay.resampling.intervals import BOOTSTRAP_INTERVALS, choose_interval
from foresay.resampling.observed import observed
from foresay.resampling.obstacles import UNDEFINED, Support, support
from foresay.resampling.recording import record


class Estimand(Protocol):
    """What is estimated: a `foresay.measures.Measure`, or anything with these two."""

    @property
    def estimator(self) -> Estimator:
        """A pure function of sums."""

    @property
    def kind(self) -> Kind:
        """What kind of number it gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One estimate.

    Parameters
    ----------
    value : float
        The estimator on the observed counts, never the mean of the replicates; ``nan`` where
        undefined.
    low, high : float
        Bounds of the interval; ``nan`` where it is undefined, and `note` says why.
    level : float
        Confidence level in 0..1.
    standard_error : float
        Of the replicates for a bootstrap interval, else linearised; ``nan`` where it would be 0.
    interval : str
        The interval that was really used, or "none".
    replicates : array of shape (resamples,)
        The estimator on each resample, read-only; of shape (0,) where none was needed.
    n_clusters : int
        Clusters that contribute: the outer ones of two levels, the fewer of two ways.
    note : str
        Reasons and warnings joined by "; ", or "".
    path : str
        How it was computed: ``closed form``; how clusters were drawn (see
        `foresay.resampling.draws`); ``rows`` for `estimate_rows`; ``none`` without an interval.
    """

    value: float
    low: float
    high: float
    level: float
    standard_error: float
    interval: str
    replicates: FloatArray
    n_clusters: int
    note: str
    path: str

    def __post_init__(self) -> None:
        self.replicates.setflags(write=False)


def estimate(
    counts: AnyCounts,
    estimator: Estimator,
    *,
    kind: Kind,
    interval: str = "auto",
    level: float = 0.95,
    resamples: int = 10_000,
    rng: np.random.Generator,
    drawn: Callable[[], Draws] | None = None,
) -> Estimate:
    """Estimate one number with its interval.

    Parameters
    ----------
    counts : Counts, NestedCounts or CrossedCounts
        The sums per pattern; its clusters are what the interval generalises to.
    estimator : Estimator
        A pure function of sums.
    kind : Proportion, Ratio or Difference
        What kind of number it gives.
    interval : str
        One of `foresay.resampling.INTERVALS`.
    level : float
        Confidence level, between 0 and 1.
    resamples : int
        Number of replicates, where the interval needs them.
    rng : numpy.random.Generator
        The stream of this estimate; see `foresay.resampling.stream`.
    drawn : callable, optional
        Gives the replicates of `counts` from `rng`, for whoever makes several intervals of them.

    Returns
    -------
    Estimate
        Undefined parts are ``nan`` with a reason; nothing raises because of the data.

    Raises
    ------
    ChoiceError
        `interval`, `level` or `resamples` cannot be.
    """
    return estimate_many(
        counts,
        [_Request(estimator, kind)],
        interval=interval,
        level=level,
        resamples=resamples,
        rng=rng,
        drawn=drawn,
    )[0]


def estimate_many(
    counts: AnyCounts,
    estimands: Sequence[Estimand],
    *,
    interval: str = "auto",
    level: float = 0.95,
    resamples: int = 10_000,
    rng: np.random.Generator,
    drawn: Callable[[], Draws] | None = None,
) -> tuple[Estimate, ...]:
    """Estimate several numbers from the same draws.

    Replicates of two of them are paired: their difference is the replicates of the difference.

    Parameters
    ----------
    counts : Counts, NestedCounts or CrossedCounts
        The sums per pattern.
    estimands : sequence of Estimand
        Measures, or anything with `estimator` and `kind`.
    interval, level, resamples, rng, drawn
        As for `estimate`.

    Returns
    -------
    tuple of Estimate
        One for each estimand, in their order.

    Raises
    ------
    ChoiceError
        `interval`, `level` or `resamples` cannot be.
    """
    check_numbers(level, resamples)
    # what all estimands share is computed once: the observed sums, and the clusters of a kind
    totals, supported = counts.totals, cache(partial(support, counts))
    started = [_start(counts, estimand, interval, totals, supported) for estimand in estimands]
    resampled = [s for s in started if s.interval in BOOTSTRAP_INTERVALS]
    wanted = [s.estimator for s in resampled if s.interval == "studentized"]
    draws = None
    if resampled:
        known = drawn is not None and not wanted  # errors within replicates take draws of their own
        draws = drawn() if drawn and known else draw(counts, resamples, rng, errors_of=wanted)
    errors = iter(() if draws is None else draws.errors)
    done = []
    for s in started:
        replicates, path = np.empty(0), "none"
        seen = observed(counts, s.estimator, s.kind, s.value, s.n_clusters)
        if s.interval == "":
            found = Interval()
        elif draws is not None and s.interval in BOOTSTRAP_INTERVALS:
            replicates, path = np.array(s.estimator(draws.sums), dtype=np.float64), draws.path
            within = next(errors) if s.interval == "studentized" else None
            found = from_replicates(seen, s.interval, level, replicates, within)
        else:
            path = "closed form"
            found = closed_form(seen, s.interval, level)
        record(counts, resamples, found.name, path)
        done.append(
            Estimate(
                value=s.value,
                low=found.low,
                high=found.high,
                level=level,
                standard_error=found.standard_error,
                interval=found.name,
                replicates=replicates,
                n_clusters=s.n_clusters,
                note="; ".join([*s.notes, *found.notes]),
                path=path,
            )
        )
    return tuple(done)


@dataclass(frozen=True, slots=True)
class _Request:
    """One estimand with its value, and the interval to make ("" where there can be none)."""

    estimator: Estimator
    kind: Kind
    value: float = float("nan")
    interval: str = ""
    n_clusters: int = 0
    notes: tuple[str, ...] = ()


def _start(
    counts: AnyCounts,
    estimand: Estimand,
    interval: str,
    totals: Sums,
    supported: Callable[[Kind], Support],
) -> _Request:
    """Return the value of an estimand and what stands in the way of its interval."""
    estimator, kind = estimand.estimator, estimand.kind
    name, replaced = choose_interval(interval, kind, design_name(counts))
    value = float(estimator(totals))
    found = supported(kind)
    if not np.isfinite(value):
        return _Request(estimator, kind, float("nan"), "", found.n_clusters, (UNDEFINED,))
    if found.stop:
        return _Request(estimator, kind, value, "", found.n_clusters, (found.stop,))
    said = tuple(note for note in (replaced, *found.warnings) if note)
    return _Request(estimator, kind, value, name, found.n_clusters, said)


def check_numbers(level: float, resamples: int) -> None:
    """Refuse a level or a number of resamples that cannot be.

    Raises
    ------
    ChoiceError
        With a number that can.
    """
    if not 0 < level < 1:
        raise ChoiceError(f"level must be between 0 and 1, such as 0.95; got {level!r}")
    if resamples < 2:
        raise ChoiceError(f"resamples must be at least 2, such as 10000; got {resamples!r}")
