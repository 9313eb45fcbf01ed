"""Simulated studies with a known truth, and how often intervals cover it.

The tests run a few of these in a bounded form; a full run calls `coverages` with more runs and
keeps the dictionaries. Every number follows from its arguments: same arguments, same bytes.

Designs (``inner`` is the mean number of items in a task, or the number of items per run):

- ``one-level``: beta-binomial clusters, correlation 1/3, sizes uniform on 1..20;
- ``two-level``: task rates beta with correlation `TASK_CORRELATION`, item rates beta within their
  task with correlation 1/3, 1..8 trials an item, ``inner``/2..3 ``inner``/2 items a task;
- ``two-way``: probit model with normal effects of items (`ITEM_SPREAD`) and runs (`RUN_SPREAD`),
  1..4 trials a cell;
- the same with `` difference``: two arms of the same rate, half of whose clusters (tasks; items
  and runs) have the same effect in both, so that the truth is 0 and one minus coverage is the
  size of the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from scipy import special, stats

from foresay.counts import Sums, collapse, ratio
from foresay.counts.crossed import collapse_crossed
from foresay.counts.nested import collapse_nested
from foresay.measures import Difference, Proportion
from foresay.resampling import AnyCounts, estimate, stream

TASK_CORRELATION = 0.1
ITEM_CORRELATION = 1 / 3
ITEM_SPREAD = 1.0
RUN_SPREAD = 0.3

PROPORTION = Proportion("match", "trials")


def share(sums: Sums):
    return ratio(sums["match"], sums["trials"])


def gain(sums: Sums):
    return ratio(sums["gain"], sums["trials"])


def beta(rng, rate, correlation):
    """Rates with mean `rate`, one for each."""
    size = 1 / correlation - 1
    rate = np.clip(rate, 1e-9, 1 - 1e-9)
    return rng.beta(rate * size, (1 - rate) * size)


def arms_of(rng, effects, *, difference):
    """One set of what `effects()` gives, or two that are the same in half of their places."""
    one = effects()
    if not difference:
        return [one]
    return [one, np.where(rng.random(one.shape) < 0.5, one, effects())]


def one_level(rng, clusters, rate, inner, *, difference):
    m = rng.integers(1, 21, clusters)
    rates = np.full(clusters, rate)
    of_cluster = arms_of(rng, lambda: beta(rng, rates, ITEM_CORRELATION), difference=difference)
    return collapse(sums_of([rng.binomial(m, p) for p in of_cluster], m))


def two_level(rng, clusters, rate, inner, *, difference):
    sizes = rng.integers(max(inner // 2, 1), 3 * inner // 2 + 1, clusters)
    task = np.repeat(np.arange(clusters), sizes)
    m = rng.integers(1, 9, len(task))
    rates = np.full(clusters, rate)
    tasks = arms_of(rng, lambda: beta(rng, rates, TASK_CORRELATION), difference=difference)
    arms = [rng.binomial(m, beta(rng, p[task], ITEM_CORRELATION)) for p in tasks]
    return collapse_nested(sums_of(arms, m), outer=task, levels=("task", "item"))


def two_way(rng, clusters, rate, inner, *, difference):
    m = rng.integers(1, 5, (inner, clusters))
    item, run = np.indices(m.shape)
    middle = stats.norm.ppf(rate) * np.sqrt(1 + ITEM_SPREAD**2 + RUN_SPREAD**2)
    items = arms_of(rng, lambda: rng.normal(size=(inner, 1)), difference=difference)
    runs = arms_of(rng, lambda: rng.normal(size=clusters), difference=difference)
    arms = [
        rng.binomial(m, special.ndtr(middle + ITEM_SPREAD * a + RUN_SPREAD * b)).reshape(-1)
        for a, b in zip(items, runs, strict=True)
    ]
    sums = sums_of(arms, m.reshape(-1))
    return collapse_crossed(sums, item=item.reshape(-1), run=run.reshape(-1))


def sums_of(arms, m):
    if len(arms) == 2:
        return {"gain": arms[0] - arms[1], "trials": m}
    return {"match": arms[0], "trials": m}


DESIGNS: dict[str, Callable[..., AnyCounts]] = {
    "one-level": one_level,
    "two-level": two_level,
    "two-way": two_way,
}
INNER = {"one-level": 0, "two-level": 30, "two-way": 100}


def data_sets(
    design: str, clusters: int, rate: float, runs: int, seed: int, inner: int | None = None
) -> Iterator[tuple[AnyCounts, np.random.Generator]]:
    """Yield counts and the stream that goes on from them."""
    name = design.removesuffix(" difference")
    inner = INNER[name] if inner is None else inner
    for number in range(runs):
        rng = stream(seed, "validity", design, str(clusters), repr(rate), str(inner), str(number))
        yield DESIGNS[name](rng, clusters, rate, inner, difference=name != design), rng


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
        A key of `DESIGNS`, or that with `` difference``.
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
    difference = design.endswith(" difference")
    truth = 0.0 if difference else rate
    found = {name: np.full((runs, 2), np.nan) for name in intervals}
    for number, (counts, rng) in enumerate(
        data_sets(design, clusters, rate, runs, seed, inner=inner)
    ):
        state = rng.bit_generator.state
        for name in intervals:
            rng.bit_generator.state = state
            made = estimate(
                counts,
                gain if difference else share,
                kind=Difference() if difference else PROPORTION,
                interval=name,
                level=level,
                resamples=resamples,
                rng=rng,
            )
            found[name][number] = made.low, made.high
    return [
        {
            "design": design,
            "interval": name,
            "clusters": clusters,
            "inner": INNER[design.removesuffix(" difference")] if inner is None else inner,
            "rate": rate,
            "level": level,
            "runs": runs,
            "seed": seed,
            **summary(bounds, truth),
        }
        for name, bounds in found.items()
    ]


def summary(bounds, truth):
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
