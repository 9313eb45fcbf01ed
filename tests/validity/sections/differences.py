"""Coverage for the difference of two arms on the same clusters."""

from __future__ import annotations

from validity.coverage_tables import cases_of, covering_section

SECTION = covering_section(
    "differences",
    "Difference of two paired arms",
    "Two arms of the rate given, on the same clusters; in half of the clusters (tasks; items and "
    "runs) both have the same effect. The true difference is 0, so one minus coverage is the size "
    "of the test that the interval is.",
    [
        ("One level", cases_of("one-level difference", 1_000, drawn=500)),
        (
            "Tasks and items within",
            cases_of(
                "two-level difference",
                600,
                drawn=150,
                sizes=((6, 30), (20, 20), (50, 10), (200, 4)),
            ),
        ),
        (
            "Items crossed with runs",
            cases_of(
                "two-way difference", 600, drawn=200, sizes=((3, 100), (5, 100), (5, 20), (5, 200))
            ),
        ),
    ],
)
