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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from scipy import special

from foresay.comparisons.covariates import number
from foresay.comparisons.two_way import Fitted, TwoWay, fit, two_way
from foresay.counts.reduction import sorted_groups
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import check_columns, cluster_columns
from foresay.estimation.table import named_choices
from foresay.study import Choices
from foresay.trials import UNIT, Population

COLUMNS = (
    "term",
    "against",
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
_FEW = 30


def regression(
    population: Population,
    *,
    by: Sequence[str] = (),
    covariates: Sequence[str] = (),
    predictor: str = "predictor",
    target: str = "target",
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
        Columns of numbers that are held fixed, such as ``similarity``; trials without a
        value are left out, and the note says how many.
    predictor, target : str
        Columns whose values have an effect each; ``base`` and ``target_base`` take all training
        stages of a model for one.
    choices, context
        As for `estimates`. Of the design, the clusters alone are used; a design of two levels or
        two kinds of clusters, strata and macro weights are refused.

    Returns
    -------
    DataFrame
        One row a term: `model`, `by`, `COLUMNS`, the choices, `note`, `fingerprint`. Estimates
        are on the logit scale, against the first predictor and the first target by name.
        `marginal_effect` is on the probability scale, averaged over all trials: what self adds,
        what one unit of a covariate adds, or what a predictor or target does in the place of the
        one that `against` names.

    Raises
    ------
    UnsupportedError
        There are no predictions.
    ChoiceError
        A column is unknown, a covariate is not a number, or `choices` hold what the model does not
        use; see `not_used`.
    """
    models = fitted_models(
        population,
        by=by,
        covariates=covariates,
        predictor=predictor,
        target=target,
        choices=choices,
    )
    rows: list[dict[str, Any]] = []
    for model in models:
        fixed = {
            "model": "two_way",
            **dict(model.values),
            "level": choices.level,
            **named_choices(choices),
            "where": context.where,
            "fingerprint": context.fingerprint,
        }
        rows += [{**fixed, **row} for row in _terms(model, covariates, choices)]
    tail = ("where", "note", "fingerprint")
    columns = ["model", *by, *COLUMNS, *named_choices(choices), *tail]
    return pd.DataFrame([{c: row[c] for c in columns} for row in rows], columns=columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedModel:
    """The model of one group.

    Parameters
    ----------
    values : tuple of (str, object)
        Grouping columns and their values.
    clusters : tuple of tuple
        The labels of its clusters, in the order of their numbers.
    left_out : int
        Trials without a covariate.
    data : TwoWay
        What was fitted.
    fitted : Fitted
        The fit.
    """

    values: tuple[tuple[str, object], ...]
    clusters: tuple[tuple[object, ...], ...]
    left_out: int
    data: TwoWay
    fitted: Fitted


def fitted_models(
    population: Population,
    *,
    by: Sequence[str] = (),
    covariates: Sequence[str] = (),
    predictor: str = "predictor",
    target: str = "target",
    choices: Choices,
) -> Iterator[FittedModel]:
    """Yield the model of each group; parameters and errors are those of `regression`."""
    if refused := not_used(choices):
        raise ChoiceError(refused)
    check_columns([*by, *covariates, predictor, target], population, "regression")
    if not population.has_predictions:
        raise UnsupportedError("the two-way model needs predictions, and the study has none")
    clusters = cluster_columns(choices, population)
    trials = population.trials
    numbers = {name: number(trials, name, what="regression") for name in covariates}
    crossed = trials.mutate(
        **numbers,
        _predictor=trials[predictor].cast("string").fill_null("(missing)"),
        _target=trials[target].cast("string").fill_null("(missing)"),
    )
    frame = _cells(crossed, [*by], clusters, [*covariates])
    for values, positions in sorted_groups(frame, by):
        part = frame.iloc[positions]
        known = part.dropna(subset=list(covariates)) if covariates else part
        if known.empty:
            continue
        data = two_way(known, clusters, covariates)
        labels = known.drop_duplicates(list(clusters)).assign(
            _number=known.groupby(list(clusters), sort=True, dropna=False).ngroup()
        )
        ordered = labels.sort_values("_number")[list(clusters)]
        yield FittedModel(
            values=tuple(zip(by, values, strict=True)),
            clusters=tuple(ordered.itertuples(index=False, name=None)),
            left_out=int(part["_trials"].sum() - known["_trials"].sum()),
            data=data,
            fitted=fit(data),
        )


def not_used(choices: Choices) -> str:
    """Return why the two-way model does not do what choices say, with the way out; "" if it does.

    Its errors are of whole clusters and its trials all count the same: a table must not name a
    choice that was not applied.
    """
    said = {name: ", ".join(getattr(choices, name)) for name in ("within", "crossed", "strata")}
    wrong = [f"{name} is {columns}" for name, columns in said.items() if columns]
    out = [f"{name}=" for name, columns in said.items() if columns]
    if choices.weighting != "micro":
        wrong.append(f"weighting is {choices.weighting}")
        out.append("weighting=micro")
    if not wrong:
        return ""
    return (
        "the two-way model weighs every trial the same and its errors are of whole clusters, but "
        f"{' and '.join(wrong)}; say {', '.join(out)} (--set {' --set '.join(out)}) and let "
        "cluster name what the errors are to generalise to"
    )


def _cells(
    table: Any, by: list[str], clusters: Sequence[str], covariates: list[str]
) -> pd.DataFrame:
    """Return sums of matches and trials by cluster, predictor, target, role and covariates."""
    included = table.filter(table.included)
    keys = list(dict.fromkeys([*by, *clusters, "_predictor", "_target", "role", *covariates]))
    cells = included.group_by(keys).aggregate(
        _match=lambda t: t.match.sum().cast("float64") / UNIT, _trials=lambda t: t.count()
    )
    frame: pd.DataFrame = cells.order_by(keys).to_pyarrow().to_pandas()
    return frame


def _few(n_clusters: int) -> str:
    if n_clusters < 2:
        return "fewer than 2 clusters: undefined"
    return f"fewer than {_FEW} clusters: errors too small" if n_clusters < _FEW else ""


def _terms(
    model: FittedModel, covariates: Sequence[str], choices: Choices
) -> Iterator[dict[str, Any]]:
    """Yield one row a term of one group's model."""
    data, made, left_out = model.data, model.fitted, model.left_out
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
            "against": data.against(term),
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
