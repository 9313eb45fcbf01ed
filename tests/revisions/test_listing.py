from __future__ import annotations

import shutil

import pytest

from foresay.errors import VersionError
from foresay.revisions.listing import chosen, find_version, list_versions
from revisions.made import make


def test_versions_are_in_order_and_the_draft_is_last(tmp_path):
    for label in ("1.10", None, "1.9", "R1"):
        make(tmp_path, label)
    (tmp_path / ".partial-1-x").mkdir()
    assert [version.name for version in list_versions(tmp_path)] == ["1.9", "1.10", "R1", "draft"]


def test_a_version_tells_what_it_was_made_from(tmp_path):
    make(tmp_path, "1.0", date="2026-11-22")
    (version,) = list_versions(tmp_path)
    said = version.to_json()
    assert (said["date"], said["foresay"], said["engine"]) == (
        "2026-11-22",
        "0.1.0",
        "embedded 0.1.0",
    )
    assert said["as_rendered"] is True
    assert len(str(said["inputs_digest"])) == 64


def test_only_choices_that_differ_from_the_defaults_are_said():
    from foresay.study import Choices

    defaults = Choices().model_dump(mode="json")
    assert chosen(defaults) == {}
    assert chosen({**defaults, "level": 0.9}) == {"level": 0.9}


def test_one_changed_byte_is_named(tmp_path):
    file = make(tmp_path, "1.0") / "figures" / "a.svg"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b" ")
    (version,) = list_versions(tmp_path)
    assert version.changed == ("figures/a.svg changed",)


def test_a_copy_under_another_name_is_no_version(tmp_path):
    shutil.copytree(make(tmp_path, "1.0"), tmp_path / "1.1")
    first, second = list_versions(tmp_path)
    assert first.changed == ()
    assert second.changed == ("its manifest is that of version 1.0",)


@pytest.mark.parametrize("text", ["", "{", '{"manifest": 2}'])
def test_a_manifest_that_cannot_be_read_is_listed(tmp_path, text):
    (tmp_path / "1.0").mkdir()
    (tmp_path / "1.0" / "manifest.json").write_text(text)
    (version,) = list_versions(tmp_path)
    assert version.manifest is None
    assert "manifest" in version.changed[0]


def test_no_folder_holds_no_versions(tmp_path):
    assert list_versions(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("1.1", "did you mean '1.0'"),
        ("../1.0", "cannot name a folder"),
        ("", "cannot name a folder"),
        ("\x1b[31m", "cannot name a folder"),
        ("draft", "no version 'draft'"),
        ("DRAFT", "reserved"),
    ],
)
def test_a_version_that_is_not_there_is_refused(tmp_path, name, said):
    make(tmp_path, "1.0")
    with pytest.raises(VersionError, match=said):
        find_version(name, tmp_path)


def test_a_path_names_a_version_only_where_it_may(tmp_path):
    folder = make(tmp_path, "1.0")
    assert find_version(str(folder), tmp_path / "other", paths=True) == folder
    with pytest.raises(VersionError):
        find_version(str(folder), tmp_path / "other")
