"""Whether two printed numbers say the same value, given how they were rounded."""

from __future__ import annotations

from foresay.claims.consistency.finding import Finding, outcome
from foresay.claims.printed import Printed, Rounding
from foresay.claims.wording import as_printed, stands_for

RULE = "equality after rounding"


def same_value(
    one: Printed, other: Printed, *, rounding: Rounding = "nearest", rows: tuple[str, ...] = ()
) -> Finding:
    """Check that two printed numbers can stand for one true value.

    Parameters
    ----------
    one, other : Printed
        The numbers; their units may differ.
    rounding : {"nearest", "half_up", "half_even", "truncation"}
        How both were rounded.
    rows : tuple of str
        Where they are from.

    Notes
    -----
    The tolerance is what rounding can do and nothing more: the sets of values that the two stand
    for have a value in common. Numbers that were rounded correctly from one value always pass.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> finding = same_value(parse_number("49.4 %"), parse_number(".49406"))
    >>> finding.verdict, finding.arithmetic
    ('passed', '49.4 % stands for 49.35 % to 49.45 %, and .49406 for 49.4055 % to 49.4065 %')
    """
    unit = one.unit or other.unit
    spans = one.span(rounding), other.span(rounding)
    return Finding(
        rule=RULE,
        verdict=outcome(holds=spans[0].meets(spans[1])),
        rows=rows,
        arithmetic=(
            f"{as_printed(one)} stands for {stands_for(spans[0], unit)}, "
            f"and {as_printed(other)} for {stands_for(spans[1], unit)}"
        ),
        numbers={"difference": one.value - other.value},
    )
