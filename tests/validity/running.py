"""Cases in parallel, each kept as soon as it is done, none done twice for the same code."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from validity.fingerprints import fingerprint
from validity.registry import SECTIONS, section
from validity.study import BLOCK, Case, Columns, Result, Results, Section, joined, trace

FOLDER = Path(__file__).resolve().parent / "results"
PART = 8 * BLOCK
"""Data sets of one task of a process."""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def stored(name: str, folder: Path = FOLDER) -> dict[str, dict]:
    """Return what is kept of a section: key of the case -> its record."""
    path = folder / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def results(sections: Iterable[Section] = SECTIONS, folder: Path = FOLDER) -> Results:
    """Return the stored results of all sections, without cases that are no part of them."""
    found = {}
    for one in sections:
        kept = stored(one.name, folder)
        found[one.name] = [
            Result(case.parameters, case.runs, kept[case.key]["rows"], kept[case.key]["trace"])
            for case in one.cases
            if case.key in kept
        ]
    return found


def missing(one: Section, folder: Path = FOLDER) -> list[Case]:
    """Return the cases of a section that are not kept, or were made by other code."""
    kept, code = stored(one.name, folder), fingerprint(one.code)
    return [case for case in one.cases if kept.get(case.key, {}).get("code") != code]


def run(
    sections: Sequence[Section], *, jobs: int, anew: bool = False, folder: Path = FOLDER
) -> None:
    """Do every case that is missing, and keep it.

    Parameters
    ----------
    sections : sequence of Section
        What to run.
    jobs : int
        Processes; the numbers do not depend on it.
    anew : bool
        Do all cases, missing or not.
    folder : Path
        Where results are kept.
    """
    codes = {one.name: fingerprint(one.code) for one in sections}
    todo = [
        (one, case) for one in sections for case in (one.cases if anew else missing(one, folder))
    ]
    start = time.monotonic()
    with _processes(jobs) as pool:
        running, parts = {}, {}
        for number, (one, case) in enumerate(todo):
            parts[number] = {}
            for first in range(0, case.runs, PART):
                last = min(first + PART, case.runs)
                running[pool.submit(_part, one.name, case, first, last)] = (number, first)
        for future in as_completed(running):
            number, first = running[future]
            one, case = todo[number]
            parts[number][first] = future.result()
            if len(parts[number]) * PART >= case.runs:
                columns = joined([parts[number][k] for k in sorted(parts[number])])
                _keep(one, case, columns, codes[one.name], folder)
                parts[number] = {}
                _say(f"{time.monotonic() - start:5.0f} s  {one.name}: {case.key}")
    for one in sections:
        _forget(one, folder)


def confirm(sections: Sequence[Section], *, jobs: int, folder: Path = FOLDER) -> None:
    """Take results of other code for those of this code where two blocks give the same digests.

    The first block has every interval; the other may be any. Coverage and rejection make the
    digest: what is said in notes does not, nor widths.
    """
    with _processes(jobs) as pool:
        for one in sections:
            kept, code = stored(one.name, folder), fingerprint(one.code)
            asked = {
                case: [
                    pool.submit(_part, one.name, case, *_bounds(case, block))
                    for block in _spots(case)
                ]
                for case in missing(one, folder)
                if case.key in kept
            }
            for case, blocks in asked.items():
                traced = kept[case.key]["trace"]
                found = [trace(future.result())[0] for future in blocks]
                if found == [traced[block] for block in _spots(case)]:
                    kept[case.key]["code"] = code
                else:
                    _say(f"other numbers than before: {one.name}: {case.key}")
            if asked:
                _write(one, kept, folder)


def _spots(case: Case) -> tuple[int, int]:
    """Return the numbers of the first block and of one that the case's name chooses."""
    whole = max(case.runs // BLOCK, 1)
    return 0, int(hashlib.sha256(case.key.encode()).hexdigest()[:8], 16) % whole


def _bounds(case: Case, block: int) -> tuple[int, int]:
    return block * BLOCK, min((block + 1) * BLOCK, case.runs)


def _processes(jobs: int) -> ProcessPoolExecutor:
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")  # one process a core, each with one thread
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


def _part(name: str, case: Case, first: int, last: int) -> Columns:
    return section(name).simulate(case.parameters, range(first, last))


def record(one: Section, case: Case, columns: Columns, code: str) -> dict:
    """Return what is kept of a case."""
    return {
        "code": code,
        "rows": one.summarise(case.parameters, columns),
        "trace": trace(columns),
    }


def _keep(one: Section, case: Case, columns: Columns, code: str, folder: Path) -> None:
    kept = stored(one.name, folder)
    kept[case.key] = record(one, case, columns, code)
    _write(one, kept, folder)


def _forget(one: Section, folder: Path) -> None:
    """Drop what is no case any more, and put the rest into the order of the section."""
    kept = stored(one.name, folder)
    if kept:
        _write(one, {case.key: kept[case.key] for case in one.cases if case.key in kept}, folder)


def _write(one: Section, kept: dict[str, dict], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    order = {case.key: number for number, case in enumerate(one.cases)}
    ranked = sorted(kept, key=lambda key: (order.get(key, len(order)), key))
    new = folder / f".{one.name}.json.new"
    lines = ",\n".join(f" {json.dumps(key)}: {_record(kept[key])}" for key in ranked)
    new.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    new.replace(folder / f"{one.name}.json")


def _record(kept: dict) -> str:
    """Return a record with one row a line, so that a difference can be read."""
    rows = ",\n   ".join(json.dumps(row) for row in kept["rows"])
    code, said = json.dumps(kept["code"]), json.dumps(kept["trace"])
    return f'{{"code": {code}, "rows": [\n   {rows}\n  ],\n  "trace": {said}}}'


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
