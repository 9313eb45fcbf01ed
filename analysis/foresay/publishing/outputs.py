"""Which form of a cell's output each format takes, and the bytes it comes to."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from foresay.errors import ReportError
from foresay.figures.fonts import with_all_fonts
from foresay.publishing.escaping import visible_controls
from foresay.publishing.pdf_objects import steady_pdf

_FIRST = {
    "html": ("text/html", "text/markdown", "image/svg+xml", "image/png", "text/plain"),
    "pdf": (
        *("text/markdown", "application/pdf", "image/svg+xml", "image/png"),
        *("text/html", "text/plain"),
    ),
    "docx": ("text/markdown", "image/png", "image/svg+xml", "text/html", "text/plain"),
}
SUFFIXES = {"image/svg+xml": "svg", "image/png": "png", "application/pdf": "pdf"}
"""The pictures among the forms of an output, and how their files end."""
_LENGTH = re.compile(r'<svg\b[^>]*?\bwidth="([0-9.]+)(px|pt)?"', re.DOTALL)
_VIEWBOX = re.compile(r'<svg\b[^>]*?\bviewBox="[-0-9.]+[ ,]+[-0-9.]+[ ,]+([0-9.]+)', re.DOTALL)
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL | re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL | re.IGNORECASE)
_GT_ID = re.compile(r'<div id="([a-z]{10})"')
_CLASS = re.compile(r'<(t[dh])\b(?P<before>[^>]*?)class="(?P<classes>[^"]*)"(?P<after>[^>]*)>')
_GROUP = re.compile(r"<th\b([^>]*\bgt_group_heading\b[^>]*)>(.*?)</th>", re.DOTALL)
_SIDES = {
    "gt_right": "right",
    "gt_center": "center",
    "gt_left": "left",
    "gt_group_heading": "left",
    "gt_sourcenote": "left",
    "gt_footnote": "left",
    "gt_title": "left",
    "gt_subtitle": "left",
}


def chosen(data: Mapping[str, Any], target: str) -> str:
    """Pick the MIME type of an output that a format takes.

    Parameters
    ----------
    data
        MIME bundle of one output.
    target
        ``html``, ``pdf`` or ``docx``.

    Returns
    -------
    str
        The first of the format's order that is there; HTML counts outside ``html`` only when it
        holds a table. Empty when nothing can be shown.
    """
    for mime in _FIRST[target]:
        holds = mime in data
        if mime == "text/html" and target != "html":
            holds = holds and "<table" in text_of(data, mime)
        if holds:
            return mime
    return ""


def joined(outputs: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Join what was printed between two displays: where it was cut is a matter of time."""
    waiting: dict[str, str] = {}
    for output in (*outputs, {"output_type": "end"}):
        if output["output_type"] == "stream":
            name = output["name"]
            waiting[name] = waiting.get(name, "") + "".join(output["text"])
            continue
        for name in sorted(waiting, reverse=True):  # stdout before stderr
            yield {"output_type": "stream", "name": name, "text": waiting[name]}
        waiting = {}
        if output["output_type"] != "end":
            yield output


def text_of(data: Mapping[str, Any], mime: str) -> str:
    """Text of one form of an output; notebooks keep it as text or as a list of lines."""
    value = data[mime]
    return "".join(value) if isinstance(value, list) else str(value)


def bytes_of(data: Mapping[str, Any], mime: str) -> bytes:
    """Bytes of a picture in an output."""
    text = text_of(data, mime)
    return text.encode() if mime == "image/svg+xml" else base64.b64decode(text)


def picture_width(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> float | None:
    """Natural width of a picture in CSS pixels, or None when it does not say."""
    if "image/svg+xml" in data:
        svg = text_of(data, "image/svg+xml")
        found = _LENGTH.search(svg)
        if found:
            return float(found[1]) * (4 / 3 if found[2] == "pt" else 1)
        box = _VIEWBOX.search(svg)
        if box:
            return float(box[1])
    told = metadata.get("image/png") or {}
    if isinstance(told, Mapping) and "width" in told:
        return float(told["width"])
    if "image/png" in data:
        head = bytes_of(data, "image/png")[16:20]
        return struct.unpack(">I", head)[0] / 2 if len(head) == 4 else None
    return None


def svg_as_pdf(svg: str) -> bytes:
    """Convert a chart so that typst needs none of the machine's fonts for it."""
    return steady_pdf(with_all_fonts("svg_to_pdf", svg))


def svg_as_png(svg: str) -> bytes:
    """Draw an SVG at twice its size."""
    return with_all_fonts("svg_to_png", svg, scale=2)


def data_uri(content: bytes, suffix: str) -> str:
    """Write a picture as an address that holds it."""
    kinds = {"svg": "image/svg+xml", "jpg": "image/jpeg"}
    kind = kinds.get(suffix, f"image/{suffix}")
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def steady_html(html: str, name: str) -> str:
    """Replace what differs from run to run, and drop the styles that the page itself gives tables.

    Parameters
    ----------
    html
        An output that holds a table.
    name
        What the random identifier of great_tables becomes.
    """
    found = _GT_ID.search(html)
    if found:
        html = html.replace(found[1], name)
        # every table numbers its cells in the same way, and an id may stand only once on a page
        html = re.sub(r'\s(?:aria-labelledby|aria-describedby|headers)="[^"]*"', "", html)
        html = re.sub(r'(<(?:td|th|tr)\b[^>]*?)\s+id="[^"]*"', r"\1", html)
    return visible_controls(_STYLE.sub("", html))


def table_only(html: str) -> str:
    """Cut the tables out of an output and write their alignment where Pandoc looks for it."""
    tables = _TABLE.findall(html)
    if not tables:
        raise ReportError("an HTML table has no closing </table>; check the cell that printed it")
    return "\n".join(_CLASS.sub(_aligned, _GROUP.sub(_group, table)) for table in tables)


def _group(heading: re.Match[str]) -> str:
    # as a heading cell it would count as a second head of the table
    return f"<td{heading[1]}><strong>{heading[2]}</strong></td>"


def _aligned(cell: re.Match[str]) -> str:
    found = [side for name, side in _SIDES.items() if name in cell["classes"].split()]
    rest = cell["before"] + cell["after"]
    if not found:
        return f"<{cell[1]}{rest.rstrip()}>"
    rest = re.sub(r'\s*style="[^"]*"', "", rest).rstrip()
    return f'<{cell[1]}{rest} style="text-align: {found[0]}">'


def with_alt(html: str, alt: str) -> str:
    """Give the first picture of an HTML output the text that stands for it, if it has none."""
    import html as escaping

    text = escaping.escape(alt, quote=True)
    # the text of a script may speak of pictures
    markup = _SCRIPT.sub(lambda found: " " * len(found[0]), html)
    image = re.search(r"<img\b[^>]*>", markup)
    if image:
        bare = re.sub(r'\salt="\s*"', "", image[0])
        if re.search(r"\salt=", bare):
            return html
        described = bare.replace("<img", f'<img alt="{text}"', 1)
        return html[: image.start()] + described + html[image.end() :]
    drawing = re.search(r"<svg\b[^>]*>", markup)
    if drawing and "aria-label" not in drawing[0]:
        roleless = re.sub(r'\srole="[^"]*"', "", drawing[0])
        described = roleless.replace("<svg", f'<svg role="img" aria-label="{text}"', 1)
        return html[: drawing.start()] + described + html[drawing.end() :]
    return html
