"""How a study's estimates are computed: clusters, patterns, sums, interval, way of drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from foresay.errors import ChoiceError, UnsupportedError

if TYPE_CHECKING:
    from foresay.resampling import Recorded
    from foresay.workbench import Workbench

COLUMNS = ("estimand", "clusters", "patterns", "sums", "interval", "path", "draws", "MB", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one estimand of a study is computed, over all its trials together.

    Parameters
    ----------
    estimand : str
        Name of an estimand or contrast.
    clusters, patterns, sums : int
        Clusters that are drawn, distinct patterns among them, sums of each.
    interval : str
        The interval that the study's choices lead to.
    path : str
        How it was computed: ``closed form``, or as `draws`.
    draws : str
        How clusters are drawn, or would be for an interval from resamples.
    why : str
        The reason for that way.
    resamples : int
        Replicates that the study asks for.
    cost : mapping of str to int
        What each way of drawing would cost, in draws of single clusters.
    memory : int
        Bytes that are held while drawing.
    """

    estimand: str
    clusters: int
    patterns: int
    sums: int
    interval: str
    path: str
    draws: str
    why: str
    resamples: int
    cost: Mapping[str, int]
    memory: int

    def cells(self) -> tuple[str, ...]:
        """Return what a table shows, in the order of `COLUMNS`."""
        numbers = (f"{n:,}" for n in (self.clusters, self.patterns, self.sums))
        megabytes = f"{self.memory / 1e6:.1f}"
        return (self.estimand, *numbers, self.interval, self.path, self.draws, megabytes, self.why)


def ways_of(bench: Workbench, progress: Callable[[str], None] = lambda _: None) -> Iterator[Way]:
    """Estimate what the tables of a study support, and say how each was computed.

    Parameters
    ----------
    bench : Workbench
        The opened study.
    progress : callable
        Told what is being estimated.

    Raises
    ------
    ForesayError
        The tables are not valid, or cannot be read.
    """
    from foresay.comparisons.contrasts import known_contrasts
    from foresay.measures.registry import measures
    from foresay.resampling import recorded_draws

    for name in (*measures(), *known_contrasts(bench.study)):
        progress(f"estimating {name}")
        with recorded_draws() as found:
            try:
                bench.estimate(name, by=())
            except (UnsupportedError, ChoiceError):
                continue  # the tables, or the choices, have no place for it
        if found:
            yield _way(name, found[0])


def _way(name: str, made: Recorded) -> Way:
    plan = made.plan
    return Way(
        estimand=name,
        clusters=plan.n_clusters,
        patterns=plan.n_patterns,
        sums=plan.n_sums,
        interval=made.interval,
        path=made.path,
        draws=plan.path,
        why=f"{plan.why}; {plan.sums}",
        resamples=plan.resamples,
        cost=plan.cost,
        memory=plan.memory,
    )


def listed(ways: list[Way]) -> list[dict[str, Any]]:
    """Return the ways for a machine."""
    return [asdict(way) for way in ways]


def aligned(ways: list[Way]) -> list[str]:
    """Return the lines of a table for a terminal."""
    rows = [COLUMNS, *(way.cells() for way in ways)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    right = {COLUMNS.index(name) for name in ("clusters", "patterns", "sums", "MB")}
    return [
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
