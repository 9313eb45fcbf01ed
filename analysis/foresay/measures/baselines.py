"""What always guessing the commonest answer scores, and the advantage over it.

The mode belongs to a (target, task, property) cell and is fixed before anything is resampled: the
reduction scores every trial against it, and only those scores are summed here. Choosing the mode
again in each resample covers too rarely where two answers are nearly as common.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Difference, Proportion
from foresay.measures.measure import Measure

Baseline: TypeAlias = Literal["mode_loo", "mode_insample"]

BASELINE_SUMS: Mapping[Baseline, str] = MappingProxyType(
    {"mode_loo": "baseline_loo", "mode_insample": "baseline_insample"}
)
"""The sum of per-trial scores behind each choice of baseline."""

_LEARNT: Mapping[Baseline, str] = MappingProxyType(
    {
        "mode_loo": "learnt without the item that it is scored on",
        "mode_insample": "learnt in-sample, so it is too high in small cells",
    }
)


def baseline_loo(sums: Sums) -> FloatArray:
    """Return the score of the mode learnt on the other items, shape ``(...)``, in 0..1.

    Unbiased for the mode learnt on one item fewer; exactly balanced answers give 0.
    """
    return ratio(sums["baseline_loo"], sums["trials"])


def baseline_insample(sums: Sums) -> FloatArray:
    """Return the score of the mode learnt on the same items, shape ``(...)``, in 0..1.

    Too high, as the largest of noisy shares: .197 for ten equally likely answers and 30 items.
    """
    return ratio(sums["baseline_insample"], sums["trials"])


def advantage_loo(sums: Sums) -> FloatArray:
    """Return accuracy minus the leave-one-out mode baseline, shape ``(...)``, in -1..1."""
    return ratio(sums["match"] - sums["baseline_loo"], sums["trials"])


def advantage_insample(sums: Sums) -> FloatArray:
    """Return accuracy minus the in-sample mode baseline, shape ``(...)``, in -1..1."""
    return ratio(sums["match"] - sums["baseline_insample"], sums["trials"])


def baseline_measure(baseline: Baseline, *, name: str = "baseline_mode") -> Measure:
    """Return the mode baseline under a choice of how the mode is learnt."""
    column = BASELINE_SUMS[baseline]
    return Measure(
        name=name,
        title="Mode baseline" if baseline == "mode_loo" else "Mode baseline (in-sample)",
        sums=(column, "trials"),
        estimator=baseline_loo if baseline == "mode_loo" else baseline_insample,
        kind=Proportion(column, "trials"),
        definition="What always guessing the commonest answer of the (target, task, property) cell "
        f"scores; the mode is {_LEARNT[baseline]}.",
        formula=r"\frac{1}{n}\sum_i B_i",
    )


def advantage_measure(baseline: Baseline) -> Measure:
    """Return accuracy minus the mode baseline, under a choice of how the mode is learnt."""
    return Measure(
        name="advantage",
        title="Advantage over the mode baseline",
        sums=("match", BASELINE_SUMS[baseline], "trials"),
        estimator=advantage_loo if baseline == "mode_loo" else advantage_insample,
        kind=Difference(),
        definition="Accuracy minus what always guessing the commonest answer scores on the same "
        f"trials; the mode is {_LEARNT[baseline]}.",
        formula=r"\frac{1}{n}\sum_i (X_i - B_i)",
    )
