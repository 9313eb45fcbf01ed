"""`foresay power`: what a study of some size would find, and what repeats buy for its ceiling."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foresay.cli import options, tables
from foresay.cli.progress import steps
from foresay.errors import ChoiceError, OutputError

if TYPE_CHECKING:
    import pandas as pd

    from foresay.figures import Figure
    from foresay.workbench import Workbench

_PICTURES = ("svg", "pdf", "png", "html", "json")


def power(
    study: options.Study = options.HERE,
    *,
    contrast: Annotated[
        str | None,
        typer.Option(
            "--contrast",
            "-c",
            help="A contrast, or an estimand with --reference. Default: self_advantage.",
        ),
    ] = None,
    effect: Annotated[
        str | None,
        typer.Option("--effect", help="True effects, with commas: 0.02,0.05. Default: a few."),
    ] = None,
    clusters: Annotated[
        str | None,
        typer.Option(
            "--clusters",
            help="Clusters (prompts) of the planned study, with commas; default: half, once, twice "
            "and four times the study's own.",
        ),
    ] = None,
    wanted: Annotated[
        float | None,
        typer.Option("--wanted", help="How often an effect is to be found. Default: 0.8."),
    ] = None,
    reference: Annotated[
        float | None,
        typer.Option("--reference", help="What an estimand is held against; 0.5, say."),
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option("--runs", help="Simulated studies of each case. Default: 4000."),
    ] = None,
    ceiling: Annotated[
        bool, typer.Option("--ceiling", help="Plan repeats for the resample ceiling instead.")
    ] = False,
    repeats: Annotated[
        str | None,
        typer.Option("--repeats", help="With --ceiling: repeats of each item, with commas."),
    ] = None,
    items: Annotated[
        str | None, typer.Option("--items", help="With --ceiling: numbers of items, with commas.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", help="Grouping columns, with commas; '' for all together. Default: its own."
        ),
    ] = None,
    where: options.Where = None,
    choice: options.Set = None,
    output_format: tables.Format = None,
    output: tables.Output = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help=f"Draw into a file that ends in .{', .'.join(_PICTURES)}."),
    ] = None,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Plan a study: what effect it finds how often, by simulation from a study's own patterns.

    A planned study has clusters like those of the study that is named. The table has the smallest
    effect that is found as often as --wanted, and the power of each --effect; files have the
    power. An effect is found where the interval (t) excludes none; a contrast of fewer than 100
    planned clusters is found by the sign flips that give `compare` its verdict, which find less.
    With --ceiling: what repeats of each item buy in precision of the ceiling. Example:
    foresay power data/small-models --effect 0.02,0.05 --clusters 240,480 --by n_train
    --plot power.svg
    """
    asked = {
        "--contrast": contrast,
        "--effect": effect,
        "--clusters": clusters,
        "--wanted": wanted,
        "--reference": reference,
        "--runs": runs,
    }
    _refuse_contradictions(asked, {"--repeats": repeats, "--items": items}, ceiling=ceiling)
    chosen = tables.chosen_format(output_format, output)
    picture = _picture(plot)
    shared: dict[str, Any] = {"where": where, **options.parse_choices(choice)}
    if by is not None:
        shared["by"] = by
    numbers: dict[str, Any] = {
        "clusters": _whole(clusters, "--clusters"),
        "repeats": _whole(repeats, "--repeats"),
        "items": _whole(items, "--items"),
        "effects": _decimals(effect, "--effect"),
    }
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        progress("validating")
        bench.validate()
        progress("planning")
        if ceiling:
            plan = _Plan.of_ceiling(bench, numbers, shared)
        else:
            shared |= {"contrast": contrast or "self_advantage", "reference": reference}
            shared |= {} if runs is None else {"runs": runs}
            plan = _Plan.of_power(bench, numbers, 0.8 if wanted is None else wanted, shared)
        made = None if plot is None else _drawn(plan.figure(), picture)
    content = tables.content_of(plan.table, chosen, lambda _: plan.text)
    tables.write_table(content, len(plan.table), output, quiet=quiet)
    if plot is not None and made is not None:
        from foresay.publishing.writing import write_bytes

        write_bytes(plot, made)
        if not quiet:
            typer.echo(f"a figure in {plot}", err=True)


