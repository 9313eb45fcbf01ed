"""Tables of before and after joined row by row, and how a row is known again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from foresay.comparisons.long_tables import PARTS
from foresay.display import is_missing
from foresay.publishing.arms import Arms
from foresay.revisions.paired import PairedDifference
from foresay.revisions.verdict_changes import changed_verdicts

KEY = "_key"
NUMBERS = ("value", "low", "high")


def joined(
    name: str,
    frames: tuple[pd.DataFrame, pd.DataFrame],
    pairs: Mapping[tuple[str, ...], PairedDifference],
    why: str,
    failed: str,
    *,
    added: bool,
) -> list[dict[str, Any]]:
    """Return a row for each group of either side."""
    columns = next((_identity(f) for f in frames if len(f)), [])
    sides = [{r[KEY]: r for r in _records(f)} for f in frames]
    rows = []
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        before, after = sides[0].get(key, {}), sides[1].get(key, {})
        row: dict[str, Any] = {"estimand": name, "scale": _first(before, after, "estimand")}
        there = before or after
        row["identity"] = {c: _text(there[c]) for c in columns if _text(there[c])}
        row["level"] = _first(after, before, "level")
        for side, found in (("before", before), ("after", after)):
            for number in NUMBERS:
                place = side if number == "value" else f"{side}_{number}"
                row[place] = _number(found.get(number))
            row[f"verdict_{side}"] = str(found.get("verdict") or "")
            row[f"n_items_{side}"] = _number(found.get("n_items"))
        made = pairs.get(key)
        gone = failed or "" if after else failed or "no trial of it is left"
        row |= _differences(row, made, why or ("" if added else "not paired: only one side has it"))
        notes = [gone] if not after else [_text(after.get("note"))]
        notes += ["not in the version"] if added else [row.pop("reason")]
        row.pop("reason", None)
        row["changed"] = changed_verdicts(before, after)
        row["note"] = "; ".join(dict.fromkeys(n for n in notes if n))
        rows.append(row)
    return rows


def _differences(row: Mapping[str, Any], made: PairedDifference | None, why: str) -> dict[str, Any]:
    """Return the difference of a row; exactly that of the two values."""
    value = row["after"] - row["before"]
    told: dict[str, Any] = {
        "difference": value,
        "difference_low": math.nan,
        "difference_high": math.nan,
        "difference_se": math.nan,
        "interval": "none",
        "n_clusters": math.nan,
        "reason": why if not math.isnan(value) else "",
    }
    if made is not None and not math.isnan(value):
        told |= {
            "difference_low": made.low,
            "difference_high": made.high,
            "difference_se": made.standard_error,
            "interval": made.interval,
            "n_clusters": float(made.n_clusters) if made.n_clusters else math.nan,
            "reason": made.note,
        }
    return told


def labelled(frame: pd.DataFrame, arms: Arms | None) -> pd.DataFrame:
    """Return a table with the key of each row, its arms named as in the report."""
    if not len(frame):
        return frame
    columns = _identity(frame)
    made = frame.copy()
    made[KEY] = [key_of([r[c] for c in columns]) for r in _records(frame)]
    return made if arms is None else arms.labelled(made)


def _identity(frame: pd.DataFrame) -> list[str]:
    """Return what tells the rows of a table apart: groups, and the parts of a comparison."""
    columns = [str(c) for c in frame.columns]
    start = columns.index("estimand") + 1
    own = columns[start : columns.index("value")]
    return [c for c in own if c not in ("title", "kind", "name")] + [
        c for c in PARTS if c in columns and c not in own
    ]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def key_of(values: Sequence[object]) -> tuple[str, ...]:
    """Return what a row is known by: its values as text, whatever their type."""
    return tuple(_text(value) for value in values)


def _text(value: object) -> str:
    if is_missing(value):
        return ""
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def _number(value: object) -> float:
    return math.nan if is_missing(value) else float(value)  # type: ignore[arg-type]  # a cell


def _first(one: Mapping[str, Any], two: Mapping[str, Any], name: str) -> Any:
    return one.get(name, two.get(name))
