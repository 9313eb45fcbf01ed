"""Whether a share of n items is a whole number of them (GRIM: Brown & Heathers 2017)."""

from __future__ import annotations

import math

from foresay.claims.consistency.finding import Finding, outcome
from foresay.claims.printed import Printed, Rounding
from foresay.claims.wording import as_printed, computed
from foresay.display import count, decimal

TIMES = "\N{MULTIPLICATION SIGN}"
RULE = "whole number of items"


def whole_count(
    value: Printed,
    n: int,
    *,
    parts: int = 1,
    rounding: Rounding = "nearest",
    rows: tuple[str, ...] = (),
) -> Finding:
    """Check that some k of n items print as the share that is printed.

    Parameters
    ----------
    value : Printed
        A share of `n` items.
    n : int
        Its denominator, 1 or more.
    parts : int
        Parts of a point that one item can score: 2 where ties of two answers are split, k where
        an item scores the share of its k repeats.
    rounding, rows
        As in `same_value`.

    Notes
    -----
    The printed share stands for a set of true values; the check asks whether value * n * parts has
    a whole number in it. Where the set is as wide as 1 / (n * parts), which is for n of
    10^decimals and more, some k always fits: then the check has no power and is *not possible*, not
    passed. Else it passes by chance with probability width * n * parts, which is given. A score
    with fractions that `parts` does not say (ties, means over cells) need not be whole.

    References
    ----------
    Brown & Heathers 2017, doi:10.1177/1948550616673876.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> whole_count(parse_number(".35"), 24).arithmetic.partition(", and ")[2]
    '.333333 (8) and .375 (9) are the nearest shares'
    >>> whole_count(parse_number(".35"), 200).verdict
    'not possible'
    """
    span, units = value.span(rounding), n * parts
    shown, of = as_printed(value), count(n) if parts == 1 else f"{count(n)} {TIMES} {parts}"
    printed = f"printed {shown} of {of}"
    chance = span.width * units
    if chance >= 1:
        reason = (
            f"n = {of} is so large that a whole number of items fits any share printed with "
            f"{max(value.decimals, 0)} decimals"
        )
        return Finding(
            rule=RULE, verdict="not possible", rows=rows, arithmetic=printed, reason=reason
        )
    holds = span.times(units).holds_an_integer()
    product = value.natural * units
    near = math.floor(product)
    if holds:
        words = f"{shown} {TIMES} {of} is {count(round(product))} after rounding"
    else:
        ends = (
            f"{computed((near + step) / units, value.unit)} ({count(near + step)})"
            for step in (0, 1)
        )
        times = decimal(float(product), 3, bounded=False).rstrip("0").rstrip(".")
        words = f"{shown} {TIMES} {of} = {times}, and {' and '.join(ends)} are the nearest shares"
    return Finding(
        rule=RULE,
        verdict=outcome(holds=holds),
        rows=rows,
        arithmetic=f"{printed}; {words}",
        numbers={"product": float(product), "chance_of_passing": chance},
    )
