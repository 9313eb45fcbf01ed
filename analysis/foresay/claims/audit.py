"""Audit of a published table: every rule on everything that it can be asked of."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foresay.claims.cells import Unread, unread_cells
from foresay.claims.columns import Layout
from foresay.claims.consistency.finding import OUTCOMES, Finding
from foresay.claims.premises import Premises
from foresay.claims.reading import joined, read_rows, reported
from foresay.claims.relations import Assessment, assess_claims
from foresay.claims.reported import Reported
from foresay.claims.row_rules import error_findings, row_findings
from foresay.claims.table_rules import table_findings

if TYPE_CHECKING:
    import pandas as pd

    Table = str | Path | pd.DataFrame | Sequence[Mapping[str, Any]]

COLUMNS = ("rule", "verdict", "rows", "arithmetic", "reason")
SUMMARY = ("rule", "possible", "passed", "differs", "not_possible")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the rules say about a table.

    Parameters
    ----------
    findings : tuple of Finding
        One for each check, also for those that passed or were not possible.
    assessments : tuple of Assessment
        Verdicts on claims, if claims were given.
    layout : Layout
        What the columns were taken for.
    estimates : int
        Number of estimates that were read.
    reported : tuple of Reported
        The estimates themselves, in the order of the table.
    unread : tuple of Unread
        Cells that should hold a number by their column, and hold none.
    left_out : tuple of int
        Rows of which no estimate was read; the first below the head is 1.
    """

    findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...]
    layout: Layout
    estimates: int
    reported: tuple[Reported, ...] = ()
    unread: tuple[Unread, ...] = ()
    left_out: tuple[int, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 where numbers do not fit each other or a claim is contradicted, else 0."""
        contradicted = any(one.verdict == "contradicted" for one in self.assessments)
        return int(bool(self.differing) or contradicted)

    @property
    def differing(self) -> tuple[Finding, ...]:
        """Findings of numbers that do not fit each other."""
        return tuple(one for one in self.findings if one.verdict == "differs")

    @property
    def rows_named(self) -> tuple[str, ...]:
        """Rows that some finding names as differing, each once, in the order of the findings."""
        return tuple(dict.fromkeys(row for one in self.differing for row in one.rows))

    def counts(self) -> dict[str, Counter[str]]:
        """Return, for each rule, how many checks had which verdict."""
        found: dict[str, Counter[str]] = {}
        for one in self.findings:
            found.setdefault(one.rule, Counter())[one.verdict] += 1
        return found

    def table(self) -> pd.DataFrame:
        """Return the findings as a tidy table.

        Returns
        -------
        pandas.DataFrame
            ``rule``, ``verdict`` (passed, differs, not possible), ``rows`` (ids, with ``; ``
            between them), ``arithmetic``, ``reason``; those that differ first, each kind in the
            order of the rules and rows.
        """
        import pandas as pd

        order = ("differs", "passed", "not possible")
        ranked = sorted(self.findings, key=lambda one: order.index(one.verdict))
        cells = [(f.rule, f.verdict, "; ".join(f.rows), f.arithmetic, f.reason) for f in ranked]
        return pd.DataFrame(cells, columns=list(COLUMNS))

    def summary(self) -> pd.DataFrame:
        """Return one row a rule: checks that were ``possible``, and how many had which verdict."""
        import pandas as pd

        cells = [
            (rule, n["passed"] + n["differs"], n["passed"], n["differs"], n["not possible"])
            for rule, n in self.counts().items()
        ]
        return pd.DataFrame(cells, columns=list(SUMMARY))

    def to_json(self) -> str:
        """Return everything as JSON, one finding a line; the same bytes for the same table."""
        said = {
            "estimates": self.estimates,
            "columns": {
                "roles": dict(self.layout.roles),
                "measures": [one.column for one in self.layout.measures],
                "labels": list(self.layout.labels),
                "not_used": list(self.layout.unused),
                "n": list(dict.fromkeys(one.n_from for one in self.reported if one.n_from)),
                "sums": [{one.kind: list(one.columns)} for one in self.layout.sums],
            },
            "cells_not_read": [
                {"row": one.row, "column": one.column, "text": one.text} for one in self.unread
            ],
            "rows_left_out": list(self.left_out),
            "rules": {
                rule: {verdict.replace(" ", "_"): n[verdict] for verdict in OUTCOMES}
                for rule, n in self.counts().items()
            },
            "findings": [_finding(one) for one in self.findings],
            "claims": [_assessment(one) for one in self.assessments],
        }
        return "{\n" + ",\n".join(f"{_dumped(k)}: {_dumped(v)}" for k, v in said.items()) + "\n}\n"


def _dumped(value: object) -> str:
    """Return JSON with one line for each element of a list; indenting deeper takes long."""
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(_dumped, value)) + "\n]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def audit(
    table: Table,
    mapping: Mapping[str, str] | None = None,
    *,
    claims: Table | None = None,
    premises: Premises | None = None,
) -> Audit:
    """Check a table of printed numbers against itself; no other data are needed.

    Parameters
    ----------
    table : path, DataFrame or sequence of mappings
        Estimates, one a row (with a column of values) or one a cell (a wide table).
    mapping : mapping, optional
        Column to what it is, where its name does not say it; see `recognise`.
    claims : path, DataFrame or sequence of mappings, optional
        ``id`` and ``terms``: relations between rows of the table; see `parse_relations`.
    premises : Premises, optional
        What is taken for granted about the table.

    Returns
    -------
    Audit
        Findings on every estimate, and verdicts on the claims.

    Raises
    ------
    ChoiceError
        The columns cannot be told, or a mapping, premise or claim is wrong.
    SourceError
        A file cannot be read.

    Examples
    --------
    >>> rows = [{"model": "a", "accuracy": ".494", "low": ".509", "high": ".516", "n": "74853"}]
    >>> [one.arithmetic for one in audit(rows).differing][0]
    'printed .494 [.509, .516]; .494 lies below the interval'
    """
    given = premises or Premises()
    rows = read_rows(table)
    single, layout = reported(rows, mapping, join=False)
    found = joined(single)
    read = {one.row for one in single}
    findings = [
        *row_findings(found, given),
        *error_findings(found, given),
        *table_findings(rows, found, layout, given),
    ]
    assessments: list[Assessment] = []
    if claims is not None:
        # a relation may name the row of an error too, which belongs to another row above
        everything = {one.id: one for one in single}
        everything |= {one.id: one for one in found}
        assessments = assess_claims(
            read_rows(claims), list(everything.values()), rounding=given.rounding
        )
    return Audit(
        findings=tuple(findings),
        assessments=tuple(assessments),
        layout=layout,
        estimates=len(found),
        reported=tuple(found),
        unread=unread_cells(rows, layout),
        left_out=tuple(at for at in range(1, len(rows) + 1) if at not in read),
    )


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "verdict": one.verdict,
        "rows": list(one.rows),
        "arithmetic": one.arithmetic,
        "reason": one.reason,
        "numbers": {k: v if math.isfinite(v) else None for k, v in one.numbers.items()},
    }


def _assessment(one: Assessment) -> dict[str, Any]:
    return {
        "id": one.id,
        "relation": one.relation,
        "verdict": one.verdict,
        "reason": one.reason,
        "parts": [
            {
                "verdict": part.verdict,
                "arithmetic": part.arithmetic,
                "basis": part.basis,
                "rows": list(part.rows),
            }
            for part in one.parts
        ],
    }
