"""Draw and estimate beside loops of numpy, over all shapes of data."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from foresay.counts import Counts, Sums, collapse
from foresay.measures.kinds import Difference
from foresay.resampling import Draws, draw, estimate_many, stream
from measuring.loops import BATCHED, COUNTED, LOOP, LOOPS, SEED, loop
from measuring.results import Results, Table, Target, finish
from measuring.timing import interleaved

CLUSTERS = (100, 1_000, 10_000, 100_000, 1_000_000)
SUMS = (1, 2, 4, 12, 40)
SHARES = ("few", "half", "all")
ESTIMANDS = (1, 10, 100)
RESAMPLES = (200, 1_000, 10_000)
LARGEST = 20_000_000
"""Cells with more numbers than this, 40 sums of 10^6 clusters, are left out: too much memory."""
CELLS_OF_A_RUN = 1_500_000
"""A loop draws about this many clusters a run, in at least four replicates."""
OURS_OF_A_RUN = 10_000_000
"""The same for foresay, whose cost of a block of replicates would weigh too much otherwise."""
MANY_PATTERNS = 50_000
"""Above this, the closed forms of 100 estimands are taken to last ten times those of 10."""
METHOD = (
    f"Sums of {CLUSTERS[0]:,} to {CLUSTERS[-1]:,} clusters, {SUMS[0]} to {SUMS[-1]} of them, whose "
    "rows are 12 distinct ones (few), half of them distinct (half), or all distinct (all); "
    f"{ESTIMANDS[0]} to {ESTIMANDS[-1]} ratios of the sums with percentile intervals from "
    f"{RESAMPLES[0]:,} to {RESAMPLES[-1]:,} resamples. *Loop*: one replicate at a time, "
    "`rng.integers`, and for each sum `column[drawn].sum()`. *Batches*: the same with indices of "
    "many replicates at once. *Counts and a product*: `numpy.bincount(drawn) @ matrix`. All have "
    "the replicates of all sums and take their quotients, standard deviations and quantiles from "
    "them. foresay's time includes collapsing. Drawing is timed on as many resamples as fit a "
    "fraction of a second and scaled; what comes after it is timed in full, but for the closed "
    f"forms of {ESTIMANDS[-1]} estimands on more than {MANY_PATTERNS:,} patterns, scaled from "
    f"{ESTIMANDS[-2]}."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """An estimand: one sum over another, kept away from 0."""

    place: int

    @property
    def kind(self) -> Difference:
        """Return a kind without bounds."""
        return Difference(-np.inf, np.inf)

    def estimator(self, sums: Sums) -> NDArray[np.float64]:
        """Return the quotient of two neighbouring sums."""
        n = len(sums.names)
        first, second = sums.names[self.place % n], sums.names[(self.place + 1) % n]
        return np.asarray(sums[first] / (1 + sums[second]))


def columns_of(n: int, n_sums: int, share: str) -> list[NDArray[np.int64]]:
    rng = np.random.default_rng(SEED)
    rows = rng.integers(0, 50, size=(12, n_sums))[rng.integers(12, size=n)]
    distinct = {"few": 0, "half": n // 2, "all": n}[share]
    if distinct:
        rows[:distinct] = rng.integers(0, 2**20, size=(distinct, n_sums))
        rows[:distinct, 0] = rng.permutation(distinct) + 50
    return [np.ascontiguousarray(column) for column in rows.T]


def collapsed(columns: list[NDArray[np.int64]]) -> Counts:
    return collapse({f"s{j}": column for j, column in enumerate(columns)})


def intervals(sums: NDArray[np.float64], estimands: int) -> list[object]:
    """Return what a loop makes of its sums: quotients, standard errors and quantiles."""
    n = sums.shape[1]
    made: list[object] = []
    for i in range(estimands):
        values = sums[:, i % n] / (1 + sums[:, (i + 1) % n])
        made.append((values.std(ddof=1), np.quantile(values, [0.025, 0.975])))
    return made


def estimated(counts: Counts, estimands: int, resamples: int, interval: str) -> object:
    wanted = [Ratio(place=i) for i in range(estimands)]
    return estimate_many(
        counts, wanted, interval=interval, resamples=resamples, rng=stream(SEED, "sweep")
    )


def after_drawing(counts: Counts, draws: Draws, estimands: int) -> object:
    """Do everything that `estimate_many` does but draw."""
    with patch("foresay.resampling.estimate.draw", return_value=draws):
        return estimated(counts, estimands, len(draws.sums.numerators), "percentile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Seconds of one shape and size of the question."""

    clusters: int
    sums: int
    share: str
    estimands: int
    resamples: int
    path: str
    foresay: float
    auto: float
    loops: dict[str, float]

    @property
    def ratio(self) -> float:
        """How many times the loop's time foresay's is."""
        return self.loops[LOOP] / self.foresay

    @property
    def others(self) -> float:
        """The same for the faster of the other loops."""
        return min(self.loops[BATCHED], self.loops[COUNTED]) / self.foresay


