"""Claims about how many there are."""

from __future__ import annotations

from foresay.claims.asking import Asking
from foresay.claims.claim import Claim
from foresay.claims.judged import Judged
from foresay.claims.kinds.rows import arithmetic, matches
from foresay.claims.numbers import parse_number

COUNTED = ("trials", "items", "predictor", "target", "task", "property", "wording", "model")
"""What an absence counts; any other name is an effect."""


def count(claim: Claim, ask: Asking) -> list[Judged]:
    """Return whether there are as many as is printed; none, for an absence."""
    found = ask.count(claim)
    printed = claim.printed() or parse_number("0")
    right = matches(printed, found, claim.rounding)
    part = Judged(
        verdict="supported" if right else "contradicted",
        value=float(found),
        n=float(found),
        arithmetic=arithmetic(printed, found, claim.rounding, claim.of, right=right),
        choices=f"where={claim.where}" if claim.where else "",
        fingerprint=ask.bench.fingerprint,
    )
    return [part]
