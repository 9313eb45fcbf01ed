"""How much the number of repeats matters: ceilings by k, and agreement over N."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import pandas as pd

from foresay.counts import Group
from foresay.counts.ordering import plain
from foresay.counts.reduction import reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context, Facts, group_facts
from foresay.estimation.relations import (
    Request,
    cells_of,
    check_columns,
    design_of,
    group_key,
    lacking,
    relation,
)
from foresay.estimation.repeat_plans import Plan, agreement, ceilings
from foresay.estimation.table import key_of, named_choices, tidy
from foresay.measures.agreement import AGREEMENT_ANSWER, AGREEMENT_RAW
from foresay.measures.ceilings import CEILING_RESAMPLE
from foresay.measures.macro import over_cells
from foresay.measures.measure import Measure
from foresay.resampling import estimate, stream
from foresay.study import Choices
from foresay.trials import ITEM, Population
from foresay.trials.ceilings import SIZE, profiles, with_columns

MOST_ITEMS = 0.9
"""Repeats are shown up to the number that this share of the items of a group have."""
SHOWN = (*range(2, 11), 15, 20, 25)
"""Numbers of repeats that are shown, where there are as many."""


def ceiling_by_k(
    population: Population,
    *,
    by: Sequence[str],
    repeats: Sequence[int] | None = None,
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    """Return what ceilings come to with fewer repeats, and what the plug-ins make of them.

    Each number is the exact expectation over all ways to leave repeats of an item out, so that
    the rows of a group are of the same items: those with at least the most repeats shown.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    by : sequence of str
        Grouping columns.
    repeats : sequence of int, optional
        Numbers of repeats, at least 2; by default up to what nine items in ten have.
    choices, context
        As for `foresay.estimation.table.estimates`.

    Returns
    -------
    DataFrame
        As estimates, with the grouping columns and `repeats`. `estimand` is one of
        ``ceiling_resample`` (unbiased, so the same for every k), ``plug_in_resample`` (sum of
        squared shares), ``ceiling_modal_lower``, ``ceiling_modal_upper`` (the ends of the
        bracket), ``plug_in_modal`` (share of the commonest answer), ``run_hits_mode`` (one run
        against the mode of `repeats` others) and ``modes_agree`` (the modes of two disjoint sets
        of `repeats`; at most half of what there is).

    Raises
    ------
    ChoiceError
        A column is unknown, or a number of repeats cannot be.
    UnsupportedError
        Repeats of behaviours are not known, or no item has two.
    """
    by = tuple(dict.fromkeys(by))
    check_columns(by, population, "by")
    if reason := lacking(CEILING_RESAMPLE, population):
        raise UnsupportedError(f"ceiling_by_k {reason}")
    request = Request(measures=(CEILING_RESAMPLE,), by=by, choices=choices)
    table = relation(population, request)
    profiled = profiles(population.shares, ITEM)
    asked = _Asked(population=population, by=by, repeats=repeats, choices=choices, context=context)
    return _table(table, profiled, ITEM, ceilings, asked)


def agreement_by_n(
    population: Population,
    *,
    by: Sequence[str],
    repeats: Sequence[int] | None = None,
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    """Return TARr@N and TARa@N for N = 2, 3, ..., each over the same items.

    Parameters
    ----------
    population : Population
        Behaviours under `choices`.
    by, repeats, choices, context
        As for `ceiling_by_k`.

    Returns
    -------
    DataFrame
        As estimates, with the grouping columns and `repeats`, which is N; ``agreement_raw`` where
        there are raw replies, ``agreement_answer`` where there are answers.

    Raises
    ------
    ChoiceError, UnsupportedError
        As for `ceiling_by_k`.
    """
    by = tuple(dict.fromkeys(by))
    check_columns(by, population, "by")
    reasons = {m.name: lacking(m, population) for m in (AGREEMENT_RAW, AGREEMENT_ANSWER)}
    if all(reasons.values()):
        raise UnsupportedError(f"agreement_by_n {reasons[AGREEMENT_ANSWER.name]}")
    parts = []
    pairs = choices.model_copy(update={"agreement": 2})
    asked = _Asked(population=population, by=by, repeats=repeats, choices=choices, context=context)
    for measure in (AGREEMENT_RAW, AGREEMENT_ANSWER):
        if reasons[measure.name]:
            continue
        raw = measure is AGREEMENT_RAW
        table = relation(population, Request(measures=(measure,), by=by, choices=pairs))
        keys: tuple[str, ...] = ("target", "task", "item") if raw else ITEM
        column = "response" if raw else "answer"
        given: Any = population.responses if raw else population.repeats
        given = given.filter(given[column].notnull() if raw else given.usable)
        counted = given.group_by([*keys, column]).aggregate(n=lambda t: t.count())
        profiled = profiles(counted, keys)
        try:
            parts.append(_table(table, profiled, keys, partial(agreement, measure), asked))
        except UnsupportedError:
            continue
    if not parts:
        raise UnsupportedError("agreement_by_n needs items with two repeats; there are none")
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What both tables are asked for."""

    population: Population
    by: tuple[str, ...]
    repeats: Sequence[int] | None
    choices: Choices
    context: Context


