"""Power: how often a study like this one would find an effect, from the study's own patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from foresay.comparisons.arms import Comparison
from foresay.counts import Counts, Estimator
from foresay.errors import ChoiceError, UnsupportedError
from foresay.planning.findings import times_found
from foresay.planning.flips import FEW, smallest_p, times_flipped
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
    flipped: Comparison | None = None,
) -> pd.DataFrame:
    """Return how often a study like this one would find an effect.

    For each effect and number of clusters, studies are drawn from the tilted patterns. Each finds
    the effect if its two-sided interval at `level` excludes no effect; the interval is the one that
    ``interval: auto`` takes. With few clusters that finds far more than flipping their signs does,
    so that a comparison that is tested by sign flips is then planned with these.

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
    flipped : Comparison, optional
        What sign flips test; below 100 planned clusters they take the place of the interval.

    Returns
    -------
    DataFrame
        `effect, clusters, power, low, high, runs, test, note`: the share of studies that find the
        effect by `test`, ``interval`` or ``sign_flip``, with a 95 % Wilson interval for the error
        of the simulation. Missing, with the reason in `note`, where no mixture of the study's
        patterns has the effect.

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
            signs = flipped is not None and n < FEW
            row["test"] = "sign_flip" if signs else "interval"
            if probability is None:
                row |= dict.fromkeys(("power", "low", "high"), np.nan)
            else:
                rng = stream(seed, "power", *key, str(n))
                drawn: dict[str, Any] = {"clusters": n, "level": level, "runs": runs, "rng": rng}
                if flipped is not None and signs:
                    found = times_flipped(counts, flipped, probability, **drawn)
                else:
                    found = times_found(counts, tested, probability, **drawn)
                row |= dict(zip(("power", "low", "high"), _share(found, runs), strict=True))
            reasons = [reason, too_few_to_flip(n, level) if signs else ""]
            rows.append({**row, "runs": runs, "note": "; ".join(r for r in reasons if r)})
    columns = ["effect", "clusters", "power", "low", "high", "runs", "test", "note"]
    return pd.DataFrame(rows, columns=columns)


def too_few_to_flip(clusters: int, level: float) -> str:
    """Return why flipping so few clusters finds no effect, however large; "" if it can."""
    least = smallest_p(clusters)
    if least <= 1 - level + 1e-9:
        return ""
    return (
        f"flipping {clusters} clusters has no p-value below {least:.3g}, so no effect is found; "
        "plan with more"
    )


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
            many = "1 cluster" if n == 1 else f"{n} clusters"
            raise ChoiceError(f"a study of {many} has no interval; plan with 2 or more")
    for effect in effects:
        if not np.isfinite(effect):
            raise ChoiceError(f"an effect is a number such as 0.05; got {effect}")
    if runs < 100:
        raise ChoiceError(f"{runs} simulated studies say too little; take 100 or more")
    if (n := counts.n_clusters) < ENOUGH:
        many = "1 cluster is" if n == 1 else f"{n} clusters are"
        raise UnsupportedError(f"{many} too few to plan from; at least {ENOUGH} are needed")
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
