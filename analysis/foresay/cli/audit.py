"""`foresay audit`: whether the numbers of a printed table fit each other."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import steps
from foresay.cli.report_formats import ReportFormat, by_ending
from foresay.errors import ChoiceError, OutputError

_NAMES = ("model", "name", "predictor", "id")


class Rounding(StrEnum):
    """How numbers were rounded."""

    nearest = "nearest"
    half_up = "half_up"
    half_even = "half_even"
    truncation = "truncation"


class Intervals(StrEnum):
    """Which intervals are printed."""

    any = "any"
    normal = "normal"
    logit = "logit"


class Errors(StrEnum):
    """Whether printed errors are those of independent items."""

    auto = "auto"
    binomial = "binomial"
    other = "other"


def audit(
    table: Annotated[
        Path, typer.Argument(help="CSV, TSV, JSON, JSON lines or Parquet.", show_default=False)
    ],
    *,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="What a column is: --map acc=value. Of sums: difference, minuend and subtrahend, "
            "or complement for every part of a whole; k for the number of right items. Repeatable.",
        ),
    ] = None,
    relations: Annotated[
        Path | None,
        typer.Option(help="A table of claims: id, terms (such as 'a > b') and, if wanted, margin."),
    ] = None,
    registry: Annotated[
        Path | None, typer.Option(help="A table of models; labels have to be in its column model.")
    ] = None,
    promised: Annotated[
        Path | None, typer.Option(help="A table of labels, one row for each arm that was promised.")
    ] = None,
    same_items: Annotated[
        list[str] | None,
        typer.Option(help="A column whose values are arms with the same items. Repeatable."),
    ] = None,
    same_labels: Annotated[
        bool, typer.Option("--same-labels", help="Rows with the same labels are one measurement.")
    ] = False,
    rounding: Annotated[
        Rounding, typer.Option(help="How numbers were rounded.")
    ] = Rounding.nearest,
    interval: Annotated[
        Intervals, typer.Option(help="Which intervals are printed.")
    ] = Intervals.any,
    errors: Annotated[
        Errors, typer.Option(help="Whether errors are those of independent items.")
    ] = Errors.auto,
    parts: Annotated[
        int, typer.Option(min=1, help="Parts of a point; 2 where ties are split.")
    ] = 1,
    output_format: Annotated[
        ReportFormat | None,
        typer.Option("--format", help="Default: the ending of -o (.html, .json), else text."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    quiet: options.Quiet = False,
) -> None:
    """Check a table of printed numbers against itself; no other data are needed.

    Exits with 1 when numbers do not fit each other or a claim is contradicted, with 2 when a file
    cannot be read. Example: foresay audit results.csv --map acc=value -o audit.html
    """
    if output is not None and output.is_dir():
        raise OutputError(f"'{output}' is a folder, and a file is to be written; name a file")
    from foresay.claims import Premises
    from foresay.claims import audit as check
    from foresay.claims.audit_words import headline, text

    chosen = output_format or by_ending(output)
    with steps(quiet=quiet, log=False) as progress:
        progress(f"reading {table.name}")
        found = check(
            table,
            _roles(mapping),
            claims=relations,
            premises=Premises(
                rounding=rounding.value,
                interval=interval.value,
                errors=errors.value,
                parts=parts,
                same_items=tuple(same_items or ()),
                same_labels=same_labels,
                models=None if registry is None else _models(registry),
                promised=None if promised is None else _arms(promised),
            ),
        )
    if quiet and output is None and found.exit_code == 0:
        raise typer.Exit(code=0)
    if chosen is ReportFormat.json:
        said = found.to_json()
    elif chosen is ReportFormat.html:
        from foresay.claims.audit_page import html_page

        said = html_page(found, f"Audit of {table.name}")
    else:
        said = text(found)
    if output is not None:
        from foresay.publishing.writing import write_text

        write_text(output, said)
        if not quiet:
            typer.echo(f"{headline(found)}; all of it is in {output}", err=True)
    else:
        typer.echo(said, nl=False)
    raise typer.Exit(code=found.exit_code)


def _roles(pairs: list[str] | None) -> dict[str, str]:
    """Read ``column=role`` pairs; a column's name may hold an equals sign itself.

    Raises
    ------
    ChoiceError
        A pair has no equals sign, or a column stands there twice.
    """
    roles: dict[str, str] = {}
    for pair in pairs or []:
        column, equals, role = pair.rpartition("=")
        if not equals or not column or not role.strip():
            raise ChoiceError(f"--map takes column=role, such as acc=value; got {pair!r}")
        if column in roles:
            raise ChoiceError(f"--map names the column {column!r} twice; leave one out")
        roles[column] = role.strip()
    return roles


def _models(registry: Path) -> tuple[str, ...]:
    """Return the names of models: of the column that is called so, or of the only one."""
    from foresay.claims import read_rows

    rows = read_rows(registry)
    columns = list(rows[0]) if rows else []
    column = next((name for name in _NAMES if name in columns), columns[0] if columns else "")
    if not column or (len(columns) > 1 and column not in _NAMES):
        raise ChoiceError(
            f"'{registry}' has no column of models; call one of its columns model and give it a "
            "row a model"
        )
    return tuple(dict.fromkeys(row[column].strip() for row in rows if row[column].strip()))


def _arms(promised: Path) -> tuple[dict[str, str], ...]:
    from foresay.claims import read_rows

    arms = [{name: cell for name, cell in row.items() if cell} for row in read_rows(promised)]
    return tuple(arm for arm in arms if arm)
