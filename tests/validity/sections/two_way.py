"""Coverage for one proportion of items crossed with fine-tuning runs."""

from __future__ import annotations

from validity.coverage_tables import cases_of, covering_section

SECTION = covering_section(
    "two_way",
    "One proportion, items crossed with fine-tuning runs",
    "A probit model with normal effects of items (spread 1) and runs (spread .3), 1 to 4 trials a "
    "cell. A study has few runs, so these are 3, 5 and 10 with 100 items, and 5 with 20, 50 and "
    "200 items.",
    [
        (
            "",
            cases_of(
                "two-way",
                600,
                drawn=300,
                sizes=((3, 100), (5, 100), (10, 100), (5, 20), (5, 50), (5, 200)),
            ),
        )
    ],
)
