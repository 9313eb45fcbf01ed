"""A manuscript checked against the ledger of its study."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foresay.claims.claim import Claim
from foresay.claims.judged import Judged
from foresay.claims.ledger import Ledger
from foresay.claims.manuscripts.beside import counts
from foresay.claims.manuscripts.claim_words import too_much_said
from foresay.claims.manuscripts.drift import one_n, one_value
from foresay.claims.manuscripts.finding import OUTCOMES, Finding, at_link, at_number
from foresay.claims.manuscripts.intervals import intervals
from foresay.claims.manuscripts.links import Link, marked, proposed
from foresay.claims.manuscripts.mentions import Mention, mentions_of
from foresay.claims.manuscripts.reading import read_manuscript
from foresay.claims.manuscripts.result import ManuscriptCheck
from foresay.claims.manuscripts.values import Difference, ends_differ, value_differs
from foresay.claims.manuscripts.widths import Width, width_differs, width_of
from foresay.errors import ChoiceError
from foresay.study import nearest


def check_manuscript(
    path: Path,
    ledger: Ledger,
    judged: Mapping[str, Judged] | None = None,
    *,
    accept: float | None = None,
) -> ManuscriptCheck:
    """Hold every number of a manuscript against the ledger of its study.

    Parameters
    ----------
    path : Path
        A manuscript in Markdown (.md), Quarto (.qmd), LaTeX (.tex) or Word (.docx).
    ledger : Ledger
        The claims.
    judged : mapping, optional
        Id: what the data say, of `Checked.judged`. Without it words are not held against verdicts,
        nor numbers against recomputed ones.
    accept : float, optional
        Confidence from which a proposed link counts as if it were marked, above 0 and at most 1.

    Returns
    -------
    ManuscriptCheck
        Nothing is taken as a fact that was only proposed, unless `accept` says so.

    Raises
    ------
    SourceError
        The manuscript cannot be read.
    ChoiceError
        `accept` is out of range.
    """
    if accept is not None and not 0 < accept <= 1:
        raise ChoiceError(f"accept is {accept}; it has to be above 0 and at most 1, such as 0.8")
    manuscript = read_manuscript(path)
    text = mentions_of(manuscript)
    known, unknown, unread = marked(text, ledger.claims)
    known += intervals(text, known, ledger.claims)
    likely = proposed(text, ledger.claims, [*known, *unread])
    check = _Check(ledger.claims, judged or {}, 2.0 if accept is None else accept)
    links = [*known, *likely]
    widths = check.widths(links, text.mentions)
    found = [
        *check.markers(unknown, [*known, *unread]),
        *(at_link("read", link, found=link.unread) for link in unread),
        *check.verdicts([*links, *unread]),
        *check.numbers(links, widths),
        *counts(links, text.mentions, ledger.claims, check.fact),
        *one_value([one for one in links if check.fact(one)], ledger.claims),
        *one_n(text.mentions),
        *check.words(links),
        *check.unclaimed(links, text.mentions, widths),
        *check.unprinted(links, manuscript.called),
    ]
    found.sort(key=lambda one: OUTCOMES.index(one.outcome))
    return ManuscriptCheck(
        name=path.name,
        findings=tuple(found),
        numbers=len(text.mentions),
        passed_over=text.passed_over,
        notes=manuscript.notes,
    )


@dataclass(frozen=True, slots=True)
class _Check:
    claims: Mapping[str, Claim]
    judged: Mapping[str, Judged]
    accept: float

    def fact(self, link: Link) -> bool:
        return link.how == "marked" or link.confidence >= self.accept

    def markers(self, unknown: Sequence[Link], known: Sequence[Link]) -> Iterator[Finding]:
        times = Counter(link.claim for link in unknown)
        for link in {one.claim: one for one in reversed(unknown)}.values():
            near = nearest(link.claim, list(self.claims))
            more = f"; it is named {times[link.claim]} times" if times[link.claim] > 1 else ""
            found = f"no claim {link.claim!r} in the ledger; {near}{more}"
            yield at_link("marker", link, found=found)
        for link in known:
            if self.claims[link.claim].status == "withdrawn":
                yield at_link("marker", link, found="the claim was withdrawn")

    def verdicts(self, links: Sequence[Link]) -> Iterator[Finding]:
        seen: set[str] = set()
        for link in links:
            data = self.judged.get(link.claim)
            if data is not None and data.verdict == "contradicted" and link.claim not in seen:
                seen.add(link.claim)
                said = f": {data.arithmetic}" if data.arithmetic else ""
                found = f"the data contradict the claim{said}"
                yield at_link("verdict", link, found=found, fact=self.fact(link))

    def widths(self, links: Sequence[Link], mentions: Sequence[Mention]) -> Mapping[int, Width]:
        """Return what stands behind ± of each link's number, by the identity of that."""
        linked = {id(link.mention) for link in links}
        of_sentence: defaultdict[int, list[Mention]] = defaultdict(list)
        for one in mentions:
            if id(one) not in linked:
                of_sentence[id(one.sentence)].append(one)
        found: dict[int, Width] = {}
        for link in links:
            if link.mention is not None and link.mention.number is not None:
                others = of_sentence[id(link.sentence)]
                at = bisect_left(others, link.mention.statement.end, key=_start)
                width = width_of(link.mention, others[at : at + 1])
                if width is not None:
                    found[id(link.mention)] = width
        return found

    def numbers(self, links: Sequence[Link], widths: Mapping[int, Width]) -> Iterator[Finding]:
        for link in links:
            claim, data, one = self.claims[link.claim], self.judged.get(link.claim), link.mention
            if one is None:
                continue
            fact = self.fact(link)
            value = value_differs(one, claim, data)
            ends = ends_differ(one, claim, data)
            width = widths.get(id(one))
            half = "" if width is None else width_differs(width, claim, data)
            apart = half if isinstance(half, Difference) else None
            for rule, found in (("value", value), ("interval", ends), ("half-width", apart)):
                if found is not None:
                    own = width.mention if width is not None and rule == "half-width" else None
                    yield at_link(
                        rule,
                        link,
                        found=found.reason,
                        expected=found.expected,
                        printed="" if own is None else own.printed,
                        fact=fact,
                    )
            if value is None and ends is None and apart is None:
                yield Finding(
                    rule="value",
                    outcome="agrees",
                    claim=link.claim,
                    how=link.how,
                    confidence=link.confidence,
                    printed=one.printed,
                    place=link.sentence.passage.place,
                    line=one.line,
                    sentence=link.sentence.text,
                    reason=f"what stands behind ± is {half}" if half else "",
                )

    def words(self, links: Sequence[Link]) -> Iterator[Finding]:
        by_sentence: defaultdict[int, dict[str, Link]] = defaultdict(dict)
        for link in links:
            by_sentence[id(link.sentence)].setdefault(link.claim, link)
        for held in by_sentence.values():
            sentence = next(iter(held.values())).sentence.text
            claims = {name: self.claims[name] for name in held}
            for word, name, reason in too_much_said(sentence, claims, self.judged):
                link = held[name]
                yield at_link("words", link, found=reason, printed=word, fact=self.fact(link))

    def unclaimed(
        self, links: Sequence[Link], mentions: Sequence[Mention], widths: Mapping[int, Width]
    ) -> Iterator[Finding]:
        linked = {id(one.mention) for one in links if one.mention is not None}
        linked |= {id(one.mention) for one in widths.values() if one.mention is not None}
        with_n = {id(one.sentence): self.claims[one.claim] for one in links}
        for one in mentions:
            claim = with_n.get(id(one.sentence))
            named = one.number is not None and one.number.name.lower() == "n"
            of_claim = claim is not None and (named or one.counts in ("n", claim.n_of))
            if id(one) in linked or of_claim:
                continue
            yield at_number("claim", "no claim", one, "no claim of the ledger is linked")

    def unprinted(self, links: Sequence[Link], called: Sequence[str]) -> Iterator[Finding]:
        sure = {one.claim for one in links if self.fact(one)} | set(called)
        likely: dict[str, Link] = {}
        for one in links:
            likely.setdefault(one.claim, one)
        for name, claim in self.claims.items():
            if name in sure or claim.status == "withdrawn" or name in likely:
                continue
            yield Finding(
                rule="printed",
                outcome="nowhere",
                claim=name,
                expected=claim.reported,
                sentence=claim.sentence,
                reason="no marker names it, and no number or sentence is likely to be it",
            )


def _start(mention: Mention) -> int:
    return mention.statement.start
