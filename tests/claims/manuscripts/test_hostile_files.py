from __future__ import annotations

import zipfile

import pytest

from claims.manuscripts.papers import JUDGED, LEDGER, paper
from foresay.claims.manuscripts import check_manuscript, converting, read_manuscript
from foresay.errors import SourceError


def _refused(path, match):
    with pytest.raises(SourceError, match=match) as raised:
        check_manuscript(path, LEDGER)
    assert path.name in str(raised.value)


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("a.docx", b"PK\x03\x04 not a zip", "broken"),
        ("a.docx", b"", "broken"),
        ("a.md", b"caf\xe9 49.4 %", r"not UTF-8 \(line 1\)"),
        ("a.tex", b"one\ntwo \xff", r"not UTF-8 \(line 2\)"),
        ("a.qmd", b"49.4\x00", "not text"),
        ("a.pdf", b"%PDF-1.7", r"\.docx"),
        ("a.md", b"4" * 4_000_001, "more than 4 MB"),
        ("a.md", b">" * 200_000 + b" 4", "pandoc|nested"),
    ],
    ids=["zip", "empty", "latin-1", "latin-1-tex", "null", "pdf", "large", "deep"],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    name, content, match, tmp_path, monkeypatch
):
    monkeypatch.setattr(converting, "SECONDS", 5)
    path = tmp_path / name
    path.write_bytes(content)
    _refused(path, match)


def test_a_word_document_without_a_text_is_refused(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<not-closed>")
    _refused(path, "pandoc cannot read")


def test_a_word_document_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(converting, "MOST_TEXT", 10_000)
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", " " * 100_001)
    _refused(path, "too large")


def test_macros_that_use_themselves_are_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(converting, "SECONDS", 3)
    path = tmp_path / "a.tex"
    path.write_text(r"\def\a{\b\b}\def\b{\a\a}\a", encoding="utf-8")
    _refused(path, "pandoc")


def test_links_folders_and_missing_files_are_refused(tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("49.4 %", encoding="utf-8")
    link = tmp_path / "link.md"
    link.symlink_to(secret)
    _refused(link, "is a link")
    _refused(tmp_path / "none.md", "not there")
    folder = tmp_path / "folder.md"
    folder.mkdir()
    _refused(folder, "is no file")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tex", r"Here 17. \input{secret.tex} \include{secret} \verbatiminput{secret.tex}"),
        ("a.md", "Here 17. {{< include secret.tex >}} ![](secret.tex)"),
    ],
    ids=["tex", "md"],
)
def test_other_files_are_not_read_but_named(name, text, tmp_path, monkeypatch):
    (tmp_path / "secret.tex").write_text("hidden 98.7", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = read_manuscript(path)
    assert "hidden" not in "".join(passage.text for passage in found.passages)
    assert "secret" in found.notes[0]


def test_pages_escape_what_a_manuscript_says(tmp_path):
    change = ("reached", r"\<script\>alert(7)\</script\> reached")
    path = paper(tmp_path, "md", change, ("31.8 %", "38.1 %"))
    found = check_manuscript(path, LEDGER, JUDGED)
    assert "<script" not in found.to_html()
    assert "&lt;script&gt;" in found.to_html()
    assert "\x1b" not in found.to_text()
