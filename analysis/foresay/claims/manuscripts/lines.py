"""Lines of a manuscript's file on which its numbers stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict

_DIGITS = re.compile(r"[0-9]+")
_WORD = re.compile(r"\w+")
_MARKED = r"(?:(?i:claim)\s{0,9}[=:]\s{0,9}[\"']?|\\claim\s{0,9}\{\s{0,9})"
_AROUND = 60
_LIKE = 0.4
"""Share of the words around a number that its line has at least; with fewer it is unknown."""
_MOST = 40
"""Lines with the same digits that are compared."""


class Lines:
    """Finds the line of a number by its digits and the words around it.

    The converted text has lost its lines. Of the lines that hold the digits, the one counts that
    shares the most words with what is around the number; of several, the first that no number
    before took.
    """

    def __init__(self, text: str) -> None:
        self._lines = [line.lower() for line in text.split("\n")] if text else []
        self._starts: defaultdict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(self._lines):
            for digits in dict.fromkeys(_DIGITS.findall(line)):
                self._starts[digits].append(number)
        self._after: dict[str, int] = {}
        self._markers: dict[str, list[int]] = {}
        self._words: dict[int, frozenset[str]] = {}

    def of(self, text: str, start: int, end: int) -> int:
        """Return the line, from 1, of what stands from `start` to `end` of a text; 0 if unknown."""
        digits = _DIGITS.findall(text, start, end)
        held = self._starts.get(digits[0], []) if digits else []
        if not held:
            return 0
        words = set(_WORD.findall(text[max(0, start - _AROUND) : end + _AROUND].lower()))
        key = text[start:end]
        after = self._after.get(key, -1)
        first = max(0, bisect_right(held, after) - _MOST // 2)
        best, score = 0, (-1.0, False)
        for line in held[first : first + _MOST]:
            said = (self._shared(words, line), line > after)
            if said > score:
                best, score = line, said
        if score[0] < _LIKE * min(len(words), 12):
            return 0
        self._after[key] = best
        return best + 1

    def of_marker(self, claim: str, text: str) -> int:
        """Return the line, from 1, that marks a claim in a sentence; 0 if unknown.

        Of several, it is the first with the most words of the sentence.
        """
        if claim not in self._markers:
            mark = re.compile(rf"{_MARKED}{re.escape(claim.lower())}(?![\w.-]*\w)")
            found = [at for at, line in enumerate(self._lines) if claim.lower() in line]
            self._markers[claim] = [at for at in found if mark.search(self._lines[at])]
        held = self._markers[claim][:_MOST]
        words = set(_WORD.findall(text.lower()))
        return max(held, key=lambda at: (self._shared(words, at), -at)) + 1 if held else 0

    def _shared(self, words: set[str], line: int) -> float:
        own, *near = (len(words & self._of(at)) for at in (line, line - 1, line + 1))
        return own + sum(near) / 2

    def _of(self, line: int) -> frozenset[str]:
        if not 0 <= line < len(self._lines):
            return frozenset()
        if line not in self._words:
            self._words[line] = frozenset(_WORD.findall(self._lines[line]))
        return self._words[line]
