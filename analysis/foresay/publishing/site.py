"""A report as a small site: the finished HTML is cut into one self-contained file a page.

Each section directly inside ``<main>`` becomes a page. What stands before the first and after the
last one is on every page: the title, and the contents, which thereby lead through the whole site.
The text is cut where it is and never written anew, so that the HTML of both engines stays as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from foresay.errors import ReportError
from foresay.publishing.elements import Element, read_elements

FIRST = "index"
_LEVELS = {"level1", "level2"}
"""Classes of a page's section: headings begin at the first level with Quarto, at the second here,
where the title is the first."""
_HREF = re.compile(r"""(\shref\s*=\s*)("[^"]*"|'[^']*')""")
_NUMBER = re.compile(r'<span\s+class="header-section-number">.*?</span>', re.DOTALL)

Edit = tuple[int, int, str]
"""A part of the text, from and up to, and what takes its place."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its section, the name of its file, its title as HTML, what can be linked to on it."""

    section: Element
    file: str
    title: str
    identifiers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Site:
    """A text, its elements, where the sections are, and the pages that these become."""

    text: str
    elements: Sequence[Element]
    main: Element
    pages: Sequence[_Page]


def cut(text: str) -> dict[str, str]:
    """Cut a finished report into the pages of a site.

    Parameters
    ----------
    text : str
        The HTML that an engine wrote.

    Returns
    -------
    dict of str to str
        HTML by the file's name, in the order of reading. The first is ``index.html``; the others
        are named after the identifiers of their sections, without ``sec-``.

    Raises
    ------
    ReportError
        If there is no ``<main>``, or no section directly inside it.
    """
    elements = read_elements(text)
    main = next((each for each in elements if each.tag == "main"), None)
    sections = [
        each
        for each in elements
        if each.tag == "section" and each.parent is main and _LEVELS & each.classes
    ]
    if main is None or not sections:
        raise ReportError("the HTML of the report has no sections to make pages of")
    site = _Site(text, elements, main, _pages(text, sections, _after(sections[-1], main)))
    return {page.file: _edited(text, _edits(site, page)) for page in site.pages}


def _after(last: Element, main: Element) -> list[Element]:
    """Return what stands behind the last section; footnotes have no page of their own."""
    return [
        each
        for each in main.inside
        if each.start >= last.end
        and not any("footnotes" in above.classes for above in (each, *each.above))
    ]


def _pages(text: str, sections: Sequence[Element], after: Sequence[Element]) -> list[_Page]:
    pages: list[_Page] = []
    for section in sections:
        stem = _stem(section.identifier) if pages else FIRST
        taken = {page.file for page in pages}
        file, number = f"{stem}.html", 1
        while file in taken:
            number += 1
            file = f"{stem}-{number}.html"
        inside = (section, *section.inside, *(after if section is sections[-1] else ()))
        found = frozenset(each.identifier for each in inside if each.identifier)
        pages.append(_Page(section, file, _title(text, section), found))
    return pages


def _stem(identifier: str) -> str:
    """Make a file name that every system and every address takes as it is."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", identifier.removeprefix("sec-"))
    return plain.strip("-").lower() or "page"


def _title(text: str, section: Element) -> str:
    """Return the first heading of a section without its number, as text of HTML."""
    for heading in section.inside:
        if re.fullmatch(r"h[1-6]", heading.tag):
            shown = _NUMBER.sub("", text[heading.inner : heading.inner_end])
            return " ".join(re.sub(r"<[^>]*>", "", shown).split())
    return ""


def _edits(site: _Site, page: _Page) -> Iterator[Edit]:
    """Give what makes a page of the whole."""
    for other in site.pages:
        if other is not page:
            yield (other.section.start, other.section.end, "")
    yield from _headline(site, page)
    yield from _contents(site, page)
    yield from _endings(site, page)
    yield from _charts(site, page)
    yield from _links(site, page)
    yield (site.main.inner_end, site.main.inner_end, _turning(site, page))


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits; one inside a part that is taken out goes with it."""
    parts: list[str] = []
    place = 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start >= place:
            parts += [text[place:start], new]
            place = end
    return "".join([*parts, text[place:]])


