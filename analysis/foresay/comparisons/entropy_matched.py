"""An entropy-matched comparison: two arms weighted to items that are as hard to foretell.

Training can make a model's answers more deterministic, and what is deterministic is easier to
predict. Items are therefore put into bins by the entropy of the target's answers, and the arms are
compared within bins; the differences are averaged with weights that are the same for both arms
(post-stratification). No item is dropped, but for bins that only one arm has.

What an item's bin is comes from a few repeats, so it is not exactly its entropy: matching takes
away most of the imbalance, not all of it, and more of it the more repeats there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.comparisons.one_group import OneGroup, tidy_parts
from foresay.comparisons.pairing import with_arms
from foresay.counts import FloatArray, Sums, ratio
from foresay.counts.groups import in_cell
from foresay.counts.ordering import plain
from foresay.counts.reduction import contributions, reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import check_columns, design_of
from foresay.measures.kinds import Difference
from foresay.study import Choices
from foresay.tables.engine import Engine
from foresay.tables.expressions import scalar
from foresay.trials import ITEM, Population
from foresay.trials.behaviours import UNIT
from foresay.trials.determinism import determinism_facts, fewest_repeats

EDGES = (0.0, 0.5, 1.0)
"""Upper ends of the bins in bits: no entropy at all, up to a half, up to 1, and more."""

PARTS = ("quantity", "matching", "arm")
"""What tells numbers apart: ``value`` of an arm or the ``difference`` of the two; matched by
``none`` or ``weights``."""


def entropy_matched(
    population: Population,
    arms: tuple[str, str],
    *,
    names: tuple[str, str] = ("first", "second"),
    edges: Sequence[float] = EDGES,
    by: Sequence[str] = (),
    choices: Choices,
    context: Context,
    engine: Engine,
) -> pd.DataFrame:
    """Compare the accuracy of two arms as they are, and weighted to the same entropy of items.

    Parameters
    ----------
    population : Population
        Trials under `choices`; the targets' repeats are needed.
    arms : (str, str)
        SQL conditions on trials; the second is subtracted. They need not share items.
    names : (str, str)
        What the arms are called.
    edges : sequence of float
        Upper ends of the bins in bits, ascending; a last bin holds all above.
    by : sequence of str
        Grouping columns.
    choices, context, engine
        As for `foresay.comparisons.contrasts.contrast`. ``choices.agreement`` is the number of
        repeats that the entropy is of; by default the fewest that an item has.

    Returns
    -------
    DataFrame
        Tidy rows: `estimand` (``accuracy`` or ``entropy``), `by`, `quantity`, `matching`, `arm`
        and the columns of `estimates`. A bin's weight is its share of the trials of both arms.

    Raises
    ------
    UnsupportedError
        There are no repeats, or an arm has no trial on an item with repeats.
    ChoiceError, ExpressionError
        A column is unknown, edges do not ascend, or a trial is in both arms.
    """
    if choices.compliance == "bounds":
        raise ChoiceError(
            "an entropy-matched comparison needs one value each; choose another compliance policy"
        )
    ends = list(edges)
    if not ends or ends != sorted(set(ends)) or not all(np.isfinite(ends)):
        raise ChoiceError(f"edges of entropy bins must ascend, such as 0, 0.5, 1; got {ends}")
    check_columns(by, population, "by")
    if population.shares is None or not population.counted_repeats:
        raise UnsupportedError(
            "an entropy-matched comparison needs repeated behaviours of the target; add a table "
            "answers with a column `sample`"
        )
    checked = {
        f"arm{n}": scalar(sql, population.columns, what=f"entropy-matched: {name}")
        for n, (sql, name) in enumerate(zip(arms, names, strict=True))
    }
    n = choices.agreement or fewest_repeats(population.shares)
    facts = population.keep(determinism_facts(population.shares, n))
    table = _left(with_arms(population.trials, checked, engine, apart="entropy-matched"), facts)
    table = table.mutate(
        _bin=_bin(table.entropy, ends), _used=table.included & table.entropy.notnull()
    )
    design = design_of(choices, population)
    sums = _sums(table, list(checked))
    parts = reduce(table, sums, by=by, layout=design.layout(("_bin",)))
    left = _left_out(table, by)
    rows: list[dict[str, Any]] = []
    for group in parts:
        one = OneGroup(name="entropy-matched", group=group, choices=choices, context=context)
        known = left[tuple(value for _, value in group.values)]
        rows += [
            {**row, "n_excluded": known["excluded"], "n_items": known["items"]}
            for row in _Matched(one, names, f"entropy of {n} repeats").rows()
        ]
    if not rows:
        raise UnsupportedError(
            f"entropy-matched: no trial of {' or '.join(names)} on an item with {n} repeats"
        )
    return tidy_parts(rows, by, PARTS)


def _left(table: Any, facts: Any) -> Any:
    joined = table.left_join(facts, list(ITEM))
    doubled = [f"{name}_right" for name in ITEM if f"{name}_right" in joined.columns]
    return joined.drop(*doubled) if doubled else joined


def _bin(entropy: Any, edges: Sequence[float]) -> Any:
    """Return the number of an item's bin; both are rounded to the same unit."""
    ends = [round(edge * UNIT) for edge in edges]
    cases = [(entropy <= end, number) for number, end in enumerate(ends)]
    return ibis.cases(*cases, else_=len(ends)).cast("int64")


