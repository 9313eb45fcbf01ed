from __future__ import annotations

import errno
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.errors import OutputError, VersionError
from foresay.publishing.hashes import hash_inputs
from foresay.publishing.manifest import Manifest, read_manifest
from foresay.publishing.versions import check_label, decide, publish, version_folder


def manifest(version: str | None = "1.0", **changes: Any) -> Manifest:
    content: dict[str, Any] = {
        "study": "small-models",
        "title": "Small models",
        "version": version,
        "inputs": {"study.yml": "a" * 64},
        "choices": {"compliance": "paper"},
        "package": "0.1.0",
        "package_source": "c" * 64,
        "libraries": {"duckdb": "2.0.0"},
        "seed": 1,
        "engine": "embedded",
        "engine_version": "0.1.0",
        "formats": ["html"],
    }
    return Manifest(**(content | changes))


def building(text: str) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        (folder / "figures").mkdir()
        (folder / "figures" / "accuracy.svg").write_text(text)
        (folder / "index.html").write_text(text)

    return build


def refuses(folder: Path) -> None:
    pytest.fail("nothing was to be rendered")


def texts(folder: Path) -> set[str]:
    return {path.read_text() for path in folder.rglob("*.html")}


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    return tmp_path / "versions"


def test_version_is_published_with_its_manifest(versions: Path) -> None:
    folder = publish(versions, manifest(), building("one"))
    assert folder == versions / "1.0"
    written = read_manifest(folder / "manifest.json")
    assert written.outputs.keys() == {"index.html", "figures/accuracy.svg"}
    assert written.inputs_digest == manifest().inputs_digest


def test_two_publications_have_the_same_bytes(tmp_path: Path) -> None:
    one = publish(tmp_path / "one", manifest(), building("same"))
    two = publish(tmp_path / "two", manifest(), building("same"))
    assert (one / "manifest.json").read_bytes() == (two / "manifest.json").read_bytes()


@pytest.mark.parametrize("label", ["1.0", None])
def test_nothing_changed_renders_nothing(versions: Path, label: str | None) -> None:
    folder = publish(versions, manifest(label), building("one"))
    assert decide(versions, manifest(label)).action == "unchanged"
    assert publish(versions, manifest(label), refuses) == folder


def test_label_with_other_inputs_is_refused_naming_each(versions: Path) -> None:
    publish(versions, manifest(), building("one"))
    other = manifest(seed=2, choices={"compliance": "ignore"}, inputs={"study.yml": "b" * 64})
    with pytest.raises(VersionError) as refusal:
        publish(versions, other, refuses)
    for words in (
        "version '1.0' is there already",
        "- seed: 1 -> 2\n",
        "- choice compliance: paper -> ignore\n",
        "- study file study.yml changed\n",
        "give this one another label, or render a draft",
    ):
        assert words in str(refusal.value)
    assert texts(versions) == {"one"}


def test_another_label_stands_beside_it(versions: Path) -> None:
    publish(versions, manifest("1.0"), building("one"))
    publish(versions, manifest("1.1", seed=2), building("two"))
    assert texts(versions / "1.0") == {"one"}
    assert texts(versions / "1.1") == {"two"}


def test_draft_with_other_inputs_replaces_the_last_whole(versions: Path) -> None:
    publish(versions, manifest(None), lambda folder: (folder / "old.html").write_text("one"))
    decision = decide(versions, manifest(None, seed=2))
    assert decision.action == "render"
    assert decision.reason == "changed since the last draft: seed: 1 -> 2"
    publish(versions, manifest(None, seed=2), building("two"))
    assert texts(versions) == {"two"}


def test_many_changes_are_told_by_importance_and_the_rest_counted(versions: Path) -> None:
    pages = {f"report/_{letter}.qmd": "a" * 64 for letter in "abcde"}
    data = {"data/z.csv": "a" * 64, "study.yml": "b" * 64}
    publish(versions, manifest(None), building("one"))
    other = manifest(None, inputs={**pages, **data}, package="9", choices={"compliance": "ignore"})
    reason = decide(versions, other).reason
    assert reason.startswith("changed since the last draft: study file study.yml changed; ")
    said = reason.split("; ")
    assert len(said) == 6
    assert "data file z.csv was added" in said
    assert not any("foresay" in words for words in said)
    assert re.fullmatch(r"and \d more", said[-1])


def flip_one_byte(folder: Path) -> str:
    path = folder / "figures" / "accuracy.svg"
    path.chmod(0o644)
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    return "figures/accuracy.svg changed"


def remove(folder: Path) -> str:
    (folder / "index.html").unlink()
    return "index.html is missing"


def add(folder: Path) -> str:
    (folder / "notes.txt").write_text("")
    return "notes.txt was added"


@pytest.mark.parametrize("tamper", [flip_one_byte, remove, add])
def test_tampered_version_is_reported(versions: Path, tamper: Callable[[Path], str]) -> None:
    words = tamper(publish(versions, manifest(), building("one")))
    with pytest.raises(VersionError) as refusal:
        decide(versions, manifest())
    assert f"  - {words}\n" in str(refusal.value)
    assert "render again" in str(refusal.value)


