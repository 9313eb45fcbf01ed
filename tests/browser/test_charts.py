"""Interactive charts: what the mouse and the keyboard do, and what stays where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.visits import NARROW, WIDE, Open, Visit
from foresay.display import visible

pytestmark = pytest.mark.browser

Reports = dict[str, dict[str, Path]]
MARKS = ".foresay-live .role-mark path"
_HEIGHT = "() => document.querySelector('main').getBoundingClientRect().height"


def live(visited: Visit, at: int = 0):
    chart = visited.page.locator(".foresay-figure").nth(at)
    chart.scroll_into_view_if_needed()
    expect(chart).to_have_attribute("data-state", "live")
    return chart


def points(chart):
    return chart.locator(".foresay-live .mark-symbol.role-mark path")


def test_the_mouse_reads_what_a_point_says_also_where_a_model_wrote_the_name(visit: Open, chart):
    opened = visit(chart)
    found = live(opened)
    tip = opened.page.locator(".foresay-tip")
    said = []
    for at in range(points(found).count()):
        points(found).nth(at).hover()
        expect(tip).to_be_visible()
        said.append(tip.inner_text())
    assert any("<img src=x onerror=alert(1)>" in text for text in said)
    assert any(visible("\u202edivergent") in text for text in said)
    ends = [text.splitlines()[-2:] for text in said]
    assert sorted(value for value, _ in ends) == [
        "Value: .20 [.10, .30]",
        "Value: .40 [.30, .55]",
        "Value: .60 [.50, .70]",
        "Value: .80 [.70, .90]",
    ]
    assert {items for _, items in ends} == {"Items: 1,240"}
    opened.page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    assert opened.errors == []


def test_escape_hides_the_tooltip(visit: Open, chart):
    opened = visit(chart)
    points(live(opened)).first.hover()
    expect(opened.page.locator(".foresay-tip")).to_be_visible()
    opened.page.keyboard.press("Escape")
    expect(opened.page.locator(".foresay-tip")).to_be_hidden()


def test_a_row_stands_out_under_the_mouse_and_the_others_come_back(visit: Open, chart):
    opened = visit(chart)
    found = live(opened)
    points(found).nth(1).hover()
    dimmed = found.locator(".foresay-dim")
    names = dimmed.evaluate_all("all => [...new Set(all.map((each) => each.__data__.datum.full))]")
    assert len(names) == 3
    opened.page.mouse.move(5, 5)
    expect(dimmed).to_have_count(0)


def test_a_click_on_the_legend_keeps_a_series_until_the_next_click(visit: Open, chart):
    opened = visit(chart)
    found = live(opened)
    dimmed = found.locator(".foresay-dim")
    entry = found.locator(".foresay-live .role-legend-label text").first
    entry.click()
    opened.page.mouse.move(5, 5)
    kept = dimmed.evaluate_all("all => [...new Set(all.map((each) => each.__data__.datum.clear))]")
    assert len(kept) == 1
    assert kept[0] != entry.text_content()
    entry.click()
    opened.page.mouse.move(5, 5)
    expect(dimmed).to_have_count(0)


def test_a_chart_starts_when_it_comes_near(visit: Open, chart):
    opened = visit(chart)
    live(opened, 0)
    far = opened.page.locator(".foresay-figure").nth(1)
    assert far.get_attribute("data-state") is None
    live(opened, 1)


def test_nothing_moves_when_charts_start(visit: Open, chart):
    opened = visit(chart)
    opened.page.locator(".foresay-static").first.evaluate("image => image.decode()")
    before = opened.page.evaluate(_HEIGHT)
    assert opened.start_charts() == 0
    assert opened.page.evaluate(_HEIGHT) == before


def test_the_keyboard_changes_between_the_two_drawings(visit: Open, chart):
    opened = visit(chart)
    found = live(opened)
    button = found.get_by_role("button", name="Show the static figure")
    button.focus()
    opened.page.keyboard.press("Enter")
    expect(found.locator(".foresay-static")).to_be_visible()
    expect(found.locator(".foresay-live")).to_be_hidden()
    expect(found.get_by_role("button", name="Show the interactive figure")).to_be_focused()
    opened.page.keyboard.press("Space")
    expect(found.locator(".foresay-live")).to_be_visible()


def test_a_narrow_screen_has_a_drawing_of_its_own_also_when_it_is_turned(
    reports: Reports, visit: Open
):
    opened = visit(reports["suite"]["accuracy.html"], WIDE)
    widths = []
    for width in (WIDE, NARROW, WIDE):
        opened.page.set_viewport_size({"width": width, "height": 900})
        drawing = live(opened).locator(".foresay-live svg.marks")
        expect(drawing).to_have_count(1)
        widths.append(float(drawing.get_attribute("viewBox").split()[2]))
        box = drawing.bounding_box()
        assert box["width"] == pytest.approx(widths[-1], rel=0.02)
    assert widths[1] < NARROW < widths[0] == widths[2]
    assert opened.errors == []


def test_a_reader_hears_the_same_words_of_both_drawings(visit: Open, chart):
    found = live(visit(chart))
    words = found.locator(".foresay-static").get_attribute("alt")
    assert found.locator(".foresay-live").get_attribute("aria-label") == words
    assert words.startswith("Forest plot")


def answer(opened: Visit, chart) -> str:
    """Return what the first mark says that says anything."""
    tip = opened.page.locator(".foresay-tip")
    for mark in [*points(chart).all()[:9], *chart.locator(MARKS).all()[:30]]:
        mark.hover(force=True)
        if tip.is_visible():
            return str(tip.inner_text())
    return ""


def test_every_chart_of_a_report_answers_to_the_mouse(reports: Reports, visit: Open):
    said = {}
    for name, path in reports["suite"].items():
        opened = visit(path)
        for at in range(opened.page.locator(".foresay-figure").count()):
            said[name, at] = answer(opened, live(opened, at))
        assert opened.errors == []
        opened.page.close()
    assert len(said) > 5
    assert {place: text for place, text in said.items() if ": " not in text} == {}
