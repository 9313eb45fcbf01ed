"""Simulated counts with known truth, and how often tests reject: for size and power.

Nothing here is a test; a full run (`sizes_table`) uses the same pieces with more data sets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from foresay.comparisons.arms import Comparison
from foresay.comparisons.hypotheses import Tested, examine
from foresay.counts import Counts, collapse
from foresay.measures import find_measure
from foresay.study import Contrast, Versus

ACCURACY = find_measure("accuracy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How one data set is made.

    Parameters
    ----------
    clusters : int
        Number of clusters.
    rates : tuple of float
        Chance of a match in each arm, two or four of them.
    trials : tuple of int
        Trials of each arm in a cluster.
    sizes : int
        Each cluster's numbers of trials are multiplied by 1..sizes, uniform.
    correlation : float
        Intra-cluster correlation: a cluster's chances are beta with this, the same quantile in
        all arms, so that arms on the same item go together.
    """

    clusters: int
    rates: tuple[float, ...]
    trials: tuple[int, ...] = (1, 1)
    sizes: int = 1
    correlation: float = 0.0

    def draw(self, rng: np.random.Generator) -> Counts:
        """Return the counts of one data set."""
        from scipy import stats

        quantile = rng.random(self.clusters)
        factor = rng.integers(1, self.sizes + 1, self.clusters)
        columns = {}
        for arm, rate, per in zip(arms(len(self.rates)), self.rates, self.trials, strict=True):
            chance = np.full(self.clusters, rate)
            if self.correlation:
                total = (1 - self.correlation) / self.correlation
                chance = stats.beta.ppf(quantile, rate * total, (1 - rate) * total)
            asked = per * factor
            columns[f"{arm}.match"] = rng.binomial(asked, chance)
            columns[f"{arm}.match_squared"] = columns[f"{arm}.match"]
            columns[f"{arm}.trials"] = asked
        return collapse(columns)


def arms(number: int) -> tuple[str, ...]:
    return Comparison(name="c", measure=ACCURACY, crossed=number == 4).arms


def asking(scenario: Scenario, **spec: object) -> Callable[[Counts, np.random.Generator], Tested]:
    """Return a function from counts to the result of the test that `spec` asks for."""
    versus = Versus(where="true", minus="true") if len(scenario.rates) == 4 else None
    contrast = Contrast(of="accuracy", where="true", minus="true", versus=versus, **spec)
    compared = Comparison(
        name="c", measure=ACCURACY, scale=contrast.scale, crossed=versus is not None
    )

    def ask(counts: Counts, rng: np.random.Generator) -> Tested:
        return examine(contrast, compared, counts, level=0.95, flips=499, rng=rng)

    return ask


def rejections(scenario: Scenario, runs: int, seed: int, **spec: object) -> tuple[int, int]:
    """Return how many of the data sets with a p-value have one of .05 or less, and their number."""
    ask = asking(scenario, **spec)
    rejected = defined = 0
    for run in range(runs):
        rng = np.random.default_rng([seed, run])
        p = ask(scenario.draw(rng), rng).p_value
        defined += not np.isnan(p)
        rejected += p <= 0.05
    return rejected, defined


NULLS: dict[str, tuple[Scenario, dict[str, object]]] = {
    "single pairs .5": (Scenario(clusters=50, rates=(0.5, 0.5), correlation=0.3), {}),
    "single pairs .9, 20": (Scenario(clusters=20, rates=(0.9, 0.9), correlation=0.3), {}),
    "clusters of 1-20": (
        Scenario(clusters=20, rates=(0.7, 0.7), sizes=20, correlation=1 / 3),
        {},
    ),
    "clusters of 1-20, .9": (
        Scenario(clusters=50, rates=(0.9, 0.9), sizes=20, correlation=1 / 3),
        {},
    ),
    "one against five": (
        Scenario(clusters=50, rates=(0.7, 0.7), trials=(1, 5), correlation=0.2),
        {},
    ),
    "one against five, 20": (
        Scenario(clusters=20, rates=(0.7, 0.7), trials=(1, 5), sizes=4, correlation=0.2),
        {},
    ),
    "interaction": (
        Scenario(clusters=50, rates=(0.8, 0.6, 0.6, 0.4), trials=(1,) * 4, correlation=0.2),
        {},
    ),
    "interaction, unequal": (
        Scenario(clusters=50, rates=(0.8, 0.6, 0.6, 0.4), trials=(1, 3, 1, 3), correlation=0.2),
        {},
    ),
    "mcnemar .5": (
        Scenario(clusters=50, rates=(0.5, 0.5), correlation=0.3),
        {"test": "mcnemar"},
    ),
    "mcnemar .9, 20": (Scenario(clusters=20, rates=(0.9, 0.9)), {"test": "mcnemar"}),
    "equivalence at the margin": (
        Scenario(clusters=100, rates=(0.7, 0.6), sizes=5, correlation=0.2),
        {"hypothesis": "equivalence", "margin": 0.1},
    ),
    "superiority at the margin": (
        Scenario(clusters=100, rates=(0.7, 0.6), sizes=5, correlation=0.2),
        {"hypothesis": "superiority", "margin": 0.1},
    ),
    "superiority of a ratio, 30": (
        Scenario(clusters=30, rates=(0.66, 0.6), sizes=5, correlation=0.2),
        {"hypothesis": "superiority", "margin": 1.1, "scale": "ratio"},
    ),
}
"""Situations in which no test should reject more often than one time in twenty."""


def sizes_table(runs: int, seed: int = 1) -> dict[str, tuple[int, int]]:
    """Return rejections and defined tests of every null."""
    return {
        name: rejections(scenario, runs, seed, **spec) for name, (scenario, spec) in NULLS.items()
    }


FAMILY: dict[str, tuple[Scenario, dict[str, object]]] = {
    "sign flip, single pairs": (Scenario(clusters=0, rates=(0.7, 0.7), correlation=0.3), {}),
    "sign flip, 1 to 20 trials": (
        Scenario(clusters=0, rates=(0.9, 0.9), sizes=20, correlation=1 / 3),
        {},
    ),
    "sign flip, one against five": (
        Scenario(clusters=0, rates=(0.7, 0.7), trials=(1, 5), correlation=0.2),
        {},
    ),
    "sign flip, interaction": (
        Scenario(clusters=0, rates=(0.8, 0.6, 0.6, 0.4), trials=(1, 3, 1, 3), correlation=0.2),
        {},
    ),
    "McNemar mid-p": (
        Scenario(clusters=0, rates=(0.7, 0.7), correlation=0.3),
        {"test": "mcnemar"},
    ),
    "TOST at the margin": (
        Scenario(clusters=0, rates=(0.7, 0.6), sizes=5, correlation=0.2),
        {"hypothesis": "equivalence", "margin": 0.1},
    ),
    "superiority at the margin": (
        Scenario(clusters=0, rates=(0.7, 0.6), sizes=5, correlation=0.2),
        {"hypothesis": "superiority", "margin": 0.1},
    ),
    "superiority of a ratio": (
        Scenario(clusters=0, rates=(0.66, 0.6), sizes=5, correlation=0.2),
        {"hypothesis": "superiority", "margin": 1.1, "scale": "ratio"},
    ),
}
"""One null for each test of a contrast; `clusters` is filled in."""
