"""The Python that becomes a report's kernel, started before it is known what it is to do.

What talks to kernels imports for about as long as a kernel does, so they do it at the same time.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foresay.errors import ReportError

LONGEST_SOCKET = 90
"""Characters of a path; the system allows 104 to 108, of which a number takes some."""
_FROM_THE_START = {"PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
# as ipykernel_launcher does it: imports do not look into the working folder, cells do
_BECOME = """
import sys
if sys.path[0] == "":
    del sys.path[0]
import gc, importlib, json, os
gc.set_threshold(50_000, 20, 20)
from ipykernel import kernelapp
told = sys.stdin.readline()
if told:
    told = json.loads(told)
    os.chdir(told["folder"])
    os.environ.update(told["env"])
    for name in told["ready"]:
        importlib.import_module(name)
    told = sys.stdin.readline()
if told:
    sys.argv = ["ipykernel_launcher", *json.loads(told)]
    kernelapp.launch_new_instance()
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that waits to be told where it is, and then what kernel it is.

    Parameters
    ----------
    process
        It ends by itself where its standard input does before it was told both.
    """

    process: subprocess.Popen[str]

    def prepare(self, folder: Path, env: Mapping[str, str], ready: Sequence[str] = ()) -> None:
        """Give it its working folder, further environment variables, and modules to import."""
        self._tell({"folder": str(folder), "env": dict(env), "ready": list(ready)})

    def become(self, arguments: Sequence[str]) -> None:
        """Make it the kernel with these arguments; nothing more can be told it."""
        self._tell(list(arguments))
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()

    def _tell(self, what: object) -> None:
        with contextlib.suppress(OSError):  # where it ended, whoever waits for it sees its code
            print(json.dumps(what), file=self.process.stdin, flush=True)


@contextlib.contextmanager
def interpreter() -> Iterator[Interpreter]:
    """Start a Python that waits to become a kernel, and end it with the block.

    Raises
    ------
    ReportError
        The system does not start it.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 (the running interpreter, no shell)
            [sys.executable, "-c", _BECOME],
            env={**os.environ, **_FROM_THE_START, "JPY_PARENT_PID": str(os.getpid())},
            stdin=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # so that Ctrl-C reaches the caller alone, who ends it
        )
    except OSError as error:
        raise ReportError(f"Python could not be started for the report: {error}") from None
    try:
        yield Interpreter(process)
    finally:
        process.kill()  # nothing happens where it ended
        process.wait()
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()


def kernel_folder() -> str | None:
    """Name the folder for what a kernel needs: one with a path short enough for its sockets.

    Ports are the way out where sockets cannot be, and another program may take one between the
    time that it was found free and the time that it is used.
    """
    usual = len(tempfile.gettempdir()) < LONGEST_SOCKET - 40  # its own name comes after
    short = Path("/tmp")  # noqa: S108 (the folder made in it is private)
    return str(short) if not usual and os.access(short, os.W_OK | os.X_OK) else None
