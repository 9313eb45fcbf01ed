"""Every n of a manuscript held against the claims that it stands beside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from foresay.claims.claim import Claim
from foresay.claims.manuscripts.finding import Finding, at_link
from foresay.claims.manuscripts.links import Link
from foresay.claims.manuscripts.mentions import Mention
from foresay.claims.manuscripts.values import is_n, labels, n_differs, near_n

_BEHIND = re.compile(r"[\s\])]{0,3}[,;]?\s{0,2}[(\[]?\s{0,2}(?:(?:of|on|from)\s(?:the\s|all\s)?)?")
_REACH = 16


def counts(
    links: Sequence[Link],
    mentions: Sequence[Mention],
    claims: Mapping[str, Claim],
    fact: Callable[[Link], bool],
) -> Iterator[Finding]:
    """Hold every n against the claims of its sentence; that of one of them is enough.

    A claim whose n stands in its sentence is settled: another n there is of something else, unless
    it stands right behind the claim's number, whose n it then is.
    """
    linked = {id(one.mention) for one in links if one.mention is not None}
    by_sentence: defaultdict[int, dict[str, Link]] = defaultdict(dict)
    ends: defaultdict[tuple[int, int], list[Link]] = defaultdict(list)
    for link in links:
        by_sentence[id(link.sentence)].setdefault(link.claim, link)
        if link.mention is not None:
            ends[id(link.sentence), link.mention.statement.end].append(link)
    asked = [m for m in mentions if m.counts and m.number is not None and id(m) not in linked]
    settled = {
        (id(one.sentence), name)
        for one in asked
        for name in by_sentence[id(one.sentence)]
        if is_n(one, claims[name])
    }
    for one in asked:
        if one.number is None:
            continue
        start = one.statement.start
        near = (ends.get((id(one.sentence), at), ()) for at in range(start - _REACH, start + 1))
        own = [link for links_here in near for link in links_here if _behind(link, one)]
        held = [
            (link, n_differs(one.number, claims[link.claim]))
            for link in own or by_sentence[id(one.sentence)].values()
            if claims[link.claim].n is not None
            and (own or (id(one.sentence), link.claim) not in settled)
            and not labels(one, claims[link.claim])
            and one.counts in ("n", claims[link.claim].n_of)
            and (fact(link) or near_n(one.number, claims[link.claim]))
        ]
        if not held or any(found is None for _, found in held):
            continue
        for link, found in held[:1]:
            if found is not None:
                yield at_link(
                    "n",
                    link,
                    found=found.reason,
                    expected=found.expected,
                    printed=one.printed,
                    fact=fact(link),
                )


def _behind(link: Link, one: Mention) -> bool:
    """Whether an n stands right behind the number of a claim, as in ``49.4 % (n = 600)``."""
    mention = link.mention
    if mention is None:
        return False
    text, start, end = one.sentence.passage.text, mention.statement.end, one.statement.start
    return _BEHIND.fullmatch(text, start, end) is not None
