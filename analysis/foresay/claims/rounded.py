"""A recomputed number, written as another one is printed: its digits, unit, zeros and signs."""

from __future__ import annotations

import decimal
import re
from fractions import Fraction

from foresay.claims.printed import Printed, Rounding
from foresay.claims.wording import computed
from foresay.display import MINUS, MISSING, is_missing

_BODY = re.compile(
    r"(?P<sign>[+\-\u2212\u2013]?)(?P<body>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
)
_RELATION = re.compile(r"(?:<=|>=|[<>\u2264\u2265]|\\[lg]eq?)\s*")
_WAYS = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "truncation": decimal.ROUND_DOWN,
    "nearest": decimal.ROUND_HALF_EVEN,
}
_RELATIONS = ("<", "<=", ">", ">=")


def rounded_like(printed: Printed, value: float, rounding: Rounding = "nearest") -> str:
    """Return a number in the way in which another is printed.

    Parameters
    ----------
    printed : Printed
        The print to follow. Where it has a relation (``p < .01``) that holds for the number, it is
        the print itself; where it does not hold, the relation is left out.
    value : float
        In natural units; ``nan`` gives a dash.
    rounding : {"nearest", "half_up", "half_even", "truncation"}
        Ties of ``nearest`` go to the even digit.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> rounded_like(parse_number("49.4 %"), 0.51249), rounded_like(parse_number(".49"), 0.51249)
    ('51.2 %', '.51')
    >>> rounded_like(parse_number("p < .01"), 0.0004), rounded_like(parse_number("p < .01"), 0.2)
    ('p < .01', 'p = .20')
    """
    if is_missing(value):
        return MISSING
    holds = printed.span().contains(Fraction(value))
    if printed.relation in _RELATIONS and holds:
        return printed.text
    found = _BODY.search(printed.text)
    if found is None or printed.decimals < 0 or re.search(r"10|[eE]", printed.text[found.end() :]):
        return computed(value, printed.unit)
    exact = Fraction(value) * (100 if printed.unit else 1)
    digits = max(len(found["body"].partition(".")[2]), 0)
    with decimal.localcontext() as context:
        context.prec = 60
        number = decimal.Decimal(exact.numerator) / decimal.Decimal(exact.denominator)
        number = number.quantize(decimal.Decimal(1).scaleb(-digits), rounding=_WAYS[rounding])
    grouped = "," if "," in found["body"] else ""
    body = f"{abs(number):{grouped}.{digits}f}"
    if found["body"].startswith("."):
        body = body.removeprefix("0")
    zero = not body.strip("0.,")
    sign = "" if zero else MINUS if number < 0 else "+" if found["sign"] == "+" else ""
    before = printed.text[: found.start()]
    if printed.relation in _RELATIONS:
        before = _RELATION.sub("= " * bool(printed.name), before)
    return f"{before}{sign}{body}{printed.text[found.end() :]}"
