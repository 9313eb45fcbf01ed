"""Two amounts held against each other: equal, in an order, or comparable."""

from __future__ import annotations

import math
from dataclasses import dataclass

from foresay.claims.relations.amounts import NO_ERROR, Amount
from foresay.claims.relations.language import Operator
from foresay.claims.reported import NORMAL
from foresay.claims.spans import Span
from foresay.claims.verdicts import Verdict
from foresay.claims.wording import computed, stands_for
from foresay.display import MINUS, count

ONE_SIDED = 1.6448536269514722
MARGIN = 0.05
"""Margin of *comparable* where none is declared: 5 points."""
MOST_ITEMS = 10_000
"""A difference that even this many independent items an arm would not show is not read off two
numbers that are printed without n."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What holding two amounts against each other gave.

    Parameters
    ----------
    verdict : {"supported", "contradicted", "unresolved", "not assessed"}
        On this comparison alone.
    arithmetic : str
        The numbers and what follows from them, as a sentence.
    basis : str
        What the error of the difference is from.
    rows : tuple of str
        Rows that it is about.
    """

    verdict: Verdict
    arithmetic: str
    basis: str
    rows: tuple[str, ...]


def compare(one: Amount, operator: Operator, other: Amount, *, margin: float = MARGIN) -> Compared:
    """Hold two amounts against each other.

    Parameters
    ----------
    one, other : Amount
        Left and right of the operator.
    operator : {"=", ">", "<", ">=", "<=", "~"}
        ``=``: one value after rounding, whatever its error. Orders: the 95 % interval of the
        difference is on one side of 0. ``~``: its 90 % interval lies within -/+ `margin` (two
        one-sided tests at 5 %).
    margin : float
        Of ``~``, in natural units, above 0.

    Notes
    -----
    Rounding widens every interval. The two are treated as independent: too wide for two arms on the
    same items, which mostly agree, and too narrow, by a factor of up to √2, for two that exclude
    each other, such as the old and the new behaviour.

    Without an error an order is read off the printed numbers, since that is what they say; for
    shares of items the n is given from which its interval would exclude 0, and if that is more than
    `MOST_ITEMS` the order is unresolved. That two numbers are comparable cannot be read off them:
    it is unresolved until an error is known, or contradicted where they are further apart than the
    margin.

    References
    ----------
    Schuirmann 1987, doi:10.1007/BF01068419 (two one-sided tests).
    """
    rows = tuple(dict.fromkeys(one.rows + other.rows))
    if operator == "=":
        verdict, words = _equal(one, other)
        return Compared(verdict=verdict, arithmetic=words, basis="rounding", rows=rows)
    verdict, words = (
        _similar(one, other, margin) if operator == "~" else _ordered(one, operator, other)
    )
    return Compared(verdict=verdict, arithmetic=words, basis=_basis(one, other), rows=rows)


def _equal(one: Amount, other: Amount) -> tuple[Verdict, str]:
    meets = one.span.meets(other.span)
    unit = one.unit
    left, right = (f"{side.text} is {stands_for(side.span, unit)}" for side in (one, other))
    apart = computed(abs(one.value - other.value), "points" if unit else "")
    return (
        "supported" if meets else "contradicted",
        f"{left}; {right}; " + ("equal after rounding" if meets else f"{apart} apart"),
    )


def _ordered(one: Amount, operator: Operator, other: Amount) -> tuple[Verdict, str]:
    sign = 1 if operator in (">", ">=") else -1
    words = _difference(one, other)
    span = one.span - other.span
    low, high = (span if sign > 0 else -span).floats()
    error = _standard_error(one, other)
    if error is not None:
        low, high = low - NORMAL * error, high + NORMAL * error
        return _side(low, high), f"{words}, {_interval(span, NORMAL * error, one.unit, 95)}"
    verdict = _side(low, high)
    gap = abs(float(one.value - other.value))
    spread = _spread(one, other)
    if verdict == "unresolved" or spread is None:
        return verdict, words
    needed = math.floor(spread * (NORMAL / gap) ** 2) + 1
    more = f"; its interval would exclude 0 from {count(needed)} independent items each"
    return ("unresolved" if needed > MOST_ITEMS else verdict), words + more


def _similar(one: Amount, other: Amount, margin: float) -> tuple[Verdict, str]:
    unit = "points" if one.unit else ""
    words = f"{_difference(one, other)}, margin {computed(margin, unit)}"
    span = one.span - other.span
    low, high = span.floats()
    error = _standard_error(one, other)
    if error is None:
        if low > margin or high < -margin:
            return "contradicted", words
        spread, room = _spread(one, other), margin - abs(float(one.value - other.value))
        if spread is None or room <= 0:
            return "unresolved", words
        needed = math.floor(spread * (ONE_SIDED / room) ** 2) + 1
        more = f"; its interval would lie within the margin from {count(needed)} independent items"
        return "unresolved", f"{words}{more} each"
    low, high = low - ONE_SIDED * error, high + ONE_SIDED * error
    said = f"{words}, {_interval(span, ONE_SIDED * error, one.unit, 90)}"
    if -margin < low and high < margin:
        return "supported", said
    return ("contradicted" if low > margin or high < -margin else "unresolved"), said


def _side(low: float, high: float) -> Verdict:
    if low > 0:
        return "supported"
    return "contradicted" if high < 0 else "unresolved"


def _difference(one: Amount, other: Amount) -> str:
    unit = "points" if one.unit else ""
    right = f"({other.text})" if len(other.rows) > 1 else other.text
    return f"{one.text} {MINUS} {right} = {computed(one.value - other.value, unit)}"


def _interval(span: Span, half: float, unit: str, level: int) -> str:
    low, high = span.floats()
    ends = (computed(end, digits=5 if unit else 4) for end in (low - half, high + half))
    if unit:
        ends = (computed(end, "points", 4) for end in (low - half, high + half))
    return f"{level} % interval {' to '.join(ends)}"


def _standard_error(one: Amount, other: Amount) -> float | None:
    if one.variance is None or other.variance is None:
        return None
    return math.sqrt(one.variance + other.variance)


def _spread(one: Amount, other: Amount) -> float | None:
    if one.spread is None or other.spread is None:
        return None
    return one.spread + other.spread


def _basis(one: Amount, other: Amount) -> str:
    known = tuple(dict.fromkeys(one.basis + other.basis))
    return "; ".join(sorted(known)) if known else NO_ERROR
