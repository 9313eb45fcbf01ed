"""The reduction: a relation of trials -> integer sums per cluster -> distinct patterns.

It runs in the engine in two steps, sums per cluster and then the number of clusters with the
same sums, so that only patterns leave it. Sums of integers do not depend on the order of rows.
Where sums are kept apart by cell or by run, the first step gives each cluster the sorted list of
its parts, and clusters with the same list are one pattern.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from foresay.counts.bounds import bound_contributions, names_in_units
from foresay.counts.derived_sums import IN_UNITS, derived_sums
from foresay.counts.further_sums import IN_UNITS as FURTHER_IN_UNITS
from foresay.counts.further_sums import further_sums
from foresay.counts.groups import Group, Parts, group_of
from foresay.counts.layout import Layout
from foresay.counts.ordering import order_key, plain
from foresay.trials import UNIT

_MULTIPLICITY = "_clusters"
_PREFIX = "_sum_"
_PARTS = "_parts"
_IN_UNITS = frozenset(
    {
        "match",
        "match_high",
        "match_squared",
        "match_paired",
        "baseline_loo",
        "baseline_insample",
        "ceiling",
        "same_raw",
        "same_answer",
    }
    | names_in_units()
)

ALL_IN_UNITS = _IN_UNITS | IN_UNITS | FURTHER_IN_UNITS
"""The sums of shares, in units of ``1 / UNIT``."""


def contributions(table: Any, sums: Sequence[str]) -> dict[str, Any]:
    """Return what one row of `table` adds to each of `sums`, as integer Ibis expressions.

    Sums of shares are in units of ``1 / UNIT``. The columns are those of
    `foresay.trials.Population.trials`, with baselines and agreement joined where asked for.
    """
    included = table.included.cast("int64")
    paired = table.included & (table.k >= 2)

    def share(column: Any) -> Any:
        return column.cast("float64") / UNIT

    known: dict[str, Any] = {
        "rows": lambda: ibis.literal(1, "int64"),
        "trials": lambda: included,
        "match": lambda: table.match,
        "match_high": lambda: table.match_high,
        # squares of shares in the same unit: exact for 0 and 1, else to a part in UNIT
        "match_squared": lambda: (
            (share(table.match) * share(table.match) * UNIT).round().cast("int64")
        ),
        "predictions": lambda: ibis.literal(1, "int64"),
        "compliant_predictions": lambda: table.compliant.cast("int64"),
        "compliant_trials": lambda: (table.included & table.compliant).cast("int64"),
        "pairs": lambda: paired.cast("int64"),
        "match_paired": lambda: ibis.ifelse(paired, table.match, 0),
        "ceiling": lambda: ibis.ifelse(paired, table.ceiling, 0),
        "baseline_loo": lambda: ibis.ifelse(table.included, table.baseline_loo, 0),
        "baseline_insample": lambda: ibis.ifelse(table.included, table.baseline_insample, 0),
        "behaviours": lambda: table.repeats,
        "compliant_behaviours": lambda: table.compliant_repeats,
        "items_raw": lambda: table.same_raw.notnull().cast("int64"),
        "same_raw": lambda: table.same_raw,
        "items_answer": lambda: table.same_answer.notnull().cast("int64"),
        "same_answer": lambda: table.same_answer,
        **bound_contributions(table),
    }
    known |= derived_sums(table) | further_sums(table)
    return {name: known[name]().fill_null(0) for name in sums}


def reduce(
    table: Any,
    contributed: dict[str, Any],
    *,
    by: Sequence[str],
    layout: Layout,
    key: Sequence[str] = (),
) -> Iterator[Group]:
    """Reduce a relation to counts, one for each combination of the values of `by`, sorted.

    Parameters
    ----------
    table : ibis.Table
        One row a trial.
    contributed : mapping of str to ibis expression
        Integer contribution of each row to each sum; a name may carry an arm (``of.match``).
    by : sequence of str
        Grouping columns.
    layout : Layout
        Columns of `table` that tell clusters, strata, runs and cells apart.
    key : sequence of str, optional
        Columns that together name a row of `table`; empty where they are not known. Where `by`
        and `layout` hold all of them, every row is a cluster of its own and its sums are what it
        contributes: the step that needs memory for every cluster falls away.

    Yields
    ------
    Group
        In the order of the groups' values, missing values last.
    """
    prefixed = {f"{_PREFIX}{i}": value for i, value in enumerate(contributed.values())}
    kept = list(dict.fromkeys([*by, *layout.strata, *layout.outer]))
    parts = list(dict.fromkeys([*layout.runs, *layout.cells]))
    keys = list(dict.fromkeys([*by, *layout.columns]))
    if key and not parts and set(key) <= set(keys):
        per_cluster = table.select(*[table[name] for name in kept], **prefixed)
    else:
        per_cluster = (
            table.select(*[table[name] for name in keys], **prefixed)
            .group_by(keys)
            .aggregate(**{name: (lambda t, n=name: t[n].sum().cast("int64")) for name in prefixed})
        )
    shown = list(prefixed)
    if parts:
        per_cluster = _with_parts(per_cluster, [*kept, *layout.clusters], parts, shown)
        shown = [_PARTS]
    patterns = per_cluster.group_by([*kept, *shown]).aggregate(
        **{_MULTIPLICITY: lambda t: t.count()}
    )
    yield from _groups(patterns.to_pyarrow(), list(contributed), list(by), layout)


def _with_parts(per_part: Any, keys: list[str], parts: list[str], sums: list[str]) -> Any:
    """Give every cluster the list of its parts, in the order of what tells them apart."""
    named = [f"_part_{i}" for i in range(len(parts))]
    renamed = per_part.mutate(**{new: per_part[old] for new, old in zip(named, parts, strict=True)})
    one = ibis.struct({name: renamed[name] for name in [*named, *sums]})
    order = [renamed[name] for name in named]
    return renamed.group_by(list(dict.fromkeys(keys))).aggregate(
        **{_PARTS: one.collect(order_by=order)}
    )


def _groups(patterns: pa.Table, names: list[str], by: list[str], layout: Layout) -> Iterator[Group]:
    unit = {name: unit_of(name) for name in names}
    spread = _PARTS in patterns.column_names
    frame = patterns.drop_columns([_PARTS] if spread else []).to_pandas()
    if spread:
        parts = _flattened(patterns.column(_PARTS), names, layout)
    else:
        sums = [frame[f"{_PREFIX}{i}"].to_numpy(np.int64) for i in range(len(names))]
        parts = Parts.whole(dict(zip(names, sums, strict=True)))
    stratum, outer = _codes(frame, layout.strata), _codes(frame, layout.outer)
    weight = frame[_MULTIPLICITY].to_numpy(np.int64)
    for values, rows in sorted_groups(frame, by):
        yield group_of(
            tuple(zip(by, values, strict=True)),
            parts.of(rows),
            multiplicity=weight[rows],
            stratum=stratum[rows],
            outer=outer[rows],
            layout=layout,
            unit=unit,
        )


def unit_of(name: str) -> int:
    """Return the denominator of a sum, which may carry an arm (``of.match``) or a cell."""
    own = name.rpartition(".")[2]
    return UNIT if own in ALL_IN_UNITS or own.startswith("share_") else 1


def _flattened(column: pa.ChunkedArray, names: list[str], layout: Layout) -> Parts:
    """Return the lists of parts as columns: the pattern, run and cell of each part, its sums."""
    listed = column.combine_chunks()
    if isinstance(listed, pa.ChunkedArray):
        listed = pa.concat_arrays(listed.chunks)
    flat = listed.flatten()
    fields = {field.name: flat.field(field.name) for field in flat.type}
    told = list(dict.fromkeys([*layout.runs, *layout.cells]))

    def labels(columns: Sequence[str]) -> list[tuple[object, ...]]:
        read = [fields[f"_part_{told.index(c)}"].to_pylist() for c in columns]
        return [tuple(plain(v) for v in values) for values in zip(*read, strict=True)]

    return Parts.labelled(
        {
            name: fields[f"{_PREFIX}{i}"].to_numpy(zero_copy_only=False).astype(np.int64)
            for i, name in enumerate(names)
        },
        pattern=listed.value_parent_indices().to_numpy(zero_copy_only=False).astype(np.int64),
        runs=labels(layout.runs) if layout.runs else [()] * len(flat),
        cells=labels(layout.cells) if layout.cells else [()] * len(flat),
    )


def sorted_groups(
    frame: pd.DataFrame, by: Sequence[str]
) -> Iterator[tuple[tuple[object, ...], np.ndarray[Any, np.dtype[np.intp]]]]:
    """Yield the values of `by` and the positions of their rows, sorted, missing values last."""
    if not by:
        if len(frame):
            yield (), np.arange(len(frame))
        return
    rows: dict[tuple[object, ...], list[int]] = {}
    for position, values in enumerate(frame[list(by)].itertuples(index=False, name=None)):
        rows.setdefault(tuple(plain(value) for value in values), []).append(position)
    for values in sorted(rows, key=lambda v: tuple(order_key(part) for part in v)):
        yield values, np.asarray(rows[values])


def _codes(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    codes = np.zeros(len(frame), np.int64)
    for number, (_, rows) in enumerate(sorted_groups(frame, columns)):
        codes[rows] = number
    return codes
