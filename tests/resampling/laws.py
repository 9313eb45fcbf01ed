"""Laws with a known truth, from which counts are drawn: one for each design.

Every law has clusters of unequal size and a rate that is its truth, or from which it follows.
``inner`` is the mean number of items in a task, or the number of items per run.

- ``one-level``: beta-binomial clusters, correlation 1/3, sizes uniform on 1..20;
- ``hard clusters``: the same correlation and sizes, but clusters are of two kinds, most of them
  nearly always right and a few that are hard: a law that no interval has been made for;
- ``rare clusters``: half of the errors are in rare clusters that are wholly wrong, the others are
  spread evenly over the rest, so that data without a rare cluster look harmless;
- ``informative sizes``: as ``hard clusters``, but the hard ones are never small, so that the mean
  over trials is not the mean over clusters;
- ``stratified``: four strata with rates about the mean, beta-binomial clusters within;
- ``two-level``: task rates beta with correlation `TASK_CORRELATION`, item rates beta within their
  task with correlation 1/3, 1..8 trials an item, ``inner``/2..3 ``inner``/2 items a task;
- ``two-way``: probit model with normal effects of items (`ITEM_SPREAD`) and runs (`RUN_SPREAD`),
  1..4 trials a cell;
- ``ratio``: matches over a ceiling that varies between clusters as well;
- ``macro``: the mean over four cells that hold .4, .3, .2 and .1 of the clusters;
- the first, the two-level and the two-way law with `` difference``: two arms of the same rate,
  half of whose clusters (tasks; items and runs) have the same effect in both, so that the truth
  is 0 and one minus coverage is the size of the test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from foresay.counts import Estimator, Sums, collapse, ratio
from foresay.counts.crossed import collapse_crossed
from foresay.counts.nested import collapse_nested
from foresay.measures import Difference, Proportion, Ratio, find_measure
from foresay.measures.kinds import Kind
from foresay.measures.macro import macro
from foresay.resampling import AnyCounts

TASK_CORRELATION = 0.1
ITEM_CORRELATION = 1 / 3
ITEM_SPREAD = 1.0
RUN_SPREAD = 0.3
CEILING = 0.8
CELLS = ("a", "b", "c", "d")
CELL_SHARES = (0.4, 0.3, 0.2, 0.1)

PROPORTION = Proportion("match", "trials")
MACRO = macro(find_measure("accuracy"), CELLS)


def share(sums: Sums):
    return ratio(sums["match"], sums["trials"])


def gain(sums: Sums):
    return ratio(sums["gain"], sums["trials"])


def of_ceiling(sums: Sums):
    return ratio(sums["match"], sums["ceiling"])


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


def sums_of(arms, m):
    if len(arms) == 2:
        return {"gain": arms[0] - arms[1], "trials": m}
    return {"match": arms[0], "trials": m}


def one_level(rng, clusters, rate, inner, *, difference):
    m = rng.integers(1, 21, clusters)
    rates = np.full(clusters, rate)
    of_cluster = arms_of(rng, lambda: beta(rng, rates, ITEM_CORRELATION), difference=difference)
    return collapse(sums_of([rng.binomial(m, p) for p in of_cluster], m))


def hard_share(rate):
    """Return easy rate, hard rate and share of hard clusters with that mean and correlation."""
    easy = 1 - (1 - rate) / 4
    gap = easy - rate
    apart = gap + ITEM_CORRELATION * rate * (1 - rate) / gap
    return easy, easy - apart, gap / apart


def hard_clusters(rng, clusters, rate, inner, *, difference):
    easy, hard, share_of_hard = hard_share(rate)
    m = rng.integers(1, 21, clusters)
    p = np.where(rng.random(clusters) < share_of_hard, hard, easy)
    return collapse({"match": rng.binomial(m, p), "trials": m})


def rare_clusters(rng, clusters, rate, inner, *, difference):
    m = rng.integers(1, 21, clusters)
    half = (1 + rate) / 2
    p = np.where(rng.random(clusters) < half, rate / half, 0.0)
    return collapse({"match": rng.binomial(m, p), "trials": m})


def informative_sizes(rng, clusters, rate, inner, *, difference):
    easy, hard, share_of_hard = hard_share(rate)
    is_hard = rng.random(clusters) < share_of_hard
    m = rng.integers(np.where(is_hard, 11, 1), 21)
    return collapse({"match": rng.binomial(m, np.where(is_hard, hard, easy)), "trials": m})


def of_all_trials(rate):
    """Return the rate of trials where hard clusters have sizes 11..20 and the others 1..20."""
    easy, hard, share_of_hard = hard_share(rate)
    trials_of_hard, trials_of_easy = share_of_hard * 15.5, (1 - share_of_hard) * 10.5
    return (trials_of_hard * hard + trials_of_easy * easy) / (trials_of_hard + trials_of_easy)


def spread_of(rate, parts=4):
    """Return rates of strata or cells about their mean, which is `rate`."""
    return rate + min(0.1, (1 - rate) / 2) * np.linspace(-1, 1, parts)


def stratified(rng, clusters, rate, inner, *, difference):
    stratum = np.arange(clusters) % 4
    m = rng.integers(1, 21, clusters)
    p = beta(rng, spread_of(rate)[stratum], ITEM_CORRELATION)
    return collapse({"match": rng.binomial(m, p), "trials": m}, stratum=stratum)


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


def of_a_ceiling(rng, clusters, rate, inner, *, difference):
    m = rng.integers(1, 21, clusters)
    ceiling = beta(rng, np.full(clusters, CEILING), ITEM_CORRELATION)
    columns = {"match": rng.binomial(m, rate * ceiling), "ceiling": rng.binomial(m, ceiling)}
    return collapse(columns)


def macro_cells(rng, clusters, rate, inner, *, difference):
    last = np.round(np.cumsum(CELL_SHARES) * clusters).astype(np.int64)
    cell = np.searchsorted(last, np.arange(clusters), side="right")
    m = rng.integers(1, 21, clusters)
    match = rng.binomial(m, beta(rng, spread_of(rate)[cell], ITEM_CORRELATION))
    given = {"match": match, "match_squared": match, "trials": m}
    columns = {name: np.where(cell == int(name[4]), given[name[6:]], 0) for name in MACRO.sums}
    return collapse(columns)


@dataclass(frozen=True)
class Law:
    """How one study is drawn, and what is estimated from it."""

    draw: Callable[..., AnyCounts]
    estimator: Estimator = share
    kind: Kind = PROPORTION
    difference: bool = False
    inner: int = 0
    truth: Callable[[float], float] = float


def null(rate):
    return 0.0


LAWS: dict[str, Law] = {
    "one-level": Law(one_level),
    "hard clusters": Law(hard_clusters),
    "rare clusters": Law(rare_clusters),
    "informative sizes": Law(informative_sizes, truth=of_all_trials),
    "stratified": Law(stratified),
    "two-level": Law(two_level, inner=30),
    "two-way": Law(two_way, inner=100),
    "ratio": Law(of_a_ceiling, of_ceiling, Ratio()),
    "macro": Law(macro_cells, MACRO.estimator, MACRO.kind),
}
for _name in ("one-level", "two-level", "two-way"):
    LAWS[f"{_name} difference"] = Law(
        LAWS[_name].draw, gain, Difference(), difference=True, inner=LAWS[_name].inner, truth=null
    )
