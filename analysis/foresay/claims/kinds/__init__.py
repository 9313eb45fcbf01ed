"""How claims of each kind are judged: from a claim and the data to its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from foresay.claims.asking import Asking
from foresay.claims.claim import Claim, Kind
from foresay.claims.judged import Judged
from foresay.claims.kinds.calibrated import calibration
from foresay.claims.kinds.closeness import absence, equivalence, plateau
from foresay.claims.kinds.counting import count
from foresay.claims.kinds.numbers import number
from foresay.claims.kinds.orders import ordering, significance

JUDGES: Mapping[Kind, Callable[[Claim, Asking], list[Judged]]] = {
    "value": number,
    "interval": number,
    "difference": number,
    "ratio": number,
    "ordering": ordering,
    "significance": significance,
    "equivalence": equivalence,
    "plateau": plateau,
    "calibration": calibration,
    "count": count,
    "absence": absence,
}
"""Every kind of claim, and what judges it; what it raises makes the claim *not assessed*."""

__all__ = ["JUDGES"]