class _Plan:
    """A plan: its tidy table, its text, and how it is drawn."""

    def __init__(self, table: pd.DataFrame, text: str, wanted: float | None = None) -> None:
        self.table = table
        self.text = text
        self._wanted = wanted

    @classmethod
    def of_ceiling(cls, bench: Workbench, numbers: dict[str, Any], asked: dict[str, Any]) -> _Plan:
        from foresay.display.plans import precision_text

        table = bench.ceiling_precision(repeats=numbers["repeats"], items=numbers["items"], **asked)
        return cls(table, precision_text(table))

    @classmethod
    def of_power(
        cls, bench: Workbench, numbers: dict[str, Any], wanted: float, asked: dict[str, Any]
    ) -> _Plan:
        from foresay.display.plans import power_text

        clusters, effects = numbers["clusters"], numbers["effects"]
        detectable = bench.minimum_detectable_effect(clusters=clusters, wanted=wanted, **asked)
        if effects is None and detectable["reference"].isna().all():
            return cls(detectable, power_text(detectable))
        table = bench.power(clusters=clusters, effects=effects, **asked)
        return cls(table, power_text(detectable, table), wanted)

    def figure(self) -> Figure:
        """Return its figure."""
        from foresay.figures import plot_ceiling_precision, plot_power

        if "repeats" in self.table:
            return plot_ceiling_precision(self.table)
        if self._wanted is None:
            raise ChoiceError(
                "--plot draws the power to find an effect, and nothing is named that the estimand "
                "is held against; say --reference"
            )
        return plot_power(self.table, wanted=self._wanted)


def _refuse_contradictions(
    power: dict[str, Any], ceiling_only: dict[str, Any], *, ceiling: bool
) -> None:
    said, other = (power, "--ceiling") if ceiling else (ceiling_only, "")
    named = [name for name, value in said.items() if value is not None]
    if named and other:
        raise ChoiceError(
            f"{named[0]} and {other} contradict each other: --ceiling plans repeats, with "
            "--repeats and --items"
        )
    if named:
        raise ChoiceError(f"{named[0]} is for the ceiling; say --ceiling too, or leave it out")


def _whole(text: str | None, option: str) -> list[int] | None:
    return None if text is None else [int(n) for n in _numbers(text, option, int, "whole numbers")]


def _decimals(text: str | None, option: str) -> list[float] | None:
    return None if text is None else _numbers(text, option, float, "numbers")


def _numbers(text: str, option: str, kind: type, what: str) -> list[Any]:
    """Read numbers with commas between them, each once."""
    try:
        numbers = list(dict.fromkeys(kind(part) for part in text.split(",") if part.strip()))
    except ValueError:
        numbers = []
    if not numbers:
        raise ChoiceError(f"{option} takes {what} with commas between them; got {text!r}")
    return numbers


def _picture(plot: Path | None) -> str:
    """Return the format of a picture by the ending of its name."""
    if plot is None:
        return ""
    if plot.is_dir():
        raise OutputError(f"'{plot}' is a folder, and a file is to be written; name a file")
    ending = plot.suffix.lower().removeprefix(".")
    if ending not in _PICTURES:
        raise ChoiceError(
            f"the ending of {str(plot)!r} names no picture that foresay draws; end it in one of "
            f".{', .'.join(_PICTURES)}"
        )
    return ending


def _drawn(figure: Figure, picture: str) -> bytes:
    if picture == "pdf":
        return figure.pdf()
    if picture == "png":
        return figure.png()
    if picture == "html":
        return _page(figure).encode()
    return (figure.svg() if picture == "svg" else figure.vega_lite()).encode()


def _page(figure: Figure) -> str:
    """Return the figure as a page of its own, its caption below."""
    from foresay.display import escape_html
    from foresay.figures import PAGE
    from foresay.publishing.engines.security import with_policy

    PAGE.start()
    title = escape_html(figure.question)
    return with_policy(
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"</head><body><h1>{title}</h1>{figure.html()}<p>{escape_html(figure.caption)}</p>"
        "</body></html>\n"
    )
