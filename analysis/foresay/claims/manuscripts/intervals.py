"""Intervals and ranges that stand in the sentence of a marked claim, linked to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from foresay.claims.claim import Claim
from foresay.claims.manuscripts.links import Link
from foresay.claims.manuscripts.mentions import Mention, Text
from foresay.claims.manuscripts.values import ENDS, agrees, overlaps

BESIDE = 0.7
"""Confidence of a range that may be the interval of the marked claim of its sentence."""


def intervals(text: Text, known: Sequence[Link], claims: Mapping[str, Claim]) -> Iterator[Link]:
    """Yield links of intervals and ranges to the marked claim of their sentence.

    Parameters
    ----------
    text : Text
        Of the manuscript.
    known : sequence of Link
        By markers.
    claims : mapping
        Id: claim, of the ledger.

    Notes
    -----
    What is called an interval belongs to the number before it; a range is only proposed for it,
    unless it agrees. What does not overlap the claim's interval is of something else.
    """
    taken = {id(one.mention) for one in known}
    marks: defaultdict[int, list[Link]] = defaultdict(list)
    for link in known:
        if link.mention is not None and link.mention.statement.low is None:
            marks[id(link.sentence)].append(link)
    for one in text.mentions:
        held = marks.get(id(one.sentence), [])
        if one.number is not None or one.statement.kind not in ENDS or id(one) in taken:
            continue
        likely = [link for link in held if overlaps(one, claims[link.claim])]
        if not likely:
            continue
        near = min(likely, key=lambda link: _away(link, one))
        fits = agrees(one, claims[near.claim])
        sure = fits or one.statement.kind == "interval"
        yield Link(
            claim=near.claim,
            sentence=one.sentence,
            mention=one,
            how="marked" if sure else "proposed",
            confidence=1.0 if sure else BESIDE,
            agrees=fits,
        )


def _away(link: Link, ends: Mention) -> tuple[bool, int]:
    """Return whether a claim's number stands behind an interval, and how far from it."""
    at = ends.statement.start if link.mention is None else link.mention.statement.start
    return at > ends.statement.start, abs(at - ends.statement.start)
