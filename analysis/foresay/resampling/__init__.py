"""Resampling: what is drawn, the replicates, and intervals. No tables, no labels."""

from foresay.resampling.design_effects import design_effect
from foresay.resampling.designs import AnyCounts, Design, OneLevel, TwoLevel, TwoWay
from foresay.resampling.draws import Draws, draw
from foresay.resampling.estimate import Estimand, Estimate, estimate, estimate_many
from foresay.resampling.explain import DrawPlan, explain_draws
from foresay.resampling.intervals import INTERVALS, choose_interval
from foresay.resampling.jackknife import Jackknife, jackknife
from foresay.resampling.recording import Recorded, recorded_draws
from foresay.resampling.rows import Statistic, estimate_rows
from foresay.resampling.streams import stream

__all__ = [
    "INTERVALS",
    "AnyCounts",
    "Design",
    "DrawPlan",
    "Draws",
    "Estimand",
    "Estimate",
    "Jackknife",
    "OneLevel",
    "Recorded",
    "Statistic",
    "TwoLevel",
    "TwoWay",
    "choose_interval",
    "design_effect",
    "draw",
    "estimate",
    "estimate_many",
    "estimate_rows",
    "explain_draws",
    "jackknife",
    "recorded_draws",
    "stream",
]
