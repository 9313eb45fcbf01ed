"""Power: how often a study like this one would find an effect, from the study's own patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from foresay.counts import Counts, Estimator
from foresay.errors import ChoiceError, UnsupportedError
from foresay.planning.findings import times_found
from foresay.planning.scales import PLAIN, Scale
from foresay.planning.tilting import tilted
from foresay.resampling.streams import stream

ENOUGH = 10
"""Clusters from which a study can be planned."""


def power(  # noqa: PLR0913 (each is one of the planner's decisions)
    counts: Counts,
    estimator: Estimator,
    *,
    effects: Sequence[float],
    clusters: Sequence[int],
    scale: Scale = PLAIN,
    level: float = 0.95,
    runs: int = 4_000,
    seed: int = 1,
    key: Sequence[str] = (),
) -> pd.DataFrame:
    """Return how often a study like this one would find an effect.

    For each effect and number of clusters, studies are drawn from the tilted patterns. Each finds
    the effect if its two-sided interval at `level` excludes no effect; the interval is the one that
    ``interval: auto`` takes.

    Parameters
    ----------
    counts : Counts
        Patterns of the study that is planned from; strata are ignored.
    estimator : Estimator
        The effect: a difference (0 is none), or a ratio (1 is none).
    effects : sequence of float
        True effects, in the unit of the estimator.
    clusters : sequence of int
        Numbers of clusters of the planned study, each at least 2.
    scale : Scale
        How the effect is tested.
    level : float
        Confidence level.
    runs : int
        Simulated studies of each case.
    seed : int
        Seed.
    key : sequence of str
        What is planned, so that each plan has draws of its own. All effects share theirs, which
        keeps a curve smooth.

    Returns
    -------
    DataFrame
        `effect, clusters, power, low, high, runs, note`: the share of studies whose interval
        excludes no effect, with a 95 % Wilson interval for the error of the simulation. Missing,
        with the reason in `note`, where no mixture of the study's patterns has the effect.

    Raises
    ------
    UnsupportedError
        Fewer than 10 clusters to plan from, or no cluster differs from another.
    ChoiceError
        A number of clusters is below 2, `runs` below 100, or an effect not a number.

    Notes
    -----
    It assumes that the planned clusters are like the study's own, but for the tilt to the effect.
    With few clusters to plan from the result is no better than they are. A study in which nothing
    varies counts as one that found nothing.
    """
    check_plan(counts, estimator, effects=effects, clusters=clusters, runs=runs)
    tested = scale.of(estimator)
    rows: list[dict[str, Any]] = []
    for effect in effects:
        try:
            probability, reason = tilted(counts, estimator, effect), ""
        except UnsupportedError as error:
            probability, reason = None, f"undefined: {error}"
        for n in clusters:
            row: dict[str, Any] = {"effect": float(effect), "clusters": int(n)}
            if probability is None:
                row |= dict.fromkeys(("power", "low", "high"), np.nan)
            else:
                rng = stream(seed, "power", *key, str(n))
                found = times_found(
                    counts, tested, probability, clusters=n, level=level, runs=runs, rng=rng
                )
                row |= dict(zip(("power", "low", "high"), _share(found, runs), strict=True))
            rows.append({**row, "runs": runs, "note": reason})
    columns = ["effect", "clusters", "power", "low", "high", "runs", "note"]
    return pd.DataFrame(rows, columns=columns)


def check_plan(
    counts: Counts,
    estimator: Estimator,
    *,
    effects: Sequence[float],
    clusters: Sequence[int],
    runs: int,
) -> None:
    """Refuse what cannot be planned, or planned from.

    Raises
    ------
    UnsupportedError, ChoiceError
        As for `power`.
    """
    for n in clusters:
        if n < 2:
            raise ChoiceError(f"a study of {n} clusters has no interval; plan with 2 or more")
    for effect in effects:
        if not np.isfinite(effect):
            raise ChoiceError(f"an effect is a number such as 0.05; got {effect}")
    if runs < 100:
        raise ChoiceError(f"{runs} simulated studies say too little; take 100 or more")
    if counts.n_clusters < ENOUGH:
        raise UnsupportedError(
            f"{counts.n_clusters} clusters are too few to plan from; at least {ENOUGH} are needed"
        )
    tilted(counts, estimator, float(estimator(counts.totals)))


def _share(found: int, runs: int) -> tuple[float, float, float]:
    """Return the share found, with Wilson's 95 % interval."""
    z = 1.959964
    share = found / runs
    middle = (share + z**2 / (2 * runs)) / (1 + z**2 / runs)
    half = z / (1 + z**2 / runs) * np.sqrt(share * (1 - share) / runs + z**2 / (4 * runs**2))
    # rounding must not put the ends on the wrong side of 0 and 1
    return (
        share,
        float(min(max(0.0, middle - half), share)),
        float(max(min(1.0, middle + half), share)),
    )
