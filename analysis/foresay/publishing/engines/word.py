"""Word documents through Pandoc, on a reference document made from readable parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from foresay.publishing.assembly import Assembled
from foresay.publishing.engines import pandoc, word_parts
from foresay.publishing.metadata import printed_date

_NO_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
_TABLE = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
_ROW = re.compile(r"<w:tr>.*?</w:tr>", re.DOTALL)
_GRID = re.compile(r'(<w:gridCol w:w=")(\d+)"')
_WIDTH = re.compile(r'<w:tblW w:type="pct" w:w="\d+"\s*/>')
_PANDOCS_PAGE, _PAGE = 7920, 9921  # width of the text in twentieths of a point
_RULE = (
    '<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="1F2A37"/></w:tcBorders>'
)
_STYLES = {
    '<w:pStyle w:val="Compact" /><w:jc w:val="right" />': '<w:pStyle w:val="TableNumber"/>',
    '<w:pStyle w:val="Compact" /><w:jc w:val="left" />': '<w:pStyle w:val="TableText"/>',
    '<w:pStyle w:val="Compact" />': '<w:pStyle w:val="TableText"/>',
    "<w:p><w:pPr /></w:p>": '<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr></w:p>',
}


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
    numbered = metadata.get("number-sections") is True
    (folder / "reference.docx").write_bytes(word_parts.reference_document(numbered=numbered))
    output = pandoc.write(
        assembled,
        target="docx",
        folder=folder,
        metadata=metadata,
        source_folder=source_folder,
        options=["--reference-doc", "reference.docx", "--syntax-highlighting=monochrome"],
    )
    return finished(output.read_bytes(), metadata)


def finished(content: bytes, metadata: Mapping[str, object]) -> bytes:
    """Give tables their styles and pages their heads, and pack the parts in a fixed order.

    Parameters
    ----------
    content
        A Word file as Pandoc wrote it.
    metadata
        ``title``, ``subtitle`` (else the date) and ``notice``, in Markdown, go into the heads.
    """
    parts = word_parts.opened(content)
    document = parts["word/document.xml"].decode()
    parts["word/document.xml"] = _TABLE.sub(_table, document).encode()
    parts["word/settings.xml"] = word_parts.compatible(parts["word/settings.xml"])
    parts["docProps/custom.xml"] = _NO_PROPERTIES  # they repeat the title block
    told = (metadata.get("title"), metadata.get("subtitle") or printed_date(metadata))
    title, version, notice = pandoc.plain(*told, metadata.get("notice"))
    parts["word/header1.xml"] = word_parts.header(title, version, notice)
    parts["word/header2.xml"] = word_parts.header(notice=notice)
    return word_parts.packed(parts)


def _table(table: re.Match[str]) -> str:
    text = table[0]
    if "<w:tblLayout" in text:  # its columns have widths, which Pandoc makes shares of its own page
        text = _GRID.sub(lambda found: f'{found[1]}{_on_page(found[2])}"', text)
        whole = sum(int(column[2]) for column in _GRID.finditer(text))
        text = _WIDTH.sub(f'<w:tblW w:w="{whole}" w:type="dxa"/>', text)
    for pandocs, ours in _STYLES.items():
        text = text.replace(pandocs, ours)
    text = text.replace("<w:tr><w:tc>", "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>")
    text = text.replace("<w:trPr><w:tblHeader", "<w:trPr><w:cantSplit/><w:tblHeader")
    heads = [row for row in _ROW.finditer(text) if "<w:tblHeader" in row[0]]
    if heads:
        last = heads[-1]
        text = text[: last.start()] + _ruled(last[0]) + text[last.end() :]
    return text


def _on_page(width: str) -> int:
    return round(int(width) * _PAGE / _PANDOCS_PAGE)


def _ruled(row: str) -> str:
    """Draw the rule under a table's head, of which a table style knows the first row alone."""
    opened = row.replace("<w:tcPr />", "<w:tcPr></w:tcPr>")
    return opened.replace("</w:tcPr>", f"{_RULE}</w:tcPr>")
