"""Intervals from rows in memory: collapse, then weigh, against libraries that draw rows."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from foresay.counts import Counts, Estimator, Sums, collapse, ratio
from foresay.measures.kinds import Difference, Kind, Proportion
from foresay.resampling import Estimate, estimate, stream
from measuring.results import Results, Table, Target, finish
from measuring.timing import extra_memory, fastest

RESAMPLES = 10_000
SEED = 1
INTERVALS = ("percentile", "bca", "auto")
BATCH_CELLS = 10_000_000
METHOD = (
    f"95 % interval from {RESAMPLES:,} resamples, from rows in memory to the two bounds. A slow "
    "peer is timed on fewer resamples and its time scaled up in proportion; the column resamples "
    "says how many. scipy draws in batches of at most 10 million values."
)

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One statistic of some columns of rows."""

    name: str
    columns: tuple[Rows, ...]
    estimator: Estimator
    kind: Kind

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.columns[0])

    def statistic(self, *columns: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
        """Return the statistic of drawn rows, as scipy and arch want it."""
        means = [np.mean(column, axis=axis) for column in columns]
        return np.asarray(means[0] - means[1] if len(means) == 2 else means[0])

    def collapse(self) -> Counts:
        """Collapse the rows, each a cluster of its own."""
        named = {f"match_{i}": column for i, column in enumerate(self.columns)}
        return collapse({**named, "trials": np.ones(self.n, np.int64)})

    def estimate(self, counts: Counts, interval: str) -> Estimate:
        """Estimate from collapsed rows."""
        return estimate(
            counts,
            self.estimator,
            kind=self.kind,
            interval=interval,
            resamples=RESAMPLES,
            rng=stream(SEED, self.name),
        )

    def all_of_it(self, interval: str) -> Estimate:
        """From rows to the interval."""
        return self.estimate(self.collapse(), interval)

    def known_bounds(self) -> tuple[float, float]:
        """Return the bounds of the bootstrap law itself: exact, or normal for the difference."""
        value = float(self.statistic(*self.columns))
        if len(self.columns) == 1:
            low, high = stats.binom.ppf([0.025, 0.975], self.n, value) / self.n
            return float(low), float(high)
        spread = stats.norm.ppf(0.975) * np.std(self.columns[0] - self.columns[1]) / self.n**0.5
        return value - spread, value + spread


def cases(n: int) -> Iterator[Case]:
    rng = np.random.default_rng(SEED)
    own = (rng.random(n) < 0.633).astype(np.int64)
    other = np.where(rng.random(n) < 0.4, own, rng.random(n) < 0.616).astype(np.int64)

    def mean(sums: Sums) -> NDArray[np.float64]:
        return ratio(sums["match_0"], sums["trials"])

    def difference(sums: Sums) -> NDArray[np.float64]:
        return ratio(sums["match_0"] - sums["match_1"], sums["trials"])

    yield Case(
        name="accuracy",
        columns=(own,),
        estimator=mean,
        kind=Proportion("match_0", "trials", "match_0"),
    )
    yield Case(
        name="paired difference",
        columns=(own, other),
        estimator=difference,
        kind=Difference(),
    )


def scipy_bootstrap(case: Case, resamples: int) -> object:
    return stats.bootstrap(
        case.columns,
        case.statistic,
        n_resamples=resamples,
        batch=max(1, min(resamples, BATCH_CELLS // case.n)),
        paired=len(case.columns) > 1,
        vectorized=True,
        method="percentile",
        rng=np.random.default_rng(SEED),
    )


def index_loop(case: Case, resamples: int) -> object:
    rng = np.random.default_rng(SEED)
    found = np.empty(resamples)
    for b in range(resamples):
        drawn = rng.integers(case.n, size=case.n)
        found[b] = case.statistic(*(column[drawn] for column in case.columns))
    return np.quantile(found, [0.025, 0.975])


def arch_bootstrap(case: Case, resamples: int) -> object:
    from arch.bootstrap import IIDBootstrap

    made = IIDBootstrap(*case.columns, seed=np.random.default_rng(SEED))

    def statistic(*columns: NDArray[np.float64]) -> float:
        return float(case.statistic(*columns))

    return made.conf_int(statistic, reps=resamples, method="percentile", size=0.95)


def frame_sample(case: Case, resamples: int) -> object:
    import pandas as pd

    frame = pd.DataFrame(dict(enumerate(case.columns)))
    rng = np.random.default_rng(SEED)
    found = [
        case.statistic(*frame.sample(frac=1, replace=True, random_state=rng).to_numpy().T)
        for _ in range(resamples)
    ]
    return np.quantile(found, [0.025, 0.975])


PEERS: dict[str, tuple[Callable[[Case, int], object], int]] = {
    "scipy.stats.bootstrap, percentile": (scipy_bootstrap, 24),
    "numpy index loop": (index_loop, 40),
    "arch IIDBootstrap, percentile": (arch_bootstrap, 24),
    "pandas DataFrame.sample loop": (frame_sample, 8),
}
"""Call, and on how many resamples of 10^6 rows it is timed."""


def speed(case: Case, repeats: int) -> tuple[list[list[object]], dict[str, float]]:
    """Return the rows of the table of speeds, and seconds by who."""
    found: dict[str, float] = {}
    timed: dict[str, int] = {}
    for interval in INTERVALS:
        who = f"foresay, {interval}"
        made = fastest(partial(case.all_of_it, interval), repeats)
        found[who], timed[who] = made.seconds, RESAMPLES
    for who, (call, most) in PEERS.items():
        if who.startswith("arch") and importlib.util.find_spec("arch") is None:
            continue
        resamples = min(RESAMPLES, most * max(1, 1_000_000 // case.n))
        spent = fastest(partial(call, case, resamples), 2).seconds
        found[who], timed[who] = spent * RESAMPLES / resamples, resamples
    base = found["foresay, percentile"]
    rows: list[list[object]] = [
        [case.name, case.n, who, timed[who], seconds, seconds / base]
        for who, seconds in found.items()
    ]
    return rows, found


def parts(case: Case) -> dict[str, float]:
    """Return the seconds that collapsing takes, and each interval from what is collapsed."""
    counts = case.collapse()
    seconds = {"collapse": fastest(case.collapse, 5).seconds}
    for interval in INTERVALS:
        seconds[interval] = fastest(partial(case.estimate, counts, interval), 7).seconds
    return seconds


def agreement(case: Case) -> tuple[list[object], float]:
    """Compare the percentile bounds with the law, in units of the Monte Carlo error."""
    made = case.all_of_it("percentile")
    known = case.known_bounds()
    # standard error of a quantile of replicates: sqrt(p (1 - p) / B) / density
    tail = 0.025
    density = stats.norm.pdf(stats.norm.ppf(tail)) / made.standard_error
    error = (tail * (1 - tail) / RESAMPLES) ** 0.5 / density
    far = max(abs(made.low - known[0]), abs(made.high - known[1])) / error
    return [case.name, case.n, made.low, made.high, *known, far], far


def against_scipy(case: Case) -> tuple[list[object], float]:
    """Compare the percentile bounds with scipy's at the full number of resamples."""
    ours, theirs = case.all_of_it("percentile"), scipy_bootstrap(case, RESAMPLES)
    low, high = theirs.confidence_interval  # type: ignore[attr-defined]
    tail = 0.025
    density = stats.norm.pdf(stats.norm.ppf(tail)) / ours.standard_error
    error = (2 * tail * (1 - tail) / RESAMPLES) ** 0.5 / density
    far = max(abs(ours.low - low), abs(ours.high - high)) / error
    return [f"{case.name}, scipy", case.n, ours.low, ours.high, low, high, far], far


def main(*, quick: bool) -> None:
    sizes = (10_000, 100_000) if quick else (10_000, 1_000_000)
    speeds, bounds, memory, ratios, far, steps = [], [], [], [], [], []
    against: dict[str, float] = {}
    for n in sizes:
        for case in cases(n):
            rows, found = speed(case, 3 if quick else 5)
            speeds += rows
            against[f"{case.name}, {n:,} rows"] = (
                found["scipy.stats.bootstrap, percentile"] / found["foresay, percentile"]
            )
            seconds = parts(case)
            ratios.append(seconds["bca"] / seconds["percentile"])
            steps.append([case.name, n, *seconds.values()])
            memory.append([case.name, n, extra_memory(partial(case.all_of_it, "bca"))])
            row, distance = agreement(case)
            bounds.append(row)
            far.append(distance)
            if n == sizes[0]:
                row, distance = against_scipy(case)
                bounds.append(row)
                far.append(distance)
    slowest = [key for key in against if f"{sizes[-1]:,}" in key]
    targets = [
        *(
            Target(
                promise=f"times as fast as scipy: {key}",
                measured=against[key],
                bound=3000,
                at_least=True,
            )
            for key in slowest
        ),
        Target(promise="BCa / percentile, collapsed", measured=max(ratios), bound=2),
        Target(promise="bounds apart, in Monte Carlo standard errors", measured=max(far), bound=4),
        Target(promise="extra memory in MB", measured=max(float(m[-1]) for m in memory), bound=50),
    ]
    tables = [
        Table(
            caption="Time for 10,000 resamples, and as a multiple of foresay's percentile "
            "interval.",
            columns=[
                ("statistic", "text"),
                ("rows", "count"),
                ("who", "text"),
                ("resamples timed", "count"),
                ("seconds, scaled", "seconds"),
                ("ratio", "ratio"),
            ],
            rows=speeds,
        ),
        Table(
            caption="Where foresay's time goes: collapsing the rows, then each interval.",
            columns=[
                ("statistic", "text"),
                ("rows", "count"),
                ("collapse, s", "seconds"),
                *((f"{interval}, s", "seconds") for interval in INTERVALS),
            ],
            rows=steps,
        ),
        Table(
            caption="Percentile bounds against the bootstrap law (exact binomial; normal for the "
            "difference) and against scipy with as many resamples.",
            columns=[
                ("statistic", "text"),
                ("rows", "count"),
                ("low", "estimate"),
                ("high", "estimate"),
                ("their low", "estimate"),
                ("their high", "estimate"),
                ("apart, Monte Carlo SE", "ratio"),
            ],
            rows=bounds,
        ),
        Table(
            caption="Memory that Python and numpy held beyond the rows.",
            columns=[("statistic", "text"), ("rows", "count"), ("extra MB", "ratio")],
            rows=memory,
        ),
    ]
    finish(
        Results(
            name="bootstrap",
            title="Intervals from rows in memory",
            method=METHOD,
            tables=tables,
            targets=targets,
            libraries=("numpy", "scipy", "pandas", "arch"),
        ),
        quick=quick,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller; writes nothing")
    main(quick=parser.parse_args().quick)
