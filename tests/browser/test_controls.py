"""What a reader sets in motion: light and dark, tabs, folds, wide tables, paper."""

from __future__ import annotations

import re
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import expect

from browser.visits import NARROW, WIDE, Open

pytestmark = pytest.mark.browser
Reports = dict[str, dict[str, Path]]


def ground(page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboard_turns_the_light_and_the_next_page_remembers(
    reports: Reports, visit: Open, scheme
):
    page = visit(reports["constructs"]["index.html"], WIDE, scheme).page
    before = ground(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Tab")
    other = {"light": "Dark colours", "dark": "Light colours"}[scheme]
    toggle = page.get_by_role("button", name=other)
    expect(toggle).to_be_focused()
    page.keyboard.press("Enter")
    after = ground(page)
    assert after != before
    expect(toggle).to_have_count(0)  # now it offers the way back
    expect(page.locator(".theme-toggle")).to_have_text(f"{scheme.capitalize()} colours")
    for _ in range(20):  # what is remembered is written by and by
        page.reload()
        if ground(page) == after:
            break
    assert ground(page) == after


def test_the_skip_link_leads_past_the_contents(reports: Reports, visit: Open):
    page = visit(reports["constructs"]["index.html"]).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


def test_arrows_change_tabs_and_a_link_opens_the_tab_it_leads_into(reports: Reports, visit: Open):
    page = visit(reports["constructs"]["index.html"]).page
    first, second = (page.get_by_role("tab", name=name) for name in ("First tab", "Second tab"))
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    expect(page.get_by_text("Seen second.")).to_be_visible()
    expect(page.get_by_text("Seen first.")).to_be_hidden()
    inside = page.get_by_role("tabpanel", include_hidden=True).first.get_attribute("id")
    page.evaluate("id => { location.hash = id; }", inside)
    expect(page.get_by_text("Seen first.")).to_be_visible()


def test_contents_fold_away_on_a_narrow_screen(reports: Reports, visit: Open):
    path = reports["suite"]["index.html"]
    link = visit(path, WIDE).page.locator(".contents a").first
    expect(link).to_be_visible()
    narrow = visit(path, NARROW).page
    expect(narrow.locator(".contents a").first).to_be_hidden()
    narrow.locator(".contents summary").focus()
    narrow.keyboard.press("Enter")
    expect(narrow.locator(".contents a").first).to_be_visible()


def test_a_table_is_a_stop_of_the_keyboard_only_where_it_has_to_be_scrolled(
    reports: Reports, visit: Open
):
    page = visit(reports["constructs"]["index.html"], NARROW).page
    wide = page.locator("#tbl-wide .table-scroll")
    expect(wide).to_have_attribute("tabindex", "0")
    expect(page.get_by_role("region", name=re.compile("A wide table"))).to_be_visible()
    wide.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('#tbl-wide .table-scroll').scrollLeft > 0")
    assert page.locator("#tbl-pipe .table-scroll").get_attribute("tabindex") is None


def test_printing_opens_what_is_folded(reports: Reports, visit: Open, tmp_path: Path):
    page = visit(reports["constructs"]["index.html"]).page
    page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
    pages = pypdf.PdfReader(tmp_path / "print.pdf").pages
    text = "".join("".join(part.extract_text() for part in pages).split())
    for said in ("Thisoneisfolded", "Seenfirst.", "Seensecond.", "column13", "total=sum"):
        assert said in text
    assert page.locator("main details[open]").count() == 0
