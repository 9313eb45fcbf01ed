"""The population of a study: which trials and which behaviours its estimates are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis

from foresay.errors import UnsupportedError
from foresay.study import Choices
from foresay.tables.engine import Engine, explained_condition
from foresay.tables.expressions import scalar
from foresay.trials.baselines import mode_scores
from foresay.trials.behaviours import (
    ITEM,
    UNIT,
    item_facts,
    repeats_in_trials,
    repeats_of,
    shares,
)
from foresay.trials.ceilings import with_matched_ceiling
from foresay.trials.roles import with_models

Keep = Callable[[Any], Any]
"""Computes a relation once where it is small enough to be kept, else returns it as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Trials and behaviours under one set of choices, before any grouping.

    Parameters
    ----------
    trials : ibis.Table
        One row a prediction (or, in a study without predictions, one row an item): the key,
        covariates, `role`, models' columns, and the quantities that the measures sum, each an
        integer in units of ``1 / UNIT`` or a count: `included`, `match`, `match_squared`,
        `predictions`, `compliant_predictions`, `k`, `ceiling`, `has_truth`.
    shares : ibis.Table or None
        Item, answer, `n`, `k`, `truth`; None where behaviours are not known.
    facts : ibis.Table or None
        Item facts: `repeats`, `compliant_repeats`, `k`, `has_truth`, `ceiling`.
    repeats : ibis.Table or None
        One row a repeat: item columns, `answer`, `usable`, `is_truth`.
    responses : ibis.Table or None
        One row a raw reply: `target, task, item, response`.
    has_predictions : bool
        Whether there are predictions, or only behaviours.
    counted_repeats : bool
        Whether the number of repeats of an item is known (it is not in a scored table).
    keep : callable
        Computes a relation once where it is small enough to be kept.
    key : tuple of str
        Columns of `trials` that together name a row; empty where they are not known.
    items : ibis.Table or None
        The table of items.
    everyone : ibis.Table or None
        The trials before any condition but the study's own: where another predictor's answers and
        the training items are looked up.
    answers : ibis.Table or None
        The table of answers of all models at all temperatures, as it was read.
    """

    trials: Any
    shares: Any | None
    facts: Any | None
    repeats: Any | None
    responses: Any | None
    has_predictions: bool
    counted_repeats: bool
    keep: Keep
    key: tuple[str, ...] = ()
    items: Any | None = None
    everyone: Any | None = None
    answers: Any | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that `by` and `where` may name."""
        return tuple(c for c in self.trials.columns if not c.startswith("_") and c not in HIDDEN)


HIDDEN = (
    "included",
    "match",
    "match_high",
    "match_squared",
    "has_truth",
    "ceiling",
    "repeats",
    "compliant_repeats",
    "truth_share",
)


def populate(tables: Mapping[str, Any], choices: Choices, keep: Keep) -> Population:
    """Join predictions to behaviours and derive what each trial contributes.

    Parameters
    ----------
    tables : mapping of str to ibis.Table
        Canonical tables of a study.
    choices : Choices
        `truth`, `temperature` and `compliance` are used.
    keep : callable
        What is done with each intermediate relation.

    Raises
    ------
    UnsupportedError
        The tables hold neither predictions nor behaviours that fit the choices.
    """
    predictions = tables.get("trials", tables.get("predictions"))
    scored = "trials" in tables
    repeats = _kept(_repeats(tables, choices), keep)
    answer_shares = None if repeats is None else keep(shares(repeats, choices.truth))
    facts = None if repeats is None else keep(item_facts(repeats, answer_shares))
    if facts is not None and choices.truth == "modal":
        facts = keep(with_matched_ceiling(facts, answer_shares))
    responses = _kept(_responses(tables, choices), keep)
    if predictions is not None:
        if facts is None and "match" not in predictions.columns:
            raise UnsupportedError(
                "predictions need behaviours to be held against: name an `answers` table, or a "
                "`responses` table with `properties`, in the study file"
            )
        base = _scored(predictions, answer_shares, facts, choices, scored=scored)
    else:
        base = _behaviours_only(facts, responses)
    table = with_models(_without_bookkeeping(base), tables.get("models"))
    trials = keep(_with_items(table, tables.get("items")))
    return Population(
        trials=trials,
        everyone=trials,
        items=tables.get("items"),
        shares=answer_shares,
        facts=facts,
        repeats=repeats,
        responses=responses,
        has_predictions=predictions is not None,
        counted_repeats=not scored or "answers" in tables,
        keep=keep,
        answers=tables.get("answers"),
    )


