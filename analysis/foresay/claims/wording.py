"""Numbers inside the sentences of findings: as printed, or in the reports' style."""

from __future__ import annotations

from fractions import Fraction

from foresay.claims.printed import Printed
from foresay.claims.spans import Span
from foresay.display import decimal

LONGEST = 10
"""A printed number with more characters is cut, with an ellipsis."""


def as_printed(number: Printed) -> str:
    """Return a printed number, cut where it has the digits of a float.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> as_printed(parse_number("0.4940570649847033")), as_printed(parse_number("49.4 %"))
    ('.494057…', '49.4 %')
    """
    text = number.text.strip()
    if len(text) > LONGEST and number.decimals > 6:
        text = f"{decimal(float(number.exact), 6)}…"
    if number.unit == "percent" and not any(c in text for c in "%pr"):
        return f"{text} %"
    return f"{text} points" if number.unit == "points" and "p" not in text else text


def computed(value: float | Fraction, unit: str = "", digits: int = 6) -> str:
    """Return a computed number in the unit that is printed, without zeros at its end.

    Examples
    --------
    >>> computed(0.167, "percent"), computed(0.5120569844)
    ('16.7 %', '.512057')
    """
    number = float(value) if isinstance(value, Fraction) else value
    scaled = number * 100 if unit else number
    text = decimal(scaled, max(digits - 2 * bool(unit), 0), bounded=not unit)
    if "." in text:
        text = text.rstrip("0").rstrip(".") or "0"
    return f"{text} {'%' if unit == 'percent' else 'points'}" if unit else text


def stands_for(span: Span, unit: str = "") -> str:
    """Return a set of true values in words: ``16.6 % to 16.8 %``."""
    low, high = span.floats()
    if span.low is None:
        return f"up to {computed(high, unit)}"
    if span.high is None:
        return f"from {computed(low, unit)}"
    low_text, high_text = computed(low, unit), computed(high, unit)
    return low_text if low_text == high_text else f"{low_text} to {high_text}"
