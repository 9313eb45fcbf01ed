"""One run at a time in a folder of versions."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foresay.errors import OutputError
from foresay.publishing.writing import explained


@contextmanager
def only_run(folder: Path, doing: str) -> Iterator[None]:
    """Hold a folder for the length of a block; the system lets go of it when the process ends.

    Parameters
    ----------
    folder : Path
        Created if missing; holds the file ``.lock`` afterwards.
    doing : str
        What this run does, such as ``rendering version 1.0``; another run's message says it.

    Raises
    ------
    OutputError
        Another run holds the folder (the message names it), or the folder may not be written to.
    """
    from filelock import FileLock, Timeout

    lock_file = folder / ".lock"
    with explained(lock_file):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(lock_file, blocking=False)
        try:
            lock.acquire()
        except Timeout:
            raise OutputError(
                f"{_other(lock_file)} in '{folder}'; wait until it ends, then run this again"
            ) from None
    try:
        with explained(lock_file):
            owner = {"doing": doing, "host": socket.gethostname(), "process": os.getpid()}
            _owner_file(lock_file).write_text(json.dumps(owner), encoding="utf-8")
        yield
    finally:
        _owner_file(lock_file).unlink(missing_ok=True)
        lock.release()


def _owner_file(lock_file: Path) -> Path:
    # Beside the lock, not in it: on Windows nobody else may read a locked file.
    return lock_file.with_name(".lock-owner.json")


def _other(lock_file: Path) -> str:
    try:
        owner = json.loads(_owner_file(lock_file).read_text(encoding="utf-8"))
        host = "" if owner["host"] == socket.gethostname() else f" on {owner['host']}"
        return f"another run (process {owner['process']}{host}) is {owner['doing']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another run is at work"
