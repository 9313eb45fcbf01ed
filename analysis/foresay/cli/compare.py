"""`foresay compare`: contrasts, models, summaries and trends by name, with their tests."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foresay.cli import options, tables
from foresay.cli.progress import steps
from foresay.errors import ChoiceError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from foresay.figures import Figure
    from foresay.study import Declared
    from foresay.workbench import Workbench


class Kind(StrEnum):
    """What a comparison is."""

    contrast = "contrast"
    regression = "regression"
    summary = "summary"
    trend = "trend"


PLOTS = (".svg", ".pdf", ".png", ".json")
"""Endings of the files that `--plot` writes."""


def compare(
    study: options.Study = options.HERE,
    *,
    name: Annotated[
        str | None,
        typer.Option(
            "--name", "-n", help="Names, with commas; default: all that the tables support."
        ),
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option("--kind", help="Only comparisons of this kind.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", help="Grouping columns, with commas; default: those of the comparison."
        ),
    ] = None,
    where: options.Where = None,
    choice: options.Set = None,
    output_format: tables.Format = None,
    output: tables.Output = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help="Draw it into a file: .svg, .pdf, .png or .json (Vega-Lite)."),
    ] = None,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Compare arms: contrasts, two-way models, summaries over tasks and trends, with their tests.

    Those that the study file declares, and five that always are: self_advantage, two_way,
    over_tasks, scaling, shots. What the tables do not support is listed with the reason. Example:
    foresay compare data/small-models --name scaling --plot scaling.svg
    """
    chosen = tables.chosen_format(output_format, output)
    if plot is not None and plot.suffix.lower() not in PLOTS:
        raise ChoiceError(f"--plot: end the file in one of {', '.join(PLOTS)}; got {str(plot)!r}")
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        wanted = _wanted(bench, name, kind)
        progress("validating")
        bench.validate()
        asked = {"by": by, "where": where, **options.parse_choices(choice)}
        found, left_out = _compared(bench, wanted, asked, progress, named=name is not None)
        figure = None if plot is None else _figure(bench, wanted, found, asked)
    if not found:
        said = "\n".join(f"{one}: {reason}" for one, reason in left_out.items())
        raise UnsupportedError(f"the tables support none of what was asked\n{said}")
    _write(found, chosen, output, quiet=quiet)
    if plot is not None and figure is not None:
        draw(figure, plot, quiet=quiet)
    if left_out and not quiet:
        lines = [f"  {one}: {reason}" for one, reason in left_out.items()]
        typer.echo("\n".join(["not supported by these tables:", *lines]), err=True)


def _wanted(bench: Workbench, name: str | None, kind: Kind | None) -> list[Declared]:
    """Return the comparisons that are asked for, refusing names that are not known."""
    from foresay.study import known_comparisons

    known = known_comparisons(bench.study)
    of_kind = [one for one in known.values() if kind is None or one.kind == kind.value]
    if name is None:
        return of_kind
    names = options.names(name, list(known), "--name")
    for each in names:
        if kind is not None and known[each].kind != kind.value:
            raise ChoiceError(f"--name: {each!r} is a {known[each].kind}, and --kind says {kind}")
    return [known[each] for each in names]


def _compared(
    bench: Workbench,
    wanted: list[Declared],
    asked: dict[str, Any],
    progress: Callable[[str], None],
    *,
    named: bool,
) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Return the comparisons that the tables support, and why they do not support the others."""
    from foresay.comparisons.long_tables import nothing_found

    found: dict[str, pd.DataFrame] = {}
    left_out: dict[str, str] = {}
    for one in wanted:
        progress(f"comparing {one.name}")
        try:
            table = bench.compare(one.name, **asked)
        except UnsupportedError as error:
            left_out[one.name] = str(error)
            continue
        reason = nothing_found(table)
        if reason and not (named and len(table)):
            left_out[one.name] = reason
        else:
            found[one.name] = table
    return found, left_out


def _figure(
    bench: Workbench, wanted: list[Declared], found: dict[str, pd.DataFrame], asked: dict[str, Any]
) -> Figure | None:
    """Return the one figure of what was found; contrasts share one."""
    from foresay import figures
    from foresay.comparisons.long_tables import stacked_comparisons
    from foresay.study import Contrast

    there = [one for one in wanted if one.name in found]
    if not there:
        return None
    kinds = {one.kind for one in there}
    if len(kinds) > 1 or (len(there) > 1 and kinds != {"contrast"}):
        listed = ", ".join(one.name for one in there)
        raise ChoiceError(
            f"--plot draws one comparison, or contrasts together; say which of {listed} with --name"
        )
    spec = there[0].spec
    if len(there) == 1 and isinstance(spec, Contrast) and spec.versus and spec.scale != "ratio":
        return figures.plot_interaction(bench.interaction(there[0].name, **asked))
    table = stacked_comparisons([found[one.name] for one in there])
    ways = {
        "contrast": figures.plot_contrasts,
        "regression": figures.plot_two_way,
        "summary": figures.plot_random_effects,
        "trend": figures.plot_trend,
    }
    return ways[there[0].kind](table)


def _write(
    found: dict[str, pd.DataFrame],
    chosen: tables.TableFormat,
    output: Path | None,
    *,
    quiet: bool,
) -> None:
    from foresay.comparisons.long_tables import stacked_comparisons
    from foresay.display.comparisons import comparisons_text

    frame = stacked_comparisons(list(found.values()))
    content = tables.content_of(frame, chosen, comparisons_text)
    tables.write_table(content, len(frame), output, quiet=quiet)


def draw(figure: Figure, plot: Path, *, quiet: bool) -> None:
    """Write a figure in the format that the ending of the file names; one of `PLOTS`."""
    from foresay.publishing.writing import write_bytes

    kind = plot.suffix.lower()
    texts = {".svg": figure.svg, ".json": figure.vega_lite}
    drawn = {".pdf": figure.pdf, ".png": figure.png}
    content = texts[kind]().encode() if kind in texts else drawn[kind]()
    write_bytes(plot, content)
    if not quiet:
        typer.echo(f"{figure.question} {plot}", err=True)
