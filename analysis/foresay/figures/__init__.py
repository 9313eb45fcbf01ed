"""Figures: a tidy table in, a chart with its data and its words out; nothing is computed here.

The module of a figure is imported when the figure is first asked for: all of them together take
longer than drawing one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foresay.figures.accuracy_against_bounds import plot_accuracy
    from foresay.figures.advantage import plot_advantage
    from foresay.figures.agreement import plot_agreement
    from foresay.figures.by_repeats import plot_agreement_by_n, plot_ceiling_by_k
    from foresay.figures.ceiling_precision import plot_ceiling_precision
    from foresay.figures.complexity import plot_complexity
    from foresay.figures.compliance import plot_compliance, plot_policies
    from foresay.figures.contrasts import plot_contrasts
    from foresay.figures.detection import plot_correlation, plot_detection
    from foresay.figures.determinism import plot_determinism, plot_entropy_matched
    from foresay.figures.figure import FORMATS, Figure
    from foresay.figures.forest import Wording, plot_forest
    from foresay.figures.gain import plot_gain
    from foresay.figures.gallery import GALLERY, Entry
    from foresay.figures.influence import plot_influence
    from foresay.figures.interaction import plot_interaction
    from foresay.figures.ladder import plot_ladder
    from foresay.figures.normalized import plot_normalized
    from foresay.figures.page import PAGE
    from foresay.figures.power import plot_power
    from foresay.figures.predictor_by_target import plot_matrix
    from foresay.figures.projection import plot_projection
    from foresay.figures.random_effects import plot_random_effects
    from foresay.figures.reliability import plot_reliability
    from foresay.figures.reproduction import plot_reproduction
    from foresay.figures.scaling import plot_scaling
    from foresay.figures.shift import plot_shift, plot_shifted_share
    from foresay.figures.specification_curve import plot_specification_curve
    from foresay.figures.templates import plot_templates
    from foresay.figures.theme import DOUBLE, SINGLE
    from foresay.figures.trend import plot_trend
    from foresay.figures.two_scorings import plot_two_scorings
    from foresay.figures.two_way import plot_two_way

__all__ = [
    "DOUBLE",
    "FORMATS",
    "GALLERY",
    "PAGE",
    "SINGLE",
    "Entry",
    "Figure",
    "Wording",
    "plot_accuracy",
    "plot_advantage",
    "plot_agreement",
    "plot_agreement_by_n",
    "plot_ceiling_by_k",
    "plot_ceiling_precision",
    "plot_complexity",
    "plot_compliance",
    "plot_contrasts",
    "plot_correlation",
    "plot_detection",
    "plot_determinism",
    "plot_entropy_matched",
    "plot_forest",
    "plot_gain",
    "plot_influence",
    "plot_interaction",
    "plot_ladder",
    "plot_matrix",
    "plot_normalized",
    "plot_policies",
    "plot_power",
    "plot_projection",
    "plot_random_effects",
    "plot_reliability",
    "plot_reproduction",
    "plot_scaling",
    "plot_shift",
    "plot_shifted_share",
    "plot_specification_curve",
    "plot_templates",
    "plot_trend",
    "plot_two_scorings",
    "plot_two_way",
]

_MODULES = {
    "plot_accuracy": "accuracy_against_bounds",
    "plot_advantage": "advantage",
    "plot_agreement": "agreement",
    "plot_agreement_by_n": "by_repeats",
    "plot_ceiling_by_k": "by_repeats",
    "plot_ceiling_precision": "ceiling_precision",
    "plot_complexity": "complexity",
    "plot_compliance": "compliance",
    "plot_policies": "compliance",
    "plot_contrasts": "contrasts",
    "plot_correlation": "detection",
    "plot_detection": "detection",
    "plot_determinism": "determinism",
    "plot_entropy_matched": "determinism",
    "FORMATS": "figure",
    "Figure": "figure",
    "Wording": "forest",
    "plot_forest": "forest",
    "plot_gain": "gain",
    "GALLERY": "gallery",
    "Entry": "gallery",
    "plot_influence": "influence",
    "plot_interaction": "interaction",
    "plot_ladder": "ladder",
    "plot_normalized": "normalized",
    "PAGE": "page",
    "plot_power": "power",
    "plot_matrix": "predictor_by_target",
    "plot_projection": "projection",
    "plot_random_effects": "random_effects",
    "plot_reliability": "reliability",
    "plot_reproduction": "reproduction",
    "plot_scaling": "scaling",
    "plot_shift": "shift",
    "plot_shifted_share": "shift",
    "plot_specification_curve": "specification_curve",
    "plot_templates": "templates",
    "DOUBLE": "theme",
    "SINGLE": "theme",
    "plot_trend": "trend",
    "plot_two_scorings": "two_scorings",
    "plot_two_way": "two_way",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
