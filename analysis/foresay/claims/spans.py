"""The set of true values that a printed number may stand for: an interval with exact ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of real numbers; each end belongs to it or does not.

    Parameters
    ----------
    low, high : Fraction or None
        Ends; None is unbounded.
    with_low, with_high : bool
        Whether an end belongs to it.

    Examples
    --------
    >>> half_up = Span(Fraction("0.4935"), Fraction("0.4945"), True, False)
    >>> half_up.contains(Fraction("0.4935")), half_up.contains(Fraction("0.4945"))
    (True, False)
    """

    low: Fraction | None
    high: Fraction | None
    with_low: bool = True
    with_high: bool = True

    def contains(self, value: Fraction) -> bool:
        """Whether `value` belongs to it."""
        return _before(self.low, value, closed=self.with_low) and _before(
            value, self.high, closed=self.with_high
        )

    def meets(self, other: Span) -> bool:
        """Whether some number belongs to both."""
        return _before(self.low, other.high, closed=self.with_low and other.with_high) and _before(
            other.low, self.high, closed=other.with_low and self.with_high
        )

    def __add__(self, other: Span) -> Span:
        return Span(
            _sum(self.low, other.low),
            _sum(self.high, other.high),
            self.with_low and other.with_low,
            self.with_high and other.with_high,
        )

    def __neg__(self) -> Span:
        return Span(
            None if self.high is None else -self.high,
            None if self.low is None else -self.low,
            self.with_high,
            self.with_low,
        )

    def __sub__(self, other: Span) -> Span:
        return self + (-other)

    def times(self, factor: Fraction | int) -> Span:
        """Return it stretched by a factor above 0."""
        return Span(
            None if self.low is None else self.low * factor,
            None if self.high is None else self.high * factor,
            self.with_low,
            self.with_high,
        )

    @property
    def width(self) -> float:
        """Its length."""
        if self.low is None or self.high is None:
            return math.inf
        return float(self.high - self.low)

    def floats(self) -> tuple[float, float]:
        """Return both ends as floats, infinite where unbounded."""
        return (
            -math.inf if self.low is None else self.low.numerator / self.low.denominator,
            math.inf if self.high is None else self.high.numerator / self.high.denominator,
        )

    def holds_an_integer(self) -> bool:
        """Whether an integer belongs to it."""
        if self.low is None or self.high is None:
            return True
        first = math.ceil(self.low)
        if first == self.low and not self.with_low:
            first += 1
        return first < self.high or (first == self.high and self.with_high)


def _before(low: Fraction | None, high: Fraction | None, *, closed: bool) -> bool:
    if low is None or high is None:
        return True
    return low < high or (closed and low == high)


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other
