"""Determinism gained: how varied a model's answers are before and after it was trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.comparisons.one_group import OneGroup, tidy_parts
from foresay.counts import FloatArray, Group, Sums
from foresay.counts.reduction import reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import cells_of, design_of
from foresay.measures.determinism import DISTINCT_ANSWERS, ENTROPY
from foresay.measures.kinds import Difference
from foresay.measures.macro import over_cells
from foresay.measures.measure import Measure
from foresay.resampling.designs import within_tasks
from foresay.study import Choices, nearest
from foresay.trials import Population
from foresay.trials.determinism import determinism_facts, fewest_repeats

PARTS = ("quantity",)
"""What tells numbers apart: ``before``, ``after`` or ``change``, after minus before."""

PAIR = ("base", "model")
_PLACE = ("task", "item", "property")


def determinism(
    population: Population,
    models: Any | None,
    *,
    by: Sequence[str] = PAIR,
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    """Estimate entropy and distinct answers of models and of what they were trained from.

    Parameters
    ----------
    population : Population
        Its trials say which items are looked at; its repeats are those of every model that was
        asked, whether or not it is predicted.
    models : ibis.Table or None
        The table `models`, whose `base` says what each was trained from.
    by : sequence of str
        Of `base`, `model`, `task`, `property` and the models' columns.
    choices, context
        As for `foresay.estimation.table.estimates`. ``choices.agreement`` is the number N of
        repeats; by default the fewest that an item of any model has, so that all compare.

    Returns
    -------
    DataFrame
        Tidy rows: `estimand` (``entropy``, ``distinct_answers``), `by`, `quantity` and the columns
        of `estimates`, on the items of which both models have N repeats.

    Raises
    ------
    UnsupportedError
        No trained model and its base have repeats of the same items.
    ChoiceError
        A column is unknown.
    """
    if models is None or "base" not in models.columns:
        raise UnsupportedError(
            "determinism gained needs to know what each model was trained from; add a table "
            "models with a column base"
        )
    if population.shares is None or not population.counted_repeats:
        raise UnsupportedError(
            "determinism gained needs repeated behaviours; add a table answers, with a column "
            "`sample`, of models before and after training"
        )
    n = choices.agreement or fewest_repeats(population.shares)
    table = _paired(population, models, n)
    known = [c for c in table.columns if not c.startswith("_")]
    design = design_of(choices, population)
    wanted = [*by, *within_tasks(choices.cluster), *choices.within, *choices.crossed]
    for name in [*wanted, *choices.strata]:
        if name not in known:
            raise ChoiceError(
                f"determinism gained is told apart by columns of items and models; "
                f"{nearest(name, known)}"
            )
    layout = design.layout(cells_of(choices, table.columns, by))
    sums = {
        f"{arm}.{name}": table[f"_{arm}_{name}"]
        for arm in ("before", "after")
        for name in ("entropy", "distinct")
    } | {f"{arm}.items_varied": ibis.literal(1, "int64") for arm in ("before", "after")}
    rows: list[dict[str, Any]] = []
    for group in reduce(table, sums, by=list(by), layout=layout):
        one = OneGroup(name="determinism", group=group, choices=choices, context=context)
        for measure in (ENTROPY, DISTINCT_ANSWERS):
            rows += _of_measure(one, measure, n)
    if not rows:
        raise UnsupportedError(
            f"determinism gained: no model and its base both have {n} repeats of an item"
        )
    order = {measure.name: place for place, measure in enumerate((ENTROPY, DISTINCT_ANSWERS))}
    rows.sort(key=lambda row: order[row["estimand"]])
    return tidy_parts(rows, by, PARTS)


def _paired(population: Population, models: Any, n: int) -> Any:
    """Return one row a trained model and item that it and its base have `n` repeats of."""
    facts = population.keep(determinism_facts(population.shares, n))
    facts = facts.filter(facts.entropy.notnull())
    trials = population.trials
    place = [c for c in _PLACE if c in trials.columns]
    items = trials.select(*place).distinct()
    facts = facts.semi_join(items, place)
    told = [
        c
        for c in models.columns
        if c in ("family", "stage", "trained_on", "n_train", "training_seed")
    ]
    pairs = models.filter(models.base.notnull() & (models.base != models.model))
    pairs = pairs.select("model", "base", *told)
    after = facts.rename(model="target", _after_entropy="entropy", _after_distinct="distinct")
    before = facts.rename(base="target", _before_entropy="entropy", _before_distinct="distinct")
    joined = pairs.inner_join(after, ["model"]).inner_join(before, ["base", *_PLACE])
    doubled = [c for c in joined.columns if c.endswith("_right")]
    return population.keep(joined.drop(*doubled) if doubled else joined)


def _of_measure(one: OneGroup, measure: Measure, n: int) -> list[dict[str, Any]]:
    group: Group = one.group
    arms: Mapping[str, Measure] = {
        arm: over_cells(measure, group.cells).arm(arm) for arm in ("before", "after")
    }
    items = round(group.total("after.items_varied"))
    made = []
    for quantity in ("before", "after", "change"):
        parts = list(arms.values()) if quantity == "change" else [arms[quantity]]
        reach = np.inf
        row = one.number(
            f"{measure.name} {quantity}",
            partial(_change, before=arms["before"], after=arms["after"])
            if quantity == "change"
            else parts[0].estimator,
            [name for part in parts for name in part.sums],
            Difference(-reach, reach) if quantity == "change" else parts[0].kind,
            n_trials=items,
            note=f"of {n} repeats",
        )
        made.append({**row, "estimand": measure.name, "quantity": quantity, "n_items": items})
    return made


def _change(sums: Sums, *, before: Measure, after: Measure) -> FloatArray:
    return np.asarray(after.estimator(sums) - before.estimator(sums))
