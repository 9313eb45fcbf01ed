"""Files and folders that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from foresay.errors import OutputError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def write_text(path: Path, text: str) -> None:
    """Write a file as UTF-8 with the line ends that `text` has; see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole, or leave what was there before.

    Parameters
    ----------
    path : Path
        The file; its folder must exist. A link is followed; a pipe is written to directly.
    data : bytes
        What it holds afterwards.

    Raises
    ------
    OutputError
        The disk is full, the folder is missing or may not be written to.
    """
    with staged_file(path) as partial, explained(path):
        partial.write_bytes(data)


@contextmanager
def staged_file(path: Path) -> Iterator[Path]:
    """Give a hidden sibling to write to; move it into place when the block ends well.

    For libraries that write to a path themselves. The sibling's name ends as that of `path` does,
    so they choose the same format and compression.

    Parameters
    ----------
    path : Path
        The file that is there afterwards; an earlier one is replaced in one step.

    Yields
    ------
    Path
        Where to write instead.

    Raises
    ------
    OutputError
        The disk is full, the folder is missing or may not be written to.
    """
    if path.exists() and not path.is_file():
        if path.is_dir():
            raise OutputError(f"'{path}' is a folder, and a file is to be written; name a file")
        yield path  # a pipe or a device such as standard output cannot be replaced
        return
    final = path.resolve()
    if not final.parent.is_dir():
        raise OutputError(
            f"cannot write '{path}': the folder '{path.parent}' does not exist; create it first"
        )
    partial = _sibling(final, "partial")
    with _termination_raises():
        try:
            with explained(path):
                clear_leftovers(final)
            with explained(path, inside=partial):
                yield partial
            with explained(path):
                _to_disk(partial)
                partial.replace(final)
                _to_disk(final.parent)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


@contextmanager
def staged_folder(final: Path, *, replace: bool = True) -> Iterator[Path]:
    """Give a hidden sibling folder to fill; move it into place when the block ends well.

    Until the one rename at the end nothing is seen under the final name. When the block raises, or
    the process is interrupted or terminated, the sibling is removed and an earlier folder stays as
    it is; what a killed process left behind is removed by the next call. An earlier folder steps
    aside by a rename just before; were the process killed between these two renames, the next call
    moves it back first.

    Parameters
    ----------
    final : Path
        The folder that is there afterwards. Folders above it are created.
    replace : bool
        Whether an earlier folder of that name may be replaced.

    Yields
    ------
    Path
        The empty folder to fill, beside `final`.

    Raises
    ------
    OutputError
        The disk is full, a folder may not be written to, or `final` is there and may not be
        replaced.
    """
    with explained(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        clear_leftovers(final)
        stage = _sibling(final, "partial")
        stage.mkdir()
    with _termination_raises():
        try:
            with explained(final, inside=stage):
                yield stage
            with explained(final):
                with ThreadPoolExecutor() as pool:  # a disk takes many at once
                    for folder, _, files in os.walk(stage):
                        deque(pool.map(_to_disk, [Path(folder, name) for name in files]), 0)
                        _to_disk(Path(folder))
                _move_into_place(stage, final, replace=replace)
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def clear_leftovers(final: Path) -> None:
    """Remove what killed processes left beside `final`, and move back a folder they moved aside."""
    pattern = re.compile(rf"\.(partial|replaced)-(\d+)-{re.escape(final.name)}")
    for sibling in sorted(final.parent.iterdir()) if final.parent.is_dir() else []:
        found = pattern.fullmatch(sibling.name)
        if found is None or _runs(int(found[2])):
            continue
        if found[1] == "replaced" and not final.exists():
            sibling.rename(final)
        elif sibling.is_dir():
            shutil.rmtree(sibling, ignore_errors=True)
        else:
            sibling.unlink(missing_ok=True)


def _sibling(final: Path, what: str) -> Path:
    return final.with_name(f".{what}-{os.getpid()}-{final.name}")


@contextmanager
def explained(path: Path, *, inside: Path | None = None) -> Iterator[None]:
    """Turn the system's errors of writing into an `OutputError` that names `path`.

    Parameters
    ----------
    path : Path
        What the message names.
    inside : Path, optional
        Only errors about this file or folder are turned, besides those of a full disk; others,
        such as an input that cannot be read, pass.
    """
    try:
        yield
    except OSError as error:
        if inside is not None and error.errno not in _FULL and not _is_about(error, inside):
            raise
        raise OutputError(_reason(path, error)) from error


def _is_about(error: OSError, folder: Path) -> bool:
    if not isinstance(error.filename, str | bytes | os.PathLike):
        return False  # no name, or the number of an open file
    return Path(os.fsdecode(error.filename)).absolute().is_relative_to(folder.absolute())


def _reason(path: Path, error: OSError) -> str:
    if error.errno in _FULL:
        why = "the disk is full (or your quota is used up); free some space and run it again"
    elif error.errno in _FORBIDDEN:
        why = (
            f"you may not write in '{path.parent}'; make it writable, or work on a copy of the "
            "study in a folder of your own"
        )
    else:
        why = f"{error.strerror or error}"
    return f"cannot write '{path}': {why}. Nothing was half-written"


def _move_into_place(stage: Path, final: Path, *, replace: bool) -> None:
    if not os.path.lexists(final):
        stage.rename(final)
    elif not replace or not final.is_dir():
        raise OutputError(f"'{final}' is there already and is not replaced; move it away first")
    else:
        aside = _sibling(final, "replaced")
        try:
            final.rename(aside)
            stage.rename(final)
        except BaseException:
            if aside.exists() and not final.exists():
                aside.rename(final)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    _to_disk(final.parent)


def _to_disk(path: Path) -> None:
    """Put a file or folder on the disk now, so that a rename never outruns its content."""
    if os.name == "nt":
        return  # it opens no folders, and flushes no file that is open for reading only
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system without fsync for folders
            raise
    finally:
        os.close(descriptor)


def _runs(process: int) -> bool:
    """Whether another process of that id runs; always yes on Windows, where asking would end it."""
    if process == os.getpid():
        return False
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _termination_raises() -> Iterator[None]:
    """Let a request to end (SIGTERM, SIGHUP) run the clean-up, as Ctrl-C does."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signals = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers
        return
    earlier = {number: signal.getsignal(number) for number in signals}
    for number, handler in earlier.items():
        if handler is signal.SIG_DFL:
            signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in earlier.items():
            if handler is signal.SIG_DFL:
                signal.signal(number, handler)
