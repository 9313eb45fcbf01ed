"""Rows of a tidy table as rows of a chart: fixed, safe column names, labels, panels, texts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from foresay.display import (
    count,
    digits_for,
    grouping_columns,
    interval_text,
    is_missing,
    label_of,
    listing,
    percent,
    value_text,
    visible,
)
from foresay.display.tables import CODED, cell_text
from foresay.errors import UnsupportedError

MOST_ROWS = 1000
"""A static figure with more rows than this cannot be read."""
_TINY = 0.01
_PRINTED = ("estimand", "value", "low", "high", "note")
_UNSEEN = (
    *("truth", "temperature_of_truth", "baseline", "ceiling", "weighting", "cluster", "within"),
    *("crossed", "strata", "seed", "resamples", "where", "fingerprint", "design_effect"),
    *("standard_error", "interval"),
)


def select(frame: pd.DataFrame, estimands: Sequence[str], figure: str) -> pd.DataFrame:
    """Return the rows of the named estimands.

    Raises
    ------
    UnsupportedError
        If the table is not tidy, has no row of the first estimand, or too many rows to be read.
    """
    grouping_columns(frame)
    rows = frame[frame["estimand"].isin(list(estimands))].reset_index(drop=True)
    for column, value in (("level", math.nan), ("n_items", math.nan), ("note", "")):
        if column not in rows.columns:
            rows[column] = value
    if not (rows["estimand"] == estimands[0]).any():
        there = listing(sorted(set(frame["estimand"].astype(str))), most=6) or "nothing"
        raise UnsupportedError(
            f"figure '{figure}' needs rows of estimand '{estimands[0]}'; the table has {there}; "
            f"estimate it with the same grouping, or leave the figure out"
        )
    if len(rows) > MOST_ROWS:
        raise UnsupportedError(
            f"figure '{figure}' would show {len(rows):,} rows, and {MOST_ROWS:,} is the most that "
            f"can be read; narrow the estimates with where= or group by fewer columns"
        )
    return rows


def varying(frame: pd.DataFrame, leave: Sequence[str] = ()) -> list[str]:
    """Return the grouping columns with more than one value, without those in `leave`."""
    return [
        column
        for column in grouping_columns(frame)
        if column not in leave and frame[column].map(cell_text).duplicated().sum() < len(frame) - 1
    ]


def name_of(value: object) -> str:
    """Return a grouping value as a name: on one line, nothing in it unseen."""
    return visible(cell_text(value))


def joined(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """Return, for each row, the values of `columns` as one text; "" for no columns."""
    texts = [_names(frame[column]) for column in columns]
    separator = " \N{MIDDLE DOT} "
    return (
        [separator.join(parts) for parts in zip(*texts, strict=True)]
        if texts
        else [""] * len(frame)
    )


def _names(values: pd.Series) -> pd.Series:
    """Return the values of a grouping column as names: counts and our own words as printed."""
    if str(values.name).startswith("n_") and pd.api.types.is_numeric_dtype(values):
        return values.map(count)
    names = values.map(name_of)
    return names.str.replace("_", " ") if values.name in CODED else names


def natural(text: str) -> list[tuple[int, str]]:
    """Return a sorting key that puts ``n300`` before ``n1000``."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", text)]


def require_unique(frame: pd.DataFrame, keys: Sequence[str], figure: str) -> None:
    """Refuse two rows that would be drawn in the same place."""
    twice = frame[frame.duplicated(list(keys), keep=False)]
    if twice.empty:
        return
    place = listing([name_of(twice[key].iloc[0]) for key in keys])
    raise UnsupportedError(
        f"figure '{figure}' would draw {len(twice)} rows in one place ({place}); "
        f"estimate with fewer grouping columns, or choose the rows with where="
    )


def common_digits(frame: pd.DataFrame) -> int:
    """Return the decimals that most intervals of a figure support; 3 where values are not tiny."""
    ends = frame[["low", "high"]].dropna()
    votes = [digits_for(low, high) for low, high in ends.itertuples(index=False, name=None)]
    chosen = max(sorted(set(votes), reverse=True), key=votes.count) if votes else 3
    return chosen if frame["value"].abs().max() < _TINY else min(chosen, 3)


def texts(frame: pd.DataFrame, digits: int) -> pd.DataFrame:
    """Return `lean` rows with ``value_text``, ``text`` (value and interval) and ``reason``."""
    rows = records(frame[[c for c in _PRINTED if c in frame]])
    return lean(frame).assign(
        value_text=[value_text(row, digits) for row in rows],
        text=[interval_text(row, digits) for row in rows],
        reason=[reason_of(row) for row in rows],
    )


def lean(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the columns that no figure shows: its rows are read faster."""
    return frame.drop(columns=[c for c in _UNSEEN if c in frame])


def reason_of(record: dict[str, Any]) -> str:
    """Return why a row has no value; "" where it has one."""
    if not is_missing(record["value"]):
        return ""
    note = record.get("note", "")
    return "no reason recorded" if is_missing(note) or not note else visible(note)


def constants(frame: pd.DataFrame, leave: Sequence[str] = ()) -> str:
    """Return the grouping columns with one value as a phrase: ``Target: m1; split: test``."""
    changing = set(varying(frame))
    parts = [
        f"{label_of(column).lower()} {name_of(frame[column].iloc[0])}"
        for column in grouping_columns(frame)
        if column not in changing and column not in leave
    ]
    return listing(parts)


def missing_sentence(frame: pd.DataFrame, label: str) -> str:
    """Return a sentence that names the rows without a value and why; "" if there are none."""
    lost = frame[frame["value"].isna()]
    if lost.empty:
        return ""
    parts = [f"{row[label]} ({row['reason']})" for row in records(lost)]
    return f" Not estimable: {listing(parts, most=6)}."


def ends_sentence(rows: pd.DataFrame) -> str:
    """Return the lowest and the highest estimate of a figure with their names, as a sentence.

    Parameters
    ----------
    rows : DataFrame
        Drawn rows with ``value``, ``text``, ``full`` and ``panel``; "" for fewer than two values,
        and where all are the same.
    """
    known = rows[rows["value"].notna()]
    if known["value"].nunique() < 2:
        return ""
    several = rows["panel"].nunique() > 1

    def said(at: Any) -> str:
        row = known.loc[at]
        place = f"{row['full']}, {row['panel']}" if several else str(row["full"])
        return f"{row['text']} ({place})"

    value = known["value"].astype(float)
    return f" Lowest: {said(value.idxmin())}; highest: {said(value.idxmax())}."


def panel_start(panel: object) -> str:
    """Return how a sentence about a panel starts; "" where there is one panel only."""
    text = str(panel)
    return f"{text}: " if text else ""


def level_phrase(frame: pd.DataFrame) -> str:
    """Return `` with 95 % intervals`` where all rows share a level; else ""."""
    levels = frame["level"].dropna().unique()
    return f" with {percent(levels[0])} intervals" if len(levels) == 1 else ""


def of_items(frame: pd.DataFrame) -> str:
    """Return `` (n = 839 items)``, or from how many to how many; "" where no row says it."""
    if "n_items" not in frame.columns:
        return ""
    known = frame.loc[frame["value"].notna() | frame["low"].notna(), "n_items"].dropna()
    if known.empty:
        return ""
    least, most = int(known.min()), int(known.max())
    size = count(most) if least == most else f"{count(least)} to {count(most)}"
    return f" (n = {size} {'item' if most == 1 else 'items'})"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings from column name to value."""
    names = [str(column) for column in frame.columns]
    columns = [frame.iloc[:, place].tolist() for place in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
