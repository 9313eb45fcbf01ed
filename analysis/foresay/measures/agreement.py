"""Agreement: how often N repeats of the target are all identical."""

from __future__ import annotations

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Proportion
from foresay.measures.measure import Measure

_SOURCE = "TAR@N: Atil et al. 2024, arXiv:2408.04667; U-statistic: Hoeffding 1948"


def agreement_raw(sums: Sums) -> FloatArray:
    """Return the chance that N repeats have the same text, shape ``(...)``, in 0..1."""
    return ratio(sums["same_raw"], sums["items_raw"])


def agreement_answer(sums: Sums) -> FloatArray:
    """Return the chance that N repeats have the same parsed answer, shape ``(...)``, in 0..1."""
    return ratio(sums["same_answer"], sums["items_answer"])


AGREEMENT_RAW = Measure(
    name="agreement_raw",
    title="Agreement of texts",
    sums=("same_raw", "items_raw"),
    estimator=agreement_raw,
    kind=Proportion("same_raw", "items_raw"),
    population="behaviours",
    definition="The share of items whose N repeats are the same text, averaged over all choices "
    "of N of the item's repeats.",
    formula=r"\frac{1}{n}\sum_i \sum_y \binom{n_{iy}}{N} / \binom{k_i}{N}",
    source=_SOURCE,
)

AGREEMENT_ANSWER = Measure(
    name="agreement_answer",
    title="Agreement of answers",
    sums=("same_answer", "items_answer"),
    estimator=agreement_answer,
    kind=Proportion("same_answer", "items_answer"),
    population="behaviours",
    definition="The share of items whose N repeats have the same parsed answer, averaged over all "
    "choices of N of the item's repeats.",
    formula=r"\frac{1}{n}\sum_i \sum_y \binom{n_{iy}}{N} / \binom{k_i}{N}",
    source=_SOURCE,
)
