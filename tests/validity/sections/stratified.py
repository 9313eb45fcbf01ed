"""Coverage for one proportion whose clusters are drawn within strata."""

from __future__ import annotations

from validity.coverage_tables import cases_of, covering_section

SECTION = covering_section(
    "stratified",
    "One proportion, clusters within strata",
    "Four strata of equally many clusters, whose rates lie evenly about the mean; clusters within "
    "them as in the first law.",
    [("", cases_of("stratified", 1_000, drawn=1_000))],
)
