"""The audit of honest tables and of tables with one error: simulated and summed up."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from foresay.claims import Audit, Premises, audit
from foresay.resampling import stream
from validity.printing import CLAIMS, SEEDED, honest, long_rows, wide
from validity.study import SEED, Columns

_AUDIT = (
    *("audit", "cell_numbers", "cells", "column_sums", "columns", "count_rules", "files"),
    *("numbers", "premises", "printed", "reading", "reported", "row_rules", "spans"),
    *("statements", "sum_rules", "table_rules", "verdicts", "wording"),
)
CODE = (
    *(f"analysis/foresay/claims/{name}.py" for name in _AUDIT),
    "analysis/foresay/claims/consistency",
    "analysis/foresay/claims/relations",
    "analysis/foresay/resampling/streams.py",
    "tests/validity/auditing.py",
    "tests/validity/printing.py",
)
SUMS = ("difference of its two terms", "complements add up")
RULES = (
    "value within its domain",
    "estimate inside its interval",
    "estimate near the middle of its interval",
    "whole number of items",
    "error implies the estimate",
    "standard error fits its interval",
    "no row twice",
    "no panel twice",
    *SUMS,
    "equality after rounding",
)
"""Rules that such a table can break; the last is that of the claims: sums and differences."""


def broken(made: Audit, sums: Audit) -> dict[str, set[str]]:
    """Return the rows that each rule names; rules of columns are asked of the wide form."""
    found: dict[str, set[str]] = {rule: set() for rule in RULES}
    for one in made.differing:
        found[one.rule].update(one.rows)
    for claim in made.assessments:
        if claim.verdict == "contradicted":
            found[RULES[-1]].update(claim.rows)
    for one in sums.differing:
        if one.rule in SUMS:
            found[one.rule] |= long_rows(one.rows)
    return found


def audited(parameters: Mapping[str, Any], table: list[dict[str, str]]) -> Audit:
    """Return the audit of a table, with what its paper would say."""
    said = Premises(errors=parameters["errors"])
    return audit(table, claims=CLAIMS, premises=said)


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return which rules call an honest table wrong, and which seeded errors are found.

    Errors are put into the first `seeded` tables; an error is found where a rule names a row that
    it has touched, and by which rules is kept too.
    """
    columns: Columns = {f"{rule}.rejected": np.zeros(len(numbers), bool) for rule in RULES}
    columns["possible"] = np.zeros(len(numbers))
    for kind in SEEDED:
        columns[f"{kind}.found"] = np.full(len(numbers), np.nan)
        for rule in RULES:
            columns[f"{kind}: {rule}"] = np.full(len(numbers), np.nan)
    for place, number in enumerate(numbers):
        key = ("audit", str(sorted(parameters.items())), str(number))
        rng = stream(SEED, *key)
        table = honest(parameters, number, rng)
        made = audited(parameters, table)
        columns["possible"][place] = sum(f.verdict != "not possible" for f in made.findings)
        for rule, rows in broken(made, audit(wide(table))).items():
            columns[f"{rule}.rejected"][place] = bool(rows)
        if number >= parameters["seeded"]:
            continue
        for kind, seed in SEEDED.items():
            wrong = copy.deepcopy(table)
            touched = set(seed(wrong, rng))
            found = broken(audited(parameters, wrong), audit(wide(wrong)))
            columns[f"{kind}.found"][place] = any(touched & rows for rows in found.values())
            for rule, rows in found.items():
                columns[f"{kind}: {rule}"][place] = bool(touched & rows)
    return columns


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return one row a rule, with false alarms, and one a kind of error, with those found."""
    del parameters
    rows: list[dict[str, Any]] = [
        {
            "tables": "honest",
            "name": rule,
            "runs": len(columns["possible"]),
            "found": int(columns[f"{rule}.rejected"].sum()),
        }
        for rule in RULES
    ]
    for kind in SEEDED:
        seeded = columns[f"{kind}.found"][~np.isnan(columns[f"{kind}.found"])]
        by = {rule: int(np.nansum(columns[f"{kind}: {rule}"])) for rule in RULES}
        rows.append(
            {
                "tables": "seeded",
                "name": kind,
                "runs": len(seeded),
                "found": int(seeded.sum()),
                "by": {rule: times for rule, times in by.items() if times},
            }
        )
    return rows
