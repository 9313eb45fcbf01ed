"""Tables of before and after joined row by row, and how a row is known again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from foresay.comparisons.long_tables import PARTS
from foresay.display import is_missing
from foresay.display.numbers import UNBOUNDED
from foresay.publishing.arms import Arms
from foresay.revisions.keys import cell_key, text_key
from foresay.revisions.paired import SAME, PairedDifference
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
    columns = next((identity_of(f) for f in frames if len(f)), [])
    sides = [{r[KEY]: r for r in _records(f)} for f in frames]
    rows = []
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        before, after = sides[0].get(key, {}), sides[1].get(key, {})
        there = before or after
        row: dict[str, Any] = {"estimand": name, "scale": _scale(there)}
        row["identity"] = {c: cell_key(there[c]) for c in columns if cell_key(there[c])}
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
        notes = [gone] if not after else [cell_key(after.get("note"))]
        notes += ["not in the version"] if added else [row.pop("reason")]
        row.pop("reason", None)
        row["changed"] = changed_verdicts(before, after)
        row["note"] = "; ".join(dict.fromkeys(n for n in notes if n))
        rows.append(row)
    return rows


def _scale(row: Mapping[str, Any]) -> str:
    """Return the estimand whose style a number is printed in: differences carry their sign."""
    name = str(row["estimand"])
    signed = name not in UNBOUNDED and _number(row.get("reference")) == 0
    return "advantage" if signed else name


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
    if made is not None and math.isnan(value):
        told["reason"] = made.note
    if made is not None and not math.isnan(value):
        if made.note == SAME:  # two fits of the same may differ in the last bit
            told["difference"] = 0.0
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
    columns = identity_of(frame)
    made = frame.copy()
    made[KEY] = [text_key([r[c] for c in columns]) for r in _records(frame)]
    return made if arms is None else arms.labelled(made)


def identity_of(frame: pd.DataFrame) -> list[str]:
    """Return what tells the rows of a table apart: groups, and the parts of a comparison."""
    columns = [str(c) for c in frame.columns]
    start = columns.index("estimand") + 1
    own = columns[start : columns.index("value")]
    return [c for c in own if c not in ("title", "kind", "name")] + [
        c for c in PARTS if c in columns and c not in own
    ]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _number(value: object) -> float:
    return math.nan if is_missing(value) else float(value)  # type: ignore[arg-type]  # a cell


def _first(one: Mapping[str, Any], two: Mapping[str, Any], name: str) -> Any:
    return one.get(name, two.get(name))
