"""Five hundred claims of a ledger, checked against a large study."""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any

from measuring.results import Results, Table, Target, finish
from measuring.timing import afresh, report_child

ROWS = 1_000_000
CLAIMS = 500
PREDICTORS, TARGETS, TASKS, PROPERTIES = 10, 2, 5, 4
CELLS = PREDICTORS * TARGETS * TASKS * PROPERTIES
THREADS = (1, 2)
STUDY = """study: benchmark
tables:
  trials:
    files: trials.parquet
choices: {compliance: count_wrong, cluster: [item], interval: auto, resamples: 2000, seed: 1}
"""
METHOD = (
    f"A scored table of trials in Parquet, made anew from a seed: {PREDICTORS} predictors, "
    f"{TARGETS} targets, {TASKS} tasks and {PROPERTIES} properties, the same items in each. The "
    "ledger has values with n, intervals, counts, orderings of two and of three arms, "
    "differences, ratios, tests and equivalences; every claim with arms has a pair of its own. "
    "What is printed is not always right. Seconds of `foresay.claims.check` on an opened and "
    "validated study, in a fresh process; peak memory of the whole process."
)


def make_table(folder: Path, n: int) -> None:
    """Write the study; later predictors are right more often."""
    import duckdb

    folder.joinpath("study.yml").write_text(STUDY, encoding="utf-8")
    by_task = PREDICTORS * TARGETS * TASKS
    duckdb.connect().execute(
        f"""COPY (
          SELECT 'model-' || (i % {PREDICTORS}) AS predictor,
                 'model-' || (i // {PREDICTORS} % {TARGETS}) AS target,
                 'task-' || (i // {PREDICTORS * TARGETS} % {TASKS}) AS task,
                 'property-' || (i // {by_task} % {PROPERTIES}) AS property,
                 'item-' || lpad(CAST(i // {CELLS} AS VARCHAR), 6, '0') AS item,
                 hash(i, 1) % 100 < 50 + 2 * (i % {PREDICTORS}) AS match,
                 hash(i, 2) % 100 < 95 AS compliant
          FROM range({n}) AS t(i)
        ) TO '{folder / "trials.parquet"}' (FORMAT parquet)"""
    )


