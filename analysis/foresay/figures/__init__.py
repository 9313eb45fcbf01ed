"""Figures: a tidy table in, a chart with its data and its words out; nothing is computed here."""

from __future__ import annotations

from foresay.figures.accuracy_against_bounds import plot_accuracy
from foresay.figures.advantage import plot_advantage
from foresay.figures.agreement import plot_agreement
from foresay.figures.ceiling_precision import plot_ceiling_precision
from foresay.figures.compliance import plot_compliance, plot_policies
from foresay.figures.contrasts import plot_contrasts
from foresay.figures.figure import FORMATS, Figure
from foresay.figures.forest import Wording, plot_forest
from foresay.figures.gallery import GALLERY, Entry
from foresay.figures.interaction import plot_interaction
from foresay.figures.page import PAGE
from foresay.figures.power import plot_power
from foresay.figures.predictor_by_target import plot_matrix
from foresay.figures.random_effects import plot_random_effects
from foresay.figures.scaling import plot_scaling
from foresay.figures.theme import DOUBLE, SINGLE
from foresay.figures.trend import plot_trend
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
    "plot_ceiling_precision",
    "plot_compliance",
    "plot_contrasts",
    "plot_forest",
    "plot_interaction",
    "plot_matrix",
    "plot_policies",
    "plot_power",
    "plot_random_effects",
    "plot_scaling",
    "plot_trend",
    "plot_two_way",
]