@pytest.mark.parametrize("tamper", [flip_one_byte, remove, add])
def test_tampered_draft_is_rendered_again(versions: Path, tamper: Callable[[Path], str]) -> None:
    words = tamper(publish(versions, manifest(None), building("one")))
    decision = decide(versions, manifest(None))
    assert decision.action == "render"
    assert words in decision.reason
    publish(versions, manifest(None), building("one"))
    assert decide(versions, manifest(None)).action == "unchanged"


def test_folder_without_manifest_is_not_taken_for_a_version(versions: Path) -> None:
    (versions / "1.0").mkdir(parents=True)
    with pytest.raises(VersionError, match=r"holds no manifest\.json"):
        publish(versions, manifest(), refuses)


@pytest.mark.parametrize("label", ["1.0", None])
def test_failed_build_leaves_no_trace_but_the_earlier(versions: Path, label: str | None) -> None:
    publish(versions, manifest("0.9"), building("first"))
    publish(versions, manifest(None), building("first"))

    def breaks(folder: Path) -> None:
        (folder / "index.html").write_text("half")
        raise RuntimeError("cell failed")

    with pytest.raises(RuntimeError):
        publish(versions, manifest(label, seed=2), breaks)
    assert sorted(path.name for path in versions.iterdir()) == [".lock", "0.9", "draft"]
    assert texts(versions) == {"first"}


def test_full_disk_leaves_the_earlier(versions: Path) -> None:
    publish(versions, manifest(None), building("first"))

    def fills(folder: Path) -> None:
        (folder / "index.html").write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="the disk is full"):
        publish(versions, manifest(None, seed=2), fills)
    assert texts(versions) == {"first"}


def test_input_edited_meanwhile_is_noticed(versions: Path, tmp_path: Path) -> None:
    data = {"data.csv": tmp_path / "data.csv"}
    data["data.csv"].write_text("a")
    before = manifest(inputs=hash_inputs(data))

    def build(folder: Path) -> None:
        (folder / "index.html").write_text("half old, half new")
        data["data.csv"].write_text("b")

    with pytest.raises(VersionError, match=r"data\.csv changed"):
        publish(versions, before, build, inputs_now=lambda: hash_inputs(data))
    assert not (versions / "1.0").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_files_of_a_label_are_read_only_and_its_folders_are_not(versions: Path) -> None:
    folder = publish(versions, manifest(), building("one"))
    for path in [folder, *folder.rglob("*")]:
        assert bool(path.stat().st_mode & stat.S_IWUSR) == path.is_dir()
    draft = publish(versions, manifest(None), building("one"))
    assert (draft / "index.html").stat().st_mode & stat.S_IWUSR


@pytest.mark.parametrize("label", ["1.0", "2026-05-revision", "v1.2+a", "R2", "con-2"])
def test_label_that_is_a_folder_name_everywhere(label: str) -> None:
    assert check_label(label) == label


@pytest.mark.parametrize(
    "label",
    ["", ".", "..", "a/b", "a\\b", ".hidden", "-x", "1.0.", "a b", "ü", "a\n", "draft", "Draft",
     "con", "NUL.txt", "x" * 65],
)  # fmt: skip
def test_label_that_is_not(label: str) -> None:
    with pytest.raises(VersionError, match="version label"):
        check_label(label)


@given(label=st.text(max_size=8))
def test_label_never_leaves_the_folder(label: str) -> None:
    try:
        folder = version_folder(Path("versions"), label)
    except VersionError:
        return
    assert folder.parent == Path("versions")
    assert not folder.name.startswith(".")


def test_label_that_differs_only_in_capitals_is_refused(versions: Path) -> None:
    publish(versions, manifest("R1"), building("one"))
    with pytest.raises(VersionError, match="differs only in capitals from 'R1'"):
        publish(versions, manifest("r1"), refuses)


_SLOW_RENDER = """
import importlib.util, pathlib, sys, time
from foresay.publishing.manifest import read_manifest
from foresay.publishing.versions import publish
def build(folder):
    (folder / "index.html").write_text("half")
    print("building", flush=True)
    time.sleep(60)
publish(pathlib.Path(sys.argv[1]), read_manifest(pathlib.Path(sys.argv[2])), build)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_second_run_is_refused_and_a_killed_one_does_no_harm(
    versions: Path, tmp_path: Path, number: signal.Signals
) -> None:
    publish(versions, manifest(None), building("first"))
    (tmp_path / "manifest.json").write_text(manifest(None, seed=2).to_json())
    arguments = [str(versions), str(tmp_path / "manifest.json")]
    with subprocess.Popen(
        [sys.executable, "-c", _SLOW_RENDER, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"building\n"
        with pytest.raises(OutputError, match=rf"process {process.pid}\) is rendering draft"):
            publish(versions, manifest(None, seed=3), refuses)
        process.send_signal(number)
    assert texts(versions / "draft") == {"first"}
    publish(versions, manifest(None, seed=3), building("third"))
    assert texts(versions) == {"third"}
    assert sorted(path.name for path in versions.iterdir()) == [".lock", "draft"]


def test_deciding_loads_nothing_heavy() -> None:
    code = (
        "import sys, foresay.publishing.versions, foresay.publishing.software\n"
        "heavy = {'pandas', 'ibis', 'duckdb', 'altair', 'scipy', 'great_tables', 'numpy'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
