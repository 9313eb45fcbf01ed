"""A specification curve of the shipped study: over a thousand combinations with intervals."""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path
from typing import Any

from measuring.results import Results, Table, Target, finish
from measuring.timing import afresh, report_child

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "small-models"
RESAMPLES = 2_000
LEAST = 1_000
THREADS = (1, 2)
REASON = "a branch of the benchmark"
CONDITIONS = {
    "all": None,
    "held-out": "split = 'held-out'",
    "informative": "mode_share < 0.6",
    "without numbers": "task <> 'numbers'",
}
CHOICES: dict[str, tuple[str, ...]] = {
    "compliance": ("count_wrong", "paper", "drop_either", "ignore"),
    "truth": ("greedy", "each", "modal", "first"),
    "weighting": ("micro", "macro", "macro_task", "macro_property"),
    "cluster": ("item", "task"),
    "interval": ("percentile", "basic", "bca"),
}
METHOD = (
    f"The self advantage of the shipped study at its largest training, under every combination of "
    f"{', '.join(CHOICES)} and a condition on the trials, {RESAMPLES:,} resamples each, with its "
    "test, the joint test and the share of each choice; seconds of `Workbench.specification_curve` "
    "on an opened and validated study, peak memory of the whole process."
)


def grid(*, quick: bool) -> Any:
    """Return the grid; a quick one has a single truth and compliance."""
    from foresay.study import Grid

    choices: dict[str, Any] = {
        name: dict.fromkeys(
            texts[:1] if quick and name in ("truth", "compliance") else texts, REASON
        )
        for name, texts in CHOICES.items()
    }
    choices["where"] = [
        {"value": condition, "label": label, "reason": REASON}
        for label, condition in CONDITIONS.items()
    ]
    return Grid.model_validate(
        {
            "of": "self_advantage",
            "by": ["target"],
            "where": "n_train = 1000",
            "choices": choices,
        }
    )


def measured(threads: int, *, quick: bool) -> None:
    """Compute the curve in this process."""
    from foresay.display import csv_text
    from foresay.workbench import Workbench

    with Workbench.open(SHIPPED, threads=threads) as bench:
        bench.validate()
        start = time.perf_counter()
        made = bench.specification_curve(grid(quick=quick), resamples=RESAMPLES)
        seconds = time.perf_counter() - start
    tables = (made.specifications, made.summary, made.importance, made.excluded)
    text = "".join(map(csv_text, tables))
    report_child(
        seconds=seconds,
        specifications=len(made.specifications),
        excluded=len(made.excluded),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def main(*, quick: bool) -> None:
    """Measure everything and write the results."""
    rows, targets, digests = [], [], set()
    for threads in THREADS:
        arguments = ["--threads", str(threads), *(["--quick"] if quick else [])]
        timing, said = afresh(__file__, arguments, 1)
        digests.add(said["digest"])
        rows.append(
            [threads, said["specifications"], said["excluded"], said["seconds"], timing.peak]
        )
    name = f"{said['specifications']:,} specifications with intervals"
    if not quick:
        least = float(said["specifications"])
        targets.append(Target(promise="specifications", measured=least, bound=LEAST, at_least=True))
    targets += [
        Target(promise=f"seconds, {name}", measured=float(rows[-1][3]), bound=60),
        Target(promise=f"peak MB, {name}", measured=float(rows[-1][4]), bound=1_000),
        Target(promise="different outputs of 1 and 2 threads", measured=len(digests) - 1, bound=0),
    ]
    finish(
        Results(
            name="specifications",
            title="A specification curve",
            method=METHOD,
            tables=[
                Table(
                    caption="Combinations, those left out by rule, wall time and peak memory.",
                    columns=[
                        ("threads of the engine", "count"),
                        ("specifications", "count"),
                        ("left out", "count"),
                        ("seconds", "ratio"),
                        ("peak MB", "megabytes"),
                    ],
                    rows=rows,
                )
            ],
            targets=targets,
            libraries=("duckdb", "ibis-framework", "numpy"),
        ),
        quick=quick,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer combinations; writes nothing")
    parser.add_argument("--threads", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.threads:
        measured(options.threads, quick=options.quick)
    else:
        main(quick=options.quick)
