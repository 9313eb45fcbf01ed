"""Which verdicts a change turns: the sign of a difference, its significance, its equivalence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from foresay.display import is_missing
from foresay.display.numbers import style_of

_OF_HYPOTHESIS = {
    "difference": "significance",
    "equivalence": "equivalence",
    "superiority": "superiority",
}


def changed_verdicts(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Name what the rows of one number say otherwise, with commas; "" where nothing.

    Parameters
    ----------
    before, after : mapping
        Rows of a table of estimates or comparisons; empty where a side has none.

    Examples
    --------
    >>> row = {"value": 0.1, "verdict": "different", "hypothesis": "difference", "p_value": 0.01}
    >>> changed_verdicts(row, {**row, "value": -0.1, "verdict": "not shown"})
    'sign, significance'
    """
    found = []
    at = _reference(before, after)
    if at is None:
        return ""
    values = [_number(row.get("value")) - at for row in (before, after)]
    if any(map(math.isnan, values)):
        return ""
    if values[0] * values[1] < 0:
        found.append("sign")
    verdicts = [str(row.get("verdict") or "") for row in (before, after)]
    if all(verdicts):
        if verdicts[0] != verdicts[1]:
            found.append(_OF_HYPOTHESIS.get(str(after.get("hypothesis")), "verdict"))
    elif not any(verdicts):
        excluded = [_excludes(row, at) for row in (before, after)]
        if None not in excluded and excluded[0] != excluded[1]:
            found.append("significance")
    return ", ".join(found)


def _reference(*rows: Mapping[str, Any]) -> float | None:
    """Return the value of no effect; None where there is none, such as for an accuracy."""
    for row in rows:
        if "reference" in row:
            at = _number(row["reference"])
            return None if math.isnan(at) else at
        if row.get("verdict") or not is_missing(row.get("p_value")):
            return 0.0
    return 0.0 if any(style_of(row.get("estimand", ""))[1] for row in rows) else None


def _excludes(row: Mapping[str, Any], at: float) -> bool | None:
    low, high = _number(row.get("low")), _number(row.get("high"))
    return None if math.isnan(low) or math.isnan(high) else not low <= at <= high


def _number(value: object) -> float:
    return math.nan if is_missing(value) else float(value)  # type: ignore[arg-type]  # a cell
