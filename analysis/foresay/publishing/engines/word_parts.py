"""The parts of a Word file: the reference document, headers, and the archive that holds them."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from foresay.publishing.engines import pandoc, programs

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RUNNING = {"header1": "header", "header2": "header", "footer1": "footer"}
_PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rIdheader1"/>'
    '<w:headerReference w:type="first" r:id="rIdheader2"/>'
    '<w:footerReference w:type="default" r:id="rIdfooter1"/>'
    '<w:footerReference w:type="first" r:id="rIdfooter1"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'  # A4 in twentieths of a point; the text is 175 mm wide
    '<w:pgMar w:top="1361" w:right="992" w:bottom="1304" w:left="992" w:header="624" '
    'w:footer="624" w:gutter="0"/><w:titlePg/></w:sectPr>'
)
_NUMBERED = re.compile(r'<w:numPr><w:ilvl w:val="\d"/><w:numId w:val="1"/></w:numPr>')
# a new document of the present Word: without this it opens in a mode for old ones
_COMPATIBLE = "".join(
    f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" '
    f'w:val="{value}"/>'
    for name, value in (
        ("compatibilityMode", 15),
        ("overrideTableStyleFontSizeAndJustification", 1),
    )
)


def reference_document(*, numbered: bool) -> bytes:
    """Pandoc's own reference document with foresay's styles, page, headers and footer.

    Parameters
    ----------
    numbered
        Whether Word numbers the headings.
    """
    plain = subprocess.run(  # noqa: S603 (no shell, and the program is the one we looked up)
        [programs.pandoc(), "--print-default-data-file", "reference.docx"],
        capture_output=True,
        check=True,
    ).stdout
    parts = opened(plain)
    styles = _asset("word-styles.xml")
    parts["word/styles.xml"] = (styles if numbered else _NUMBERED.sub("", styles)).encode()
    parts["word/footer1.xml"] = _asset("word-footer.xml").encode()
    parts["word/header1.xml"] = parts["word/header2.xml"] = header()
    types = relations = ""
    for name, kind in _RUNNING.items():
        types += f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE.format(kind)}"/>'
        relations += (
            f'<Relationship Id="rId{name}" Type="{_RELATION.format(kind)}" Target="{name}.xml"/>'
        )
    _insert(parts, "[Content_Types].xml", "</Types>", types)
    _insert(parts, "word/_rels/document.xml.rels", "</Relationships>", relations)
    number = '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    _insert(parts, "word/numbering.xml", "</w:numbering>", _asset("word-numbering.xml") + number)
    document = parts["word/document.xml"].decode()
    document = re.sub(r"<w:sectPr\b.*?</w:sectPr>|<w:sectPr\s*/>", "", document, flags=re.DOTALL)
    parts["word/document.xml"] = document.replace("</w:body>", f"{_PAGE}</w:body>").encode()
    return packed(parts)


def header(left: str = "", right: str = "", notice: str = "") -> bytes:
    """Write the head of a page: a notice in the middle, and a text at either side."""
    lines = ""
    if notice:
        lines += _paragraph("Notice", _run(notice))
    if left or right:
        lines += _paragraph("Header", f"{_run(left)}<w:r><w:tab/></w:r>{_run(right)}")
    lines = lines or _paragraph("Notice", "")
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:hdr xmlns:w="{_NAMESPACE}">{lines}</w:hdr>'
    ).encode()


def compatible(settings: bytes) -> bytes:
    """Say in a document's settings that it is made for the present Word."""
    text = re.sub(
        r"<w:compat\b.*?</w:compat>|<w:compat\s*/>", "", settings.decode(), flags=re.DOTALL
    )
    compat = f"<w:compat>{_COMPATIBLE}</w:compat>"
    # the order of settings is fixed: it stands before the list of revisions and what follows it
    found = re.search(r"<w:rsids\b|<m:mathPr\b|<w:themeFontLang\b|</w:settings>", text)
    at = found.start() if found else len(text)
    return (text[:at] + compat + text[at:]).encode()


def opened(content: bytes) -> dict[str, bytes]:
    """Give the parts of a Word file by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts in a fixed order, with a fixed time."""
    buffer = io.BytesIO()
    # readers expect the list of content types first
    names = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, parts[name])
    return buffer.getvalue()


def _asset(name: str) -> str:
    return pandoc.asset(name).read_text(encoding="utf-8")


def _insert(parts: dict[str, bytes], name: str, before: str, text: str) -> None:
    parts[name] = parts[name].decode().replace(before, text + before).encode()


def _paragraph(style: str, runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
