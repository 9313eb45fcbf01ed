from __future__ import annotations

import json

import pypandoc
import pytest

from foresay.display import (
    escape_formula,
    escape_html,
    escape_latex,
    escape_markdown,
    script_json,
    visible,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "**bold** _it_ `code` [link](http://x.invalid) ![i](j)",
    "a | b",
    "# heading",
    "- item",
    "+ item",
    "1. first",
    "(1) first",
    "1) first",
    ": definition",
    "% title",
    "::: {.callout}",
    "{{< include secret >}}",
    "$x^2$ and \\frac{1}{2}",
    "\\input{/etc/passwd}",
    "@citation [@key]",
    "--- and ... and -- and 'q' \"d\"",
    "~sub~ ^sup^ ~~strike~~",
    "&amp; &lt; &#x41;",
    "ends with backslash\\",
    "plain name-1.0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_comes_back_from_pandoc_as_the_same_text(text: str) -> None:
    # from text to a table cell and to a paragraph, and back to plain text
    source = f"{escape_markdown(text)}\n\n| a | b |\n|---|---|\n| {escape_markdown(text)} | x |\n"
    plain = pypandoc.convert_text(source, "json", format="markdown")
    words = _texts(plain)
    assert words == [text, "a", "b", text, "x"]


@pytest.mark.parametrize("text", HOSTILE)
def test_html_comes_back_from_pandoc_as_the_same_text(text: str) -> None:
    read = pypandoc.convert_text(f"<p>{escape_html(text)}</p>", "json", format="html")
    assert _texts(read) == [text]


@pytest.mark.parametrize("text", HOSTILE)
def test_latex_comes_back_from_pandoc_as_the_same_text(text: str) -> None:
    # pandoc's reader does not know these two of LaTeX's own commands, and groups show as spans
    known = escape_latex(text).replace(r"\textbar{}", "|").replace(r"\textasciigrave{}", "`")
    read = pypandoc.convert_text(known, "json", format="latex-smart")
    assert [found.replace("<Span>", "") for found in _texts(read)] == [text]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("a\tb\r", "a\\tb\\r"),
        ("safe\u202eexe.txt", "safe\\u202eexe.txt"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("nul\x00", "nul\\u0000"),
        ("lone\ud800", "lone\\ud800"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("ordinary é 漢 😀", "ordinary é 漢 😀"),
    ],
)
def test_what_is_not_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert shown.encode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_a_formula_is_text_to_a_spreadsheet(start: str) -> None:
    assert escape_formula(f"{start}SUM(A1)") == f"'{start}SUM(A1)"
    assert escape_formula(f"x{start}SUM(A1)") == f"x{start}SUM(A1)"


def test_json_cannot_end_its_script() -> None:
    text = script_json({"b": "</script><!-- & \u2028", "a": 1})
    assert text.startswith('{"a":1,"b"')
    assert not set("<>&\u2028") & set(text)


def _texts(document: str) -> list[str]:
    """Return the text of each block or cell of a pandoc document that has any."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict) and node.get("t") in {"Para", "Plain"}:
            # pandoc joins words after an abbreviation's point with a no-break space
            found.append(_inline(node["c"]).replace("\N{NO-BREAK SPACE}", " "))
        elif isinstance(node, dict | list):
            for part in node.values() if isinstance(node, dict) else node:
                walk(part)

    walk(json.loads(document)["blocks"])
    return found


def _inline(node: object) -> str:
    """Return the text of inline nodes; anything but words and spaces shows as its kind."""
    if isinstance(node, list):
        return "".join(_inline(part) for part in node)
    if not isinstance(node, dict):
        return ""
    if node["t"] == "Str":
        return str(node["c"])
    return " " if node["t"] in {"Space", "SoftBreak"} else f"<{node['t']}>{_inline(node.get('c'))}"
