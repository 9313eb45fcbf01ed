"""Where a report's sources are: the study's own page, or the suite that comes with foresay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import foresay
from foresay.errors import ReportError
from foresay.publishing.qmd import parse
from foresay.study import Study, TableSource


def report_source(study_file: Path, study: Study) -> Path:
    """Return the `.qmd` that a study is rendered with.

    Raises
    ------
    ReportError
        The study names a page that is not there.
    """
    if study.report.source is not None:
        source = study_file.parent / study.report.source
        if not source.is_file():
            raise ReportError(
                f"report.source of {study_file} is {study.report.source!r}, and there is no such "
                "file beside it; correct the name, or leave it out for the suite of foresay"
            )
        return source.resolve()
    return suite() / "index.qmd"


def documents(study: Study, formats: Sequence[str]) -> dict[str, str]:
    """Return the file of each format in a version: for a site, its first page.

    Examples
    --------
    The suite gives ``index.html``, ``report.pdf`` and ``report.docx``; a study's own page
    ``mine.qmd`` gives ``mine.html``, ``mine.pdf`` and ``mine.docx``.
    """
    if study.report.source is not None:
        stem = Path(study.report.source).stem
        return {each: f"{stem}.{each}" for each in formats}
    return {each: "index.html" if each == "html" else f"report.{each}" for each in formats}


def suite() -> Path:
    """Return the folder of the report suite: in a checkout, or inside the installed package.

    Raises
    ------
    ReportError
        The installation is incomplete.
    """
    package = Path(foresay.__file__).resolve().parent
    for folder in (package.parents[1] / "reports", package / "reports"):
        if (folder / "index.qmd").is_file():
            return folder
    raise ReportError("the report suite of foresay is missing; install foresay again")


def project_root(source: Path) -> Path:
    """Return the folder of `_quarto.yml` above a page, or the page's own."""
    for folder in source.parents:
        if (folder / "_quarto.yml").is_file():
            return folder
    return source.parent


def report_files(source: Path) -> list[Path]:
    """Return every file that a page is made from: itself, its includes, bibliography, settings."""
    folder = source.parent
    document = parse(source)
    included = {Path(path).resolve() for path in document.files}
    beside = {p.resolve() for pattern in ("*.bib", "*.csl") for p in folder.glob(pattern)}
    root = project_root(source)
    settings = {root / name for name in ("_quarto.yml", "_variables.yml")}
    there = {path.resolve() for path in settings if path.is_file()}
    return sorted({source.resolve(), *included, *beside, *there})


def data_files(study: Study, root: Path) -> dict[str, Path]:
    """Return the data files of a study by name, without opening the engine."""
    from foresay.tables.sources import list_files

    found: dict[str, Path] = {}
    for name, source in study.tables.items():
        table: TableSource = source
        found |= {file.name: file.path for file in list_files(name, table, root)}
    return found
