"""Escaping: text from models and files is data, whatever it contains, in every output format."""

from __future__ import annotations

import html as _html
import json
import re
import unicodedata
from typing import Any

# Cc controls, Cf bidi marks and zero-width characters, Cs lone surrogates, Zl and Zp separators
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MARKDOWN = re.compile(
    r"""[\\`*_{}\[\]<>\#|~^$@"'&]  # special wherever they stand
    | ^[-+=:%]                    # list, heading, definition or title block at the start
    | (?<=[-.:])[-.:]             # dashes, ellipses, fences
    """,
    re.VERBOSE,
)
_LIST_MARKER = re.compile(r"^(\(?\w+)([.)])(?=\s|$)")
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    # a star or bracket after a row's end would be read as an argument of it
    "*": "{*}",
    "[": "{[}",
    "]": "{]}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{MINUS SIGN}": "$-$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{INFINITY}": r"$\infty$",
    "\N{PRIME}": "$'$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
    "\N{EN DASH}": r"\textendash{}",
    "\N{EM DASH}": r"\textemdash{}",
    "\N{DAGGER}": r"\dag{}",
    "\N{DOUBLE DAGGER}": r"\ddag{}",
    "\N{SECTION SIGN}": r"\S{}",
    "\N{PILCROW SIGN}": r"\P{}",
}
_FORMULA = (*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SCRIPT = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\N{LINE SEPARATOR}": "\\u2028",
        "\N{PARAGRAPH SEPARATOR}": "\\u2029",
    }
)


def visible(text: object) -> str:
    r"""Return `text` on one line, with every character that is not seen written out.

    Line breaks, controls, marks that change the direction of writing, zero-width characters and
    lone surrogates become backslash escapes; ordinary spaces stay.

    Examples
    --------
    >>> print(visible("a\nb\u202ec"))
    a\nb\u202ec
    """
    text = str(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def escape_html(text: object) -> str:
    """Return `text` for HTML element content or a quoted attribute."""
    return _html.escape(visible(text), quote=True)


def escape_markdown(text: object) -> str:
    r"""Return `text` for pandoc's Markdown, inline or in a cell of a pipe table.

    Examples
    --------
    >>> print(escape_markdown(".633 [.598, .667]"))
    .633 \[.598, .667\]
    """
    escaped = _MARKDOWN.sub(r"\\\g<0>", visible(text))
    return _LIST_MARKER.sub(r"\1\\\2", escaped)


def escape_latex(text: object) -> str:
    r"""Return `text` for LaTeX text mode, also directly after a row's end.

    Examples
    --------
    >>> print(escape_latex("50 % & more"))
    50 \% \& more
    """
    escaped = "".join(_LATEX.get(character, character) for character in visible(text))
    # ligatures would turn two hyphens into a dash, two commas into a quotation mark
    return re.sub("([-,])(?=\\1)", r"\1{}", escaped)


def escape_formula(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and does not run it as a formula.

    Text that starts with ``= + - @``, also in their wide forms, or with a tab or line end gets a
    leading apostrophe.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def script_json(value: Any) -> str:
    """Return `value` as canonical JSON that cannot end the ``<script>`` element it stands in."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_SCRIPT)
