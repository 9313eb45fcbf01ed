"""Benchmarks are not run by tests; what they need and what they wrote is checked."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
SCRIPTS = sorted(FOLDER.glob("*.py"))
RESULTS = sorted((FOLDER / "results").glob("*.json"))
SHARED = (
    "measuring",
    "measuring.loops",
    "measuring.peers",
    "measuring.results",
    "measuring.statistics",
    "measuring.timing",
    "page",
)


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


@pytest.mark.parametrize("rows", [200, 20_000])
def test_what_peers_are_given_has_the_same_value_as_what_foresay_estimates(rows, monkeypatch):
    load(FOLDER / "beside.py", monkeypatch)
    statistics = sys.modules["measuring.statistics"]
    for case in statistics.cases(rows):
        made = case.estimate(case.collapse(), "auto")
        assert float(case.statistic(*case.columns)) == pytest.approx(made.value, abs=1e-12)
        low, high = case.known_bounds()
        assert low < made.value < high
        if case.cluster is not None:
            score, size = case.sums_of_clusters()
            assert (score == case.columns[0]).all()
            assert (size == case.columns[1]).all()


@pytest.mark.parametrize("share", ["few", "half", "all"])
@pytest.mark.parametrize("n_sums", [1, 4])
def test_the_loops_of_the_sweep_draw_whole_clusters(share, n_sums, monkeypatch):
    sweep = load(FOLDER / "sweep.py", monkeypatch)
    columns = sweep.columns_of(60, n_sums, share)
    distinct = sweep.collapsed(columns).n_patterns
    assert {"few": distinct <= 12, "half": 30 <= distinct <= 42, "all": distinct == 60}[share]
    totals = [column.sum() for column in columns]
    for call in sweep.LOOPS.values():
        sums = call(columns, 2_000)
        error = [column.std() * (60 / 2_000) ** 0.5 for column in columns]
        assert (abs(sums.mean(axis=0) - totals) < 4.5 * np.array(error)).all()


def test_each_call_of_a_round_is_timed(monkeypatch):
    load(FOLDER / "sweep.py", monkeypatch)
    called = []
    timing = sys.modules["measuring.timing"]
    found = timing.interleaved(
        {"a": lambda: called.append("a"), "b": lambda: called.append("b")}, 2
    )
    assert called == ["a", "b", "a", "b"]
    assert set(found) == {"a", "b"}


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
