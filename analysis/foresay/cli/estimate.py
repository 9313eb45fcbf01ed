"""`foresay estimate`: estimates with intervals, as a table on the terminal or in a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foresay.cli import options
from foresay.cli.progress import steps
from foresay.errors import ChoiceError, OutputError

if TYPE_CHECKING:
    import pandas as pd

    from foresay.workbench import Workbench


class TableFormat(StrEnum):
    """How estimates are written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def estimate(
    study: options.Study = options.HERE,
    *,
    estimand: Annotated[
        str,
        typer.Option(
            "--estimand",
            "-e",
            help="One or more, with commas: accuracy, compliance, compliance_behaviour, "
            "baseline_mode, advantage, ceiling_resample, normalized_accuracy, agreement_raw, "
            "agreement_answer, self_advantage or another declared contrast.",
        ),
    ] = "accuracy",
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            help="Grouping columns, with commas; '' for all together. Default: predictor,target; "
            "a contrast has its own.",
        ),
    ] = None,
    where: options.Where = None,
    choice: options.Set = None,
    output_format: Annotated[
        TableFormat | None,
        typer.Option("--format", help="Default: the ending of -o, else table."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Estimate with intervals, for each group.

    The format follows the ending of -o where --format is not given. Example: foresay estimate
    data/small-models -e accuracy,baseline_mode --by predictor --where "temperature = 0"
    --set compliance=ignore -o accuracy.csv
    """
    if output is not None and output.is_dir():
        raise OutputError(f"'{output}' is a folder, and a file is to be written; name a file")
    chosen = output_format or _format_of(output)
    if chosen is TableFormat.parquet and output is None:
        raise ChoiceError("parquet goes to a file; name one with -o")
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        progress("validating")
        bench.validate()
        progress("estimating")
        frame = _estimated(bench, estimand, by, where, options.parse_choices(choice))
    if frame.empty:
        condition = f" that satisfies {where!r}" if where else ""
        raise ChoiceError(f"there is nothing to estimate: the study has no trial{condition}")
    if output is None and chosen is TableFormat.table:
        from foresay.display.terminal import print_estimates

        print_estimates(frame)
        return
    content = _content(frame, chosen)
    if output is None:
        typer.echo(content.decode("utf-8"), nl=False)
        return
    from foresay.publishing.writing import write_bytes

    write_bytes(output, content)
    if not quiet:
        rows = "1 row" if len(frame) == 1 else f"{len(frame)} rows"
        typer.echo(f"{rows} in {output}", err=True)


def _estimated(
    bench: Workbench, estimand: str, by: str | None, where: str | None, choices: dict[str, Any]
) -> pd.DataFrame:
    """Estimate by the columns asked for; without any, each estimand by its own."""
    if by is not None:
        return bench.estimate(estimand, by=by, where=where, **choices)
    from foresay.comparisons.contrasts import known_contrasts
    from foresay.estimation.table import stacked

    names = [name.strip() for name in estimand.split(",") if name.strip()]
    contrasts = [name for name in names if name in known_contrasts(bench.study)]
    measured = [name for name in names if name not in contrasts]
    parts = [bench.contrast(name, where=where, **choices) for name in contrasts]
    if measured:
        parts.insert(0, bench.estimate(measured, by="predictor,target", where=where, **choices))
    return stacked(parts)


_ENDINGS = {
    ".csv": TableFormat.csv,
    ".json": TableFormat.json,
    ".parquet": TableFormat.parquet,
    ".txt": TableFormat.table,
}


def _format_of(output: Path | None) -> TableFormat:
    """Take the format from the ending of a file's name."""
    if output is None:
        return TableFormat.table
    ending = output.suffix.lower()
    if ending not in _ENDINGS:
        raise ChoiceError(
            f"the ending of {str(output)!r} names no format that foresay writes; end it in one of "
            f"{', '.join(_ENDINGS)}, or say --format"
        )
    return _ENDINGS[ending]


def _content(frame: pd.DataFrame, chosen: TableFormat) -> bytes:
    if chosen is TableFormat.json:
        import json

        text = frame.to_json(orient="records", double_precision=15)
        return (json.dumps(json.loads(text or "[]"), indent=1, ensure_ascii=False) + "\n").encode()
    if chosen is TableFormat.parquet:
        import io

        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        return buffer.getvalue()
    if chosen is TableFormat.csv:
        from foresay.display.layout import csv_text

        return csv_text(frame).encode()
    from foresay.display.terminal import estimates_text

    return estimates_text(frame).encode()
