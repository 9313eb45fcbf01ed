"""Tables of estimates for people: value and interval to the right precision, notes under them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from foresay.display.designs import about
from foresay.display.layout import Column, DisplayTable
from foresay.display.numbers import (
    DEFAULT_DIGITS,
    MISSING,
    digits_for,
    interval_text,
    is_missing,
    percent,
    range_text,
    value_text,
)
from foresay.display.sentences import label_of, listing
from foresay.display.tables import cell_text, extra_text, group_text, unbroken
from foresay.errors import UnsupportedError

_BRACKET = re.compile(r"a bracket: its ends are (\S+) and (\S+)")
_MARKS = "\N{DAGGER}\N{DOUBLE DAGGER}\N{SECTION SIGN}\N{PILCROW SIGN}"


def grouping_columns(frame: pd.DataFrame) -> list[str]:
    """Return the grouping columns of a tidy table: those between ``estimand`` and ``value``.

    Raises
    ------
    UnsupportedError
        If the table is not a tidy table of estimates.
    """
    columns = [str(column) for column in frame.columns]
    for needed in ("estimand", "value", "low", "high"):
        if needed not in columns:
            raise UnsupportedError(
                f"a table of estimates has no column '{needed}'; it has "
                f"{listing(columns, most=8) or 'none'}; pass what estimate() or contrast() returned"
            )
    return columns[columns.index("estimand") + 1 : columns.index("value")]


def estimates_table(
    frame: pd.DataFrame,
    *,
    rows: Sequence[str] | None = None,
    group: str | None = None,
    columns: Sequence[str] = ("n_items",),
    labels: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    digits: int | None = None,
    name: str = "estimates",
) -> DisplayTable:
    """Return a tidy table of estimates or contrasts as a table to print.

    Several estimands stand side by side, from three on with value and interval in one cell; one
    row per combination of `rows`. Grouping columns with a single value are said in a note.

    Parameters
    ----------
    frame : pandas.DataFrame
        A tidy table: ``estimand``, grouping columns, ``value, low, high, level, ...``.
    rows : sequence of str, optional
        Grouping columns that name the rows; by default those that vary.
    group : str, optional
        A grouping column whose values become headings over the rows.
    columns : sequence of str
        Further columns to print: counts, ``design_effect``, ``standard_error``, ``p_value``, ...
    labels : mapping, optional
        Printed names of columns, estimands or values.
    notes : sequence of str
        Printed under the table before the notes of its rows.
    digits : int, optional
        Decimals of every number; by default what most intervals of an estimand support.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If `frame` is not a tidy table or has no rows, a named column is missing, or two rows
        would be printed in one cell.
    """
    grouping = grouping_columns(frame)
    if frame.empty:
        raise UnsupportedError(
            f"table '{name}' has no rows; the filter or the tables leave nothing to estimate"
        )
    _require(frame, [*(rows or ()), *([group] if group else ()), *columns], name)
    varying = [c for c in grouping if frame[c].duplicated().sum() < len(frame) - 1]
    keys = list(rows) if rows is not None else [c for c in varying if c != group]
    keys = keys or [c for c in grouping if c != group][:1]
    builder = _Builder(frame, keys, group, list(columns), dict(labels or {}), digits, name)
    constant = {
        c: group_text(c, frame[c].iloc[0]) for c in grouping if c not in {*varying, *keys, group}
    }
    return builder.build(list(notes), constant)


class _Builder:
    """Collects cells and their notes; lives as long as one call."""

    def __init__(
        self,
        frame: pd.DataFrame,
        keys: list[str],
        group: str | None,
        extra: list[str],
        labels: dict[str, str],
        digits: int | None,
        name: str,
    ) -> None:
        self.frame, self.keys, self.group, self.extra = frame, keys, group, extra
        self.labels, self.name = labels, name
        self.estimands = list(dict.fromkeys(frame["estimand"].astype(str)))
        self.compact = len(self.estimands) > 2
        self.marks: dict[str, str] = {}
        told = [set(_parts(record)) for record in frame.to_dict("records")]
        self.common = set.intersection(*told) if len(told) > 1 else set()
        self.records: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}
        for record in frame.to_dict("records"):
            key = tuple(group_text(c, record[c]) for c in ([group] if group else []) + keys)
            cell = self.records.setdefault(key, {})
            estimand = str(record["estimand"])
            if estimand in cell:
                raise UnsupportedError(
                    f"table '{name}' would print two {estimand} rows for {listing(key)}; "
                    f"name the columns that tell them apart in rows= "
                    f"(of {listing(grouping_columns(frame)) or 'none'})"
                )
            cell[estimand] = {str(k): v for k, v in record.items()}
        self.digits = {e: digits if digits is not None else self._digits(e) for e in self.estimands}

    def build(self, notes: list[str], constant: dict[str, str]) -> DisplayTable:
        shared = [c for c in self.extra if self._is_shared(c)]
        own = [c for c in self.extra if c not in shared]
        heads = [Column(label=self._label(c)) for c in self.keys]
        many = len(self.estimands) > 1
        for estimand in self.estimands:
            heads += self._heads(estimand, own, many=many)
        heads += [Column(label=self._label(c), number=True) for c in shared]
        ordered = self._grouped()
        cells = [self._row(key, own, shared) for key in ordered]
        said = [f"{self._label(self.estimands[0])}."] if not many else []
        if constant:
            pairs = [f"{self._label(c)}: {self._value(v)}" for c, v in constant.items()]
            said.append(f"All rows: {'; '.join(pairs)}.")
        said += [f"All numbers: {part}." for part in sorted(self.common)]
        said += [*notes, *(f"{mark} {text}" for text, mark in self.marks.items())]
        return DisplayTable(
            name=self.name,
            columns=tuple(heads),
            rows=tuple(cells),
            groups=tuple(self._value(key[0]) for key in ordered) if self.group else (),
            notes=tuple(said),
            about=about(self.frame),
            data=self.frame.reset_index(drop=True),
        )

    def _heads(self, estimand: str, own: list[str], *, many: bool) -> list[Column]:
        interval = self._interval_label()
        if self.compact and not own:
            return [
                Column(label=self._label(estimand), spanner=f"Estimate [{interval}]", number=True)
            ]
        spanner = self._label(estimand) if many else ""
        labels = [f"Estimate [{interval}]"] if self.compact else ["Estimate", interval]
        labels += [self._label(c) for c in own]
        return [Column(label=label, spanner=spanner, number=True) for label in labels]

    def _row(self, key: tuple[str, ...], own: list[str], shared: list[str]) -> tuple[str, ...]:
        cells = [self._value(part) for part in (key[1:] if self.group else key)]
        records = self.records[key]
        for estimand in self.estimands:
            record = records.get(estimand)
            if record is None:
                cells += [MISSING] * ((1 if self.compact else 2) + len(own))
                continue
            digits, mark = self.digits[estimand], self._mark(record)
            ends = _ends_of_bracket(record)
            if self.compact:
                value = f"{ends} {range_text(record, digits)}" if ends else ""
                cells.append(unbroken(value or interval_text(record, digits)) + mark)
            else:
                cells.append((ends or value_text(record, digits)) + mark)
                cells.append(unbroken(range_text(record, digits)))
            cells += [extra_text(column, record[column]) for column in own]
        first = next(iter(records.values()))
        return (*cells, *(extra_text(column, first[column]) for column in shared))

    def _mark(self, record: Mapping[str, Any]) -> str:
        parts = [part for part in _parts(record) if part not in self.common]
        if not _note(record) and is_missing(record.get("value")):
            parts = ["not estimable; no reason was recorded"]
        for part in parts:
            if part not in self.marks:
                turn, sign = divmod(len(self.marks), len(_MARKS))
                self.marks[part] = _MARKS[sign] * (turn + 1)
        return " ".join(self.marks[part] for part in parts).replace(" ", "\N{NO-BREAK SPACE}")

    def _grouped(self) -> list[tuple[str, ...]]:
        if not self.group:
            return list(self.records)
        order = {g: i for i, g in enumerate(dict.fromkeys(key[0] for key in self.records))}
        return sorted(self.records, key=lambda key: order[key[0]])

    def _digits(self, estimand: str) -> int:
        part = self.frame[self.frame["estimand"].astype(str) == estimand]
        ends = part[["low", "high"]].dropna()
        votes = Counter(digits_for(*pair) for pair in ends.itertuples(index=False, name=None))
        # the finer of two that are equally common
        return max(votes, key=lambda d: (votes[d], d)) if votes else DEFAULT_DIGITS

    def _is_shared(self, column: str) -> bool:
        return all(
            len({cell_text(record[column]) for record in cell.values()}) == 1
            for cell in self.records.values()
        )

    def _interval_label(self) -> str:
        levels = list(self.frame["level"].dropna().unique()) if "level" in self.frame else []
        return f"{percent(levels[0])} interval" if len(levels) == 1 else "Interval"

    def _label(self, name: str) -> str:
        return self.labels.get(name) or label_of(name)

    def _value(self, text: str) -> str:
        return self.labels.get(text, text)


def _note(record: Mapping[Any, Any]) -> str:
    note = record.get("note", "")
    return "" if is_missing(note) else str(note)


def _parts(record: Mapping[Any, Any]) -> list[str]:
    """Return what is to be known of a number, each thing once, without the ends of a bracket."""
    parts = dict.fromkeys(part for part in _note(record).split("; ") if part)
    return [part for part in parts if not _BRACKET.fullmatch(part)]


def _ends_of_bracket(record: Mapping[str, Any]) -> str:
    """Return the ends of a number that is known as a bracket; "" for others."""
    found = [m for part in _note(record).split("; ") if (m := _BRACKET.fullmatch(part))]
    if not found or not is_missing(record.get("value")):
        return ""
    low, high = found[0].groups()
    return str(low) if low == high else f"{low} to {high}"


def _require(frame: pd.DataFrame, wanted: Sequence[str], name: str) -> None:
    for column in wanted:
        if column not in frame.columns:
            raise UnsupportedError(
                f"table '{name}' needs the column '{column}', which the estimates do not have; "
                f"they have {listing([str(c) for c in frame.columns], most=12)}"
            )
