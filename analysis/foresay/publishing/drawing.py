"""Drawing in a process of its own: figures are drawn while the next analysis is computed.

The library that draws holds Python's lock while it works, so a thread would gain nothing. The
process is a fresh interpreter that runs this file as a module. It reads jobs, each an analysis
and its table, from its standard input until that is closed, and writes the figures of each into a
folder; it ends with its parent, because its input ends then.

It draws with the fonts that the library brings, so that a figure looks the same on every machine,
and because the library reads all fonts of the machine anew for each file. Only figures with
letters that those fonts lack are drawn by a second process, with the fonts of the machine.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self
from xml.sax.saxutils import escape

import pandas as pd

import foresay
from foresay.errors import ReportError, UnsupportedError
from foresay.publishing.drawn import LEFT_OUT, SCRIPT, words_file

if TYPE_CHECKING:
    from foresay.figures.figure import Drawing, Figure
    from foresay.figures.page import Page

_FONTS = "FONTCONFIG_FILE"
_COVERED = re.compile(
    "[\n -~\u00a0-\u0322\u0384-\u03ce\u03d0-\u0513\u1e00-\u1e9b\u1ea0-\u1ef9\u2002-\u200a"
    "\u2012-\u2022\u2026\u202f\u2030\u2032\u2033\u2039\u203a\u20ac\u2060-\u2064\u2122\u2190-\u2195\u2202"
    "\u2206\u220f\u2211\u2212\u2215\u221a\u221e\u2248\u2260\u2264\u2265\u25a0\u25a1\u25cf]*"
)
"""Letters that the fonts of the library have: Latin, Greek, Cyrillic, some signs."""


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
        fonts = folder / "fonts.conf"
        said = f"<fontconfig><dir>{escape(str(folder.resolve()))}</dir></fontconfig>"
        fonts.write_text(f'<?xml version="1.0"?>\n{said}\n', encoding="utf-8")
        with self._complaints.open("wb") as complaints:
            self._process = _started(folder, {_FONTS: str(fonts.resolve())}, complaints)

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


def _started(
    folder: Path, env: Mapping[str, str], complaints: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    source = str(Path(foresay.__file__).resolve().parents[1])
    paths = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(  # noqa: S603  # this interpreter, our own module
        [sys.executable, "-P", "-m", "foresay.publishing.drawing", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=complaints,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "0", **env},
    )


def draw_all(jobs: IO[bytes], folder: Path, *, all_fonts: bool) -> None:
    """Draw the figures of every job until there are no more.

    Parameters
    ----------
    jobs : binary file
        Pickled pairs of an analysis and its table.
    folder : Path
        Takes the files.
    all_fonts : bool
        Whether this process has the fonts of the machine. If not, it leaves figures with letters
        that it lacks to a process that has them.
    """
    from altair.utils.schemapi import disable_debug_mode

    import foresay.publishing.illustrations  # noqa: F401  # while the first table is computed
    from foresay.figures.page import Page

    disable_debug_mode()  # it checks every part of a chart; the tests do so for the whole
    page = Page()
    with_script, without = (page.figure("", "", {}, interactive=True) for _ in range(2))
    script = with_script.removesuffix(without)  # what the first figure of a page brings along
    (folder / SCRIPT).write_text(script, encoding="utf-8", newline="")
    left_out: dict[str, str] = {}
    later: list[tuple[str, pd.DataFrame]] = []
    while True:
        try:
            analysis, table = pickle.load(jobs)  # noqa: S301  # written by the parent
        except EOFError:
            break
        refused, lacking = _draw(analysis, table, folder, page, all_fonts=all_fonts)
        left_out |= refused
        later += [(analysis, table)] if lacking else []
    if later:
        _draw_with_all_fonts(later, folder)
        left_out |= json.loads((folder / LEFT_OUT).read_text(encoding="utf-8"))
    (folder / LEFT_OUT).write_text(json.dumps(left_out), encoding="utf-8")


def _draw(
    analysis: str, table: pd.DataFrame, folder: Path, page: Page, *, all_fonts: bool
) -> tuple[dict[str, str], bool]:
    """Draw one analysis; return the figures that cannot be, and whether fonts lack letters."""
    from foresay.figures.export import canonical_json
    from foresay.publishing.illustrations import of_analysis

    refused: dict[str, str] = {}
    lacking = False
    for name, draw in of_analysis(analysis):
        try:
            figure = draw(table)
        except UnsupportedError as error:
            refused[name] = str(error)
            continue
        drawings = figure.drawings()
        if all_fonts or all(_COVERED.fullmatch(canonical_json(d.spec)) for d in drawings.values()):
            _write(figure, name, drawings, folder, page)
        else:
            lacking = True
    return refused, lacking


def _write(
    figure: Figure, name: str, drawings: Mapping[str, Drawing], folder: Path, page: Page
) -> None:
    """Write everything of a figure."""
    for file, content in figure.files(drawings).items():
        (folder / file).write_bytes(content)
    html = figure.on_page(page, *drawings.values())
    (folder / f"{name}.html").write_text(html, encoding="utf-8", newline="")
    words = {"question": figure.question, "caption": figure.caption, "alt": figure.alt}
    words_file(folder, name).write_text(json.dumps(words), encoding="utf-8")


def _draw_with_all_fonts(jobs: Sequence[tuple[str, pd.DataFrame]], folder: Path) -> None:
    process = _started(folder, {_FONTS: ""})
    with process:
        assert process.stdin is not None  # noqa: S101  # it was opened with a pipe
        for job in jobs:
            pickle.dump(job, process.stdin)
    if process.returncode:
        raise SystemExit(process.returncode)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; its end ends this too
    draw_all(sys.stdin.buffer, Path(sys.argv[1]), all_fonts=not os.environ.get(_FONTS))
