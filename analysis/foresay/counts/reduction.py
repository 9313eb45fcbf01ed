"""The reduction: a relation of trials -> integer sums per cluster -> distinct patterns.

It runs in the engine in two steps, sums per cluster and then the number of clusters with the
same sums, so that only patterns leave it. Sums of integers do not depend on the order of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.counts.patterns import Counts, collapse
from foresay.trials import UNIT

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
)
_MULTIPLICITY = "_clusters"
_PREFIX = "_sum_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The counts of one group.

    Parameters
    ----------
    values : tuple of (str, object)
        Grouping columns and their values; a missing value is None.
    counts : Counts
        Patterns of the sums that were asked for.
    """

    values: tuple[tuple[str, object], ...]
    counts: Counts

    def restricted(self, names: Sequence[str]) -> Counts:
        """Return the counts of some sums, without clusters that contribute nothing to them."""
        counts = self.counts
        chosen = [counts.names.index(name) for name in names]
        numerators = counts.numerators[:, chosen]
        there = (numerators != 0).any(axis=1)
        return collapse(
            {name: numerators[there, j] for j, name in enumerate(names)},
            multiplicity=counts.multiplicity[there],
            stratum=counts.stratum[there],
            unit={name: int(counts.scale[k]) for name, k in zip(names, chosen, strict=True)},
        )


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
        "trials": lambda: included,
        "match": lambda: table.match,
        "match_high": lambda: table.match_high,
        # squares of shares in the same unit: exact for 0 and 1, else to a part in UNIT
        "match_squared": lambda: (
            (share(table.match) * share(table.match) * UNIT).round().cast("int64")
        ),
        "predictions": lambda: ibis.literal(1, "int64"),
        "compliant_predictions": lambda: table.compliant.cast("int64"),
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
    }
    return {name: known[name]().fill_null(0) for name in sums}


def reduce(
    table: Any,
    contributed: dict[str, Any],
    *,
    by: Sequence[str],
    clusters: Sequence[str],
    strata: Sequence[str] = (),
    key: Sequence[str] = (),
) -> Iterator[Group]:
    """Reduce a relation to counts, one for each combination of the values of `by`, sorted.

    Parameters
    ----------
    table : ibis.Table
        One row a trial.
    contributed : mapping of str to ibis expression
        Integer contribution of each row to each sum; a name may carry an arm (``of.match``).
    by, clusters, strata : sequences of str
        Columns of `table`.
    key : sequence of str, optional
        Columns that together name a row of `table`; empty where they are not known. Where `by`,
        `clusters` and `strata` hold all of them, every row is a cluster of its own and its sums
        are what it contributes: the step that needs memory for every cluster falls away.

    Yields
    ------
    Group
        In the order of the groups' values, missing values last.
    """
    keys = list(dict.fromkeys([*by, *strata, *clusters]))
    prefixed = {f"{_PREFIX}{i}": value for i, value in enumerate(contributed.values())}
    outer = list(dict.fromkeys([*by, *strata]))
    if key and set(key) <= set(keys):
        per_cluster = table.select(*[table[name] for name in outer], **prefixed)
    else:
        per_cluster = (
            table.select(*[table[name] for name in keys], **prefixed)
            .group_by(keys)
            .aggregate(**{name: (lambda t, n=name: t[n].sum().cast("int64")) for name in prefixed})
        )
    patterns = per_cluster.group_by([*outer, *prefixed]).aggregate(
        **{_MULTIPLICITY: lambda t: t.count()}
    )
    frame = patterns.to_pyarrow().to_pandas()
    yield from _groups(frame, list(contributed), list(by), list(strata))


def _groups(
    frame: pd.DataFrame, names: list[str], by: list[str], strata: list[str]
) -> Iterator[Group]:
    stratum = _codes(frame, strata)
    columns = frame[[f"{_PREFIX}{i}" for i in range(len(names))]].to_numpy(np.int64)
    weight = frame[_MULTIPLICITY].to_numpy(np.int64)
    unit = {name: UNIT for name in names if name.rpartition(".")[2] in _IN_UNITS}
    for values, rows in sorted_groups(frame, by):
        counts = collapse(
            {name: columns[rows, i] for i, name in enumerate(names)},
            multiplicity=weight[rows],
            stratum=stratum[rows],
            unit=unit,
        )
        yield Group(values=tuple(zip(by, values, strict=True)), counts=counts)


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


def plain(value: Any) -> object:
    """Return a Python scalar; every kind of missing value becomes None."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124
        return None
    return value.item() if isinstance(value, np.generic) else value


def order_key(value: object) -> tuple[int, float, str]:
    """Sort numbers before text before missing values."""
    if value is None:
        return (2, 0.0, "")
    if isinstance(value, (bool, int, float)):
        return (0, float(value), "")
    return (1, 0.0, str(value))


def _codes(frame: pd.DataFrame, columns: list[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    codes = np.zeros(len(frame), np.int64)
    for number, (_, rows) in enumerate(sorted_groups(frame, columns)):
        codes[rows] = number
    return codes
