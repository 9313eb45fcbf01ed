"""Pandoc's inline elements as plain text, with marks and with what is no prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from foresay.claims.manuscripts.converting import LINKED
from foresay.claims.manuscripts.passages import Stretch
from foresay.claims.numbers import find_numbers

MARKER = re.compile(r"\b(?i:claim):\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_CALL = re.compile(r"\bclaim\(\s*[\"']([A-Za-z0-9][A-Za-z0-9._-]*)[\"']")
_SIX_PER_EM = "\u2006"  # what \, of LaTeX becomes; the numbers' own is the thin space
_TEX = {
    r"{,}": ",",
    r"\,": "\u2009",
    r"\;": " ",
    r"\ ": " ",
    r"\%": "%",
    r"\pm": "±",
    r"\times": "\N{MULTIPLICATION SIGN}",
    r"\cdot": "·",
    r"\leq": "≤",
    r"\geq": "≥",
    r"\le": "≤",
    r"\ge": "≥",
    r"\approx": "≈",
    r"\sim": "~",
    "~": " ",
}
_TEX_TOKEN = re.compile(
    r"\{,\}|\\(?:text|mathrm|mathit|mathbf|textbf|operatorname)\s*\{([^{}]*)\}|\\[A-Za-z]+|\\.|~"
)
_PLAIN_MATH = re.compile(r"[\s,;:()\[\]±%{}]*")
_VARIABLE = re.compile(r"[a-zA-Z]_\w+|[abcehijlmqsuvwxyz]|[ACEGHIJKLOQSTUVWXYZ]")
_TEN = re.compile("[\N{MULTIPLICATION SIGN}·]\\s?10$")


class Inlines:
    """Text that grows by Pandoc's inline elements.

    `notes` are the blocks of its footnotes, and `called` the claims that its code asks for.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.marks: list[Stretch] = []
        self.skipped: list[Stretch] = []
        self.notes: list[list[Any]] = []
        self.called: list[str] = []
        self._open: dict[str, tuple[int, str]] = {}

    @property
    def text(self) -> str:
        """What there is so far."""
        return "".join(self._parts)

    @property
    def length(self) -> int:
        """Its length."""
        return self._length

    def write(self, text: str, skip: str = "") -> None:
        """Add plain text; `skip` says why it is no result."""
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        if skip:
            self.skipped.append(Stretch(start, self._length, skip))

    def close(self) -> None:
        """End marks that the passage leaves open."""
        for start, claim in self._open.values():
            self.marks.append(Stretch(start, self._length, claim))
        self._open.clear()

    def add(self, elements: Sequence[Any]) -> None:
        """Add inline elements."""
        for one in elements:
            self._element(one["t"], one.get("c"))

    def _element(self, tag: str, content: Any) -> None:  # noqa: C901  # one case an element
        match tag:
            case "Str":
                self.write(content.replace(_SIX_PER_EM, "\u2009"))
            case "Space" | "SoftBreak" | "LineBreak":
                self.write(" ")
            case "Emph" | "Underline" | "Strong" | "SmallCaps":
                self.add(content)
            case "Quoted":
                self.write("\u201c")
                self.add(content[1])
                self.write("\u201d")
            case "Image":
                self.add(content[1])
            case "Span":
                self._span(*content)
            case "Link":
                self._link(content[1], content[2][0])
            case "Cite":
                self._skip(content[1], "citation")
            case "Superscript":
                self._raised(content)
            case "Subscript":
                self._skip(content, "raised or lowered")
            case _:
                self._other(tag, content)

    def _other(self, tag: str, content: Any) -> None:
        match tag:
            case "Math":
                self._math(content[0]["t"], content[1])
            case "Note":
                self.notes.append(content)
            case "RawInline":
                self._raw(*content)
            case "Code":
                self.called += _CALL.findall(content[1])
                self.write(content[1], "code")

    def _skip(self, elements: Sequence[Any], why: str) -> None:
        start = self._length
        self.add(elements)
        self.skipped.append(Stretch(start, self._length, why))

    def _span(self, attributes: Any, elements: Sequence[Any]) -> None:
        name, classes, pairs = attributes
        values = dict(pairs)
        comment = values.get("id", "") or name
        if "deletion" in classes:
            return
        if "comment-start" in classes:
            said = Inlines()
            said.add(elements)
            if found := MARKER.search(said.text):
                self._open[comment] = (self._length, found[1])
            return
        if "comment-end" in classes:
            if comment in self._open:
                start, claim = self._open.pop(comment)
                self.marks.append(Stretch(start, self._length, claim))
            return
        self._marked(elements, values.get("claim", ""))

    def _marked(self, elements: Sequence[Any], claim: str) -> None:
        start = self._length
        self.add(elements)
        if claim:
            self.marks.append(Stretch(start, self._length, claim))

    def _raw(self, language: str, text: str) -> None:
        if language == "html" and text.startswith("<!--"):
            here = self._length
            self.marks += [Stretch(here, here, name) for name in MARKER.findall(text)]
            return
        self.write(text, "code")

    def _link(self, elements: Sequence[Any], address: str) -> None:
        if address.startswith("#"):
            self._skip(elements, "reference")
        else:
            is_mark = address.startswith(LINKED)
            self._marked(elements, address.removeprefix(LINKED) if is_mark else "")

    def _raised(self, elements: Sequence[Any]) -> None:
        said = Inlines()
        said.add(elements)
        near = "".join(self._parts[-4:])
        if _TEN.search(near):
            self.write(f"^{{{said.text}}}")
        else:
            start = self._length + 1
            self.write(f" {said.text} ", "raised or lowered")
            self.marks += [Stretch(m.start + start, m.end + start, m.said) for m in said.marks]

    def _math(self, form: str, source: str) -> None:
        text = math_text(source) if form == "InlineMath" else None
        if text is None:
            self.write(f" {source} ", "equation")
        else:
            self.write(text)


def math_text(source: str) -> str | None:
    r"""Return a formula as text if it only prints numbers, else None.

    Examples
    --------
    >>> math_text(r"n = 12{,}480"), math_text(r"p < .01"), math_text(r"y = 2x + 1")
    ('n = 12,480', 'p < .01', None)
    >>> math_text("x_1=3"), math_text("i = 1")  # a variable is set, and nothing is found
    (None, None)
    """
    text = _TEX_TOKEN.sub(_plain, source)
    numbers = find_numbers(text)
    if not numbers:
        return None
    rest, at = "", 0
    for one in numbers:
        rest += text[at : one.start]
        at = one.end
    if any(_VARIABLE.fullmatch(one.name) for one in numbers):
        return None
    return text if _PLAIN_MATH.fullmatch(rest + text[at:]) else None


def _plain(match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    return _TEX.get(match[0], match[0].lstrip("\\"))
