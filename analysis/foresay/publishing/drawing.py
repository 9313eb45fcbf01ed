"""Drawing in a process of its own: figures are drawn while the next analysis is computed.

The library that draws holds Python's lock while it works, so a thread would gain nothing. The
process is a fresh interpreter that runs this file as a module. It reads jobs, each an analysis
and its table, from its standard input until that is closed, and writes the figures of each into a
folder; it ends with its parent, because its input ends then.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

import pandas as pd

import foresay
from foresay.errors import ReportError, UnsupportedError
from foresay.publishing.drawn import LEFT_OUT, SCRIPT, words_file

if TYPE_CHECKING:
    from foresay.figures.page import Page


class Drawer:
    """A process that draws into a folder. Use it as a context: leaving early ends the process.

    Parameters
    ----------
    folder : Path
        Takes the files of each figure, what `Drawn` shows it from, and `left-out.json`: figures
        that could not be drawn, and why.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._complaints = folder / "complaints.txt"
        source = str(Path(foresay.__file__).resolve().parents[1])
        paths = [source, *filter(None, [os.environ.get("PYTHONPATH")])]
        with self._complaints.open("wb") as complaints:
            self._process = subprocess.Popen(  # noqa: S603  # this interpreter, our own module
                [sys.executable, "-P", "-m", "foresay.publishing.drawing", str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0"},
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._process.kill()
        with suppress(OSError):
            self._input.close()
        self._process.wait()

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None  # noqa: S101  # it was opened with a pipe
        return self._process.stdin

    def draw(self, analysis: str, table: pd.DataFrame) -> None:
        """Draw the figures of an analysis, by and by."""
        try:
            pickle.dump((analysis, table), self._input)
            self._input.flush()
        except OSError:
            self.finish()  # it has ended; says why
            raise

    def finish(self) -> None:
        """Wait until everything is drawn.

        Raises
        ------
        ReportError
            A figure could not be drawn.
        """
        with suppress(OSError):
            self._input.close()
        if self._process.wait() != 0:
            said = self._complaints.read_text(encoding="utf-8", errors="replace").strip()
            reason = said.splitlines()[-1] if said else f"exit code {self._process.returncode}"
            raise ReportError(f"the figures could not be drawn: {reason}")


def draw_all(jobs: IO[bytes], folder: Path) -> None:
    """Draw the figures of every job until there are no more."""
    from altair.utils.schemapi import disable_debug_mode

    import foresay.publishing.illustrations  # noqa: F401  # while the first table is computed
    from foresay.figures.page import Page

    disable_debug_mode()  # it checks every part of a chart; the tests do so for the whole
    page = Page()
    with_script, without = (page.figure("", "", {}, interactive=True) for _ in range(2))
    script = with_script.removesuffix(without)  # what the first figure of a page brings along
    (folder / SCRIPT).write_text(script, encoding="utf-8", newline="")
    left_out: dict[str, str] = {}
    while True:
        try:
            analysis, table = pickle.load(jobs)  # noqa: S301  # written by the parent
        except EOFError:
            break
        left_out |= _draw(analysis, table, folder, page)
    (folder / LEFT_OUT).write_text(json.dumps(left_out), encoding="utf-8")


def _draw(analysis: str, table: pd.DataFrame, folder: Path, page: Page) -> dict[str, str]:
    """Write everything of the figures of one analysis; return those that cannot be drawn."""
    from foresay.publishing.illustrations import of_analysis

    refused: dict[str, str] = {}
    for name, draw in of_analysis(analysis):
        try:
            figure = draw(table)
        except UnsupportedError as error:
            refused[name] = str(error)
            continue
        drawings = figure.drawings()
        for file, content in figure.files(drawings).items():
            (folder / file).write_bytes(content)
        html = figure.on_page(page, *drawings.values())
        (folder / f"{name}.html").write_text(html, encoding="utf-8", newline="")
        words = {"question": figure.question, "caption": figure.caption, "alt": figure.alt}
        words_file(folder, name).write_text(json.dumps(words), encoding="utf-8")
    return refused


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; its end ends this too
    draw_all(sys.stdin.buffer, Path(sys.argv[1]))
    sys.stderr.flush()
    os._exit(0)  # the parent waits for this end, and taking everything down takes half a second
