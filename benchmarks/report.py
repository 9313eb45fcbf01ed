"""Rendering the shipped study: from nothing, and again with nothing changed."""

from __future__ import annotations

import argparse
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

STUDY = Path(__file__).resolve().parent.parent / "data" / "small-models"
START = "from foresay.cli import main; main()"
METHOD = (
    "`foresay render` of the shipped study in fresh processes, in a copy of its folder. *First*: "
    "nothing was rendered before. *Unchanged*: the same command again. Peak memory is that of the "
    "program and all programs that it starts, sampled every 50 ms."
)


def render(study: Path, formats: str) -> tuple[float, float, bool]:
    """Return wall seconds, peak MB (0 where it cannot be read) and whether it rendered."""
    command = [sys.executable, "-c", START, "render", str(study), "--draft", "--to", formats]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--format", "json"], stdout=subprocess.PIPE, text=True)
    peaks = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peaks.append), daemon=True)
    watcher.start()
    said, _ = process.communicate()
    seconds = time.perf_counter() - start
    watcher.join()
    assert process.returncode == 0, said
    return seconds, max(peaks), bool(json.loads(said)["rendered"])


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


def main(*, quick: bool) -> None:
    repeats = 1 if quick else 2
    rows: list[list[object]] = []
    seconds: dict[tuple[str, bool], float] = {}
    for formats in ("html",) if quick else ("html,pdf,docx", "html"):
        found: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
        for _ in range(repeats):
            with tempfile.TemporaryDirectory(prefix="foresay-benchmark-") as name:
                study = Path(name).resolve() / STUDY.name
                shutil.copytree(STUDY, study, ignore=shutil.ignore_patterns("versions"))
                for first in (True, False):
                    spent, peak, rendered = render(study, formats)
                    # anything that is edited meanwhile, the program too, is a reason to render
                    assert rendered == first, "rendered again: was a file edited meanwhile?"
                    found[first].append((spent, peak))
        for first, runs in found.items():
            seconds[formats, first] = min(run[0] for run in runs)
            name = "first" if first else "unchanged"
            rows.append([formats, name, seconds[formats, first], max(r[1] for r in runs) or None])
    formats = rows[0][0]
    targets = [
        Target(promise=f"{formats}, first, in s", measured=seconds[str(formats), True], bound=25),
        Target(
            promise=f"{formats}, unchanged, in s", measured=seconds[str(formats), False], bound=3
        ),
    ]
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
