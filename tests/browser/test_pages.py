"""Every page of a report, at two widths, light and dark, and on paper."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from browser.visits import NARROW, SIZES, WIDE, Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Reports = dict[str, dict[str, Path]]
DOCUMENTS = ("suite", "constructs")
A4_TEXT = 658  # 210 mm less twice 18 mm, in CSS pixels

_WITHOUT_NAME = """() => {
  const text = (node) => (node ? node.textContent.trim() : "");
  return [...document.querySelectorAll("figure, main img, .foresay-live, table")].filter((each) => {
    if (each.matches("img")) return !each.alt.trim();
    if (each.matches(".foresay-live")) return !each.getAttribute("aria-label");
    if (each.matches("figure")) return !text(each.querySelector("figcaption"));
    return !each.caption && !each.closest("figure, [aria-label]");
  }).map((each) => each.outerHTML.slice(0, 120));
}"""
_CUT = """() => [...document.querySelectorAll("main *")].filter((each) => {
  const style = getComputedStyle(each);
  const box = each.getBoundingClientRect();
  if (each.closest("math, svg, .foresay-live") || !box.width) return false;
  const hides = style.overflowX !== "visible" && each.scrollWidth > each.clientWidth + 1;
  return hides || box.right > document.documentElement.clientWidth + 1;
}).map((each) => each.outerHTML.slice(0, 120))"""


def is_light(page: Page) -> bool:
    ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    return max(map(int, re.findall(r"\d+", ground))) > 128


def serious(page: Page) -> list[str]:
    """Return what axe finds that keeps somebody from reading."""
    return [
        f"{each['help']}: {each['nodes'][0]['html'][:160]}"
        for each in Axe().run(page).response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def test_the_audit_and_the_claims_are_among_the_pages(reports: Reports):
    assert {"audit.html", "claims.html"} <= set(reports["others"])
    shown = reports["suite"]["claims.html"].read_text(encoding="utf-8")
    assert "nobody has stated so far" in " ".join(shown.split())


@pytest.mark.parametrize("document", [*DOCUMENTS, "others"])
@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_pages_can_be_read(reports: Reports, visit: Open, document, width, scheme):
    wrong = {}
    for name, path in reports[document].items():
        opened = visit(path, width, scheme)
        found = {
            "charts that did not start": opened.start_charts(),
            "errors": opened.errors,
            "requests": opened.requests,
            "too wide": opened.page.evaluate("document.documentElement.scrollWidth") > width,
            "wrong ground": document != "others" and is_light(opened.page) != (scheme == "light"),
            "without a name": opened.page.evaluate(_WITHOUT_NAME),
        }
        if (width, scheme) in {(WIDE, "light"), (NARROW, "dark")}:
            found["axe"] = serious(opened.page)
        wrong |= {f"{name}: {what}": said for what, said in found.items() if said}
        opened.page.close()
    assert wrong == {}


@pytest.mark.parametrize(("document", "scheme"), [("suite", "dark"), ("constructs", "light")])
def test_paper_shows_everything_and_cuts_nothing(reports: Reports, visit: Open, document, scheme):
    for name, path in reports[document].items():
        opened = visit(path, A4_TEXT, scheme)
        opened.start_charts()
        opened.page.emulate_media(media="print")
        assert opened.page.evaluate(_CUT) == [], name
        assert is_light(opened.page)
        for hidden in (".foresay-live", ".contents", ".theme-toggle", ".foresay-toggle"):
            assert opened.page.locator(f"{hidden}:visible").count() == 0, (name, hidden)
        figures = opened.page.locator(".foresay-figure").count()
        assert opened.page.locator(".foresay-static:visible").count() == figures
        opened.page.close()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_headings_and_identifiers_are_in_order(reports: Reports, document):
    trees = {
        name: lxml.html.fromstring(path.read_text(encoding="utf-8"))
        for name, path in reports[document].items()
    }
    places = set(trees)
    for name, tree in trees.items():
        identifiers = tree.xpath("//@id")
        assert len(identifiers) == len(set(identifiers)), name
        places |= {f"{name}#{each}" for each in identifiers}
        levels = [int(each.tag[1]) for each in tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
        assert levels[:2] == [1, 2], name
        assert all(later <= former + 1 for former, later in pairwise(levels)), name
    links = [(name, str(each)) for name, tree in trees.items() for each in tree.xpath("//a/@href")]
    inside = [(name, each) for name, each in links if not each.startswith("https://")]
    assert any(each.startswith("#fig-") for _, each in inside)
    lost = [
        (name, each)
        for name, each in inside
        if (f"{name}{each}" if each.startswith("#") else each) not in places
    ]
    assert lost == []


def test_the_pages_of_the_suite_lead_to_each_other(reports: Reports, visit: Open):
    pages = reports["suite"]
    assert len(pages) > 3
    seen, opened = [], visit(pages["index.html"])
    while True:
        seen.append(Path(opened.page.url.partition("#")[0]).name)
        assert opened.page.locator(".contents a[aria-current='page']").count() == 1
        onward = opened.page.locator(".pages a[rel='next']")
        if not onward.count():
            break
        onward.click()
        opened.page.wait_for_load_state()
    assert sorted(seen) == sorted(pages)
    assert opened.errors == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_without_scripts_everything_is_there(reports: Reports, visit: Open, document):
    path = max(reports[document].values(), key=lambda page: page.stat().st_size)
    page = visit(path, NARROW, scripts=False).page
    assert page.locator(".theme-toggle:visible, [role=tab]:visible").count() == 0
    figures = page.locator(".foresay-figure").count()
    assert page.locator(".foresay-static:visible").count() == figures
    assert page.locator(".tab:visible").count() == page.locator(".tab").count()