def restrict(population: Population, where: str, engine: Engine) -> Population:
    """Return the population of those trials for which the SQL condition `where` is true.

    Raises
    ------
    ExpressionError
        It is not a scalar condition over the columns of trials, or cannot be computed for them.
    """
    with explained_condition(where):
        return replace(population, trials=population.keep(select(population.trials, where, engine)))


def with_mode_share(population: Population) -> Population:
    """Return the population with the column `mode_share` in its trials.

    It is the share of items of a (target, task, property) cell that have the cell's commonest
    answer, in 0..1: high means that there is little to predict.

    Raises
    ------
    UnsupportedError
        The behaviours are not known.
    """
    trials = population.trials
    if population.shares is None:
        raise UnsupportedError("mode_share needs the target's answers; add a table answers")
    cell = ("target", "task", "property")
    items = trials.filter(trials.included).select(*ITEM).distinct()
    scores = population.keep(mode_scores(items, population.shares, []))
    learnt = scores.group_by(list(cell)).aggregate(
        mode_share=lambda t: (
            t.baseline_insample.sum().cast("float64") / (t.count().cast("float64") * UNIT)
        )
    )
    return replace(population, trials=population.keep(_left(trials, learnt, cell)))


def _kept(table: Any | None, keep: Keep) -> Any | None:
    return None if table is None else keep(table)


def select(table: Any, where: str, engine: Engine, *, what: str = "where") -> Any:
    """Return the rows of `table` for which the SQL condition `where` is true.

    Raises
    ------
    ExpressionError
        It is not a scalar condition over the table's columns.
    """
    columns = [c for c in table.columns if not c.startswith("_") and c not in HIDDEN]
    condition = scalar(where, columns, what=what)
    sql = f"SELECT * FROM ({ibis.to_sql(table, dialect='duckdb')}) WHERE {condition}"  # noqa: S608
    return engine.backend.sql(sql, schema=table.schema())


def _repeats(tables: Mapping[str, Any], choices: Choices) -> Any | None:
    if "answers" in tables:
        return repeats_of(with_compliance(tables["answers"], tables.get("responses")), choices)
    if "trials" in tables and "behaviour" in tables["trials"].columns:
        return repeats_in_trials(tables["trials"])
    return None


def with_compliance(answers: Any, responses: Any | None) -> Any:
    """Take the compliance of answers from the responses where answers do not say it."""
    if "compliant" in answers.columns or responses is None:
        return answers
    if "compliant" not in responses.columns:
        return answers
    keys = ("model", "task", "item", "wording", "temperature", "sample")
    shared = [c for c in keys if c in answers.columns and c in responses.columns]
    known = responses.group_by(shared).aggregate(compliant=lambda t: t.compliant.all())
    return _left(answers, known, tuple(shared))


def _responses(tables: Mapping[str, Any], choices: Choices) -> Any | None:
    if "responses" not in tables:
        return None
    table = tables["responses"].rename(target="model")
    if "temperature" in table.columns:
        temperature = table.temperature.fill_null(0.0)
        wanted = choices.temperature
        if wanted is None:
            table = table.mutate(_lowest=temperature.min().over(ibis.window(group_by="target")))
            table = table.filter(table.temperature.fill_null(0.0) == table._lowest)  # noqa: SLF001
        else:
            table = table.filter(temperature == wanted)
    return table.select("target", "task", "item", "response")


