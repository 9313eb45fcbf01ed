"""The two-way model: self-prediction beyond the predictor's skill and the target's ease.

``logit P(match) = predictor + target + self``. Some predictors are good at everything and some
targets are easy; what self-prediction adds to both is the coefficient of ``self``. It is the only
fair reading of a predictor x target matrix whose cells differ in both. Optionally the model holds
other columns fixed, such as the similarity of two models.

Not for a study where every predictor predicts only itself: then self is one with the rest, and the
table says so. The standard errors generalise to the clusters, not to other models.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from foresay.comparisons.identification import aliased, separated
from foresay.counts import FloatArray, IntArray
from foresay.counts.reduction import sorted_groups
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.relations import check_columns, cluster_columns
from foresay.estimation.table import Context, named_choices
from foresay.study import Choices
from foresay.trials import UNIT, Population

COLUMNS = (
    "term",
    "estimate",
    "low",
    "high",
    "level",
    "standard_error",
    "p_value",
    "marginal_effect",
    "marginal_low",
    "marginal_high",
    "marginal_standard_error",
    "n_trials",
    "n_clusters",
)
_SELF = "self"
_FEW = 30


def regression(
    population: Population,
    *,
    by: Sequence[str] = (),
    covariates: Sequence[str] = (),
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    """Fit the two-way model to each group.

    Parameters
    ----------
    population : Population
        Trials under `choices`, with predictions.
    by : sequence of str
        Grouping columns; one model for each combination.
    covariates : sequence of str
        Numeric columns of trials that are held fixed, such as ``similarity``; trials without a
        value are left out, and the note says how many.
    choices, context
        As for `estimates`. Clusters are those of `choices`; strata are not used.

    Returns
    -------
    DataFrame
        One row a term: `model`, `by`, `COLUMNS`, the choices, `note`, `fingerprint`. Estimates
        are on the logit scale, against the first predictor and the first target by name.
        `marginal_effect` is on the probability scale, averaged over all trials: what self adds,
        or what one unit of a covariate adds.

    Raises
    ------
    UnsupportedError
        There are no predictions.
    ChoiceError
        A column is unknown, or a covariate is not a number.
    """
    check_columns([*by, *covariates], population, "regression")
    if not population.has_predictions:
        raise UnsupportedError("the two-way model needs predictions, and the study has none")
    schema = population.trials.schema()
    for name in covariates:
        if not (schema[name].is_numeric() or schema[name].is_boolean()):
            raise ChoiceError(
                f"regression: the covariate {name!r} holds text; a number is expected, such as "
                "a similarity"
            )
    clusters = cluster_columns(choices, population)
    frame = _cells(population.trials, [*by], clusters, [*covariates])
    rows: list[dict[str, Any]] = []
    for values, positions in sorted_groups(frame, by):
        fixed = {
            "model": "two_way",
            **dict(zip(by, values, strict=True)),
            "level": choices.level,
            **named_choices(choices),
            "strata": "",
            "where": context.where,
            "fingerprint": context.fingerprint,
        }
        part = frame.iloc[positions]
        rows += [{**fixed, **row} for row in _fit(part, clusters, covariates, choices)]
    tail = ("where", "note", "fingerprint")
    columns = ["model", *by, *COLUMNS, *named_choices(choices), *tail]
    return pd.DataFrame([{c: row[c] for c in columns} for row in rows], columns=columns)


def _cells(
    table: Any, by: list[str], clusters: Sequence[str], covariates: list[str]
) -> pd.DataFrame:
    """Return sums of matches and trials by cluster, predictor, target, role and covariates."""
    included = table.filter(table.included)
    keys = list(dict.fromkeys([*by, *clusters, "predictor", "target", "role", *covariates]))
    cells = included.group_by(keys).aggregate(
        _match=lambda t: t.match.sum().cast("float64") / UNIT, _trials=lambda t: t.count()
    )
    frame: pd.DataFrame = cells.order_by(keys).to_pyarrow().to_pandas()
    return frame


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoWay:
    """The data of one model.

    Parameters
    ----------
    terms : tuple of str
        ``intercept``, ``predictor[...]``, ``target[...]``, covariates, ``self``.
    design : array of shape (cells, terms)
        One row a cluster and cell.
    right, asked : arrays of shape (cells,)
        Sums of matches, and numbers of trials.
    cluster : int64 array of shape (cells,)
        Number of the cluster.
    """

    terms: tuple[str, ...]
    design: FloatArray
    right: FloatArray
    asked: FloatArray
    cluster: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted model; terms that cannot be estimated have ``nan`` and a reason.

    Parameters
    ----------
    terms : tuple of str
        Those of the data.
    estimate, standard_error : arrays of shape (terms,)
        On the logit scale; cluster-robust.
    marginal, marginal_error : arrays of shape (terms,)
        On the probability scale; ``nan`` for predictors and targets.
    reasons : tuple of str
        Why a term is missing, or "".
    n_clusters : int
        Clusters.
    """

    terms: tuple[str, ...]
    estimate: FloatArray
    standard_error: FloatArray
    marginal: FloatArray
    marginal_error: FloatArray
    reasons: tuple[str, ...]
    n_clusters: int


