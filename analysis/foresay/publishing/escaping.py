"""Text that is data, made safe for the Markdown that Pandoc reads."""

from __future__ import annotations

import re
import unicodedata

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# explicit bidirectional embeddings, overrides and isolates can reorder the text around them
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""Replace what could disturb the text around it.

    Parameters
    ----------
    text
        Any text, from a model or a file.

    Returns
    -------
    str
        The same, with control characters (but tab and newline), lone surrogates and
        noncharacters replaced by U+FFFD, and bidirectional controls by their code in
        brackets.

    Examples
    --------
    >>> visible("a\x00b\u202ec")
    'a\ufffdb[U+202E]c'
    """
    return "".join(_printable(letter) for letter in visible_controls(text))


def visible_controls(text: str) -> str:
    """Write bidirectional embeddings, overrides and isolates as their code in brackets."""
    return _BIDI.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def _printable(letter: str) -> str:
    if letter in "\t\n":
        return letter
    code = ord(letter)
    if unicodedata.category(letter) in {"Cc", "Cs"} or code & 0xFFFE == 0xFFFE:
        return "\ufffd"
    return letter


def markdown_text(text: str) -> str:
    r"""Escape a text so that Pandoc's Markdown prints it as it is, on one line.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        Every ASCII punctuation mark carries a backslash, and white space is one space: no
        emphasis, link, citation, maths, raw HTML, list or heading can come of it.

    Examples
    --------
    >>> print(markdown_text("*a* <b>"))
    \*a\* \<b\>
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(visible(text).split()))


def fenced(text: str, attributes: str = "") -> str:
    """Put a text into a code block whose fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{attributes}\n{text}\n{fence}"
