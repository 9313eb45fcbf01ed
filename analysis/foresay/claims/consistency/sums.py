"""Whether printed parts add up: complements to 1, a difference to its two terms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from foresay.claims.consistency.finding import Finding, outcome
from foresay.claims.printed import Printed, Rounding, Unit
from foresay.claims.spans import Span
from foresay.claims.wording import as_printed, computed, stands_for
from foresay.display import MINUS

COMPLEMENTS = "complements add up"
DIFFERENCE = "difference of its two terms"


def complements(
    parts: Sequence[Printed],
    total: Fraction = Fraction(1),
    *,
    rounding: Rounding = "nearest",
    rows: tuple[str, ...] = (),
) -> Finding:
    """Check that printed parts can add up to a whole.

    Parameters
    ----------
    parts : sequence of Printed
        Shares of one whole, such as the accuracies on old and new behaviour of a property with two
        values.
    total : Fraction
        What they add up to in natural units; 1 is 100 %.
    rounding, rows
        As in `same_value`.

    Notes
    -----
    Each part may be half a step off, so m parts with one step u may miss the whole by m * u / 2:
    33.3 % + 33.3 % + 33.3 % passes. Shares that truly add up always pass.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> complements([parse_number("24.0 %"), parse_number("76.0 %")]).arithmetic
    '24.0 % + 76.0 % = 100 %; rounding allows 99.9 % to 100.1 %'
    """
    span = sum((part.span(rounding) for part in parts), Span(Fraction(0), Fraction(0)))
    unit = _unit(parts)
    found = sum((part.natural for part in parts), Fraction(0))
    words = " + ".join(as_printed(part) for part in parts)
    holds = span.contains(total)
    off = "" if holds else f", not {computed(total, unit)}"
    return Finding(
        rule=COMPLEMENTS,
        verdict=outcome(holds=holds),
        rows=rows,
        arithmetic=(
            f"{words} = {computed(found, unit)}; rounding allows {stands_for(span, unit)}{off}"
        ),
        numbers={"sum": float(found), "total": float(total)},
    )


def difference(
    first: Printed,
    second: Printed,
    printed: Printed,
    *,
    rounding: Rounding = "nearest",
    rows: tuple[str, ...] = (),
) -> Finding:
    """Check that a printed difference can be that of its two printed terms.

    Parameters
    ----------
    first, second : Printed
        The terms of ``first - second``.
    printed : Printed
        The difference that is printed.
    rounding, rows
        As in `same_value`.

    Notes
    -----
    The terms were rounded, and so was the difference, of the unrounded terms or of the rounded
    ones: the sets of values that both sides stand for have one in common. A true difference
    always passes.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> numbers = [parse_number(text) for text in ("48.5 %", "31.8 %", "17 points")]
    >>> difference(*numbers).arithmetic.partition("; ")[2]
    '17 points stands for 16.5 points to 17.5 points'
    """
    span, said = first.span(rounding) - second.span(rounding), printed.span(rounding)
    unit: Unit = "points" if _unit((first, second, printed)) else ""
    found = first.natural - second.natural
    return Finding(
        rule=DIFFERENCE,
        verdict=outcome(holds=span.meets(said)),
        rows=rows,
        arithmetic=(
            f"{as_printed(first)} {MINUS} {as_printed(second)} = {computed(found, unit)} "
            f"({stands_for(span, unit)}); {as_printed(printed)} stands for {stands_for(said, unit)}"
        ),
        numbers={"difference": float(found), "printed": printed.value},
    )


def _unit(numbers: Sequence[Printed]) -> Unit:
    return next((one.unit for one in numbers if one.unit), "")
