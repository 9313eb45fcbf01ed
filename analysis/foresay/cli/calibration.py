"""`foresay calibration`: how well confidence is calibrated, with the null of each number."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from foresay.cli import options, tables
from foresay.cli.compare import PLOTS, draw
from foresay.cli.progress import steps
from foresay.errors import ChoiceError


class Of(StrEnum):
    """What is calibrated."""

    confidence = "confidence"
    distribution = "distribution"


def calibration(
    study: options.Study = options.HERE,
    *,
    measure: Annotated[
        str | None,
        typer.Option(
            "--measure",
            "-m",
            help="Measures, with commas, such as calibration_l2,ece,brier; default: all.",
        ),
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help="Grouping columns, with commas; rank is one too.")
    ] = "predictor,target",
    of: Annotated[
        Of | None,
        typer.Option(
            "--of",
            help="Confidence in predictions, or the predictor's distribution against the "
            "target's; default: confidence, unless --by names rank.",
        ),
    ] = None,
    constant: Annotated[
        bool, typer.Option("--constant", help="Also the predictor that states the share right.")
    ] = False,
    curve: Annotated[
        bool, typer.Option("--curve", help="The reliability curve in place of the measures.")
    ] = False,
    where: options.Where = None,
    choice: options.Set = None,
    output_format: tables.Format = None,
    output: tables.Output = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help="Draw the curve: .svg, .pdf, .png or .json (Vega-Lite)."),
    ] = None,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Estimate calibration, each number with its interval and what calibrated data would give.

    Example: foresay calibration data/small-models -m calibration_l2,ece --by predictor
    --plot reliability.svg
    """
    chosen = tables.chosen_format(output_format, output)
    if plot is not None and plot.suffix.lower() not in PLOTS:
        raise ChoiceError(f"--plot: end the file in one of {', '.join(PLOTS)}; got {str(plot)!r}")
    asked: dict[str, Any] = {"by": by, "where": where, "of": of.value if of else None}
    choices = options.parse_choices(choice)
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        progress("validating")
        bench.validate()
        progress("estimating")
        curves = bench.reliability(**asked, **choices) if curve or plot is not None else None
        frame = (
            curves
            if curve and curves is not None
            else bench.calibration(measure, constant=constant, **asked, **choices)
        )
    if frame.empty:
        raise ChoiceError("there is nothing to estimate: no trial with a confidence is left")
    from foresay.display.calibration import calibration_text, curve_text

    as_text = curve_text if curve else calibration_text
    tables.write_table(tables.content_of(frame, chosen, as_text), len(frame), output, quiet=quiet)
    if plot is not None and curves is not None:
        from foresay.figures.reliability import plot_reliability

        draw(plot_reliability(curves), plot, quiet=quiet)
