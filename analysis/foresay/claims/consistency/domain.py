"""Whether a number lies where it can lie at all."""

from __future__ import annotations

import math

from foresay.claims.consistency.finding import Finding, outcome
from foresay.claims.printed import Printed, Rounding
from foresay.claims.wording import as_printed

RULE = "value within its domain"

DOMAINS: dict[str, tuple[float, float]] = {
    "proportion": (0.0, 1.0),
    "difference": (-1.0, 1.0),
    "error": (0.0, math.inf),
    "number of items": (1.0, math.inf),
}
"""Smallest and largest value by what a number is, in natural units."""


def in_domain(
    value: Printed, what: str, *, rounding: Rounding = "nearest", rows: tuple[str, ...] = ()
) -> Finding:
    """Check that a number can be what it is said to be.

    A proportion is from 0 to 1, a difference of two from -1 to 1, an error 0 or more, and a number
    of items a whole number of 1 or more.

    Parameters
    ----------
    value : Printed
        The number.
    what : {"proportion", "difference", "error", "number of items"}
        What it is.
    rounding, rows
        As in `same_value`.

    Notes
    -----
    The domain is closed and holds no tolerance but that of rounding.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> in_domain(parse_number("103.2 %"), "proportion").arithmetic
    'printed 103.2 %; a proportion is from 0 to 1 (0 % to 100 %)'
    """
    low, high = DOMAINS[what]
    least, most = value.span(rounding).floats()
    bounds = {
        "proportion": "is from 0 to 1 (0 % to 100 %)",
        "difference": "of two proportions is from \u22121 to 1",
        "error": "is 0 or more",
        "number of items": "is a whole number of 1 or more",
    }[what]
    whole = what != "number of items" or value.exact.denominator == 1
    article = "an" if what == "error" else "a"
    return Finding(
        rule=RULE,
        verdict=outcome(holds=whole and most >= low and least <= high),
        rows=rows,
        arithmetic=f"printed {as_printed(value)}; {article} {what} {bounds}",
        numbers={"value": value.value},
    )
