"""A printed number of a manuscript held against the claim that it prints."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from foresay.claims.claim import Claim
from foresay.claims.judged import Judged
from foresay.claims.manuscripts.meaning import (
    as_meant,
    bound_words,
    p_fits,
    p_shown,
    too_coarse,
)
from foresay.claims.manuscripts.mentions import Mention
from foresay.claims.numbers import find_numbers
from foresay.claims.printed import Printed, Rounding
from foresay.claims.relations import order_words
from foresay.claims.wording import as_printed, computed

RECOMPUTED = ("value", "difference", "ratio", "count", "interval")
"""Kinds whose recomputed value is what is printed."""


ENDS = ("interval", "range")
"""Forms of a statement that print both ends of an interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a number should be, and why it is not that."""

    expected: str
    reason: str


def agrees(mention: Mention, claim: Claim) -> bool:
    """Whether a number, with its rounding, can be the one that a claim reports."""
    printed, number = claim.printed(), mention.number
    if number is None or printed is None:
        held = claim.ends is not None and mention.statement.kind in ENDS
        return held and ends_differ(mention, claim) is None
    return any(_meets(one, printed, claim, mention) for one in _fine(number, printed))


def value_differs(mention: Mention, claim: Claim, judged: Judged | None) -> Difference | None:
    """Return how a number differs from its claim: from the print of the ledger, or the data.

    Two prints agree where one true value rounds to both. With more digits than the ledger prints,
    a number is held against the recomputed value too, if the ledger's own print agrees with that.
    One that prints no digit of the value says nothing of it.
    """
    printed, number = claim.printed(), mention.number
    if printed is None or number is None:
        return None
    if claim.kind == "significance":
        return _p_differs(mention, number, claim, judged)
    meant = [one for one in as_meant(mention) if _meets(one, printed, claim, mention)]
    fine = [one for each in meant for one in _fine(each, printed)]
    if not any(_meets(one, printed, claim, mention) for one in fine):
        why = ", too coarse to tell: " if meant else ", "
        reason = f"{_said(mention, number)}{why}the ledger has {as_printed(printed)}"
        return Difference(expected=as_printed(printed), reason=reason)
    return None if judged is None else _recomputed_differs(mention, fine, claim, judged)


def _said(mention: Mention, number: Printed) -> str:
    return f"printed {f'{bound_words(mention)} {as_printed(number)}'.strip()}"


def _recomputed_differs(
    mention: Mention, fine: Sequence[Printed], claim: Claim, judged: Judged
) -> Difference | None:
    printed, number = claim.printed(), mention.number
    if printed is None or number is None or claim.kind not in RECOMPUTED:
        return None
    if not math.isfinite(judged.value):
        return None
    value = Fraction(judged.value)
    if not printed.span(claim.rounding).contains(value):
        return None
    spans = [one.span(claim.rounding) for each in fine for one in readings(each, printed)]
    if any(span.contains(value) or (-span).contains(value) for span in spans):
        return None
    said = computed(judged.value, printed.unit)
    return Difference(expected=said, reason=f"{_said(mention, number)}, recomputed {said}")


def _p_differs(
    mention: Mention, number: Printed, claim: Claim, judged: Judged | None
) -> Difference | None:
    printed = claim.printed()
    p = math.nan if judged is None else judged.p
    if printed is None:
        return None
    if not math.isfinite(p) or not printed.span(claim.rounding).contains(Fraction(p)):
        p = math.nan
    if any(p_fits(one, printed, p, claim.rounding) for one in as_meant(mention)):
        return None
    reason = f"{_said(mention, number)}, the ledger has {as_printed(printed)}"
    if math.isfinite(p):
        reason = f"{reason}; recomputed p = {p_shown(p)}"
    return Difference(expected=as_printed(printed), reason=reason)


def _fine(number: Printed, printed: Printed) -> list[Printed]:
    """Return the readings of a number that print a digit of the value."""
    return [one for one in readings(number, printed) if not too_coarse(one, printed)]


def ends_differ(mention: Mention, claim: Claim, judged: Judged | None = None) -> Difference | None:
    """Return how the interval behind a number differs from that of its claim.

    It is held against the interval that the ledger prints, else against the recomputed one. A
    range, such as ``48.5 % to 50.3 %``, may be of anything where the ledger prints no interval.
    """
    low, high, form = mention.statement.low, mention.statement.high, mention.statement.kind
    if low is None or high is None or form not in ENDS or (form == "range" and not claim.ends):
        return None
    shown = f"[{as_printed(low)}, {as_printed(high)}]"
    if claim.ends is not None:
        pairs = zip((low, high), claim.ends, strict=True)
        if all(_meets(one, other, claim, mention) for one, other in pairs):
            return None
        expected = f"[{as_printed(claim.ends[0])}, {as_printed(claim.ends[1])}]"
        return Difference(expected=expected, reason=f"printed {shown}, the ledger has {expected}")
    if judged is None or not (math.isfinite(judged.low) and math.isfinite(judged.high)):
        return None
    ends = (Fraction(judged.low), Fraction(judged.high))
    unit = low.unit or (claim.value is not None and _unit(claim)) or ""
    printed = (
        (low, high) if low.unit or not unit else (low.in_unit("percent"), high.in_unit("percent"))
    )
    if all(p.span(claim.rounding).contains(e) for p, e in zip(printed, ends, strict=True)):
        return None
    expected = f"[{computed(judged.low, unit)}, {computed(judged.high, unit)}]"
    return Difference(expected=expected, reason=f"printed {shown}, recomputed {expected}")


def overlaps(mention: Mention, claim: Claim) -> bool:
    """Whether two printed ends, of as many decimals as those of a claim, lie across its interval.

    What else is printed as a range, such as a number of runs or a change, mostly does not.
    """
    low, high = mention.statement.low, mention.statement.high
    if low is None or high is None or claim.ends is None:
        return False
    first, last = claim.ends
    unit = first.unit or last.unit
    if bool(low.unit) and not unit:
        return False
    low, high = (one.in_unit(unit) for one in (low, high))
    alike = low.decimals == first.decimals and high.decimals == last.decimals
    return alike and low.natural <= last.natural and first.natural <= high.natural


def n_differs(number: Printed, claim: Claim) -> Difference | None:
    """Return how a printed n differs from the one that the ledger prints beside a claim."""
    printed = claim.printed("n")
    if printed is None or _one_number(number, printed, "nearest"):
        return None
    expected = as_printed(replace(printed, name="", relation="="))
    said = f"printed {as_printed(number)}, the ledger has {expected}"
    return Difference(expected=expected, reason=said)


def is_n(mention: Mention, claim: Claim) -> bool:
    """Whether a count is the n that the ledger prints beside a claim."""
    if mention.number is None or claim.n is None or mention.counts not in ("n", claim.n_of):
        return False
    return n_differs(mention.number, claim) is None


def labels(mention: Mention, claim: Claim) -> bool:
    """Whether a claim's own sentence has this n, as in ``Self, n = 1000: .633``, and another n."""
    numbers = [one for one in find_numbers(claim.sentence) if one.name.lower() == "n"]
    return mention.number is not None and any(one.exact == mention.number.exact for one in numbers)


