"""Text of two versions, paragraph by paragraph; where only numbers moved, it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_NUMBER = re.compile(r"[+\-\N{MINUS SIGN}]?\.?\d(?:[\d.,]*\d)?")
_ALIKE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """One paragraph that differs.

    Parameters
    ----------
    document : str
        Name of the document.
    kind : {"numbers", "changed", "added", "gone"}
        ``numbers`` where the words are the same.
    before, after : str
        The paragraph; empty where it is not there.
    """

    document: str
    kind: Literal["numbers", "changed", "added", "gone"]
    before: str
    after: str


def compare_text(document: str, before: Sequence[str], after: Sequence[str]) -> list[TextChange]:
    """Return the paragraphs that differ, in the order of the document.

    Examples
    --------
    >>> compare_text("index.html", ["It is .63."], ["It is .64."])[0].kind
    'numbers'
    """
    changes: list[TextChange] = []
    masked = [_NUMBER.sub("#", text) for text in before], [_NUMBER.sub("#", text) for text in after]
    matcher = SequenceMatcher(None, *masked, autojunk=False)
    for what, a, a_end, b, b_end in matcher.get_opcodes():
        old, new = before[a:a_end], after[b:b_end]
        if what == "equal":
            changes += [
                TextChange(document=document, kind="numbers", before=one, after=two)
                for one, two in zip(old, new, strict=True)
                if one != two
            ]
        else:
            changes += _replaced(document, old, new)
    return changes


def _replaced(document: str, old: Sequence[str], new: Sequence[str]) -> Iterator[TextChange]:
    """Pair paragraphs that are alike, in order; the others are gone or added."""
    left = list(new)
    for text in old:
        found = next((i for i, other in enumerate(left) if _alike(text, other)), None)
        if found is None:
            yield TextChange(document=document, kind="gone", before=text, after="")
            continue
        for other in left[:found]:
            yield TextChange(document=document, kind="added", before="", after=other)
        yield TextChange(document=document, kind="changed", before=text, after=left[found])
        left = left[found + 1 :]
    for other in left:
        yield TextChange(document=document, kind="added", before="", after=other)


def _alike(one: str, two: str) -> bool:
    matcher = SequenceMatcher(None, one.split(), two.split(), autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
