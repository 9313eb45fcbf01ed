"""`foresay influence`: a number without each task, property, model, or single cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foresay.cli import options, tables
from foresay.cli.compare import PLOTS, draw
from foresay.cli.progress import steps
from foresay.errors import ChoiceError

if TYPE_CHECKING:
    import pandas as pd


def influence(
    study: options.Study = options.HERE,
    *,
    of: Annotated[
        str, typer.Option("--of", help="A contrast of the study, or an estimand.")
    ] = "self_advantage",
    over: Annotated[
        str,
        typer.Option(
            "--over", help="Columns, with commas, whose values are left out one at a time."
        ),
    ] = "task,property,model",
    clusters: Annotated[
        int, typer.Option("--clusters", min=0, help="How many of the most influential clusters.")
    ] = 10,
    by: Annotated[
        str | None, typer.Option("--by", help="Grouping columns; default: the contrast's own.")
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
    """Show what a number is without each task, property, model, and without single clusters.

    Model leaves out a model both as predictor and as target. Example:
    foresay influence data/small-models --where "n_train = 1000" --by target --plot influence.svg
    """
    chosen = tables.chosen_format(output_format, output)
    if plot is not None and plot.suffix.lower() not in PLOTS:
        raise ChoiceError(f"--plot: end the file in one of {', '.join(PLOTS)}; got {str(plot)!r}")
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        progress("validating")
        bench.validate()
        asked: dict[str, Any] = {"by": by, "where": where, **options.parse_choices(choice)}
        frame = bench.influence(of, over=over, clusters=clusters, progress=progress, **asked)
    from foresay.display import variations

    def text(made: pd.DataFrame) -> str:
        return variations.tables_text({f"Influence on {of}": variations.influence_table(made)})

    content = tables.content_of(frame, chosen, text)
    tables.write_table(content, len(frame), output, quiet=quiet)
    if plot is not None:
        from foresay import figures

        draw(figures.plot_influence(frame), plot, quiet=quiet)
