"""Fitting the two-way model: generalised estimating equations on sums per cluster and cell."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from foresay.comparisons.identification import aliased, separated
from foresay.counts import FloatArray, IntArray

_SELF = "self"
_MOST_STEPS = 100
_NO_SPREAD = 1e-20
_CLOSE = 1e-12
"""Relative change of the deviance at which the fit has converged."""


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
    first : mapping of str to str
        ``predictor`` and ``target``: the ones that the others are held against.
    """

    terms: tuple[str, ...]
    design: FloatArray
    right: FloatArray
    asked: FloatArray
    cluster: IntArray
    first: Mapping[str, str]

    def against(self, term: str) -> str:
        """Return the predictor or target that a term is held against; "" for other terms."""
        head, bracket, _ = term.partition("[")
        return self.first.get(head, "") if bracket else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted model; terms that cannot be estimated have ``nan`` and a reason.

    Parameters
    ----------
    terms : tuple of str
        Those of the data.
    estimate, standard_error : arrays of shape (terms,)
        On the logit scale; cluster-robust, with ``G / (G - 1)`` for G clusters.
    marginal, marginal_error : arrays of shape (terms,)
        On the probability scale; for predictors and targets against the first by name.
    reasons : tuple of str
        Why a term is missing, or "".
    n_clusters : int
        Clusters.
    influence, marginal_influence : arrays of shape (terms, clusters)
        What each cluster adds to the error of an estimate, linearised: their squares, summed and
        times ``G / (G - 1)``, are its squared standard error.
    """

    terms: tuple[str, ...]
    estimate: FloatArray
    standard_error: FloatArray
    marginal: FloatArray
    marginal_error: FloatArray
    reasons: tuple[str, ...]
    n_clusters: int
    influence: FloatArray
    marginal_influence: FloatArray


def two_way(frame: pd.DataFrame, clusters: Sequence[str], covariates: Sequence[str]) -> TwoWay:
    """Return the design of the two-way model from cells; predictors and targets against a first."""
    columns: dict[str, FloatArray] = {"intercept": np.ones(len(frame))}
    first = {}
    for who in ("predictor", "target"):
        first[who], *others = sorted(frame[f"_{who}"].unique())
        for name in others:
            columns[f"{who}[{name}]"] = np.asarray(frame[f"_{who}"] == name, dtype=np.float64)
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
        first=first,
    )


def fit(data: TwoWay) -> Fitted:
    """Fit by generalised estimating equations, trials of a cluster as if independent.

    The robust covariance makes up for that, so that it holds whatever their correlation. It is
    multiplied by ``G / (G - 1)`` for G clusters in the fit, as all cluster-robust errors here.

    References
    ----------
    Liang & Zeger 1986, doi:10.1093/biomet/73.1.13 (without the factor).
    """
    n_clusters = len(np.unique(data.cluster))
    kept, terms, reasons = _identified(data)
    size = len(data.terms)
    missing = np.full(size, np.nan)
    value, error, marginal, marginal_error = (missing.copy() for _ in range(4))
    influence, marginal_influence = np.full((2, size, n_clusters), np.nan)
    if terms and n_clusters >= 2:
        beta, covariance = _gee(data, kept, terms)
        value[terms] = beta
        influence[terms] = _influence(data, kept, terms, beta)
        if np.isnan(beta).any():
            reasons = [reason or "the fit did not converge" for reason in reasons]
        variance = np.diag(covariance)
        # clusters that are all alike have no spread to tell an error from
        error[terms] = np.sqrt(np.where(variance > _NO_SPREAD, variance, np.nan))
        for term, spread in zip(terms, variance, strict=True):
            if spread <= _NO_SPREAD:
                reasons[term] = "no variation between clusters: no standard error"
        for place, term in enumerate(terms):
            if term == 0:
                continue
            rivals = [p for p, t in enumerate(terms) if _same_factor(data.terms, t, term)]
            found = _marginal(data.design[kept][:, terms], data.asked[kept], beta, place, rivals)
            weight = data.asked[kept].sum() / data.asked.sum()
            marginal[term] = found[0] * weight
            marginal_influence[term] = weight * found[1] @ influence[terms]
            spread = float(found[1] @ covariance @ found[1])
            if spread > _NO_SPREAD:
                marginal_error[term] = weight * math.sqrt(spread)
    return Fitted(
        terms=data.terms,
        estimate=value,
        standard_error=error,
        marginal=marginal,
        marginal_error=marginal_error,
        reasons=tuple(reasons),
        n_clusters=n_clusters,
        influence=influence,
        marginal_influence=marginal_influence,
    )


def _influence(data: TwoWay, kept: Any, terms: list[int], beta: FloatArray) -> FloatArray:
    """Return what each cluster's scores add to the coefficients, shape (terms, clusters)."""
    design, asked = data.design[kept][:, terms], data.asked[kept]
    p = special.expit(design @ beta)
    place = np.unique(data.cluster, return_inverse=True)[1].reshape(-1)
    scores = np.zeros((int(place.max()) + 1, len(terms)))
    np.add.at(scores, place[kept], design * (data.right[kept] - asked * p)[:, None])
    bread = design.T @ (design * (asked * p * (1 - p))[:, None])
    if not np.isfinite(bread).all():
        return np.full(scores.T.shape, np.nan)
    return np.asarray(np.linalg.solve(bread, scores.T))


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
    """Return coefficients and their robust covariance; missing where the fit does not converge.

    With trials of a cluster as if independent, the equations are those of a logistic regression on
    sums, and the covariance is a sandwich of the clusters' scores, times ``G / (G - 1)``.
    """
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    design, asked, right = data.design[kept][:, terms], data.asked[kept], data.right[kept]
    groups = np.unique(data.cluster[kept], return_inverse=True)[1].reshape(-1)
    model = GLM(np.column_stack([right, asked - right]), design, family=families.Binomial())
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        fitted = model.fit(
            maxiter=_MOST_STEPS,
            tol=_CLOSE,
            cov_type="cluster",
            cov_kwds={"groups": groups, "use_correction": False},
        )
    n_clusters = int(groups.max(initial=0)) + 1
    few = n_clusters / max(n_clusters - 1, 1)
    beta, covariance = np.asarray(fitted.params), few * np.asarray(fitted.cov_params())
    if fitted.converged and np.isfinite(beta).all():
        return beta, covariance
    missing = np.full(len(terms), np.nan)
    return missing, np.diag(missing)


