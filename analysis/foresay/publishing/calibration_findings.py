"""Sentences about calibration, written from the numbers."""

from __future__ import annotations

from foresay.display import interval_text, is_missing, listing, p_text
from foresay.publishing.results import Results
from foresay.publishing.rows import Row, arm_name, rows_of


def calibration(results: Results) -> str:
    """Say which arms are farther from calibrated than chance allows, and which one is nearest."""
    rows = rows_of(results, "calibration", "calibration_l2")
    if not rows:
        return ""
    within = [row for row in rows if row["null_p"] > 1 - row["level"]]
    nearest = min(rows, key=lambda row: row["value"])
    farthest = max(rows, key=lambda row: row["value"])
    said = (
        f"The debiased squared calibration error is least for {arm_name(nearest, rows)}, "
        f"{interval_text(nearest)} ({p_text(nearest['null_p'])} against calibrated data)"
    )
    if nearest is not farthest:
        said += f", and largest for {arm_name(farthest, rows)}, {interval_text(farthest)}"
    return f"{_within(within, rows)} {said}."


def _within(within: list[Row], rows: list[Row]) -> str:
    """Say which arms chance alone would let be as far from calibrated."""
    if not within:
        return "No arm is as near to calibrated as chance allows."
    if len(within) == len(rows):
        return "All arms are as near to calibrated as chance allows."
    named = listing([arm_name(row, rows) for row in within], most=4)
    verb = "is" if len(within) == 1 else "are"
    return (
        f"{len(within)} of {len(rows)} arms {verb} as near to calibrated as chance allows: {named}."
    )


def by_rank(results: Results) -> str:
    """Say whether anything is known beyond the mean of a rank."""
    rows = rows_of(results, "calibration_by_rank", "calibration_skill")
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
