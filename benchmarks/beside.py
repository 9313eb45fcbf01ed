"""Intervals beside scipy, arch, a numpy loop and DataFrame.sample, all cells in one run."""

from __future__ import annotations

import argparse
from functools import partial

from scipy import stats

from measuring.peers import BCA, NUMPY, PEERS, SCIPY, installed
from measuring.results import Results, Table, Target, finish
from measuring.statistics import RESAMPLES, Case, cases
from measuring.timing import extra_memory, fastest, interleaved

SIZES = (10_000, 1_000_000, 10_000_000)
QUICK = (10_000, 100_000)
INTERVALS = ("percentile", "bca", "auto")
UNITS_OF_A_RUN = 8_000_000
"""A peer is timed on as many resamples as draw about this many units, on two at least."""
LARGEST_BCA = 10_000
METHOD = (
    f"95 % interval from {RESAMPLES:,} resamples: of rows (accuracy, paired difference), or of "
    "whole clusters of 1 to 19 rows (clustered ratio: matches over rows, intraclass correlation "
    "1/3). Everyone is given the same arrays in memory: one value a row, or two sums a cluster; "
    "foresay's time includes collapsing them. A slow peer is timed on fewer resamples and its "
    "time scaled up in proportion; the column resamples says how many. scipy draws in batches of "
    "at most 10 million values. The BCa of scipy and arch leaves out each unit in turn, which "
    f"takes the square of their number, so it is timed up to {LARGEST_BCA:,} units. Runs "
    "alternate between all peers of a cell; the ratios are to foresay's interval of that kind."
)


