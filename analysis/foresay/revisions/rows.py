"""Tables of two versions, row by row: which numbers, intervals and verdicts moved."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foresay.display.numbers import style_of
from foresay.study import Choices

Cells = Mapping[str, str]
Key = tuple[tuple[str, str], ...]

_MEASURED = frozenset(
    """
    value low high level standard_error interval design_effect note fingerprint seed resamples
    where p_value p_adjusted family test hypothesis margin verdict reference weight of_value
    minus_value band_low band_high confidence title repeats_low repeats_high change
    change_in_errors floor
    """.split()  # noqa: SIM905
)
_CHOICES = frozenset(Choices.model_fields) | {"temperature_of_truth"}
_SILENT = frozenset({"fingerprint"})  # the data files say it better
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row of a table that differs between two versions.

    Parameters
    ----------
    table : str
        Name of the table.
    row : tuple of (str, str)
        The columns that tell its rows apart, and what they say.
    value, low, high : tuple of (float or None, float or None)
        Before and after; None where the cell is empty or there is no such column.
    standard_error : float or None
        That of the earlier version, else of the later one; in the unit of `value`.
    verdict : tuple of (str, str)
        Before and after; empty where there is none.
    interval : str
        ``newly excludes 0``, ``newly includes 0``, or nothing. The number is the reference of the
        row; only differences and tests have one.
    apart : bool
        Whether the intervals of before and after do not overlap.
    others : dict of str to (str, str)
        Every further column that differs, with what it said before and says now.
    """

    table: str
    row: Key
    value: tuple[float | None, float | None] = (None, None)
    low: tuple[float | None, float | None] = (None, None)
    high: tuple[float | None, float | None] = (None, None)
    standard_error: float | None = None
    verdict: tuple[str, str] = ("", "")
    interval: str = ""
    apart: bool = False
    others: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def moved(self) -> float | None:
        """After minus before; None where one of them is missing."""
        before, after = self.value
        return None if before is None or after is None else after - before

    @property
    def moved_in_se(self) -> float | None:
        """The same in units of the standard error; None without one above 0."""
        if self.moved is None or not self.standard_error:
            return None
        return self.moved / self.standard_error

    @property
    def verdict_changed(self) -> bool:
        """Whether the verdict is another one."""
        return self.verdict[0] != self.verdict[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChanges:
    """How the rows of one table differ between two versions."""

    changed: tuple[RowChange, ...]
    added: tuple[tuple[str, Key], ...]
    gone: tuple[tuple[str, Key], ...]


def compare_table(
    name: str, before: Sequence[Cells], after: Sequence[Cells], told: Collection[str] = ()
) -> TableChanges:
    """Compare the rows of a table of two versions.

    Rows are the same where their identity columns say the same: those that are neither measured
    nor a named choice, and of the choices and conditions as many as it takes to tell rows apart.

    Parameters
    ----------
    name : str
        Of the table.
    before, after : sequence of mapping
        Its rows in either version.
    told : collection of str
        Choices that are known to differ; every row repeats them, so they are no change of a row.

    Returns
    -------
    TableChanges
        Differences below 1e-12 of a number's size are rounding and no change.
    """
    shared = [column for column in _columns(before) if column in set(_columns(after))]
    identity = _identity(shared, before, after)
    old, new = _by_key(identity, before), _by_key(identity, after)
    changed = (_compare(name, key, old[key], new[key], told) for key in old if key in new)
    return TableChanges(
        changed=tuple(row for row in changed if row is not None),
        added=tuple((name, key) for key in new if key not in old),
        gone=tuple((name, key) for key in old if key not in new),
    )


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file of a version, every cell as text."""
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            {k: v for k, v in row.items() if k is not None and isinstance(v, str)}
            for row in csv.DictReader(stream)
        ]


def by_importance(rows: Iterable[RowChange]) -> list[RowChange]:
    """Sort changes: those that moved most in standard errors first, those without one last."""

    def place(row: RowChange) -> tuple[bool, float, float, bool, str, Key]:
        units, moved = row.moved_in_se, row.moved or 0.0
        return (
            units is None,
            -abs(units or 0.0),
            -abs(moved),
            not row.verdict_changed,
            row.table,
            row.row,
        )

    return sorted(rows, key=place)


def _columns(rows: Sequence[Cells]) -> list[str]:
    return list(rows[0]) if rows else []


def _measured(column: str) -> bool:
    counted = column.startswith("n_") and column != "n_train"
    return counted or column.startswith("null_") or column in _MEASURED


def _identity(shared: Sequence[str], *tables: Sequence[Cells]) -> list[str]:
    named = [column for column in shared if not _measured(column) and column not in _CHOICES]
    for column in (c for c in shared if c in _CHOICES or c == "where"):
        if all(_unique(named, rows) for rows in tables):
            break
        # a share such as that of compliant replies is measured, though a choice has its name
        if not any(_number(row[column]) is not None for rows in tables for row in rows):
            named.append(column)
    return named


def _unique(columns: Sequence[str], rows: Sequence[Cells]) -> bool:
    keys = [tuple(row[column] for column in columns) for row in rows]
    return len(set(keys)) == len(keys)


def _by_key(columns: Sequence[str], rows: Sequence[Cells]) -> dict[Key, Cells]:
    """Return rows by their identity, as columns that say something; twins are numbered."""
    seen: Counter[Key] = Counter()
    found: dict[Key, Cells] = {}
    for row in rows:
        key = tuple((column, _canonical(row[column])) for column in columns if row[column])
        seen[key] += 1
        found[(*key, ("row", str(seen[key]))) if seen[key] > 1 else key] = row
    return found


def _canonical(text: str) -> str:
    """Write 100.0 as 100: whole numbers have a point in columns where some are missing."""
    return text.removesuffix(".0") if text.removesuffix(".0").isdecimal() else text


def _compare(
    table: str, key: Key, before: Cells, after: Cells, told: Collection[str]
) -> RowChange | None:
    columns = dict.fromkeys([*before, *after])
    differs = {
        column: (before.get(column, ""), after.get(column, ""))
        for column in columns
        if column not in _SILENT
        and not (column in told and _number(before.get(column, "")) is None)
        and not _same(before.get(column, ""), after.get(column, ""))
    }
    if not differs:
        return None
    value, low, high = (_pair(column, before, after) for column in ("value", "low", "high"))
    errors = [_number(row.get("standard_error", "")) for row in (before, after)]
    main = {"value", "low", "high", "verdict"}
    return RowChange(
        table=table,
        row=key,
        value=value,
        low=low,
        high=high,
        standard_error=next((error for error in errors if error), None),
        verdict=(before.get("verdict", ""), after.get("verdict", "")),
        interval=_newly(before, after),
        apart=_apart(low, high),
        others={column: pair for column, pair in differs.items() if column not in main},
    )


def _same(one: str, two: str) -> bool:
    if one == two:
        return True
    a, b = _number(one), _number(two)
    return a is not None and b is not None and math.isclose(a, b, rel_tol=_ROUNDING, abs_tol=1e-15)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _pair(column: str, before: Cells, after: Cells) -> tuple[float | None, float | None]:
    return _number(before.get(column, "")), _number(after.get(column, ""))


def _newly(before: Cells, after: Cells) -> str:
    excluded = []
    reference = 0.0
    for row in (before, after):
        tested = bool(row.get("p_value")) or style_of(row.get("estimand", ""))[1]
        at = _number(row.get("reference", ""))
        low, high = _number(row.get("low", "")), _number(row.get("high", ""))
        if (at is None and not tested) or low is None or high is None:
            return ""
        reference = 0.0 if at is None else at
        excluded.append(not low <= reference <= high)
    if excluded[0] == excluded[1]:
        return ""
    return f"newly {'excludes' if excluded[1] else 'includes'} {reference:g}"


def _apart(low: tuple[float | None, float | None], high: tuple[float | None, float | None]) -> bool:
    ends = [end for end in (*low, *high) if end is not None]
    if len(ends) < 4:
        return False
    (low_before, low_after, high_before, high_after) = ends
    return high_before < low_after or high_after < low_before


def described(row: Key) -> Iterator[str]:
    """Yield the identity of a row as ``column: value``, the estimand as it stands."""
    for column, value in row:
        yield value if column == "estimand" else f"{column}: {value}"
