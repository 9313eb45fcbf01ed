"""Numbers as text: one style for every report.

Proportions and differences of proportions are written as ``.633``, without the zero that could
never be another digit; quantities that can pass 1 keep it (``0.52``). Digits follow the width of
the interval: a half-width of .01 to .1 gives three. A missing number is a dash, never a zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foresay.display.escaping import escape_markdown

MINUS = "\N{MINUS SIGN}"
MISSING = "\N{EM DASH}"
DEFAULT_DIGITS = 3

UNBOUNDED = frozenset(
    {
        "calibration_intercept",
        "calibration_slope",
        "d_prime",
        "design_effect",
        "distinct_answers",
        "entropy",
        "log_score",
        "skill",
    }
)
"""Estimands that go far beyond 1 (or -1): they keep the zero before the point."""

SIGNED = frozenset({"advantage", "projection", "self_advantage", "discrimination"})
"""Differences: a plus sign is written."""


def is_missing(value: object) -> bool:
    """Whether `value` is None, not a number or pandas' missing value; text never is."""
    if value is None or isinstance(value, str):
        return value is None
    try:
        return math.isnan(float(value))  # type: ignore[arg-type]  # what has no float is caught
    except (TypeError, ValueError):
        return type(value).__name__ in {"NAType", "NaTType"}


def digits_for(low: float, high: float) -> int:
    """Return how many decimals an interval supports, from 2 to 4; 3 where there is none.

    Two significant digits of the half-width: .0035 gives 4, .035 gives 3, .35 gives 2.

    Examples
    --------
    >>> digits_for(0.598, 0.667), digits_for(0.2, 0.9), digits_for(float("nan"), 1.0)
    (3, 2, 3)
    """
    if is_missing(low) or is_missing(high):
        return DEFAULT_DIGITS
    half = abs(float(high) - float(low)) / 2
    if half == 0 or math.isinf(half):
        return DEFAULT_DIGITS
    # nudged, so that a half-width of .1 that is stored as .0999... is not finer than .1
    return min(4, max(2, 1 - math.floor(math.log10(half * (1 + 1e-9)))))


def decimal(
    value: object, digits: int = DEFAULT_DIGITS, *, bounded: bool = True, signed: bool = False
) -> str:
    r"""Return a number with `digits` decimals and a real minus sign.

    Parameters
    ----------
    value : float
        The number; missing gives a dash.
    digits : int
        Decimals, 0 or more.
    bounded : bool
        Whether the zero before the point is dropped (a proportion or a difference of two).
    signed : bool
        Whether a plus sign is written.

    Examples
    --------
    >>> decimal(0.6333), decimal(-0.0194), decimal(1), decimal(0.5, 2, bounded=False)
    ('.633', '\u2212.019', '1.000', '0.50')
    """
    if is_missing(value):
        return MISSING
    number = float(value)  # type: ignore[arg-type]  # a cell of a table, checked above
    if math.isinf(number):
        return f"{MINUS if number < 0 else '+' if signed else ''}\N{INFINITY}"
    text = f"{abs(number):,.{digits}f}"
    zero = not text.strip("0.,")
    if bounded and digits and text.startswith("0."):
        text = text[1:]
    sign = "" if zero else MINUS if number < 0 else "+" if signed else ""
    return sign + text


def count(value: object) -> str:
    """Return a whole number with thousands separators; a missing one is a dash.

    Examples
    --------
    >>> count(14700)
    '14,700'
    """
    if is_missing(value):
        return MISSING
    number = float(value)  # type: ignore[arg-type]  # a cell of a table, checked above
    digits = 0 if number == int(number) else 1
    return decimal(number, digits, bounded=False)


def percent(value: object, digits: int = 0) -> str:
    r"""Return a proportion as a percentage with a no-break space, for levels and shares in prose.

    Examples
    --------
    >>> percent(0.95)
    '95\xa0%'
    """
    if is_missing(value):
        return MISSING
    scaled = 100 * float(value)  # type: ignore[arg-type]  # a cell of a table, checked above
    whole = abs(scaled - round(scaled)) < 1e-9
    return f"{decimal(scaled, digits if whole or digits else 1, bounded=False)}\N{NO-BREAK SPACE}%"


