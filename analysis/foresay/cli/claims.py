"""`foresay claims`: entries of the ledger, proposed from a study's numbers."""

from __future__ import annotations

import math
from typing import Annotated, Any

import typer

from foresay.cli import options
from foresay.cli.check import ClaimsFile
from foresay.cli.progress import Outcome, OutcomeFormat, finish, steps
from foresay.errors import ChoiceError

claims = typer.Typer(
    help="Entries of the ledger claims.yml.", no_args_is_help=True, rich_markup_mode=None
)


@claims.callback()
def _group() -> None:
    """Entries of the ledger claims.yml."""


@claims.command()
def new(
    study: options.Study = options.HERE,
    *,
    of: Annotated[str, typer.Option("--of", help="Estimand, or comparison by name.")],
    at: Annotated[
        list[str] | None,
        typer.Option("--at", help="column=value of its row: --at predictor=m. Repeatable."),
    ] = None,
    arm: Annotated[
        list[str] | None,
        typer.Option("--arm", help="SQL condition on trials; twice, for a paired difference."),
    ] = None,
    where: options.Where = None,
    choice: options.Set = None,
    name: Annotated[str, typer.Option("--id", help="Id; default: from what it is of.")] = "",
    sentence: Annotated[str, typer.Option("--sentence", help="How the paper says it.")] = "",
    append: Annotated[
        bool, typer.Option("--append", help="Add it to the end of the ledger.")
    ] = False,
    ledger: ClaimsFile = None,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    output_format: Outcome = OutcomeFormat.text,
    quiet: options.Quiet = False,
) -> None:
    """Propose a claim from a number of the study: print it, or add it to the ledger.

    Example: foresay claims new data/small-models --of self_advantage --at n_train=1000
    """
    from foresay.claims.ledger import FILE, ledger_text
    from foresay.claims.proposing import appended, as_yaml, propose

    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        progress("computing")
        asked = {"at": _pairs(at), "arms": arm, "where": where}
        chosen = options.parse_choices(choice)
        made = propose(bench, of, name=name, sentence=sentence, **asked, choices=chosen)
    machine = {"claims": {key: one.model_dump(exclude_unset=True) for key, one in made.items()}}
    if not append:
        finish(as_yaml(made).rstrip("\n"), machine, output_format, quiet=False)
        return
    from foresay.publishing.writing import write_text

    path = ledger or options.study_file(study).parent / FILE
    before = ledger_text(path)
    write_text(path, appended(before, made, path))
    told = f"{', '.join(made)} is in {path}"
    finish(told, {**machine, "file": str(path)}, output_format, quiet=quiet)


def _pairs(texts: list[str] | None) -> dict[str, Any]:
    """Read ``column=value`` pairs; values are compared as text."""
    found = {}
    for text in texts or []:
        column, equals, value = text.partition("=")
        if not equals or not column.strip():
            raise ChoiceError(f"--at takes column=value, such as predictor=m; got {text!r}")
        if column.strip() in found:
            raise ChoiceError(f"--at names the column {column.strip()!r} twice; leave one out")
        found[column.strip()] = _value(value.strip())
    return found


def _value(text: str) -> str | int | float:
    try:
        return int(text)
    except ValueError:
        try:
            number = float(text)
        except ValueError:
            return text
        return number if math.isfinite(number) else text
