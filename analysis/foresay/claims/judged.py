"""What the data say of a claim, or of a part of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from foresay.claims.verdicts import Verdict, worst


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict with the numbers that it rests on.

    Parameters
    ----------
    verdict : {"supported", "contradicted", "unresolved", "not assessed"}
    value, low, high : float
        As recomputed, in natural units; ``nan`` where there is none.
    n : float
        Items, or what the claim's `n_of` names.
    p : float
        Of a significance: the p-value that is held against the level; of several, the largest.
    arithmetic : str
        What was printed, what was recomputed, and what follows.
    reason : str
        Why the data cannot tell, or what is missing.
    choices : str
        The named choices of the numbers.
    fingerprint : str
        Of the data.
    """

    verdict: Verdict
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    n: float = math.nan
    p: float = math.nan
    arithmetic: str = ""
    reason: str = ""
    choices: str = ""
    fingerprint: str = ""


def not_assessed(reason: str) -> Judged:
    """Return that a claim could not be checked, and why."""
    return Judged(verdict="not assessed", reason=reason)


def together(parts: Sequence[Judged]) -> Judged:
    """Return the verdict on a claim from those on its parts; its numbers are those of one part.

    They are those of the first part with the verdict that decides.
    """
    if len(parts) == 1:
        return parts[0]
    verdict = worst(part.verdict for part in parts)
    deciding = next((part for part in parts if part.verdict == verdict), not_assessed(""))
    numbers = next((p for p in (deciding, *parts) if not math.isnan(p.value)), deciding)
    reasons = (part.reason for part in parts if part.verdict == verdict)
    return Judged(
        verdict=verdict,
        value=numbers.value,
        low=numbers.low,
        high=numbers.high,
        n=numbers.n,
        p=max((part.p for part in parts if not math.isnan(part.p)), default=math.nan),
        arithmetic="; ".join(dict.fromkeys(p.arithmetic for p in parts if p.arithmetic)),
        reason="; ".join(dict.fromkeys(reason for reason in reasons if reason)),
        choices=numbers.choices,
        fingerprint=numbers.fingerprint,
    )
