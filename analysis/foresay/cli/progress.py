"""What a command is doing, on the terminal, while it does it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Give a function that says the present step: one changing line, or lines in a log.

    Parameters
    ----------
    quiet : bool
        Say nothing.
    """
    if quiet:
        yield lambda _: None
        return
    if not sys.stderr.isatty():
        yield lambda step: print(f"foresay: {step}", file=sys.stderr)
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("starting") as status:
        yield status.update
