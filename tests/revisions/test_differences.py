from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from foresay.errors import VersionError
from foresay.revisions.differences import compare_versions
from foresay.revisions.page import html_page
from foresay.revisions.paragraphs import paragraphs
from foresay.revisions.prose import compare_text
from foresay.revisions.wording import as_text, summary
from revisions.made import DIFFERENCE, ROW, SVG, make, page

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m"


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    return tmp_path / "versions"


def test_versions_of_the_same_do_not_differ(versions):
    found = compare_versions(make(versions, "1.0"), make(versions, "1.1"))
    assert not found.moved
    assert summary(found) == "nothing moved"
    assert found.to_json()["rows"] == []


def test_what_is_amiss_with_a_version_is_said_once(versions):
    folder = make(versions, "1.0")
    (folder / "more.txt").write_text("x", encoding="utf-8")
    found = compare_versions(folder, folder)
    assert len(found.notes) == 1
    assert as_text(found).count("more.txt") == 1


def test_everything_that_differs_is_named(versions):
    old = {"accuracy": [ROW], "advantage": [DIFFERENCE], "ladder": [ROW]}
    new = {
        "accuracy": [ROW | {"value": 0.55}, ROW | {"target": "n"}],
        "advantage": [DIFFERENCE | {"value": 0.4, "low": 0.2, "high": 0.6, "verdict": "different"}],
        "trends": [ROW],
    }
    one = make(versions, "1.0", tables=old, files={"figures/b.svg": SVG.format(1)})
    two = make(
        versions,
        "1.1",
        tables=new,
        files={
            "index.html": page("Accuracy is .55.", "This is new."),
            "figures/a.svg": SVG.format(10),
            "figures/c.svg": SVG.format(2),
            "data.html": page("Data"),
        },
        inputs={"study.yml": "a" * 64, "data/answers.csv": "d" * 64},
        choices={"compliance": "ignore"},
        libraries={"duckdb": "2.1.0"},
    )
    found = compare_versions(one, two)
    assert [(row.table, row.verdict_changed) for row in found.rows] == [
        ("advantage", True),
        ("accuracy", False),
    ]
    assert found.rows[0].moved_in_se == pytest.approx(4)
    assert found.rows[0].interval == "newly excludes 0"
    assert [table for table, _ in found.rows_added] == ["accuracy"]
    assert (found.tables.added, found.tables.gone) == (("trends",), ("ladder",))
    assert found.figures.changed == ("a",)
    assert (found.figures.added, found.figures.gone) == (("c",), ("b",))
    assert found.documents.added == ("data.html",)
    assert [text.kind for text in found.text] == ["numbers", "added"]
    assert [str(each) for each in found.made_from] == [
        "choice compliance: paper -> ignore",
        "data file answers.csv changed",
        "library duckdb: 2.0.0 -> 2.1.0",
    ]
    said = as_text(found)
    assert "verdict: unresolved -> different" in said
    assert "the interval newly excludes 0" in said
    assert "(+.300, +4.00 s.e.)" in said


def test_an_interval_that_alone_moved_is_shown(versions):
    one = make(versions, "1.0")
    two = make(versions, "1.1", tables={"accuracy": [ROW | {"low": 0.3, "level": 0.99}]})
    said = as_text(compare_versions(one, two))
    assert ".50 [.40, .60] -> .50 [.30, .60]; level: none -> 0.99" in said


def test_the_same_versions_give_the_same_comparison(versions):
    one = make(versions, "1.0")
    two = make(versions, "1.1", tables={"accuracy": [ROW | {"value": 0.6}]})
    first, second = compare_versions(one, two), compare_versions(one, two)
    assert json.dumps(first.to_json(), allow_nan=False) == json.dumps(second.to_json())
    assert html_page(first) == html_page(second)


