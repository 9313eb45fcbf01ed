"""How varied a target's answers to the same item are, over N repeats."""

from __future__ import annotations

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Ratio
from foresay.measures.measure import Measure


def entropy(sums: Sums) -> FloatArray:
    """Return the mean entropy of an item's answers in bits, shape ``(...)``, from 0 up."""
    return ratio(sums["entropy"], sums["items_varied"])


def distinct_answers(sums: Sums) -> FloatArray:
    """Return the mean number of different answers of N repeats, shape ``(...)``, from 1 up."""
    return ratio(sums["distinct"], sums["items_varied"])


ENTROPY = Measure(
    name="entropy",
    title="Entropy of answers (bits)",
    sums=("entropy", "items_varied"),
    estimator=entropy,
    kind=Ratio(),
    population="behaviours",
    definition="The mean entropy of an item's answers, in bits, as far as N repeats tell: the "
    "first N - 1 terms of its series, each without bias for any number of repeats, so that models "
    "with more repeats compare. Too low by the rest of the series, which is never negative; "
    "nothing is missing for an item that always has the same answer.",
    formula=r"\frac{1}{n \ln 2}\sum_i \sum_{v=1}^{N-1} \frac{1}{v} \sum_y \frac{n_{iy}}{k_i} "
    r"\binom{k_i - n_{iy}}{v} / \binom{k_i - 1}{v}",
    source="Zhang 2012, doi:10.1162/NECO_a_00266",
)

DISTINCT_ANSWERS = Measure(
    name="distinct_answers",
    title="Distinct answers",
    sums=("distinct", "items_varied"),
    estimator=distinct_answers,
    kind=Ratio(),
    population="behaviours",
    definition="The mean number of different answers among N repeats of an item, averaged over "
    "all choices of N of its repeats (rarefaction): unbiased for any number of repeats.",
    formula=r"\frac{1}{n}\sum_i \sum_y \left[1 - \binom{k_i - n_{iy}}{N} / \binom{k_i}{N}\right]",
    source="Hurlbert 1971, doi:10.2307/1934145",
)

MEASURES = (ENTROPY, DISTINCT_ANSWERS)
