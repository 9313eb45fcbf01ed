"""Audit of printed tables: false alarms on honest ones, and errors that are found."""

from __future__ import annotations

from validity.auditing import CODE, RULES, simulate, summarise
from validity.printing import SEEDED
from validity.study import Case, Result, Results, Section
from validity.tables import share, table

RUNS = 1_250
SEEDED_RUNS = 250

PROMISED = {
    "estimate near the middle of its interval": 0.01,
    "standard error fits its interval": 0.01,
    "no panel twice": 0.001,
}
"""Largest share of honest tables with a false alarm; no false alarm at all where not named."""

CASES = {
    "percent, 1 decimal, Wilson": (1, "percent", 500, "wilson", "auto", 2),
    "3 decimals, normal, binomial errors": (3, "proportion", 120, "normal", "binomial", 2),
    "2 decimals, exact": (2, "proportion", 60, "exact", "auto", 2),
    "percent, 2 decimals, logit": (2, "percent", 150, "logit", "auto", 2),
    "3 decimals, t of 8 clusters": (3, "proportion", 800, "clusters", "auto", 2),
    "percent, 1 decimal, bootstrap of 1,000": (1, "percent", 20_000, "bootstrap 1000", "auto", 2),
    "floats, bootstrap of 200": (None, "proportion", 5_000, "bootstrap 200", "auto", 2),
    "percent, 1 decimal, six equal arms": (1, "percent", 4_000, "wilson", "auto", 6),
}
"""What is printed: decimals, unit, about how many items a cell, interval, said of errors, arms."""

OPENING = f"""Simulated tables of two arms and five properties (accuracies of .02 to .93 with n,
interval and error, their differences, and shares that add up to 1), each number rounded correctly
from its exact value, ties to the even digit in every other table and up in the rest; and tables of
six arms that are equally good at three properties. They are audited with a row an estimate, and
with a row a property for what follows from other columns. *False alarms*: the share of {RUNS:,}
honest tables of a kind in which a rule says *differs*. Promised is none, except for the middle and
the width of an interval, whose bootstrap has an error of its own
({share(PROMISED["estimate near the middle of its interval"], 2)} and
{share(PROMISED["standard error fits its interval"], 2)}), and for repeated panels, which can
coincide ({share(PROMISED["no panel twice"])}).

*Found*: the share of {SEEDED_RUNS:,} tables with one error put in where a rule names a row that the
error touched. One digit of an accuracy is changed, the last one as often as the first; two
accuracies of an arm are swapped; an n is changed by up to a fifth; all that is printed for one arm
is printed for another; an error is that of four times as many items, or of a quarter of them; a
digit of a difference or of one of two shares that add up is changed. What cannot be found, such as
a last digit within rounding, counts as missed."""


def name_of(one: Result) -> str:
    """Return the name of a case."""
    said = tuple(one[part] for part in ("decimals", "unit", "items", "interval", "errors", "arms"))
    return next(name for name, case in CASES.items() if case == said)


def text(results: Results) -> str:
    """Return the section of the page."""
    cases = results.get("audit", [])
    if not cases:
        return ""
    alarms = [
        [name_of(one), *(share(_share(one, "honest", rule), 4) for rule in RULES)] for one in cases
    ]
    found = [
        [name_of(one), *(share(_share(one, "seeded", kind)) for kind in SEEDED)] for one in cases
    ]
    return "\n\n".join(
        [
            "## Audit of printed tables",
            OPENING,
            "### False alarms",
            table(["printed", *RULES], alarms),
            "### Errors found",
            table(["printed", *SEEDED], found),
        ]
    )


def _share(one: Result, tables: str, name: str) -> float:
    row = one.row(tables=tables, name=name)
    return row["found"] / row["runs"]


SECTION = Section(
    name="audit",
    text=text,
    cases=tuple(
        Case(
            {
                "decimals": decimals,
                "unit": unit,
                "items": items,
                "interval": interval,
                "errors": errors,
                "arms": arms,
                "seeded": SEEDED_RUNS,
            },
            RUNS,
        )
        for decimals, unit, items, interval, errors, arms in CASES.values()
    ),
    simulate=simulate,
    summarise=summarise,
    code=CODE,
)
