from __future__ import annotations

import pytest

from foresay.errors import ReportError
from foresay.publishing.sources import (
    data_files,
    documents,
    project_root,
    report_files,
    report_source,
    suite,
)
from foresay.study import read_study
from studies import SHIPPED, answers, write_study

TABLES = {"answers": answers("m", "i", "ab")}


def test_the_suite_is_used_unless_a_study_has_its_own_page(tmp_path):
    path = write_study(tmp_path, TABLES)
    assert report_source(path, read_study(path)) == suite() / "index.qmd"
    (tmp_path / "own.qmd").write_text("---\ntitle: Own\n---\n")
    path = write_study(tmp_path, TABLES, report={"source": "own.qmd"})
    assert report_source(path, read_study(path)) == (tmp_path / "own.qmd").resolve()
    assert project_root(tmp_path / "own.qmd") == tmp_path


def test_a_page_that_is_not_there_is_named(tmp_path):
    path = write_study(tmp_path, TABLES, report={"source": "own.qmd"})
    with pytest.raises(ReportError, match=r"'own\.qmd', and there is no such file beside it"):
        report_source(path, read_study(path))


def test_everything_that_a_page_is_made_from_is_an_input():
    names = {path.name for path in report_files(suite() / "index.qmd")}
    assert {"index.qmd", "_accuracy.qmd", "_glossary.qmd", "references.bib", "_quarto.yml"} <= names
    assert {path.name for path in suite().iterdir() if path.is_file()} <= names


def test_data_files_are_found_without_an_engine():
    found = data_files(read_study(SHIPPED / "study.yml"), SHIPPED)
    assert {"models.csv", "responses.csv.gz"} <= set(found)
    assert all(path.is_file() for path in found.values())


def test_the_suite_and_a_page_of_ones_own_have_their_names(tmp_path):
    suite_study = read_study(write_study(tmp_path / "a", TABLES))
    own = read_study(write_study(tmp_path / "b", TABLES, report={"source": "mine.qmd"}))
    assert documents(suite_study, ["html", "pdf"]) == {"html": "index.html", "pdf": "report.pdf"}
    assert documents(own, ["docx", "html"]) == {"docx": "mine.docx", "html": "mine.html"}
