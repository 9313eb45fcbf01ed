from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from foresay.publishing.assembly import assemble
from foresay.publishing.engines import pandoc, programs
from foresay.publishing.execution import Executed
from foresay.publishing.qmd import Document, parse
from foresay.publishing.rendering import Rendering, render_document

FIXTURE = Path(__file__).parent / "fixture"
FORMATS = ("html", "pdf", "docx")


@pytest.fixture(scope="session")
def render_fixture(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Rendering]:
    """Render the fixture report in a fresh copy of its project."""

    def render(**options: object) -> Rendering:
        project = tmp_path_factory.mktemp("project") / "fixture"
        shutil.copytree(FIXTURE, project, ignore=shutil.ignore_patterns("__pycache__"))
        settings: dict[str, object] = {"formats": FORMATS, "engine": "embedded", **options}
        return render_document(
            project / "reports" / "index.qmd",
            out_dir=tmp_path_factory.mktemp("out"),
            project_root=project,
            **settings,
        )

    return render


@pytest.fixture(scope="session")
def rendered(render_fixture: Callable[..., Rendering]) -> Rendering:
    return render_fixture()


@pytest.fixture
def document(tmp_path: Path) -> Callable[..., Document]:
    """Parse a report from its text; the title is there unless the text has front matter."""

    def make(text: str, **files: str) -> Document:
        for name, content in files.items():
            (tmp_path / f"{name}.qmd").write_text(content, encoding="utf-8")
        whole = text if text.startswith("---") else f"---\ntitle: T\n---\n{text}"
        path = tmp_path / "report.qmd"
        path.write_text(whole, encoding="utf-8")
        return parse(path)

    return make


@pytest.fixture
def fragment(document: Callable[..., Document], tmp_path: Path) -> Callable[..., str]:
    """Write prose in one target, without its template and without running anything."""

    def convert(text: str, target: str = "html", **metadata: object) -> str:
        source = document(text)
        settings = {"number-sections": True, **metadata}
        assembled = assemble(
            source,
            Executed(outputs={}, inline={}),
            target=target,
            project_root=tmp_path,
            metadata=settings,
            variables={},
        )
        folder = tmp_path / f"work-{target}"
        folder.mkdir(exist_ok=True)
        body = tmp_path / "body.template"
        body.write_text("$body$", encoding="utf-8")
        options = ["--template", str(body)] + (["--mathml"] if target == "html" else [])
        output = pandoc.write(
            assembled,
            target=target,
            folder=folder,
            metadata=settings,
            source_folder=tmp_path,
            options=options if target != "docx" else [],
        )
        if target == "docx":
            command = [programs.pandoc(), "--from", "docx", "--to", "plain", str(output)]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return output.read_text(encoding="utf-8")

    return convert
