"""What targets did: repeats of a behaviour -> shares of answers, truth, and facts of each item."""

from __future__ import annotations

from typing import Any

import ibis

from foresay.errors import UnsupportedError
from foresay.study import Choices

ITEM = ("target", "task", "item", "property")
"""Columns that name an item: one prompt of a target under one property."""

UNIT = 26_771_144_400
"""Least common multiple of 1..25: shares of up to 25 repeats are exact integers in this unit."""

_USES_NON_COMPLIANT = ("count_wrong", "ignore", "bounds")


def repeats_of(answers: Any, choices: Choices) -> Any:
    """Return one row a repeat at the chosen temperature, with what truth it stands for.

    Parameters
    ----------
    answers : ibis.Table
        Canonical `answers`.
    choices : Choices
        `temperature`, `truth` and `compliance` are used.

    Returns
    -------
    ibis.Table
        `target, task, item, property, answer, compliant` and the booleans `usable` (has an answer
        that the compliance policy accepts) and `is_truth` (is one that forms the truth).
    """
    table = answers.rename(target="model")
    table = _with_default(table, "compliant", ibis.literal(value=True))
    table = _with_default(table, "temperature", ibis.literal(0.0))
    table = _with_default(table, "sample", ibis.literal(0, "int64"))
    table = table.mutate(
        temperature=table.temperature.fill_null(0.0),
        compliant=table.compliant.fill_null(ibis.literal(value=False)),
    )
    wanted = choices.temperature
    if choices.truth == "greedy":
        if wanted not in (None, 0.0):
            raise UnsupportedError(
                f"truth: greedy is the reply at temperature 0, but temperature is {wanted:g}; "
                "choose truth: first, or leave the temperature out"
            )
        wanted = 0.0
    if wanted is None:
        lowest = table.temperature.min().over(ibis.window(group_by="target"))
        table = table.mutate(_lowest=lowest)
        table = table.filter(table.temperature == table._lowest)  # noqa: SLF001  # a column
    else:
        table = table.filter(table.temperature == wanted)
    usable = table.answer.notnull()
    if choices.compliance not in _USES_NON_COMPLIANT:
        usable &= table.compliant
    is_truth = usable
    if choices.truth in ("first", "greedy"):
        table = table.mutate(_text=table.answer.fill_null(""))
        first = ibis.window(group_by=list(ITEM), order_by=["sample", "_text"])
        table = table.mutate(_position=ibis.row_number().over(first))
        is_truth = usable & (table._position == 0)  # noqa: SLF001  # a column
    columns = [table[name] for name in ITEM]
    return table.select(*columns, table.answer, table.compliant, usable=usable, is_truth=is_truth)


def repeats_in_trials(trials: Any) -> Any:
    """Return the repeats that a scored table holds: the behaviour of each of its rows.

    How often a behaviour was seen cannot be told from how often it was predicted; where the rows
    of an item agree, as they do for a target that was asked once, the item has that answer.
    Predictors are held against the same behaviours, so an answer counts as often as it stands
    beside the one predictor that has it most often, and not once for each of them.
    """
    table = trials.filter(trials.behaviour.notnull())
    each = table.group_by([*ITEM, "behaviour", "predictor"]).aggregate(n=lambda t: t.count())
    most = each.group_by([*ITEM, "behaviour"]).aggregate(n=lambda t: t.n.max())
    table = most.mutate(_repeat=ibis.range(0, most.n).unnest())
    columns = [table[name] for name in ITEM]
    return table.select(
        *columns,
        answer=table.behaviour,
        compliant=ibis.literal(value=True),
        usable=ibis.literal(value=True),
        is_truth=ibis.literal(value=True),
    )


