from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_configure() -> None:
    """Results of another run of the tests are never taken for those of this one."""
    os.environ["FORESAY_NO_CACHE"] = "1"


@pytest.fixture
def cache_of_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cache of this test's own, which is used in this process."""
    monkeypatch.setattr("foresay.publishing.cache.cache_folder", lambda: tmp_path / "cache")
    monkeypatch.delenv("FORESAY_NO_CACHE")
    return tmp_path / "cache" / "results"
