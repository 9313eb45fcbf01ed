"""An entry is what was kept, whole, or it is none; and there are never many."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foresay.publishing import cache
from foresay.study import parse_study

pytestmark = pytest.mark.usefixtures("cache_of_results")
FILES = {"results.json": b"{}", "figures/a.svg": b"<svg/>", "tables/b.csv": b"x\n1\n"}
needs_permissions = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "made" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "made"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def fetched(key: str, tmp_path: Path) -> dict[str, bytes] | None:
    into = tmp_path / "into"
    into.mkdir()
    found = cache.fetch(key, into)
    assert found or not files(into)
    return files(into) if found else None


def test_what_was_kept_comes_back(folder, tmp_path):
    cache.keep("key", folder)
    assert fetched("key", tmp_path) == FILES


def test_an_entry_is_there_once_it_is_kept(folder):
    assert not cache.has("key")
    cache.keep("key", folder)
    assert cache.has("key")
    assert not cache.has("other")


def test_nothing_comes_back_under_another_key(folder, tmp_path):
    cache.keep("key", folder)
    assert fetched("other", tmp_path) is None


@pytest.mark.parametrize("at", [0, 30, 70, -1])
def test_a_changed_byte_makes_it_none(folder, tmp_path, cache_of_results, at):
    cache.keep("key", folder)
    (entry,) = cache_of_results.iterdir()
    content = bytearray(entry.read_bytes())
    content[at] ^= 1
    entry.write_bytes(content)
    assert fetched("key", tmp_path) is None
    cache.keep("key", folder)
    (tmp_path / "into").rmdir()
    assert fetched("key", tmp_path) == FILES


@pytest.mark.parametrize("length", [0, 10, 65, 200])
def test_half_an_entry_is_none(folder, tmp_path, cache_of_results, length):
    cache.keep("key", folder)
    (entry,) = cache_of_results.iterdir()
    entry.write_bytes(entry.read_bytes()[:length])
    assert fetched("key", tmp_path) is None


@needs_permissions
def test_what_others_could_have_written_is_not_used(folder, tmp_path, cache_of_results):
    cache.keep("key", folder)
    cache_of_results.chmod(0o777)
    assert fetched("key", tmp_path) is None
    cache.keep("another", folder)
    assert len(list(cache_of_results.iterdir())) == 1


@needs_permissions
def test_others_may_not_write_where_results_are_kept(folder, cache_of_results):
    cache.keep("key", folder)
    assert not cache_of_results.stat().st_mode & 0o077


def test_a_folder_that_cannot_be_written_costs_only_time(folder, tmp_path):
    (tmp_path / "cache").write_text("a file in the place of the folder")
    cache.keep("key", folder)
    assert fetched("key", tmp_path) is None


def test_the_least_recently_used_go_first(folder, tmp_path, cache_of_results, monkeypatch):
    monkeypatch.setattr(cache, "MOST_ENTRIES", 2)
    for number, key in enumerate(("old", "older")):
        cache.keep(key, folder)
        os.utime(cache_of_results / f"{key}.results", ns=(0, 10**9 * (2 - number)))
    assert fetched("older", tmp_path) == FILES  # used now, so it is the most recent one
    cache.keep("new", folder)
    assert {path.stem for path in cache_of_results.iterdir()} == {"older", "new"}


def test_all_entries_together_have_a_bound(folder, cache_of_results, monkeypatch):
    cache.keep("a", folder)
    (entry,) = cache_of_results.iterdir()
    monkeypatch.setattr(cache, "MOST_BYTES", 2 * entry.stat().st_size)
    for number, key in enumerate("bcd", start=1):
        os.utime(entry, ns=(0, 10**9 * number))
        cache.keep(key, folder)
        entry = cache_of_results / f"{key}.results"
    assert {path.stem for path in cache_of_results.iterdir()} == {"c", "d"}


def test_what_a_killed_run_left_is_removed(folder, cache_of_results):
    cache.keep("a", folder)
    left = cache_of_results / ".partial-999999999-b.results"
    left.write_bytes(b"half")
    cache.keep("c", folder)
    assert not left.exists()


def parsed(**more):
    return parse_study({"study": "s", "tables": {"answers": {"files": "a.csv"}}, **more})


def test_the_key_follows_from_study_data_code_and_libraries_alone(monkeypatch):
    study, inputs = parsed(), {"study.yml": "1", "data/a.csv": "2", "report/index.qmd": "3"}
    same = {
        cache.key(study, inputs),
        cache.key(study, dict(reversed(inputs.items()))),
        cache.key(study, {**inputs, "report/index.qmd": "4", "study.yml": "5"}),
        cache.key(parsed(report={"version": "1", "formats": "html"}), inputs),
    }
    assert len(same) == 1
    others = [
        cache.key(study, {**inputs, "data/a.csv": "3"}),
        cache.key(parsed(where="task = 't'"), inputs),
        cache.key(parsed(choices={"seed": 2}), inputs),
    ]
    monkeypatch.setattr(cache, "package_source", lambda: "0" * 64)
    others.append(cache.key(study, inputs))
    monkeypatch.setattr(cache, "library_versions", lambda: {"duckdb": "9"})
    others.append(cache.key(study, inputs))
    assert len(same | set(others)) == 6
