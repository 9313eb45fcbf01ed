"""The gallery lists every figure; its pages show those that there are and hold hostile text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from foresay.display import escape_markdown
from foresay.figures import GALLERY, plot_compliance
from foresay.publishing.gallery import SECTIONS, items
from foresay.publishing.gallery_pages import gallery_page, html_page
from foresay.publishing.illustrations import gallery_name
from foresay.publishing.results import FIGURES

ROOT = Path(__file__).resolve().parents[2]
EVIL = "</figcaption><script>alert(1)</script><img src=http://x onerror=a>`|*\u202e"
LISTED = [name for figures in SECTIONS.values() for name in figures]


@pytest.fixture
def figure():
    row = {"estimand": "compliance", "predictor": EVIL, "value": 0.5, "low": 0.4, "high": 0.6}
    return plot_compliance(pd.DataFrame([{**row, "level": 0.95, "n_items": 9, "note": EVIL}]))


def page_of(figure, files=("compliance.svg",)):
    listed = items({"compliance": figure}, {"scaling": EVIL})
    return html_page(EVIL, listed, {"compliance": figure.svg()}, {"compliance": list(files)})


def test_every_figure_is_listed_once():
    assert sorted(LISTED) == sorted({*GALLERY, *FIGURES})
    assert all(gallery_name(name) in GALLERY for name in FIGURES)
    assert all(section.endswith("?") for section in SECTIONS)


def test_a_page_shows_a_figure_with_its_words_and_files(figure):
    page = page_of(figure, ["compliance.svg", "compliance-single.pdf", "a b.csv"])
    assert page.count("<img") == 1
    assert 'href="compliance-single.pdf">single.pdf</a>' in page
    assert 'href="a%20b.csv"' in page
    assert "n = 9 items" in page


def test_nothing_of_a_page_stands_outside_it_and_no_text_is_markup(figure):
    tags, addresses = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.append(tag)
            addresses.extend(v for k, v in attrs if k in ("src", "href", "srcset"))

    page = page_of(figure)
    Reader().feed(page)
    assert "script" not in tags
    assert all(a.startswith(("data:image/svg+xml;base64,", "#", "compliance")) for a in addresses)
    assert "Content-Security-Policy" in page
    assert "\u202e" not in page
    assert "onerror" in page  # said as text


def test_what_is_not_drawn_says_why_and_what_it_needs(figure):
    page = page_of(figure)
    assert page.count("Not drawn") == len(LISTED) - 1
    assert "Not drawn: &lt;/figcaption&gt;" in page
    assert "<code>n_train</code>" in page


def test_images_of_a_page_are_found_from_where_it_stands(figure, tmp_path):
    files = {"compliance": [str(tmp_path / "docs/images/compliance.svg")]}
    listed = items({"compliance": figure}, {})
    page = gallery_page(tmp_path / "docs/a.md", "s", listed, {"compliance": figure.svg()}, files)
    assert f"]({'images/compliance.svg'})" in page
    assert escape_markdown(figure.caption) in page


def test_the_gallery_of_the_documentation_is_the_list():
    text = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert re.findall("^## (.*)$", text, re.MULTILINE) == list(SECTIONS)
    assert re.findall("^### (.*)$", text, re.MULTILINE) == LISTED
    for section in items({}, {}).values():
        for item in section:
            assert f"{item.question} Needs {item.needs}." in text, item.name


def test_images_of_the_documentation_are_small_and_shown():
    text = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    shown = re.findall(r"^!\[.*\]\(images/(.*)\)$", text, re.MULTILINE)
    there = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").glob("*.svg")}
    assert set(shown) == set(there)
    assert max(there.values()) < 100_000


def test_no_two_figures_of_the_gallery_ask_the_same():
    asked = [item.question for section in items({}, {}).values() for item in section]
    twice = {question for question in asked if asked.count(question) > 1}
    # a self-advantage is a contrast, and the gallery has that too
    assert twice <= {"Which differences does its own test show?"}
