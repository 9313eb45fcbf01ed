"""Tables as files: the formats that commands write, and how the ending of a file names one."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from foresay.errors import ChoiceError, OutputError

if TYPE_CHECKING:
    import pandas as pd


class TableFormat(StrEnum):
    """How tables are written."""

    text = "text"
    html = "html"
    latex = "latex"
    markdown = "markdown"
    csv = "csv"
    json = "json"
    parquet = "parquet"


Format: TypeAlias = Annotated[
    TableFormat | None,
    typer.Option("--format", help="Default: the ending of -o, else text."),
]
Output: TypeAlias = Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")]

_ENDINGS = {
    ".csv": TableFormat.csv,
    ".html": TableFormat.html,
    ".json": TableFormat.json,
    ".md": TableFormat.markdown,
    ".parquet": TableFormat.parquet,
    ".tex": TableFormat.latex,
    ".txt": TableFormat.text,
}


def chosen_format(wanted: TableFormat | None, output: Path | None) -> TableFormat:
    """Return the format that is asked for, or that the ending of a file names.

    Raises
    ------
    OutputError
        The file is a folder.
    ChoiceError
        The ending names no format or another one, or Parquet has no file.
    """
    if output is not None and output.is_dir():
        raise OutputError(f"'{output}' is a folder, and a file is to be written; name a file")
    chosen = wanted or _format_of(output)
    if output is not None and _ENDINGS.get(output.suffix.lower(), chosen) is not chosen:
        raise ChoiceError(
            f"'{output}' is to be {chosen}, and its ending says {_format_of(output)}; change one"
        )
    if chosen is TableFormat.parquet and output is None:
        raise ChoiceError("parquet goes to a file; name one with -o")
    return chosen


def _format_of(output: Path | None) -> TableFormat:
    if output is None:
        return TableFormat.text
    ending = output.suffix.lower()
    if ending not in _ENDINGS:
        raise ChoiceError(
            f"the ending of {str(output)!r} names no format that foresay writes; end it in one of "
            f"{', '.join(_ENDINGS)}, or say --format"
        )
    return _ENDINGS[ending]


def content_of(
    frame: pd.DataFrame, chosen: TableFormat, as_text: Callable[[pd.DataFrame], str]
) -> bytes:
    """Return a table in a format; `as_text` makes the one for a terminal."""
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
    if chosen is TableFormat.text:
        return as_text(frame).encode()
    from foresay.display.printed import printed_table

    table = printed_table(frame)
    ways = {TableFormat.html: table.page, TableFormat.latex: table.latex}
    return ways.get(chosen, table.markdown)().encode()


def write_table(content: bytes, rows: int, output: Path | None, *, quiet: bool) -> None:
    """Write a table to a file, and say so; without a file, to the terminal."""
    if output is None:
        typer.echo(content.decode("utf-8"), nl=False)
        return
    from foresay.publishing.writing import write_bytes

    write_bytes(output, content)
    if not quiet:
        typer.echo(f"{'1 row' if rows == 1 else f'{rows} rows'} in {output}", err=True)
