"""The report suite: prose and one-line calls, every name known, nothing raw."""

from __future__ import annotations

import re

import pytest
import yaml

from foresay.publishing.lint import lint
from foresay.publishing.publish import sections
from foresay.publishing.qmd import parse
from foresay.publishing.results import FIGURES, PAGES, TITLES, Results
from foresay.publishing.sentences import SENTENCES
from foresay.publishing.sources import suite

SOURCES = sorted(suite().glob("*.qmd"))
PAGE_FILES = [path for path in SOURCES if path.name != "index.qmd"]
DOCUMENT = parse(suite() / "index.qmd")


def test_the_suite_obeys_its_linter():
    project = yaml.safe_load((suite().parent / "_quarto.yml").read_text(encoding="utf-8"))
    assert lint(DOCUMENT, project=project, variables={}, house_rules=True) == ()


def test_every_page_is_included():
    assert {path.resolve() for path in SOURCES} <= {path.resolve() for path in DOCUMENT.files}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_cells_are_one_line_but_the_set_up(path):
    text = path.read_text(encoding="utf-8")
    for cell in re.findall(r"```\{python\}\n(.*?)```", text, re.DOTALL):
        lines = [line for line in cell.splitlines() if line.strip() and not line.startswith("#|")]
        assert len(lines) <= (5 if "open_report" in cell else 1)


def test_calls_and_conditions_name_what_there_is():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert set(re.findall(r'(?:figure|caption)\("([^"]+)"\)', text)) == set(FIGURES)
    tables = set(re.findall(r'table\("([^"]+)"', text))
    assert tables <= set(TITLES)
    facts = {"has_predictions": True, "contrasts": {}, "estimands": [], "problems": 0}
    known = sections(Results(tables={}, missing={}, facts=facts), [])
    assert set(re.findall(r'when-meta="has\.([^"]+)"', text)) <= set(known)
    said = set(re.findall(r'say\("([^"]+)"\)', text))
    assert said <= set(SENTENCES)
    assert {name for name in SENTENCES if name.startswith("answer_")} <= said


def sections_of(page: str) -> list[str]:
    """The conditions of the sections of a page: of those divs in which a heading comes first."""
    text = (suite() / f"_{page}.qmd").read_text(encoding="utf-8")
    opening = r'^::: \{\.content-visible when-meta="has\.([\w-]+)"\}\n##? '
    return re.findall(opening, text, re.MULTILINE)


def test_pages_are_in_order_and_each_may_be_left_out():
    text = (suite() / "index.qmd").read_text(encoding="utf-8")
    included = re.findall(r"include _(\w+)\.qmd", text)
    assert included == [
        *("overview", "data", "accuracy", "self", "calibration", "change", "robustness"),
        *("claims", "methods", "glossary", "reproduction", "references"),
    ]
    under = re.findall(r'when-meta="has\.page-(\w+)"\}\n\{\{< include _(\w+)\.qmd', text)
    assert under == [(page, page) for page in PAGES]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_there_where_one_of_its_sections_is(page):
    assert sections_of(page) == PAGES[page].split()


@pytest.mark.parametrize("path", PAGE_FILES, ids=lambda path: path.stem)
def test_a_page_begins_with_its_heading_and_a_question(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    name = path.stem.removeprefix("_")
    assert re.fullmatch(rf"# .+ \{{#sec-{name}( \.unnumbered)?\}}", lines[0])
    assert sum(line.startswith("# ") for line in lines) == 1
    if name not in {"overview", "references"}:
        assert re.fullmatch(r"\*\*.+\?\*\*", lines[2])


def test_every_reference_is_cited_and_every_citation_has_one():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    keys = set(re.findall(r"@\w+\{(\w+),", (suite() / "references.bib").read_text("utf-8")))
    cited = set(re.findall(r"@([a-z]+\d{4})", text))
    assert cited == keys