def _sums(table: Any, arms: Sequence[str]) -> dict[str, Any]:
    own = contributions(table, ["match", "trials"])
    own["entropy"] = table.entropy.fill_null(0)
    return {
        f"{arm}.{name}": ibis.ifelse(table["_used"] & table[f"_{arm}"], value, 0)
        for arm in arms
        for name, value in own.items()
    }


def _left_out(table: Any, by: Sequence[str]) -> dict[tuple[object, ...], dict[str, int]]:
    prompt = table.task.length().cast("string") + ":" + table.task + table.item
    wanted = {
        "excluded": (~table["_used"]).cast("int64").sum(),
        "items": ibis.ifelse(table["_used"], prompt, None).nunique(),
    }
    counted = table.group_by(list(by)).aggregate(**wanted) if by else table.aggregate(**wanted)
    return {
        tuple(plain(row[c]) for c in by): {name: int(row[name] or 0) for name in wanted}
        for row in counted.to_pyarrow().to_pylist()
    }


def matched_mean(sums: Sums, arm: str, what: str, bins: Sequence[int]) -> FloatArray:
    """Return the mean of an arm over bins, each weighted by its share of both arms' trials.

    Parameters
    ----------
    sums : Sums
        ``arm0.cell{j}.trials``, ``arm1.cell{j}.trials`` and ``{arm}.cell{j}.{what}``, axes (...).
    arm : {"arm0", "arm1"}
        Which arm.
    what : {"match", "entropy"}
        What is averaged.
    bins : sequence of int
        Bins j in which both arms have trials.

    Returns
    -------
    array of shape (...)
        Bins that an arm has no trials in are left out; ``nan`` where that is all of them.
    """
    total, weights = np.asarray(0.0), np.asarray(0.0)
    for j in bins:
        own = ratio(sums[f"{arm}.cell{j}.{what}"], sums[f"{arm}.cell{j}.trials"])
        first, second = sums[f"arm0.cell{j}.trials"], sums[f"arm1.cell{j}.trials"]
        # a resample can lack what the bin has: it is then left out for both arms
        there = (first > 0) & (second > 0)
        weight = np.where(there, first + second, 0.0)
        total, weights = total + np.where(there, weight * own, 0.0), weights + weight
    return ratio(np.asarray(total), np.asarray(weights))


def crude_mean(sums: Sums, arm: str, what: str, bins: Sequence[int]) -> FloatArray:
    """Return the mean of an arm over all its trials in some bins, shape ``(...)``."""
    above = sum(sums[f"{arm}.cell{j}.{what}"] for j in bins)
    return ratio(np.asarray(above), np.asarray(sum(sums[f"{arm}.cell{j}.trials"] for j in bins)))


@dataclass(frozen=True, slots=True)
class _Matched:
    """The two arms of one group, before and after matching."""

    asked: OneGroup
    names: tuple[str, str]
    entropy_of: str

    def rows(self) -> list[dict[str, Any]]:
        totals = self.asked.group.counts.totals
        bins = range(len(self.asked.group.cells))

        def trials(arm: str, j: int) -> float:
            return float(totals[in_cell(f"{arm}.trials", j)])

        shared = [j for j in bins if trials("arm0", j) and trials("arm1", j)]
        lost = round(sum(trials(a, j) for a in ("arm0", "arm1") for j in bins if j not in shared))
        left = f"{lost} trials in bins that one arm lacks, left out" if lost else ""
        made = []
        for estimand, what, reach in (("accuracy", "match", 1.0), ("entropy", "entropy", np.inf)):
            for matching, of, used in (
                ("none", crude_mean, list(bins)),
                ("weights", matched_mean, shared),
            ):
                told = {"estimand": estimand, "matching": matching}
                note = self.entropy_of if estimand == "entropy" else ""
                if matching == "weights":
                    note = "; ".join(n for n in (note, left) if n)
                sums = [
                    in_cell(f"{arm}.{name}", j)
                    for j in used
                    for arm in ("arm0", "arm1")
                    for name in (what, "trials")
                ]
                counted = {a: round(sum(trials(a, j) for j in used)) for a in ("arm0", "arm1")}
                for number, name in enumerate(self.names):
                    arm = f"arm{number}"
                    value = self.asked.number(
                        f"{estimand} {matching} {arm}",
                        partial(of, arm=arm, what=what, bins=used),
                        sums if matching == "weights" else [s for s in sums if s.startswith(arm)],
                        Difference(0.0, reach),
                        n_trials=counted[arm],
                        note=note,
                    )
                    made.append({**value, **told, "quantity": "value", "arm": name})
                gap = self.asked.number(
                    f"{estimand} {matching} difference",
                    partial(_difference, of=of, what=what, bins=used),
                    sums,
                    Difference(-reach, reach),
                    n_trials=sum(counted.values()) if all(counted.values()) else 0,
                    note=note,
                )
                made.append(
                    {**gap, **told, "quantity": "difference", "arm": " minus ".join(self.names)}
                )
        return made


def _difference(sums: Sums, *, of: Any, what: str, bins: Sequence[int]) -> FloatArray:
    return np.asarray(of(sums, "arm0", what, bins) - of(sums, "arm1", what, bins))