def shares(repeats: Any, truth: str) -> Any:
    """Return one row an item and answer: how often the target gave it, and its share of truth.

    Returns
    -------
    ibis.Table
        The item's columns, `answer`, `n` (usable repeats with this answer), `k` (usable repeats)
        and `truth` (share of the truth in units of ``1 / UNIT``; 0 for answers that are not it).
    """
    counted = (
        repeats.filter(repeats.usable)
        .group_by([*ITEM, "answer"])
        .aggregate(
            n=lambda t: t.count(), votes=lambda t: t.is_truth.cast("int64").sum().cast("int64")
        )
    )
    window = ibis.window(group_by=list(ITEM))
    table = counted.mutate(
        k=counted.n.sum().over(window).cast("int64"),
        all_votes=counted.votes.sum().over(window).cast("int64"),
        most=counted.votes.max().over(window),
    )
    if truth == "modal":
        table = table.mutate(is_mode=((table.votes == table.most) & (table.votes > 0)))
        table = table.mutate(modes=table.is_mode.cast("int64").sum().over(window).cast("int64"))
        part = ibis.ifelse(table.is_mode, UNIT // table.modes, 0)
    else:
        part = (table.votes * UNIT) // table.all_votes.nullif(0)
    columns = [table[name] for name in ITEM]
    return table.select(*columns, table.answer, table.n, table.k, truth=part.fill_null(0))


def item_facts(repeats: Any, answer_shares: Any) -> Any:
    """Return one row an item.

    Returns
    -------
    ibis.Table
        The item's columns; `repeats` and `compliant_repeats` (at the chosen temperature, whatever
        their answers); `k` (usable ones, 0 where none); `has_truth`; `ceiling` (the unbiased
        ``sum_y n_y (n_y - 1) / (k (k - 1))`` in units of ``1 / UNIT``; missing where ``k < 2``).
    """
    counted = repeats.group_by(list(ITEM)).aggregate(
        repeats=lambda t: t.count(),
        compliant_repeats=lambda t: t.compliant.cast("int64").sum().cast("int64"),
    )
    facts = answer_shares.group_by(list(ITEM)).aggregate(
        k=lambda t: t.k.max(),
        truths=lambda t: t.truth.sum().cast("int64"),
        pairs=lambda t: (t.n * (t.n - 1)).sum().cast("int64"),
    )
    joined = counted.left_join(facts, list(ITEM))
    k = joined.k.fill_null(0)
    return joined.select(
        *[joined[name] for name in ITEM],
        joined.repeats,
        joined.compliant_repeats,
        k=k,
        has_truth=joined.truths.fill_null(0) > 0,
        ceiling=ibis.ifelse(k >= 2, (joined.pairs * UNIT) // (k * (k - 1)).nullif(0), None),
    )


def identical(repeats: Any, column: str, n: int) -> Any:
    """Return, for each group of repeats, the share of its sets of `n` that are identical.

    Parameters
    ----------
    repeats : ibis.Table
        Item columns and the compared `column`; missing values are left out.
    column : str
        What must be equal.
    n : int
        Size of the sets, at least 2.

    Returns
    -------
    ibis.Table
        The item's columns, `k` and `same`: the unbiased ``sum_y C(n_y, n) / C(k, n)`` in units of
        ``1 / UNIT``, missing where ``k < n``.
    """
    items = [name for name in ITEM if name in repeats.columns]
    present = repeats.filter(repeats[column].notnull())
    counted = present.group_by([*items, column]).aggregate(n=lambda t: t.count())
    window = ibis.window(group_by=items)
    table = counted.mutate(k=counted.n.sum().over(window).cast("int64"))
    chance = ibis.literal(1.0)
    for taken in range(n):
        left = (table.n - taken).cast("float64")
        chance *= ibis.ifelse(left > 0, left, 0.0) / (table.k - taken).cast("float64").nullif(0.0)
    table = table.mutate(chance=chance)
    grouped = table.group_by(items).aggregate(
        k=lambda t: t.k.max(), together=lambda t: (t.chance * UNIT).round().cast("int64").sum()
    )
    same = ibis.ifelse(grouped.k >= n, grouped.together.cast("int64"), None)
    return grouped.select(*[grouped[name] for name in items], grouped.k, same=same)


def _with_default(table: Any, name: str, value: Any) -> Any:
    return table if name in table.columns else table.mutate(**{name: value})
