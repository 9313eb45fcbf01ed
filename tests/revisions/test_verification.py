"""A version of a small study, verified and held against what it would be made from now."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from foresay.errors import ReportError
from foresay.publishing.publish import Order, produce
from foresay.revisions.files import file_difference
from foresay.revisions.staleness import statuses
from foresay.revisions.verification import CANNOT, DIFFERS, SAME, verify
from revisions.conftest import order_of, small_study

pytestmark = pytest.mark.usefixtures("quick_renders")


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory, quick_renders) -> Path:
    study = small_study(tmp_path_factory.mktemp("study"), date="2026-11-22")
    produce(order_of(study))
    produce(order_of(study, label=None))
    return study.parent


@pytest.fixture
def order(rendered, tmp_path) -> Order:
    """An order of a copy of the study and its versions."""
    folder = tmp_path / "study"
    shutil.copytree(rendered, folder)
    return order_of(folder / "study.yml")


@pytest.fixture
def version(order) -> Path:
    return order.versions / "1.0"


def test_a_version_made_again_has_the_same_bytes(order, version):
    before = digests(order.versions)
    found = verify(version, order)
    assert (found.exit_code, found.recomputed, found.tampered, found.moved) == (SAME, True, (), ())
    assert "every byte is the same" in found.to_text()
    assert digests(order.versions) == before


def test_a_byte_that_was_changed_is_named_and_mended_by_rendering(order, version):
    file = version / "tables" / "accuracy.csv"
    file.chmod(0o644)
    content = file.read_bytes()
    file.write_bytes(content[:-2] + b"9" + content[-1:])
    found = verify(version, order)
    assert found.exit_code == DIFFERS
    assert found.tampered == ("tables/accuracy.csv changed",)
    assert found.differing == ()
    assert "render it anew to mend" in found.to_text()


def test_a_forged_manifest_is_found_by_making_the_version_again(order, version):
    file = version / "tables" / "accuracy.csv"
    file.chmod(0o644)
    file.write_text(file.read_text().replace("accuracy,", "accuracy2,"))
    manifest = version / "manifest.json"
    manifest.chmod(0o644)
    made = json.loads(manifest.read_text())
    made["outputs"]["tables/accuracy.csv"] = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(made, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    found = verify(version, order)
    assert (found.exit_code, found.tampered) == (DIFFERS, ())
    assert [name for name, _ in found.differing] == ["manifest.json", "tables/accuracy.csv"]
    assert "estimand" in dict(found.differing)["tables/accuracy.csv"]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("answers.csv", "m,t,i9,p,0,a\n", "data file answers.csv changed"),
        ("_more.qmd", "More words.\n", "include _more.qmd changed"),
        ("sources.bib", "\n", "bibliography sources.bib changed"),
        ("study.yml", "description: x\n", "study file study.yml changed"),
    ],
)
def test_an_input_that_moved_is_named_before_anything_is_computed(
    order, version, append, file, text, said, monkeypatch
):
    append(order.study.parent / file, text)
    monkeypatch.setattr("foresay.revisions.verification.produce", pytest.fail)
    found = verify(version, order)
    assert found.exit_code == CANNOT
    assert [str(each) for each in found.moved] == [said]
    assert said in found.to_text()
    assert "--anyway" in found.reason
    for status in statuses(order):
        assert (status.state, status.reasons) == ("stale", (said,))


def test_anyway_shows_what_comes_out_now(order, version, append):
    append(order.study.parent / "_more.qmd", "More words.\n")
    found = verify(version, order, anyway=True)
    assert (found.exit_code, found.recomputed) == (DIFFERS, True)
    assert [name for name, _ in found.differing] == ["manifest.json", "page.html"]
    assert "lines, first in" in dict(found.differing)["page.html"]


def test_other_software_is_named_and_tried(order, version, monkeypatch):
    versions = {"python": "3.99"}
    monkeypatch.setattr("foresay.publishing.publish.library_versions", lambda: versions)
    found = verify(version, order)
    assert found.recomputed
    assert "library python" in found.to_text()
    assert [name for name, _ in found.differing] == ["manifest.json"]


def test_an_engine_that_is_not_here_is_said(order, version, monkeypatch, tmp_path):
    manifest = version / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text().replace('"embedded"', '"quarto"'))
    monkeypatch.setenv("PATH", str(tmp_path))
    found = verify(version, order)
    assert found.exit_code == CANNOT
    assert "uarto" in found.reason
    (state, _) = statuses(order)
    assert (state.state, state.reasons) == ("cannot be made", (found.reason,))


@pytest.mark.parametrize(
    ("file", "content"), [("answers.csv", None), ("study.yml", "study: ["), ("page.qmd", None)]
)
def test_changed_files_are_named_also_where_the_study_is_gone(
    order, version, append, file, content
):
    append(version / "page.html", " ")
    place = order.study.parent / file
    place.unlink()
    if content is not None:
        place.write_text(content)
    found = verify(version, order)
    assert (found.exit_code, found.tampered) == (DIFFERS, ("page.html changed",))
    assert file in found.reason
    assert found.reason in found.to_text()


def test_a_render_that_fails_now_is_a_reason(order, version, monkeypatch):
    def fails(*_):
        raise ReportError("a cell failed")

    monkeypatch.setattr("foresay.revisions.verification.produce", fails)
    found = verify(version, order)
    assert (found.exit_code, found.reason) == (CANNOT, "a cell failed")


def test_files_alone_are_checked_without_the_study(order, version):
    order.study.unlink()
    found = verify(version, order, recompute=False)
    assert (found.exit_code, found.recomputed) == (SAME, False)


def test_what_is_up_to_date_is_not_stale(order):
    assert [(each.name, each.state) for each in statuses(order)] == [
        ("1.0", "up to date"),
        ("draft", "up to date"),
    ]


def test_changed_files_and_unreadable_manifests_are_said(order, version, append):
    append(version / "page.html", " ")
    (order.versions / "draft" / "manifest.json").write_text("{")
    changed, unreadable = statuses(order)
    assert (changed.state, changed.reasons) == ("files changed", ("page.html changed",))
    assert unreadable.state == "unreadable"
    assert unreadable.way_out == "foresay render --draft"


@pytest.mark.parametrize(
    ("name", "one", "two", "said"),
    [
        ("a.csv", b"x,y\n1,2\n", b"x,y\n1,3\n", "has other cells, by column: y (1)"),
        ("a.csv", b"x\n1\n", b"x\n1\n2\n", "has 2 rows instead of 1"),
        ("a.csv", b"x\n1\n", b"x\r\n1\r\n", "says the same in other bytes"),
        ("a.html", b"a\nb\n", b"a\nc\n", "differs in 1 of 2 lines, first in 2"),
        ("a.html", b"a\n", b"a\r\n", "has other line ends"),
        ("a.html", b"\xff", b"\xfe", "differs from byte 1 on (1 and 1 bytes)"),
        ("a.png", b"ab", b"abc", "differs from byte 3 on (2 and 3 bytes)"),
        ("a.png", b"ab", b"ab", ""),
        ("a.png", None, b"ab", "is new"),
        ("a.png", b"ab", None, "was not made again"),
    ],
)
def test_kinds_of_differences_of_files(tmp_path, name, one, two, said):
    for folder, content in (("one", one), ("two", two)):
        (tmp_path / folder).mkdir()
        if content is not None:
            (tmp_path / folder / name).write_bytes(content)
    assert file_difference(tmp_path / "one" / name, tmp_path / "two" / name) == said
