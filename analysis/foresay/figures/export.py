"""Figures as bytes: the same chart gives the same bytes."""

from __future__ import annotations

import json
import re
from typing import Any

from foresay.display import escape_html
from foresay.figures.fonts import convert

CSS_PER_INCH = 96
PRINT_PPI = 300


def vegalite_version() -> str:
    """Return the Vega-Lite version that Altair writes, as vl-convert names it (``6.4``)."""
    from altair import SCHEMA_VERSION

    return ".".join(SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def canonical_json(spec: dict[str, Any]) -> str:
    """Return a specification as JSON with sorted keys and a final line break."""
    return json.dumps(spec, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def to_svg(spec: dict[str, Any]) -> str:
    """Return the SVG of a Vega-Lite specification, an image with its description as text.

    No address is ever fetched.
    """
    options = {"vl_version": vegalite_version(), "allowed_base_urls": []}
    svg = convert("vegalite_to_svg", spec, **options).decode()
    return _named(canonical_svg(svg), str(spec.get("description", "")))


def _named(svg: str, words: str) -> str:
    """Return an image with its text: the words of single marks are of no use to who hears them."""
    bare = re.sub(r"<[^<>]*>", lambda tag: _NEEDLESS.sub("", tag[0]), svg)
    bare = re.sub(r'<path d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>', "", bare)
    return bare.replace("<svg ", f'<svg role="img" aria-label="{escape_html(words)}" ', 1)


_NEEDLESS = re.compile(
    r' (?:(?:aria-[a-z]+|role|class|pointer-events)="[^"<>]*"|opacity="1"|font-weight="normal")'
)


def canonical_svg(svg: str) -> str:
    """Return `svg` with identifiers in order of appearance and places in hundredths of a pixel.

    Vega counts its identifiers on from chart to chart.
    """
    found = dict.fromkeys(re.findall(r'<[^<>]*\bid="([^"<>]+)"', svg))
    names = {old: f"part{number}" for number, old in enumerate(found)}

    def rename(tag: re.Match[str]) -> str:
        def name(match: re.Match[str]) -> str:
            return match[1] + names.get(match[2], match[2]) + match[3]

        return re.sub(r'(\bid="|="url\(#|href="#)([^"()<>]+)(\)?")', name, tag[0])

    def tidy(tag: re.Match[str]) -> str:
        return _PLACES.sub(lambda found: _LONG.sub(_hundredths, found[0]), tag[0])

    # only inside tags: the text of a label may look like a reference
    return re.sub(r"<[^<>]*>", tidy, re.sub(r"<[^<>]*>", rename, svg))


_PLACES = re.compile(r' (?:d|transform|x[12]?|y[12]?|width|height)="[^"<>]*"')
_LONG = re.compile(r"\d+\.\d{3,}")


def _hundredths(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def to_png(svg: str, ppi: float = PRINT_PPI) -> bytes:
    """Return a PNG at `ppi` pixels per printed inch, which it states in its header."""
    # vl-convert counts 72 pixels to the inch where CSS counts 96
    return convert("svg_to_png", svg, scale=72 / CSS_PER_INCH, ppi=ppi)


def to_pdf(svg: str, title: str = "") -> bytes:
    """Return a one-page PDF at the figure's printed size, its objects in a canonical order."""

    def points(match: re.Match[str]) -> str:
        return f'{match[1]}="{float(match[2]) * 72 / CSS_PER_INCH:g}"'

    head, rest = svg.split(">", 1)
    sized = re.sub(r'\b(width|height)="([0-9.]+)"', points, head)
    return canonical_pdf(convert("svg_to_pdf", f"{sized}>{rest}"), title)


_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_RESOURCES = re.compile(rb"(?<=<<\n)(?: */\w+ \d+ 0 R\n)+")


def canonical_pdf(pdf: bytes, title: str = "") -> bytes:
    """Return `pdf` with sorted resources, its objects numbered as they are referred to, a title.

    svg2pdf writes fonts and graphics states in the order of a hash table, another in each run.
    """
    bodies: dict[int, tuple[bytes, bytes]] = {}
    position = 0
    while match := _OBJECT.search(pdf, position):
        number, position = int(match[1]), match.end()
        dictionary, mark, stream = match[2].partition(b"\nstream\n")
        if mark:
            length = re.search(rb"/Length (\d+)", dictionary)
            if length is None:
                return pdf
            # a compressed stream may hold any bytes, the word endobj too
            start = match.start(2) + len(dictionary) + len(mark)
            stream = pdf[start : start + int(length[1])] + b"\nendstream"
            position = pdf.index(b"endobj", start + int(length[1])) + len(b"endobj")
        dictionary = _RESOURCES.sub(_sorted_lines, dictionary)
        bodies[number] = (dictionary, mark + stream)
    root = re.search(rb"/Root (\d+) 0 R", pdf)
    if root is None:
        return pdf
    return _numbered_pdf(bodies, int(root[1]), pdf[: pdf.index(b"\n")], title)


def _sorted_lines(match: re.Match[bytes]) -> bytes:
    return b"".join(sorted(match[0].splitlines(keepends=True)))


def _numbered_pdf(
    bodies: dict[int, tuple[bytes, bytes]], root: int, header: bytes, title: str
) -> bytes:
    order, waiting = [], [root]
    while waiting:
        number = waiting.pop()
        if number not in order:
            order.append(number)
            found = [int(n) for n in _REFERENCE.findall(bodies[number][0])]
            waiting.extend(reversed(found))
    renamed = {old: new for new, old in enumerate(order, start=1)}
    # four bytes above 127 mark the file as binary
    output = header + b"\n%\x80\x80\x80\x80\n\n"
    starts = []
    for old in order:
        dictionary, stream = bodies[old]
        text = _REFERENCE.sub(lambda m: b"%d 0 R" % renamed[int(m[1])], dictionary)
        starts.append(len(output))
        output += b"%d 0 obj\n%s%s\nendobj\n\n" % (renamed[old], text, stream)
    info = b""
    if title:
        starts.append(len(output))
        number = len(starts)
        text = (b"\xfe\xff" + title.encode("utf-16-be", "replace")).hex().upper().encode()
        output += b"%d 0 obj\n<<\n  /Title <%s>\n>>\nendobj\n\n" % (number, text)
        info = b"  /Info %d 0 R\n" % number
    entries = b"".join(b"%010d 00000 n\r\n" % start for start in starts)
    count = len(starts) + 1
    return (
        b"%sxref\n0 %d\n0000000000 65535 f\r\n%strailer\n<<\n  /Size %d\n  /Root 1 0 R\n%s>>\n%s"
        % (
            output,
            count,
            entries,
            count,
            info,
            b"startxref\n%d\n%%%%EOF\n" % len(output),
        )
    )
