"""Numbers that should be the same at several places of a manuscript, and are not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from foresay.claims.claim import Claim
from foresay.claims.manuscripts.finding import Finding, at_link, at_number
from foresay.claims.manuscripts.links import Link
from foresay.claims.manuscripts.meaning import as_meant
from foresay.claims.manuscripts.mentions import Mention
from foresay.claims.printed import Printed, Rounding
from foresay.display import count

LEAST = 100
"""Smaller counts are too often near each other to say anything."""


def one_value(links: Sequence[Link], claims: Mapping[str, Claim]) -> Iterator[Finding]:
    """Yield claims that are printed with values that do not round from one true value."""
    by_claim: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        if _number(link) is not None:
            by_claim[link.claim].append(link)
    for name, found in by_claim.items():
        rounding, first = claims[name].rounding, found[0]
        others = [other for other in found[1:] if _apart(first, other, rounding)]
        if not others:
            continue
        values: dict[str, str] = {}
        for one in (first, *others):
            if one.mention is not None:
                values.setdefault(one.mention.printed, one.sentence.passage.place)
        yield at_link(
            "one value",
            others[0],
            found="; ".join(f"printed {value} in {place}" for value, place in values.items()),
            printed="; ".join(values),
        )


def _number(link: Link) -> Printed | None:
    return None if link.mention is None else link.mention.number


def _apart(one: Link, other: Link, rounding: Rounding) -> bool:
    a, b = _number(one), _number(other)
    if a is None or b is None or bool(a.unit) != bool(b.unit):
        return False
    meant = [[] if link.mention is None else as_meant(link.mention) for link in (one, other)]
    return not any(x.span(rounding).meets(y.span(rounding)) for x in meant[0] for y in meant[1])


def one_n(mentions: Sequence[Mention]) -> Iterator[Finding]:
    """Yield counts of one place whose like stands at another with a digit changed or two swapped.

    Abstract, text with captions and footnotes, and tables are the places. A count that is printed
    at two of them is no drift, and nor is one whose like stands at its own place too.
    """
    groups: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.counts and mention.number is not None and mention.number.exact >= LEAST:
            groups[mention.counts].append(mention)
    for group in groups.values():
        places: defaultdict[int, dict[str, Mention]] = defaultdict(dict)
        for one in group:
            places[_value(one)].setdefault(_where(one), one)
        single = [(value, held) for value, held in places.items() if len(held) == 1]
        for value, held in single:
            (where, mention), *_ = held.items()
            near = sorted(
                other for other, at in places.items() if _alike(value, other) and where not in at
            )
            # of two that stand at one place each, the later is named
            near = [n for n in near if len(places[n]) > 1 or _before(places[n], mention, group)]
            if near:
                at = next(iter(places[near[0]].values())).sentence.passage.place
                yield at_number(
                    "one n",
                    "may differ",
                    mention,
                    f"printed {mention.printed}, and {count(near[0])} in {at}",
                )


def _value(mention: Mention) -> int:
    return 0 if mention.number is None else int(mention.number.exact)


def _where(mention: Mention) -> str:
    kind = mention.sentence.passage.kind
    return kind if kind in ("abstract", "table") else "text"


def _alike(one: int, other: int) -> bool:
    if one == other:
        return False
    a, b = str(one), str(other)
    if len(a) != len(b):
        return False
    changed = sum(x != y for x, y in zip(a, b, strict=True))
    return changed == 1 or (changed == 2 and Counter(a) == Counter(b))


def _before(held: Mapping[str, Mention], mention: Mention, group: Sequence[Mention]) -> bool:
    order = {id(one): at for at, one in enumerate(group)}
    return min(order[id(one)] for one in held.values()) < order[id(mention)]
