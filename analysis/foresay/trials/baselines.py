"""The mode baseline: what always guessing the commonest answer scores on each item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from foresay.trials.behaviours import ITEM


def mode_scores(items: Any, answer_shares: Any, by: Sequence[str]) -> Any:
    """Return what the mode of each cell scores on each of its items.

    A cell is a (target, task, property) within a group of `by`: its mode is learnt on the items
    of that group alone, so that grouping by a column gives the same numbers as selecting one of
    its values. Each item counts once, whatever the number of predictions about it.

    Parameters
    ----------
    items : ibis.Table
        Distinct `by` and item columns, all with a truth.
    answer_shares : ibis.Table
        See `behaviours.shares`.
    by : sequence of str
        Grouping columns.

    Returns
    -------
    ibis.Table
        `by` and item columns with `baseline_loo` and `baseline_insample` (expected match of the
        mode, ties split, in units of ``1 / UNIT``) and `mode_ties` (answers that share the mode).
        Leave-one-out learns the mode without the item that it is scored on: unbiased for a mode
        learnt on one item fewer; in-sample is the maximum of noisy shares, so it is too high.
    """
    cell = [*by, *(name for name in ("target", "task", "property") if name not in by)]
    item = [*cell, *(("item",) if "item" not in cell else ())]
    truths = answer_shares.filter(answer_shares.truth > 0)
    truths = truths.select(*[truths[name] for name in ITEM], truths.answer, truths.truth)
    support = items.select(*item).inner_join(truths, list(ITEM))
    totals = support.group_by([*cell, "answer"]).aggregate(
        total=lambda t: t.truth.sum().cast("int64")
    )
    levels = totals.group_by([*cell, "total"]).aggregate(answers=lambda t: t.count())
    rank = ibis.row_number().over(ibis.window(group_by=cell, order_by=ibis.desc("total")))
    levels = levels.mutate(rank=rank)
    support = support.inner_join(totals, [*cell, "answer"])
    support = support.mutate(left=support.total - support.truth)
    within = support.group_by(item).aggregate(
        size=lambda t: t.count(), best_within=lambda t: t.left.max()
    )
    outside = _best_outside(support, within, levels, cell, item)
    scored = support.inner_join(outside, item)
    best = ibis.greatest(scored.best_within, scored.best_outside.fill_null(-1))
    scored = scored.mutate(best=best)
    ties = (scored.left == scored.best).cast("int64").sum().over(ibis.window(group_by=item)).cast(
        "int64"
    ) + ibis.ifelse(scored.best_outside == scored.best, scored.n_outside, 0)
    scored = scored.mutate(ties=ties)
    top = levels.filter(levels["rank"] == 0)
    top = top.select(*[top[name] for name in cell], top_total=top.total, mode_ties=top.answers)
    scored = scored.inner_join(top, cell)
    loo = ibis.ifelse(scored.left == scored.best, scored.truth // scored.ties.nullif(0), 0)
    insample = ibis.ifelse(scored.total == scored.top_total, scored.truth // scored.mode_ties, 0)
    scored = scored.mutate(loo=loo, insample=insample)
    result = scored.group_by(item).aggregate(
        baseline_loo=lambda t: t.loo.sum().cast("int64"),
        baseline_insample=lambda t: t.insample.sum().cast("int64"),
        mode_ties=lambda t: t.mode_ties.max(),
        alone=lambda t: t.best_outside.isnull().all() & (t.left.max() == 0),
    )
    # a cell of one item has nothing to learn a mode from
    return result.mutate(baseline_loo=ibis.ifelse(result.alone, 0, result.baseline_loo)).drop(
        "alone"
    )


def _best_outside(support: Any, within: Any, levels: Any, cell: list[str], item: list[str]) -> Any:
    """Add, for each item, the largest total among answers it does not give, and how many have it.

    An item that gives s answers leaves at least one free answer in the s + 1 highest levels of
    its cell (if there is any), so only those are looked at.
    """
    candidates = within.inner_join(levels, cell)
    candidates = candidates.filter(candidates["rank"] <= candidates["size"])
    own = support.group_by([*item, "total"]).aggregate(own=lambda t: t.count())
    joined = candidates.left_join(own, [*item, "total"])
    joined = joined.mutate(free=joined.answers - joined.own.fill_null(0))
    best = (
        joined.filter(joined.free > 0)
        .group_by(item)
        .aggregate(best_outside=lambda t: t.total.max(), n_outside=lambda t: t.free.argmax(t.total))
    )
    combined = within.left_join(best, item)
    return combined.select(
        *[combined[name] for name in item],
        combined.best_within,
        combined.best_outside,
        n_outside=combined.n_outside.fill_null(0),
    )
