"""Words of order in sentences, as operators."""

from __future__ import annotations

import re

from foresay.claims.relations.language import Operator

_WORDS: dict[Operator, tuple[str, ...]] = {
    ">=": (r"at least as \w+ as", r"no (?:worse|lower|less) than", "at least"),
    "<=": (r"no (?:better|higher|more) than", "at most"),
    "~": (
        r"not (?:significantly |measurably )?(?:different|distinguishable) from",
        r"comparable (?:to|with)",
        r"similar to|close to|on (?:a )?par with|about (?:as|the same)|the same .{0,20}as",
        "plateaus?",
    ),
    "=": (r"equal to|equals|identical to|exactly",),
    ">": (
        r"(?:higher|better|greater|larger|more(?: \w+)?) than",
        r"above|exceeds?|outperforms?|beats?|improves? (?:on|over)|raises?|increases?",
    ),
    "<": (
        r"(?:lower|worse|smaller|less|fewer)(?: \w+)? than",
        r"below|underperforms?|reduces?|decreases?|falls short of",
    ),
}
_OPERATORS = tuple(_WORDS)
_ANY = re.compile(
    "|".join(rf"\b(?P<g{at}>{'|'.join(words)})\b" for at, words in enumerate(_WORDS.values())),
    re.IGNORECASE,
)


def order_words(sentence: str) -> list[tuple[str, Operator]]:
    """Return the words of order in a sentence, each with the operator that it claims.

    Parameters
    ----------
    sentence : str
        English prose.

    Notes
    -----
    Words alone: who is compared with whom, and whether a "not" stands further off, is left to the
    reader. It is for finding sentences that need a relation, and for holding the words of a report
    against a verdict.

    Examples
    --------
    >>> order_words("Self-prediction is comparable to the baseline, but higher than cross")
    [('comparable to', '~'), ('higher than', '>')]
    """
    found: list[tuple[str, Operator]] = []
    for match in _ANY.finditer(sentence):
        group = match.lastgroup or "g0"
        found.append((match[0], _OPERATORS[int(group[1:])]))
    return found
