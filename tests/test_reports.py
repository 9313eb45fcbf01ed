"""The report suite: prose and one-line calls, every name known, nothing raw."""

from __future__ import annotations

import re

import pytest
import yaml

from foresay.publishing.lint import lint
from foresay.publishing.publish import sections
from foresay.publishing.qmd import parse
from foresay.publishing.results import FIGURES, TITLES, Results
from foresay.publishing.sources import suite

PAGES = sorted(suite().glob("*.qmd"))
DOCUMENT = parse(suite() / "index.qmd")


def test_the_suite_obeys_its_linter():
    project = yaml.safe_load((suite().parent / "_quarto.yml").read_text(encoding="utf-8"))
    assert lint(DOCUMENT, project=project, variables={}, house_rules=True) == ()


def test_every_page_is_included():
    assert {path.resolve() for path in PAGES} <= {path.resolve() for path in DOCUMENT.files}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_cells_are_one_line_but_the_set_up(path):
    text = path.read_text(encoding="utf-8")
    for cell in re.findall(r"```\{python\}\n(.*?)```", text, re.DOTALL):
        lines = [line for line in cell.splitlines() if line.strip() and not line.startswith("#|")]
        assert len(lines) <= (5 if "open_report" in cell else 1)


def test_calls_and_conditions_name_what_there_is():
    text = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert set(re.findall(r'(?:figure|caption)\("([^"]+)"\)', text)) == set(FIGURES)
    tables = set(re.findall(r'table\("([^"]+)"', text))
    assert tables <= set(TITLES)
    facts = {"has_predictions": True, "contrasts": {}, "estimands": [], "problems": 0}
    known = sections(Results(tables={}, missing={}, facts=facts), [])
    assert set(re.findall(r'when-meta="has\.([^"]+)"', text)) <= set(known)


def test_every_reference_is_cited_and_every_citation_has_one():
    text = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    keys = set(re.findall(r"@\w+\{(\w+),", (suite() / "references.bib").read_text("utf-8")))
    cited = set(re.findall(r"@([a-z]+\d{4})", text))
    assert cited == keys
