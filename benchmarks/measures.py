"""All measures of the shipped study with intervals, and the ceilings of a large table."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measuring.results import Results, Table, Target, finish
from measuring.timing import afresh, report_child

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "small-models"
ROWS = 1_000_000
REPEATS = 5
RESAMPLES = 10_000
CEILINGS = (
    "accuracy",
    "ceiling_resample",
    "ceiling_modal",
    "ceiling_modal_lower",
    "ceiling_modal_upper",
    "normalized_accuracy",
    "normalized_accuracy_modal",
)
INTERVALS = ("auto", "bca")
STUDY = """study: benchmark
tables:
  predictions: {files: predictions.parquet}
  answers: {files: answers.parquet}
choices: {compliance: ignore, cluster: [item], resamples: 10000, seed: 1}
"""
METHOD = (
    f"*Shipped*: every estimand that the shipped study supports, by predictor and target, with "
    f"{RESAMPLES:,} resamples where the interval draws; the seconds of `Workbench.estimate` on an "
    "opened and validated study. *Large*: accuracy, both ceilings and both normalised accuracies "
    f"by predictor and target of a table of predictions in Parquet, made anew from a seed: 4 "
    f"predictors of 4 targets, 5 properties, {REPEATS} repeats of every answer; a fresh process, "
    "start-up, reading and validation included."
)


def make_table(folder: Path, n: int) -> None:
    """Write a study of `n` predictions; its answers vary between repeats."""
    import duckdb

    folder.joinpath("study.yml").write_text(STUDY, encoding="utf-8")
    connection = duckdb.connect()
    item = """'item-' || lpad(CAST(i // 80 AS VARCHAR), 6, '0') AS item,
              'task-' || (i // 80 % 6) AS task, 'property-' || (i // 16 % 5) AS property"""
    connection.execute(
        f"""COPY (SELECT 'model-' || (i % 4) AS predictor, 'model-' || (i // 4 % 4) AS target,
                         {item}, 'answer-' || (hash(i, 1) % 4) AS prediction
                  FROM range({n}) AS t(i))
            TO '{folder / "predictions.parquet"}' (FORMAT parquet)"""
    )
    connection.execute(
        f"""COPY (SELECT 'model-' || (i // 4 % 4) AS model, {item}, sample,
                         'answer-' || CASE WHEN hash(i, sample, 2) % 100 < 60 THEN hash(i, 3) % 4
                                           ELSE hash(i, sample, 4) % 4 END AS answer
                  FROM range(0, {n}, 4) AS t(i), range({REPEATS}) AS r(sample))
            TO '{folder / "answers.parquet"}' (FORMAT parquet)"""
    )


def shipped(interval: str) -> None:
    """Estimate all that the shipped study supports, in this process."""
    from foresay.measures import measures
    from foresay.workbench import Workbench

    with Workbench.open(SHIPPED) as bench:
        bench.validate()
        wanted = [name for name in measures() if not bench.supports(name)]
        start = time.perf_counter()
        frame = bench.estimate(wanted, by=["predictor", "target"], interval=interval)
        seconds = time.perf_counter() - start
    report_child(seconds=seconds, estimands=len(wanted), rows=len(frame))


def large(folder: str) -> None:
    """Estimate the ceilings of the large table, in this process."""
    from foresay.workbench import Workbench

    with Workbench.open(folder) as bench:
        frame = bench.estimate(CEILINGS, by=["predictor", "target"])
    report_child(rows=len(frame))


def main(*, quick: bool) -> None:
    """Measure everything and write the results."""
    rows, targets = [], []
    for interval in INTERVALS:
        timing, said = afresh(__file__, ["--shipped", interval], 1 if quick else 3)
        name = f"shipped study, {said['estimands']} estimands, {interval}"
        rows.append([name, said["rows"], said["seconds"], timing.peak])
        targets.append(
            Target(promise=f"seconds, {name}", measured=float(said["seconds"]), bound=10)
        )
    n = ROWS // 20 if quick else ROWS
    with tempfile.TemporaryDirectory() as folder:
        make_table(Path(folder), n)
        timing, said = afresh(__file__, ["--large", folder], 1 if quick else 3)
    name = f"ceilings of {n:,} predictions"
    rows.append([name, said["rows"], timing.seconds, timing.peak])
    targets.append(Target(promise=f"seconds, {name}", measured=timing.seconds, bound=30))
    targets.append(Target(promise=f"peak MB, {name}", measured=timing.peak, bound=1_000))
    finish(
        Results(
            name="measures",
            title="All measures, and ceilings of a large table",
            method=METHOD,
            tables=[
                Table(
                    caption="Wall time and peak memory; rows are estimates with an interval each.",
                    columns=[
                        ("what", "text"),
                        ("rows", "count"),
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
    parser.add_argument("--quick", action="store_true", help="fewer rows; writes nothing")
    parser.add_argument("--shipped", choices=INTERVALS, help=argparse.SUPPRESS)
    parser.add_argument("--large", help=argparse.SUPPRESS)
    options = parser.parse_args()
    jobs: dict[str, Callable[[], None]] = {
        "shipped": lambda: shipped(options.shipped),
        "large": lambda: large(options.large),
    }
    chosen = next((name for name in jobs if getattr(options, name)), None)
    if chosen:
        jobs[chosen]()
    else:
        main(quick=options.quick)
