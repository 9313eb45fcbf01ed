"""Keys that are not unique: exact copies of a row told apart from rows that contradict another.

A first pass compares hashes of all keys; only rows whose hash repeats are looked at again, so
memory is bounded. They are compared on the columns themselves unless there are very many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from foresay.tables.examples import (
    MOST_EXAMPLES,
    counted,
    described,
    example_of,
    own_columns,
)
from foresay.tables.keys import (
    Hashes,
    among,
    key_hash,
    repeated,
    sorted_hashes,
    sorted_pairs,
    starts,
)
from foresay.tables.problems import Example, Problem
from foresay.tables.schemas import TableSpec

CONFIRMED = 1 << 17
"""Repeated hashes up to which every one is confirmed on the key itself.

Beyond, a file is there twice: grouping millions of keys by their text takes a minute and a
gigabyte, and counts by hash are wrong by one with a chance of one in 300,000 at 10^7 rows.
"""

_Row = dict[str, Any]


@dataclass(slots=True)
class _Found:
    """How many rows and keys break a rule, and the hashes of the first ten of those keys."""

    rows: int = 0
    keys: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, rows: int, hashes: list[int]) -> None:
        self.rows += rows
        self.keys += len(hashes)
        self.first = [*self.first, *hashes][:MOST_EXAMPLES]


def duplicate_problems(
    table: Any,
    spec: TableSpec,
    key: Sequence[str],
    n_rows: int,
    *,
    file: str,
    duplicates: Literal["error", "drop_exact"],
) -> list[Problem]:
    """Return up to two problems: exact copies, and rows that contradict another.

    Parameters
    ----------
    table : ibis.Table
        Canonical columns and bookkeeping.
    spec : TableSpec
        What the table is.
    key : sequence of str
        Columns that must name a row; a missing value counts as a value.
    n_rows : int
        Number of rows.
    file : str
        The only file of the table, or "".
    duplicates : {"error", "drop_exact"}
        What the study does with exact copies; rows that contradict another are always an error.

    Notes
    -----
    Rows of one key are compared by a 64-bit hash of all columns but the file and row they come
    from. Examples are always confirmed on the columns themselves.
    """
    suspects = [repeated(hashes) for hashes in sorted_hashes(table, key, n_rows)]
    if not any(len(part) for part in suspects):
        return []
    repeats = np.concatenate(suspects)
    if len(repeats) <= CONFIRMED:
        copied, conflicting = _confirmed(table, key, repeats)
    else:
        copied, conflicting = _by_hash(table, key, n_rows)
    problems = []
    if copied.rows:
        examples = _copy_examples(table, key, copied)
        problems.append(_copies(spec, key, copied, file, examples, dropped=duplicates != "error"))
    if conflicting.rows:
        examples = _conflict_examples(table, key, conflicting)
        problems.append(_conflicts(spec, key, conflicting, file, examples))
    return problems


def _confirmed(table: Any, key: Sequence[str], repeats: Hashes) -> tuple[_Found, _Found]:
    """Count copies and conflicts by the key itself; the first ten by file and row."""
    import pyarrow.compute as pc

    rows = among(table, key, repeats)
    rows = rows.mutate(_content=key_hash(rows, own_columns(table)))
    first = {"file": rows["_file"].min(), "row": rows["_row"].min()}
    each = rows.group_by([*key, "_hash", "_content"]).aggregate(n=rows.count(), **first)
    first = {"file": each["file"].min(), "row": each["row"].min()}
    keys = each.group_by([*key, "_hash"]).aggregate(
        n=each["n"].sum(), distinct=each.count(), **first
    )
    keys = keys.filter(keys["n"] > 1).order_by(["file", "row", "_hash"])
    groups = keys.select("_hash", "n", "distinct").to_pyarrow()
    surplus = pc.subtract(groups["n"], groups["distinct"])
    copied, conflicting = _Found(), _Found()
    of_copies = groups.filter(pc.greater(surplus, 0))
    copied.add(pc.sum(surplus).as_py() or 0, of_copies["_hash"].to_pylist())
    of_conflicts = groups.filter(pc.greater(groups["distinct"], 1))
    conflicting.add(pc.sum(of_conflicts["n"]).as_py() or 0, of_conflicts["_hash"].to_pylist())
    return copied, conflicting


def _by_hash(table: Any, key: Sequence[str], n_rows: int) -> tuple[_Found, _Found]:
    """Count copies and conflicts by the hashes of keys; the ten smallest hashes are the first."""
    copied, conflicting = _Found(), _Found()
    for hashes, contents in sorted_pairs(table, key, own_columns(table), n_rows):
        new_key = starts(hashes)
        new_row = new_key | starts(contents)
        first = np.flatnonzero(new_key)
        n = np.diff(np.append(first, len(hashes)))
        distinct = np.add.reduceat(new_row, first, dtype=np.int64) if len(first) else n
        keys = hashes[first]  # in the order of hashes, which no order of rows changes
        copied.add(int((n - distinct).sum()), keys[n > distinct].tolist())
        conflicting.add(int(n[distinct > 1].sum()), keys[distinct > 1].tolist())
    return copied, conflicting


def _rows_of(table: Any, key: Sequence[str], found: _Found) -> list[list[_Row]]:
    """Return the rows of each repeated key of `found`, in the order of files and rows."""
    import ibis

    hashes = np.array([hash_ % (1 << 64) for hash_ in found.first], np.uint64)
    rows = among(table, key, hashes)
    place = ibis.row_number().over(group_by=list(key), order_by=["_file", "_row"])
    rows = rows.mutate(_place=place)
    listed = rows.filter(rows["_place"] <= MOST_EXAMPLES).to_pyarrow().to_pylist()
    listed.sort(key=lambda row: (row["_file"] or "", row["_row"] or 0, row["_place"]))
    of_key: dict[tuple[Any, ...], list[_Row]] = {}
    for row in listed:
        of_key.setdefault(tuple(row[name] for name in key), []).append(row)
    return [rows for rows in of_key.values() if len(rows) > 1]


def _copy_examples(table: Any, key: Sequence[str], found: _Found) -> tuple[Example, ...]:
    content = own_columns(table)
    examples: list[Example] = []
    for rows in _rows_of(table, key, found):
        first: dict[tuple[str, ...], _Row] = {}
        for row in rows:
            same = first.setdefault(tuple(repr(row[name]) for name in content), row)
            if same is not row:
                elsewhere = f" of {same['_file']}" if same["_file"] != row["_file"] else ""
                as_row = f" (as row {same['_row']}{elsewhere})"
                examples.append(example_of(row, described(row, key) + as_row))
    return tuple(examples[:MOST_EXAMPLES])


def _conflict_examples(table: Any, key: Sequence[str], found: _Found) -> tuple[Example, ...]:
    others = [name for name in own_columns(table) if name not in key]
    examples: list[Example] = []
    for rows in _rows_of(table, key, found):
        differing = [name for name in others if len({repr(row[name]) for row in rows}) > 1]
        examples += [
            example_of(row, f"{described(row, key)}: {described(row, differing)}") for row in rows
        ]
    return tuple(examples[:MOST_EXAMPLES])


def _copies(
    spec: TableSpec,
    key: Sequence[str],
    found: _Found,
    file: str,
    examples: tuple[Example, ...],
    *,
    dropped: bool,
) -> Problem:
    return Problem(
        table=spec.name,
        file=file,
        column=", ".join(key),
        rule="no row twice",
        severity="note" if dropped else "error",
        n_rows=found.rows,
        examples=examples,
        message=f"table {spec.name} has {counted(found.rows, 'exact copy', 'exact copies')} "
        f"of rows, of {counted(found.keys, 'key')}"
        + ("; left out, as `duplicates: drop_exact` says" if dropped else ""),
        way_out="nothing to do; say in the report that copies were left out"
        if dropped
        else "remove the copies, or leave them out with `duplicates: drop_exact` in study.yml",
    )


def _conflicts(
    spec: TableSpec,
    key: Sequence[str],
    found: _Found,
    file: str,
    examples: tuple[Example, ...],
) -> Problem:
    return Problem(
        table=spec.name,
        file=file,
        column=", ".join(key),
        rule="one row for each key",
        severity="error",
        n_rows=found.rows,
        examples=examples,
        message=f"{counted(found.rows, 'row')} of table {spec.name} share "
        f"{counted(found.keys, 'key')} but say different things",
        way_out="keep one row for each key, or name the column that tells them apart: map it to "
        "sample, wording or temperature, or list it under `conditions` in study.yml",
    )
