"""Sentences about calibration, written from the numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foresay.display import interval_text, is_missing, listing, p_text
from foresay.publishing.results import Results

Row = dict[str, Any]


def calibration(results: Results) -> str:
    """Say which arms are farther from calibrated than chance allows, and which one is nearest."""
    rows = _rows(results, "calibration", "calibration_l2")
    if not rows:
        return ""
    beyond = [row for row in rows if row["null_p"] <= 1 - row["level"]]
    within = [row for row in rows if row["null_p"] > 1 - row["level"]]
    nearest = min(rows, key=lambda row: row["value"])
    farthest = max(rows, key=lambda row: row["value"])
    said = (
        f"The debiased squared calibration error is least for {_name(nearest, rows)}, "
        f"{interval_text(nearest)} ({p_text(nearest['null_p'])} against calibrated data)"
    )
    if nearest is not farthest:
        said += f", and largest for {_name(farthest, rows)}, {interval_text(farthest)}"
    text = f"{said}. "
    if not within:
        return text + "No arm is within what calibrated confidence would give by chance."
    if not beyond:
        return text + "All arms are within what calibrated confidence would give by chance."
    return (
        f"{text}Within what calibrated confidence would give by chance: "
        f"{listing([_name(row, rows) for row in within], most=4)}."
    )


def by_rank(results: Results) -> str:
    """Say whether anything is known beyond the mean of a rank."""
    rows = _rows(results, "calibration_by_rank", "calibration_skill")
    if not rows:
        return ""
    parts = []
    for rank in sorted({int(row["rank"]) for row in rows}):
        own = [row for row in rows if int(row["rank"]) == rank]
        known = [row for row in own if not is_missing(row["low"]) and row["low"] > 0]
        parts.append(f"for {len(known)} of {len(own)} arms at rank {rank}")
    return (
        "The skill over a predictor that always states the rank's mean is above zero, by its "
        f"whole interval, {listing(parts)}."
    )


def _rows(results: Results, table: str, estimand: str) -> list[Row]:
    frame: pd.DataFrame | None = results.tables.get(table)
    if frame is None:
        return []
    kept = frame[(frame["estimand"] == estimand) & frame["value"].notna()]
    return [{str(k): v for k, v in row.items()} for row in kept.to_dict("records")]


def _name(row: Row, rows: list[Row]) -> str:
    several = len({one["target"] for one in rows}) > 1
    return f"{row['arm']} about {row['target']}" if several else str(row["arm"])
