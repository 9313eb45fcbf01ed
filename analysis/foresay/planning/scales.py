"""On which scale an effect is stated, and on which it is tested."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foresay.counts import Estimator, FloatArray, Sums


@dataclass(frozen=True, slots=True)
class Scale:
    """How an effect, in the unit that people speak of, becomes the number that is tested against 0.

    Parameters
    ----------
    kind : {"difference", "ratio", "logit"}
        difference: tested as it is. ratio: its logarithm is. logit: the effect is a proportion
        minus `reference`, and the difference of their log odds is tested.
    reference : float
        Of ``logit``: the proportion that is no effect, between 0 and 1.
    """

    kind: Literal["difference", "ratio", "logit"] = "difference"
    reference: float = 0.0

    @property
    def none(self) -> float:
        """The effect that is none: 1 for a ratio, else 0."""
        return 1.0 if self.kind == "ratio" else 0.0

    def tested(self, effect: FloatArray | float) -> FloatArray:
        """Return what is tested, shape of `effect`; not finite beyond what there can be."""
        effect = np.asarray(effect, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.kind == "ratio":
                return np.log(effect)
            if self.kind == "logit":
                share = self.reference + effect
                return np.asarray(np.log(share / (1 - share)) - log_odds(self.reference))
        return effect

    def of(self, estimator: Estimator) -> Estimator:
        """Return the estimator of what is tested, from that of the effect."""

        def tested(sums: Sums) -> FloatArray:
            return self.tested(estimator(sums))

        return tested if self.kind != "difference" else estimator

    def stated(self, tested: float) -> float:
        """Return the effect in the unit that people speak of; the inverse of `tested`."""
        if self.kind == "ratio":
            return math.exp(tested)
        if self.kind == "logit":
            # the tangent does not overflow
            half = (log_odds(self.reference) + tested) / 2
            return (1 + math.tanh(half)) / 2 - self.reference
        return tested


PLAIN = Scale()
"""A difference, tested as it is."""


def log_odds(share: float) -> float:
    """Return the logarithm of the odds of a proportion between 0 and 1."""
    return math.log(share / (1 - share))
