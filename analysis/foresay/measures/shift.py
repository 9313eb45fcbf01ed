"""Behaviour change: whether predictions follow the new behaviour of a target, or the old one."""

from __future__ import annotations

from typing import Literal

from foresay.counts import Estimator, FloatArray, Sums, ratio
from foresay.measures.kinds import Difference, Proportion
from foresay.measures.measure import Measure

_RULE = (
    "An item is shifted where a behaviour-shifted target and its base share none of their "
    "commonest answers (tied ones count as commonest each)."
)


def _share(numerator: str, denominator: str) -> Estimator:
    def share(sums: Sums) -> FloatArray:
        return ratio(sums[numerator], sums[denominator])

    return share


def shifted_beyond_noise(sums: Sums) -> FloatArray:
    """Return the share shifted beyond what noise alone shifts, shape ``(...)``, at most 1.

    Of a share ``s`` of shifted items, ``s = t + (1 - t) v`` where ``t`` are truly shifted and
    noise shifts ``v`` of the others.
    """
    return ratio(
        sums["shifted_repeated"] - sums["shift_noise"],
        sums["noise_items"] - sums["shift_noise"],
    )


def _proportion(
    numerator: str,
    denominator: str,
    *,
    name: str,
    title: str,
    definition: str,
    formula: str,
    population: Literal["trials", "behaviours"] = "trials",
    squared: bool = True,
) -> Measure:
    return Measure(
        name=name,
        title=title,
        sums=(numerator, denominator),
        estimator=_share(numerator, denominator),
        kind=Proportion(numerator, denominator, numerator if squared else None),
        population=population,
        definition=definition,
        formula=formula,
    )


SHIFT_NEW = _proportion(
    "shift_new",
    "shifted_trials",
    name="shift_new",
    title="New behaviour",
    definition="On shifted items, the share of predictions that are what the target does now. "
    f"{_RULE} New, old and neither sum to 1.",
    formula=r"P(g \in m_{\mathrm{new}})",
)
SHIFT_OLD = _proportion(
    "shift_old",
    "shifted_trials",
    name="shift_old",
    title="Old behaviour",
    definition="On shifted items, the share of predictions that are what the target's base did.",
    formula=r"P(g \in m_{\mathrm{old}})",
)
SHIFT_NEITHER = _proportion(
    "shift_neither",
    "shifted_trials",
    name="shift_neither",
    title="Neither",
    definition="On shifted items, the share of predictions that are neither the new nor the old "
    "behaviour, with replies that the compliance policy counts as wrong.",
    formula=r"P(g \notin m_{\mathrm{new}} \cup m_{\mathrm{old}})",
)
ACCURACY_UNSHIFTED = _proportion(
    "match_unshifted",
    "unshifted_trials",
    name="accuracy_unshifted",
    title="Accuracy on unshifted items",
    definition="Accuracy on the items of a behaviour-shifted target that are not shifted.",
    formula=r"\frac{1}{n_{=}}\sum_{i: m_i \cap m'_i \neq \emptyset} X_i",
    squared=False,
)
SHIFTED_SHARE = _proportion(
    "shifted_items",
    "shift_items",
    name="shifted_share",
    title="Share of items shifted",
    definition=f"The share of items that are shifted. {_RULE}",
    formula=r"\frac{n_{\neq}}{n}",
    population="behaviours",
)
SHIFT_NOISE = _proportion(
    "shift_noise",
    "noise_items",
    name="shift_noise",
    title="Shifted by noise alone",
    definition="The share of items that would count as shifted if the target still behaved as its "
    "base: how often two disjoint sets of repeats of one model share no commonest answer (single "
    "repeats where the truth is one reply, else the largest odd sets that fit twice, which are "
    "noisier than the whole, so that it is rather too high), on items with two repeats or more.",
    formula=r"\frac{1}{n}\sum_i P(m_i^{(1)} \neq m_i^{(2)})",
    population="behaviours",
    squared=False,
)
SHIFTED_BEYOND_NOISE = Measure(
    name="shifted_beyond_noise",
    title="Share shifted beyond noise",
    sums=("shifted_repeated", "shift_noise", "noise_items"),
    estimator=shifted_beyond_noise,
    kind=Difference(low=float("-inf"), high=1.0, denominator="noise_items"),
    population="behaviours",
    definition="The share of items that are truly shifted, if noise shifts as many of the others "
    "as of two sets of repeats of one model: the share shifted minus that of noise alone, over "
    "one minus that of noise alone, on items with two repeats or more.",
    formula=r"\frac{s - v}{1 - v}",
)

MEASURES = (
    SHIFT_NEW,
    SHIFT_OLD,
    SHIFT_NEITHER,
    ACCURACY_UNSHIFTED,
    SHIFTED_SHARE,
    SHIFT_NOISE,
    SHIFTED_BEYOND_NOISE,
)
"""In the order in which tables list them."""

OF_BEHAVIOUR = tuple(m.name for m in MEASURES if m.population == "behaviours")
"""Those that need no predictions."""
