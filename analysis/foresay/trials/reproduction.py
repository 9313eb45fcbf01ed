"""Whether a predictor reproduces the whole answer, beside what it says of a property of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from foresay.study import Choices
from foresay.tables.schemas import TABLES
from foresay.trials.behaviours import ITEM, UNIT
from foresay.trials.commonest import commonest, left
from foresay.trials.population import Population

IDENTITY = "identity"
"""The property that is the whole answer."""

_REPLY = ("model", "task", "item", "wording", "temperature", "sample")
_LENIENT = ("ignore", "drop_either")


def lacks_identity(population: Population) -> str:
    """Say what is missing for identity predictions; "" if nothing."""
    if not population.has_predictions:
        return "needs predictions, and the study has none; add a predictions or trials table"
    if population.shares is None:
        return "needs the target's answers; add a column `behaviour` to trials, or a table answers"
    kinds = population.trials.select("property").distinct().to_pyarrow()["property"].to_pylist()
    if IDENTITY not in kinds:
        return f"needs predictions of the property `{IDENTITY}`, and there are none"
    if len(kinds) < 2:
        return f"needs predictions of a property besides `{IDENTITY}`, and there are none"
    return ""


def lacks_copies(population: Population) -> str:
    """Say what is missing for the properties of predicted identities; "" if nothing."""
    if reason := lacks_identity(population):
        return reason
    if population.answers is None:
        return (
            "needs to know which property goes with which identity; add a table answers with the "
            f"property `{IDENTITY}` and another one of the same replies"
        )
    return ""


def with_identity_match(table: Any, population: Population, choices: Choices) -> Any:
    """Add the boolean `identity_match` to trials.

    Whether the same predictor, asked for the whole answer to the same prompt under the same
    conditions (wording, temperature, repeat, and the conditions that a study declares), gives a
    commonest answer of the target. Tied answers are right each; a reply that is not in the asked
    form is wrong wherever the compliance policy counts it so. Missing where it was not asked, or
    where its truth is not known.
    """
    keys = _question(table, population)
    asked = table.filter(table.property == IDENTITY)
    modes = commonest(population.shares)
    right = modes.select(*ITEM, prediction="answer").mutate(_right=ibis.literal(value=True))
    asked = left(
        asked.select(*keys, "property", "prediction", "compliant", "included"),
        right,
        [*ITEM, "prediction"],
    )
    asked = asked.filter(asked.included)
    usable = asked.prediction.notnull()
    if choices.compliance not in _LENIENT:
        usable &= asked.compliant
    asked = asked.mutate(
        _hit=asked["_right"].fill_null(ibis.literal(value=False)) & usable,
        _usable=ibis.ifelse(usable, asked.prediction, None),
    )
    found = asked.group_by(keys).aggregate(
        identity_match=lambda t: t["_hit"].any(), _identity=lambda t: t["_usable"].min()
    )
    return left(table, found, keys)


def with_copy_match(table: Any, population: Population, choices: Choices) -> Any:
    """Add `copy_match` to trials that have `identity_match`.

    What applying the property to the predictor's own identity prediction would score: the share
    of the item's truth that this property has, in 0..1. Which property goes with an identity is
    read from the replies of all models to prompts of the task: the commonest, the first by name
    where there are several. 0 where the identity prediction cannot be used; missing where no
    reply ever had that identity.
    """
    del choices  # the shares, and which identities can be used, are made under them
    if population.answers is None:
        return table.mutate(_copy_match=ibis.null("int64"), copy_match=ibis.null("float64"))
    names = ("task", "property", "_identity")
    table = left(table, copies(population.answers), names)
    shares = population.shares
    assert shares is not None  # noqa: S101  # see `lacks_copies`
    truths = shares.select(*ITEM, _copied=shares.answer, _copied_truth=shares.truth)
    table = table.left_join(truths, [*ITEM, "_copied"], rname="{name}_again")
    table = table.drop(*[c for c in table.columns if c.endswith("_again")])
    asked = table.included & table.identity_match.notnull()
    scored = ibis.cases(
        (~asked, None),
        (table["_identity"].isnull(), 0),
        (table["_copied"].isnull(), None),
        else_=table["_copied_truth"].fill_null(0),
    )
    table = table.mutate(_copy_match=scored.cast("int64"))
    table = table.mutate(copy_match=table["_copy_match"].cast("float64") / UNIT)
    return table.drop("_copied", "_copied_truth")


def copies(answers: Any) -> Any:
    """Return which value of each property goes with an identity, read from a table of answers.

    Returns
    -------
    ibis.Table
        `task`, `property`, `_identity` and `_copied`.
    """
    reply = [c for c in _REPLY if c in answers.columns]
    known = answers.filter(answers.answer.notnull())
    whole = known.filter(known.property == IDENTITY)
    whole = whole.select(*reply, _identity=whole.answer)
    parts = known.filter(known.property != IDENTITY).select(*reply, "property", "answer")
    pairs = left(parts, whole, reply)
    pairs = pairs.filter(pairs["_identity"].notnull())
    counted = pairs.group_by(["task", "property", "_identity", "answer"]).aggregate(
        n=lambda t: t.count()
    )
    first = ibis.window(
        group_by=["task", "property", "_identity"], order_by=[ibis.desc("n"), "answer"]
    )
    ranked = counted.mutate(_place=ibis.row_number().over(first))
    ranked = ranked.filter(ranked["_place"] == 0)
    return ranked.select("task", "property", "_identity", _copied=ranked.answer)


def _question(table: Any, population: Population) -> Sequence[str]:
    """Return the columns that name a question, whatever the property that it asks for."""
    key = population.key or (*TABLES["predictions"].key, "n_shot", "split")
    return [c for c in dict.fromkeys(key) if c != "property" and c in table.columns]
