"""Coverage for one proportion of trials in items in tasks."""

from __future__ import annotations

from validity.coverage_tables import cases_of, covering_section

SECTION = covering_section(
    "two_level",
    "One proportion, tasks and items within",
    "Task rates are beta with a correlation of .1, item rates beta within their task with 1/3; "
    "1 to 8 trials an item; the number of items in a task varies by half about the one given. The "
    "few tasks of real studies are there beside the sizes of the other designs.",
    [
        (
            "",
            cases_of(
                "two-level",
                1_000,
                drawn=300,
                sizes=((6, 30), (12, 30), (20, 30), (50, 20), (200, 8)),
            ),
        )
    ],
)
