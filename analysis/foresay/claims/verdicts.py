"""Verdicts on a claim, and how those of its parts make that of the whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Verdict = Literal["supported", "contradicted", "unresolved", "not assessed"]

WORST_FIRST: tuple[Verdict, ...] = ("contradicted", "not assessed", "unresolved", "supported")
"""A claim about several things holds only where all of them do, so the first of these decides."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict on a claim from those on its parts; *not assessed* without any.

    Examples
    --------
    >>> worst(["supported", "unresolved", "supported"])
    'unresolved'
    """
    found = set(verdicts)
    return next((one for one in WORST_FIRST if one in found), "not assessed")