def shape(n: int, n_sums: int, share: str, rounds: int) -> Iterator[Cell]:
    columns = columns_of(n, n_sums, share)
    counts = collapsed(columns)
    few = int(min(max(RESAMPLES), max(4, CELLS_OF_A_RUN / (n * n_sums**0.5))))
    many = int(min(*RESAMPLES, max(few, OURS_OF_A_RUN / n)) if n > 2_000 else few)
    calls: dict[str, Callable[[], object]] = {
        "collapse": partial(collapsed, columns),
        "draw": lambda: draw(counts, many, stream(SEED, "sweep")),
        **{name: partial(call, columns, few) for name, call in LOOPS.items()},
    }
    base = interleaved(calls, rounds)
    timed = ESTIMANDS if counts.n_patterns <= MANY_PATTERNS else ESTIMANDS[:-1]
    closed = interleaved(
        {k: partial(estimated, counts, k, max(RESAMPLES), "auto") for k in timed},
        1 if counts.n_patterns > 10_000 else rounds,
    )
    closed.setdefault(ESTIMANDS[-1], closed[timed[-1]] * ESTIMANDS[-1] / timed[-1])
    for resamples in RESAMPLES:
        sums = np.resize(loop(columns, min(few, 12)), (resamples, n_sums))
        sums += np.arange(resamples)[:, None]  # no two replicates alike, as quantiles meet them
        draws = Draws(
            sums=Sums(counts.names, sums, counts.scale.astype(np.float64)),
            errors=np.empty((0, resamples)),
            path="",
            n_fixed=0,
        )
        for estimands in ESTIMANDS:
            rest = interleaved(
                {
                    "ours": partial(after_drawing, counts, draws, estimands),
                    "theirs": partial(intervals, sums, estimands),
                },
                1 if counts.n_patterns * estimands > 1_000_000 else rounds,
            )
            scaled = {name: base[name] * resamples / few for name in LOOPS}
            scaled["draw"] = base["draw"] * resamples / many
            yield Cell(
                clusters=n,
                sums=n_sums,
                share=share,
                estimands=estimands,
                resamples=resamples,
                path=draw(counts, 2, stream(SEED)).path,
                foresay=base["collapse"] + scaled["draw"] + rest["ours"],
                auto=base["collapse"] + closed[estimands],
                loops={name: scaled[name] + rest["theirs"] for name in LOOPS},
            )


def main(*, quick: bool) -> None:
    cells: list[Cell] = []
    rounds = 2 if quick else 3
    for n in CLUSTERS[:3] if quick else CLUSTERS:
        for n_sums in SUMS:
            for share in SHARES:
                if n * n_sums <= LARGEST:
                    cells += shape(n, n_sums, share, rounds)
    slower = [cell for cell in cells if cell.ratio < 1]
    for cell in sorted(slower, key=lambda cell: cell.ratio):
        print(f"slower than the loop: {cell}")
    finish(
        Results(
            name="sweep",
            title="Never slower than a loop",
            method=METHOD,
            tables=[_by_shape(cells), _slowest(cells)],
            targets=[
                Target(
                    promise=f"times as fast as the loop, least of {len(cells)} cells",
                    measured=min(cell.ratio for cell in cells),
                    bound=1,
                    at_least=True,
                ),
                Target(
                    promise=f"the same, closed forms of auto and {max(RESAMPLES):,} resamples",
                    measured=min(
                        cell.loops[LOOP] / cell.auto
                        for cell in cells
                        if cell.resamples == max(RESAMPLES)
                    ),
                    bound=1,
                    at_least=True,
                ),
            ],
            libraries=("numpy",),
        ),
        quick=quick,
    )


def _by_shape(cells: list[Cell]) -> Table:
    rows: list[list[object]] = []
    for n in sorted({cell.clusters for cell in cells}):
        for share in SHARES:
            own = [cell for cell in cells if (cell.clusters, cell.share) == (n, share)]
            rows.append(
                [
                    n,
                    share,
                    ", ".join(sorted({cell.path for cell in own})),
                    min(cell.ratio for cell in own),
                    float(np.median([cell.ratio for cell in own])),
                    max(cell.ratio for cell in own),
                    min(cell.others for cell in own),
                    float(np.median([cell.others for cell in own])),
                    min(
                        cell.loops[LOOP] / cell.auto
                        for cell in own
                        if cell.resamples == max(RESAMPLES)
                    ),
                ]
            )
    times = [(head, "ratio") for head in ("least", "median", "most")]
    return Table(
        caption="Times as fast as the loop, over all numbers of sums, estimands and resamples; "
        "then as the faster of batches and counts; then the closed forms of auto, which need no "
        f"resamples, as the loop on {max(RESAMPLES):,}.",
        columns=[
            ("clusters", "count"),
            ("distinct", "text"),
            ("path", "text"),
            *times,
            ("others, least", "ratio"),
            ("others, median", "ratio"),
            ("auto, least", "ratio"),
        ],
        rows=rows,
    )


def _slowest(cells: list[Cell]) -> Table:
    chosen = sorted(cells, key=lambda cell: cell.ratio)[:8]
    chosen += [cell for cell in sorted(cells, key=lambda cell: cell.others) if cell not in chosen][
        :8
    ]
    return Table(
        caption="The eight cells that are least ahead of the loop, then of the other two.",
        columns=[
            ("clusters", "count"),
            ("sums", "count"),
            ("distinct", "text"),
            ("estimands", "count"),
            ("resamples", "count"),
            ("foresay, s", "seconds"),
            ("loop", "ratio"),
            ("batches", "ratio"),
            ("counts", "ratio"),
        ],
        rows=[
            [
                cell.clusters,
                cell.sums,
                cell.share,
                cell.estimands,
                cell.resamples,
                cell.foresay,
                *(seconds / cell.foresay for seconds in cell.loops.values()),
            ]
            for cell in chosen
        ],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller; writes nothing")
    main(quick=parser.parse_args().quick)