def speeds(case: Case, rounds: int) -> dict[tuple[str, str], tuple[int, float]]:
    """Return resamples timed, and seconds for all of them, by who and interval."""
    few = min(RESAMPLES, max(2, UNITS_OF_A_RUN // case.n))
    calls = {("foresay", name): partial(case.all_of_it, name) for name in INTERVALS}
    peers = {(who, "percentile"): partial(f, case, few) for who, f in PEERS.items()}
    if case.n <= LARGEST_BCA:
        peers |= {(who, "bca"): partial(f, case, few) for who, f in BCA.items()}
    calls |= {key: call for key, call in peers.items() if installed(key[0])}
    seconds = interleaved(calls, rounds)
    found = {}
    for (who, interval), spent in seconds.items():
        if who == "foresay":
            found[who, interval] = RESAMPLES, spent
            continue
        drawn = seconds[who, "percentile"]
        found[who, interval] = few, drawn * RESAMPLES / few + max(spent - drawn, 0.0)
    return found


def memory(case: Case, who: str, interval: str) -> float:
    """Return the extra MB of a call; of a peer, on a few resamples: it needs no more for many."""
    if who == "foresay":
        return extra_memory(partial(case.all_of_it, interval))
    calls, resamples = (PEERS, 2) if interval == "percentile" else (BCA, 50)
    return extra_memory(partial(calls[who], case, resamples))


def parts(case: Case, rounds: int) -> dict[str, float]:
    """Return the seconds of each step: sums of clusters, collapsing, each interval."""
    counts = case.collapse()
    step = fastest(case.sums_of_clusters, rounds).seconds if case.cluster is not None else None
    calls = {name: partial(case.estimate, counts, name) for name in INTERVALS}
    return {
        "sums": step,  # type: ignore[dict-item] # none where rows are the units
        "collapse": fastest(case.collapse, rounds).seconds,
        **interleaved(calls, 3 * rounds),
    }


def apart(case: Case) -> list[object]:
    """Compare the percentile bounds with the law, in units of the Monte Carlo error."""
    made, known = case.all_of_it("percentile"), case.known_bounds()
    # standard error of a quantile of replicates: sqrt(p (1 - p) / B) / density
    tail = 0.025
    density = stats.norm.pdf(stats.norm.ppf(tail)) / made.standard_error
    error = (tail * (1 - tail) / RESAMPLES) ** 0.5 / density
    # sums of whole numbers lie on a grid, whose step a quantile may miss by
    grid = 1 / case.n if case.name == "accuracy" else 0.0
    far = max(abs(made.low - known[0]), abs(made.high - known[1])) - grid
    return [case.name, case.rows, made.low, made.high, *known, max(far, 0.0) / error]


def main(*, quick: bool) -> None:
    rows: list[list[object]] = []
    from_rows: list[list[object]] = []
    steps: list[list[object]] = []
    bounds: list[list[object]] = []
    ratios: dict[tuple[str, int, str], float] = {}
    bca_cost, loops, held = [], [], []
    for size in QUICK if quick else SIZES:
        for case in cases(size):
            rounds = 2 if case.n > 1_000_000 else 3
            found = speeds(case, rounds)
            for (who, interval), (timed, seconds) in found.items():
                base = found["foresay", interval][1]
                extra = memory(case, who, interval)
                rows.append(
                    [
                        case.name,
                        case.rows,
                        case.n,
                        who,
                        interval,
                        timed,
                        seconds,
                        seconds / base,
                        extra,
                    ]
                )
                if who == "foresay" and size == 1_000_000:
                    held.append(extra)
            base = found["foresay", "percentile"][1]
            for who in (SCIPY, NUMPY):
                ratios[case.name, size, who] = found[who, "percentile"][1] / base
            slowest = max(found["foresay", interval][1] for interval in INTERVALS)
            loops.append(found[NUMPY, "percentile"][1] / slowest)
            spent = parts(case, rounds)
            steps.append([case.name, case.rows, *spent.values()])
            bca_cost.append(spent["bca"] / spent["percentile"])
            bounds.append(apart(case))
            if case.cluster is not None:
                ours = spent["sums"] + base
                from_rows += [
                    [case.rows, case.n, who, spent["sums"] + s, (spent["sums"] + s) / ours]
                    for (who, interval), (_, s) in found.items()
                    if interval == "percentile"
                ]
    targets = [
        Target(
            promise="times as fast as the numpy loop, least of all cells and intervals",
            measured=min(loops),
            bound=1,
            at_least=True,
        ),
        Target(promise="BCa / percentile, collapsed", measured=max(bca_cost), bound=2),
        Target(
            promise="bounds apart, in Monte Carlo standard errors",
            measured=max(float(row[-1]) for row in bounds),
            bound=4,
        ),  # type: ignore[arg-type]
    ]
    if not quick:
        targets = [
            *(
                Target(
                    promise=f"times as fast as scipy: {name}, 1,000,000 rows",
                    measured=ratios[name, 1_000_000, SCIPY],
                    bound=3000,
                    at_least=True,
                )
                for name in ("accuracy", "paired difference")
            ),
            Target(
                promise="times as fast as the numpy loop over sums of clusters: clustered "
                "ratio, 10⁷ rows in 10⁶ clusters",
                measured=ratios["clustered ratio", 10_000_000, NUMPY],
                bound=100,
                at_least=True,
            ),
            *targets,
            Target(promise="extra memory in MB, 1,000,000 rows", measured=max(held), bound=50),
        ]
    finish(
        Results(
            name="beside",
            title="Intervals beside other libraries",
            method=METHOD,
            tables=tables(rows, from_rows, steps, bounds),
            targets=targets,
            libraries=("numpy", "scipy", "pandas", "arch"),
        ),
        quick=quick,
    )


def tables(
    rows: list[list[object]],
    from_rows: list[list[object]],
    steps: list[list[object]],
    bounds: list[list[object]],
) -> list[Table]:
    statistic, size = ("statistic", "text"), ("rows", "count")
    return [
        Table(
            caption=f"Time for {RESAMPLES:,} resamples, as a multiple of foresay's interval of "
            "the same kind, and the memory that Python and numpy held beyond what was given.",
            columns=[
                statistic,
                size,
                ("units", "count"),
                ("who", "text"),
                ("interval", "text"),
                ("resamples timed", "count"),
                ("seconds, scaled", "seconds"),
                ("ratio", "ratio"),
                ("extra MB", "ratio"),
            ],
            rows=rows,
        ),
        Table(
            caption="The clustered ratio from rows, percentile: everyone first makes the sums of "
            "clusters with two calls of numpy.bincount.",
            columns=[
                size,
                ("clusters", "count"),
                ("who", "text"),
                ("seconds, scaled", "seconds"),
                ("ratio", "ratio"),
            ],
            rows=from_rows,
        ),
        Table(
            caption="Where foresay's time goes.",
            columns=[
                statistic,
                size,
                ("sums of clusters, s", "seconds"),
                ("collapse, s", "seconds"),
                *((f"{interval}, s", "seconds") for interval in INTERVALS),
            ],
            rows=steps,
        ),
        Table(
            caption="Percentile bounds against the law that they estimate: exact binomial for the "
            "accuracy (to the next whole match), normal after linearising for the others.",
            columns=[
                statistic,
                size,
                ("low", "estimate"),
                ("high", "estimate"),
                ("law's low", "estimate"),
                ("law's high", "estimate"),
                ("apart, Monte Carlo SE", "ratio"),
            ],
            rows=bounds,
        ),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller; writes nothing")
    main(quick=parser.parse_args().quick)
