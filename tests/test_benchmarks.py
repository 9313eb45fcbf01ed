"""Benchmarks are not run by tests; what they need and what they wrote is checked."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
SCRIPTS = sorted(FOLDER.glob("*.py"))
RESULTS = sorted((FOLDER / "results").glob("*.json"))
SHARED = ("measuring", "measuring.results", "measuring.timing", "page")


def load(script, monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in SHARED:  # another test's import must not stand in for this one's
        monkeypatch.delitem(sys.modules, name, raising=False)
    name = f"benchmark_{script.stem}"
    spec = importlib.util.spec_from_file_location(name, script)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script_imports_and_can_be_quick(script, monkeypatch):
    module = load(script, monkeypatch)
    if script.stem == "page":
        return
    assert callable(module.main)
    assert '"--quick"' in script.read_text(encoding="utf-8")


def test_the_page_is_what_its_command_writes(monkeypatch):
    page = load(FOLDER / "page.py", monkeypatch)
    assert page.PAGE.read_text(encoding="utf-8") == page.text()


def test_every_result_is_on_the_page(monkeypatch):
    page = load(FOLDER / "page.py", monkeypatch)
    assert {path.stem for path in RESULTS} <= set(page.ORDER)
    assert {path.stem for path in RESULTS} <= {path.stem for path in SCRIPTS}


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_results_name_versions_and_no_machine(path):
    about = json.loads(path.read_text(encoding="utf-8"))["environment"]
    assert set(about) == {"python", "processors", "libraries"}


def test_a_missed_promise_is_shown_as_missed(monkeypatch):
    page = load(FOLDER / "page.py", monkeypatch)
    target = {"promise": "memory", "measured": 601.0, "bound": 600, "at_least": False}
    found = {
        "title": "t",
        "method": "m",
        "tables": [],
        "targets": [target, {**target, "measured": 600.0}],
        "environment": {"python": "3", "processors": 2, "libraries": {}},
    }
    section = page._section(found)
    assert section.count("**missed**") == 1
    assert section.count("| holds |") == 1
