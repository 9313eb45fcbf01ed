"""Random-effects summary over tasks: the mean of what other such tasks would give.

Each task's estimate is one number with an error of its own; tasks differ by more than that. With
tasks as the unit of generalisation there are as many observations as tasks, however many trials
each has. The prediction interval says where the next task may lie, and is the honest one to quote
where tasks differ. With few tasks (under 5) neither says much.

Not for tasks that share clusters (the same fine-tuning run in each): their estimates are then not
independent, and the note says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from foresay.counts import FloatArray
from foresay.counts.reduction import sorted_groups
from foresay.errors import ChoiceError
from foresay.estimation.relations import check_columns, cluster_columns
from foresay.study import Choices
from foresay.trials import Population

SUMMARY_COLUMNS = (
    "value",
    "low",
    "high",
    "level",
    "standard_error",
    "p_value",
    "prediction_low",
    "prediction_high",
    "tau2",
    "i2",
    "q",
    "q_p_value",
    "n_effects",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomEffects:
    """A random-effects mean with Hartung-Knapp interval.

    Parameters
    ----------
    value, standard_error : float
        The weighted mean and its error; ``nan`` with fewer than two effects.
    low, high : float
        Interval, t with ``n_effects - 1`` degrees of freedom.
    prediction_low, prediction_high : float
        Where the effect of one more task may lie, t with ``n_effects - 2`` degrees; ``nan`` with
        fewer than three effects.
    tau2 : float
        Variance between effects (Paule-Mandel).
    i2 : float
        Share of the variance of the effects that is between them, in 0..1.
    q, q_p_value : float
        Cochran's Q, and its p-value of the null that all effects are the same.
    p_value : float
        Of the null that the mean is 0.
    weights : array of shape (effects,)
        Shares of the effects in the mean.
    """

    value: float
    standard_error: float
    low: float
    high: float
    prediction_low: float
    prediction_high: float
    tau2: float
    i2: float
    q: float
    q_p_value: float
    p_value: float
    weights: FloatArray


def random_effects(values: FloatArray, errors: FloatArray, level: float) -> RandomEffects:
    """Combine effects with known errors.

    Parameters
    ----------
    values, errors : arrays of shape (effects,)
        Estimates and their standard errors, finite and above 0.
    level : float
        Confidence level in 0..1.

    Notes
    -----
    The Hartung-Knapp factor is never taken below 1: with few, similar effects it would make the
    interval shorter than that of a single common effect.

    References
    ----------
    Paule & Mandel 1982, doi:10.6028/jres.087.022; Hartung & Knapp 2001, doi:10.1002/sim.791;
    Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x (prediction);
    Rover, Knapp & Friede 2015, doi:10.1186/s12874-015-0091-1 (the factor).
    """
    k = len(values)
    if k < 2:
        one = np.ones(k)
        return RandomEffects(**dict.fromkeys(_FLOATS, math.nan), weights=one)
    tau2, q = _tau2(values, errors**2)
    raw = 1 / (errors**2 + tau2)
    weights = raw / raw.sum()
    mean = float(weights @ values)
    factor = max(1.0, float(raw @ (values - mean) ** 2) / (k - 1))
    error = math.sqrt(factor / raw.sum())
    tail = 1 - (1 - level) / 2
    half = float(special.stdtrit(k - 1, tail)) * error
    reach = math.nan
    if k > 2:
        reach = float(special.stdtrit(k - 2, tail)) * math.sqrt(tau2 + error**2)
    return RandomEffects(
        value=mean,
        standard_error=error,
        low=mean - half,
        high=mean + half,
        prediction_low=mean - reach,
        prediction_high=mean + reach,
        tau2=tau2,
        i2=max(0.0, (q - (k - 1)) / q) if q > 0 else 0.0,
        q=q,
        q_p_value=float(special.chdtrc(k - 1, q)),
        p_value=2 * float(special.stdtr(k - 1, -abs(mean) / error)),
        weights=weights,
    )


_FLOATS = (
    "value",
    "standard_error",
    "low",
    "high",
    "prediction_low",
    "prediction_high",
    "tau2",
    "i2",
    "q",
    "q_p_value",
    "p_value",
)


def _tau2(values: FloatArray, variances: FloatArray) -> tuple[float, float]:
    """Return the Paule-Mandel variance between effects, and Cochran's Q.

    The variance between is what makes the generalised Q its expectation. Q falls as it grows, so
    there is one such value; the iteration of statsmodels may stop before it.
    """
    from scipy.optimize import brentq

    degrees = len(values) - 1

    def excess(tau2: float) -> float:
        weights = 1 / (variances + tau2)
        middle = float(weights @ values) / float(weights.sum())
        return float(weights @ (values - middle) ** 2) - degrees

    q = excess(0.0) + degrees
    # with all weights the same, more between-variance than this leaves less than is expected
    most = float(((values - values.mean()) ** 2).sum()) / degrees
    if q <= degrees or most == 0:
        return 0.0, q
    return float(brentq(excess, 0.0, most, xtol=1e-16, rtol=1e-12)), q


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A summary over tasks, or over the values of another column.

    Parameters
    ----------
    effects : DataFrame
        The estimates that went in, one row a group and task, with `weight` (share in the mean,
        ``nan`` where left out) in place after `standard_error`.
    summary : DataFrame
        One row a group: `estimand`, the group's columns, `over`, `SUMMARY_COLUMNS`, `note`,
        `fingerprint`.
    leave_one_out : DataFrame
        The same, one row a group and task, without that task, which `without` names.
    """

    effects: pd.DataFrame
    summary: pd.DataFrame
    leave_one_out: pd.DataFrame


