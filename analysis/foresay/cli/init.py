"""`foresay init`: a study to begin with, which renders at once."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import Outcome, OutcomeFormat, finish, steps
from foresay.errors import ChoiceError


def _folder(text: str) -> Path:
    """Return the folder that was named.

    Raises
    ------
    ChoiceError
        It has no name, or one that commands would read as an option.
    """
    if not text.strip():
        raise ChoiceError("init needs the name of a folder; got an empty one, say . for this one")
    if text.startswith("-"):
        raise ChoiceError(
            f"{text!r} starts as an option does, and later commands would not know it for a "
            f"folder; choose another name, or say ./{text}"
        )
    return Path(text)


def init(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A folder that is empty or not there yet.", parser=_folder, metavar="<folder>"
        ),
    ],
    *,
    output_format: Outcome = OutcomeFormat.text,
    quiet: options.Quiet = False,
) -> None:
    """Begin a study: a study.yml with remarks, simulated data, a page of your own, a README.

    It renders at once, and every page says that the data are simulated. Nothing is written over.
    Example: foresay init my-study, then foresay render my-study
    """
    with steps(quiet=quiet, log=False) as progress:
        progress("simulating data")
        from foresay.publishing.new_study import new_study

        made = new_study(folder)
    finish(
        f"A study with simulated data is in {folder}; begin with {folder / 'README.md'}, or with\n"
        f"  foresay render {shlex.quote(str(folder))}",
        {"folder": str(folder), "files": made},
        output_format,
        quiet=quiet,
    )
