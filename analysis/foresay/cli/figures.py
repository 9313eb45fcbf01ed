"""`foresay figures`: every figure that a study supports, in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import steps
from foresay.errors import ChoiceError


def figures(
    study: options.Study = options.HERE,
    *,
    only: Annotated[
        str | None, typer.Option("--only", help="Names of figures, with commas; default: all.")
    ] = None,
    to: Annotated[
        str, typer.Option("--to", help="Formats, with commas: svg, pdf, png, json, csv.")
    ] = "svg,pdf,png,json,csv",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder; default: figures beside it.")
    ] = None,
    data: options.Data = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the figures of a study: SVG, PDF, PNG at 300 dpi, Vega-Lite JSON and the data as CSV.

    Example: foresay figures data/small-models --only accuracy-against-bounds --to svg,pdf
    """
    path = study / "study.yml" if study.is_dir() else study
    folder = output or path.resolve().parent / "figures"
    with (
        steps(quiet=quiet) as progress,
        options.open_study(study, data=data) as bench,
    ):
        from foresay.publishing.analyses import analyse
        from foresay.publishing.illustrations import illustrate
        from foresay.publishing.writing import explained
        from foresay.study import nearest

        drawn = illustrate(analyse(bench, progress))
        wanted = [part.strip() for part in only.split(",")] if only else list(drawn)
        for name in wanted:
            if name not in drawn:
                raise ChoiceError(
                    f"no figure {name!r} is supported by this study; {nearest(name, list(drawn))}"
                )
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
        for name in wanted:
            progress(f"writing {name}")
            drawn[name].save(folder, formats=[part.strip() for part in to.split(",")])
    if not quiet:
        typer.echo(f"{len(wanted)} figures in {folder}")
