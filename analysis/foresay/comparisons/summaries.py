"""Random-effects summary over tasks: the mean of what other such tasks would give.

Each task's estimate is one number with an error of its own; tasks differ by more than that. With
tasks as the unit of generalisation there are as many observations as tasks, however many trials
each has. The prediction interval says where the next task may lie, and is the honest one to quote
where tasks differ. With few tasks (under 5) neither says much.

A task whose clusters all agree has no standard error, but an exact bound. It is kept, with an error
that has this bound for its interval: to leave out what does not vary would choose by the outcome.

Not for tasks that share clusters (the same fine-tuning run in each): their estimates are then not
independent, and the note says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from scipy import special

from foresay.comparisons.arms import comparison
from foresay.comparisons.random_effects import NUMBERS, RandomEffects, random_effects
from foresay.counts.reduction import sorted_groups
from foresay.errors import ChoiceError
from foresay.estimation.relations import check_columns, cluster_columns
from foresay.measures.registry import measures
from foresay.study import Choices, Contrast
from foresay.trials import Population

Marks: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
"""Which of the effects, shape (effects,)."""

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


def limits_of(
    name: str, contrasts: Mapping[str, Contrast], choices: Choices
) -> tuple[float, float]:
    """Return the least and greatest value that an estimand or a contrast can have.

    Infinite where it has no bound, or is none of `foresay.measures.registry`.
    """
    known = measures(baseline=choices.baseline, ceiling=choices.ceiling)
    if name not in contrasts:
        kind = known[name].kind if name in known else None
        return (-math.inf, math.inf) if kind is None else (kind.low, kind.high)
    spec = contrasts[name]
    if spec.of not in known:
        return -math.inf, math.inf
    kind = comparison(name, spec, known[spec.of]).as_measure().kind
    return kind.low, kind.high


def summarize(
    estimates: pd.DataFrame,
    *,
    over: str,
    by: Sequence[str] = (),
    shared_clusters: int = 0,
    limits: tuple[float, float] = (-math.inf, math.inf),
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
    limits : tuple of float
        Least and greatest value that the estimand can have, from `limits_of`: intervals are cut
        there.

    Returns
    -------
    Summary
        An effect whose clusters do not vary has an exact bound and no standard error; its error is
        that of the bound, ``(high - low) / (2 z)``. Effects without either (a single cluster) are
        left out. Notes say which.

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
    effects, bounded = _with_errors(estimates)
    weights = np.full(len(effects), np.nan)
    rows, without = [], []
    for values, positions in sorted_groups(effects, list(by)):
        part = effects.iloc[positions]
        exact = bounded[positions]
        good = (part["standard_error"] > 0) & part["value"].notna()
        used = part[good]
        first = part.iloc[0]
        base = {
            "estimand": first["estimand"],
            **dict(zip(by, values, strict=True)),
            "over": over,
            "level": first["level"],
            "note": "; ".join(
                _notes(part[over], exact, good.to_numpy(), shared_clusters=shared_clusters)
            ),
            "fingerprint": first["fingerprint"],
        }
        whole = _combined(used, float(first["level"]))
        weights[positions[good.to_numpy()]] = whole.weights if len(used) > 1 else np.nan
        rows.append({**base, **_numbers(whole, limits), "n_effects": len(used)})
        for i in range(len(used)):
            rest = used.drop(used.index[i])
            made = _numbers(_combined(rest, float(first["level"])), limits)
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


def _notes(names: pd.Series[Any], exact: Marks, used: Marks, *, shared_clusters: int) -> list[str]:
    """Say what to know of a summary: which effects have what error, and whether they are few."""
    notes = []
    if shared_clusters:
        known = "cluster is" if shared_clusters == 1 else "clusters are"
        notes.append(f"{shared_clusters} {known} in several of the effects, taken as independent")
    if exact.any():
        listed = ", ".join(str(name) for name in names[exact])
        notes.append(f"no variation between clusters, error from the exact bound: {listed}")
    if not used.all():
        listed = ", ".join(str(name) for name in names[~used])
        notes.append(f"without an error, left out: {listed}")
    if used.sum() < 2:
        notes.append("fewer than 2 effects: undefined")
    elif used.sum() < 5:
        notes.append("fewer than 5 effects: the variance between them is hardly known")
    return notes


def _with_errors(
    estimates: pd.DataFrame,
) -> tuple[pd.DataFrame, Marks]:
    """Return estimates with errors from exact bounds where nothing varies, and where that is."""
    effects = estimates.reset_index(drop=True)
    if not {"low", "high"} <= set(effects.columns):
        return effects, np.zeros(len(effects), dtype=np.bool_)
    width = (effects["high"] - effects["low"]).to_numpy(np.float64)
    z = special.ndtri((1 + effects["level"].to_numpy(np.float64)) / 2)
    errors = effects["standard_error"].to_numpy(np.float64)
    known = effects["value"].notna().to_numpy()
    bounded = ~(errors > 0) & known & np.isfinite(width) & (width > 0)
    effects["standard_error"] = np.where(bounded, width / (2 * z), errors)
    return effects, bounded


def _numbers(made: RandomEffects, limits: tuple[float, float]) -> dict[str, float]:
    """Return the numbers of a summary, its intervals cut where the estimand ends."""
    numbers = {name: float(getattr(made, name)) for name in NUMBERS}
    for end in ("low", "high", "prediction_low", "prediction_high"):
        if not math.isnan(numbers[end]):
            numbers[end] = min(max(numbers[end], limits[0]), limits[1])
    return numbers
