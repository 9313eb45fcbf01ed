from __future__ import annotations

import base64
import io
import struct

import pypdf
import pytest

from foresay.publishing.outputs import (
    chosen,
    picture_width,
    steady_html,
    svg_as_pdf,
    table_only,
    with_alt,
)

FIGURE = {"text/html": "<img>", "image/svg+xml": "<svg/>", "image/png": "", "text/plain": "c"}
TABLE = {"text/html": "<table></table>", "text/plain": "t"}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">'
    '<text x="5" y="20" font-family="sans-serif">plain</text>'
    '<text x="5" y="40" font-family="sans-serif" font-weight="bold">bold</text>'
    '<text x="90" y="40" font-family="monospace" font-style="italic">mono</text></svg>'
)


@pytest.mark.parametrize(
    ("data", "target", "mime"),
    [
        (FIGURE, "html", "text/html"),
        (FIGURE, "pdf", "image/svg+xml"),
        (FIGURE, "docx", "image/png"),
        (TABLE, "html", "text/html"),
        (TABLE, "pdf", "text/html"),
        ({"text/html": "<b>", "text/plain": "p"}, "docx", "text/plain"),
        ({"text/markdown": "m", "text/plain": "p"}, "docx", "text/markdown"),
        ({"application/json": {}}, "html", ""),
    ],
)
def test_each_format_takes_its_form(data, target, mime):
    assert chosen(data, target) == mime


def test_width_comes_from_the_drawing_then_from_the_picture():
    assert picture_width({"image/svg+xml": '<svg width="320" height="9">'}, {}) == 320
    assert picture_width({"image/svg+xml": '<svg viewBox="0 0 55.5 9">'}, {}) == 55.5
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 640, 1)
    data = {"image/png": base64.b64encode(png).decode()}
    assert picture_width(data, {}) == 320
    assert picture_width(data, {"image/png": {"width": 111}}) == 111


def test_random_identifier_and_styles_of_a_table_are_replaced():
    html = (
        '<div id="abcdefghij"><style>#abcdefghij { color: red }</style><table class="gt_table">'
        '<tr><th id="v" class="gt_col_heading gt_right">v\u202e</th></tr></table></div>'
    )
    steady = steady_html(html, "tbl-a-1")
    assert steady == (
        '<div id="tbl-a-1"><table class="gt_table">'
        '<tr><th class="gt_col_heading gt_right">v[U+202E]</th></tr></table></div>'
    )
    assert table_only(steady) == (
        '<table class="gt_table"><tr><th style="text-align: right">v[U+202E]</th></tr></table>'
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="a">', '<img alt="&lt;x&gt; &quot;" src="a">'),
        ('<img alt="" src="a">', '<img alt="&lt;x&gt; &quot;" src="a">'),
        ('<img alt="own" src="a">', '<img alt="own" src="a">'),
        ('<svg role="x" id="a">', '<svg role="img" aria-label="&lt;x&gt; &quot;" id="a">'),
        ("<p>", "<p>"),
    ],
)
def test_pictures_get_the_text_that_stands_for_them(html, expected):
    assert with_alt(html, '<x> "') == expected


def test_the_text_of_a_script_is_no_picture():
    script = "<script>const a = `<img src='x'>`</script>"
    assert with_alt(f'{script}<img src="b">', "t") == f'{script}<img alt="t" src="b">'


def test_a_chart_is_the_same_pdf_in_every_run_and_a_sound_one():
    made = {svg_as_pdf(SVG) for _ in range(20)}
    assert len(made) == 1
    page = pypdf.PdfReader(io.BytesIO(made.pop()), strict=True).pages[0]
    assert set(page.extract_text().split()) == {"plain", "bold", "mono"}
