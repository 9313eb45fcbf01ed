"""What kind of number an estimand is, which decides the intervals that suit it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Proportion:
    """A mean of values in 0..1: one sum over another.

    Parameters
    ----------
    numerator : str
        Name of the sum of values.
    denominator : str
        Name of the number of values.
    squared : str, optional
        Name of the sum of squared values; the numerator itself where values are only 0 or 1.
        Without it there is no row-wise variance, hence no design effect.
    """

    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0

    numerator: str
    denominator: str
    squared: str | None = None

    def arm(self, prefix: str) -> Proportion:
        """Return the same proportion of the sums whose names start with ``prefix.``."""
        return Proportion(
            f"{prefix}.{self.numerator}",
            f"{prefix}.{self.denominator}",
            None if self.squared is None else f"{prefix}.{self.squared}",
        )


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient that cannot be negative and has no upper bound, such as a normalised accuracy."""

    low: ClassVar[float] = 0.0
    high: ClassVar[float] = float("inf")

    def arm(self, prefix: str) -> Ratio:  # noqa: ARG002 - the same call for every kind
        """Return itself: a ratio names no sums."""
        return self


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference, by default of two proportions, hence in -1..1.

    Parameters
    ----------
    low, high : float
        Bounds of the difference; infinite where it has none.
    denominator : str, optional
        Name of the number of trials that it is over, where that is not all of them.
    """

    low: float = -1.0
    high: float = 1.0
    denominator: str | None = None

    def arm(self, prefix: str) -> Difference:
        """Return the same difference of the sums whose names start with ``prefix.``."""
        if self.denominator is None:
            return self
        return Difference(self.low, self.high, f"{prefix}.{self.denominator}")


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of proportions, such as that over cells: in 0..1, with no denominator of its own."""

    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0

    def arm(self, prefix: str) -> Mean:  # noqa: ARG002 - the same call for every kind
        """Return itself: a mean names no sums."""
        return self


Kind: TypeAlias = Proportion | Ratio | Difference | Mean
