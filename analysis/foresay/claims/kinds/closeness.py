"""Claims that something makes no difference: comparable, flat, absent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from foresay.claims.asking import Asking
from foresay.claims.claim import Claim
from foresay.claims.judged import Judged, not_assessed
from foresay.claims.kinds.counting import COUNTED, count
from foresay.claims.kinds.rows import named, of_row, printed_parts, undefined, within
from foresay.claims.wording import computed

NO_MARGIN = "no margin is stated; say which difference does not matter"


def equivalence(claim: Claim, ask: Asking) -> list[Judged]:
    """Return whether differences lie within the margin, by two one-sided tests.

    Notes
    -----
    The interval has the level 1 - 2a, so that it lies within the margin where both one-sided tests
    at the error rate a reject.

    References
    ----------
    Schuirmann 1987, doi:10.1007/BF01068419.
    """
    if claim.margin is None:
        return [not_assessed(NO_MARGIN)]
    rows = ask.rows(claim, level=ask.two_one_sided(claim))
    return _printed(claim, ask) + _each(claim, rows, claim.margin)


def plateau(claim: Claim, ask: Asking) -> list[Judged]:
    """Return whether a trend changes by less than the margin between two levels."""
    rows = ask.plateau(claim, level=ask.two_one_sided(claim))
    parts = _each(claim, rows, float(rows[0]["margin"]))
    if not claim.each and claim.reported:
        parts += [p for row in ask.plateau(claim) for p in printed_parts(claim, row)]
    return parts


def absence(claim: Claim, ask: Asking) -> list[Judged]:
    """Return whether there is none of something: nothing to count, or no effect.

    Notes
    -----
    That no effect was found does not show that there is none: without a margin the claim can be
    contradicted, and is otherwise unresolved.
    """
    if not claim.arms and (claim.of in COUNTED or claim.of in ask.bench.study.tables):
        return count(claim, ask)
    if claim.margin is not None:
        return equivalence(claim, ask)
    parts = []
    for row in ask.rows(claim):
        parts += [
            named(one, row, claim) for one in undefined(row, claim) or [_no_effect(claim, row)]
        ]
    return parts + _printed(claim, ask)


def _each(claim: Claim, rows: list[dict[str, Any]], margin: float) -> list[Judged]:
    parts = []
    for row in rows:
        around = float(row.get("reference") or 0.0)
        found = undefined(row, claim) or [
            within(of_row(row, claim), margin, around=around, said=computed(row["value"]))
        ]
        parts += [named(one, row, claim) for one in found]
    return parts


def _printed(claim: Claim, ask: Asking) -> list[Judged]:
    """Return what printed numbers come to; their interval has the level of the study."""
    if claim.each or not claim.reported:
        return []
    return [part for row in ask.rows(claim) for part in printed_parts(claim, row)]


def _no_effect(claim: Claim, row: dict[str, Any]) -> Judged:
    known = of_row(row, claim)
    reference = float(row.get("reference") or 0.0)
    words = f"{computed(known.value)}, interval {computed(known.low)} to {computed(known.high)}"
    if known.low > reference or known.high < reference:
        return replace(known, verdict="contradicted", arithmetic=words)
    return replace(known, verdict="unresolved", arithmetic=words, reason=NO_MARGIN)
