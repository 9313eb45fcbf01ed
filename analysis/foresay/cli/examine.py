"""`foresay examine`: templates, stages, determinism, complexity and other further analyses."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foresay.cli import options, tables
from foresay.cli.compare import PLOTS, draw
from foresay.cli.progress import steps
from foresay.errors import ChoiceError

if TYPE_CHECKING:
    import pandas as pd

    from foresay.figures import Figure
    from foresay.workbench import Workbench


class Analysis(StrEnum):
    """What is examined."""

    templates = "templates"
    ladder = "ladder"
    determinism = "determinism"
    entropy_matched = "entropy_matched"
    complexity = "complexity"
    detection = "detection"
    correlation = "correlation"


def examine(
    what: Annotated[Analysis, typer.Argument(help="The analysis.")],
    study: options.Study = options.HERE,
    *,
    rows: Annotated[
        str, typer.Option("--rows", help="For templates: the column of the rows.")
    ] = "training_template",
    columns: Annotated[
        str, typer.Option("--columns", help="For templates: the column of the columns.")
    ] = "template",
    over: Annotated[
        str, typer.Option("--over", help="For complexity: the numeric column of the axis.")
    ] = "complexity",
    contrast: Annotated[
        str,
        typer.Option("--contrast", help="For entropy_matched: the contrast with the two arms."),
    ] = "self_advantage",
    by: Annotated[str | None, typer.Option("--by", help="Grouping columns, with commas.")] = None,
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
    """Examine templates, stages, determinism, complexity, detection or correlations.

    templates: every pair of training and test template, and the worst. ladder: the stages of
    training at matched compliance. determinism: entropy of answers before and after training.
    entropy_matched: a contrast weighted to the same entropy. complexity: accuracy over its
    baseline. detection: hits, false alarms, d'. correlation: reported against actual numbers.
    Example: foresay examine ladder data/small-models --plot ladder.svg
    """
    chosen = tables.chosen_format(output_format, output)
    if plot is not None and plot.suffix.lower() not in PLOTS:
        raise ChoiceError(f"--plot: end the file in one of {', '.join(PLOTS)}; got {str(plot)!r}")
    more: dict[str, Any] = {"where": where, **options.parse_choices(choice)}
    if by is not None:
        more["by"] = by
    own = {
        Analysis.templates: {"rows": rows, "columns": columns},
        Analysis.complexity: {"over": over},
        Analysis.entropy_matched: {"name": contrast},
    }
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        progress("validating")
        bench.validate()
        progress("estimating")
        frame = _examined(bench, what, {**more, **own.get(what, {})})
    if frame.empty:
        raise ChoiceError("there is nothing to estimate: no trial is left")
    from foresay.display.terminal import estimates_text

    content = tables.content_of(frame, chosen, estimates_text)
    tables.write_table(content, len(frame), output, quiet=quiet)
    if plot is not None:
        draw(_drawn(what, frame, {"over": over}), plot, quiet=quiet)


def _examined(bench: Workbench, what: Analysis, asked: dict[str, Any]) -> pd.DataFrame:
    from foresay.estimation.correlations import NAMES

    estimands = {
        Analysis.detection: ("hit_rate", "false_alarm_rate", "d_prime"),
        Analysis.correlation: NAMES,
    }
    if what in estimands:
        return bench.estimate(estimands[what], **{"by": "predictor,target", **asked})
    analysis: dict[Analysis, Callable[..., pd.DataFrame]] = {
        Analysis.templates: bench.templates,
        Analysis.ladder: bench.ladder,
        Analysis.determinism: bench.determinism,
        Analysis.entropy_matched: bench.entropy_matched,
        Analysis.complexity: bench.complexity,
    }
    return analysis[what](**asked)


def _drawn(what: Analysis, frame: pd.DataFrame, asked: dict[str, str]) -> Figure:
    from foresay import figures

    if what is Analysis.complexity:
        return figures.plot_complexity(frame, over=asked["over"])
    plots: dict[Analysis, Callable[[pd.DataFrame], Figure]] = {
        Analysis.templates: figures.plot_templates,
        Analysis.ladder: figures.plot_ladder,
        Analysis.determinism: figures.plot_determinism,
        Analysis.entropy_matched: figures.plot_entropy_matched,
        Analysis.detection: figures.plot_detection,
        Analysis.correlation: figures.plot_correlation,
    }
    return plots[what](frame)
