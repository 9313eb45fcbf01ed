"""The study file: which tables, how their columns map, which choices, which report."""

from foresay.study.choices import Choices
from foresay.study.reading import nearest, override, parse_study, read_study
from foresay.study.specification import (
    Column,
    Contrast,
    PropertySource,
    Report,
    Study,
    TableSource,
    json_schema,
)

__all__ = [
    "Choices",
    "Column",
    "Contrast",
    "PropertySource",
    "Report",
    "Study",
    "TableSource",
    "json_schema",
    "nearest",
    "override",
    "parse_study",
    "read_study",
]
