"""The sections of the page, in its order: one file each, with a `SECTION` in it."""

from __future__ import annotations

from importlib import import_module

from validity.study import Section

NAMES = (
    "one_level",
    "hard_clusters",
    "stratified",
    "two_level",
    "two_way",
    "differences",
    "ratios",
    "macro_means",
    "automatic",
    "likelihood",
    "tests_of_contrasts",
    "models",
    "specification_curves",
    "power",
    "ceilings",
    "baselines",
    "calibration",
    "gains",
    "shifts",
    "audit",
)
"""Names of modules in ``sections``; a new section is a file and its name here."""


def _load(name: str) -> Section:
    return import_module(f"validity.sections.{name}").SECTION


SECTIONS = tuple(_load(name) for name in NAMES)


def section(name: str) -> Section:
    """Return the section called `name`."""
    return next(one for one in SECTIONS if one.name == name)
