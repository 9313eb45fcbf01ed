from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from foresay.cli.diagnosis import ways_of
from foresay.cli.doctor import Finding, doctor, examine
from foresay.workbench import Workbench

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


STUDY = Path(__file__).resolve().parents[2] / "data" / "small-models"


def test_a_study_is_told_how_each_estimand_is_computed() -> None:
    said = json.loads(CliRunner().invoke(APP, [str(STUDY), "--format", "json"]).stdout)
    ways = {way["estimand"]: way for way in said["estimands"]}
    assert {"accuracy", "ceiling_resample", "self_advantage"} <= set(ways)
    accuracy = ways["accuracy"]
    assert 2 < accuracy["patterns"] < accuracy["clusters"]
    assert accuracy["path"] == "closed form"
    assert accuracy["cost"][accuracy["draws"]] == min(accuracy["cost"].values())
    assert said["findings"][0]["name"] == "Python"


def test_the_table_of_a_study_has_one_line_an_estimand() -> None:
    result = CliRunner().invoke(APP, [str(STUDY)])
    lines = result.stdout.split("\n\n")[-1].splitlines()
    assert lines[0].split()[:4] == ["estimand", "clusters", "patterns", "sums"]
    assert [line.split()[0] for line in lines].count("self_advantage") == 1


def test_a_study_whose_choice_needs_resamples_is_drawn(tmp_path: Path) -> None:
    text = (STUDY / "study.yml").read_text(encoding="utf-8")
    changed = text.replace("interval: auto", "interval: percentile")
    changed = changed.replace("resamples: 10000", "resamples: 200")
    assert changed.count("percentile") == 1
    path = tmp_path / "study.yml"
    path.write_text(changed, encoding="utf-8")
    arguments = [str(path), "--data", str(STUDY), "--format", "json"]
    said = json.loads(CliRunner().invoke(APP, arguments).stdout)
    accuracy = next(way for way in said["estimands"] if way["estimand"] == "accuracy")
    assert (accuracy["interval"], accuracy["resamples"]) == ("percentile", 200)
    assert accuracy["path"] == accuracy["draws"]


def test_what_the_tables_do_not_support_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "responses.csv").write_text(
        "model,task,item,response\n" + "".join(f"m,t,{i},{i % 2}\n" for i in range(40)),
        encoding="utf-8",
    )
    (tmp_path / "study.yml").write_text(
        "study: behaviour\ntables:\n  responses:\n    files: responses.csv\n", encoding="utf-8"
    )
    bench = Workbench.open(tmp_path)
    names = {way.estimand for way in ways_of(bench)}
    assert "accuracy" not in names
    assert "self_advantage" not in names
