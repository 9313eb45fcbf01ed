"""A crash or a second run at any step: the earlier version is there, and never half of one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from foresay.publishing.hashes import hash_outputs
from foresay.publishing.manifest import read_manifest
from foresay.publishing.versions import tampering
from foresay.publishing.writing import clear_leftovers
from foresay.revisions.listing import list_versions
from revisions.made import make, manifest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")

# the process kills itself when it is about to do, or has just done, the step that is named
_CRASHES = """
import os, signal, sys
from pathlib import Path
from foresay.publishing import versions, writing
from foresay.publishing.manifest import read_manifest

step, label = sys.argv[3], sys.argv[4] or None

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def build(folder):
    for name in ("tables", "figures"):
        (folder / name).mkdir()
    (folder / "index.html").write_text("new")
    if step == "building":
        die()
    (folder / "tables" / "accuracy.csv").write_text("value\\n1\\n")

def before(place, name, die_at=1):
    real, seen = getattr(place, name), []
    def call(*given, **named):
        seen.append(given)
        if len(seen) == die_at:
            die()
        return real(*given, **named)
    setattr(place, name, call)

if step == "hashing":
    before(versions, "hash_outputs")
elif step == "writing the manifest":
    before(versions, "write_text")
elif step == "putting it on the disk":
    before(writing, "_to_disk")
elif step == "moving into place":
    before(writing, "_move_into_place")
elif step == "between the two renames":
    before(Path, "rename", die_at=2)
elif step == "removing the last one":
    before(writing.shutil, "rmtree", die_at=1)
versions.publish(Path(sys.argv[1]), read_manifest(Path(sys.argv[2])), build)
"""
STEPS = (
    "building",
    "hashing",
    "writing the manifest",
    "putting it on the disk",
    "moving into place",
    "between the two renames",
    "removing the last one",
)


def crash(versions: Path, tmp_path: Path, step: str, label: str | None) -> None:
    (tmp_path / "manifest.json").write_text(manifest(label, seed=2).to_json())
    words = [str(versions), str(tmp_path / "manifest.json"), step, label or ""]
    run = subprocess.run([sys.executable, "-c", _CRASHES, *words], check=False)
    assert run.returncode == -signal.SIGKILL


@pytest.mark.parametrize("step", STEPS)
def test_a_draft_survives_a_crash_at_every_step(tmp_path, step):
    versions = tmp_path / "versions"
    earlier = hash_outputs(make(versions, None))
    labelled = hash_outputs(make(versions, "1.0"))
    crash(versions, tmp_path, step, None)
    clear_leftovers(versions / "draft")  # what the next run does first
    made = read_manifest(versions / "draft" / "manifest.json")
    assert tampering(versions / "draft", made) == []
    replaced = step == "removing the last one"
    assert (hash_outputs(versions / "draft") == earlier) is not replaced
    assert hash_outputs(versions / "1.0") == labelled
    make(versions, None, seed=3)
    assert sorted(path.name for path in versions.iterdir()) == [".lock", "1.0", "draft"]


@pytest.mark.parametrize("step", STEPS[:5])
def test_a_label_is_there_whole_or_not_at_all(tmp_path, step):
    versions = tmp_path / "versions"
    make(versions, "0.9")
    crash(versions, tmp_path, step, "1.0")
    assert [version.name for version in list_versions(versions)] == ["0.9"]
    make(versions, "1.0")
    found = list_versions(versions)
    assert [(version.name, version.changed) for version in found] == [("0.9", ()), ("1.0", ())]


_WAITS = """
import sys
from pathlib import Path
from foresay.publishing.manifest import read_manifest
from foresay.publishing.versions import publish
from foresay.errors import OutputError

def build(folder):
    (folder / "index.html").write_text(sys.argv[3])
    print("building", flush=True)
    sys.stdin.readline()

try:
    publish(Path(sys.argv[1]), read_manifest(Path(sys.argv[2])), build)
except OutputError as error:
    print(error, flush=True)
"""


def test_of_two_runs_at_once_one_is_refused_and_the_other_is_whole(tmp_path):
    versions = tmp_path / "versions"
    (tmp_path / "manifest.json").write_text(manifest("1.0").to_json())

    def run(text: str) -> subprocess.Popen[str]:
        words = [str(versions), str(tmp_path / "manifest.json"), text]
        command = [sys.executable, "-c", _WAITS, *words]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    with run("one") as one:
        assert one.stdout is not None
        assert one.stdout.readline() == "building\n"
        with run("two") as two:
            said, _ = two.communicate("\n")
        assert f"another run (process {one.pid}) is rendering version 1.0" in said
        assert "wait until it ends" in said
        one.communicate("\n")
    (version,) = list_versions(versions)
    assert version.changed == ()
    assert (version.folder / "index.html").read_text() == "one"
