"""Figures: a tidy table in, a chart with its data and its words out; nothing is computed here."""

from __future__ import annotations

from foresay.figures.accuracy_against_bounds import plot_accuracy
from foresay.figures.advantage import plot_advantage
from foresay.figures.agreement import plot_agreement
from foresay.figures.compliance import plot_compliance, plot_policies
from foresay.figures.figure import FORMATS, Figure
from foresay.figures.forest import Wording, plot_forest
from foresay.figures.gallery import GALLERY, Entry
from foresay.figures.page import PAGE
from foresay.figures.predictor_by_target import plot_matrix
from foresay.figures.scaling import plot_scaling
from foresay.figures.theme import DOUBLE, SINGLE

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
    "plot_compliance",
    "plot_forest",
    "plot_matrix",
    "plot_policies",
    "plot_scaling",
]
