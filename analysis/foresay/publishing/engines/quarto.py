"""Quarto, when it is on PATH: finding it, the command line, and the files it leaves."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foresay.errors import ReportError
from foresay.publishing.metadata import QUARTO_NAMES, epoch, merged, read_mapping
from foresay.publishing.qmd import parse

OLDEST = (1, 8)
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_WAY_OUT = "install it from quarto.org, or use the embedded renderer ('embedded')"


@dataclass(frozen=True, slots=True)
class Quarto:
    """A Quarto that can be run."""

    path: str
    version: str


def find(*, required: bool = False) -> Quarto | None:
    """Look for Quarto on PATH.

    Parameters
    ----------
    required
        Whether its absence is an error.

    Returns
    -------
    Quarto or None
        None when there is no Quarto, or one that does not run or is too old, and none is required.

    Raises
    ------
    ReportError
        If one is required and there is none that serves.
    """
    path = shutil.which("quarto")
    if path is None:
        return _missing("Quarto is not on PATH", required=required)
    try:
        run = subprocess.run(  # noqa: S603 (no shell, and the program is the one we looked up)
            [path, "--version"], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _missing(f"{path} does not run: {error}", required=required)
    found = re.match(r"\s*(\d+)\.(\d+)[\w.+-]*", run.stdout)
    if run.returncode or not found:
        return _missing(f"{path} does not tell its version", required=required)
    version = found[0].strip()
    if (int(found[1]), int(found[2])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        return _missing(f"{path} is Quarto {version}, older than {oldest}", required=required)
    return Quarto(path, version)


def _missing(reason: str, *, required: bool) -> Quarto | None:
    if required:
        raise ReportError(f"{reason}; {_WAY_OUT}")
    return None


def command(
    found: Quarto,
    *,
    source: Path,
    formats: Sequence[str],
    output: Path,
    metadata_file: Path | None,
    parameters_file: Path | None,
) -> list[str]:
    """Build the command line; paths are relative to the project where they can be."""
    line = [found.path, "render", str(source)]
    line += ["--to", ",".join(QUARTO_NAMES[each] for each in formats)]
    line += ["--output-dir", str(output)]
    if metadata_file:
        line += ["--metadata-file", str(metadata_file)]
    if parameters_file:
        # a file keeps the types of the values, which '-P name:value' does not
        line += ["--execute-params", str(parameters_file)]
    return line


def render(
    found: Quarto,
    *,
    source: Path,
    formats: Sequence[str],
    project_root: Path,
    env: Mapping[str, str],
    metadata: Mapping[str, object],
    parameters: Mapping[str, object],
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Run Quarto and collect what it wrote.

    Returns
    -------
    tuple
        Content of each file by format, and of the other files by relative path.

    Raises
    ------
    ReportError
        If Quarto fails, with the end of what it said, or a format is missing afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="foresay-quarto-") as given:
        own = project_root / ".foresay"  # Quarto wants its output inside the project
        own.mkdir(exist_ok=True)
        output = Path(tempfile.mkdtemp(dir=own, prefix="quarto-"))
        try:
            line = command(
                found,
                source=_inside(source, project_root),
                formats=formats,
                output=_inside(output, project_root),
                metadata_file=_written(Path(given) / "metadata.json", metadata),
                parameters_file=_written(Path(given) / "parameters.json", parameters),
            )
            _run(line, project_root, env, source, metadata)
            return _collected(output, source, formats)
        finally:
            shutil.rmtree(output, ignore_errors=True)


def _inside(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path


def _written(path: Path, values: Mapping[str, object]) -> Path | None:
    if not values:
        return None
    text = json.dumps(dict(values), default=str, ensure_ascii=False)  # JSON is YAML
    # Quarto reads a metadata file as it reads a document's front matter, marks included
    whole = f"---\n{text}\n...\n" if path.stem == "metadata" else text
    path.write_text(whole, encoding="utf-8")
    return path


def _run(
    line: list[str],
    project_root: Path,
    env: Mapping[str, str],
    source: Path,
    metadata: Mapping[str, object],
) -> None:
    layers = merged(
        read_mapping(project_root / "_quarto.yml"), parse(source).front, metadata, "html"
    )
    settings = {"QUARTO_PYTHON": sys.executable, "SOURCE_DATE_EPOCH": str(epoch(layers))}
    run = subprocess.run(  # noqa: S603 (no shell, and the program is the one we looked up)
        line,
        cwd=project_root,
        env={**os.environ, **settings, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if run.returncode:
        said = _ANSI.sub("", run.stderr or run.stdout).strip().splitlines()
        tail = "\n".join(f"  {text}" for text in said[-15:] if text.strip())
        raise ReportError(f"Quarto ended with code {run.returncode} on {source.name}:\n{tail}")


def _collected(
    output: Path, source: Path, formats: Sequence[str]
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Find the files wherever Quarto put them under its output folder."""
    files = sorted(path for path in output.rglob("*") if path.is_file())
    documents: dict[str, Path] = {}
    for each in formats:
        name = f"{source.stem}.{each}"
        documents[each] = next((path for path in files if path.name == name), output / name)
        if not documents[each].is_file():
            raise ReportError(f"Quarto ended well but wrote no {name}; look at _quarto.yml")
    folder = documents[formats[0]].parent
    sides = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if path not in documents.values() and path.is_relative_to(folder)
    }
    return {each: path.read_bytes() for each, path in documents.items()}, sides