def clusters_across(population: Population, over: str, choices: Choices) -> int:
    """Return how many clusters have trials under more than one value of a column.

    Raises
    ------
    ChoiceError
        `over`, or a column of the clusters, is unknown.
    """
    check_columns([over], population, "summary: over")
    clusters = [c for c in cluster_columns(choices, population) if c != over]
    if len(clusters) < len(cluster_columns(choices, population)):
        return 0  # the column is part of what names a cluster
    included = population.trials.filter(population.trials.included)
    seen = included.group_by(clusters).aggregate(values=included[over].nunique())
    return int(seen.filter(seen["values"] > 1).count().to_pyarrow().as_py())


def summarize(
    estimates: pd.DataFrame, *, over: str, by: Sequence[str] = (), shared_clusters: int = 0
) -> Summary:
    """Summarise a tidy table of estimates or contrasts over the values of one column.

    Parameters
    ----------
    estimates : DataFrame
        One estimand, grouped by `by` and `over`.
    over : str
        The column whose values are the effects, such as ``task``.
    by : sequence of str
        The other grouping columns.
    shared_clusters : int
        Clusters with trials under several of its values, from `clusters_across`; noted.

    Returns
    -------
    Summary
        Effects without a standard error (all right, all wrong, a single cluster) are left out, and
        the note says which.

    Raises
    ------
    ChoiceError
        The table is not grouped by `over`, or holds several estimands.
    """
    for column in (over, *by):
        if column not in estimates.columns:
            raise ChoiceError(
                f"summary: the estimates are not grouped by {column!r}; add it to `by` of the "
                "estimate"
            )
    if estimates["estimand"].nunique() > 1:
        listed = ", ".join(sorted(estimates["estimand"].unique()))
        raise ChoiceError(f"summary: one estimand at a time; got {listed}")
    effects = estimates.copy()
    weights = np.full(len(effects), np.nan)
    rows, without = [], []
    for values, positions in sorted_groups(effects, list(by)):
        part = effects.iloc[positions]
        good = (part["standard_error"] > 0) & part["value"].notna()
        used, left_out = part[good], part[~good]
        notes = []
        if shared_clusters:
            notes.append(
                f"{shared_clusters} clusters are in several of the effects, taken as independent"
            )
        if len(left_out):
            listed = ", ".join(str(v) for v in left_out[over])
            notes.append(f"without a standard error, left out: {listed}")
        if len(used) < 2:
            notes.append("fewer than 2 effects: undefined")
        elif len(used) < 5:
            notes.append("fewer than 5 effects: the variance between them is hardly known")
        first = part.iloc[0]
        base = {
            "estimand": first["estimand"],
            **dict(zip(by, values, strict=True)),
            "over": over,
            "level": first["level"],
            "note": "; ".join(notes),
            "fingerprint": first["fingerprint"],
        }
        whole = _combined(used, float(first["level"]))
        weights[positions[good.to_numpy()]] = whole.weights if len(used) > 1 else np.nan
        rows.append({**base, **_numbers(whole), "n_effects": len(used)})
        for i in range(len(used)):
            rest = used.drop(used.index[i])
            made = _numbers(_combined(rest, float(first["level"])))
            name = used.iloc[i][over]
            without.append({**base, "without": name, **made, "n_effects": len(rest)})
    effects.insert(list(effects.columns).index("standard_error") + 1, "weight", weights)
    head = ["estimand", *by, "over"]
    tail = ["note", "fingerprint"]
    columns = [*head, *SUMMARY_COLUMNS, *tail]
    return Summary(
        effects=effects,
        summary=pd.DataFrame(rows, columns=columns),
        leave_one_out=pd.DataFrame(without, columns=[*head, "without", *SUMMARY_COLUMNS, *tail]),
    )


def _combined(effects: pd.DataFrame, level: float) -> RandomEffects:
    return random_effects(
        effects["value"].to_numpy(np.float64),
        effects["standard_error"].to_numpy(np.float64),
        level,
    )


def _numbers(made: RandomEffects) -> dict[str, float]:
    return {name: float(getattr(made, name)) for name in _FLOATS}
