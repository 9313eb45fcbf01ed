"""Replies as text: one tidy form, its characters, its words, and the form that is compared.

Replies of language models differ in ways that nobody means: typographic quotes, full-width
letters, no-break spaces, marks for the direction of writing. `tidy` removes those differences,
`core` also the punctuation around the reply, `fold` the difference of case.
"""

from __future__ import annotations

import unicodedata

import regex

_INVISIBLE = regex.compile(
    # control characters that are not spaces; soft hyphen; direction marks; zero-width spaces,
    # joiners of words and byte order marks; annotation marks; emoji or text presentation
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe0e\ufe0f\ufeff\ufff9-\ufffb]+",
)
_SURROGATE = regex.compile("[\ud800-\udfff]")
_SAME: dict[int, str] = {
    # letters that are blank: Hangul fillers and the empty Braille pattern
    **dict.fromkeys((0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0), " "),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201b"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2212"), "-"),
}
for _code in (0x3000, *range(0xFF01, 0xFFEF)):
    _kind, _, _plain = unicodedata.decomposition(chr(_code)).partition(" ")
    if _kind in {"<wide>", "<narrow>"}:
        _SAME.setdefault(_code, chr(int(_plain, 16)))

# Every punctuation mark, but not those that carry meaning beside a word or a number ("50%", "C#",
# "@name", "1/2"); the accents that stand for quotes; joiners that have nothing left to join.
_MARK = r"[[\p{P}--[%‰‱\u066a#@&§/\\†‡]]`\u00b4\u200c\u200d\s]"
# A hyphen before a digit is a sign, a single point before a digit is a decimal point; a mark that
# carries a combining mark (the keycap *⃣) is a character of its own.
_START = regex.compile(rf"(?V1)\A(?:(?!-\.?\d|(?<!\.)\.\d){_MARK}(?!\p{{M}}))+")
_END = regex.compile(rf"(?V1)(?r){_MARK}+\Z")
_CLUSTER = regex.compile(r"\X")
_CONTENT = regex.compile(r"[\p{L}\p{N}\p{S}\p{M}]")
_UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]",
)


def tidy(text: str) -> str:
    """Return `text` without the differences that nobody means.

    In this order: what has no look is removed (control characters, marks of direction, zero-width
    spaces, the selectors of emoji or text look; joiners stay, they make emoji and words); half
    and full width, typographic quotes, hyphens and the minus sign become the plain ones; the rest
    is put into NFC; runs of any white space, line breaks included, become one space.

    Compatibility forms such as ``²``, ``½`` or ``ﬁ`` stay as they are: NFKC would make ``2²`` the
    same as ``22``.
    """
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
        text = _INVISIBLE.sub("", text).translate(_SAME)
        text = unicodedata.normalize("NFC", text)
    return " ".join(_INVISIBLE.sub("", text).split())


def core(text: str) -> str:
    """Return `text`, tidied, without quotes, brackets, dashes and punctuation around it.

    A sign or decimal point before a digit stays, as do ``% # @ & /`` and all symbols. A text of
    nothing but punctuation is returned whole.
    """
    whole = tidy(text)
    return _without_marks(whole) or whole


def _without_marks(text: str) -> str:
    if not text[:1].isalnum():
        text = _START.sub("", text, count=1)
    return text if text[-1:].isalnum() else _END.sub("", text, count=1)


def fold(text: str) -> str:
    """Return `text` in the form that is compared: canonical caseless (Unicode D145), in NFC."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text).casefold()
    return unicodedata.normalize("NFC", decomposed)


def characters(text: str, n: int) -> list[str]:
    """Return the first `n` characters of `text`, or as many as it has, without spaces.

    A character is what a reader sees as one: an extended grapheme cluster (Unicode annex 29), so
    a letter with its accents, a flag or a family of emoji is one. They come in the order of
    reading, also where that runs from right to left.
    """
    found: list[str] = []
    for match in _CLUSTER.finditer(text):
        if not match.group().isspace():
            found.append(match.group())
            if len(found) == n:
                break
    return found


def words(text: str) -> list[str]:
    """Return the words of `text`: what stands between spaces, without punctuation around it.

    Something without a letter, digit or symbol is no word. ``don't`` and ``state-of-the-art``
    are one word each.
    """
    stripped = (_without_marks(token) for token in tidy(text).split(" "))
    return [word for word in stripped if _CONTENT.search(word)]


def is_unspaced(word: str) -> bool:
    """Tell whether `word` is in a script that puts no spaces between words, and may be several.

    One character of such a script is taken as one word.
    """
    return _UNSPACED.search(word) is not None and len(characters(word, 2)) > 1
