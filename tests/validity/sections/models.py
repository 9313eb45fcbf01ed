"""Sizes of the tests of models: crossed clusters, the two-way model, random effects, trends."""

from __future__ import annotations

from validity.coverage_tables import CLUSTERS
from validity.rejecting import CODE, simulate, summarise
from validity.size_tables import sizes_table, too_often
from validity.study import Case, Results, Section
from validity.tables import counted

_PLAN = {
    "crossed": (1_000, CLUSTERS),
    "two-way model": (800, CLUSTERS),
    "random effects": (2_000, (6, 12, *CLUSTERS)),
    "trend": (800, CLUSTERS),
}
"""Data sets, and numbers of clusters (tasks of random effects), of each."""

OPENING = """Columns are items, or for random effects tasks of 30 trials, whose true differences
vary about 0 with a spread of .05. The two-way model has two predictors of two targets, one target
easier, and items that are easy or hard for everybody. A trend has four levels on the same items:
self is flat, and cross rises by the margin of the plateau."""


def text(results: Results) -> str:
    """Return the section of the page."""
    found = results["models"]
    if not found:
        return ""
    rows = [row for one in found for row in one.rows]
    often = sum(map(too_often, rows))
    return "\n\n".join(
        [
            "## Size of the tests of models",
            OPENING,
            f"{often} of {counted(len(rows), 'cell')} reject too often by more than chance.",
            sizes_table(found),
        ]
    )


SECTION = Section(
    name="models",
    text=text,
    cases=tuple(
        Case({"test": test, "clusters": n}, runs)
        for test, (runs, sizes) in _PLAN.items()
        for n in sizes
    ),
    simulate=simulate,
    summarise=summarise,
    code=CODE,
)
