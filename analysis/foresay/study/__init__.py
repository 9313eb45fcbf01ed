"""The study file: which tables, how their columns map, which choices, which report."""

from foresay.study.choices import Choices
from foresay.study.comparisons import SECTIONS, Declared, Kind, find_comparison, known_comparisons
from foresay.study.contrasts import SELF_ADVANTAGE, SELF_ADVANTAGE_NAME, Contrast, Family, Versus
from foresay.study.grids import Grid, find_grid
from foresay.study.models import OVER_TASKS, TWO_WAY, Regression, Summary
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
from foresay.study.trends import SCALING, Plateau, Trend

__all__ = [
    "OVER_TASKS",
    "SCALING",
    "SECTIONS",
    "SELF_ADVANTAGE",
    "SELF_ADVANTAGE_NAME",
    "TWO_WAY",
    "Choices",
    "Column",
    "Contrast",
    "Declared",
    "Family",
    "Grid",
    "Kind",
    "Plateau",
    "PropertySource",
    "Regression",
    "Report",
    "Study",
    "Summary",
    "TableSource",
    "Trend",
    "Versus",
    "find_comparison",
    "find_grid",
    "json_schema",
    "known_comparisons",
    "nearest",
    "override",
    "parse_study",
    "read_study",
]
