"""Measure: what an estimand is, in words and as a pure function of sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from foresay.counts import Estimator, FloatArray, Sums
from foresay.measures.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One estimand.

    Parameters
    ----------
    name : str
        What options, study files and result tables call it.
    title : str
        What a figure or a table header calls it.
    sums : tuple of str
        Names of the sums that the estimator and the kind read.
    estimator : Estimator
        From sums with axes ``(...)`` to estimates ``(...)``; unchanged when all sums are
        multiplied by a constant.
    kind : Proportion, Ratio or Difference
        Decides which intervals suit it.
    population : {"trials", "behaviours"}
        What is counted: predictions joined to behaviours, or the behaviours of the targets alone.
    definition : str
        One sentence for a reader.
    formula : str
        The formula in TeX, without dollar signs.
    source : str
        Where the definition comes from; "" where it needs none.
    mean_of : tuple of Measure
        The measures of which it is the plain mean; empty for most.
    counted : str
        Name of the sum that counts its trials, where the kind names none.
    ends : tuple of Measure
        The lower and the upper end of a measure that has no value, only a bracket; empty for most.
    obstacle : callable, optional
        From the observed sums to the reason why there can be no interval; "" where there can.
    """

    name: str
    title: str
    sums: tuple[str, ...]
    estimator: Estimator
    kind: Kind
    population: Literal["trials", "behaviours"] = "trials"
    definition: str
    formula: str
    source: str = ""
    mean_of: tuple[Measure, ...] = ()
    counted: str = "trials"
    ends: tuple[Measure, ...] = ()
    obstacle: Callable[[Sums], str] | None = None

    def arm(self, prefix: str) -> Measure:
        """Return the same measure of the sums whose names start with ``prefix.``."""
        estimator = self.estimator

        def of_arm(sums: Sums) -> FloatArray:
            return estimator(sums.arm(prefix))

        return replace(
            self,
            sums=tuple(f"{prefix}.{name}" for name in self.sums),
            estimator=of_arm,
            kind=self.kind.arm(prefix),
            counted=f"{prefix}.{self.counted}",
            ends=tuple(end.arm(prefix) for end in self.ends),
        )
