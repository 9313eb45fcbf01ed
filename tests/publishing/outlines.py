"""What a reader finds in a document: headings, captions, paragraphs and tables, by format."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from pathlib import Path

import docx
import lxml.html
import pypdf
from docx.table import Table
from docx.text.paragraph import Paragraph

_ASIDE = ("figcaption", "li", "nav", "table", "summary", "header", "pre")


@dataclass(slots=True)
class Outline:
    """The parts of one document, in order; texts have single spaces."""

    headings: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)


def plain(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def site_pages(folder: Path) -> list[Path]:
    """The pages of a site in the order of its contents, the first one first."""
    first = lxml.html.fromstring((folder / "index.html").read_text(encoding="utf-8"))
    links = first.xpath("//nav[contains(@class, 'contents')]//a/@href")
    files = dict.fromkeys(link for link in links if not link.startswith("#"))
    return [folder / "index.html", *(folder / name for name in files)]


def site_outline(folder: Path) -> Outline:
    """Give the outlines of all pages of a site, joined."""
    whole = Outline()
    for page in site_pages(folder):
        part = html_outline(page)
        for each in fields(Outline):
            getattr(whole, each.name).extend(getattr(part, each.name))
    return whole


def html_outline(path: Path) -> Outline:
    main = lxml.html.fromstring(path.read_text(encoding="utf-8")).get_element_by_id("content")
    for gone in main.xpath(
        ".//*[contains(@class, 'footnote')] | .//math/.. | .//script | .//style"
    ):
        gone.drop_tree()
    outline = Outline()
    for node in main.iter():
        if not isinstance(node.tag, str):
            continue
        text = plain(node.text_content())
        if re.fullmatch(r"h[1-6]", node.tag):
            outline.headings.append(text)
        elif node.tag == "figcaption":
            outline.captions.append(text)
        elif node.tag == "a" and "cross-reference" in node.get("class", ""):
            outline.references.append(text)
        elif node.tag == "table":
            rows = [[plain(cell.text_content()) for cell in row] for row in node.iter("tr")]
            outline.tables.append([[cell for cell in row if cell] for row in rows])
        elif _is_paragraph(node) and text and not _inside(node):
            outline.paragraphs.append(text)
    return outline


def _is_paragraph(node: lxml.html.HtmlElement) -> bool:
    return node.tag in {"p", "li", "dt"} or (node.tag == "dd" and node.find("p") is None)


def _inside(node: lxml.html.HtmlElement) -> bool:
    above = {each.tag for each in node.iterancestors()}
    return bool(above & set(_ASIDE)) or "tab-title" in node.get("class", "")


def docx_outline(path: Path) -> Outline:
    outline, counts = Outline(), [0] * 6
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            outline.tables.append(_docx_rows(block))
            continue
        style, text = block.style.name, plain(_docx_text(block))
        outline.references += [
            plain(link.text) for link in block.hyperlinks if "-" in (link.fragment or "")
        ]
        if style.startswith("Heading"):
            outline.headings.append(_docx_number(block, counts) + text)
        elif style in {"Image Caption", "Table Caption"}:
            outline.captions.append(text)
        elif text and style not in {"Source Code", "Title", "Subtitle", "Author", "Date"}:
            outline.paragraphs.append(text)
    outline.references = [each for each in outline.references if not each.startswith("Binder")]
    return outline


def _docx_number(heading: Paragraph, counts: list[int]) -> str:
    """Count as Word does, where the style of a heading has a number."""
    numbering = heading.style.element.pPr.numPr
    if numbering is None or not numbering.numId.val:
        return ""
    level = numbering.ilvl.val
    counts[level:] = [counts[level] + 1, *[0] * (5 - level)]
    return ".".join(map(str, counts[: level + 1])) + " "


def _docx_text(paragraph: Paragraph) -> str:
    return paragraph.text.replace("\t", " ")


def _docx_rows(table: Table) -> list[list[str]]:
    rows = []
    for row in table.rows:
        seen, texts = set(), []
        for cell in row.cells:
            if cell._tc not in seen:
                seen.add(cell._tc)
                texts.append(plain(cell.text))
        rows.append([text for text in texts if text])
    return rows


def pdf_headings(path: Path) -> list[str]:
    def walk(items: list[object]) -> list[str]:
        found = []
        for item in items:
            found += walk(item) if isinstance(item, list) else [plain(item.title)]
        return found

    return walk(pypdf.PdfReader(path).outline)


def pdf_text(path: Path) -> str:
    """Give the text without spaces and hyphens, which a line break may have moved."""
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(path).pages))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b\u2010-]+", "", text)
