"""The gallery: every figure, filed by the question it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from foresay.figures import (
    accuracy_against_bounds,
    advantage,
    agreement,
    compliance,
    predictor_by_target,
    scaling,
)
from foresay.figures.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A figure that the gallery offers.

    Parameters
    ----------
    question : str
        What it answers.
    plot : callable
        From a tidy table to a `Figure`.
    needs : tuple of str
        Estimands without which it cannot be drawn.
    wants : tuple of str
        Estimands that it draws too where a study supports them.
    by : tuple of str
        The grouping it is made for; further columns make panels where it has them.
    contrast : bool
        Whether it is drawn from contrasts and not from estimates.
    policies : bool
        Whether it is drawn from estimates stacked over compliance policies.
    """

    question: str
    plot: Callable[..., Figure]
    needs: tuple[str, ...]
    wants: tuple[str, ...] = ()
    by: tuple[str, ...] = ("predictor",)
    contrast: bool = False
    policies: bool = False


GALLERY = MappingProxyType(
    {
        "accuracy-against-bounds": Entry(
            question=accuracy_against_bounds.QUESTION,
            plot=accuracy_against_bounds.plot_accuracy,
            needs=("accuracy",),
            wants=("baseline_mode", "ceiling_resample"),
            by=("predictor", "target"),
        ),
        "predictor-by-target": Entry(
            question=predictor_by_target.QUESTION,
            plot=predictor_by_target.plot_matrix,
            needs=("accuracy",),
            wants=("baseline_mode",),
            by=("predictor", "target"),
        ),
        "self-advantage": Entry(
            question=advantage.QUESTION,
            plot=advantage.plot_advantage,
            needs=("self_advantage",),
            by=("target",),
            contrast=True,
        ),
        "compliance": Entry(
            question=compliance.QUESTION,
            plot=compliance.plot_compliance,
            needs=("compliance",),
        ),
        "compliance-policies": Entry(
            question=compliance.POLICY_QUESTION,
            plot=compliance.plot_policies,
            needs=("accuracy",),
            policies=True,
        ),
        "scaling": Entry(
            question=scaling.QUESTION,
            plot=scaling.plot_scaling,
            needs=("accuracy",),
            by=("n_train", "role"),
        ),
        "agreement": Entry(
            question=agreement.QUESTION,
            plot=agreement.plot_agreement,
            needs=("ceiling_resample",),
            by=("task",),
        ),
    }
)
"""Each figure by its name: what it answers, its function, the estimands and grouping it needs."""
