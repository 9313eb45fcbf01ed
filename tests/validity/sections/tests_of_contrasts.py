"""Sizes of the tests of contrasts."""

from __future__ import annotations

from comparisons.simulations import FAMILY
from validity.coverage_tables import CLUSTERS
from validity.rejecting import CODE, simulate, summarise
from validity.size_tables import sizes_table, too_often
from validity.study import Case, Results, Section
from validity.tables import counted

RUNS = 1_500

OPENING = """How often a test at .05 rejects where its null holds, by clusters. Arms go together: a
cluster is as hard in one as in the other. Equivalence and superiority are tested where the truth
lies on the margin. Tests of few single pairs have few possible p-values, and with few clusters
equivalence within so small a margin can hardly be shown at all: both reject less often than .05."""


def text(results: Results) -> str:
    """Return the section of the page."""
    found = results["tests_of_contrasts"]
    if not found:
        return ""
    rows = [row for one in found for row in one.rows]
    often = sum(map(too_often, rows))
    return "\n\n".join(
        [
            "## Size of the tests of contrasts",
            OPENING,
            f"{often} of {counted(len(rows), 'cell')} reject too often by more than chance.",
            sizes_table(found),
        ]
    )


SECTION = Section(
    name="tests_of_contrasts",
    text=text,
    cases=tuple(Case({"test": test, "clusters": n}, RUNS) for test in FAMILY for n in CLUSTERS),
    simulate=simulate,
    summarise=summarise,
    code=CODE,
)
