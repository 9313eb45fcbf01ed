"""Claims about an order, and about the significance of a difference."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from foresay.claims.asking import Asking
from foresay.claims.claim import Claim
from foresay.claims.judged import Judged
from foresay.claims.kinds.rows import matches, named, of_row, printed_parts, undefined
from foresay.claims.wording import as_printed, computed
from foresay.display import p_text
from foresay.errors import ChoiceError
from foresay.measures.kinds import Difference
from foresay.measures.registry import measures
from foresay.study import nearest

_WHOLE = 1e-6
_ERRORS = 2.0
"""Standard errors of a drawn p-value within which it cannot be told from the level."""


def ordering(claim: Claim, ask: Asking) -> list[Judged]:
    """Return the verdict on an order for every pair of neighbours and every group."""
    parts = []
    for row in ask.rows(claim):
        found = undefined(row, claim) or [order(claim, row)]
        if len(claim.arms) < 3 and not claim.each and found[0].verdict != "not assessed":
            found += printed_parts(claim, row)
        parts += [named(one, row, claim) for one in found]
    return parts


def order(claim: Claim, row: dict[str, Any]) -> Judged:
    """Return whether the interval of a number lies on the claimed side of its reference.

    Notes
    -----
    With a margin, ``>`` has to be more than that above the reference, and ``>=`` no more than that
    below it.
    """
    direction = claim.direction or ">"
    known = of_row(row, claim)
    reference = _reference(claim, row)
    sign = 1.0 if direction.startswith(">") else -1.0
    margin = (claim.margin or 0.0) * (-1 if direction.endswith("=") else 1)
    border = reference + sign * margin
    low, high = sorted((sign * (known.low - border), sign * (known.high - border)))
    words = (
        f"{computed(known.value)}, interval {computed(known.low)} to {computed(known.high)}, "
        f"claimed to be {direction} {computed(border)}"
    )
    if math.isnan(low) or math.isnan(high):
        return replace(known, verdict="not assessed", reason="no interval was computed")
    than = claim.printed("than")
    if than is not None and not than.unit and than.value > 1 and _is_share(claim.of):
        reason = f"{claim.of} is at most 1, and than is {than.text}; did you mean {than.text} %?"
        return replace(known, verdict="not assessed", reason=reason)
    if low > 0 or (low == 0 and direction.endswith("=")):
        return replace(known, verdict="supported", arithmetic=words)
    if high < 0 or (high == 0 and not direction.endswith("=")):
        return replace(known, verdict="contradicted", arithmetic=words)
    reason = f"the interval reaches across {computed(border)}"
    return replace(known, verdict="unresolved", arithmetic=words, reason=reason)


def significance(claim: Claim, ask: Asking) -> list[Judged]:
    """Return whether a difference is significant after the declared correction of its family.

    Raises
    ------
    ChoiceError
        The claim names a family that does not test it.
    """
    parts = []
    for row in ask.rows(claim):
        found = undefined(row, claim) or _tested(claim, row, ask)
        parts += [named(one, row, claim) for one in found]
    return parts


def _tested(claim: Claim, row: dict[str, Any], ask: Asking) -> list[Judged]:
    family = str(row.get("family") or "")
    if claim.family and claim.family != family:
        known = list(ask.bench.study.families)
        hint = nearest(claim.family, known)
        raise ChoiceError(f"{claim.of} is not tested in the family {claim.family!r}; {hint}")
    known_row = of_row(row, claim)
    p = float(row.get("p_adjusted" if family else "p_value", math.nan))
    if math.isnan(p):
        reason = "it has no test; its contrast says test: none, or there are too few clusters"
        return [replace(known_row, verdict="not assessed", reason=reason)]
    known_row = replace(known_row, p=p)
    alpha = ask.alpha(claim, row)
    corrected = f", corrected in the family {family}" if family else ", not corrected"
    side = "at most" if p <= alpha else "above"
    words = f"{p_text(p)}{corrected}, which is {side} the level {computed(alpha)}"
    part = replace(
        known_row, arithmetic=words, verdict="supported" if p <= alpha else "contradicted"
    )
    flips = ask.flips(claim)
    error = math.sqrt(alpha * (1 - alpha) / flips) if _drawn(row, flips) else 0.0
    if abs(p - alpha) < _ERRORS * error:
        reason = "the p-value is drawn, and too near the level to tell; more resamples would"
        part = replace(part, verdict="unresolved", reason=reason)
    parts = [part, *_p_value(claim, p, known_row), *printed_parts(claim, row, value=False)]
    if claim.direction is not None:
        parts.append(_side(claim, row))
    return parts


def _drawn(row: dict[str, Any], flips: int) -> bool:
    """Whether a p-value is (b + 1) / (flips + 1), as it is where not all flips are counted."""
    times = float(row.get("p_value", math.nan)) * (flips + 1)
    return str(row.get("test")) == "sign_flip" and abs(times - round(times)) < _WHOLE


def _p_value(claim: Claim, p: float, known: Judged) -> list[Judged]:
    printed = claim.printed()
    if printed is None:
        return []
    right = matches(printed, p, claim.rounding)
    words = (
        f"printed {as_printed(printed)}; recomputed {p_text(p)}; {'fits' if right else 'differs'}"
    )
    verdict = replace(known, verdict="supported" if right else "contradicted", arithmetic=words)
    return [verdict]


def _side(claim: Claim, row: dict[str, Any]) -> Judged:
    """Return whether a difference has the claimed sign; that it differs was tested already."""
    known, reference = of_row(row, claim), _reference(claim, row)
    above = known.value > reference
    right = above == str(claim.direction).startswith(">")
    words = f"{computed(known.value)} is {'above' if above else 'not above'} {computed(reference)}"
    return replace(known, verdict="supported" if right else "contradicted", arithmetic=words)


def _is_share(of: str) -> bool:
    measure = measures().get(of)
    return measure is not None and measure.kind.high <= 1


def _reference(claim: Claim, row: dict[str, Any]) -> float:
    than = claim.printed("than")
    if than is not None:
        return float(than.natural)
    measure = measures().get(claim.of)
    if measure is not None and "reference" not in row and isinstance(measure.kind, Difference):
        return 0.0
    reference = row.get("reference")
    if reference is None or math.isnan(float(reference)):
        raise ChoiceError(
            f"{claim.of} has no value of no effect; say what it is held against with than, or name "
            "arms"
        )
    return float(reference)
