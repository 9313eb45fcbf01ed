"""The interval of a clustered ratio: patterns against loops over clusters."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from foresay.counts import Counts, Sums, collapse, ratio
from foresay.measures.kinds import Proportion
from foresay.resampling import Estimate, estimate, stream
from measuring.results import Results, Table, Target, finish
from measuring.timing import extra_memory, fastest

RESAMPLES = 10_000
SEED = 1
INTERVALS = ("percentile", "bca", "auto")
METHOD = (
    f"95 % interval from {RESAMPLES:,} resamples of whole clusters, for the share of matches among "
    "rows (clusters of 1 to 19 rows, intraclass correlation 1/3). Everyone starts from the sums of "
    "each cluster, which are made from the rows in the time that the first table shows. A slow "
    "peer is timed on fewer resamples and its time scaled up in proportion."
)

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of 0 or 1 with the cluster of each."""

    match: NDArray[np.int8]
    cluster: NDArray[np.int32]
    n_clusters: int

    def sums(self) -> tuple[Whole, Whole]:
        """Return matches and rows of each cluster."""
        size = np.bincount(self.cluster, minlength=self.n_clusters)
        score = np.bincount(self.cluster[self.match == 1], minlength=self.n_clusters)
        return score.astype(np.int64), size.astype(np.int64)


def make(n_clusters: int) -> Rows:
    rng = np.random.default_rng(SEED)
    size = rng.integers(1, 20, size=n_clusters)
    rate = rng.beta(1.2, 0.8, size=n_clusters)  # intraclass correlation 1 / (1.2 + 0.8 + 1)
    cluster = np.repeat(np.arange(n_clusters, dtype=np.int32), size)
    match = (rng.random(len(cluster)) < rate[cluster]).astype(np.int8)
    return Rows(match=match, cluster=cluster, n_clusters=n_clusters)


def accuracy(sums: Sums) -> NDArray[np.float64]:
    return ratio(sums["match"], sums["trials"])


def collapsed(score: Whole, size: Whole) -> Counts:
    return collapse({"match": score, "trials": size})


def foresay_interval(score: Whole, size: Whole, interval: str) -> Estimate:
    return estimate(
        collapsed(score, size),
        accuracy,
        kind=Proportion("match", "trials"),
        interval=interval,
        resamples=RESAMPLES,
        rng=stream(SEED, "clustered"),
    )


def numpy_loop(score: Whole, size: Whole, resamples: int) -> tuple[float, float]:
    rng = np.random.default_rng(SEED)
    found = np.empty(resamples)
    for b in range(resamples):
        drawn = rng.integers(len(size), size=len(size))
        found[b] = score[drawn].sum() / size[drawn].sum()
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def scipy_bootstrap(score: Whole, size: Whole, resamples: int) -> tuple[float, float]:
    def share(some: Whole, of: Whole, axis: int = -1) -> NDArray[np.float64]:
        return np.asarray(some.sum(axis=axis) / of.sum(axis=axis))

    found = stats.bootstrap(
        (score, size),
        share,
        n_resamples=resamples,
        batch=max(1, 10_000_000 // len(size)),
        paired=True,
        vectorized=True,
        method="percentile",
        rng=np.random.default_rng(SEED),
    )
    return tuple(map(float, found.confidence_interval))  # type: ignore[return-value]


PEERS: dict[str, Callable[[Whole, Whole, int], tuple[float, float]]] = {
    "numpy loop over sums of clusters": numpy_loop,
    "scipy.stats.bootstrap, percentile": scipy_bootstrap,
}


def main(*, quick: bool) -> None:
    sizes = (10_000, 100_000) if quick else (100_000, 1_000_000)
    speeds: list[list[object]] = []
    shapes: list[list[object]] = []
    bounds: list[list[object]] = []
    far: list[float] = []
    ratios: list[float] = []
    for n_clusters in sizes:
        rows = make(n_clusters)
        score, size = rows.sums()
        counts = collapsed(score, size)
        n = len(rows.match)
        shapes.append(
            [
                n,
                n_clusters,
                counts.n_patterns,
                fastest(rows.sums, 3).seconds,
                fastest(partial(collapsed, score, size), 3).seconds,
                extra_memory(partial(foresay_interval, score, size, "bca")),
            ]
        )
        seconds: dict[str, tuple[int, float]] = {}
        for interval in INTERVALS:
            call = partial(foresay_interval, score, size, interval)
            seconds[f"foresay, {interval}"] = RESAMPLES, fastest(call, 3).seconds
        ratios.append(seconds["foresay, bca"][1] / seconds["foresay, percentile"][1])
        for who, peer in PEERS.items():
            b = max(20, 20_000_000 // n_clusters)
            spent = fastest(partial(peer, score, size, b), 2).seconds
            seconds[who] = b, spent * RESAMPLES / b
        base = seconds["foresay, percentile"][1]
        speeds += [[n, n_clusters, who, b, s, s / base] for who, (b, s) in seconds.items()]
        row, distance = agreement(score, size, n)
        bounds.append(row)
        far.append(distance)
    targets = [
        Target(promise="bounds apart, in Monte Carlo standard errors", measured=max(far), bound=4),
        Target(promise="BCa / percentile, from sums of clusters", measured=max(ratios), bound=2),
    ]
    finish(
        Results(
            name="clustered",
            title="A clustered ratio",
            method=METHOD,
            tables=tables(shapes, speeds, bounds),
            targets=targets,
            libraries=("numpy", "scipy"),
        ),
        quick=quick,
    )


def agreement(score: Whole, size: Whole, n: int) -> tuple[list[object], float]:
    """Compare foresay's percentile bounds with those of the linearised law of the ratio."""
    made = foresay_interval(score, size, "percentile")
    share = score.sum() / size.sum()
    spread = np.sqrt(((score - share * size) ** 2).sum()) / size.sum() * stats.norm.ppf(0.975)
    low, high = share - spread, share + spread
    tail = 0.025
    error = (tail * (1 - tail) / RESAMPLES) ** 0.5 / stats.norm.pdf(stats.norm.ppf(tail))
    error *= made.standard_error
    far = float(max(abs(made.low - low), abs(made.high - high)) / error)
    return [n, made.low, made.high, float(low), float(high), far], far


def tables(
    shapes: list[list[object]], speeds: list[list[object]], bounds: list[list[object]]
) -> list[Table]:
    return [
        Table(
            caption="What there is, and the steps before drawing.",
            columns=[
                ("rows", "count"),
                ("clusters", "count"),
                ("patterns", "count"),
                ("sums of clusters, s", "seconds"),
                ("collapse, s", "seconds"),
                ("extra MB", "ratio"),
            ],
            rows=shapes,
        ),
        Table(
            caption="Time from sums of clusters for 10,000 resamples, and as a multiple of "
            "foresay's percentile interval.",
            columns=[
                ("rows", "count"),
                ("clusters", "count"),
                ("who", "text"),
                ("resamples timed", "count"),
                ("seconds, scaled", "seconds"),
                ("ratio", "ratio"),
            ],
            rows=speeds,
        ),
        Table(
            caption="Percentile bounds against the normal law of the linearised ratio.",
            columns=[
                ("rows", "count"),
                ("low", "estimate"),
                ("high", "estimate"),
                ("their low", "estimate"),
                ("their high", "estimate"),
                ("apart, Monte Carlo SE", "ratio"),
            ],
            rows=bounds,
        ),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller; writes nothing")
    main(quick=parser.parse_args().quick)