def _same_factor(terms: Sequence[str], first: int, second: int) -> bool:
    """Tell whether two terms are two predictors, or two targets."""
    heads = [terms[t].partition("[")[0] for t in (first, second) if "[" in terms[t]]
    return len(heads) == 2 and heads[0] == heads[1] and heads[0] in ("predictor", "target")


def _marginal(
    design: FloatArray,
    asked: FloatArray,
    beta: FloatArray,
    place: int,
    rivals: Sequence[int] = (),
) -> tuple[float, FloatArray]:
    """Return the mean effect of a term on the probability, and its derivative in `beta`.

    A column of 0 and 1 is switched, with those of `rivals` at 0: a predictor stands in the place
    of all others, against the first. The effect of a number is the slope.
    """
    weight = asked / asked.sum()
    if np.isin(design[:, place], (0.0, 1.0)).all():
        on, off = design.copy(), design.copy()
        on[:, list(rivals)], off[:, list(rivals)] = 0.0, 0.0
        on[:, place], off[:, place] = 1.0, 0.0
        p1, p0 = special.expit(on @ beta), special.expit(off @ beta)
        slope = (p1 * (1 - p1))[:, None] * on - (p0 * (1 - p0))[:, None] * off
        return float(weight @ (p1 - p0)), np.asarray(weight @ slope)
    p = special.expit(design @ beta)
    v = p * (1 - p)
    slope = (v * (1 - 2 * p) * beta[place])[:, None] * design
    slope[:, place] += v
    return float(weight @ (v * beta[place])), np.asarray(weight @ slope)
