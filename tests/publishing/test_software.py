from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from foresay.errors import OutputError
from foresay.publishing import software
from foresay.publishing.software import library_versions


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of three files in place of foresay."""
    package = tmp_path / "foresay"
    for name in ("measures/accuracy.py", "publishing/software.py", "reports/index.qmd"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(name)
    monkeypatch.setattr(software, "__file__", str(package / "publishing" / "software.py"))
    return package


def test_any_own_file_counts(copy: Path) -> None:
    before = software.package_source()
    assert software.package_source() == before
    (copy / "measures" / "accuracy.py").write_text("changed")
    assert software.package_source() != before


def test_name_of_a_file_counts(copy: Path) -> None:
    before = software.package_source()
    (copy / "measures" / "accuracy.py").rename(copy / "measures" / "precision.py")
    assert software.package_source() != before


def test_bytecode_and_report_sources_do_not(copy: Path) -> None:
    before = software.package_source()
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "accuracy.pyc").write_text("x")
    shutil.rmtree(copy / "reports")
    assert software.package_source() == before


def test_versions_are_those_installed() -> None:
    versions = library_versions()
    assert versions["duckdb"] == version("duckdb")
    assert versions["python"].startswith("3.")
    assert {"numpy", "pandas", "typst", "pypandoc-binary"} <= versions.keys()


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(software, "_LIBRARIES", ("no-such-library",))
    with pytest.raises(OutputError, match="no-such-library is not installed"):
        library_versions()
