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
    "headline": "The answer in one figure",
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
    "compliance_gain": "What training gained, and how much of it is compliance",
    "reproduction": "Reproducing the answer, reading off the property",
    "projection": "Answering for oneself",
    "two_scorings": "Every predictor about every target, scored twice",
    "shift": "New or old behaviour",
    "shifted_share": "How much behaviour was shifted",
    "specifications": "The result under other choices",
    "specification_summary": "What other choices have in common",
    "specification_importance": "Which choice moves the result",
    "influence": "The result without single parts",
    "agreement": "How often a target repeats itself",
    "ceilings": "Ceilings by property",
    "ceiling_by_k": "Ceilings by number of repeats",
    "agreement_by_n": "Agreement of N repeats",
    "determinism": "Determinism gained",
    "entropy_matched": "Differences at the same entropy",
    "templates": "Training and test templates",
    "complexity": "Accuracy over the baseline by complexity",
    "ladder": "Stages at matched compliance",
    "detection": "Hits and false alarms",
    "correlation": "Reported against actual values",
    "calibration": "Calibration",
    "reliability": "Reliability curves",
    "calibration_by_rank": "Calibration by rank of the answer",
    "distances": "Distance of the distributions",
    "claims": "Claims and their verdicts",
}
"""The analyses by name, in the order of the report, and what readers call them."""

FIGURES = {
    "headline": "headline",
    "accuracy-against-bounds": "accuracy",
    "normalised-accuracy": "accuracy",
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
    "compliance-gain": "compliance_gain",
    "reproduction": "reproduction",
    "projection": "projection",
    "two-scorings": "two_scorings",
    "behaviour-change": "shift",
    "shifted-share": "shifted_share",
    "specification-curve": "specifications",
    "influence": "influence",
    "agreement": "agreement",
    "ceiling-by-k": "ceiling_by_k",
    "agreement-by-n": "agreement_by_n",
    "determinism": "determinism",
    "entropy-matched": "entropy_matched",
    "templates": "templates",
    "complexity": "complexity",
    "stage-ladder": "ladder",
    "detection": "detection",
    "correlation": "correlation",
    "reliability": "reliability",
}
"""The figures by name, in the order of the report, and the analysis that each shows."""

PAGES = {
    "accuracy": "accuracy accuracy-informative accuracy-by-property agreement ceilings",
    "self": "advantage interactions fig-predictor-by-target reproduction projection",
    "calibration": "calibration calibration-by-rank distances detection correlation",
    "change": "fig-scaling trends ladder shifted-share shift determinism entropy-matched",
    "robustness": "compliance policies compliance-gain templates complexity over-tasks two-way "
    "specifications influence",
    "claims": "claims",
}
"""The pages of the suite that a study may lack, and the sections of each: a page is there
where one of its sections is."""


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
