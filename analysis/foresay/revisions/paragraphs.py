"""The paragraphs of a finished document, without tables, figures and navigation."""

from __future__ import annotations

import html
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

from foresay.errors import VersionError

_BLOCKS = frozenset({"p", "li", "dt", "dd", "figcaption", *(f"h{n}" for n in range(1, 7))})
_SKIPPED = frozenset({"script", "style", "svg", "table", "nav", "button", "template", "head"})
_OF_EVERY_VERSION = "subtitle"  # says the label and the data, which differ anyway
_WORD_TABLE = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
_WORD_TEXT = re.compile(r"<w:t(?:\s[^>]*)?>([^<]*)</w:t>")


def paragraphs(document: Path) -> list[str]:
    """Return the paragraphs of an HTML or Word document, in order, with single spaces.

    Raises
    ------
    VersionError
        The file cannot be read.
    """
    try:
        found = _word(document) if document.suffix == ".docx" else _page(document)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise VersionError(f"cannot read '{document}': {error}") from error
    texts = (" ".join(text.split()) for text in found)
    return [text for text in texts if text]


def _page(document: Path) -> list[str]:
    reader = _Blocks()
    reader.feed(document.read_text(encoding="utf-8"))
    reader.close()
    return [*reader.found, reader.text]


def _word(document: Path) -> list[str]:
    with zipfile.ZipFile(document) as archive:
        body = archive.read("word/document.xml").decode("utf-8")
    parts = _WORD_TABLE.sub("", body).split("</w:p>")
    return [html.unescape("".join(_WORD_TEXT.findall(part))) for part in parts]


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""
        self._hidden: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            if tag == self._hidden[0]:
                self._hidden.append(tag)
            return
        classes = (dict(attrs).get("class") or "").split()
        if tag in _SKIPPED or _OF_EVERY_VERSION in classes:
            self._hidden.append(tag)
        elif tag in _BLOCKS:
            self._end_block()
            self._inside += 1

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden[0]:
                self._hidden.pop()
        elif tag in _BLOCKS:
            self._end_block()
            self._inside = max(0, self._inside - 1)

    def handle_data(self, data: str) -> None:
        if self._inside and not self._hidden:
            self.text += data

    def _end_block(self) -> None:
        self.found.append(self.text)
        self.text = ""
