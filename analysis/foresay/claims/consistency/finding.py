"""What a rule says about some printed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["passed", "differs", "not possible"]
OUTCOMES: tuple[Outcome, ...] = ("passed", "differs", "not possible")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check of one rule.

    Parameters
    ----------
    rule : str
        Name of the rule.
    verdict : {"passed", "differs", "not possible"}
        ``not possible``: the numbers cannot decide it, or what it needs is not printed.
    rows : tuple of str
        Ids of the rows that the numbers are from.
    arithmetic : str
        The printed numbers and what follows from them, as a sentence.
    reason : str
        Why a check was not possible, or what was taken for granted.
    numbers : mapping
        Computed numbers by name, in natural units.
    """

    rule: str
    verdict: Outcome
    rows: tuple[str, ...] = ()
    arithmetic: str = ""
    reason: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


def outcome(*, holds: bool) -> Outcome:
    """Return the verdict of a check that was possible."""
    return "passed" if holds else "differs"
