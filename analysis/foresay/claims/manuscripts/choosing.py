"""Which number of a marked passage is the one that its claim prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from foresay.claims.claim import NEEDS, Claim
from foresay.claims.manuscripts.claim_words import VALUES, claim_words
from foresay.claims.manuscripts.mentions import Mention, Sentence
from foresay.claims.manuscripts.passages import Passage, Stretch
from foresay.claims.manuscripts.passed_over import DECIMAL_COMMA, MULTIPLE, passed_over

_P = r"[pP](?:[-\s]?values?)?"
_P_BEFORE = re.compile(
    rf"(?<![^\W\d_]){_P}(?![^\W\d_])\W{{0,4}}(?:[^\W\d_]{{1,10}}\W{{1,3}}){{0,3}}$"
)
_P_VALUE_BEFORE = re.compile(r"(?<![^\W\d_])[pP][-\s]?values?\b[^0-9.;!?]{0,80}$")
_LEVEL = re.compile(r"threshold|level|cut-?off|alpha", re.IGNORECASE)
_P_COLUMN = re.compile(rf"\W*{_P}\W*")
_REACH = 96
_WORD = re.compile(r"[^\W\d_]{2,}")
_NEAR = 24
_FEW = 3
"""Words of a marked passage with digits up to which it prints a number, and is no sentence."""
_WHY = {
    DECIMAL_COMMA: "decimal commas are not read; print a decimal point",
    MULTIPLE: "thousands and millions in words are not read; print the digits",
}


def fits(mention: Mention, claim: Claim) -> bool:
    """Whether a number can be what a claim prints, by its form and what it is called."""
    if claim.value is None and claim.interval is None:
        return False
    number = mention.number
    if number is None:
        # a range can only be an interval that the ledger prints
        interval = claim.value is None and mention.statement.kind == "interval"
        return claim.ends is not None or interval
    if claim.value is None:
        return mention.statement.kind == "interval"
    name = number.name.lower()
    if claim.kind == "count":
        return bool(mention.counts) or not name
    if claim.kind == "significance":
        return name.startswith("p")
    return not mention.counts and not name.startswith("p")


def number_of(claim: Claim, mark: Stretch, near: Sequence[Mention]) -> Mention | None:
    """Return the number that a marked passage prints for its claim.

    Parameters
    ----------
    claim : Claim
        That the mark names.
    mark : Stretch
        What it is around; of no length behind a number, and below 0 before a passage.
    near : sequence of Mention
        The numbers that it may be about, likeliest first.

    Returns
    -------
    Mention or None
        The first that fits. What stands alone in a mark is compared whatever it is called, but for
        the n of the claim; a p-value needs no name where its sentence or column calls it p.
    """
    if claim.value is None and claim.interval is None:
        return None
    # of a claim with a value, a number goes before a range
    ordered = sorted(near, key=lambda m: claim.value is not None and m.number is None)
    first = next((one for one in ordered if fits(one, claim)), None)
    if first is not None or claim.value is None:
        return first
    for one in ordered:
        if _is_p(one, claim, mark) or (_alone(one, mark) and not _own_n(one, claim)):
            return one
    if claim.kind == "significance" and len(ordered) == 1 and _short(ordered[0], mark):
        return ordered[0] if _may_be_p(ordered[0]) else None
    return None


def not_read(
    claim: Claim, mark: Stretch, sentence: Sentence, near: Sequence[Mention]
) -> str | None:
    """Return why a mark is around no number that can be read; None where its claim needs none.

    A claim that bears on words, such as a difference with a direction, may be marked in words.
    """
    if claim.value is None and claim.interval is None:
        return None
    text = sentence.passage.text
    said = text[mark.start : mark.end] if mark.end > mark.start else sentence.text
    if claim.kind not in NEEDS:
        digits = any(letter.isdigit() for letter in said)
        if near or not digits or mark.end <= mark.start or len(_WORD.findall(said)) > _FEW:
            return None
    elif any(_own_n(one, claim) for one in near) or (
        claim.kind in VALUES and claim_words(sentence.text)
    ):
        return None
    return f"marked, but no number could be read{_why(sentence.passage, mark)}"


def _why(passage: Passage, mark: Stretch) -> str:
    start, end = (
        (mark.start, mark.end) if mark.end > mark.start else (mark.start - _NEAR, mark.start)
    )
    first = max(0, start - _NEAR)
    near = replace(passage, text=passage.text[first : end + _NEAR], skipped=())
    for one in passed_over(near):
        if one.said in _WHY and one.start < end - first and start - first < one.end:
            return f": {_WHY[one.said]}"
    return ""


def _alone(mention: Mention, mark: Stretch) -> bool:
    """Whether a mark is around a number and no other words."""
    if mark.end <= mark.start or mention.number is None:
        return False
    text, one = mention.sentence.passage.text, mention.statement
    around = text[mark.start : max(one.start, mark.start)] + text[one.end : mark.end]
    return not re.search(r"\w", around)


def _short(mention: Mention, mark: Stretch) -> bool:
    said = mention.sentence.passage.text[mark.start : mark.end] if mark.end > mark.start else ""
    return bool(said) and len(_WORD.findall(said)) <= _FEW


def _may_be_p(mention: Mention) -> bool:
    number = mention.number
    if number is None or number.name or number.unit or mention.counts:
        return False
    return 0 <= number.exact <= 1


def _is_p(mention: Mention, claim: Claim, mark: Stretch) -> bool:
    number = mention.number
    if claim.kind != "significance" or number is None or not _may_be_p(mention):
        return False
    passage, start = mention.sentence.passage, number.start
    heading = next((c.said for c in passage.columns if c.start <= start < c.end), "")
    behind = mark.start == mark.end and mark.start >= number.end
    right = behind and not re.search(r"\w", passage.text[number.end : mark.start])
    before = passage.text[max(0, start - _REACH) : start]
    named = _P_BEFORE.search(before) or _P_VALUE_BEFORE.search(before)
    if named and _LEVEL.search(named[0]):
        return right
    return right or bool(named or _P_COLUMN.fullmatch(heading))


def _own_n(mention: Mention, claim: Claim) -> bool:
    return claim.n is not None and claim.kind != "count" and bool(mention.counts)
