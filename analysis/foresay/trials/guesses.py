"""Baselines beside the leave-one-out mode: what guessing in other ways scores on each item.

Each function returns scores in units of ``1 / UNIT``; a score is missing where the baseline is
not defined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis

from foresay.trials.behaviours import ITEM, UNIT

CELL = ("target", "task", "property")
YES_OR_NO = ("among_options", "is_even", "starts_with_vowel")
"""Properties with two answers, whatever a study's replies."""


def train_scores(items: Any, training: Any, answer_shares: Any) -> Any:
    """Return what the mode of the training items of a cell scores on its other items.

    The mode belongs to (target, task, property), whatever the grouping of the estimates: held-out
    items have no training items among them.

    Parameters
    ----------
    items : ibis.Table
        Distinct item columns of what is scored.
    training : ibis.Table
        Distinct item columns of the training items.
    answer_shares : ibis.Table
        See `behaviours.shares`.

    Returns
    -------
    ibis.Table
        Item columns of the items that are not training items and whose cell has some, with
        `baseline_train` (expected match, ties split) and `train_ties` (answers that share the
        mode).
    """
    truths = _truths(answer_shares)
    totals = (
        truths.semi_join(training, list(ITEM))
        .group_by([*CELL, "answer"])
        .aggregate(total=lambda t: t.truth.sum().cast("int64"))
    )
    most = totals.total.max().over(ibis.window(group_by=list(CELL)))
    modes = totals.mutate(most=most).filter(lambda t: t.total == t.most)
    modes = modes.mutate(train_ties=ibis._.count().over(ibis.window(group_by=list(CELL))))
    cells = modes.group_by(list(CELL)).aggregate(train_ties=lambda t: t.train_ties.max())
    hits = truths.inner_join(modes.select(*CELL, "answer"), [*CELL, "answer"])
    hits = hits.group_by(list(ITEM)).aggregate(hit=lambda t: t.truth.sum().cast("int64"))
    scored = items.select(*ITEM).anti_join(training, list(ITEM)).inner_join(cells, list(CELL))
    scored = scored.left_join(hits, list(ITEM))
    return scored.select(
        *[scored[name] for name in ITEM],
        baseline_train=scored.hit.fill_null(0) // scored.train_ties,
        train_ties=scored.train_ties,
    )


def distribution_scores(items: Any, answer_shares: Any, by: Sequence[str]) -> Any:
    """Return the chance that another item of the cell has the same answer as an item.

    The mean over the items of a cell is the unbiased form of ``sum_y p_y^2``.

    Parameters
    ----------
    items : ibis.Table
        Distinct `by` and item columns, all with a truth.
    answer_shares : ibis.Table
        See `behaviours.shares`.
    by : sequence of str
        Grouping columns; a cell is a (target, task, property) within a group.

    Returns
    -------
    ibis.Table
        `by` and item columns and `baseline_distribution`, missing in a cell of one item.
    """
    cell = [*by, *CELL]
    item = [*cell, "item"]
    support = items.select(*item).inner_join(_truths(answer_shares), list(ITEM))
    given = ibis.window(group_by=[*cell, "answer"])
    support = support.mutate(total=support.truth.sum().over(given).cast("int64"))
    sizes = items.group_by(cell).aggregate(size=lambda t: t.count())
    grouped = (
        support.mutate(
            part=(support.truth.cast("float64") / UNIT)
            * (support.total - support.truth).cast("float64")
        )
        .group_by(item)
        # each part is rounded before the sum, which then has no order
        .aggregate(together=lambda t: t.part.round().cast("int64").sum().cast("int64"))
    )
    found = grouped.inner_join(sizes, cell)
    return found.select(
        *[found[name] for name in item],
        baseline_distribution=(
            found.together.cast("float64") / (found["size"] - 1).nullif(0).cast("float64")
        )
        .round()
        .cast("int64"),
    )