def p_text(p: object) -> str:
    """Return a p-value with its relation, never as 0 or 1.

    Examples
    --------
    >>> p_text(0.0341), p_text(0.0), p_text(0.99999)
    ('p = .034', 'p < .001', 'p > .999')
    """
    return f"p {p_cell(p, relation=True)}"


def p_cell(p: object, *, relation: bool = False) -> str:
    """Return a p-value for a table cell: ``.034``, ``< .001``; with ``=`` if `relation`."""
    if is_missing(p):
        return f"= {MISSING}" if relation else MISSING
    number = float(p)  # type: ignore[arg-type]  # a cell of a table, checked above
    if number < 0.001:
        return "< .001"
    if number > 0.999:
        return "> .999"
    return f"= {decimal(number)}" if relation else decimal(number)


def style_of(estimand: object) -> tuple[bool, bool]:
    """Return (bounded, signed) of an estimand's name."""
    name = str(estimand)
    return name not in UNBOUNDED, name in SIGNED or name.endswith("_advantage")


def value_text(row: Mapping[str, Any], digits: int | None = None) -> str:
    """Return the value of an estimates row, without its interval."""
    bounded, signed = style_of(row.get("estimand", ""))
    places = digits_for(*_ends(row)) if digits is None else digits
    return decimal(row.get("value"), places, bounded=bounded, signed=signed)


def range_text(row: Mapping[str, Any], digits: int | None = None) -> str:
    """Return the interval of an estimates row, ``[.598, .667]``; a dash where there is none."""
    low, high = _ends(row)
    if is_missing(low) and is_missing(high):
        return MISSING
    bounded, _ = style_of(row.get("estimand", ""))
    places = digits_for(low, high) if digits is None else digits
    ends = (decimal(end, places, bounded=bounded) for end in (low, high))
    return f"[{', '.join(ends)}]"


def interval_text(row: Mapping[str, Any], digits: int | None = None) -> str:
    """Return value and interval of an estimates row (a mapping or a pandas Series).

    Examples
    --------
    >>> interval_text({"estimand": "accuracy", "value": 0.633, "low": 0.598, "high": 0.667})
    '.633 [.598, .667]'
    """
    value, ends = value_text(row, digits), range_text(row, digits)
    if value == MISSING:
        # bounds without a value are a range all the same
        return ends
    return f"{value} {_bracket(ends)}"


def _bracket(text: str) -> str:
    return f"[{MISSING}]" if text == MISSING else text


def _ends(row: Mapping[str, Any]) -> tuple[float, float]:
    low, high = row.get("low"), row.get("high")
    return (
        math.nan if is_missing(low) else float(low),  # type: ignore[arg-type]  # a cell of a table, checked above
        math.nan if is_missing(high) else float(high),  # type: ignore[arg-type]  # a cell of a table, checked above
    )


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a report: its text, and what it was made from.

    Parameters
    ----------
    text : str
        As it is printed, plain text.
    value, low, high : float
        What it was made from, in natural units; ``nan`` where missing.
    note : str
        Why it is missing, or what to know about it.
    """

    text: str
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    note: str = ""

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return escape_markdown(self.text)


def number(row: Mapping[str, Any], *, interval: bool = True, digits: int | None = None) -> Number:
    """Return the `Number` of an estimates row, for inline use in a report.

    Parameters
    ----------
    row : mapping or pandas Series
        A row of a tidy estimates table: ``value, low, high`` and, if there, ``estimand, note``.
    interval : bool
        Whether the interval is printed after the value.
    digits : int, optional
        Decimals; by default as many as the interval supports.
    """
    low, high = _ends(row)
    value, note = row.get("value"), row.get("note", "")
    return Number(
        text=interval_text(row, digits) if interval else value_text(row, digits),
        value=math.nan if is_missing(value) else float(value),  # type: ignore[arg-type]  # a cell of a table, checked above
        low=low,
        high=high,
        note="" if is_missing(note) else str(note),
    )
