"""`foresay render`: from result tables to a published report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import steps


class EngineName(StrEnum):
    """What renders."""

    auto = "auto"
    quarto = "quarto"
    embedded = "embedded"


class OutcomeFormat(StrEnum):
    """How the outcome is printed."""

    text = "text"
    json = "json"


def render(
    study: options.Study = options.HERE,
    *,
    to: Annotated[
        str | None, typer.Option("--to", help="html,pdf,docx; default: what the study says.")
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--version", help="Label of the version; it never changes again."),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Render the draft, whatever label the study has.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder of versions; default: versions beside it."),
    ] = None,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="Default: Quarto where it is on PATH.")
    ] = EngineName.auto,
    output_format: Annotated[
        OutcomeFormat, typer.Option("--format", help="text, or json for a machine.")
    ] = OutcomeFormat.text,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Render the report of a study: documents, figures, tables and manifest in one folder.

    Without a label, it is the draft, which is replaced as a whole. A label makes a version that
    never changes again. Example: foresay render data/small-models --to html,pdf --version 1.1
    """
    if draft and version is not None:
        raise typer.BadParameter("--draft and --version contradict each other")
    from foresay.publishing.publish import Order, produce
    from foresay.study import read_study

    formats = options.names(to.lower(), ["html", "pdf", "docx"], "--to") if to is not None else None
    path = study / "study.yml" if study.is_dir() else study
    known = read_study(path)
    label = None if draft else version or known.report.version
    order = Order(
        study=path,
        data=data,
        memory=memory,
        threads=threads,
        formats=tuple(formats or known.report.formats),
        label=label,
        versions=output or path.resolve().parent / "versions",
        engine=engine.value,
    )
    with steps(quiet=quiet or output_format is OutcomeFormat.json) as progress:
        done = produce(order, progress)
    stem = Path(known.report.source).stem if known.report.source else "index"
    documents = [done.folder / f"{stem}.{each}" for each in order.formats]
    if output_format is OutcomeFormat.json:
        import json

        outcome = {
            "folder": str(done.folder),
            "rendered": done.rendered,
            "reason": done.reason,
            "engine": done.engine,
            "documents": [str(path) for path in documents],
        }
        typer.echo(json.dumps(outcome, indent=1))
    elif not quiet:
        what = "Rendered" if done.rendered else "Nothing changed"
        because = f": {done.reason}" if done.rendered and done.reason else ""
        typer.echo(f"{what}{because}; the documents are")
        for path in documents:
            typer.echo(f"  {options.shown(path)}")
