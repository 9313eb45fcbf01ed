"""The results of a report: what `analyse` computes, and what figures and pages read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

RESULTS = "FORESAY_RESULTS"
"""Environment variable: the folder of computed results that a page's cells read."""

INFORMATIVE = 0.6
"""Below this share of the commonest answer a cell is called informative: there is something to
predict. A convention, stated wherever it is used."""

TITLES = {
    "glance": "The study at a glance",
    "accuracy": "Accuracy and its bounds",
    "accuracy_informative": "Accuracy where there is something to predict",
    "accuracy_by_property": "Accuracy by property",
    "scaling": "Accuracy by number of training questions",
    "trends": "Slopes and plateaus",
    "matrix": "Every predictor about every target",
    "advantage": "Self against cross",
    "interactions": "Differences of differences",
    "over_tasks": "The result over other tasks",
    "two_way": "Predictor, target and self in one model",
    "compliance": "Compliance",
    "policies": "What the counting of replies does",
    "agreement": "How often a target repeats itself",
}
"""The analyses by name, in the order of the report, and what readers call them."""

FIGURES = {
    "accuracy-against-bounds": "accuracy",
    "accuracy-informative": "accuracy_informative",
    "accuracy-by-property": "accuracy_by_property",
    "scaling": "scaling",
    "trend": "trends",
    "predictor-by-target": "matrix",
    "self-advantage": "advantage",
    "interaction": "interactions",
    "over-tasks": "over_tasks",
    "two-way-model": "two_way",
    "compliance": "compliance",
    "compliance-policies": "policies",
    "agreement": "agreement",
}
"""The figures by name, in the order of the report, and the analysis that each shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that a report prints, computed.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By name of the analysis, see `TITLES`.
    missing : dict of str to str
        What the study's tables do not support, by its title, and why.
    facts : dict of str to object
        Single facts: counts, names, choices.
    """

    tables: dict[str, pd.DataFrame]
    missing: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether an analysis gave rows."""
        return name in self.tables and not self.tables[name].empty