def uniform_scores(trials: Any, answer_shares: Any | None, options: Mapping[str, int]) -> Any:
    """Return what guessing each option of an item equally often scores.

    The number of options is, in this order: the column `options` of the item; what `options`
    says of its property; two for the properties that are yes or no; the distinct answers that
    the cell was seen to give.

    Parameters
    ----------
    trials : ibis.Table
        Trials.
    answer_shares : ibis.Table or None
        See `behaviours.shares`; None where behaviours are not known.
    options : mapping of str to int
        Number of options by property.

    Returns
    -------
    ibis.Table
        The trials with `baseline_uniform` and `options_seen` (whether the number is that of the
        answers seen).
    """
    known = {**dict.fromkeys(YES_OR_NO, 2), **options}
    given = ibis.null("int64")
    if "options" in trials.columns:
        given = trials.options.try_cast("int64")
        given = ibis.ifelse(given >= 1, given, None)
    named = ibis.null("int64")
    if "property" in trials.columns and known:
        pairs = [(trials.property == name, ibis.literal(n, "int64")) for name, n in known.items()]
        named = ibis.cases(*pairs)
    stated = ibis.coalesce(given, named)
    table = trials.mutate(_stated=stated)
    if answer_shares is None:
        table = table.mutate(_seen=ibis.null("int64"))
    else:
        seen = answer_shares.group_by(list(CELL)).aggregate(_seen=lambda t: t.answer.nunique())
        table = _left(table, seen, CELL)
    number = ibis.coalesce(table._stated, table._seen)  # noqa: SLF001  # columns
    return table.mutate(
        baseline_uniform=ibis.literal(UNIT, "int64") // number,
        options_seen=table._stated.isnull() & table._seen.notnull(),  # noqa: SLF001
    ).drop("_stated", "_seen")


def other_scores(everyone: Any, predictor: str) -> Any:
    """Return how well another predictor does on each item.

    Parameters
    ----------
    everyone : ibis.Table
        Trials of all predictors.
    predictor : str
        Which; it may be any, an input-only classifier too.

    Returns
    -------
    ibis.Table
        Item columns and `baseline_other`: its mean match over its included trials of the item.
    """
    own = everyone.filter((everyone.predictor == predictor) & everyone.included)
    found = own.group_by(list(ITEM)).aggregate(
        total=lambda t: t.match.sum().cast("int64"), times=lambda t: t.count()
    )
    return found.select(*ITEM, baseline_other=found.total // found.times)


def training_items(everyone: Any, facts: Any, items: Any | None) -> Any:
    """Return the distinct items of the train split; none where no split is known.

    The `item_split` (or `split`) of the items table counts, with the `split` of predictions: an
    item is a training item where any of them says so.

    Parameters
    ----------
    everyone : ibis.Table
        Trials of all predictors, with columns of the items table.
    facts : ibis.Table
        Items with behaviours.
    items : ibis.Table or None
        The table of items.
    """
    found = []
    for column in ("item_split", "split"):
        if items is not None and column in items.columns:
            chosen = items.filter(items[column] == "train").select("task", "item").distinct()
            found.append(facts.select(*ITEM).semi_join(chosen, ["task", "item"]))
        if column in everyone.columns:
            chosen = everyone.filter(everyone[column] == "train")
            found.append(chosen.select(*ITEM))
    if not found:
        return facts.select(*ITEM).limit(0)
    return ibis.union(*found, distinct=True) if len(found) > 1 else found[0].distinct()


def _truths(answer_shares: Any) -> Any:
    kept = answer_shares.filter(answer_shares.truth > 0)
    return kept.select(*ITEM, "answer", "truth")


def _left(left: Any, right: Any, on: Sequence[str]) -> Any:
    joined = left.left_join(right, list(on))
    doubled = [f"{name}_right" for name in on if f"{name}_right" in joined.columns]
    return joined.drop(*doubled) if doubled else joined
