"""What a command is doing, on the terminal, while it does it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps(*, quiet: bool, log: bool = True) -> Iterator[Callable[[str], None]]:
    """Give a function that says the present step: one changing line, or lines in a log.

    Parameters
    ----------
    quiet : bool
        Say nothing.
    log : bool
        Whether the steps are said where no terminal shows them.
    """
    terminal = sys.stderr.isatty()
    if quiet or not (terminal or log):
        yield lambda _: None
    elif not terminal:
        yield lambda step: print(f"foresay: {step}", file=sys.stderr, flush=True)
    else:
        from rich.console import Console

        with Console(stderr=True).status("starting") as status:
            yield status.update
