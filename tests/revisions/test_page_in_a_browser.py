"""The page of differences in Chromium: readable at both widths, light and dark, and for axe."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from browser.visits import SIZES, Open, opener
from foresay.revisions.differences import compare_versions
from foresay.revisions.page import html_page
from revisions.made import DIFFERENCE, ROW, SVG, make, page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
LONG = "a_name_without_a_place_to_break_" * 4


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    old = {"accuracy": [ROW | {"target": LONG}], "advantage": [DIFFERENCE], "ladder": [ROW]}
    new = {
        "accuracy": [ROW | {"target": LONG, "value": 0.6, "note": LONG}, ROW],
        "advantage": [DIFFERENCE | {"value": 0.4, "low": 0.2, "verdict": "different"}],
    }
    files = {
        "figures/a.svg": SVG.format(3),
        "figures/b.svg": SVG.format(4),
        "index.html": page("Accuracy is .60.", LONG),
    }
    one = make(folder / "v", "1.0", tables=old, files={"figures/a-single.svg": SVG.format(2)})
    two = make(folder / "v", "1.1", tables=new, files=files, choices={"compliance": LONG})
    path = folder / "diff.html"
    path.write_text(html_page(compare_versions(one, two)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def visit(written: Path) -> Iterator[Open]:
    if PROGRAM is None:
        pytest.skip("Chromium is not installed; `.ci/run` installs it from Debian's packages")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield from opener(browser)
        browser.close()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_page_can_be_read(written, visit, width, scheme):
    opened = visit(written, width, scheme)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.page.evaluate("[...document.images].every((each) => each.naturalWidth)")
    found = Axe().run(opened.page).response["violations"]
    assert [f"{each['help']}: {each['nodes'][0]['html'][:160]}" for each in found] == []
    assert (opened.errors, opened.requests) == ([], [])
