"""The gallery: every figure, filed by the question it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from foresay.figures import (
    accuracy_against_bounds,
    advantage,
    agreement,
    by_repeats,
    ceiling_precision,
    complexity,
    compliance,
    contrasts,
    detection,
    determinism,
    gain,
    influence,
    interaction,
    ladder,
    normalized,
    power,
    predictor_by_target,
    projection,
    random_effects,
    reliability,
    reproduction,
    scaling,
    shift,
    specification_curve,
    templates,
    trend,
    two_scorings,
    two_way,
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
    kind : str
        The kind of comparison that it is drawn from, as `Workbench.compare` returns it, or the
        method of `Workbench` that makes its table; "" for tables of estimates.
    """

    question: str
    plot: Callable[..., Figure]
    needs: tuple[str, ...]
    wants: tuple[str, ...] = ()
    by: tuple[str, ...] = ("predictor",)
    contrast: bool = False
    policies: bool = False
    kind: str = ""


_CEILING = "ceiling_resample"


def _of_its_own(question: str, plot: Callable[..., Figure], needs: str) -> Entry:
    """Return the entry of a figure whose table a method of `Workbench` of that name makes."""
    kind = plot.__name__.removeprefix("plot_")
    return Entry(question=question, plot=plot, needs=(needs,), kind=kind)


GALLERY = MappingProxyType(
    {
        "accuracy-against-bounds": Entry(
            question=accuracy_against_bounds.QUESTION,
            plot=accuracy_against_bounds.plot_accuracy,
            needs=("accuracy",),
            wants=("baseline_mode", "ceiling_resample", "ceiling_modal"),
            by=("predictor", "target"),
        ),
        "normalised-accuracy": Entry(
            question=normalized.QUESTION,
            plot=normalized.plot_normalized,
            needs=("normalized_accuracy",),
            wants=("normalized_accuracy_modal",),
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
        "compliance-gain": Entry(
            question=gain.QUESTION,
            plot=gain.plot_gain,
            needs=("gain_compliance", "gain_accuracy", "gain"),
            by=("predictor", "before"),
        ),
        "reproduction": Entry(
            question=reproduction.QUESTION,
            plot=reproduction.plot_reproduction,
            needs=(
                "right_reproduced",
                "right_unreproduced",
                "wrong_reproduced",
                "wrong_unreproduced",
            ),
            wants=("copy_oracle",),
        ),
        "projection": Entry(
            question=projection.QUESTION,
            plot=projection.plot_projection,
            needs=("projection",),
        ),
        "two-scorings": Entry(
            question=two_scorings.QUESTION,
            plot=two_scorings.plot_two_scorings,
            needs=("accuracy_target", "accuracy_own"),
            by=("predictor", "target"),
        ),
        "behaviour-change": Entry(
            question=shift.QUESTION,
            plot=shift.plot_shift,
            needs=("shift_new", "shift_old", "shift_neither"),
            wants=("accuracy_unshifted",),
        ),
        "shifted-share": Entry(
            question=shift.SHARE_QUESTION,
            plot=shift.plot_shifted_share,
            needs=("shifted_share", "shift_noise"),
            by=("target", "task"),
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
        "contrasts": Entry(
            question=contrasts.QUESTION,
            plot=contrasts.plot_contrasts,
            needs=("accuracy",),
            by=("target",),
            kind="contrast",
        ),
        "interaction": Entry(
            question=interaction.QUESTION,
            plot=interaction.plot_interaction,
            needs=("accuracy",),
            by=("target",),
            kind="interaction",
        ),
        "over-tasks": Entry(
            question=random_effects.QUESTION,
            plot=random_effects.plot_random_effects,
            needs=("self_advantage",),
            by=("target",),
            kind="summary",
        ),
        "trend": Entry(
            question=trend.QUESTION,
            plot=trend.plot_trend,
            needs=("accuracy",),
            by=("target",),
            kind="trend",
        ),
        "two-way-model": Entry(
            question=two_way.QUESTION,
            plot=two_way.plot_two_way,
            needs=("accuracy",),
            by=(),
            kind="regression",
        ),
        "detection": Entry(
            question=detection.QUESTION,
            plot=detection.plot_detection,
            needs=("hit_rate",),
            wants=("false_alarm_rate", "d_prime"),
        ),
        "correlation": Entry(
            question=detection.CORRELATION_QUESTION,
            plot=detection.plot_correlation,
            needs=("correlation",),
        ),
        "templates": Entry(
            question=templates.QUESTION,
            plot=templates.plot_templates,
            needs=("accuracy",),
            kind="templates",
        ),
        "stage-ladder": Entry(
            question=ladder.QUESTION, plot=ladder.plot_ladder, needs=("accuracy",), kind="ladder"
        ),
        "determinism": Entry(
            question=determinism.QUESTION,
            plot=determinism.plot_determinism,
            needs=("entropy",),
            kind="determinism",
        ),
        "entropy-matched": Entry(
            question=determinism.MATCHED_QUESTION,
            plot=determinism.plot_entropy_matched,
            needs=("accuracy",),
            kind="entropy_matched",
        ),
        "specification-curve": Entry(
            question=specification_curve.QUESTION,
            plot=specification_curve.plot_specification_curve,
            needs=("accuracy",),
            kind="specifications",
        ),
        "influence": Entry(
            question=influence.QUESTION,
            plot=influence.plot_influence,
            needs=("accuracy",),
            kind="influence",
        ),
        "complexity": Entry(
            question=complexity.QUESTION,
            plot=complexity.plot_complexity,
            needs=("accuracy",),
            kind="complexity",
        ),
        "reliability": _of_its_own(reliability.QUESTION, reliability.plot_reliability, "accuracy"),
        "ceiling-by-k": _of_its_own(by_repeats.K_QUESTION, by_repeats.plot_ceiling_by_k, _CEILING),
        "agreement-by-n": _of_its_own(
            by_repeats.N_QUESTION, by_repeats.plot_agreement_by_n, "agreement_answer"
        ),
        "power": _of_its_own(power.QUESTION, power.plot_power, "self_advantage"),
        "ceiling-precision": _of_its_own(
            ceiling_precision.QUESTION, ceiling_precision.plot_ceiling_precision, _CEILING
        ),
    }
)
"""Each figure by its name: what it answers, its function, the estimands and grouping it needs."""
