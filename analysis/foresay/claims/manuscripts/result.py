"""What the check of a manuscript found, as a table, JSON, text and page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foresay.claims.manuscripts.finding import OUTCOMES, Finding, Outcome

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    *("rule", "outcome", "claim", "link", "confidence", "printed", "expected", "place", "line"),
    *("sentence", "reason"),
)
"""Columns of `ManuscriptCheck.table`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManuscriptCheck:
    """What a manuscript prints against what its ledger says.

    Parameters
    ----------
    name : str
        Of the file.
    findings : tuple of Finding
        Those that differ first, in the order of `OUTCOMES`, each in the order of the manuscript.
    numbers : int
        Numbers that were held against the ledger.
    passed_over : tuple of (str, int)
        Why numbers are no results, and how many.
    notes : tuple of str
        What was not read.
    """

    name: str
    findings: tuple[Finding, ...]
    numbers: int
    passed_over: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]

    def counts(self) -> dict[Outcome, int]:
        """Return how many findings have each outcome."""
        found = [one.outcome for one in self.findings]
        return {outcome: found.count(outcome) for outcome in OUTCOMES}

    @property
    def exit_code(self) -> int:
        """1 where something differs, else 0; what may differ is for a person to see."""
        return int(self.counts()["differs"] > 0)

    def table(self) -> pd.DataFrame:
        """Return the findings as a tidy table.

        Returns
        -------
        DataFrame
            `rule` (see `RULES`), `outcome`, `claim`, `link` (marked or proposed), `confidence`,
            `printed`, `expected`, `place`, `line` (0 where not known), `sentence`, `reason`.
        """
        import pandas as pd

        rows = [tuple(_row(one).values()) for one in self.findings]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def to_json(self) -> str:
        """Return everything as JSON, the same bytes for the same manuscript and ledger."""
        said = {
            "manuscript": self.name,
            "numbers": self.numbers,
            "passed_over": dict(self.passed_over),
            "notes": list(self.notes),
            "counts": {name.replace(" ", "_"): n for name, n in self.counts().items()},
            "findings": [_row(one) for one in self.findings],
        }
        return json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def to_text(self) -> str:
        """Return what a terminal shows."""
        from foresay.claims.manuscripts.showing import text

        return text(self)

    def to_html(self) -> str:
        """Return a page of its own."""
        from foresay.claims.manuscripts.showing import page

        return page(self)


def _row(one: Finding) -> dict[str, str | int | float]:
    return {
        "rule": one.rule,
        "outcome": one.outcome,
        "claim": one.claim,
        "link": one.how,
        "confidence": round(one.confidence, 3),
        "printed": one.printed,
        "expected": one.expected,
        "place": one.place,
        "line": one.line,
        "sentence": one.sentence,
        "reason": one.reason,
    }
