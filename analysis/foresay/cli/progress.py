"""What a command is doing, on the terminal, while it does it; and what came of it."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

import typer


class OutcomeFormat(StrEnum):
    """How the outcome is printed."""

    text = "text"
    json = "json"


Outcome: TypeAlias = Annotated[
    OutcomeFormat, typer.Option("--format", help="text, or json for a machine.")
]


INTERRUPTED = threading.Event()
"""Set by Ctrl-C. A library may lose the exception of it, and then the next step raises another."""


@contextmanager
def steps(*, quiet: bool, log: bool = True) -> Iterator[Callable[[str], None]]:
    """Give a function that says the present step: one changing line, or lines in a log.

    Parameters
    ----------
    quiet : bool
        Say nothing.
    log : bool
        Whether the steps are said where no terminal shows them; not with tables and JSON.
    """
    terminal = sys.stderr.isatty()
    if quiet or not (terminal or log):
        yield _heeding(lambda _: None)
    elif not terminal:
        yield _heeding(lambda step: print(f"foresay: {step}", file=sys.stderr, flush=True))
    else:
        from rich.console import Console
        from rich.markup import escape

        with Console(stderr=True).status("starting") as status:
            yield _heeding(lambda step: status.update(escape(step)))


def _heeding(say: Callable[[str], None]) -> Callable[[str], None]:
    def step(text: str) -> None:
        if INTERRUPTED.is_set():
            raise KeyboardInterrupt
        say(text)

    return step


def finish(text: str, machine: dict[str, Any], outcome: OutcomeFormat, *, quiet: bool) -> None:
    """Say what was made and where it is: the last lines of a command, or all of them as JSON."""
    if outcome is OutcomeFormat.json:
        typer.echo(json.dumps(machine, indent=1, ensure_ascii=False))
    elif not quiet:
        typer.echo(text)
