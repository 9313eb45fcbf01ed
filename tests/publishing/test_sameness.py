"""The same bytes on another machine: another folder, locale, time zone, order of sets, home."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studies import answers, prediction, write_study

# a few analyses only, in the interest of time; the package may be edited while this runs, and its
# hash is part of the manifest
RENDER = """
import sys
import foresay.publishing.analyses as analyses
import foresay.publishing.publish as publish
publish.package_source = lambda: "0" * 64
kept = ("glance", "headline", "accuracy", "advantage", "compliance", "agreement")
analyses._ANALYSES = {name: analyses._ANALYSES[name] for name in kept}
from foresay.cli import main
main(["render", sys.argv[1], "--version", "1.0", "--engine", "embedded", "--no-cache", "--quiet",
      "--threads", sys.argv[2]])
"""
MACHINES = {
    "here": {"LC_ALL": "C", "LANG": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "COLUMNS": "80"},
    "elsewhere/Fern weh \u00e4": {
        "LC_ALL": "de_DE.UTF-8",
        "LANG": "de_DE.UTF-8",
        "LANGUAGE": "de",
        "TZ": "Asia/Kathmandu",
        "PYTHONHASHSEED": "4242",
        "COLUMNS": "200",
        "PYTHONUTF8": "1",
    },
}


def study(folder: Path) -> Path:
    names = ("m", "n-\u00e4")
    tables = {
        "models": [{"model": m, "family": "f"} for m in names],
        "answers": [
            r for m in names for n in range(8) for r in answers(m, f"i{n}", "aab"[n % 3 :] + "a")
        ],
        "predictions": [
            prediction(p, t, f"i{n}", "ab"[n % k], compliant=n != 3)
            for k, p in enumerate(names, start=1)
            for t in names
            for n in range(8)
        ],
    }
    report = {"authors": ["\u00c4da"], "date": "2026-11-22"}
    return write_study(folder, tables, choices={"resamples": 100}, report=report)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_every_file_of_a_version_is_the_same_elsewhere(tmp_path: Path) -> None:
    runs = []
    for threads, (where, settings) in enumerate(MACHINES.items(), start=1):
        path = study(tmp_path / where)
        home = tmp_path / f"home-{threads}"
        home.mkdir()
        own = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "TMPDIR": str(home)}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "PYTEST"))}
        command = [sys.executable, "-c", RENDER, str(path), str(threads)]
        environment = {**kept, **settings, **own}
        runs.append(
            subprocess.Popen(command, env=environment, cwd=home, stderr=subprocess.PIPE, text=True)
        )
    for run in runs:
        _, said = run.communicate()
        assert run.returncode == 0, said
    one, two = (digests(tmp_path / where / "versions" / "1.0") for where in MACHINES)
    assert {".html", ".pdf", ".docx", ".tex", ".md", ".csv", ".svg", ".png", ".json"} <= {
        Path(name).suffix for name in one
    }
    assert "manifest.json" in one
    assert sorted(one) == sorted(two)
    assert {name for name in one if one[name] != two[name]} == set()
