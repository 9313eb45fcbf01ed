"""`foresay diff`: what moved between two versions, by meaning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import steps
from foresay.cli.report_formats import ReportFormat, by_ending
from foresay.cli.versions import ExitCode, Folder, folder_of
from foresay.errors import OutputError

Label = Annotated[
    str,
    typer.Argument(help="A label, draft, or the path of a version's folder.", show_default=False),
]


def diff(
    before: Label,
    after: Label,
    study: options.Study = options.HERE,
    *,
    versions: Folder = None,
    output_format: Annotated[
        ReportFormat | None,
        typer.Option("--format", help="text, json, or html; default: the ending of -o, else text."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="As text: all rows, not the first of each kind.")
    ] = False,
    exit_code: ExitCode = False,
    quiet: options.Quiet = False,
) -> None:
    """Say what moved between two versions: numbers, intervals, verdicts, figures, text, inputs.

    Numbers are compared row by row, also in units of their standard error; the one that moved most
    comes first. HTML shows the figures side by side. Nothing is computed. With --exit-code it exits
    with 1 where a number, row, table, figure or text moved; by default with 0.
    Example: foresay diff 1.0 draft data/small-models --format html -o diff.html
    """
    if output is not None and output.is_dir():
        raise OutputError(f"'{output}' is a folder, and a file is to be written; name a file")
    chosen = output_format or by_ending(output)
    from foresay.revisions.differences import compare_versions
    from foresay.revisions.listing import find_version

    folder = folder_of(study, versions)
    with steps(quiet=quiet, log=False) as progress:
        progress("comparing the versions")
        sides = [find_version(name, folder, paths=True) for name in (before, after)]
        found = compare_versions(*sides)
        if chosen is ReportFormat.html:
            from foresay.revisions.page import html_page

            text = html_page(found)
        elif chosen is ReportFormat.json:
            text = json.dumps(found.to_json(), indent=1, ensure_ascii=False) + "\n"
        else:
            from foresay.revisions.wording import as_text

            text = as_text(found, most=None if everything or output else 20) + "\n"
    if output is not None:
        from foresay.publishing.writing import write_text
        from foresay.revisions.wording import summary

        write_text(output, text)
        if not quiet:
            typer.echo(f"{summary(found)}; all of it is in {output}", err=True)
    elif not quiet or chosen is not ReportFormat.text:
        typer.echo(text, nl=False)
    if exit_code and found.moved:
        raise typer.Exit(code=1)
