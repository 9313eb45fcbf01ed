"""Word documents through Pandoc, on a reference document made from readable parts."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

from foresay.publishing.assembly import Assembled
from foresay.publishing.engines import pandoc

_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
_FOOTER_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
_NO_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
_WIDTH = re.compile(r'<w:tblW w:type="auto" w:w="0"\s*/>')
_PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rIdForesayFooter"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'  # A4 in twentieths of a point
    '<w:pgMar w:top="1304" w:right="1273" w:bottom="1304" w:left="1273" w:header="709" '
    'w:footer="624" w:gutter="0"/></w:sectPr>'
)


def write_docx(
    assembled: Assembled,
    *,
    folder: Path,
    metadata: Mapping[str, object],
    source_folder: Path,
) -> bytes:
    """Write the report as a Word document.

    Raises
    ------
    ReportError
        If Pandoc fails, with what it said.
    """
    (folder / "reference.docx").write_bytes(reference_document())
    output = pandoc.write(
        assembled,
        target="docx",
        folder=folder,
        metadata=metadata,
        source_folder=source_folder,
        options=["--reference-doc", "reference.docx", "--syntax-highlighting=monochrome"],
    )
    return finished(output.read_bytes())


def reference_document() -> bytes:
    """Pandoc's own reference document with foresay's styles, page and footer."""
    plain = subprocess.run(  # noqa: S603 (no shell, and the program is the one we looked up)
        [pandoc.program(), "--print-default-data-file", "reference.docx"],
        capture_output=True,
        check=True,
    ).stdout
    parts = _parts(plain)
    parts["word/styles.xml"] = pandoc.asset("word-styles.xml").read_text(encoding="utf-8").encode()
    parts["word/footer1.xml"] = pandoc.asset("word-footer.xml").read_text(encoding="utf-8").encode()
    parts["[Content_Types].xml"] = _before(
        parts["[Content_Types].xml"],
        "</Types>",
        f'<Override PartName="/word/footer1.xml" ContentType="{_FOOTER_TYPE}"/>',
    )
    parts["word/_rels/document.xml.rels"] = _before(
        parts["word/_rels/document.xml.rels"],
        "</Relationships>",
        f'<Relationship Id="rIdForesayFooter" Type="{_FOOTER_RELATION}" Target="footer1.xml"/>',
    )
    document = parts["word/document.xml"].decode()
    document = re.sub(r"<w:sectPr\b.*?</w:sectPr>|<w:sectPr\s*/>", "", document, flags=re.DOTALL)
    parts["word/document.xml"] = document.replace("</w:body>", f"{_PAGE}</w:body>").encode()
    return _zipped(parts)


def finished(content: bytes) -> bytes:
    """Let tables fill the page, and pack the parts in a fixed order, with a fixed time."""
    parts = _parts(content)
    document = parts["word/document.xml"].decode()
    document = document.replace("<w:tr><w:tc>", "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>")
    parts["word/document.xml"] = _WIDTH.sub('<w:tblW w:type="pct" w:w="5000"/>', document).encode()
    parts["docProps/custom.xml"] = _NO_PROPERTIES  # they repeat the title block
    return _zipped(parts)


def _before(part: bytes, mark: str, text: str) -> bytes:
    return part.decode().replace(mark, text + mark).encode()


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: Mapping[str, bytes]) -> bytes:
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