def near_n(number: Printed, claim: Claim) -> bool:
    """Whether a count is of the size of a claim's n; what else is called n is mostly not."""
    printed = claim.printed("n")
    return printed is not None and printed.exact / 2 <= number.exact <= 2 * printed.exact


def _unit(claim: Claim) -> str:
    printed = claim.printed()
    return "" if printed is None else printed.unit


def readings(number: Printed, printed: Printed) -> list[Printed]:
    """Return what a number may mean: a bare one may be in the unit that its claim is printed in."""
    return [number] if number.unit or not printed.unit else [number, number.in_unit(printed.unit)]


def _one_number(one: Printed, other: Printed, rounding: Rounding) -> bool:
    """Whether two prints are of one number; with as many decimals they have to be equal."""
    if one.step == other.step and one.relation == other.relation == "=":
        return one.natural == other.natural
    return one.span(rounding).meets(other.span(rounding))


def _meets(number: Printed, printed: Printed, claim: Claim, mention: Mention) -> bool:
    other = printed.span(claim.rounding)
    may_be = readings(number, printed)
    spans = [one.span(claim.rounding) for one in may_be]
    if any(_one_number(one, printed, claim.rounding) for one in may_be):
        return True
    # "lower by 3 points" for a difference of -3
    lower = printed.exact < 0 < number.exact and any(
        operator in ("<", "<=") for _, operator in order_words(mention.sentence.text)
    )
    return lower and any((-span).meets(other) for span in spans)
