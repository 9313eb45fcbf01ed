"""A large Parquet table, validated and reduced to estimates, against bare DuckDB queries."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from measuring.results import Results, Table, Target, finish
from measuring.timing import Timing, afresh, report_child

GROUPED = ("predictor", "target", "task", "property", "wording")
KEY = (*GROUPED, "item")
COLUMNS = (*KEY, "match", "compliant")
ROWS = 10_000_000
LIMIT = "384MB"
STUDY = """study: benchmark
tables:
  trials:
    files: trials.parquet
choices: {compliance: count_wrong, cluster: [item], interval: auto, resamples: 10000, seed: 1}
"""
METHOD = (
    "A scored table of trials in Parquet, rows shuffled, made anew from a seed: six columns of "
    "text that together are the key (4 predictors, 4 targets, 6 tasks, 5 properties and 2 "
    "wordings make 960 groups; the items are asked in each) and two booleans, `match` and "
    "`compliant`. Everything runs in a fresh process, start-up and imports included. *Bare "
    "group-by*: DuckDB counts rows, matches and compliant replies of the 960 groups. *Bare "
    "scan*: DuckDB counts the values of every column and the distinct hashes of the key. "
    '*foresay*: `Workbench.open(study).validate()` and `.estimate(["accuracy", '
    '"compliance"], by=[...])`, two intervals a group, `compliance: count_wrong`, clusters are '
    "items."
)


def make_table(folder: Path, n: int) -> None:
    """Write the study; row k holds trial (a k + b) mod n, so rows are shuffled and keys unique."""
    import duckdb

    properties = "'first_word','second_word','is_even','first_character','among_options'"
    folder.joinpath("study.yml").write_text(STUDY, encoding="utf-8")
    duckdb.connect().execute(
        f"""COPY (
          WITH trial AS (SELECT (k * 7368787 + 12345) % {n} AS i FROM range({n}) AS t(k))
          SELECT 'model-' || (i % 4) AS predictor,
                 'model-' || (i // 4 % 4) AS target,
                 'task-' || (i // 16 % 6) AS task,
                 'item-' || lpad(CAST(i // 960 AS VARCHAR), 6, '0') AS item,
                 [{properties}][1 + i // 96 % 5] AS property,
                 ['you', 'the model'][1 + i // 480 % 2] AS wording,
                 hash(i, 1) % 100 < 60 AS match,
                 hash(i, 2) % 100 < 95 AS compliant
          FROM trial
        ) TO '{folder / "trials.parquet"}' (FORMAT parquet)"""
    )


def bare_group(folder: Path) -> None:
    import duckdb

    sql = (
        f"SELECT {', '.join(GROUPED)}, count(*), sum(CAST(match AS INTEGER)), "
        f"sum(CAST(compliant AS INTEGER)) FROM '{folder / 'trials.parquet'}' GROUP BY ALL"
    )
    report_child(groups=len(duckdb.connect().execute(sql).fetchall()))


def bare_scan(folder: Path) -> None:
    import duckdb

    counts = ", ".join(f"count({column})" for column in COLUMNS)
    sql = (
        f"SELECT {counts}, count(DISTINCT hash({', '.join(KEY)})) "
        f"FROM '{folder / 'trials.parquet'}'"
    )
    report_child(distinct=duckdb.connect().execute(sql).fetchall()[0][-1])


def bare_clusters(folder: Path) -> None:
    import duckdb

    by = ", ".join(GROUPED[:-1])
    sql = (
        f"SELECT {by}, n, matches, compliant, count(*) FROM (SELECT {by}, item, count(*) AS n, "
        "sum(CAST(match AS INTEGER)) AS matches, sum(CAST(compliant AS INTEGER)) AS compliant "
        f"FROM '{folder / 'trials.parquet'}' GROUP BY {by}, item) GROUP BY ALL"
    )
    report_child(patterns=len(duckdb.connect().execute(sql).fetchall()))


def _foresay(folder: Path, by: tuple[str, ...], memory: str | None = None) -> None:
    import time

    marks = [time.perf_counter()]
    from foresay.workbench import Workbench

    with Workbench.open(folder / "study.yml", memory=memory) as study:
        found = study.validate()
        assert found.ok
        marks.append(time.perf_counter())
        table = study.estimate(["accuracy", "compliance"], by=by)
        marks.append(time.perf_counter())
    report_child(groups=len(table) // 2, validate=marks[1] - marks[0], estimate=marks[2] - marks[1])


def foresay_whole(folder: Path) -> None:
    _foresay(folder, GROUPED)


def foresay_spanning(folder: Path) -> None:
    _foresay(folder, GROUPED[:-1], memory=LIMIT)


WHOLE = "foresay: validated, 960 groups"
SPANNING = f"foresay: validated, 480 groups, clusters of two rows, engine limited to {LIMIT}"
TWO_STEPS = "bare group-by to clusters of two rows, then to patterns"
CHILDREN: dict[str, Callable[[Path], None]] = {
    "bare group-by": bare_group,
    "bare scan": bare_scan,
    WHOLE: foresay_whole,
    TWO_STEPS: bare_clusters,
    SPANNING: foresay_spanning,
}


def main(*, quick: bool) -> None:
    n = ROWS // 10 if quick else ROWS
    timings: dict[str, Timing] = {}
    said: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="foresay-benchmark-") as name:
        folder = Path(name).resolve()
        make_table(folder, n)
        for who in CHILDREN:
            repeats = 1 if who in (TWO_STEPS, SPANNING) else 3
            timings[who], said[who] = afresh(__file__, ["--child", who, "--folder", name], repeats)
    assert said["bare scan"]["distinct"] > n - 100  # two keys may share a hash
    whole = timings[WHOLE]
    group, scan = timings["bare group-by"], timings["bare scan"]
    bare, bare_cpu = group.seconds + scan.seconds, group.processor + scan.processor
    rows = [
        [
            who,
            t.seconds,
            t.processor,
            t.peak,
            t.seconds / bare,
            said[who].get("validate"),
            said[who].get("estimate"),
        ]
        for who, t in timings.items()
    ]
    targets = [
        Target(
            promise="foresay / (bare group-by + bare scan), wall time",
            measured=whole.seconds / bare,
            bound=3,
        ),
        Target(
            promise="foresay / (bare group-by + bare scan), processor time",
            measured=whole.processor / bare_cpu,
            bound=3,
        ),
        Target(promise="peak memory in MB, whole process", measured=whole.peak, bound=600),
    ]
    finish(
        Results(
            name="reduction",
            title="From a large table to estimates",
            method=METHOD,
            tables=[
                Table(
                    caption=f"{n:,} rows. Ratio: wall time over that of both bare queries. "
                    "Validate and estimate: the parts of the last run, in seconds. Where by, "
                    "clusters and strata hold the key, each row is a cluster and goes straight to "
                    "its pattern. Where clusters span rows the engine holds the sums of five "
                    "million clusters, and spills beyond the limit that it is given.",
                    columns=[
                        ("who", "text"),
                        ("wall, s", "seconds"),
                        ("processor, s", "seconds"),
                        ("peak MB", "megabytes"),
                        ("ratio", "ratio"),
                        ("validate, s", "seconds"),
                        ("estimate, s", "seconds"),
                    ],
                    rows=rows,
                )
            ],
            targets=targets,
            libraries=("duckdb", "ibis-framework", "numpy", "pandas", "pandera"),
        ),
        quick=quick,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows; writes nothing")
    parser.add_argument("--child", choices=CHILDREN, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        CHILDREN[asked.child](asked.folder)
    else:
        main(quick=asked.quick)