def _scored(
    predictions: Any,
    answer_shares: Any | None,
    facts: Any | None,
    choices: Choices,
    *,
    scored: bool,
) -> Any:
    """Attach the truth of its item, and its match, to each prediction."""
    table = predictions
    if "compliant" not in table.columns:
        table = table.mutate(compliant=ibis.literal(value=True))
    table = table.mutate(compliant=table.compliant.fill_null(ibis.literal(value=False)))
    if scored and "match" not in table.columns and "behaviour" in table.columns:
        same = (table.prediction == table.behaviour).fill_null(ibis.literal(value=False))
        known = table.behaviour.notnull()
        table = table.mutate(match=ibis.ifelse(known, same.cast("float64"), None))
    if scored and "match" in table.columns:
        known = table.match.notnull()
        table = table.mutate(
            truth_share=(table.match * UNIT).round().cast("int64").fill_null(0), _known=known
        ).drop("match")
        if facts is not None:
            table = _left(table, facts, ITEM)
            table = table.mutate(has_truth=table._known)  # noqa: SLF001  # a column
        else:
            table = table.mutate(
                k=ibis.literal(0, "int64"),
                has_truth=table._known,  # noqa: SLF001  # a column
                ceiling=ibis.null("int64"),
                repeats=ibis.literal(0, "int64"),
                compliant_repeats=ibis.literal(0, "int64"),
            )
        table = table.drop("_known")
    else:
        table = _left(table, facts, ITEM)
        truths = answer_shares.select(  # type: ignore[union-attr]
            *ITEM, prediction="answer", truth_share="truth"
        )
        table = _left(table, truths, (*ITEM, "prediction"))
    table = table.mutate(
        k=table.k.fill_null(0),
        has_truth=table.has_truth.fill_null(ibis.literal(value=False)),
        truth_share=table.truth_share.fill_null(0),
    )
    included = table.has_truth
    if choices.compliance == "drop_either":
        included &= table.compliant
    lenient = choices.compliance in ("ignore", "drop_either")
    strict = ibis.ifelse(table.compliant, table.truth_share, 0)
    match = ibis.ifelse(included, table.truth_share if lenient else strict, 0)
    high = ibis.ifelse(included, ibis.ifelse(table.compliant, table.truth_share, UNIT), 0)
    return table.mutate(included=included, match=match, match_high=high)


def _behaviours_only(facts: Any | None, responses: Any | None) -> Any:
    """Return one row an item for studies of behaviour alone; the target is also the model."""
    if facts is not None:
        table = facts
    elif responses is not None:
        table = responses.group_by(["target", "task", "item"]).aggregate(
            repeats=lambda t: t.count()
        )
        table = table.mutate(
            k=ibis.literal(0, "int64"),
            has_truth=ibis.literal(value=False),
            ceiling=ibis.null("int64"),
            compliant_repeats=ibis.literal(0, "int64"),
        )
    else:
        raise UnsupportedError(
            "the study has neither predictions nor behaviours; name a table trials, predictions, "
            "responses or answers"
        )
    return table.mutate(
        model=table.target,
        predictor=table.target,
        included=table.has_truth,
        match=ibis.literal(0, "int64"),
        match_high=ibis.literal(0, "int64"),
        compliant=ibis.literal(value=True),
    )


def _with_items(table: Any, items: Any | None) -> Any:
    if items is None:
        return table
    plain = _without_bookkeeping(items)
    clash = [c for c in plain.columns if c in table.columns and c not in ("task", "item")]
    return _left(table, plain.drop(*clash) if clash else plain, ("task", "item"))


def _without_bookkeeping(table: Any) -> Any:
    extra = [c for c in table.columns if c.startswith("_")]
    return table.drop(*extra) if extra else table


def _left(left: Any, right: Any, on: tuple[str, ...]) -> Any:
    """Left join that keeps each key column once."""
    joined = left.left_join(right, list(on))
    doubled = [f"{name}_right" for name in on if f"{name}_right" in joined.columns]
    return joined.drop(*doubled) if doubled else joined
