"""Pairing: which trials belong to which arm, and which of them have partners on the same item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis

from foresay.comparisons.arms import Comparison, comparison
from foresay.counts import Group
from foresay.counts.ordering import plain
from foresay.counts.reduction import contributions, reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.relations import (
    Request,
    cells_of,
    check_columns,
    design_of,
    group_key,
    relation,
)
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.study import Choices, Contrast
from foresay.tables.engine import Engine, quoted
from foresay.tables.expressions import scalar
from foresay.trials import ITEM, Population


def with_arms(table: Any, arms: Mapping[str, str], engine: Engine, *, apart: str = "") -> Any:
    """Return the trials of any arm, with a boolean column for each arm.

    Parameters
    ----------
    table : ibis.Table
        One row a trial.
    arms : mapping of str to str
        Prefix of each arm's sums -> checked SQL condition.
    engine : Engine
        Where the table is.
    apart : str
        Who asks, where no trial may be in two arms; "" where it may.

    Raises
    ------
    ChoiceError
        A trial is in two arms that must be apart.
    """
    flags = {f"_{arm}": f"coalesce({sql}, false)" for arm, sql in arms.items()}
    listed = ", ".join(f"{sql} AS {quoted(flag)}" for flag, sql in flags.items())
    inner = ibis.to_sql(table, dialect="duckdb")
    schema = {**dict(table.schema().items()), **dict.fromkeys(flags, "boolean")}
    sql = f"SELECT *, {listed} FROM ({inner})"  # noqa: S608  # checked expressions only
    flagged = engine.backend.sql(sql, schema=ibis.schema(schema))
    member = sum((flagged[flag].cast("int64") for flag in flags), ibis.literal(0))
    if apart:
        both = flagged.filter(member > 1).count().to_pyarrow().as_py()
        if both:
            named = " and ".join(repr(sql) for sql in arms.values())
            raise ChoiceError(
                f"{apart}: {both} trials are in both arms ({named}); a trial cannot be "
                "subtracted from itself"
            )
    return flagged.filter(member > 0)


def on_shared_items(
    table: Any,
    by: Sequence[str],
    pairs: Sequence[Sequence[str]],
    *,
    needs_truth: bool,
    absent_arms: bool = False,
) -> Any:
    """Mark the trials that have partners, as `_shared`; and as `_used` those that could have.

    Every arm of a pair must have the item. Where some items of a group are in all pairs, only
    those count; where none is (the pairs are of different items, such as train and held-out
    ones), every pair keeps its own, and `_apart` is true.

    Parameters
    ----------
    table : ibis.Table
        As from `with_arms`.
    by : sequence of str
        Grouping columns.
    pairs : sequence of sequences of str
        The arms that are compared on the same items; one pair for a plain difference.
    needs_truth : bool
        Whether a trial without a usable truth has no part. Compliance is a rate of all
        predictions, so its trials need none.
    absent_arms : bool
        Whether an arm that a group lacks altogether is left aside, and not asked of its items.
    """
    used = table.included if needs_truth else ibis.literal(value=True)
    keyed = table.mutate(_item=group_key(table, [*by, *ITEM]), _group=group_key(table, by))
    keyed = keyed.mutate(_used=used)
    item, group = ibis.window(group_by="_item"), ibis.window(group_by="_group")
    there = {}
    for number, pair in enumerate(pairs):
        arms = []
        for arm in pair:
            has = keyed["_used"] & keyed[f"_{arm}"]
            absent = ~has.any().over(group) if absent_arms else ibis.literal(value=False)
            arms.append(has.any().over(item) | absent)
        there[f"_pair_{number}"] = _all(arms)
    marked = keyed.mutate(**there)
    everywhere = _all([marked[name] for name in there])
    crossed = (everywhere & marked["_used"]).any().over(group)
    marked = marked.mutate(_everywhere=everywhere, _crossed=crossed)
    kept = ibis.literal(value=False)
    for number, pair in enumerate(pairs):
        member = _any([marked[f"_{arm}"] for arm in pair])
        fits = marked[f"_pair_{number}"] & (marked["_everywhere"] | ~marked["_crossed"])
        kept |= member & fits
    apart = ~marked["_crossed"] if len(pairs) > 1 else ibis.literal(value=False)
    return marked.mutate(_shared=marked["_used"] & kept, _apart=apart)


def _all(conditions: Sequence[Any]) -> Any:
    result = conditions[0]
    for condition in conditions[1:]:
        result &= condition
    return result


def _any(conditions: Sequence[Any]) -> Any:
    result = conditions[0]
    for condition in conditions[1:]:
        result |= condition
    return result


def contributed(table: Any, measure: Measure, arms: Sequence[str]) -> dict[str, Any]:
    """Return what one trial adds to each sum of each arm; 0 where it has no partner."""
    own = contributions(table, list(dict.fromkeys([*measure.sums, "trials"])))
    return {
        f"{arm}.{name}": ibis.ifelse(table["_shared"] & table[f"_{arm}"], value, 0)
        for arm in arms
        for name, value in own.items()
    }


def facts_of(
    table: Any, by: Sequence[str], arms: Sequence[str] = (), conditions: Sequence[str] = ()
) -> dict[tuple[object, ...], dict[str, Any]]:
    """Count, for each group, shared items, trials without a partner, and trials without truth.

    `pooled` names the `conditions` of which one of the `arms` holds several values.
    """
    prompt = table.task.length().cast("string") + ":" + table.task + table.item
    wanted = {
        "n_items": ibis.ifelse(table["_shared"], prompt, None).nunique(),
        "unpaired": (table["_used"] & ~table["_shared"]).cast("int64").sum(),
        "excluded": (~table["_used"]).cast("int64").sum(),
        "apart": table["_apart"].any(),
    }
    varying = [c for c in conditions if c in table.columns and c not in by]
    for number, column in enumerate(varying):
        wanted[f"pool_{number}"] = _any([_varies(table, column, arm) for arm in arms])
    by = list(by)
    grouped = table.group_by(by).aggregate(**wanted) if by else table.aggregate(**wanted)
    frame = grouped.to_pyarrow().to_pandas()
    return {
        tuple(plain(row[c]) for c in by): {str(k): v for k, v in row.items()}
        | {"pooled": [c for n, c in enumerate(varying) if row[f"pool_{n}"]]}
        for row in frame.to_dict("records")
    }


def _varies(table: Any, column: str, arm: str) -> Any:
    """Tell whether the trials of an arm that count hold several values of a column."""
    inside = ibis.ifelse(table["_shared"] & table[f"_{arm}"], table[column], None)
    return (inside.min() != inside.max()).fill_null(ibis.literal(value=False))


def refuse_unpaired(
    name: str, facts: Mapping[tuple[object, ...], Mapping[str, Any]], by: Sequence[str]
) -> None:
    """Refuse trials without a partner, which ``pairing: complete`` does not allow.

    Raises
    ------
    UnsupportedError
        With how many there are, and in which group most of them are.
    """
    lost = {values: int(row["unpaired"]) for values, row in facts.items()}
    total = sum(lost.values())
    if not total:
        return
    worst = max(lost, key=lambda values: lost[values])
    where = ", ".join(f"{c} {v}" for c, v in zip(by, worst, strict=True))
    raise UnsupportedError(
        f"contrast {name}: {total} trials have no partner in the other arm"
        f"{f' ({lost[worst]} of them where {where})' if where else ''}, and pairing is complete; "
        "mend the tables, or choose pairing: intersection, which leaves them out and says so"
    )


def paired_trials(
    population: Population,
    name: str,
    spec: Contrast,
    *,
    by: Sequence[str],
    choices: Choices,
    engine: Engine,
) -> tuple[Comparison, Any]:
    """Return what a contrast compares, and the trials of its arms, marked where they have partners.

    Parameters
    ----------
    population, name, spec, by, choices, engine
        As for `contrast`, which raises the same.
    """
    check_columns(by, population, f"contrast {name}: by")
    measure = find_measure(spec.of, baseline=choices.baseline, ceiling=choices.ceiling)
    if measure.population != "trials" or choices.compliance == "bounds" or measure.ends:
        raise ChoiceError(
            f"contrast {name}: a difference of {spec.of} under compliance {choices.compliance} is "
            "not defined; contrasts are of estimands over trials, with one value each"
        )
    compared = comparison(name, spec, measure)
    table = relation(population, Request(measures=(measure,), by=tuple(by), choices=choices))
    places = ("where", "minus", "versus.where", "versus.minus")
    arms = {
        arm: scalar(sql, population.columns, what=f"contrast {name}: {place}")
        for arm, sql, place in zip(compared.arms, spec.conditions, places, strict=False)
    }
    table = with_arms(table, arms, engine, apart=f"contrast {name}")
    return compared, on_shared_items(
        table, by, compared.pairs, needs_truth=compared.counted == "trials"
    )


def compared_groups(
    population: Population,
    name: str,
    spec: Contrast,
    *,
    by: Sequence[str],
    choices: Choices,
    engine: Engine,
    conditions: Sequence[str] = (),
) -> list[tuple[Comparison, Group, dict[str, Any]]]:
    """Return what a contrast compares in each group: its counts, and facts of its pairing.

    Parameters
    ----------
    population, name, spec, by, choices, engine
        As for `contrast`, which raises the same.
    conditions : sequence of str
        Columns whose values an arm should not pool in silence.
    """
    compared, table = paired_trials(population, name, spec, by=by, choices=choices, engine=engine)
    facts = facts_of(table, by, compared.arms, conditions)
    if spec.pairing == "complete":
        refuse_unpaired(name, facts, by)
    layout = design_of(choices, population).layout(cells_of(choices, table.columns, by))
    sums = contributed(table, compared.measure, compared.arms)
    groups = list(reduce(table, sums, by=by, layout=layout))
    if not groups:
        raise UnsupportedError(
            f"contrast {name}: no item has trials in both arms ({spec.where} minus {spec.minus}); "
            "there is nothing to pair"
        )
    return [(compared, group, facts[_values(group)]) for group in groups]


def _values(group: Group) -> tuple[object, ...]:
    return tuple(value for _, value in group.values)
