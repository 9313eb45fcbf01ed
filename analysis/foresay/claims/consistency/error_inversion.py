"""Which proportion a printed error implies, and whether it is the one that is printed."""

from __future__ import annotations

import math

from foresay.claims.consistency.finding import Finding, outcome
from foresay.claims.printed import Printed, Rounding
from foresay.claims.reported import NORMAL
from foresay.claims.wording import as_printed, computed
from foresay.display import count

RULE = "error implies the estimate"

_NOISE = 1e-9
"""Relative noise of a computed error that is printed with all the digits of a float."""
RESAMPLES = 100_000
"""Resamples of a bootstrap whose errors are not to be taken for binomial ones."""


def multiples(said: float | None) -> tuple[float, ...]:
    """Return what a printed error may be in standard errors: 1.96 is often 1.959964 or 2."""
    if said is None:
        return (1.96, NORMAL, 2.0)
    return (1.96, NORMAL) if abs(said - 1.96) < 0.005 else (said,)


def error_inversion(
    value: Printed,
    error: Printed,
    n: int,
    *,
    multiple: float | None = 1.0,
    rounding: Rounding = "nearest",
    rows: tuple[str, ...] = (),
) -> Finding:
    """Check that a printed binomial error is that of the printed proportion.

    Parameters
    ----------
    value : Printed
        A proportion of `n` independent items.
    error : Printed
        Its standard error times `multiple`.
    n : int
        Number of items.
    multiple : float or None
        1 for a standard error, 1.96 for the half-width of a 95 % interval; None for a half-width
        that says no level: 1.96 or 2.
    rounding, rows
        As in `same_value`.

    Notes
    -----
    error = multiple * sqrt(p(1 - p) / n), or n - 1 for n; either is accepted, and so are 1.96 and
    1.959964. The smallest and largest error that the rounded p can have are held against the set
    of errors that the printed one stands for, and 1e-9 of it for floats. Solved for p there are two
    solutions, p and 1 - p, or none. Only for errors that are said to be binomial: a clustered
    or bootstrapped error implies no p.
    Not possible where the printed error fits every proportion from .3 to .7.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> finding = error_inversion(parse_number(".494"), parse_number(".0120"), 1000)
    >>> finding.verdict, finding.arithmetic
    ('differs', 'printed error .0120 of n = 1,000 implies .174203 or .825797; printed .494')
    """
    words = "error" if multiple == 1 else "half-width"
    printed = f"printed {words} {as_printed(error)} of n = {count(n)}"
    if n < 2 or error.value <= 0:
        reason = "an error above 0 and two items or more are needed"
        return Finding(
            rule=RULE, verdict="not possible", rows=rows, arithmetic=printed, reason=reason
        )
    least, most = error.span(rounding).floats()
    least, most = least * (1 - _NOISE), most * (1 + _NOISE)
    low, high = (min(max(end, 0.0), 1.0) for end in value.span(rounding).floats())
    fits = any(
        _meets(least, most, low, high, times / math.sqrt(items))
        for times in multiples(multiple)
        for items in (n, n - 1)
    )
    if fits and all(
        least <= multiples(multiple)[0] * math.sqrt(p * (1 - p) / n) <= most for p in (0.3, 0.5)
    ):
        reason = "an error with so few digits fits any proportion from .3 to .7"
        return Finding(
            rule=RULE, verdict="not possible", rows=rows, arithmetic=printed, reason=reason
        )
    implied = implied_proportions(error.value, n, multiple)
    solved = " or ".join(computed(p, value.unit) for p in implied) or "no proportion"
    return Finding(
        rule=RULE,
        verdict=outcome(holds=fits),
        rows=rows,
        arithmetic=f"{printed} implies {solved}; printed {as_printed(value)}",
        numbers=dict(zip(("implied", "implied_mirror"), implied, strict=False)),
    )


def implied_proportions(error: float, n: int, multiple: float | None = 1.0) -> tuple[float, ...]:
    """Return the two proportions with a binomial error (with n - 1), low first; () for none."""
    variance = (error / multiples(multiple)[0]) ** 2 * (n - 1)
    if variance > 0.25:
        return ()
    apart = math.sqrt(0.25 - variance)
    return (0.5 - apart, 0.5 + apart)


def chance_to_fit(
    value: Printed,
    error: Printed,
    n: int,
    *,
    multiple: float | None = 1.0,
    rounding: Rounding = "nearest",
) -> float:
    """Return a bound of the chance that an error that is only near the binomial one fits it.

    Notes
    -----
    A bootstrapped error of independent items is the binomial one but for its simulation error,
    about 1 / sqrt(2 B) of it. The density of its ratio to the binomial error is at most
    sqrt(B / pi), here for B = `RESAMPLES`; the bound is that times the relative width of all errors
    that fit: those of the printed digits, of the rounded share, and of n - 1 for n.
    """
    if n < 2 or error.value <= 0:
        return 1.0
    low, high = (min(max(end, 0.0), 1.0) for end in value.span(rounding).floats())
    sizes = [math.sqrt(p * (1 - p)) for p in (low, high)]
    largest = 0.5 if low <= 0.5 <= high else max(sizes)
    if min(sizes) <= 0:
        return 1.0
    alone = error.span(rounding).width / error.value + math.log(largest / min(sizes))
    width = min(2 * alone, alone + 0.5 / (n - 1))  # those of n and of n - 1
    return min(1.0, math.sqrt(RESAMPLES / math.pi) * width * len(multiples(multiple)))


def _meets(least: float, most: float, low: float, high: float, scale: float) -> bool:
    errors = [scale * math.sqrt(p * (1 - p)) for p in (low, high)]
    top = scale * 0.5 if low <= 0.5 <= high else max(errors)
    return min(errors) <= most and least <= top
