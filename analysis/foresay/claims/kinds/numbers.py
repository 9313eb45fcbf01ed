"""Claims about one number: a value, an interval, a difference, a ratio."""

from __future__ import annotations

from foresay.claims.asking import Asking
from foresay.claims.claim import Claim
from foresay.claims.judged import Judged
from foresay.claims.kinds.orders import order
from foresay.claims.kinds.rows import printed_parts, undefined
from foresay.errors import ChoiceError


def number(claim: Claim, ask: Asking) -> list[Judged]:
    """Return what its printed numbers come to, and its direction where it claims one."""
    (row,) = ask.rows(claim)
    quantity = str(row.get("quantity", ""))
    other = {"difference": "ratio", "ratio": "difference"}.get(claim.kind)
    if quantity and quantity == other:
        raise ChoiceError(f"{claim.of} is a {other}, and the claim is about a {claim.kind}")
    parts = undefined(row, claim) or printed_parts(claim, row)
    if claim.direction is not None and parts[0].verdict != "not assessed":
        parts.append(order(claim, row))
    return parts
