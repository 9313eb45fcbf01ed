"""A predictor's own behaviour beside the target's: whose behaviour a prediction equals.

The own behaviour of a predictor is what it answers itself. A model that was trained to predict
is seldom asked the prompts again: where it has no answers of its own, those of the model that it
was trained from stand in for them, and the column `own_model` names whose they are.
"""

from __future__ import annotations

from typing import Any

import ibis

from foresay.study import Choices
from foresay.trials.behaviours import ITEM, UNIT
from foresay.trials.commonest import PLACE, apart, left, with_answers
from foresay.trials.population import Population


def lacks_own_behaviour(population: Population) -> str:
    """Say what is missing for the predictors' own behaviour; "" if nothing."""
    if not population.has_predictions:
        return "needs predictions, and the study has none; add a predictions or trials table"
    if population.shares is None:
        return "needs the target's answers; add a column `behaviour` to trials, or a table answers"
    table = _with_own_model(population.trials, population)
    other = table.own_model.notnull() & (table.own_model != table.target)
    if int(table.filter(other).limit(1).count().to_pyarrow().as_py()) == 0:
        return (
            "needs the own behaviour of a predictor that is not the target; add rows of the "
            "predictors (or of the models that they were trained from, column `base` of models) "
            "to the table answers"
        )
    return ""


def with_match_own(table: Any, population: Population, choices: Choices) -> Any:
    """Add `own_model` and `match_own` to trials.

    `match_own` is the share of the predictor's own behaviour on the item that equals the
    prediction, in 0..1, under the same choices as the match with the target: it is missing where
    the trial is not included or the own behaviour is not known.
    """
    shares, facts = population.shares, population.facts
    assert shares is not None and facts is not None  # noqa: S101, PT018  # see `lacks_own_behaviour`
    table = _with_own_model(table, population)
    theirs = shares.select(
        **{"own_model": shares.target, **{c: shares[c] for c in PLACE}},
        prediction=shares.answer,
        _own_truth=shares.truth,
    )
    there = facts.filter(facts.has_truth)
    known = there.select(
        **{"own_model": there.target, **{c: there[c] for c in PLACE}},
        _own_known=ibis.literal(value=True),
    )
    table = table.left_join(theirs, ["own_model", *PLACE, "prediction"], rname="{name}_again")
    table = table.left_join(known, ["own_model", *PLACE], rname="{name}_once_more")
    table = table.drop(*[c for c in table.columns if c.endswith(("_again", "_once_more"))])
    equal = table["_own_truth"].fill_null(0)
    if choices.compliance not in ("ignore", "drop_either"):
        equal = ibis.ifelse(table.compliant, equal, 0)
    there = table.included & table["_own_known"].fill_null(ibis.literal(value=False))
    table = table.mutate(_match_own=ibis.ifelse(there, equal, None))
    table = table.mutate(match_own=table["_match_own"].cast("float64") / UNIT)
    return table.drop("_own_truth", "_own_known")


def with_models_differ(table: Any, population: Population, choices: Choices) -> Any:
    """Add the boolean `models_differ` to trials that have `own_model`.

    True where predictor and target share none of their commonest behaviours on the item: tied
    ones count as commonest each, so that two models with a common one among them do not differ.
    Missing where either behaviour is not known.
    """
    del choices  # the shares are made under them
    found = apart(table, "own_model", "target", population.shares)
    keys = ["own_model", *ITEM]
    return left(table, found.rename(models_differ="_apart"), keys)


def _with_own_model(table: Any, population: Population) -> Any:
    """Add `own_model`: the predictor, or the model that it was trained from, or missing."""
    known = with_answers(population.shares)
    own = ibis.ifelse(table.predictor.isin(known), table.predictor, None)
    if "base" in table.columns:
        base = ibis.ifelse(table.base.isin(known), table.base, None)
        own = ibis.coalesce(own, base)
    return table.mutate(own_model=own.cast("string"))
