"""Ceilings from few repeats: bias of each estimate, coverage of each interval."""

from __future__ import annotations

from collections.abc import Iterator

from validity.repeating import CODE, ITEMS, simulate, summarise
from validity.study import Case, Result, Results, Section
from validity.tables import share, table

RUNS = 1_000

REFERENCE = {
    ("Dirichlet", 3, 2): (0.0, 15.8, 7.3, -8.5, 0.94, 0.95, 1.00),
    ("Dirichlet", 3, 5): (0.1, 6.4, 4.0, -4.4, 0.95, 0.95, 1.00),
    ("Dirichlet", 10, 5): (0.0, 13.5, 9.8, -8.6, 0.96, 0.96, 1.00),
    ("mix", 5, 3): (0.0, 9.7, 10.2, -2.9, 0.95, 0.94, 1.00),
    ("mix", 5, 10): (0.0, 2.9, 5.1, -0.5, 0.95, 0.95, 0.99),
}
"""An independent simulation of the same cases: biases in points and coverages."""

BIAS = ("unbiased", "plug_in_resample", "plug_in_modal", "leave_one_out")
COVERED = ("ceiling_resample", "normalized_accuracy", "ceiling_modal")

OPENING = f"""{ITEMS} items, each answered k times. *Dirichlet*: the chances of an item's answers
are Dirichlet with a concentration of .3; *mix*: 60 % of items answer the same in 97 of 100 runs,
25 % are near-ties of .50 and .45, 15 % are flat. A is the resample ceiling, M the modal one. Bias
in points, over {RUNS:,} studies, of the unbiased estimate of A and the plug-in sum of squared
shares, and of the share of the commonest answer and the leave-one-out mode as estimates of M.
Coverage of the interval of A, of that of normalised accuracy against A, and of the bracket for M.
Beside each number is that of an independent simulation."""


def reference(result: Result) -> tuple[float, ...]:
    """Return what an independent simulation of the same case gave."""
    return REFERENCE[result["law"], result["answers"], result["repeats"]]


def biases(result: Result) -> Iterator[tuple[str, float, float]]:
    """Yield the name of each estimate, its bias in points, and the independent one."""
    row = result.rows[0]
    for name, theirs in zip(BIAS, reference(result), strict=False):
        yield name, 100 * row[f"bias_{name}"], theirs


def coverages(result: Result) -> Iterator[tuple[str, float, float]]:
    """Yield the name of each interval, its coverage, and the independent one."""
    row = result.rows[0]
    for name, theirs in zip(COVERED, reference(result)[len(BIAS) :], strict=True):
        yield name, row[f"covered_{name}"] / row["runs"], theirs


def text(results: Results) -> str:
    """Return the section of the page."""
    cases = results["ceilings"]
    if not cases:
        return ""
    rows = []
    for one in cases:
        row = one.rows[0]
        rows.append(
            [
                f"{one['law']} C={one['answers']}, k={one['repeats']}",
                f"{share(row['ceiling_resample'])} / {share(row['ceiling_modal'])}",
                *(f"{ours:+.1f} ({theirs:+.1f})" for _, ours, theirs in biases(one)),
                *(f"{share(ours)} ({share(theirs, 2)})" for _, ours, theirs in coverages(one)),
            ]
        )
    head = [
        *("case", "A / M", "unbiased", "plug-in squares", "plug-in commonest", "leave-one-out"),
        *("interval of A", "normalised", "bracket for M"),
    ]
    return "\n\n".join(["## Ceilings from repeats", OPENING, table(head, rows)])


SECTION = Section(
    name="ceilings",
    text=text,
    cases=tuple(
        Case({"law": law, "answers": answers, "repeats": repeats}, RUNS)
        for law, answers, repeats in REFERENCE
    ),
    simulate=simulate,
    summarise=summarise,
    code=CODE,
)
