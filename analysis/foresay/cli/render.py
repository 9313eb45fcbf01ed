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
    output_format: Annotated[OutcomeFormat, typer.Option("--format")] = OutcomeFormat.text,
    data: options.Data = None,
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

    path = study / "study.yml" if study.is_dir() else study
    known = read_study(path)
    label = None if draft else version or known.report.version
    order = Order(
        study=path,
        data=data,
        formats=tuple(_formats(to) if to else known.report.formats),
        label=label,
        versions=output or path.resolve().parent / "versions",
        engine=engine.value,
    )
    with steps(quiet=quiet or output_format is OutcomeFormat.json) as progress:
        done = produce(order, progress)
    if output_format is OutcomeFormat.json:
        import json

        outcome = {
            "folder": str(done.folder),
            "rendered": done.rendered,
            "reason": done.reason,
            "engine": done.engine,
            "documents": [str(done.folder / f"index.{each}") for each in order.formats],
        }
        typer.echo(json.dumps(outcome, indent=1))
    elif not quiet:
        what = "Rendered" if done.rendered else "Nothing changed"
        typer.echo(f"{what}: {done.reason}" if done.reason else f"{what}.")
        for each in order.formats:
            typer.echo(f"  {_shown(done.folder / f'{_stem(known.report.source)}.{each}')}")


def _stem(source: str | None) -> str:
    return Path(source).stem if source else "index"


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _formats(to: str) -> list[str]:
    wanted = [part.strip().lower() for part in to.split(",") if part.strip()]
    unknown = [part for part in wanted if part not in ("html", "pdf", "docx")]
    if unknown or not wanted:
        raise typer.BadParameter(
            f"--to takes html, pdf and docx, with commas; got {to!r}", param_hint="--to"
        )
    return list(dict.fromkeys(wanted))
