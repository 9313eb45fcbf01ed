"""Claims about how many there are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from foresay.claims.asking import Asking
from foresay.claims.claim import Claim
from foresay.claims.judged import Judged
from foresay.claims.kinds.rows import about, arithmetic, matches, printed_about
from foresay.claims.numbers import parse_number
from foresay.claims.wording import as_printed, computed
from foresay.display import count as display_count

COUNTED = ("trials", "items", "predictor", "target", "task", "property", "wording", "model")
"""What an absence counts; any other name is an effect."""


def count(claim: Claim, ask: Asking) -> list[Judged]:
    """Return whether there are as many as is printed; none, for an absence."""
    found = ask.count(claim)
    printed = claim.printed() or parse_number("0")
    known = Judged(
        verdict="supported",
        value=float(found),
        n=float(found),
        choices=f"where={claim.where}" if claim.where else "",
        fingerprint=ask.bench.fingerprint,
    )
    if printed.relation == "~" and claim.margin is not None:
        right = abs(found - printed.value) <= claim.margin
        said = (
            f"{claim.of}: printed {as_printed(printed)}, margin {computed(claim.margin)}; "
            f"recomputed {display_count(found)}; {'fits' if right else 'differs'}"
        )
    elif printed.relation == "~":
        right = about(printed).contains(Fraction(found))
        said = printed_about(printed, found, claim.of, right=right)
    else:
        right = matches(printed, found, claim.rounding)
        said = arithmetic(printed, found, claim.rounding, claim.of, right=right, exact=True)
    return [replace(known, verdict="supported" if right else "contradicted", arithmetic=said)]
