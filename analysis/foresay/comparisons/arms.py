"""Comparison: one measure in two or four arms, as a function of the sums of all of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from foresay.counts import FloatArray, Sums, ratio
from foresay.errors import ChoiceError
from foresay.measures.kinds import Difference, Proportion, Ratio
from foresay.measures.measure import Measure
from foresay.study import Contrast

ARMS = ("of", "minus", "versus_of", "versus_minus")
"""Prefixes of the sums of the arms: the first two, and those that they are held against."""

SIGNS = (1.0, -1.0, -1.0, 1.0)
"""What each arm counts in a difference, and in a difference of differences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One measure in two or four arms.

    Parameters
    ----------
    name : str
        What the result is called.
    measure : Measure
        What each arm is measured by.
    scale : {"difference", "ratio"}
        First minus second, or first divided by second.
    crossed : bool
        Whether there are four arms: a difference of differences, or a ratio of ratios.
    """

    name: str
    measure: Measure
    scale: str = "difference"
    crossed: bool = False

    @property
    def arms(self) -> tuple[str, ...]:
        """Prefixes of the sums of its arms."""
        return ARMS if self.crossed else ARMS[:2]

    @property
    def pairs(self) -> tuple[tuple[str, ...], ...]:
        """The arms that are held against each other on the same items."""
        return tuple(self.arms[start : start + 2] for start in range(0, len(self.arms), 2))

    @property
    def counted(self) -> str:
        """The sum that counts the trials of an arm; compliance is a rate of all predictions."""
        return "predictions" if "predictions" in self.measure.sums else "trials"

    @property
    def sums(self) -> tuple[str, ...]:
        """Names of the sums of all arms."""
        return tuple(f"{arm}.{name}" for arm in self.arms for name in self.measure.sums)

    def terms(self, sums: Sums) -> tuple[FloatArray, FloatArray]:
        """Return what is compared: two estimates, or two comparisons, each of shape ``(...)``."""
        values = [self.measure.estimator(sums.arm(arm)) for arm in self.arms]
        if not self.crossed:
            return values[0], values[1]
        return self._compare(values[0], values[1]), self._compare(values[2], values[3])

    def estimator(self, sums: Sums) -> FloatArray:
        """Return the difference or the ratio, shape ``(...)``."""
        return self._compare(*self.terms(sums))

    def tested(self, sums: Sums) -> FloatArray:
        """Return the difference, or the logarithm of the ratio: 0 where nothing differs."""
        value = self.estimator(sums)
        return value if self.scale == "difference" else logarithm(value)

    def _compare(self, first: FloatArray, second: FloatArray) -> FloatArray:
        if self.scale == "ratio":
            return ratio(first, second)
        return np.asarray(first - second)

    @property
    def tested_kind(self) -> Difference:
        """The kind of number that `tested` gives, with its bounds."""
        if self.scale == "ratio":
            return Difference(-np.inf, np.inf)
        reach = (2.0 if self.crossed else 1.0) * (self.measure.kind.high - self.measure.kind.low)
        return Difference(-reach, reach)

    def as_measure(self) -> Measure:
        """Return the comparison as a measure of its own, on its own scale."""
        words = {"difference": "Difference", "ratio": "Ratio"}[self.scale]
        of = words.lower()
        sign = "-" if self.scale == "difference" else "/"
        return Measure(
            name=self.name,
            title=f"{words} of {f'{of}s of ' if self.crossed else ''}{self.measure.title.lower()}",
            sums=self.sums,
            estimator=self.estimator,
            kind=self.tested_kind if self.scale == "difference" else Ratio(),
            definition=f"{self.measure.title} of the first arm "
            f"{'minus' if self.scale == 'difference' else 'divided by'} that of the second, on "
            "shared items.",
            formula=rf"\hat\theta_{{1}} {sign} \hat\theta_{{2}}, \quad "
            rf"\theta = {self.measure.formula}",
            source=self.measure.source,
        )


def comparison(name: str, spec: Contrast, measure: Measure) -> Comparison:
    """Return the comparison that a contrast asks for.

    Raises
    ------
    ChoiceError
        A ratio is asked for of a measure that can be negative.
    """
    if spec.scale == "ratio" and measure.kind.low < 0:
        raise ChoiceError(
            f"contrast {name}: {measure.name} can be negative, so a ratio of it says nothing; "
            "choose scale: difference"
        )
    return Comparison(name=name, measure=measure, scale=spec.scale, crossed=spec.versus is not None)


def denominators(measure: Measure) -> tuple[str, ...]:
    """Return the sums that a measure may divide by, the likeliest first."""
    kind = measure.kind
    if isinstance(kind, Proportion):
        return (kind.denominator,)
    own = {name.rpartition(".")[2]: name for name in measure.sums}
    known = ("ceiling", "trials", "pairs", "predictions")
    return tuple(own[name] for name in known if name in own) or measure.sums[-1:]


def logarithm(value: FloatArray) -> FloatArray:
    """Return the natural logarithm, ``nan`` where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(value > 0, np.log(value), np.nan)


def exponential(value: float) -> float:
    """Return e to a power, without overflow."""
    return math.exp(min(value, 700.0))
