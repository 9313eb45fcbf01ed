"""The study file: which tables, how their columns map, which choices, which report."""

from foresay.study.choices import Choices
from foresay.study.contrasts import SELF_ADVANTAGE, Contrast, Family, Versus
from foresay.study.naming import nearest
from foresay.study.reading import override, parse_study, read_study
from foresay.study.specification import (
    Column,
    PropertySource,
    Report,
    Study,
    TableSource,
    json_schema,
)

__all__ = [
    "SELF_ADVANTAGE",
    "Choices",
    "Column",
    "Contrast",
    "Family",
    "PropertySource",
    "Report",
    "Study",
    "TableSource",
    "Versus",
    "json_schema",
    "nearest",
    "override",
    "parse_study",
    "read_study",
]
