"""Power of the planner against fresh studies."""

from __future__ import annotations

from validity.powering import CODE, simulate, summarise
from validity.study import Case, Result, Results, Section
from validity.tables import share, table

PILOTS = 2

OPENING = """What `foresay power` promises from a pilot study of 200 prompts at the true self
advantage, and how often fresh studies of the same world have an interval that excludes 0; one row
is the mean over pilots. The promise is no better than its pilot, so that it is held to .06 and
three standard errors of the share of fresh studies."""


def found(result: Result) -> tuple[float, float, float]:
    """Return what was promised, what fresh studies found, and its standard error."""
    row = result.rows[0]
    promised = row["promised"]
    # near 0 and 1 the error of a share that was promised is no measure of what may come
    sigma = (max(promised * (1 - promised), 0.02) / row["studies"]) ** 0.5
    return promised, row["found"] / row["studies"], sigma


def text(results: Results) -> str:
    """Return the section of the page."""
    cases = results["power"]
    if not cases:
        return ""
    rows = []
    for one in cases:
        promised, came, sigma = found(one)
        rows.append(
            [
                str(one["items"]),
                share(one.rows[0]["effect"]),
                share(promised),
                share(came),
                f"{(came - promised) / sigma:+.1f}",
            ]
        )
    head = ["prompts", "true effect", "promised", "found", "difference in errors"]
    return "\n\n".join(["## Power against the planner", OPENING, table(head, rows)])


SECTION = Section(
    name="power",
    text=text,
    cases=tuple(
        Case({"items": items, "advantage": advantage}, PILOTS)
        for items, advantage in (
            (20, 0.0),
            (20, 0.45),
            (50, 0.0),
            (50, 0.35),
            (200, 0.0),
            (200, 0.18),
        )
    ),
    simulate=simulate,
    summarise=summarise,
    code=CODE,
)
