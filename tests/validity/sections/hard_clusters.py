"""Coverage where clusters are of two kinds: laws that no interval was made for."""

from __future__ import annotations

from validity.coverage_tables import cases_of, covering_section

SECTION = covering_section(
    "hard_clusters",
    "The same, where few clusters hold the errors",
    "Two laws that no interval was made for. Hard clusters: the correlation and sizes are those "
    "above, but most clusters are nearly always right and a few are hard. Rare clusters: half of "
    "the errors are in rare clusters that are wholly wrong, the others are spread evenly over the "
    "rest. Where no rare cluster was drawn the data look harmless, and nothing in them can say "
    "otherwise.",
    [
        ("Hard clusters", cases_of("hard clusters", 1_000, drawn=500)),
        (
            "Rare clusters",
            cases_of("rare clusters", 1_000, drawn=500, rates=(0.9, 0.98)),
        ),
    ],
)
