"""Every measure of calibration, with intervals and nulls, of a million predictions."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from measuring.results import Results, Table, Target, finish
from measuring.timing import Timing, afresh, report_child

ROWS = 1_000_000
STUDY = """study: benchmark
tables:
  trials:
    files: trials.parquet
choices: {cluster: [item], interval: auto, resamples: 10000, seed: 1}
"""
METHOD = (
    "A scored table of trials in Parquet with a confidence in each, made anew from a seed: 2 "
    "predictors, 8 trials an item, which is the cluster. *Fine*: confidences with as many digits "
    "as a float has, so a thousand levels after rounding. *Coarse*: multiples of .05, as models "
    "state them. *Alone*: fine, and an item for each trial. Everything runs in a fresh process, "
    "start-up, validation and imports included: `Workbench.open(study).calibration("
    'by=["predictor"])`, fourteen measures a predictor, and `.reliability(by=["predictor"])`.'
)


def make_table(folder: Path, n: int, *, fine: bool, per_item: int) -> None:
    """Write the study; right in two of three, more often where confidence is high."""
    import duckdb

    chance = "(hash(i, 7) % 1000003) / 1000003.0"
    confidence = chance if fine else f"round({chance} * 20) / 20"
    folder.mkdir()
    folder.joinpath("study.yml").write_text(STUDY, encoding="utf-8")
    duckdb.connect().execute(
        f"""COPY (
          SELECT 'model-' || (i % 2) AS predictor, 'model-0' AS target, 'task' AS task,
                 'item-' || (i // 2 // {per_item}) AS item,
                 'property-' || (i // 2 % {per_item}) AS property,
                 hash(i, 3) % 1000 < 1000 * (.2 + .7 * {confidence}) AS match,
                 {confidence} AS confidence
          FROM range({n}) AS t(i)
        ) TO '{folder / "trials.parquet"}' (FORMAT parquet)"""
    )


def _foresay(folder: Path) -> None:
    import time

    start = time.perf_counter()
    from foresay.workbench import Workbench

    with Workbench.open(folder / "study.yml") as study:
        assert study.validate().ok
        marks = [time.perf_counter()]
        table = study.calibration(by=["predictor"])
        marks.append(time.perf_counter())
        study.reliability(by=["predictor"])
        marks.append(time.perf_counter())
    assert table["low"].notna().all()
    report_child(
        validate=marks[0] - start, calibration=marks[1] - marks[0], curve=marks[2] - marks[1]
    )


CASES: dict[str, Callable[[Path, int], None]] = {
    "fine": lambda folder, n: make_table(folder, n, fine=True, per_item=8),
    "coarse": lambda folder, n: make_table(folder, n, fine=False, per_item=8),
    "alone": lambda folder, n: make_table(folder, n, fine=True, per_item=1),
}


def main(*, quick: bool) -> None:
    n = ROWS // 10 if quick else ROWS
    timings: dict[str, Timing] = {}
    said: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="foresay-benchmark-") as name:
        for case, make in CASES.items():
            folder = Path(name).resolve() / case
            make(folder, n)
            timings[case], said[case] = afresh(
                __file__, ["--child", str(folder)], 1 if quick else 2
            )
    rows = [
        [
            case,
            timing.seconds,
            timing.peak,
            said[case]["validate"],
            said[case]["calibration"],
            said[case]["curve"],
        ]
        for case, timing in timings.items()
    ]
    targets = [
        Target(
            promise="all measures and the curve of a million predictions, wall seconds, the worst",
            measured=max(t.seconds for t in timings.values()),
            bound=30,
        ),
        Target(
            promise="peak memory in MB, whole process, the worst",
            measured=max(t.peak for t in timings.values()),
            bound=1_000,
        ),
    ]
    finish(
        Results(
            name="calibration",
            title="Calibration of a million predictions",
            method=METHOD,
            tables=[
                Table(
                    caption=f"{n:,} rows. The parts are those of the last run.",
                    columns=[
                        ("confidences", "text"),
                        ("wall, s", "seconds"),
                        ("peak MB", "megabytes"),
                        ("validate, s", "seconds"),
                        ("measures, s", "seconds"),
                        ("curve, s", "seconds"),
                    ],
                    rows=rows,
                )
            ],
            targets=targets,
            libraries=("duckdb", "ibis-framework", "numpy", "pandas", "scipy"),
        ),
        quick=quick,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows; writes nothing")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        _foresay(asked.child)
    else:
        main(quick=asked.quick)
