"""An expression of printed numbers as an amount: value, what rounding allows, and its error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from foresay.claims.printed import Printed, Rounding, Unit
from foresay.claims.relations.language import Expression
from foresay.claims.reported import Reported
from foresay.claims.spans import Span
from foresay.claims.wording import as_printed
from foresay.display import MINUS, count

NO_ERROR = "no interval, error or n is printed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What one side of a relation comes to.

    Parameters
    ----------
    text : str
        The expression, with the numbers as they are printed.
    value : Fraction
        In natural units.
    span : Span
        What the true value may be by rounding alone.
    unit : {"", "percent", "points"}
        The unit that is printed.
    variance : float or None
        Of the expression, as if its terms were independent; None where it is not known.
    spread : float or None
        Sum of p(1 - p) over its terms: the variance if each had one item. None where a term is no
        share of items.
    basis : tuple of str
        Where the variance is from.
    rows : tuple of str
        Rows of the terms.
    """

    text: str
    value: Fraction
    span: Span
    unit: Unit
    variance: float | None
    spread: float | None
    basis: tuple[str, ...]
    rows: tuple[str, ...]


def amount(
    side: Expression,
    table: Mapping[str, Reported],
    *,
    unit: Unit = "",
    rounding: Rounding = "nearest",
) -> Amount:
    """Return what an expression comes to.

    Parameters
    ----------
    side : Expression
        Without stars; all names are in the table.
    table : mapping
        Name to estimate.
    unit : {"", "percent", "points"}
        Unit that the rows print; bare numbers of the relation are in it: the 100 of
        ``a + b = 100``.
    rounding
        How numbers of the table were rounded. Numbers of the relation are exact.

    Notes
    -----
    The variance of a term is that of its printed interval (taken for a normal one of 95 %), else of
    its printed error, else binomial from n, as if items were independent.
    """
    value, span = Fraction(0), Span(Fraction(0), Fraction(0))
    variance: float | None = 0.0
    spread: float | None = 0.0
    words, basis, rows = "", [], []
    for sign, term in side.terms:
        if term.number is not None:
            printed = term.number.in_unit(unit)
            exact = printed.natural
            term_span = Span(exact, exact)
        else:
            one = table[term.name]
            printed, term_span = one.value, one.value.span(rounding)
            exact = printed.natural
            error, said = _error(one)
            variance = None if variance is None or error is None else variance + error**2
            p = printed.value
            shares = spread is not None and one.kind == "count share" and 0 <= p <= 1
            spread = spread + p * (1 - p) if shares and spread is not None else None
            basis.append(said)
            rows.append(term.name)
        value += sign * exact
        span = span + (term_span if sign > 0 else -term_span)
        glue = (" + " if sign > 0 else f" {MINUS} ") if words else ("" if sign > 0 else MINUS)
        words += glue + _number(printed, one=term.name)
    return Amount(
        text=words,
        value=value,
        span=span,
        unit=unit,
        variance=variance,
        spread=spread,
        basis=tuple(dict.fromkeys(basis)),
        rows=tuple(rows),
    )


def _number(printed: Printed, *, one: str) -> str:
    return f"{as_printed(printed)} ({one})" if one else as_printed(printed)


def _error(one: Reported) -> tuple[float | None, str]:
    standard = one.standard_error
    if standard is not None:
        whole = one.low is not None and one.high is not None and one.high.value > one.low.value
        return standard, "printed interval" if whole else "printed error"
    p = one.value.value
    if one.n and one.kind == "count share" and 0 < p < 1:
        return math.sqrt(p * (1 - p) / one.n), f"binomial error from n = {count(one.n)}"
    return None, NO_ERROR
