"""What was found about a number, a sentence or a claim of a manuscript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from foresay.claims.manuscripts.links import How, Link
from foresay.claims.manuscripts.mentions import Mention, Sentence

Outcome = Literal["differs", "may differ", "nowhere", "no claim", "agrees"]
OUTCOMES: tuple[Outcome, ...] = ("differs", "may differ", "nowhere", "no claim", "agrees")
"""In the order in which they are shown. ``may differ``: through a link that is only proposed."""

RULES: Mapping[str, str] = {
    "value": "the number is that of its claim",
    "interval": "the interval is that of its claim",
    "half-width": "what stands behind ± is half the width of the interval, or the standard error",
    "read": "a number can be read where a claim is marked",
    "n": "n is that of its claim",
    "marker": "the marked claim is in the ledger",
    "verdict": "the data do not contradict the claim",
    "one value": "a claim has one value wherever it is printed",
    "one n": "n is the same in abstract, text and tables",
    "words": "the words say no more than the verdict",
    "claim": "the number has a claim",
    "printed": "the claim is printed",
}
"""What each rule asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding.

    Parameters
    ----------
    rule : str
        A key of `RULES`.
    outcome : {"differs", "may differ", "nowhere", "no claim", "agrees"}
        What came out.
    claim : str
        Id; "" where there is none.
    how : {"", "marked", "proposed"}
        How the claim was linked.
    confidence : float
        Of a proposed link, from 0 to 1; 1 of a marked one; 0 without a link.
    printed, expected : str
        What stands in the manuscript, and what would fit; "" where no one thing would.
    place : str
        Section and paragraph, or table and row.
    line : int
        Of the file; 0 where not known.
    sentence : str
        That it stands in.
    reason : str
        Why.
    """

    rule: str
    outcome: Outcome
    claim: str = ""
    how: How | Literal[""] = ""
    confidence: float = 0.0
    printed: str = ""
    expected: str = ""
    place: str = ""
    line: int = 0
    sentence: str = ""
    reason: str = ""


def at_link(
    rule: str, link: Link, *, found: str, expected: str = "", printed: str = "", fact: bool = True
) -> Finding:
    """Return that something about a link differs, for sure where the link counts as a fact."""
    return Finding(
        rule=rule,
        outcome="differs" if fact else "may differ",
        claim=link.claim,
        how=link.how,
        confidence=link.confidence,
        printed=printed or ("" if link.mention is None else link.mention.printed),
        expected=expected,
        place=link.sentence.passage.place,
        line=link.line if link.mention is None else link.mention.line or link.line,
        sentence=link.sentence.text,
        reason=found,
    )


def at_number(rule: str, outcome: Outcome, mention: Mention, reason: str) -> Finding:
    """Return a finding about a number without a claim."""
    sentence: Sentence = mention.sentence
    return Finding(
        rule=rule,
        outcome=outcome,
        printed=mention.printed,
        place=sentence.passage.place,
        line=mention.line,
        sentence=sentence.text,
        reason=reason,
    )
