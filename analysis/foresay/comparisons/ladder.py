"""The stage ladder: what each stage of eliciting a self-prediction scores, at matched compliance.

A model that was trained answers in the asked form more often, which is a gain in following
instructions and none in self-knowledge. Two comparisons hold it apart: on the items on which all
stages comply, and among compliant replies weighted so that every stage stands for the same mix of
tasks and properties. The first compares the same items and may be few; the second keeps all
compliant replies, and holds only if within a cell compliance does not choose the easy items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.comparisons.one_group import OneGroup, tidy_parts
from foresay.comparisons.pairing import with_arms
from foresay.comparisons.rung_shares import Share, Weighted, gain_of, weighted
from foresay.comparisons.stages import rungs_of
from foresay.counts import FloatArray, Sums
from foresay.counts.ordering import plain
from foresay.counts.reduction import contributions, reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import check_columns, design_of, group_key
from foresay.measures.kinds import Difference
from foresay.study import Choices
from foresay.tables.engine import Engine
from foresay.tables.expressions import scalar
from foresay.trials import Population

PARTS = ("quantity", "matching", "rung")
"""What tells numbers apart: ``value`` of a rung or its ``gain`` over the lowest; matched by
``none``, ``items`` or ``weights``."""


def ladder(
    population: Population,
    rungs: Mapping[str, str] | None = None,
    *,
    weighted_by: Sequence[str] = ("task", "property"),
    by: Sequence[str] = (),
    choices: Choices,
    context: Context,
    engine: Engine,
) -> pd.DataFrame:
    """Estimate accuracy and compliance of each stage side by side, at matched compliance.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    rungs : mapping of str to str, optional
        Name of each stage, from the lowest, and the SQL condition on its trials; `rungs_of` the
        trials' columns by default.
    weighted_by : sequence of str
        Columns whose cells every stage stands for alike under ``weights``.
    by : sequence of str
        Grouping columns.
    choices, context, engine
        As for `foresay.comparisons.contrasts.contrast`.

    Returns
    -------
    DataFrame
        Tidy rows: `estimand` (``accuracy`` or ``compliance``), `by`, `quantity`, `matching`,
        `rung` and the columns of `estimates`. A rung that no trial is on has rows without a value.

    Raises
    ------
    UnsupportedError
        Fewer than two rungs have trials.
    ChoiceError, ExpressionError
        A column is unknown; a trial is on two rungs.
    """
    if choices.compliance == "bounds":
        raise ChoiceError("the stage ladder needs one value each; choose another compliance policy")
    asked = dict(rungs_of(population.columns) if rungs is None else rungs)
    check_columns([*by, *weighted_by], population, "stage ladder")
    conditions = {
        f"rung{n}": scalar(sql, population.columns, what=f"stage ladder: rung {name}")
        for n, (name, sql) in enumerate(asked.items())
    }
    table = with_arms(population.trials, conditions, engine, apart="stage ladder")
    found_any = table.aggregate(**{p: table[f"_{p}"].any() for p in conditions}).to_pyarrow()
    there = [p for p in conditions if found_any[p].to_pylist()[0]]
    if len(there) < 2:
        found = [name for p, name in zip(conditions, asked, strict=True) if p in there]
        raise UnsupportedError(
            "the stage ladder takes two stages with trials; there is "
            f"{' and '.join(found) or 'none'}"
        )
    table = _marked(table, by, there)
    design = design_of(choices, population)
    sums = _sums(table, there)
    counted = _counted(table, by, there)
    named = dict(zip(conditions, asked, strict=True))
    whole = reduce(table, sums, by=by, layout=design.layout())
    parts = reduce(table, sums, by=by, layout=design.layout(tuple(weighted_by)))
    rows: list[dict[str, Any]] = []
    for group, in_cells in zip(whole, parts, strict=True):
        one, cells = (
            OneGroup(name="ladder", group=g, choices=choices, context=context)
            for g in (group, in_cells)
        )
        known = counted[tuple(value for _, value in group.values)]
        rows += _Rungs(one, cells, named, known).rows()
    if not rows:
        raise UnsupportedError("the stage ladder takes two stages in one group; no group has them")
    return tidy_parts(rows, by, PARTS)


def _marked(table: Any, by: Sequence[str], there: Sequence[str]) -> Any:
    """Mark the trials on items on which every stage that the group has complies, as `_matched`."""
    # the item is the prompt: stages may have targets of their own
    prompt = [*by, "task", "item", "property"]
    table = table.mutate(_place=group_key(table, prompt), _group=group_key(table, by))
    place, group = ibis.window(group_by="_place"), ibis.window(group_by="_group")
    right = table.included & table.compliant
    matched = ibis.literal(value=True)
    for rung in there:
        mine = table[f"_{rung}"]
        complies = (mine & right).any().over(place) & ~(mine & ~right).any().over(place)
        matched &= complies | ~mine.any().over(group)
    return table.mutate(_matched=matched)


def _sums(table: Any, there: Sequence[str]) -> dict[str, Any]:
    own = contributions(table, ["match", "trials", "predictions", "compliant_predictions"])
    right = table.included & table.compliant
    parts = {
        **{name: (value, None) for name, value in own.items()},
        "match_right": (own["match"], right),
        "right": (own["trials"], right),
        "match_matched": (own["match"], right & table["_matched"]),
        "matched": (own["trials"], right & table["_matched"]),
    }
    made = {}
    for rung in there:
        for name, (value, also) in parts.items():
            mine = table[f"_{rung}"] if also is None else table[f"_{rung}"] & also
            made[f"{rung}.{_UNITS.get(name, name)}"] = ibis.ifelse(mine, value, 0).fill_null(0)
    return made


_UNITS = {"match_right": "right.match", "match_matched": "matched.match"}
"""Sums of shares end in a name that the reduction knows to be in units."""


def _counted(
    table: Any, by: Sequence[str], there: Sequence[str]
) -> dict[tuple[object, ...], dict[str, int]]:
    """Count the prompts of each rung, those that count in each way, and the excluded trials."""
    prompt = table.task.length().cast("string") + ":" + table.task + table.item
    right = table.included & table.compliant
    parts = {
        "predictions": ibis.literal(value=True),
        "trials": table.included,
        "matched": right & table["_matched"],
        "right": right,
    }
    wanted = {
        f"{rung}.{name}": ibis.ifelse(table[f"_{rung}"] & part, prompt, None).nunique()
        for rung in there
        for name, part in parts.items()
    }
    wanted |= {
        f"{rung}.excluded": (table[f"_{rung}"] & ~table.included).cast("int64").sum()
        for rung in there
    }
    found = table.group_by(list(by)).aggregate(**wanted) if by else table.aggregate(**wanted)
    return {
        tuple(plain(row[c]) for c in by): {name: int(row[name] or 0) for name in wanted}
        for row in found.to_pyarrow().to_pylist()
    }


@dataclass(frozen=True, slots=True)
class _Rungs:
    """The rungs of one group, with its sums as a whole and in cells."""

    whole: OneGroup
    cells: OneGroup
    names: Mapping[str, str]
    counted: Mapping[str, int]

    def rows(self) -> list[dict[str, Any]]:
        group = self.whole.group
        there = [
            p
            for p in self.names
            if group.has(f"{p}.predictions") and group.total(f"{p}.predictions") > 0
        ]
        if len(there) < 2:
            return []
        same_mix, left_out = weighted(self.cells.group, there)
        kinds: tuple[tuple[str, str, Share | Weighted, OneGroup, str], ...] = (
            (
                *("compliance", "none"),
                *(Share("compliant_predictions", "predictions"), self.whole, ""),
            ),
            ("accuracy", "none", Share("match", "trials"), self.whole, ""),
            ("accuracy", "items", Share("matched.match", "matched"), self.whole, ""),
            ("accuracy", "weights", same_mix, self.cells, left_out),
        )
        made = []
        for estimand, matching, share, one, note in kinds:
            for rung, name in self.names.items():
                told = {"estimand": estimand, "matching": matching, "rung": name}
                if rung not in there:
                    empty = one.number(name, _nothing, [], Difference(), n_trials=0)
                    absent = {**empty, "note": "no trials of this stage"}
                    made.append({**absent, "quantity": "value", **told})
                    continue
                key = f"{estimand} {matching} {name}"
                counted = share.trials(one.group, rung)
                value = one.number(
                    key,
                    partial(share.of, rung=rung),
                    share.sums(rung),
                    share.kind(rung),
                    n_trials=counted,
                    note=note,
                )
                items = {
                    "n_items": self.counted[f"{rung}.{share.denominator}"],
                    "n_excluded": 0
                    if estimand == "compliance"
                    else self.counted[f"{rung}.excluded"],
                }
                made.append({**value, **items, "quantity": "value", **told})
                if rung == there[0]:
                    continue
                lowest = there[0]
                gain = one.number(
                    f"{key} gain",
                    partial(gain_of, share=share, rung=rung, lowest=lowest),
                    [*share.sums(rung), *share.sums(lowest)],
                    Difference(),
                    n_trials=counted if share.trials(one.group, lowest) else 0,
                    note="; ".join(n for n in (f"over {self.names[lowest]}", note) if n),
                )
                made.append({**gain, **items, "quantity": "gain", **told})
        return made


def _nothing(sums: Sums) -> FloatArray:
    return np.full(sums.numerators.shape[:-1], np.nan)
