"""The highest scores that repeats of the target allow, and accuracy as a share of them."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from foresay.counts import Estimator, FloatArray, Sums, ratio
from foresay.measures.kinds import Difference, Proportion, Ratio
from foresay.measures.measure import Measure

POWERS = tuple(range(2, 11))
"""The j of ``(mean S_j)^(1/j)``, as `foresay.trials.ceilings` has them."""
MODAL_SUMS = (
    "modal_low",
    "modal_plug",
    *(f"modal_s{j}" for j in POWERS),
    *(f"modal_n{j}" for j in POWERS),
)
"""The sums behind the two ends of the modal ceiling."""

Ceiling: TypeAlias = Literal["resample", "modal"]
CEILINGS: tuple[Ceiling, ...] = ("resample", "modal")

_MATCHED = (
    "where truth is the mode of all repeats, one half of the repeats stands for it and the other "
    "for the guess"
)


def ceiling_resample(sums: Sums) -> FloatArray:
    """Return the resample ceiling, shape ``(...)``, in 0..1.

    The mean of ``U_i = sum_y n_iy (n_iy - 1) / (k_i (k_i - 1))`` over the trials whose item has
    ``k_i >= 2`` repeats: unbiased for ``E sum_y p_iy^2``, whatever the numbers of repeats. Where
    truth is a mode, the mean chance that the modes of two disjoint halves of the repeats agree.
    """
    return ratio(sums["ceiling"], sums["pairs"])


def normalized_accuracy(sums: Sums) -> FloatArray:
    """Return accuracy over the resample ceiling of the same trials, shape ``(...)``, from 0 up.

    Values above 1 are legitimate: a predictor that gives the commonest answer beats one that runs
    the target once more. ``nan`` where the ceiling is 0.
    """
    return ratio(sums["match_paired"], sums["ceiling"])


def modal_lower(tail: str = "", trials: str = "pairs") -> Estimator:
    """Return the estimator of the lower end of the modal ceiling, in 0..1.

    The accuracy of the mode of the other repeats, ties split; its expectation is not above the
    ceiling. `tail` and `trials` name the sums of some of the trials.
    """

    def estimator(sums: Sums) -> FloatArray:
        return ratio(sums[f"modal_low{tail}"], sums[trials])

    return estimator


def modal_upper(tail: str = "", trials: str = "pairs") -> Estimator:
    """Return the estimator of the upper end of the modal ceiling, in 0..1.

    The least of the plug-in ``mean max_y n_iy / k_i`` and ``(mean S_j)^(1/j)``, where ``S_ij =
    sum_y C(n_iy, j) / C(k_i, j)`` is unbiased for ``sum_y p_iy^j``. A j counts where all items
    have as many repeats.
    """

    def estimator(sums: Sums) -> FloatArray:
        n = sums[trials]
        ends = [ratio(sums[f"modal_plug{tail}"], n)]
        for j in POWERS:
            root = ratio(sums[f"modal_s{j}{tail}"], n) ** (1 / j)
            ends.append(np.where(sums[f"modal_n{j}{tail}"] == n, root, np.inf))
        least = np.minimum.reduce(ends)
        return np.where(n == 0, np.nan, least)

    return estimator


def bracket(
    name: str, title: str, ends: tuple[Measure, Measure], *, definition: str, formula: str
) -> Measure:
    """Return a measure that has no value of its own, only a lower and an upper end."""

    def undefined(sums: Sums) -> FloatArray:
        return np.full(np.shape(sums[ends[0].sums[0]]), np.nan)

    low, high = (end.kind for end in ends)
    return Measure(
        name=name,
        title=title,
        sums=tuple(dict.fromkeys(s for end in ends for s in end.sums)),
        estimator=undefined,
        kind=Difference(low=low.low, high=high.high),
        definition=definition,
        formula=formula,
        counted=ends[0].counted,
        ends=ends,
    )


CEILING_RESAMPLE = Measure(
    name="ceiling_resample",
    title="Resample ceiling",
    sums=("ceiling", "pairs"),
    estimator=ceiling_resample,
    kind=Proportion("ceiling", "pairs"),
    definition="What a predictor reaches that runs the target once more: the chance that two "
    f"repeats of the target agree, over the trials whose item has two repeats or more; {_MATCHED}.",
    formula=r"\frac{1}{n}\sum_i \sum_y \frac{n_{iy}(n_{iy}-1)}{k_i(k_i-1)}",
    source="the unbiased form of Simpson's index: Simpson 1949, doi:10.1038/163688a0",
    counted="pairs",
)

CEILING_MODAL_LOWER = Measure(
    name="ceiling_modal_lower",
    title="Modal ceiling, lower end",
    sums=("modal_low", "pairs"),
    estimator=modal_lower(),
    kind=Proportion("modal_low", "pairs"),
    definition="How often the mode of an item's other repeats is the one left out, ties split: "
    f"not above the modal ceiling; {_MATCHED}.",
    formula=r"\frac{1}{n}\sum_i \frac{1}{k_i}\sum_r 1[\mathrm{mode}(y_{i,-r}) = y_{ir}]",
    counted="pairs",
)

CEILING_MODAL_UPPER = Measure(
    name="ceiling_modal_upper",
    title="Modal ceiling, upper end",
    sums=("pairs", *MODAL_SUMS[1:]),
    estimator=modal_upper(),
    kind=Difference(low=0.0, high=1.0),
    definition="Not below the modal ceiling: the least of the mean share of the commonest answer "
    "and the roots of the chance that several repeats are all the same.",
    formula=r"\min\left(\frac{1}{n}\sum_i \max_y \frac{n_{iy}}{k_i},\ "
    r"\left(\frac{1}{n}\sum_i \sum_y \binom{n_{iy}}{j}/\binom{k_i}{j}\right)^{1/j}\right)",
    counted="pairs",
)

CEILING_MODAL = bracket(
    "ceiling_modal",
    "Modal ceiling",
    (CEILING_MODAL_LOWER, CEILING_MODAL_UPPER),
    definition="The best that any predictor can do that gives one answer to an item: the mean "
    "chance of the target's likeliest answer. No estimator of it is unbiased, so that it is a "
    "bracket, from the lower bound of its lower end to the upper bound of its upper end.",
    formula=r"\frac{1}{n}\sum_i \max_y p_{iy}",
)

NORMALIZED_ACCURACY = Measure(
    name="normalized_accuracy",
    title="Normalised accuracy",
    sums=("match_paired", "ceiling", "pairs"),
    estimator=normalized_accuracy,
    kind=Ratio(),
    definition="Accuracy as a share of the resample ceiling of the same trials; above 1 where "
    "predictions beat running the target once more.",
    formula=r"\frac{\sum_i X_i}{\sum_i U_i}",
    counted="pairs",
)


def _over(end: str, upper: bool) -> Measure:  # noqa: FBT001 - one of two ends
    of = modal_upper() if upper else modal_lower()

    def estimator(sums: Sums) -> FloatArray:
        return ratio(ratio(sums["match_paired"], sums["pairs"]), of(sums))

    columns = MODAL_SUMS[1:] if upper else MODAL_SUMS[:1]
    return Measure(
        name=f"normalized_accuracy_modal_{end}",
        title=f"Normalised accuracy (modal), {end} end",
        sums=("match_paired", "pairs", *columns),
        estimator=estimator,
        kind=Ratio(),
        definition=f"Accuracy over the {'upper' if upper else 'lower'} end of the modal ceiling.",
        formula=r"\frac{1}{n}\sum_i X_i / M_{" + ("high" if upper else "low") + "}",
        counted="pairs",
    )


def normalized_modal(name: str = "normalized_accuracy_modal") -> Measure:
    """Return accuracy as a share of the modal ceiling: a bracket, as the ceiling is."""
    return bracket(
        name,
        "Normalised accuracy (modal)",
        (_over("lower", upper=True), _over("upper", upper=False)),
        definition="Accuracy as a share of the modal ceiling of the same trials: from accuracy "
        "over its upper end to accuracy over its lower end, with the bounds of both.",
        formula=r"\frac{1}{n}\sum_i X_i / \frac{1}{n}\sum_i \max_y p_{iy}",
    )
