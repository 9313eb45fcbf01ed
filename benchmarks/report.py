"""Rendering the shipped study: from nothing, with nothing changed, with one page changed."""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from measuring.results import Results, Table, Target, finish
from measuring.timing import MEGABYTE

ROOT = Path(__file__).resolve().parent.parent
STUDY = ROOT / "data" / "small-models"
START = "from foresay.cli import main; main()"
PAGE = "reports/_methods.qmd"
METHOD = (
    "`foresay render` of the shipped study, all pages, in fresh processes, in copies of program "
    "(compiled, as an installed package is) and study. *Cold*: nothing was rendered before, and "
    "the cache is empty. *Unchanged*: the same command again. *One page*: a line was added to a "
    "page of the suite, so that results come from the cache. Peak memory is that of the program "
    "and all programs that it starts, sampled every 50 ms."
)
RUNS = ("cold", "unchanged", "one page")
BOUNDS = {"cold": 45, "unchanged": 3, "one page": 10}
MEMORY = 1_500
"""Bound of the peak, in MB."""


def copied(home: Path) -> Path:
    """Copy the program, its suite and the study, so that a page can be changed."""
    ignored = shutil.ignore_patterns("versions", "__pycache__")
    for name in ("analysis", "reports", "data/small-models"):
        shutil.copytree(ROOT / name, home / name, ignore=ignored)
    shutil.copy(ROOT / "_quarto.yml", home)
    compileall.compile_dir(home / "analysis", quiet=2)  # as an installer does
    return home / "data" / "small-models"


def render(home: Path, study: Path, formats: str) -> tuple[float, float, dict[str, bool]]:
    """Return wall seconds, peak MB (0 where it cannot be read) and what was done."""
    command = [sys.executable, "-P", "-c", START, "render", str(study), "--draft", "--to", formats]
    own = {"PYTHONPATH": str(home / "analysis"), "FORESAY_CACHE": str(home / "cache")}
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--engine", "embedded", "--format", "json"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **own},
    )
    peaks = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peaks.append), daemon=True)
    watcher.start()
    said, _ = process.communicate()
    seconds = time.perf_counter() - start
    watcher.join()
    assert process.returncode == 0, said
    return seconds, max(peaks), json.loads(said)


def _watch(process: subprocess.Popen[str], note: Callable[[float], None]) -> None:
    while process.poll() is None:
        note(_resident(process.pid))
        time.sleep(0.05)


def _resident(root: int) -> float:
    """Return the resident memory in MB of a process and its descendants, from /proc."""
    if not Path("/proc/self/statm").exists():
        return 0.0
    total, waiting = 0, [root]
    page = os.sysconf("SC_PAGE_SIZE")
    while waiting:
        here = Path(f"/proc/{waiting.pop()}")
        try:
            total += int((here / "statm").read_text(encoding="ascii").split()[1]) * page
            for children in here.glob("task/*/children"):
                waiting += map(int, children.read_text(encoding="ascii").split())
        except (OSError, IndexError):
            continue  # it ended meanwhile
    return total / MEGABYTE


def in_turn(formats: str) -> dict[str, tuple[float, float]]:
    """Render cold, unchanged, and with one changed page; return seconds and peak MB of each."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="foresay-benchmark-") as name:
        home = Path(name).resolve()
        study = copied(home)
        for run in RUNS:
            if run == "one page":
                with (home / PAGE).open("a", encoding="utf-8") as page:
                    page.write("\nMore.\n")
            seconds, peak, did = render(home, study, formats)
            assert did["rendered"] == (run != "unchanged")
            assert did["computed"] == (run == "cold")
            found[run] = (seconds, peak)
    return found


def main(*, quick: bool) -> None:
    formats = "html" if quick else "html,pdf,docx"
    several = [in_turn(formats) for _ in range(1 if quick else 2)]
    least = {run: min(found[run][0] for found in several) for run in RUNS}
    peaks = {run: max(found[run][1] for found in several) for run in RUNS}
    rows: list[list[object]] = [[formats, run, least[run], peaks[run] or None] for run in RUNS]
    targets = [
        Target(promise=f"{formats}, {run}, in s", measured=least[run], bound=bound)
        for run, bound in BOUNDS.items()
    ]
    if max(peaks.values()):
        peak = max(peaks.values())
        targets.append(Target(promise=f"{formats}, memory in MB", measured=peak, bound=MEMORY))
    finish(
        Results(
            name="report",
            title="Rendering a report",
            method=METHOD,
            tables=[
                Table(
                    caption="Wall time (the least) and peak memory (the largest) of some runs.",
                    columns=[
                        ("formats", "text"),
                        ("run", "text"),
                        ("seconds", "ratio"),
                        ("peak MB", "megabytes"),
                    ],
                    rows=rows,
                )
            ],
            targets=targets,
            libraries=("duckdb", "pypandoc_binary", "typst", "vl-convert-python"),
        ),
        quick=quick,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="HTML alone, once; writes nothing")
    main(quick=parser.parse_args().quick)
