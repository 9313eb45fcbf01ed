"""Claims that confidence is calibrated, or is not."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from foresay.claims.asking import Asking
from foresay.claims.claim import Claim
from foresay.claims.judged import Judged
from foresay.claims.kinds.rows import named, of_row, printed_parts, undefined, within
from foresay.claims.verdicts import Verdict
from foresay.claims.wording import computed
from foresay.display import p_text

PERFECT = {"calibration_slope": 1.0}
"""Value of perfect calibration where it is not 0."""


def calibration(claim: Claim, ask: Asking) -> list[Judged]:
    """Return whether confidence is as the claim says.

    Notes
    -----
    With a margin, calibrated is an interval within it. Without, the measure is held against data
    that are as the confidences say: too far out contradicts calibration, and otherwise it is
    unresolved, since no deviation found is not none.
    """
    parts = []
    for row in ask.calibration(claim):
        found = undefined(row, claim) or [_judged(claim, row, 1 - ask.level(claim))]
        if not claim.each and found[0].verdict != "not assessed":
            found += printed_parts(claim, row)
        parts += [named(one, row, claim) for one in found]
    return parts


def _judged(claim: Claim, row: dict[str, Any], alpha: float) -> Judged:
    known = of_row(row, claim)
    if claim.margin is not None:
        close = within(known, claim.margin, around=PERFECT.get(claim.of, 0.0))
        if claim.calibrated or close.verdict in ("unresolved", "not assessed"):
            return close
        turned: Verdict = "contradicted" if close.verdict == "supported" else "supported"
        return replace(close, verdict=turned)
    p = float(row["null_p"])
    words = (
        f"{computed(known.value)}; data that are as the confidences say are as far out with "
        f"{p_text(p)}"
    )
    if math.isnan(p):
        reason = f"{claim.of} has no null to be held against; state a margin"
        return replace(known, verdict="not assessed", reason=reason)
    if p <= alpha:
        verdict: Verdict = "contradicted" if claim.calibrated else "supported"
        return replace(known, verdict=verdict, arithmetic=words)
    reason = "it is not told from calibrated data; a margin would say what close enough is"
    return replace(known, verdict="unresolved", arithmetic=words, reason=reason)
