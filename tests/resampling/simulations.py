"""How often intervals cover a known truth, on simulated studies of the laws beside this file.

The tests run a few of these in a bounded form; ``make validity`` runs all. Every study has a
stream of its own, keyed by law, sizes, rate and number: same arguments, same bytes, whatever else
is run, and any part of a run can be made again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts import FloatArray
from foresay.resampling import AnyCounts, draw, estimate, stream
from foresay.resampling.from_replicates import from_replicates
from foresay.resampling.intervals import BOOTSTRAP_INTERVALS
from foresay.resampling.observed import observed
from foresay.resampling.obstacles import support
from resampling.laws import LAWS, PROPORTION, Law, share

__all__ = ["PROPORTION", "Found", "coverage", "coverages", "data_sets", "found", "share"]


@dataclass(frozen=True)
class Found:
    """Bounds of one interval, the interval that was really made, and what was said of it."""

    low: float
    high: float
    interval: str
    note: str


def data_sets(
    design: str,
    clusters: int,
    rate: float,
    numbers: int | Iterable[int],
    seed: int,
    inner: int | None = None,
) -> Iterator[tuple[AnyCounts, np.random.Generator]]:
    """Yield counts and the stream that goes on from them, of so many studies or of those named."""
    law = LAWS[design]
    inner = law.inner if inner is None else inner
    for number in range(numbers) if isinstance(numbers, int) else numbers:
        rng = stream(seed, "validity", design, str(clusters), repr(rate), str(inner), str(number))
        yield law.draw(rng, clusters, rate, inner, difference=law.difference), rng


def found(
    counts: AnyCounts,
    law: Law,
    intervals: Sequence[str],
    rng: np.random.Generator,
    *,
    level: float,
    resamples: int,
) -> dict[str, Found]:
    """Make several intervals of one study, those from replicates all from the same ones."""
    made = {}
    for name in intervals:
        if name in BOOTSTRAP_INTERVALS:
            continue
        one = estimate(
            counts, law.estimator, kind=law.kind, interval=name, level=level, rng=rng, resamples=2
        )
        made[name] = Found(one.low, one.high, one.interval, one.note)
    drawn = [name for name in intervals if name in BOOTSTRAP_INTERVALS]
    if drawn:
        made |= _from_draws(counts, law, drawn, rng, level=level, resamples=resamples)
    return {name: made[name] for name in intervals}


def _from_draws(
    counts: AnyCounts,
    law: Law,
    names: Sequence[str],
    rng: np.random.Generator,
    *,
    level: float,
    resamples: int,
) -> dict[str, Found]:
    value = float(law.estimator(counts.totals))
    there = support(counts, law.kind)
    if not np.isfinite(value) or there.stop:
        return dict.fromkeys(names, Found(np.nan, np.nan, "none", there.stop or "undefined"))
    wanted = [law.estimator] if "studentized" in names else []
    draws = draw(counts, resamples, rng, errors_of=wanted)
    replicates = np.asarray(law.estimator(draws.sums), dtype=np.float64)
    seen = observed(counts, law.estimator, law.kind, value, there.n_clusters)
    made = {}
    for name in names:
        errors = draws.errors[0] if name == "studentized" else None
        one = from_replicates(seen, name, level, replicates, errors)
        note = "; ".join([*there.warnings, *one.notes])
        made[name] = Found(one.low, one.high, one.name, note)
    return made


def coverages(
    design: str,
    intervals: Sequence[str],
    clusters: int,
    rate: float,
    runs: int,
    seed: int,
    *,
    inner: int | None = None,
    level: float = 0.95,
    resamples: int = 999,
) -> list[dict[str, object]]:
    """How often each of `intervals` covers the truth, all on the same simulated studies.

    Parameters
    ----------
    design : str
        A key of `LAWS`.
    intervals : sequence of str
        Names of intervals, ``auto`` among them.
    clusters : int
        Clusters of one level, tasks of two, runs of two ways.
    rate : float
        The true rate, of both arms for a difference.
    runs, seed : int
        Simulated studies, and the seed of all of them.
    inner : int, optional
        Items a task or items a run.
    level, resamples
        As for `foresay.resampling.estimate`.

    Returns
    -------
    list of dict
        One for each interval: the arguments; ``coverage`` of all studies, an undefined interval
        counting as a failure; its binomial ``standard_error``; mean ``width`` and ``undefined`` of
        the studies; ``below`` and ``above``, how often the truth lies on either side.
    """
    law = LAWS[design]
    bounds = {name: np.full((runs, 2), np.nan) for name in intervals}
    studies = data_sets(design, clusters, rate, runs, seed, inner=inner)
    for number, (counts, rng) in enumerate(studies):
        made = found(counts, law, intervals, rng, level=level, resamples=resamples)
        for name, one in made.items():
            bounds[name][number] = one.low, one.high
    return [
        {
            "design": design,
            "interval": name,
            "clusters": clusters,
            "inner": law.inner if inner is None else inner,
            "rate": rate,
            "level": level,
            "runs": runs,
            "seed": seed,
            **summary(bounds[name], law.truth(rate)),
        }
        for name in intervals
    ]


def summary(bounds: FloatArray, truth: float) -> Mapping[str, object]:
    """Return coverage, width and what was undefined, from bounds of shape (studies, 2)."""
    low, high = bounds.T
    covered = float(np.mean((low <= truth) & (truth <= high)))
    defined = np.isfinite(low) & np.isfinite(high)
    return {
        "coverage": covered,
        "standard_error": float(np.sqrt(covered * (1 - covered) / len(bounds))),
        "width": float(np.mean(high[defined] - low[defined])) if defined.any() else None,
        "below": float(np.mean(truth < low)),
        "above": float(np.mean(truth > high)),
        "undefined": int((~defined).sum()),
    }


def coverage(
    design: str,
    interval: str,
    clusters: int,
    rate: float,
    runs: int,
    seed: int,
    **more: object,
) -> dict[str, object]:
    """Return `coverages` of one interval."""
    return coverages(design, [interval], clusters, rate, runs, seed, **more)[0]