def two_way(frame: pd.DataFrame, clusters: Sequence[str], covariates: Sequence[str]) -> TwoWay:
    """Return the design of the two-way model from cells; predictors and targets against a first."""
    columns: dict[str, FloatArray] = {"intercept": np.ones(len(frame))}
    for who in ("predictor", "target"):
        for name in sorted(frame[who].unique())[1:]:
            columns[f"{who}[{name}]"] = np.asarray(frame[who] == name, dtype=np.float64)
    for name in covariates:
        columns[name] = np.asarray(frame[name], dtype=np.float64)
    columns[_SELF] = np.asarray(frame["role"] == "self", dtype=np.float64)
    cluster = frame.groupby(list(clusters), sort=True, dropna=False).ngroup()
    return TwoWay(
        terms=tuple(columns),
        design=np.column_stack(list(columns.values())),
        right=frame["_match"].to_numpy(np.float64),
        asked=frame["_trials"].to_numpy(np.float64),
        cluster=np.asarray(cluster, dtype=np.int64),
    )


def fit(data: TwoWay) -> Fitted:
    """Fit by generalised estimating equations, trials of a cluster as if independent.

    The robust covariance makes up for that, so that it holds whatever their correlation.

    References
    ----------
    Liang & Zeger 1986, doi:10.1093/biomet/73.1.13.
    """
    n_clusters = len(np.unique(data.cluster))
    kept, terms, reasons = _identified(data)
    size = len(data.terms)
    missing = np.full(size, np.nan)
    value, error, marginal, marginal_error = (missing.copy() for _ in range(4))
    if terms and n_clusters >= 2:
        beta, covariance = _gee(data, kept, terms)
        value[terms] = beta
        error[terms] = np.sqrt(np.diag(covariance))
        for place, term in enumerate(terms):
            if data.terms[term].startswith(("predictor[", "target[")) or term == 0:
                continue
            found = _marginal(data.design[kept][:, terms], data.asked[kept], beta, place)
            weight = data.asked[kept].sum() / data.asked.sum()
            marginal[term] = found[0] * weight
            marginal_error[term] = weight * math.sqrt(found[1] @ covariance @ found[1])
    return Fitted(
        terms=data.terms,
        estimate=value,
        standard_error=error,
        marginal=marginal,
        marginal_error=marginal_error,
        reasons=tuple(reasons),
        n_clusters=n_clusters,
    )


