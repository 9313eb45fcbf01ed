"""What the rows of a table of estimates carry besides their numbers: context and group facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis
import pandas as pd

from foresay.counts import Layout
from foresay.counts.ordering import plain
from foresay.estimation.relations import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every row of a table carries besides its numbers.

    Parameters
    ----------
    where : str
        Condition that selected the trials; empty for none.
    fingerprint : str
        Digest of the data.
    conditions : tuple of str
        Columns whose values a group should not pool in silence.
    notes : tuple of str
        What every row should say.
    """

    where: str = ""
    fingerprint: str = ""
    conditions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a group's notes and counts need besides its sums."""

    n_items: int | None = None
    pooled: tuple[str, ...] = ()
    tied_cells: int = 0
    cells: int = 0
    train_tied: int = 0
    untrained_cells: int = 0
    seen_cells: int = 0


def group_facts(
    table: Any, request: Request, context: Context, layout: Layout
) -> dict[tuple[object, ...], Facts]:
    """Count items, pooled conditions and tied modes of each group."""
    by = list(request.by)
    wanted: dict[str, Any] = {}
    if layout.clusters != ("task", "item") or layout.outer or layout.runs:
        key = table.task.length().cast("string") + ":" + table.task + table.item
        wanted["items"] = ibis.ifelse(table.included, key, None).nunique()
    varying = [c for c in context.conditions if c in table.columns and c not in by]
    for column in varying:
        inside = ibis.ifelse(table.included, table[column], None)
        wanted[f"pool_{column}"] = (inside.min() != inside.max()).fill_null(
            ibis.literal(value=False)
        )
    facts: dict[tuple[object, ...], Facts] = {}
    frame = _aggregate(table, by, wanted) if wanted else pd.DataFrame()
    for values, row in _by_group(frame, by):
        facts[values] = Facts(
            n_items=int(row["items"]) if "items" in row else None,
            pooled=tuple(c for c in varying if row[f"pool_{c}"]),
        )
    told: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "tied_cells": ("mode_ties", lambda c: c > 1),
        "train_tied": ("train_ties", lambda c: c > 1),
        "untrained_cells": ("train_ties", lambda c: c.isnull()),  # noqa: PD003 - an Ibis column
        "seen_cells": ("options_seen", lambda c: c > 0),
    }
    kept = {name: (c, test) for name, (c, test) in told.items() if c in table.columns}
    if kept:
        cell = list(dict.fromkeys([*by, "target", "task", "property"]))
        columns = sorted({c for c, _ in kept.values()})
        cells = (
            table.filter(table.included)
            .group_by(cell)
            .aggregate(**{f"_of_{c}": table[c].cast("int64").max() for c in columns})
        )
        hits = {
            name: test(cells[f"_of_{c}"]).fill_null(ibis.literal(value=False)).cast("int64")
            for name, (c, test) in kept.items()
        }
        # without a trial there is one group still, where nothing is grouped by
        sums = {name: hit.sum().fill_null(ibis.literal(0)) for name, hit in hits.items()}
        counted = _aggregate(cells, by, {"cells": cells.count(), **sums})
        for values, row in _by_group(counted, by):
            old = facts.get(values, Facts())
            known: dict[str, Any] = {name: int(row[name]) for name in ("cells", *kept)}
            facts[values] = replace(old, **known)
    return facts


def _aggregate(table: Any, by: list[str], wanted: Mapping[str, Any]) -> pd.DataFrame:
    grouped = table.group_by(by).aggregate(**wanted) if by else table.aggregate(**wanted)
    frame: pd.DataFrame = grouped.to_pyarrow().to_pandas()
    return frame


def _by_group(
    frame: pd.DataFrame, by: list[str]
) -> Iterable[tuple[tuple[object, ...], dict[str, Any]]]:
    for row in frame.to_dict("records"):
        yield tuple(plain(row[c]) for c in by), {str(k): v for k, v in row.items()}