def _table(
    table: Any,
    profiled: Any,
    keys: Sequence[str],
    plan: Callable[[Sequence[int]], Plan],
    asked: _Asked,
) -> pd.DataFrame:
    population, by, repeats = asked.population, asked.by, asked.repeats
    for k in repeats or ():
        if k < 2:
            raise ChoiceError(f"repeats: {k!r} is no number of repeats to compare; at least 2")
    grouped = table.mutate(_group=group_key(table, by))
    joined = population.keep(grouped.filter(grouped.included).inner_join(profiled, list(keys)))
    most = _most(joined, max(repeats) if repeats else None)
    if not most:
        raise UnsupportedError("no item has two usable repeats of the target")
    highest = max(most.values())
    shown = sorted({k for k in (repeats or (*SHOWN, highest)) if k <= highest})
    made = plan(shown)
    limits = ibis.memtable([{"_group": g, "_most": k} for g, k in most.items()])
    chosen = joined.inner_join(limits, "_group").filter(lambda t: t[SIZE] >= t["_most"])
    worked = population.keep(with_columns(chosen, made.columns))
    choices, cells = _cells(asked.choices, worked.columns, by)
    layout = design_of(choices, population).layout(cells)
    names = [c for c in worked.columns if c.startswith("share_")]
    contributed = {"rows": ibis.literal(1, "int64"), **{c: worked[c].fill_null(0) for c in names}}
    groups = _groups(grouped, worked, by)
    request = Request(measures=(), by=by, choices=choices)
    facts = group_facts(worked, request, Context(), layout)
    rows = []
    for group in reduce(worked, contributed, by=by, layout=layout):
        values = tuple(value for _, value in group.values)
        key, there = groups[values]
        n_items = facts.get(values, Facts()).n_items
        for k, measure in made.shown(most[key]):
            row = _row(measure, k, most[key], group, choices, asked.context)
            known = {"n_items": row["n_clusters"] if n_items is None else n_items}
            rows.append({**row, **known, "n_excluded": there - row["n_trials"]})
    order = {measure.name: n for n, (_, measure) in enumerate(made.shown(highest))}
    rows.sort(key=lambda row: order[row["estimand"]])
    return tidy(rows, [*by, "repeats"])


def _cells(
    choices: Choices, columns: Sequence[str], by: Sequence[str]
) -> tuple[Choices, tuple[str, ...]]:
    if choices.cells and not set(choices.cells) & set(columns):
        choices = choices.model_copy(update={"weighting": "micro"})
    return choices, cells_of(choices, columns, by)


def _most(joined: Any, wanted: int | None) -> dict[str, int]:
    """Return the repeats that most items of each group have, at most those wanted."""
    frame = (
        joined.group_by(["_group", SIZE])
        .aggregate(items=lambda t: t.count())
        .to_pyarrow()
        .to_pandas()
    )
    frame = frame[frame[SIZE] >= 2].sort_values(["_group", SIZE], ascending=[True, False])
    found: dict[str, int] = {}
    for group, part in frame.groupby("_group", sort=True):
        reached = part["items"].cumsum() >= MOST_ITEMS * part["items"].sum()
        most = int(part[SIZE][reached].iloc[0])
        found[str(group)] = most if wanted is None else min(most, wanted)
    return found


def _groups(
    before: Any, after: Any, by: Sequence[str]
) -> dict[tuple[object, ...], tuple[str, int]]:
    """Return, for the values of each group, its key and its rows before any was left out."""
    counted = before.group_by("_group").aggregate(rows=lambda t: t.count()).to_pyarrow().to_pylist()
    rows = {str(row["_group"]): int(row["rows"]) for row in counted}
    found = after.select("_group", *by).distinct().to_pyarrow().to_pandas()
    return {
        tuple(plain(row[c]) for c in by): (str(row["_group"]), rows[str(row["_group"])])
        for row in found.to_dict("records")
    }


def _row(
    measure: Measure, k: int, most: int, group: Group, choices: Choices, context: Context
) -> dict[str, Any]:
    computed = over_cells(measure, group.cells)
    counts = group.restricted(computed.sums)
    made = estimate(
        counts,
        computed.estimator,
        kind=computed.kind,
        interval=choices.interval,
        level=choices.level,
        resamples=choices.resamples,
        rng=stream(
            choices.seed, "repeats", str(k), measure.name, key_of(group.values), context.where
        ),
    )
    said = (*context.notes, f"items with at least {most} repeats", made.note)
    return {
        "estimand": measure.name,
        **dict(group.values),
        "repeats": k,
        "value": made.value,
        "low": made.low,
        "high": made.high,
        "level": made.level,
        "standard_error": made.standard_error,
        "interval": made.interval,
        "design_effect": float("nan"),
        "n_trials": round(group.total("rows")),
        "n_clusters": counts.n_clusters,
        **named_choices(choices),
        "where": context.where,
        "note": "; ".join(note for note in said if note),
        "fingerprint": context.fingerprint,
    }
