"""Runs Pandoc, as a program, with foresay's filter."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from foresay.errors import ReportError
from foresay.publishing.assembly import Assembled
from foresay.publishing.engines import programs
from foresay.publishing.metadata import authors, epoch, iso_date, printed_date

# raw HTML and LaTeX in prose stay text: a report says things in Markdown only
READER = "markdown-raw_html-raw_tex-latex_macros"
_OWN_MESSAGE = 65  # the code with which the filter stops
_TARGETS = {"html": "html", "pdf": "typst", "docx": "docx"}
_WRITERS = {"html": "html5", "pdf": "typst", "docx": "docx"}


def asset(name: str) -> Path:
    """Path of a file that comes with foresay."""
    return Path(str(resources.files("foresay.publishing") / "assets" / name))


def write(
    assembled: Assembled,
    *,
    target: str,
    folder: Path,
    metadata: Mapping[str, object],
    source_folder: Path,
    options: Sequence[str] = (),
) -> Path:
    """Convert one format's Markdown.

    Parameters
    ----------
    assembled
        The Markdown, its pictures and pieces.
    target
        ``html``, ``pdf`` (written as typst) or ``docx``.
    folder
        An empty folder to work in.
    metadata
        The format's merged metadata.
    source_folder
        Folder of the report; bibliography and style are looked up there.
    options
        More options for Pandoc.

    Returns
    -------
    Path
        The file that Pandoc wrote, in ``folder``.

    Raises
    ------
    ReportError
        If Pandoc or the filter fails, with what it said.
    """
    for name, content in assembled.media.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "report.md").write_text(assembled.markdown, encoding="utf-8")
    _write_json(folder / "metadata.json", title_block(metadata, target))
    settings = {
        "target": _TARGETS[target],
        "number_sections": metadata.get("number-sections") is True,
        "images": assembled.images,
        "meta": metadata,
    }
    _write_json(folder / "settings.json", settings)
    output = folder / f"report.{'typ' if target == 'pdf' else target}"
    command = [
        programs.pandoc(),
        *("--from", READER, "--to", _WRITERS[target], "--standalone"),
        *("--metadata-file", "metadata.json", "--lua-filter", str(asset("foresay.lua"))),
        *_citations(metadata, source_folder, folder),
        *_contents(metadata, target),
        *options,
        *("--output", output.name, "report.md"),
    ]
    _run(command, folder, epoch(metadata))
    return output


def plain(*texts: object) -> list[str]:
    """Take the markup from lines of Markdown; what is None or empty stays empty."""
    lines = [" ".join(str(text or "").split()) for text in texts]
    run = subprocess.run(  # noqa: S603 (no shell, and the program is the one we looked up)
        [programs.pandoc(), "--from", READER, "--to", "plain", "--wrap=none"],
        input="\n\n".join(f"¦{line}" for line in lines),  # the mark keeps an empty one
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return [line.removeprefix("¦") for line in run.stdout.split("\n") if line]


def _run(command: list[str], folder: Path, seconds: int) -> None:
    env = {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(seconds),
        "FORESAY_SETTINGS": str(folder / "settings.json"),
    }
    run = subprocess.run(  # noqa: S603 (no shell, and the program is the one we looked up)
        command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if run.returncode:
        said = run.stderr.strip() or f"it ended with code {run.returncode}"
        if run.returncode == _OWN_MESSAGE:
            raise ReportError(said.removeprefix("foresay: "))
        raise ReportError(f"pandoc could not write the report: {said}")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, default=str, ensure_ascii=False), encoding="utf-8")


def title_block(metadata: Mapping[str, object], target: str) -> dict[str, object]:
    """Give the template what it prints above the text; texts are Markdown."""
    names = authors(metadata)
    block: dict[str, object] = {
        key: str(metadata[key])
        for key in ("title", "subtitle", "notice", "abstract", "lang", "reference-section-title")
        if metadata.get(key)
    }
    date = iso_date(metadata)
    keywords = metadata.get("keywords") or []
    block |= {
        "author": [_author(each, target) for each in names],
        "by-author": names,
        "date": printed_date(metadata),
        "date-meta": date.isoformat() if date else "",
        "keywords": keywords if isinstance(keywords, list) else [keywords],
        "link-citations": True,
        "abstract-title": "Abstract",
        "toc-title": "Contents",
    }
    return {key: value for key, value in block.items() if value}


def _author(author: Mapping[str, str], target: str) -> str:
    """Write one author; Word has no template of ours, so its line says everything."""
    parts = [author.get("name", "")]
    if target == "docx":
        parts += [author[key] for key in ("affiliation",) if key in author]
        parts += [f"ORCID {author['orcid']}"] if "orcid" in author else []
    return ", ".join(parts)


def _citations(metadata: Mapping[str, object], folder: Path, work: Path) -> list[str]:
    told = metadata.get("bibliography") or []
    files = told if isinstance(told, list) else [told]
    if not files:
        return []
    options = ["--citeproc"]
    for at, name in enumerate(files, start=1):
        # copied, because Pandoc writes the path that it was given into the Word document
        copy = f"bibliography-{at}{Path(str(name)).suffix}"
        shutil.copyfile(folder / str(name), work / copy)
        options.append(f"--bibliography={copy}")
    if metadata.get("csl"):
        shutil.copyfile(folder / str(metadata["csl"]), work / "style.csl")
        options.append("--csl=style.csl")
    return options


def _contents(metadata: Mapping[str, object], target: str) -> list[str]:
    if metadata.get("toc") is not True or target == "docx":
        return []  # Word fills a table of contents only when asked to; its navigation pane serves
    depth = int(str(metadata.get("toc-depth", 3)))
    # on a page the title is the first level, and every heading stands one deeper
    return ["--toc", f"--toc-depth={min(depth + (target == 'html'), 6)}"]
