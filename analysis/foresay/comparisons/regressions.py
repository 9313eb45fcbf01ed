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
from typing import Any

import pandas as pd
from scipy import special

from foresay.comparisons.covariates import number
from foresay.comparisons.two_way import fit, two_way
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
    rows: list[dict[str, Any]] = []
    for values, positions in sorted_groups(frame, by):
        fixed = {
            "model": "two_way",
            **dict(zip(by, values, strict=True)),
            "level": choices.level,
            **named_choices(choices),
            "where": context.where,
            "fingerprint": context.fingerprint,
        }
        part = frame.iloc[positions]
        rows += [{**fixed, **row} for row in _fit(part, clusters, covariates, choices)]
    tail = ("where", "note", "fingerprint")
    columns = ["model", *by, *COLUMNS, *named_choices(choices), *tail]
    return pd.DataFrame([{c: row[c] for c in columns} for row in rows], columns=columns)


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
