"""`foresay specifications`: one number under every combination of the choices of a grid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foresay.cli import options, tables
from foresay.cli.compare import PLOTS, draw
from foresay.cli.progress import steps
from foresay.errors import ChoiceError

if TYPE_CHECKING:
    import pandas as pd

    from foresay.workbench import Workbench


def specifications(
    study: options.Study = options.HERE,
    *,
    name: Annotated[
        str | None,
        typer.Option("--name", "-n", help="The curve; needed where the study file has several."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="One curve for each of these columns, with commas.")
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
    """Compute a specification curve: a number under every combination of declared choices.

    The grid stands under `specifications` in the study file. Text gives the summary, the joint
    test and what each choice does; other formats give a row for each combination. Example:
    foresay specifications data/small-models --plot curve.svg
    """
    chosen = tables.chosen_format(output_format, output)
    if plot is not None and plot.suffix.lower() not in PLOTS:
        raise ChoiceError(f"--plot: end the file in one of {', '.join(PLOTS)}; got {str(plot)!r}")
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        wanted = _wanted(bench, name)
        progress("validating")
        bench.validate()
        asked = {"by": by, "where": where, **options.parse_choices(choice)}
        made = bench.specification_curve(wanted, progress=progress, **asked)
    from foresay.display import variations

    def text(_: pd.DataFrame) -> str:
        parts = {
            f"Specification curve {wanted}": variations.summary_table(made.summary),
            "What each choice does: its share of the variance of the results": (
                variations.importance_table(made.importance)
            ),
        }
        return variations.tables_text(parts)

    content = tables.content_of(made.specifications, chosen, text)
    tables.write_table(content, len(made.specifications), output, quiet=quiet)
    if plot is not None:
        from foresay import figures

        draw(figures.plot_specification_curve(made.specifications), plot, quiet=quiet)
    if len(made.excluded) and not quiet:
        typer.echo("\n".join(["combinations left out:", *_left_out(made.excluded)]), err=True)


def _left_out(excluded: pd.DataFrame) -> list[str]:
    from foresay.comparisons.specifications import by_reason
    from foresay.display import visible

    varied = [column for column in excluded if str(column).startswith("choice_")]
    told = [
        ({str(c).removeprefix("choice_"): str(row[c]) for c in varied}, str(row["reason"]))
        for row in excluded.to_dict("records")
    ]
    return [f"  {visible(line)}" for line in by_reason(told)]


def _wanted(bench: Workbench, name: str | None) -> str:
    """Return the curve that is asked for: the only one, where none is named."""
    known = list(bench.study.specifications)
    if name is not None:
        return options.names(name, known, "--name")[0] if known else name
    if len(known) == 1:
        return known[0]
    if not known:
        raise ChoiceError(
            "the study file declares no specification curve; add one under specifications "
            "(docs/study-file.md describes it)"
        )
    raise ChoiceError(f"the study file declares several curves; say which of {', '.join(known)}")