def claims() -> dict[str, dict[str, Any]]:
    """Return the content of the ledger: the kinds in turn, so that like stands beside unlike."""
    models = [f"model-{n}" for n in range(PREDICTORS)]
    cells = list(product(models, range(TARGETS), range(TASKS), range(PROPERTIES)))
    tasks = [f"task = 'task-{n}'" for n in range(TASKS)]
    properties = [f"property = 'property-{n}'" for n in range(PROPERTIES)]
    scopes = [f"{task} AND {part}" for task, part in product(tasks, properties)]
    pairs = [
        [f"predictor = '{name}' AND {scope}" for name in pair]
        for scope, pair in product([*tasks, *properties, *scopes], combinations(models, 2))
    ]
    taken = iter(pairs[:: max(1, len(pairs) // 200)])
    found: list[dict[str, Any]] = []
    for n in range(CLAIMS // 10):
        predictor, target, task, part = cells[n * 7 % len(cells)]
        group = {"predictor": predictor, "target": f"model-{target}"}
        cell = {**group, "task": f"task-{task}", "property": f"property-{part}"}
        scope = {"where": scopes[n % 4]} if n % 2 else {}
        third = f"predictor = '{models[n % PREDICTORS]}' AND target = 'model-0'"
        armed = {0: "ordering", 1: "difference", 2: "significance", 3: "equivalence"}[n % 4]
        ratio = {"kind": "ratio", "of": "accuracy", "arms": next(taken), "value": "0.96"}
        chain = next(taken)
        chain = [chain[1], chain[0]] if n % 3 else [third, *_others(models, n)]
        more = {
            "ordering": {},
            "difference": {"value": ".02"},
            "significance": {},
            "equivalence": {"margin": 0.05},
        }[armed]
        found += [
            {"kind": "value", "of": "accuracy", "at": group, "value": ".56", "n": "50000", **scope},
            {"kind": "value", "of": "accuracy", "at": cell, "value": ".57"},
            {"kind": "value", "of": "compliance", "at": cell, "value": "95 %"},
            {"kind": "interval", "of": "accuracy", "at": group, "interval": [".56", ".57"]},
            {"kind": "count", "of": "items", "at": {"task": f"task-{task}"}, "value": "10,000"},
            {"kind": "ordering", "of": "accuracy", "at": group, "than": ".5", **scope},
            {"kind": "ordering", "of": "accuracy", "arms": next(taken), "direction": "<"},
            {"kind": "ordering", "of": "accuracy", "arms": chain},
            {"kind": armed, "of": "accuracy", "arms": next(taken), **more},
            ratio if n % 2 else {**ratio, "kind": "ordering", "of": "compliance", "value": None},
        ]
    return {
        f"c{n:03}": {"sentence": f"Sentence {n}.", **one} for n, one in enumerate(found, start=1)
    }


def _others(models: list[str], n: int) -> list[str]:
    """Return two further arms of a chain."""
    return [
        f"predictor = '{models[(n + step) % len(models)]}' AND target = 'model-0'"
        for step in (1, 2)
    ]


def measured(folder: Path, threads: int) -> None:
    """Check the ledger in this process."""
    from foresay.claims import Ledger, check
    from foresay.display import csv_text
    from foresay.workbench import Workbench

    ledger = Ledger.model_validate({"claims": claims()})
    with Workbench.open(folder / "study.yml", threads=threads) as bench:
        bench.validate()
        start = time.perf_counter()
        found = check(bench, ledger)
        seconds = time.perf_counter() - start
        text = csv_text(found.rows)
    kinds = [one.kind for one in ledger.claims.values()]
    armed = [tuple(one.arms) for one in ledger.claims.values() if one.arms]
    report_child(
        seconds=seconds,
        claims=len(kinds),
        kinds=len(set(kinds)),
        armed=len(armed),
        pairs=len({pair for arms in armed for pair in pairwise(arms)}),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        verdicts=found.counts(),
    )


def main(*, quick: bool) -> None:
    """Measure everything and write the results."""
    n = ROWS // 10 if quick else ROWS
    rows, digests, verdicts = [], set(), {}
    with tempfile.TemporaryDirectory(prefix="foresay-benchmark-") as name:
        make_table(Path(name).resolve(), n)
        for threads in THREADS:
            arguments = ["--threads", str(threads), "--folder", name]
            timing, said = afresh(__file__, arguments, 1)
            digests.add(said["digest"])
            verdicts = said["verdicts"]
            numbers = [said[key] for key in ("claims", "armed", "pairs", "seconds")]
            rows.append([threads, *numbers, timing.peak])
    title = f"{said['claims']:,} claims, {n:,} rows"
    finish(
        Results(
            name="claims",
            title="The claims of a paper",
            method=METHOD,
            tables=[
                Table(
                    caption="Claims, those that name arms, the different pairs of arms, wall time "
                    "and peak memory.",
                    columns=[
                        ("threads of the engine", "count"),
                        ("claims", "count"),
                        ("with arms", "count"),
                        ("pairs of arms", "count"),
                        ("seconds", "ratio"),
                        ("peak MB", "megabytes"),
                    ],
                    rows=rows,
                ),
                Table(
                    caption="Verdicts.",
                    columns=[("verdict", "text"), ("claims", "count")],
                    rows=[list(one) for one in verdicts.items()],
                ),
            ],
            targets=[
                Target(promise=f"seconds, {title}", measured=float(rows[-1][4]), bound=20),
                Target(promise=f"peak MB, {title}", measured=float(rows[-1][5]), bound=1_500),
                Target(promise="claims not assessed", measured=verdicts["not assessed"], bound=0),
                Target(
                    promise="different outputs of 1 and 2 threads",
                    measured=len(digests) - 1,
                    bound=0,
                ),
            ],
            libraries=("duckdb", "ibis-framework", "numpy", "pandas"),
        ),
        quick=quick,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows; writes nothing")
    parser.add_argument("--threads", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.threads:
        measured(options.folder, options.threads)
    else:
        main(quick=options.quick)