def _identified(data: TwoWay) -> tuple[Any, list[int], list[str]]:
    """Return the rows and terms that can be estimated, and a reason for each that cannot."""
    reasons = [""] * len(data.terms)
    cells, place = np.unique(data.design, axis=0, return_inverse=True)
    place = place.reshape(-1)
    right = np.bincount(place, weights=data.right).astype(np.float64)
    asked = np.bincount(place, weights=data.asked).astype(np.float64)
    for term in aliased(cells):
        reasons[term] = "cannot be told from the other terms"
    terms = [t for t, reason in enumerate(reasons) if not reason]
    pure = separated(cells[:, terms], right, asked)
    rows = ~pure
    if pure.any():
        left = cells[rows][:, terms]
        lost = aliased(left) if len(left) else list(range(len(terms)))
        for number in lost:
            reasons[terms[number]] = "separated: all matches or none, the estimate is infinite"
        terms = [t for t, reason in enumerate(reasons) if not reason]
    return rows[place], terms, reasons


def _gee(data: TwoWay, kept: Any, terms: list[int]) -> tuple[FloatArray, FloatArray]:
    from statsmodels.genmod.cov_struct import Independence
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    order = np.argsort(data.cluster[kept], kind="stable")
    asked = data.asked[kept][order]
    with warnings.catch_warnings():
        # a binomial share with weights is what is meant
        warnings.simplefilter("ignore")
        made = GEE(
            data.right[kept][order] / asked,
            data.design[kept][order][:, terms],
            groups=data.cluster[kept][order],
            family=Binomial(),
            cov_struct=Independence(),
            weights=asked,
        ).fit(cov_type="robust", maxiter=100)
    return np.asarray(made.params), np.asarray(made.cov_params())


def _marginal(
    design: FloatArray, asked: FloatArray, beta: FloatArray, place: int
) -> tuple[float, FloatArray]:
    """Return the mean effect of a term on the probability, and its derivative in `beta`.

    A column of 0 and 1 is switched; the effect of a number is the slope.
    """
    weight = asked / asked.sum()
    if np.isin(design[:, place], (0.0, 1.0)).all():
        on, off = design.copy(), design.copy()
        on[:, place], off[:, place] = 1.0, 0.0
        p1, p0 = special.expit(on @ beta), special.expit(off @ beta)
        slope = (p1 * (1 - p1))[:, None] * on - (p0 * (1 - p0))[:, None] * off
        return float(weight @ (p1 - p0)), np.asarray(weight @ slope)
    p = special.expit(design @ beta)
    v = p * (1 - p)
    slope = (v * (1 - 2 * p) * beta[place])[:, None] * design
    slope[:, place] += v
    return float(weight @ (v * beta[place])), np.asarray(weight @ slope)


def _few(n_clusters: int) -> str:
    if n_clusters < 2:
        return "fewer than 2 clusters: undefined"
    return f"fewer than {_FEW} clusters: errors too small" if n_clusters < _FEW else ""


def _fit(
    frame: pd.DataFrame, clusters: Sequence[str], covariates: Sequence[str], choices: Choices
) -> Iterator[dict[str, Any]]:
    """Yield one row a term of one group's model."""
    known = frame.dropna(subset=list(covariates)) if covariates else frame
    left_out = int(frame["_trials"].sum() - known["_trials"].sum())
    if known.empty:
        return
    data = two_way(known, clusters, covariates)
    made = fit(data)
    notes = [
        _few(made.n_clusters),
        f"{left_out} trials without {', '.join(covariates)}, left out" if left_out else "",
    ]
    t = float(special.stdtrit(max(made.n_clusters - 1, 1), 1 - (1 - choices.level) / 2))
    for i, term in enumerate(made.terms):
        value, error = float(made.estimate[i]), float(made.standard_error[i])
        effect, effect_error = float(made.marginal[i]), float(made.marginal_error[i])
        p = math.nan
        if error > 0:
            p = 2 * float(special.stdtr(made.n_clusters - 1, -abs(value / error)))
        yield {
            "term": term,
            "estimate": value,
            "low": value - t * error,
            "high": value + t * error,
            "standard_error": error,
            "p_value": p,
            "marginal_effect": effect,
            "marginal_low": effect - t * effect_error,
            "marginal_high": effect + t * effect_error,
            "marginal_standard_error": effect_error,
            "n_trials": round(float(data.asked.sum())),
            "n_clusters": made.n_clusters,
            "note": "; ".join(note for note in (made.reasons[i], *notes) if note),
        }
