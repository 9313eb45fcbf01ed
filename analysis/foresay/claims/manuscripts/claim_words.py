"""Words that claim an order or its absence, held against the verdicts of the linked claims."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from foresay.claims.claim import Claim
from foresay.claims.judged import Judged
from foresay.claims.verdicts import Verdict

Said = Literal["order", "same", "not shown"]
"""``order``: one is higher. ``same``: they are comparable. ``not shown``: no order was found."""

ORDERS = frozenset({"ordering", "significance"})
SAMENESS = frozenset({"equivalence", "plateau", "absence"})
"""Kinds of claims that words of order, and of sameness, rest on."""

VALUES = frozenset({"difference", "ratio"})
"""Kinds that are about a value: supported without a direction, they say nothing of an order."""

_NO = r"\b(?:no|not|never|nor|neither|without|cannot|\w{1,12}n['\u2019]t)\s(?:\w{1,15}\s){0,2}?"
_ORDER = (
    r"(?:significant(?:ly)?|higher|better|greater|larger|stronger|more accurate(?:ly)?|lower|worse"
    r"|smaller|fewer|weaker|less accurate(?:ly)?|(?:more|less) than|exceeds?|exceeded"
    r"|out-?performs?|outperformed|under-?performs?|underperformed|surpass(?:es|ed)?|beats?"
    r"|improves?|improved|increases?|increased|decreases?|decreased)"
)
_SAME = (
    r"(?:comparabl[ey]|similar(?:ly)?|equivalent|indistinguishable|on (?:a )?par|the same"
    r"|equal(?:ly)?|identical|plateaus?|plateaued)"
)
_WORDS = re.compile(
    rf"(?P<weak>{_NO}(?:significant(?:ly)?|clear(?:ly)?|distinguishable|detectable)(?:\s\w{{1,15}}){{0,2}})"
    rf"|(?P<none>\bno (?:\w{{1,15}} )?(?:difference|advantage|effect|gain)s?\b"
    rf"|{_NO}(?:differ|different)\b)"
    rf"|(?P<neither>{_NO}{_ORDER}\b)|(?P<unlike>{_NO}{_SAME}\b)"
    rf"|(?P<same>\b{_SAME}\b)|(?P<order>\b{_ORDER}\b)",
    re.IGNORECASE,
)
_SAID: Mapping[str, Said] = {
    "weak": "not shown",
    "none": "same",
    "neither": "not shown",
    "same": "same",
    "order": "order",
    "unlike": "order",
}


def claim_words(sentence: str) -> list[tuple[str, Said]]:
    """Return the words of a sentence that claim an order, sameness, or that no order was shown.

    Examples
    --------
    >>> claim_words("Self-prediction is higher, and the two tasks show no difference.")
    [('higher', 'order'), ('no difference', 'same')]
    >>> claim_words("It is not significantly higher.")
    [('not significantly higher', 'not shown')]
    """
    return [(found[0], _SAID[str(found.lastgroup)]) for found in _WORDS.finditer(sentence)]


def too_much_said(
    sentence: str, claims: Mapping[str, Claim], judged: Mapping[str, Judged]
) -> list[tuple[str, str, str]]:
    """Return the words of a sentence that the verdicts on its claims do not allow.

    Parameters
    ----------
    sentence : str
        Prose.
    claims : mapping
        Id: claim, of those that the sentence prints.
    judged : mapping
        Id: what the data say of it.

    Returns
    -------
    list of (str, str, str)
        The words, the claim, and why.

    Notes
    -----
    A word of order needs one claim of an order that is supported; a word of sameness one of
    equivalence. Without a claim of an order, a word of order needs a claim of sameness that the
    data contradict, or one that is supported beside a word of sameness ("slightly higher, and
    comparable"). That a difference is unresolved does not say that there is none. Claims that could
    not be assessed allow everything. Which of the compared is the higher is left to the reader.
    """
    order, same = _of(claims, judged, ORDERS), _of(claims, judged, SAMENESS)
    found: list[tuple[str, str, str]] = []
    words = claim_words(sentence)
    has_order, has_same = (any(one == said for _, one in words) for said in ("order", "same"))
    close = has_same and _any(same, "supported")
    for word, said in words:
        if said == "order" and order and not _any(order, "supported"):
            found.append((word, order[0][0], f"{word!r}, and the claim is {order[0][1]}"))
        elif (
            said == "order" and same and not order and not close and not _any(same, "contradicted")
        ):
            name, verdict = same[0]
            found.append((word, name, f"{word!r}, and the claim that there is none is {verdict}"))
        elif said == "same" and same and not _any(same, "supported"):
            found.append((word, same[0][0], f"{word!r}, and the claim is {same[0][1]}"))
        elif said == "same" and order and not same and not has_order:
            name, verdict = order[0]
            why = "does not say that there is none" if verdict == "unresolved" else "says otherwise"
            found.append((word, name, f"{word!r}, and a difference that is {verdict} {why}"))
        elif said == "not shown" and order and all(v == "supported" for _, v in order):
            found.append((word, order[0][0], f"{word!r}, and the claim is supported"))
    return found


def _of(
    claims: Mapping[str, Claim], judged: Mapping[str, Judged], kinds: frozenset[str]
) -> Sequence[tuple[str, Verdict]]:
    return [
        (name, judged[name].verdict)
        for name, claim in claims.items()
        if name in judged
        and judged[name].verdict != "not assessed"
        and (claim.kind in kinds or (kinds is ORDERS and _of_order(claim, judged[name].verdict)))
    ]


def _of_order(claim: Claim, verdict: Verdict) -> bool:
    """Whether a claim about a value bears on words of order: directed, or not even supported."""
    return claim.kind in VALUES and (claim.direction is not None or verdict != "supported")


def _any(found: Sequence[tuple[str, Verdict]], verdict: Verdict) -> bool:
    return any(one == verdict for _, one in found)
