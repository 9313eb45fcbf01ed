"""Words of claims, weighted by how few claims have them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping

from foresay.claims.claim import Claim
from foresay.claims.manuscripts.mentions import Sentence

_WORD = re.compile(r"\w+")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by can do does for from had has have if in into is it its "
        "not of on or our so than that the their them they this those to was we were which while "
        "who will with about all both each per percent point points",
    )
)
_ENDINGS = ("ions", "ion", "ings", "ing", "ed", "es", "s")


class Vocabulary:
    """Which share of each claim's words a sentence has."""

    def __init__(self, claims: Mapping[str, Claim]) -> None:
        own = {name: _of_claim(claim) for name, claim in claims.items()}
        held = Counter(word for words in own.values() for word in words)
        self._weight = {word: math.log(1 + len(own) / n) for word, n in held.items()}
        self._total = {name: sum(self._weight[w] for w in words) for name, words in own.items()}
        self._claims: defaultdict[str, list[str]] = defaultdict(list)
        for name, words in own.items():
            for word in sorted(words):
                self._claims[word].append(name)

    def shares(self, sentence: Sentence) -> dict[str, float]:
        """Return, of each claim with a word in common, the share of its words; 1 for all."""
        passage = sentence.passage
        near = [sentence.text, passage.context, *(one.said for one in passage.columns)]
        found: defaultdict[str, float] = defaultdict(float)
        for word in sorted(words_of(" ".join(near))):
            for name in self._claims.get(word, ()):
                found[name] += self._weight[word]
        return {name: min(weight / self._total[name], 1.0) for name, weight in found.items()}


def words_of(text: str) -> set[str]:
    """Return the words of a text that say what it is about, without their endings.

    Examples
    --------
    >>> sorted(words_of("The models predicted themselves in 49.4 % of trials"))
    ['model', 'predict', 'themselv', 'trial']
    """
    words = (word.strip("_") for word in _WORD.findall(text.lower()))
    return {_stem(word) for word in words if word and not word.isdecimal() and word not in _COMMON}


def _of_claim(claim: Claim) -> set[str]:
    about = [claim.sentence, claim.of.replace("_", " "), *(str(v) for v in claim.at.values())]
    return words_of(" ".join(about))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
