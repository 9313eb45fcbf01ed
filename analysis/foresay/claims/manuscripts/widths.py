"""What stands behind ±, held against the interval of its claim or the standard error."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

from foresay.claims.claim import Claim
from foresay.claims.consistency.error_width import FEWEST_CLUSTERS
from foresay.claims.judged import Judged
from foresay.claims.manuscripts.mentions import Mention
from foresay.claims.manuscripts.values import Difference, readings
from foresay.claims.printed import Printed
from foresay.claims.reported import NORMAL
from foresay.claims.spans import Span
from foresay.claims.wording import as_printed, computed

HALF = "half the width of the interval"
ERROR = "the standard error"
_LEVEL = re.compile(r"\blevel=(0?\.[0-9]+)")
_ERROR = r"(?:SEM?|s\.e\.|standard error)(?:\sof)?"
_BEHIND = re.compile(
    rf"[\s\])]{{0,3}}[,;]?\s{{0,2}}[(\[]?\s{{0,2}}(?:(?P<either>±|\+/-|\+-|\\pm)|(?P<error>{_ERROR}))"
    r"\s{0,2}[=:]?\s{0,2}"
)
_REACH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """What is printed behind ± beside a number.

    Parameters
    ----------
    printed : Printed
        The number.
    mention : Mention or None
        Where it is one of its own, in brackets behind the value.
    error : bool
        Whether it is said to be a standard error.
    """

    printed: Printed
    mention: Mention | None = None
    error: bool = False


def width_of(mention: Mention, following: Sequence[Mention]) -> Width | None:
    """Return what stands behind ± beside a number, or right behind it in one of its own."""
    half = mention.statement.half_width
    if half is not None:
        return Width(printed=half)
    text, end = mention.sentence.passage.text, mention.statement.end
    for one in following[:1]:
        number, start = one.number, one.statement.start
        if number is None or not end <= start <= end + _REACH:
            continue
        # the name of "SE = .8" is part of the number
        figures = number.end - len(number.text.split()[-1]) if number.name else start
        found = _BEHIND.fullmatch(text, end, figures)
        if found is not None:
            return Width(printed=number, mention=one, error=found["error"] is not None)
    return None


def width_differs(width: Width, claim: Claim, judged: Judged | None) -> Difference | str:
    """Return how what stands behind ± differs from the claim's interval, or what it fits.

    Parameters
    ----------
    width : Width
        As printed.
    claim : Claim
        Whose printed interval counts, and the recomputed one too.
    judged : Judged, optional
        With the recomputed interval.

    Returns
    -------
    Difference or str
        `HALF`, `ERROR`, or "" where there is no interval to hold it against.

    Notes
    -----
    A standard error is the half-width divided by the normal quantile of the interval's level, or by
    that of t with as few as 4 degrees of freedom.
    """
    halves = list(_halves(claim, judged))
    if not halves:
        return ""
    printed = claim.printed()
    one_of = readings(width.printed, printed) if printed is not None else [width.printed]
    spans = [one.span(claim.rounding) for one in one_of]
    if not width.error and any(span.meets(half) for span in spans for half in halves):
        return HALF
    least = Fraction(_quantile(judged))
    most = least * Fraction(FEWEST_CLUSTERS / NORMAL)
    errors = [
        Span(half.low / most, half.high / least)
        for half in halves
        if half.low is not None and half.high is not None
    ]
    if any(span.meets(error) for span in spans for error in errors):
        return ERROR
    unit = "" if printed is None else printed.unit
    middle = sum(halves[0].floats()) / 2
    half, error = (computed(size, unit, 4) for size in (middle, middle / float(least)))
    fit = f"{ERROR} is about {error}"
    if not width.error:
        fit = f"{HALF} is {half}, {fit}"
    said = f"printed {as_printed(width.printed)}{'' if width.error else ' behind ±'}; {fit}"
    return Difference(expected=fit, reason=said)


def _halves(claim: Claim, judged: Judged | None) -> Iterator[Span]:
    if claim.ends is not None:
        low, high = (end.span(claim.rounding) for end in claim.ends)
        yield (high - low).times(Fraction(1, 2))
    if judged is None or not (math.isfinite(judged.low) and math.isfinite(judged.high)):
        return
    sides = [Fraction(judged.high - judged.low) / 2]
    if math.isfinite(judged.value):
        sides += [Fraction(judged.value - judged.low), Fraction(judged.high - judged.value)]
    if min(sides) > 0:
        yield Span(min(sides), max(sides))


def _quantile(judged: Judged | None) -> float:
    found = _LEVEL.search(judged.choices) if judged is not None else None
    return NORMAL if found is None else NormalDist().inv_cdf((1 + float(found[1])) / 2)
