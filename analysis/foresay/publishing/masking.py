"""Lines of prose with everything blanked out that is not prose, at unchanged columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from foresay.publishing.prose import verbatim
from foresay.publishing.qmd import Line

_CODE_SPAN = re.compile(r"(?<!\\)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_MATHS = re.compile(r"(?<![\\$])\$(?=\S)(?:\\.|[^$\\])+?(?<=\S)\$(?!\d)")
_DISPLAY = re.compile(r"\$\$")
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
_ATTRIBUTES = re.compile(r"\{[#.=\w][^{}]*\}")
_TARGET = re.compile(r"(?<=\])\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^>\s]*>")
_CITATION = re.compile(r"(?<![\w\\])-?@(?:\{[^}]*\}|\w(?:[\w:.#$%&+?<>~/-]*\w)?)")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:?")


def code_masked(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Each line with code, maths and shortcodes blanked; verbatim lines come out empty."""
    inside_maths = False
    for line, shown in zip(lines, verbatim(lines), strict=True):
        if shown:
            yield line, ""
            continue
        text = _blank(_CODE_SPAN, line.text)
        text, inside_maths = _without_display(text, inside=inside_maths)
        yield line, _blank(_SHORTCODE, _blank(_MATHS, text))


def prose_masked(text: str) -> str:
    """Blank what a reader does not see as a word: attributes, link targets, citations, marks."""
    for pattern in (_AUTOLINK, _TARGET, _ATTRIBUTES, _FOOTNOTE, _CITATION):
        text = _blank(pattern, text)
    return re.sub(r"^(\s*)\d+[.)](\s)", lambda found: " " * len(found[0]), text)


def _without_display(text: str, *, inside: bool) -> tuple[str, bool]:
    parts = _DISPLAY.split(text)
    kept = []
    for at, part in enumerate(parts):
        if at:
            inside = not inside
            kept.append("  ")
        kept.append(" " * len(part) if inside else part)
    return "".join(kept), inside


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: " " * len(found[0]), text)
