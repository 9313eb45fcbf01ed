"""`foresay figures`: every figure that a study supports, in every format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import steps
from foresay.errors import UnsupportedError

if TYPE_CHECKING:
    from foresay.publishing.results import Results


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
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the figures of a study: SVG, PDF, PNG at 300 dpi, Vega-Lite JSON and the data as CSV.

    Example: foresay figures data/small-models --only accuracy-against-bounds --to svg,pdf
    """
    from foresay.publishing.results import FIGURES

    wanted = options.names(only, list(FIGURES), "--only") if only is not None else None
    formats = options.names(to, ["svg", "pdf", "png", "json", "csv"], "--to")
    path = study / "study.yml" if study.is_dir() else study
    folder = output or path.resolve().parent / "figures"
    with (
        steps(quiet=quiet) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        from foresay.publishing.analyses import analyse
        from foresay.publishing.illustrations import illustrate
        from foresay.publishing.writing import explained

        results = analyse(bench, progress)
        drawn = illustrate(results)
        for name in wanted or ():
            if name not in drawn:
                raise UnsupportedError(f"figure {name} cannot be drawn: {_reason(results, name)}")
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
        chosen = wanted or list(drawn)
        for name in chosen:
            progress(f"drawing {name}")
            drawn[name].save(folder, formats=formats)
    if not quiet:
        what = "1 figure" if len(chosen) == 1 else f"{len(chosen)} figures"
        typer.echo(f"{what} in {options.shown(folder)}")


def _reason(results: Results, name: str) -> str:
    from foresay.publishing.results import FIGURES, TITLES

    return results.missing.get(TITLES[FIGURES[name]], "it has more rows than a figure can hold")
