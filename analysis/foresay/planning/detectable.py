"""The minimum detectable effect: the smallest that a study of some size finds often enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from foresay.comparisons.arms import Comparison
from foresay.counts import Counts, Estimator
from foresay.errors import ChoiceError
from foresay.planning.flips import FEW
from foresay.planning.power import check_plan, power, too_few_to_flip
from foresay.planning.scales import PLAIN, Scale
from foresay.planning.tilting import influences

_STEPS = 40
_NO_REFERENCE = (
    "undefined: an effect needs a value that it is a difference from; name one, such as "
    "reference=0.5 (--reference 0.5)"
)
_OUT_OF_REACH = (
    "undefined: no mixture of this study's clusters has an effect that is found so often"
)


def minimum_detectable_effect(  # noqa: PLR0913 (each is one of the planner's decisions)
    counts: Counts,
    estimator: Estimator,
    *,
    clusters: Sequence[int],
    wanted: float = 0.8,
    scale: Scale = PLAIN,
    level: float = 0.95,
    runs: int = 4_000,
    seed: int = 1,
    key: Sequence[str] = (),
    precision: bool = False,
    flipped: Comparison | None = None,
) -> pd.DataFrame:
    """Return the smallest positive effect (on a ratio scale, above 1) that is found often enough.

    Parameters
    ----------
    counts, estimator, clusters, scale, level, runs, seed, key, flipped
        As for `power`.
    wanted : float
        Power, above ``1 - level`` and below 1.
    precision : bool
        Whether the standard error is all that is wanted, as nothing is known to hold it against.

    Returns
    -------
    DataFrame
        `clusters, effect, wanted, standard_error, test, note`; `effect` is missing, with the reason
        in `note`, where no mixture of the study's patterns is found so often. `standard_error` is
        that of the estimate in a study of that size whose patterns are those of this one.

    Raises
    ------
    ChoiceError, UnsupportedError
        As for `power`; or `wanted` is no power.
    """
    if not 1 - level < wanted < 1:
        raise ChoiceError(
            f"a power of {wanted:g} cannot be asked for: it lies above {1 - level:.3g}, which is "
            "reached without an effect, and below 1"
        )
    check_plan(counts, estimator, effects=(), clusters=clusters, runs=runs)
    spread = _spread(counts, estimator)
    rows = []
    for n in clusters:
        row: dict[str, Any] = {"clusters": int(n), "effect": np.nan, "wanted": wanted}
        row |= {"standard_error": spread / np.sqrt(n), "note": _NO_REFERENCE if precision else ""}
        signs = flipped is not None and n < FEW
        row["test"] = "" if precision else "sign_flip" if signs else "interval"
        rows.append(row)
        if precision:
            continue
        if signs and (reason := too_few_to_flip(n, level)):
            row["note"] = f"undefined: {reason}"
            continue

        def found(tested: float, n: int = n) -> float:
            effect = scale.stated(tested)
            made = power(
                counts,
                estimator,
                effects=[effect],
                clusters=[n],
                scale=scale,
                level=level,
                runs=runs,
                seed=seed,
                key=key,
                flipped=flipped,
            )
            return float(made["power"].iloc[0])

        guess = _guess(counts, scale.of(estimator), n, wanted, level)
        tested = _smallest(found, guess, wanted, 1 - level, 0.1 / np.sqrt(runs))
        if np.isnan(tested):
            row["note"] = _OUT_OF_REACH
        else:
            row["effect"] = scale.stated(tested)
    columns = ["clusters", "effect", "wanted", "standard_error", "test", "note"]
    return pd.DataFrame(rows, columns=columns)


def about_detectable(
    counts: Counts,
    estimator: Estimator,
    *,
    clusters: int,
    scale: Scale = PLAIN,
    wanted: float = 0.8,
    level: float = 0.95,
) -> float:
    """Return the minimum detectable effect of a normal estimate, in closed form, as a first guess.

    Parameters
    ----------
    counts, estimator, clusters, scale, wanted, level
        As for `minimum_detectable_effect`, for one number of clusters.
    """
    return scale.stated(_guess(counts, scale.of(estimator), clusters, wanted, level))


def _guess(counts: Counts, tested: Estimator, n: int, wanted: float, level: float) -> float:
    both = stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(wanted)
    return float(both * _spread(counts, tested) / np.sqrt(n))


def _spread(counts: Counts, estimator: Estimator) -> float:
    """Return the standard deviation of one cluster's influence."""
    clusters = counts.n_clusters
    square = np.average(influences(counts, estimator) ** 2, weights=counts.multiplicity)
    return float(np.sqrt(square * clusters / (clusters - 1)))


def _smallest(
    found: Callable[[float], float], guess: float, wanted: float, size: float, enough: float
) -> float:
    """Return where `found` passes `wanted`, interpolating normal quantiles of the power."""

    def lacking(share: float) -> float:
        return float(stats.norm.ppf(np.clip(share, 1e-6, 1 - 1e-6)) - stats.norm.ppf(wanted))

    low, below = 0.0, lacking(size)
    high, above, wall = np.nan, np.nan, np.inf
    at = guess
    for _ in range(_STEPS):
        share = found(at)
        if np.isnan(share):
            wall = at
        elif abs(share - wanted) <= enough:
            return at
        elif share < wanted:
            low, below = at, lacking(share)
        else:
            high, above = at, lacking(share)
        end = wall if np.isnan(high) else high
        if end - low < 1e-4 * end:
            break
        if not np.isnan(high):
            part = below / (below - above)
            at = low + (high - low) * float(np.clip(part, 0.1, 0.9))
        else:
            at = min(1.5 * at, (low + wall) / 2)
    return float(high)
