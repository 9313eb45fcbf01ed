"""Accuracy of predictions, and compliance of predictions and behaviours with the asked form."""

from __future__ import annotations

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Proportion
from foresay.measures.measure import Measure


def accuracy(sums: Sums) -> FloatArray:
    """Return the mean match of the included trials, shape ``(...)``, in 0..1."""
    return ratio(sums["match"], sums["trials"])


def compliance(sums: Sums) -> FloatArray:
    """Return the share of all predictions that are in the asked form, shape ``(...)``."""
    return ratio(sums["compliant_predictions"], sums["predictions"])


def compliance_behaviour(sums: Sums) -> FloatArray:
    """Return the share of all behaviours that are in the asked form, shape ``(...)``."""
    return ratio(sums["compliant_behaviours"], sums["behaviours"])


ACCURACY = Measure(
    name="accuracy",
    title="Accuracy",
    sums=("match", "match_squared", "trials"),
    estimator=accuracy,
    kind=Proportion("match", "trials", "match_squared"),
    definition="How often a prediction equals what the target answers.",
    formula=r"\frac{1}{n}\sum_i X_i",
    source="Binder et al. 2024, arXiv:2410.13787",
)

COMPLIANCE = Measure(
    name="compliance",
    title="Compliance of predictions",
    sums=("compliant_predictions", "predictions"),
    estimator=compliance,
    kind=Proportion("compliant_predictions", "predictions", "compliant_predictions"),
    definition="The share of all predictions, excluded ones too, that are in the asked form.",
    formula=r"\frac{\text{compliant predictions}}{\text{predictions}}",
)

COMPLIANCE_BEHAVIOUR = Measure(
    name="compliance_behaviour",
    title="Compliance of behaviours",
    sums=("compliant_behaviours", "behaviours"),
    estimator=compliance_behaviour,
    kind=Proportion("compliant_behaviours", "behaviours", "compliant_behaviours"),
    population="behaviours",
    definition="The share of the answers of the targets, every repeat counted, that are in the "
    "asked form.",
    formula=r"\frac{\text{compliant behaviours}}{\text{behaviours}}",
)
