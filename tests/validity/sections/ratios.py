"""Coverage for a ratio of two sums, such as a normalised accuracy."""

from __future__ import annotations

from validity.coverage_tables import cases_of, covering_section

SECTION = covering_section(
    "ratios",
    "Ratio of two sums",
    "Matches over a ceiling, as in a normalised accuracy: the ceiling of a cluster is beta with a "
    "mean of .8 and a correlation of 1/3, and its trials match at the rate given times its "
    "ceiling. Both sums are observed, with sizes of 1 to 20.",
    [("", cases_of("ratio", 1_000, drawn=500))],
)
