"""Statistics that are functions of sums, and what each peer makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from foresay.counts import Counts, Estimator, Sums, collapse, ratio
from foresay.measures.kinds import Difference, Kind, Proportion
from foresay.resampling import Estimate, estimate, stream

RESAMPLES = 10_000
SEED = 1
ROWS_OF_A_CLUSTER = 10

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One statistic of columns that have one value a unit: a row, or a cluster of rows.

    Parameters
    ----------
    name : str
        What it is.
    rows : int
        Rows behind the units.
    columns : tuple of arrays of shape (units,)
        What everyone is given; `names` names them.
    estimator, kind
        As foresay wants them.
    cluster : array of shape (rows,), optional
        Cluster of each row, and `match` whether each row matches, where units are clusters.
    """

    name: str
    rows: int
    names: tuple[str, ...]
    columns: tuple[Whole, ...]
    estimator: Estimator
    kind: Kind
    cluster: NDArray[np.int32] | None = None
    match: NDArray[np.bool_] | None = None

    @property
    def n(self) -> int:
        """Number of units."""
        return len(self.columns[0])

    def statistic(self, *columns: NDArray[np.generic], axis: int = -1) -> Floats:
        """Return the statistic of drawn units, as scipy and arch want it."""
        sums = [np.sum(column, axis=axis) for column in columns]
        if self.name == "clustered ratio":
            return np.asarray(sums[0] / sums[1])
        total = sums[0] - sums[1] if len(sums) == 2 else sums[0]
        return np.asarray(total / columns[0].shape[axis])

    def collapse(self) -> Counts:
        """Collapse the units; an unclustered one counts as one trial."""
        named = dict(zip(self.names, self.columns, strict=True))
        if "trials" not in named:
            named["trials"] = np.ones(self.n, np.int64)
        return collapse(named)

    def estimate(self, counts: Counts, interval: str) -> Estimate:
        """Estimate from collapsed units."""
        return estimate(
            counts,
            self.estimator,
            kind=self.kind,
            interval=interval,
            resamples=RESAMPLES,
            rng=stream(SEED, self.name),
        )

    def all_of_it(self, interval: str) -> Estimate:
        """From units to the interval."""
        return self.estimate(self.collapse(), interval)

    def sums_of_clusters(self) -> tuple[Whole, Whole]:
        """Return matches and rows of each cluster, the step from rows that everyone takes."""
        assert self.cluster is not None
        assert self.match is not None
        size = np.bincount(self.cluster, minlength=self.n)
        score = np.bincount(self.cluster[self.match], minlength=self.n)
        return score.astype(np.int64), size.astype(np.int64)

    def known_bounds(self) -> tuple[float, float]:
        """Return the bounds of the bootstrap law: exact, or normal after linearising."""
        value = float(self.statistic(*self.columns))
        if self.name == "accuracy":
            low, high = stats.binom.ppf([0.025, 0.975], self.n, value) / self.n
            return float(low), float(high)
        first, second = self.columns
        if self.name == "clustered ratio":
            error = np.sqrt(((first - value * second) ** 2).sum()) / second.sum()
        else:
            error = np.std(first - second) / self.n**0.5
        spread = float(stats.norm.ppf(0.975) * error)
        return value - spread, value + spread


def _mean(sums: Sums) -> Floats:
    return ratio(sums["match"], sums["trials"])


def _difference(sums: Sums) -> Floats:
    return ratio(sums["match"] - sums["other"], sums["trials"])


def cases(rows: int) -> Iterator[Case]:
    """Yield the three statistics on tables of about `rows` rows."""
    rng = np.random.default_rng(SEED)
    own = (rng.random(rows) < 0.633).astype(np.int64)
    other = np.where(rng.random(rows) < 0.4, own, rng.random(rows) < 0.616).astype(np.int64)
    proportion = Proportion("match", "trials")
    yield Case(
        name="accuracy",
        rows=rows,
        names=("match",),
        columns=(own,),
        estimator=_mean,
        kind=Proportion("match", "trials", "match"),
    )
    yield Case(
        name="paired difference",
        rows=rows,
        names=("match", "other"),
        columns=(own, other),
        estimator=_difference,
        kind=Difference(),
    )
    del own, other
    n = rows // ROWS_OF_A_CLUSTER
    size = rng.integers(1, 2 * ROWS_OF_A_CLUSTER, size=n)
    rate = rng.beta(1.2, 0.8, size=n)  # intraclass correlation 1 / (1.2 + 0.8 + 1)
    cluster = np.repeat(np.arange(n, dtype=np.int32), size)
    match = rng.random(len(cluster)) < rate[cluster]
    score = np.bincount(cluster[match], minlength=n)
    yield Case(
        name="clustered ratio",
        rows=len(cluster),
        names=("match", "trials"),
        columns=(score, size),
        estimator=_mean,
        kind=proportion,
        cluster=cluster,
        match=match,
    )
