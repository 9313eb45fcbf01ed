"""Coverage for the mean over cells, every cell counting the same."""

from __future__ import annotations

from validity.coverage_tables import cases_of, covering_section

SECTION = covering_section(
    "macro_means",
    "Macro mean over cells",
    "The mean over four cells that hold .4, .3, .2 and .1 of the clusters, with rates evenly about "
    "the one given; clusters as in the first law. With 20 clusters the smallest cell has two, and "
    "some resamples have none of it.",
    [("", cases_of("macro", 1_000, drawn=500))],
)