def _headline(site: _Site, page: _Page) -> Iterator[Edit]:
    """Put the page's own title before that of the report, in the browser's bar."""
    title = next((each for each in site.elements if each.tag == "title"), None)
    if title is not None and page is not site.pages[0] and page.title:
        yield (title.inner, title.inner, f"{page.title} \N{MIDDLE DOT} ")


def _contents(site: _Site, page: _Page) -> Iterator[Edit]:
    """Mark the page in the contents, and leave out what is inside the others."""
    for link in site.elements:
        above = {each.tag for each in link.above} if link.tag == "a" else set()
        if "nav" not in above or "main" in above:
            continue
        target, item = _target(link), next((e for e in link.above if e.tag == "li"), None)
        if target and target == page.section.identifier:
            yield (link.inner - 1, link.inner - 1, ' aria-current="page"')
        elif item and any(target == other.section.identifier for other in site.pages):
            lists = (each for each in item.inside if each.tag == "ul" and each.parent is item)
            yield from ((each.start, each.end, "") for each in lists)


def _endings(site: _Site, page: _Page) -> Iterator[Edit]:
    """Keep the footnotes that the page refers to, with their numbers; the rest is for the last."""
    last = page is site.pages[-1]
    start, end = site.pages[-1].section.end, site.main.inner_end
    notes = next((e for e in site.elements if "footnotes" in e.classes and e.start >= start), None)
    called = {_target(link) for link in page.section.inside if link.tag == "a"}
    items = [e for e in notes.inside if e.tag == "li" and e.identifier] if notes else []
    if notes is None or not called & {item.identifier for item in items}:
        if not last:
            yield (start, end, "")
        elif notes is not None:
            yield (notes.start, notes.end, "")
        return
    if not last:
        yield from ((start, notes.start, ""), (notes.end, end, ""))
    for number, item in enumerate(items, start=1):
        if item.identifier in called:
            yield (item.inner - 1, item.inner - 1, f' value="{number}"')
        else:
            yield (item.start, item.end, "")


def _charts(site: _Site, page: _Page) -> Iterator[Edit]:
    """Bring what interactive charts need once, before the first of the page, and nowhere else."""
    kinds = {"foresay-style", "foresay-script"}
    brought = [each for each in site.elements if kinds & each.classes]
    yield from ((each.start, each.end, "") for each in brought)
    first = next((e for e in page.section.inside if _is_chart(e)), None)
    if first is not None:
        yield (first.start, first.start, "".join(site.text[e.start : e.end] for e in brought))


def _is_chart(element: Element) -> bool:
    data = (each.attributes.get("type") == "application/json" for each in element.inside)
    return "foresay-figure" in element.classes and any(data)


def _links(site: _Site, page: _Page) -> Iterator[Edit]:
    """Let links lead to the file in which their target is."""
    for link in site.elements:
        target = _target(link) if link.tag == "a" else ""
        other = next((each for each in site.pages if target and target in each.identifiers), None)
        if other is None or other is page or target in page.identifiers:
            continue
        address = other.file
        if target != other.section.identifier:
            address += link.attributes["href"]
        yield (link.start, link.inner, _leading(site.text[link.start : link.inner], address))


def _leading(tag: str, address: str) -> str:
    """Return a start tag with another address."""
    return _HREF.sub(lambda found: f'{found[1]}"{html.escape(address)}"', tag, count=1)


def _target(link: Element) -> str:
    """Return the identifier on the same page that a link leads to, or an empty text."""
    address = link.attributes.get("href", "")
    return unquote(address[1:]) if address.startswith("#") else ""


def _turning(site: _Site, page: _Page) -> str:
    """Return the links to the page before and the page after."""
    at = [each is page for each in site.pages].index(True)
    near = {
        "prev": site.pages[at - 1] if at else None,
        "next": site.pages[at + 1] if at + 1 < len(site.pages) else None,
    }
    words = {"prev": "Previous: ", "next": "Next: "}
    links = [
        f'<a rel="{rel}" href="{other.file}">{words[rel]}{other.title}</a>'
        for rel, other in near.items()
        if other is not None
    ]
    if not links:
        return ""
    return "\n".join(['<nav class="pages" aria-label="Pages">', *links, "</nav>", ""])
