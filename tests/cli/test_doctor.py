from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from foresay.cli.doctor import Finding, doctor, examine

module = importlib.import_module("foresay.cli.doctor")
APP = typer.Typer()
APP.command()(doctor)


def found(name: str) -> Finding:
    return next(finding for finding in examine() if finding.name == name)


def fake_quarto(folder: Path, monkeypatch: pytest.MonkeyPatch, says: str) -> None:
    program = folder / "quarto"
    program.write_text(f"#!/bin/sh\n{says}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_this_machine_is_well() -> None:
    amiss = [finding for finding in examine() if finding.amiss and finding.name != "spill folder"]
    assert amiss == []


def test_json_holds_the_same_as_the_table() -> None:
    result = CliRunner().invoke(APP, ["--format", "json"])
    names = [entry["name"] for entry in json.loads(result.stdout)]
    assert {"Python", "foresay", "duckdb", "quarto", "fonts", "DuckDB locks"} <= set(names)
    table = CliRunner().invoke(APP, [])
    assert all(name in table.stdout for name in names)
    assert result.exit_code == table.exit_code


@pytest.mark.parametrize(
    ("says", "value", "amiss"),
    [
        ("echo 1.10.18", "1.10.18 at ", ""),
        ("echo 1.7.32", "1.7.32 at ", "needs Quarto 1.8 or later"),
        ("echo nonsense", "nonsense at ", "needs Quarto 1.8 or later"),
        ("exit 3", "failed", "returned non-zero exit status 3"),
    ],
)
def test_quarto_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, value: str, amiss: str
) -> None:
    fake_quarto(tmp_path, monkeypatch, says)
    finding = found("quarto")
    assert finding.value.startswith(value)
    assert amiss in finding.amiss
    assert bool(finding.amiss) == bool(amiss)


def test_no_quarto_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    assert found("quarto") == Finding(
        name="quarto", value="not on PATH; the embedded renderer is used"
    )


def test_something_amiss_is_told_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_quarto(tmp_path, monkeypatch, "exit 3")
    result = CliRunner().invoke(APP, [])
    assert result.exit_code == 1
    assert "!!  quarto" in result.stdout
    assert "ok  DuckDB locks" in result.stdout
    assert "1 amiss" in result.stdout


def test_open_engine_is_amiss(monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    class Open:
        def __init__(self, *_: object) -> None:
            self.connection = duckdb.connect()

        def execute(self, sql: str) -> Any:
            return self.connection.execute(sql)

        def close(self) -> None:
            self.connection.close()

    monkeypatch.setattr("foresay.tables.engine.Engine", Open)
    finding = found("DuckDB locks")
    assert finding.amiss.startswith("SQL of a study reads outside it, writes, attaches")


def test_engine_that_reads_nothing_is_amiss(monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    from foresay.tables.engine import Engine

    def refuse(self: Engine, sql: str) -> None:
        raise duckdb.PermissionException("no")

    engine = Engine([])
    monkeypatch.setattr("foresay.tables.engine.Engine", lambda folders: engine)
    monkeypatch.setattr(Engine, "execute", refuse)
    assert found("DuckDB locks").amiss.startswith("SQL of a study cannot read the study's folder")
