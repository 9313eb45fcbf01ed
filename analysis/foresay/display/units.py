"""Proportions in per cent, and differences of proportions in percentage points, for prose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foresay.display.numbers import MISSING, decimal, digits_for, is_missing

_SPACE = "\N{NO-BREAK SPACE}"


def percent_text(row: Mapping[str, Any], *, interval: bool = True) -> str:
    r"""Return a proportion in per cent, rounded to what its interval supports.

    Parameters
    ----------
    row : mapping or pandas Series
        ``value, low, high`` of an estimates row, in [0, 1].
    interval : bool
        Whether the interval follows.

    Examples
    --------
    >>> percent_text({"value": 0.6333, "low": 0.598, "high": 0.667})
    '63.3\xa0% [59.8, 66.7]'
    """
    value, ends, _ = _scaled(row, signed=False)
    told = value if value == MISSING else f"{value}{_SPACE}%"
    return f"{told} {ends}" if interval and ends else told


def points_text(row: Mapping[str, Any], *, interval: bool = True) -> str:
    r"""Return a difference of two proportions in percentage points, with its sign.

    Parameters
    ----------
    row : mapping or pandas Series
        ``value, low, high`` of a contrast's row, in [-1, 1].
    interval : bool
        Whether the interval follows.

    Examples
    --------
    >>> points_text({"value": 0.0194, "low": -0.0241, "high": 0.0622})
    '+1.9\xa0points [\u22122.4, 6.2]'
    """
    value, ends, one = _scaled(row, signed=True)
    told = value if value == MISSING else f"{value}{_SPACE}{'point' if one else 'points'}"
    return f"{told} {ends}" if interval and ends else told


def _scaled(row: Mapping[str, Any], *, signed: bool) -> tuple[str, str, bool]:
    """Return value and interval times 100, and whether the value reads as exactly one."""
    value, low, high = row.get("value"), row.get("low"), row.get("high")
    known = not (is_missing(low) or is_missing(high))
    digits = max(digits_for(float(low), float(high)) - 2, 0) if known else 1  # type: ignore[arg-type]  # checked above

    def told(number: object, *, sign: bool = False) -> str:
        if is_missing(number):
            return MISSING
        return decimal(100 * float(number), digits, bounded=False, signed=sign)  # type: ignore[arg-type]  # checked above

    text = told(value, sign=signed)
    return text, f"[{told(low)}, {told(high)}]" if known else "", text[1:] == "1"
