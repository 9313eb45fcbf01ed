"""The Python that becomes a report's kernel, started before what talks to kernels is imported.

Both import for about as long, and so they do it at the same time.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from foresay.errors import ReportError

LONGEST_SOCKET = 90
"""Characters of a path; the system allows 104 to 108, of which a number takes some."""
# as ipykernel_launcher does it: imports do not look into the working folder, cells do
_BECOME = """
import sys
if sys.path[0] == "":
    del sys.path[0]
import importlib, json
from ipykernel import kernelapp
for name in sys.argv[1:]:
    importlib.import_module(name)
told = sys.stdin.readline()
if told:
    sys.argv = ["ipykernel_launcher", *json.loads(told)]
    kernelapp.launch_new_instance()
"""


@contextlib.contextmanager
def interpreter(
    folder: Path, env: Mapping[str, str], ready: str = ""
) -> Iterator[subprocess.Popen[str]]:
    """Start a Python that waits to become a kernel, and end it with the block.

    Parameters
    ----------
    folder
        Its working folder.
    env
        All of its environment.
    ready
        A module that it imports before it takes its first cell; "" for none.

    Raises
    ------
    ReportError
        The system does not start it.
    """
    command = [sys.executable, "-c", _BECOME, *filter(None, [ready])]
    try:
        process = subprocess.Popen(  # noqa: S603 (the running interpreter, no shell)
            command,
            cwd=folder,
            env={**env, "JPY_PARENT_PID": str(os.getpid())},
            stdin=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # so that Ctrl-C reaches the caller alone, who ends it
        )
    except OSError as error:
        raise ReportError(f"Python could not be started for the report: {error}") from None
    try:
        yield process
    finally:
        process.kill()  # nothing happens where it ended
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def kernel_folder() -> str | None:
    """Name the folder for what a kernel needs: one with a path short enough for its sockets.

    Ports are the way out where sockets cannot be, and another program may take one between the
    time that it was found free and the time that it is used.
    """
    usual = len(tempfile.gettempdir()) < LONGEST_SOCKET - 40  # its own name comes after
    short = Path("/tmp")  # noqa: S108 (the folder made in it is private)
    return str(short) if not usual and os.access(short, os.W_OK | os.X_OK) else None
