from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from foresay.errors import ReportError
from foresay.publishing.engines import quarto
from foresay.publishing.rendering import render_document

FAKE = """#!{python}
import json, os, pathlib, sys
if sys.argv[1:] == ["--version"]:
    print("{version}")
    raise SystemExit
arguments = sys.argv[1:]
told = dict(zip(arguments[2::2], arguments[3::2]))
def read(name):
    text = pathlib.Path(told[name]).read_text() if name in told else "null"
    return json.loads(text.removeprefix("---\\n").removesuffix("\\n...\\n"))
log = {{
    "arguments": [each for each in arguments if not each.startswith(os.sep)],
    "cwd": os.getcwd(),
    "python": os.environ["QUARTO_PYTHON"],
    "epoch": os.environ["SOURCE_DATE_EPOCH"],
    "mine": os.environ.get("MINE"),
    "metadata": read("--metadata-file"),
    "parameters": read("--execute-params"),
}}
pathlib.Path("{log}").write_text(json.dumps(log))
if {fails}:
    print("\\x1b[31mERROR: it went wrong\\x1b[0m", file=sys.stderr)
    raise SystemExit(1)
folder = pathlib.Path(told["--output-dir"]) / "reports"
folder.mkdir(parents=True)
for name in told["--to"].split(","):
    end = {{"typst": "pdf"}}.get(name, name)
    (folder / ("index." + end)).write_text(name)
(folder / "index_files").mkdir()
(folder / "index_files" / "a.css").write_text("side")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "reports").mkdir(parents=True)
    (root / "_quarto.yml").write_text("toc: true\n", encoding="utf-8")
    text = (
        "---\ntitle: T\ndate: 2026-03-05\n---\n\n```{python}\n#| tags: [parameters]\nn = 1\n```\n"
    )
    (root / "reports" / "index.qmd").write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a program named quarto on PATH that notes how it was called."""

    def install(version: str = "1.8.25", *, fails: bool = False) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        log = tmp_path / "log.json"
        program = folder / "quarto"
        text = FAKE.format(python=sys.executable, version=version, log=log, fails=fails)
        program.write_text(text, encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
        return log

    return install


def render(project: Path, engine: str = "auto", **options: object):
    return render_document(
        project / "reports" / "index.qmd",
        formats=["html", "pdf"],
        out_dir=project / "out",
        project_root=project,
        engine=engine,
        **options,
    )


def test_command_line_is_the_one_quarto_understands(fake, project):
    log = fake()
    rendering = render(
        project, env={"MINE": "seen"}, metadata={"subtitle": "v1"}, parameters={"n": 2}
    )
    told = json.loads(log.read_text(encoding="utf-8"))
    arguments = told["arguments"]
    assert arguments[:5] == ["render", "reports/index.qmd", "--to", "html,typst", "--output-dir"]
    assert arguments[5].startswith(".foresay/quarto-")
    assert arguments[6:] == ["--metadata-file", "--execute-params"]
    assert told["metadata"] == {"subtitle": "v1"}
    assert told["parameters"] == {"n": 2}
    assert Path(told["cwd"]) == project
    assert told["python"] == sys.executable
    assert told["epoch"] == "1772668800"
    assert told["mine"] == "seen"
    assert (rendering.engine, rendering.engine_version) == ("quarto", "1.8.25")


def test_files_are_collected_from_where_quarto_puts_them(fake, project):
    fake()
    rendering = render(project)
    assert rendering.paths["html"].read_text(encoding="utf-8") == "html"
    assert rendering.paths["pdf"].read_text(encoding="utf-8") == "typst"
    assert rendering.side_files == (project / "out" / "index_files" / "a.css",)
    assert list((project / ".foresay").iterdir()) == []


def test_failure_of_quarto_is_told_without_colours_and_changes_nothing(fake, project):
    fake(fails=True)
    with pytest.raises(ReportError) as caught:
        render(project)
    assert "Quarto ended with code 1 on index.qmd:\n  ERROR: it went wrong" in str(caught.value)
    assert not (project / "out").exists()
    assert list((project / ".foresay").iterdir()) == []


def test_the_source_is_checked_before_quarto_runs(fake, project):
    log = fake()
    report = project / "reports" / "index.qmd"
    report.write_text(report.read_text(encoding="utf-8") + "\n@fig-none\n", encoding="utf-8")
    with pytest.raises(ReportError, match="leads nowhere"):
        render(project)
    assert not log.exists()


@pytest.mark.parametrize("version", ["1.7.32", "0.9", "unknown"])
def test_an_old_quarto_is_refused_when_asked_for_and_passed_over_otherwise(fake, version):
    fake(version)
    assert quarto.find() is None
    with pytest.raises(ReportError, match="use the embedded renderer"):
        quarto.find(required=True)


@pytest.mark.parametrize("version", ["1.8.0", "1.10.18", "2.0.1-rc1"])
def test_a_recent_quarto_is_found(fake, version):
    fake(version)
    found = quarto.find()
    assert found is not None
    assert found.version == version


def test_no_quarto_is_a_clear_error_when_asked_for(monkeypatch, tmp_path, project):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert quarto.find() is None
    with pytest.raises(ReportError, match=r"not on PATH; install it.*embedded"):
        render(project, engine="quarto")
