"""`foresay figures`: every figure that a study supports, in every format."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import Outcome, OutcomeFormat, finish, steps
from foresay.errors import ChoiceError, UnsupportedError

if TYPE_CHECKING:
    from foresay.publishing.results import Results


class Width(StrEnum):
    """How wide figures are drawn."""

    single = "single"
    double = "double"
    both = "both"

    @property
    def drawn(self) -> tuple[str, ...]:
        """The widths that are drawn."""
        return ("double", "single") if self is Width.both else (self.value,)


def figures(
    study: options.Study = options.HERE,
    *,
    only: Annotated[
        str | None, typer.Option("--only", help="Names of figures, with commas; default: all.")
    ] = None,
    to: Annotated[
        str, typer.Option("--to", help="Formats, with commas: svg, pdf, png, json, csv.")
    ] = "svg,pdf,png,json,csv",
    width: Annotated[
        Width, typer.Option("--width", help="For one column (85 mm), for two (175 mm), or both.")
    ] = Width.both,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder; default: figures beside it.")
    ] = None,
    gallery: Annotated[
        Path | None,
        typer.Option(
            "--gallery",
            help="Page of all figures, .html or .md; default: gallery.html in the folder. "
            "None with --only.",
        ),
    ] = None,
    data: options.Data = None,
    output_format: Outcome = OutcomeFormat.text,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the figures of a study: SVG, PDF, PNG at 300 dpi, Vega-Lite JSON and the data as CSV.

    The files for one column end in -single. A page shows all figures by what a reader wants to
    know, and names what data those that are not there need.
    Example: foresay figures data/small-models --only accuracy-against-bounds --to svg,pdf
    """
    from foresay.publishing.results import FIGURES

    if gallery is not None and (only is not None or gallery.suffix not in (".html", ".md")):
        said = (
            "--only draws some" if only is not None else f"it ends in .html or .md, not {gallery}"
        )
        raise ChoiceError(f"--gallery is a page of all figures: {said}")
    wanted = options.names(only, list(FIGURES), "--only") if only is not None else None
    formats = options.names(to, ["svg", "pdf", "png", "json", "csv"], "--to")
    folder = output or options.study_file(study).resolve().parent / "figures"
    with (
        steps(quiet=quiet, log=output_format is OutcomeFormat.text) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        from foresay.display.writing import write_whole
        from foresay.publishing.analyses import analyse
        from foresay.publishing.gallery import items
        from foresay.publishing.gallery_pages import gallery_page
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
        files: dict[str, list[str]] = {}
        pictures: dict[str, str] = {}
        for name in chosen:
            progress(f"drawing {name}")
            drawings = drawn[name].drawings(width.drawn)
            pictures[name] = list(drawings.values())[-1].svg
            made = drawn[name].files(drawings, formats)
            files[name] = [str(write_whole(folder / n, content)) for n, content in made.items()]
        said = "1 figure" if len(chosen) == 1 else f"{len(chosen)} figures"
        lines = [f"{said} in {options.shown(folder)}"]
        machine = {
            "folder": str(folder),
            "figures": chosen,
            "files": [f for made in files.values() for f in made],
        }
        if only is None:
            page = gallery or folder / "gallery.html"
            listed = items(drawn, {n: _reason(results, n) for n in FIGURES if n not in drawn})
            write_whole(page, gallery_page(page, bench.title, listed, pictures, files).encode())
            machine["gallery"] = str(page)
            lines.append(f"  {options.shown(page)}")
    finish("\n".join(lines), machine, output_format, quiet=quiet)


def _reason(results: Results, name: str) -> str:
    from foresay.publishing.results import FIGURES, TITLES

    return results.missing.get(TITLES[FIGURES[name]], "it has more rows than a figure can hold")
