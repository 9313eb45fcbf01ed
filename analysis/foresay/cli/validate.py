"""`foresay validate`: whether the tables are what a study needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import steps
from foresay.cli.report_formats import ReportFormat
from foresay.errors import OutputError

if TYPE_CHECKING:
    from foresay.tables.validation import Validation


def validate(
    study: options.Study = options.HERE,
    *,
    output_format: Annotated[
        ReportFormat,
        typer.Option("--format", help="text, json for a machine, or html for a page."),
    ] = ReportFormat.text,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Check all tables of a study against their rules and against each other.

    Exits with 0 when there are no errors, with 1 when there are, with 2 when a file cannot be
    read. Example: foresay validate data/small-models --format html -o problems.html
    """
    if output is not None and output.is_dir():
        raise OutputError(f"'{output}' is a folder, and a file is to be written; name a file")
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        progress("validating")
        found = bench.validate()
        if output_format is ReportFormat.json:
            text = found.to_json()
        elif output_format is ReportFormat.html:
            from foresay.publishing.engines.security import with_policy

            text = with_policy(found.to_html(title=bench.title))
        else:
            text = _text(found) if output else ""
    if output is not None:
        from foresay.publishing.writing import write_text

        write_text(output, text)
        if not quiet:
            typer.echo(f"{found.headline()}; all of it is in {output}", err=True)
    elif text:
        typer.echo(text.rstrip())
    elif not (quiet and found.ok):
        from foresay.display.terminal import Terminal

        Terminal().print(found)
    raise typer.Exit(code=found.exit_code)


def _text(found: Validation) -> str:
    """Return what the terminal would show, as plain text."""
    import io

    from rich.console import Console

    buffer = io.StringIO()
    Console(file=buffer, width=120, no_color=True).print(found)
    return buffer.getvalue()
