"""A number as it is printed, and the true values that it may stand for.

A printed number was rounded, and which way is seldom said: ``.494`` stands for .4935 to .4945. The
ends matter, since a true value of exactly .4935 prints as .494 under one rule and as .493 under
another. `ROUNDINGS` names the rules; ``nearest`` is any rule that goes to the nearest number, and
so holds both ends.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from foresay.claims.spans import Span

Rounding = Literal["nearest", "half_up", "half_even", "truncation"]
ROUNDINGS: tuple[Rounding, ...] = ("nearest", "half_up", "half_even", "truncation")

Unit = Literal["", "percent", "points"]
"""What is printed behind a number; "" where there is nothing, as behind a proportion."""

_DOUBLE_DIGITS = 15
_DOUBLE_NOISE = Fraction(1, 2**50)
_SINGLE_NOISE = Fraction(1, 2**23)
_RELATIONS = {"<": (False, False), "<=": (False, True), ">": (True, False), ">=": (True, True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One printed number.

    Parameters
    ----------
    text : str
        As printed, with sign, unit and relation.
    exact : Fraction
        The number of the text, before its unit: 49.4 for ``49.4 %``.
    decimals : int
        Decimals that are printed; negative where an exponent makes the last digit count more
        than 1.
    digits : int
        Significant digits that are printed.
    unit : {"", "percent", "points"}
        Percent and points count a hundredth.
    relation : {"=", "<", "<=", ">", ">=", "~"}
        What stands before it; "=" where nothing does.
    name : str
        The name before the relation, such as ``p`` or ``n``; "" for none.
    start, end : int
        Where `text` stands in the text that was read.
    """

    text: str
    exact: Fraction
    decimals: int
    digits: int
    unit: Unit = ""
    relation: str = "="
    name: str = ""
    start: int = 0
    end: int = 0

    @property
    def natural(self) -> Fraction:
        """The number in natural units, exactly: 494/1000 for ``49.4 %``."""
        return self.exact / 100 if self.unit else self.exact

    @property
    def value(self) -> float:
        """The number in natural units: .494 for ``49.4 %``."""
        return float(self.natural)

    @property
    def step(self) -> Fraction:
        """What 1 in the last printed digit is, in natural units."""
        return _power_of_ten(-self.decimals - 2 * bool(self.unit))

    def in_unit(self, unit: Unit) -> Printed:
        """Return it with a unit, where the table says the unit and not the cell."""
        return replace(self, unit=unit) if unit and not self.unit else self

    def span(self, rounding: Rounding = "nearest") -> Span:
        """Return the true values, in natural units, that it may stand for.

        Parameters
        ----------
        rounding : {"nearest", "half_up", "half_even", "truncation"}
            How it was rounded. ``half_up`` goes away from 0, ``truncation`` towards it.

        Notes
        -----
        A number with 15 significant digits or more is a float that a program wrote. It holds the
        noise of its computation, some 2⁻⁵⁰ of itself; where it is exactly a 32-bit float, 2⁻²³.
        ``< .01`` stands for everything below .01, whatever the rounding.
        """
        centre = self.natural
        if self.relation in _RELATIONS:
            above, closed = _RELATIONS[self.relation]
            return Span(centre if above else None, None if above else centre, closed, closed)
        half = _half_of_power(-self.decimals - 2 * bool(self.unit))
        if self.digits >= _DOUBLE_DIGITS:
            single = _is_single(float(self.exact))
            noise = abs(centre) * (_SINGLE_NOISE if single else _DOUBLE_NOISE)
            if noise >= half:
                return Span(centre - noise, centre + noise)
        if rounding == "truncation":
            return _truncated(centre, self.step, negative=self.text.lstrip()[:1] in "-\u2212\u2013")
        if rounding == "half_up":
            return Span(centre - half, centre + half, centre > 0, centre < 0)
        closed = rounding == "nearest" or self.natural / self.step % 2 == 0
        return Span(centre - half, centre + half, closed, closed)


@lru_cache(maxsize=4096)
def _power_of_ten(exponent: int) -> Fraction:
    return Fraction(10) ** exponent


@lru_cache(maxsize=4096)
def _half_of_power(exponent: int) -> Fraction:
    return _power_of_ten(exponent) / 2


def _truncated(centre: Fraction, step: Fraction, *, negative: bool) -> Span:
    if centre == 0:
        return Span(-step, step, with_low=False, with_high=False)
    if negative:
        return Span(centre - step, centre, with_low=False, with_high=True)
    return Span(centre, centre + step, with_low=True, with_high=False)


def _is_single(value: float) -> bool:
    try:
        return bool(struct.unpack("f", struct.pack("f", value))[0] == value)
    except OverflowError:
        return False