def test_files_that_are_not_as_the_manifest_says_are_noted(versions):
    one, two = make(versions, "1.0"), make(versions, None)
    (two / "index.html").write_text(page("Accuracy is .99."), encoding="utf-8")
    (two / "tables" / "accuracy.csv").unlink()
    found = compare_versions(one, two)
    assert [note.split(",")[0] for note in found.notes] == [
        "draft: index.html changed",
        "draft: tables/accuracy.csv is missing",
    ]
    assert len(found.rows_gone) == 1


def test_pdf_alone_has_no_text_to_compare(versions):
    def no_page(label, text):
        return make(versions, label, files={"index.html": "", "report.pdf": text})

    one, two = no_page("1.0", "a"), no_page("1.1", "b")
    for side in (one, two):
        made = side / "manifest.json"
        made.chmod(0o644)
        made.write_text(made.read_text().replace("index.html", "index.pdf"))
    found = compare_versions(one, two)
    assert "text was not compared: the two share no HTML or Word document" in found.notes


def test_a_folder_without_manifest_is_refused(versions, tmp_path):
    with pytest.raises(VersionError, match=r"no manifest\.json"):
        compare_versions(make(versions), tmp_path)


def test_only_numbers_that_moved_are_told_from_words():
    before = ["Accuracy is .63 [.60, .66].", "One.", "The last paragraph stays here."]
    after = ["Accuracy is .64 [.61, .67].", "The last paragraph stays there."]
    found = compare_text("index.html", before, after)
    assert [(text.kind, text.before, text.after) for text in found] == [
        ("numbers", before[0], after[0]),
        ("gone", "One.", ""),
        ("changed", before[2], after[1]),
    ]


def test_paragraphs_leave_out_what_is_no_prose(tmp_path):
    file = tmp_path / "page.html"
    file.write_text(
        '<body><p class="subtitle">Draft</p><nav><li>Contents</li></nav><main><h2>A &amp; B</h2>'
        "<table><tr><td><p>cell</p></td></tr></table><script>let p</script>"
        "<ul><li>one <em>two</em>\n three</li></ul><p>last"
    )
    assert paragraphs(file) == ["A & B", "one two three", "last"]


def test_paragraphs_of_a_word_document(tmp_path):
    file = tmp_path / "report.docx"
    body = (
        '<w:p><w:r><w:t>One</w:t><w:t xml:space="preserve"> &amp; two</w:t></w:r></w:p>'
        "<w:tbl><w:p><w:t>cell</w:t></w:p></w:tbl><w:p><w:t>Three</w:t></w:p>"
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", body)
    assert paragraphs(file) == ["One & two", "Three"]


def test_a_broken_word_document_is_one_message(tmp_path):
    (tmp_path / "report.docx").write_bytes(b"no archive")
    with pytest.raises(VersionError, match=r"cannot read .*report\.docx"):
        paragraphs(tmp_path / "report.docx")


def test_hostile_names_are_text(versions):
    one = make(versions, "1.0", tables={"accuracy": [ROW | {"target": HOSTILE}]})
    two = make(
        versions,
        "1.1",
        tables={"accuracy": [ROW | {"target": HOSTILE, "value": 0.6, "note": HOSTILE}]},
        files={"figures/a.svg": SVG.format(10), "figures/a.json": json.dumps({"description": '"'})},
        title=HOSTILE,
    )
    found = compare_versions(one, two)
    written, said = html_page(found), as_text(found)
    assert "<script" not in written
    assert 'alt="1.1: &quot;"' in written
    assert not {"\x1b", "\u202e"} & set(written + said)


def test_the_page_stands_alone_and_shows_both_figures(versions):
    one = make(versions, "1.0", files={"figures/b.svg": SVG.format(3)})
    two = make(versions, "1.1", files={"figures/a.svg": SVG.format(10)})
    written = html_page(compare_versions(one, two))
    assert written.count("data:image/svg+xml;base64,") == 3
    assert "Not there." in written
    assert "script-src 'none'" in written
    assert "http" not in written.partition("<body>")[2]
