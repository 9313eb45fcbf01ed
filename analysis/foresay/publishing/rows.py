"""Rows of a report's tables as mappings, for sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from foresay.display import is_missing, plural
from foresay.publishing.results import Results

Row = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table, in order."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].tolist() for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def rows_of(results: Results, table: str, estimand: str) -> list[Row]:
    """Return the rows of one estimand that have a value; none where the table is missing."""
    frame = results.tables.get(table)
    if frame is None:
        return []
    rows = records(frame[frame["estimand"] == estimand])
    return [row for row in rows if not is_missing(row["value"])]


def same_group(
    results: Results, table: str, row: Row, estimand: str, keys: Sequence[str] = ()
) -> Row | None:
    """Return the row of another estimand of the same group."""
    frame = results.tables[table]
    columns = [str(c) for c in frame.columns]
    by = keys or columns[1 : columns.index("value")]
    for found in records(frame[frame["estimand"] == estimand]):
        if all(str(found[c]) == str(row[c]) for c in by):
            return found
    return None


def training_of(results: Results, row: Row) -> str:
    """Say what an arm was trained on, by the study at a glance; "" where that is not known.

    Returns
    -------
    str
        Such as ``trained on 1,000 questions``, or ``untrained``.
    """
    glance = results.tables.get("glance")
    if glance is None or "n_train" not in glance:
        return ""
    for known in records(glance):
        arm, predictor = str(row["arm"]), str(known["predictor"])
        named = arm == predictor or arm.startswith(f"{predictor} \N{MIDDLE DOT} ")
        if not named or known["target"] != row["target"] or is_missing(known["n_train"]):
            continue
        if known["n_train"] > 0:
            return f"trained on {plural(int(known['n_train']), 'question')}"
        stage = known.get("stage")
        base = stage is None or is_missing(stage) or stage == "base"
        return "untrained" if base else "trained on no questions"
    return ""


def arm_name(row: Row, rows: Sequence[Row]) -> str:
    """Name the arm of a row, with its target where the rows have several."""
    several = len({each["target"] for each in rows}) > 1
    return f"{row['arm']} about {row['target']}" if several else str(row["arm"])
