"""Which numbers and sentences of a manuscript belong to which claims: by marker, or proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from foresay.claims.claim import Claim
from foresay.claims.manuscripts.choosing import fits, not_read, number_of
from foresay.claims.manuscripts.mentions import Mention, Sentence, Text
from foresay.claims.manuscripts.passages import Stretch
from foresay.claims.manuscripts.values import ENDS, agrees, ends_differ, overlaps
from foresay.claims.manuscripts.vocabulary import Vocabulary

How = Literal["marked", "proposed"]

LIKELY = 0.5
"""Confidence from which a number that agrees with a claim is proposed for it."""
ALIKE = 0.6
"""Share of a claim's words from which a sentence is proposed for it without an agreeing number."""
SAME = 0.85
"""The same for a claim whose value stands elsewhere in the manuscript: a sentence like its own with
another number is mostly about something else."""
_SOME = 0.25
_BY_DIGITS = {1: 0.05, 2: 0.25}
_ENOUGH_DIGITS = 0.5
_FEWEST = 2
_ENOUGH_BOTH = 0.75
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A claim and where it is printed.

    Parameters
    ----------
    claim : str
        Its id.
    sentence : Sentence
        That prints it.
    mention : Mention or None
        Its number; None for a claim in words.
    how : {"marked", "proposed"}
        By the author's marker, or by value and words.
    confidence : float
        1 for a marker; else from 0 to 1, a score and no probability.
    agrees : bool
        Of a proposed one: whether its number agrees with the claim.
    line : int
        Of a marker, from 1; 0 where not known.
    unread : str
        Why no number of a marked passage could be read; "" where one was, or none is needed.
    """

    claim: str
    sentence: Sentence
    mention: Mention | None
    how: How
    confidence: float
    agrees: bool = False
    line: int = 0
    unread: str = ""


def marked(text: Text, claims: Mapping[str, Claim]) -> tuple[list[Link], list[Link], list[Link]]:
    """Return the links that markers make, and of others those that make none.

    Returns
    -------
    known, unknown, unread : list of Link
        `unknown` are those whose claim is not in the ledger, `unread` those that are around no
        number that could be read.
    """
    sentences, mentions = _by_passage(text)
    known: list[Link] = []
    unknown: list[Link] = []
    unread: list[Link] = []
    for key, own in sentences.items():
        for mark in own[0].passage.marks:
            sentence, near = _marked(mark, own, mentions[key])
            claim = claims.get(mark.said)
            number = None if claim is None else number_of(claim, mark, near)
            why = ""
            if claim is not None and number is None:
                why = not_read(claim, mark, sentence, near) or ""
            link = Link(
                claim=mark.said,
                sentence=sentence,
                mention=number,
                how="marked",
                confidence=1.0,
                line=text.lines.of_marker(mark.said, sentence.text[:_LONGEST]),
                unread=why,
            )
            (unknown if claim is None else unread if why else known).append(link)
    return known, unknown, unread


def proposed(text: Text, claims: Mapping[str, Claim], known: Sequence[Link]) -> list[Link]:
    """Return links that nobody marked: numbers that agree with a claim, sentences like one.

    Parameters
    ----------
    text : Text
        Of the manuscript.
    claims : mapping
        Id: claim, of the ledger.
    known : sequence of Link
        By markers; their numbers and sentences are not proposed again.

    Notes
    -----
    The words of a claim are those of its sentence and of what it is about, weighted by how few
    claims have them. A number that agrees is as likely its claim's as it has digits: one of three
    digits counts for half, the share of words makes up for the rest. A number of the same unit and
    size that does not agree is proposed where the sentence has most of the claim's words. A number
    whose interval fits too, both of one claim alone, needs no words.
    """
    words = Vocabulary(claims)
    taken = {id(one.mention) for one in known if one.mention is not None}
    done = {(one.claim, id(one.sentence)) for one in known}
    mentions: defaultdict[int, list[Mention]] = defaultdict(list)
    for mention in text.mentions:
        if id(mention) not in taken:
            mentions[id(mention.sentence)].append(mention)
    found: list[Link] = []
    settled = {one.claim for one in known if one.mention is not None}
    for sentence in text.sentences:
        alike = {
            name: share
            for name, share in words.shares(sentence).items()
            if (name, id(sentence)) not in done and claims[name].status != "withdrawn"
        }
        for name in _only_ones(mentions[id(sentence)], claims):
            if (name, id(sentence)) not in done:
                alike.setdefault(name, 0.0)
        found += _best(sentence, mentions[id(sentence)], alike, claims)
    settled |= {one.claim for one in found if one.agrees}
    here = {(one.claim, id(one.sentence)) for one in found if one.agrees}
    return [
        one
        for one in found
        if one.agrees
        or one.claim not in settled
        or one.confidence >= SAME
        or (_is_ends(one.mention) and (one.claim, id(one.sentence)) in here)
    ]


def _is_ends(mention: Mention | None) -> bool:
    """Whether a mention is an interval or range without a number of its own."""
    return mention is not None and mention.number is None


def _only_ones(mentions: Sequence[Mention], claims: Mapping[str, Claim]) -> Iterator[str]:
    """Yield claims that are the only ones whose value and interval a mention prints."""
    for one in mentions:
        if one.number is not None and one.statement.low is not None:
            found = [name for name, claim in claims.items() if _both(one, claim)]
            if len(found) == 1 and claims[found[0]].status != "withdrawn":
                yield found[0]


def _both(mention: Mention, claim: Claim) -> bool:
    """Whether a mention prints both the value and the interval of a claim."""
    if claim.value is None or claim.ends is None or mention.statement.low is None:
        return False
    held = fits(mention, claim) and mention.statement.kind in ENDS
    return held and agrees(mention, claim) and ends_differ(mention, claim) is None


def _best(
    sentence: Sentence,
    mentions: Sequence[Mention],
    alike: Mapping[str, float],
    claims: Mapping[str, Claim],
) -> Iterator[Link]:
    """Yield links in which no number and no claim of a sentence stands twice."""
    options = [
        option
        for order, (name, share) in enumerate(alike.items())
        for option in _options(name, claims[name], share, order, sentence, mentions)
    ]
    used: set[int] = set()
    named: set[tuple[str, bool]] = set()
    for right, confidence, _, _, name, one in sorted(
        options, key=lambda o: (not o[0], -o[1], *o[2:4])
    ):
        ends = _is_ends(one)
        if (name, ends) in named or (one is not None and id(one) in used):
            continue
        named.add((name, ends))
        if one is not None:
            used.add(id(one))
        yield Link(
            claim=name,
            sentence=sentence,
            mention=one,
            how="proposed",
            confidence=confidence,
            agrees=right,
        )


def _options(
    name: str,
    claim: Claim,
    share: float,
    order: int,
    sentence: Sentence,
    mentions: Sequence[Mention],
) -> Iterator[tuple[bool, float, int, int, str, Mention | None]]:
    """Yield whether a number agrees with a claim, how likely it is its own, and their places."""
    if claim.value is None and claim.interval is None:
        if share >= ALIKE and sentence.passage.kind != "table":
            yield False, share, 0, order, name, None
        return
    for at, mention in enumerate(mentions):
        if not fits(mention, claim):
            continue
        if _both(mention, claim):
            yield True, 1 - (1 - share) * (1 - _ENOUGH_BOTH), at, order, name, mention
        elif agrees(mention, claim):
            confidence = 1 - (1 - share) * (1 - _weight(mention))
            if confidence >= LIKELY and share >= _SOME:
                yield True, confidence, at, order, name, mention
        elif share >= ALIKE and _of_a_size(mention, claim):
            yield False, share, at, order, name, mention


def _weight(mention: Mention) -> float:
    number = mention.number
    digits = 3 if number is None else number.digits
    return _BY_DIGITS.get(max(digits, 1), _ENOUGH_DIGITS)


def _of_a_size(mention: Mention, claim: Claim) -> bool:
    number, printed = mention.number, claim.printed()
    if number is None:
        return overlaps(mention, claim)
    if printed is None or bool(number.unit) != bool(printed.unit):
        return False
    if min(number.digits, printed.digits) < _FEWEST:
        return False
    if number.decimals != printed.decimals or number.relation != printed.relation:
        return False
    return abs(printed.value) / 2 <= abs(number.value) <= 2 * abs(printed.value)


def _by_passage(
    text: Text,
) -> tuple[dict[int, list[Sentence]], defaultdict[int, list[Mention]]]:
    sentences: dict[int, list[Sentence]] = {}
    mentions: defaultdict[int, list[Mention]] = defaultdict(list)
    for sentence in text.sentences:
        sentences.setdefault(id(sentence.passage), []).append(sentence)
    for mention in text.mentions:
        mentions[id(mention.sentence.passage)].append(mention)
    return sentences, mentions


def _marked(
    mark: Stretch, sentences: Sequence[Sentence], mentions: Sequence[Mention]
) -> tuple[Sentence, list[Mention]]:
    """Return the sentence of a mark, and the numbers that it may be about, likeliest first."""
    if mark.start < 0:  # before the passage
        first = sentences[0]
        return first, [one for one in mentions if one.sentence is first]
    if mark.end > mark.start:
        sentence = next((s for s in reversed(sentences) if s.start <= mark.start), sentences[0])
        return sentence, [
            one
            for one in mentions
            if one.statement.start < mark.end and one.statement.end > mark.start
        ]
    at = max(mark.start - 1, 0)
    sentence = next((s for s in reversed(sentences) if s.start <= at), sentences[0])
    before = [m for m in mentions if m.sentence is sentence and _end(m) <= mark.start]
    return sentence, before[::-1]


def _end(mention: Mention) -> int:
    """Return where a number ends; its interval may stand behind its mark."""
    return mention.statement.end if mention.number is None else mention.number.end
