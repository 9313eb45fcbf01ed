"""`foresay versions`, `status`, `diff` and `verify` as commands: words, JSON, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli.conftest import foresay
from foresay.publishing.publish import produce
from revisions.conftest import order_of, small_study
from revisions.made import ROW, SVG, make

__all__ = ["foresay"]  # a fixture that pytest finds by its name

pytestmark = pytest.mark.usefixtures("quick_renders")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory, quick_renders) -> Path:
    study = small_study(tmp_path_factory.mktemp("study"), date="2026-11-22")
    produce(order_of(study))
    return study.parent


@pytest.fixture
def study(rendered, tmp_path) -> Path:
    return shutil.copytree(rendered, tmp_path / "study")


@pytest.fixture
def two(tmp_path) -> tuple[Path, Path]:
    """Two versions in which a number and a figure moved."""
    changed = {"accuracy": [ROW | {"value": 0.6}]}
    return make(tmp_path / "v", "1.0"), make(
        tmp_path / "v", "1.1", tables=changed, files={"figures/a.svg": SVG.format(5)}, seed=2
    )


def test_versions_are_listed(foresay, study):
    outcome = foresay("versions", study)
    assert outcome.code == 0
    for said in ("1.0  files as rendered", "2026-11-22", "resamples=100", "formats   html"):
        assert said in outcome.out
    (version,) = json.loads(foresay("versions", study, "--format", "json").out)["versions"]
    assert version["as_rendered"] is True


def test_versions_and_status_call_a_state_the_same(foresay, study, append):
    append(study / "versions" / "1.0" / "page.html", " ")
    shutil.copytree(study / "versions" / "1.0", study / "versions" / "1.1")
    (study / "versions" / "1.1" / "manifest.json").unlink()
    said = {}
    for command, key in (("versions", "version"), ("status", "name")):
        made = json.loads(foresay(command, study, "--format", "json").out)
        rows = made["versions" if command == "versions" else "status"]
        said[command] = {row[key]: row["state"] for row in rows}
    assert said["versions"] == said["status"] == {"1.0": "files changed", "1.1": "unreadable"}


def test_versions_that_are_not_there_are_said(foresay, tmp_path):
    outcome = foresay("versions", "--versions", tmp_path / "none")
    assert (outcome.code, outcome.out.startswith("no versions in")) == (0, True)


def test_status_says_what_is_stale_and_exits_so_only_when_asked(foresay, study, append):
    assert foresay("status", study, "--exit-code").code == 0
    append(study / "_more.qmd", "More.\n")
    outcome = foresay("status", study)
    assert outcome.code == 0
    assert "stale" in outcome.out
    assert "include _more.qmd changed" in outcome.out
    assert foresay("status", study, "--exit-code").code == 1


def test_status_names_data_that_are_gone_and_a_study_that_cannot_be_read(foresay, study):
    (study / "answers.csv").unlink()
    outcome = foresay("status", study)
    assert outcome.code == 0
    assert "cannot be made" in outcome.out
    assert "answers.csv" in outcome.out
    assert foresay("status", study, "--exit-code").code == 1
    (study / "study.yml").write_text("study: [")
    outcome = foresay("status", study)
    assert outcome.code == 2
    assert "study.yml" in outcome.err


def test_verify_says_same_different_and_cannot(foresay, study, append):
    assert foresay("verify", "1.0", study, "--files-only").code == 0
    outcome = foresay("verify", "1.0", study, "--format", "json")
    assert (outcome.code, json.loads(outcome.out)["same"]) == (0, True)
    append(study / "_more.qmd", "More.\n")
    outcome = foresay("verify", "1.0", study)
    assert outcome.code == 2
    assert "include _more.qmd changed" in outcome.out
    append(study / "versions" / "1.0" / "page.html", " ")
    outcome = foresay("verify", "1.0", study)
    assert outcome.code == 1
    assert "page.html changed" in outcome.out


@pytest.mark.parametrize("label", ["1.1", "../1.0", "draft", ""])
def test_a_label_that_is_not_there_is_one_message(foresay, study, label):
    outcome = foresay("verify", label, study)
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
    assert "version" in outcome.err


def test_diff_exits_with_1_only_when_asked(foresay, two):
    words = ("diff", "1.0", "1.1", "--versions", two[0].parent)
    outcome = foresay(*words)
    assert outcome.code == 0
    assert outcome.out.startswith("1.0 -> 1.1: 1 number moved, 1 figure changed")
    assert ".50 [.40, .60] -> .60 [.40, .60] (+.100, +2.00 s.e.)" in outcome.out
    assert foresay(*words, "--exit-code").code == 1
    assert foresay("diff", "1.0", "1.0", *words[3:], "--exit-code").code == 0


def test_diff_takes_paths_and_writes_what_the_ending_says(foresay, two, tmp_path):
    for ending in ("html", "json", "txt"):
        file = tmp_path / f"diff.{ending}"
        outcome = foresay("diff", *two, "-o", file)
        assert (outcome.code, outcome.out) == (0, "")
        assert str(file) in outcome.err
    assert (tmp_path / "diff.html").read_text().startswith("<!DOCTYPE html>")
    assert json.loads((tmp_path / "diff.json").read_text())["moved"] is True
    outcome = foresay("diff", *two, "-o", tmp_path / "diff.pdf")
    assert outcome.code == 2
    assert ".txt, .json or .html" in outcome.err


def test_diff_shows_the_first_of_each_kind_unless_all_are_asked_for(foresay, tmp_path):
    rows = [ROW | {"target": f"m{n}"} for n in range(30)]
    moved = [row | {"value": 0.6} for row in rows]
    one = make(tmp_path / "v", "1.0", tables={"accuracy": rows})
    two = make(tmp_path / "v", "1.1", tables={"accuracy": moved})
    assert "and 10 more" in foresay("diff", one, two).out
    assert "m29" in foresay("diff", one, two, "--all").out


def test_nothing_is_written_into_a_version(foresay, study):
    folder = study / "versions"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    for command in ("versions", "status"):
        foresay(command, study)
    foresay("verify", "1.0", study)
    foresay("diff", "1.0", "1.0", study)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
