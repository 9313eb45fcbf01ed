"""`foresay init`: a study that is valid, renders at once, and says that its data are simulated."""

from __future__ import annotations

import json

import lxml.html
import pytest

from foresay.publishing.new_study import study_files
from foresay.study import read_study

NOTICE = "The data of this report are simulated"


@pytest.fixture
def begun(foresay, tmp_path):
    folder = tmp_path / "Étude n° 1"
    outcome = foresay("init", folder)
    assert outcome.code == 0, outcome.err
    assert f"is in {folder}" in outcome.out
    return folder


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_it_holds_what_the_readme_names(begun):
    assert set(files(begun)) == {
        ".gitignore",
        "README.md",
        "_quarto.yml",
        "data/answers.csv",
        "data/models.csv",
        "data/predictions.csv",
        "data/prompts.csv",
        "reports/notes.qmd",
        "reports/references.bib",
        "study.yml",
    }
    named = [name for name in files(begun) if name in (begun / "README.md").read_text("utf-8")]
    assert {"study.yml", "reports/notes.qmd", "_quarto.yml"} <= set(named)


def test_every_table_is_explained(begun):
    from foresay.tables.schemas import TABLES

    text = (begun / "study.yml").read_text(encoding="utf-8")
    for table in TABLES:
        assert f"  {table}:\n" in text or f"  # {table}:\n" in text, table


def test_what_is_only_a_remark_becomes_a_study_too(begun):
    path = begun / "study.yml"
    text = path.read_text(encoding="utf-8")
    for line in ("authors: [", 'version: "1.0"', "source: reports"):
        assert f"  # {line}" in text
        text = text.replace(f"  # {line}", f"  {line}")
    path.write_text(text, encoding="utf-8")
    known = read_study(path)
    assert (known.report.authors, known.report.version) == (["Your Name"], "1.0")
    assert (begun / known.report.source).is_file()


def test_validate_finds_no_error_and_estimate_estimates(begun, foresay):
    assert foresay("validate", begun).out.rstrip().splitlines()[-1].startswith("no errors, no war")
    rows = json.loads(foresay("estimate", begun, "--by", "predictor", "--format", "json").out)
    assert len(rows) == 6
    assert all(row["low"] < row["value"] < row["high"] for row in rows)


def test_it_is_the_same_every_time(begun):
    texts = study_files(begun.name)
    assert {name: text.encode() for name, text in texts.items()} == files(begun)


@pytest.mark.slow
@pytest.mark.usefixtures("cache_of_results")
def test_its_report_and_its_own_page_say_so_until_the_line_is_deleted(begun, foresay):
    source = begun / "reports" / "notes.qmd"
    quickly = ("--to", "html", "--engine", "embedded", "--quiet")

    def pages():
        for what in (begun, source):
            outcome = foresay("render", what, *quickly)
            assert outcome.code == 0, outcome.err
        found = [*(begun / "versions" / "draft").glob("*.html"), source.with_suffix(".html")]
        assert len(found) >= 2
        return {path.name: path.read_text(encoding="utf-8") for path in found}

    for name, text in pages().items():
        (banner,) = lxml.html.fromstring(text).xpath("//body/aside")
        assert banner.text_content().startswith(NOTICE), name
    study = begun / "study.yml"
    lines = study.read_text(encoding="utf-8").splitlines(keepends=True)
    study.write_text("".join(x for x in lines if "notice:" not in x), encoding="utf-8")
    assert not [name for name, text in pages().items() if NOTICE in text]


@pytest.mark.parametrize("there", ["notes.txt", ".hidden"])
def test_a_folder_that_holds_something_is_left_as_it_is(foresay, tmp_path, there):
    (tmp_path / there).write_text("mine", encoding="utf-8")
    outcome = foresay("init", tmp_path)
    assert outcome.code == 2
    assert f"holds {there}" in outcome.err
    assert files(tmp_path) == {there: b"mine"}


def test_of_many_files_some_are_named(foresay, tmp_path):
    for number in range(9):
        (tmp_path / f"f{number}").touch()
    assert "holds f0, f1, f2, f3, f4 and 4 more;" in foresay("init", tmp_path).err


def test_a_file_is_no_folder(foresay, tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert "is a file" in foresay("init", tmp_path / "file").err


@pytest.mark.parametrize("existing", [(), (".git",)], ids=["empty", "with a repository"])
def test_an_empty_folder_is_filled(foresay, tmp_path, monkeypatch, existing):
    for name in existing:
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    outcome = foresay("init", ".", "--format", "json")
    assert outcome.code == 0
    made = json.loads(outcome.out)["files"]
    assert sorted(made) == sorted(files(tmp_path))
    assert not list(tmp_path.glob(".partial*"))


@pytest.mark.parametrize(
    ("folder", "name"), [("a b", "a-b"), ("Étude 1", "tude-1"), ("日本", "study"), ("_x.", "x")]
)
def test_the_study_is_named_after_its_folder(foresay, tmp_path, folder, name):
    assert foresay("init", tmp_path / folder).code == 0
    assert read_study(tmp_path / folder / "study.yml").study == name


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--", "-x"], "'-x' starts as an option does"), ([""], "needs the name of a folder")],
    ids=["an option", "empty"],
)
def test_a_name_that_no_folder_should_have_is_refused(foresay, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    outcome = foresay("init", *words)
    assert outcome.code == 2
    assert said in outcome.err
    assert files(tmp_path) == {}
