"""Rules that look at one reported estimate at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from foresay.claims.consistency.domain import in_domain
from foresay.claims.consistency.error_inversion import RULE as INVERSION
from foresay.claims.consistency.error_inversion import chance_to_fit, error_inversion
from foresay.claims.consistency.error_width import RULE as WIDTH
from foresay.claims.consistency.error_width import error_width
from foresay.claims.consistency.finding import Finding
from foresay.claims.consistency.inside_interval import RULE as INSIDE
from foresay.claims.consistency.inside_interval import inside_interval
from foresay.claims.consistency.midpoint import RULE as MIDDLE
from foresay.claims.consistency.midpoint import near_the_middle
from foresay.claims.consistency.whole_count import RULE as WHOLE
from foresay.claims.consistency.whole_count import whole_count
from foresay.claims.premises import Premises
from foresay.claims.printed import Printed
from foresay.claims.reported import Reported

PRECISE = 1e-3
"""Relative width of a printed error below which a match with the binomial one is no chance."""
MATCHES = 2
SHARE = 1 / 3
"""Errors of a table are binomial if this many of the precise ones are, and this share of them."""
CHANCE = 1e-6
"""And if as many matches of bootstrapped errors are no likelier than this."""
TELLING = 0.25
"""Chance of a match up to which a row is counted in that; a likelier one tells nothing."""

_OTHER = "the printed errors are said not to be those of independent items"
_OPEN = (
    "nothing says that the printed errors are those of independent items, and too few of them fit "
    "to tell; --errors binomial says so"
)


def row_findings(found: Sequence[Reported], premises: Premises) -> Iterator[Finding]:
    """Yield the findings on each estimate alone: domain, interval, middle, whole number."""
    counted: set[tuple[int, str]] = set()
    for one in found:
        yield from _domains(one, premises)
        if one.printed_n is not None and (one.row, one.n_from) not in counted:
            # an n that several columns share is looked at once
            counted.add((one.row, one.n_from))
            yield replace(
                in_domain(one.printed_n, "number of items", rows=one.rows[:1]),
                reason=f"n is from {one.n_from}",
            )
        yield from _intervals(one, premises)
        yield _width(one, premises)
        if one.kind != "count share":
            continue
        if one.n is None:
            yield Finding(
                rule=WHOLE, verdict="not possible", rows=one.rows[:1], reason=_without_n(one)
            )
        else:
            made = whole_count(
                one.value,
                one.n,
                parts=premises.parts,
                rounding=premises.rounding,
                rows=one.rows[:1],
            )
            told = made.verdict == "differs"
            yield replace(made, reason=f"n is from {one.n_from}") if told else made


def _without_n(one: Reported) -> str:
    if one.printed_n is None:
        return "n is not printed"
    return "what is printed for n is no number of items"


def _width(one: Reported, premises: Premises) -> Finding:
    if one.error is None or one.low is None or one.high is None:
        reason = "no interval with a standard error is printed"
        return Finding(rule=WIDTH, verdict="not possible", rows=one.rows[:1], reason=reason)
    if one.multiple is None:
        reason = "nothing says whether the printed error is a standard error"
        return Finding(rule=WIDTH, verdict="not possible", rows=one.rows[:1], reason=reason)
    return error_width(
        one.error,
        one.low,
        one.high,
        share=one.value if one.kind in ("count share", "proportion") else None,
        n=one.n,
        multiple=one.multiple,
        method=premises.interval,
        rounding=premises.rounding,
        rows=one.rows,
    )


def error_findings(found: Sequence[Reported], premises: Premises) -> list[Finding]:
    """Return the findings on printed errors.

    Notes
    -----
    A clustered or bootstrapped error is larger or smaller than the binomial one and implies no
    proportion. So unless errors are said to be binomial, they are taken to be only if `MATCHES`
    of those that are printed to `PRECISE` or finer fit the binomial one, and a share of `SHARE`
    of them, and if bootstrapped errors, which are near the binomial ones, would fit as often with
    a probability of `CHANCE` at most. See `chance_to_fit` for one of them.
    """
    asked = [one for one in found if one.error is not None and one.kind == "count share"]
    made = [_inverted(one, premises) for one in asked]
    if premises.errors == "binomial":
        return made
    precise = [
        (one, finding.verdict == "passed")
        for one, finding in zip(asked, made, strict=True)
        if finding.verdict != "not possible" and _is_precise(one.error, premises)
    ]
    matches = sum(fits for _, fits in precise)
    enough = matches >= MATCHES and matches >= SHARE * len(precise)
    if premises.errors == "auto" and enough and _unlikely(precise, premises):
        because = f"{matches} of {len(precise)} printed errors are those of independent items"
        return [replace(one, reason=because) if one.verdict == "differs" else one for one in made]
    reason = _OTHER if premises.errors == "other" else _OPEN
    return [
        one
        if one.verdict == "not possible"
        else replace(one, verdict="not possible", reason=reason)
        for one in made
    ]


def _unlikely(precise: Sequence[tuple[Reported, bool]], premises: Premises) -> bool:
    """Whether so many matches of bootstrapped errors are less likely than `CHANCE` (Chernoff)."""
    chances = [
        (chance, fits)
        for one, fits in precise
        if one.error is not None
        and one.n is not None
        and (chance := _chance(one, one.error, one.n, premises)) <= TELLING
    ]
    matches = sum(fits for _, fits in chances)
    expected = sum(chance for chance, _ in chances)
    if matches <= expected:
        return False
    return matches - expected - matches * math.log(matches / expected) <= math.log(CHANCE)


def _chance(one: Reported, error: Printed, n: int, premises: Premises) -> float:
    return chance_to_fit(one.value, error, n, multiple=one.multiple, rounding=premises.rounding)


def _inverted(one: Reported, premises: Premises) -> Finding:
    if one.n is None or one.error is None:
        return Finding(
            rule=INVERSION, verdict="not possible", rows=one.rows, reason=_without_n(one)
        )
    return error_inversion(
        one.value,
        one.error,
        one.n,
        multiple=one.multiple,
        rounding=premises.rounding,
        rows=one.rows,
    )


def _is_precise(error: Printed | None, premises: Premises) -> bool:
    return error is not None and error.span(premises.rounding).width <= PRECISE * error.value


def _domains(one: Reported, premises: Premises) -> Iterator[Finding]:
    what = {"count share": "proportion", "proportion": "proportion", "difference": "difference"}
    if one.kind in what:
        yield in_domain(one.value, what[one.kind], rounding=premises.rounding, rows=one.rows[:1])
    if one.error is not None:
        yield in_domain(one.error, "error", rounding=premises.rounding, rows=one.rows[-1:])


def _intervals(one: Reported, premises: Premises) -> Iterator[Finding]:
    row = one.rows[:1]
    if one.low is None or one.high is None:
        for rule in (INSIDE, MIDDLE):
            reason = "no interval is printed"
            yield Finding(rule=rule, verdict="not possible", rows=row, reason=reason)
        return
    numbers = (one.value, one.low, one.high)
    yield inside_interval(*numbers, rounding=premises.rounding, rows=row)
    yield near_the_middle(
        *numbers,
        method=premises.interval,
        scale="difference" if one.kind == "difference" else "any",
        rounding=premises.rounding,
        rows=row,
    )
