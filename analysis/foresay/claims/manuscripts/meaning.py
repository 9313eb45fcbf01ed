"""What a printed number says: bounds in words, p-values as bounds, and prints that say nothing."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from fractions import Fraction

from foresay.claims.manuscripts.mentions import Mention
from foresay.claims.printed import Printed, Rounding
from foresay.claims.spans import Span
from foresay.claims.wording import computed

_BOUNDS = {
    **dict.fromkeys(("more than", "over", "above", "greater than", "larger than"), ">"),
    **dict.fromkeys(("less than", "fewer than", "under", "below", "smaller than"), "<"),
    **dict.fromkeys(("at least", "no less than", "no fewer than", "not less than"), ">="),
    **dict.fromkeys(("at most", "up to", "no more than", "not more than"), "<="),
}
_BOUND = re.compile(
    rf"\b({'|'.join(sorted(_BOUNDS, key=len, reverse=True))})\s{{1,3}}$", re.IGNORECASE
)
_REACH = 20


def as_meant(mention: Mention) -> list[Printed]:
    """Return what a number may say: itself, and the bound that words before it make of it.

    "Averaged over 600 items" has the same words as "over 600 items", so either may be meant.
    """
    number = mention.number
    if number is None:
        return []
    words = bound_words(mention)
    relation = _BOUNDS.get(" ".join(words.lower().split()), "=")
    return [number] if relation == "=" else [number, replace(number, relation=relation)]


def bound_words(mention: Mention) -> str:
    """Return the words before a number that make it a bound; "" for none."""
    number = mention.number
    if number is None or number.relation != "=":
        return ""
    text = mention.sentence.passage.text
    found = _BOUND.search(text[max(0, number.start - _REACH) : number.start])
    return found[1] if found else ""


def too_coarse(number: Printed, printed: Printed) -> bool:
    """Whether a number prints no digit of a value: its last digit counts more than all of that.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> [too_coarse(parse_number(one), parse_number(".251")) for one in ("0", ".3", ".25")]
    [True, False, False]
    """
    if number.relation not in ("=", "~") or number.step <= printed.step:
        return False
    return 0 < abs(printed.natural) < number.step


def p_fits(number: Printed, printed: Printed, p: float, rounding: Rounding) -> bool:
    """Whether a p-value is true of the recomputed one; where that is not known, of the ledger's.

    Parameters
    ----------
    number, printed : Printed
        In the manuscript, and in the ledger.
    p : float
        As recomputed; ``nan`` where it is not known, or the ledger's print does not fit it.
    rounding : {"nearest", "half_up", "half_even", "truncation"}

    Notes
    -----
    Without p, a bound has to follow from the ledger's print: ``< .05`` does from ``< .001``.
    """
    if (number.relation, number.natural) == (printed.relation, printed.natural):
        return True
    own, other = number.span(rounding), printed.span(rounding)
    if math.isfinite(p):
        return own.contains(Fraction(p))
    return _within(other, own) if number.relation in ("<", "<=", ">", ">=") else own.meets(other)


def p_shown(p: float) -> str:
    """Return a p-value with two digits, however small.

    Examples
    --------
    >>> p_shown(4.63e-5), p_shown(0.21)
    ('.000046', '.21')
    """
    return computed(p, digits=min(20, 1 - math.floor(math.log10(p)))) if p > 0 else "0"


def _within(inner: Span, outer: Span) -> bool:
    low = outer.low is None or (
        inner.low is not None
        and (
            inner.low > outer.low
            or (inner.low == outer.low and (outer.with_low or not inner.with_low))
        )
    )
    high = outer.high is None or (
        inner.high is not None
        and (
            inner.high < outer.high
            or (inner.high == outer.high and (outer.with_high or not inner.with_high))
        )
    )
    return low and high
