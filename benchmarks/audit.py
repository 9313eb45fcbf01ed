"""The audit of a large table of printed numbers, by command, in each form of its result."""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from measuring.results import Results, Table, Target, finish

ROOT = Path(__file__).resolve().parent.parent
ROWS = 10_000
ENDINGS = ("txt", "json", "html")
RUNS = 2
START = "from foresay.cli import main; main()"
METHOD = (
    "`foresay audit` of a table of accuracies in percent with their intervals, standard errors and "
    "n, one a row, made anew from a seed: right items are drawn, errors and intervals are those of "
    "independent items, and everything is rounded to one decimal. A fresh process for each form of "
    "the result, the least wall time of some runs."
)


def make_table(path: Path, n: int) -> None:
    """Write an honest table: every number follows from the items, and is rounded once."""
    rng = np.random.default_rng(1)
    items = rng.integers(300, 600, n)
    share = rng.binomial(items, rng.uniform(0.3, 0.8, n)) / items
    error = np.sqrt(share * (1 - share) / items)
    columns = (share, share - 1.96 * error, share + 1.96 * error, error)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["model", "task", "accuracy", "ci_low", "ci_high", "se", "n"])
        for at, (size, *values) in enumerate(zip(items, *columns, strict=True)):
            printed = [f"{100 * value:.1f}" for value in values]
            writer.writerow([f"m{at % 50}", f"t{at // 50}", *printed, size])


def audited(table: Path, output: Path) -> float:
    """Return the wall seconds of one run of the command; it must find nothing."""
    command = [sys.executable, "-P", "-c", START, "audit", str(table), "-q", "-o", str(output)]
    start = time.perf_counter()
    done = subprocess.run(
        command, check=False, env={**os.environ, "PYTHONPATH": str(ROOT / "analysis")}
    )
    seconds = time.perf_counter() - start
    assert done.returncode == 0, "an honest table has findings"
    assert output.stat().st_size > 0
    return seconds


def main(*, quick: bool) -> None:
    """Measure everything and write the results."""
    n = ROWS // 10 if quick else ROWS
    with tempfile.TemporaryDirectory(prefix="foresay-benchmark-") as name:
        table = Path(name) / "printed.csv"
        make_table(table, n)
        least = {
            ending: min(audited(table, Path(name) / f"audit.{ending}") for _ in range(RUNS))
            for ending in ENDINGS
        }
    finish(
        Results(
            name="audit",
            title="The audit of a table",
            method=METHOD,
            tables=[
                Table(
                    caption="Wall time by the form of the result.",
                    columns=[("result", "text"), ("rows", "count"), ("seconds", "ratio")],
                    rows=[[ending, n, seconds] for ending, seconds in least.items()],
                )
            ],
            targets=[
                Target(promise=f"seconds, {n:,} rows, {ending}", measured=seconds, bound=5)
                for ending, seconds in least.items()
            ],
            libraries=("numpy", "pandas"),
        ),
        quick=quick,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows; writes nothing")
    main(quick=parser.parse_args().quick)
