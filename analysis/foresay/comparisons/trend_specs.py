"""Trend and Plateau: what is drawn against what, and where it is claimed to be flat."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from foresay.errors import ChoiceError
from foresay.study import nearest

Scale: TypeAlias = Literal["log2", "linear"]

SERIES: Mapping[str, str] = MappingProxyType({"self": "role = 'self'", "cross": "role = 'cross'"})
"""The two series of the field, by the condition on trials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plateau:
    """Two levels between which a curve is claimed to be flat.

    Parameters
    ----------
    start, end : float
        Levels of the column.
    margin : float
        A change smaller than this does not matter; above 0, stated before looking.
    """

    start: float
    end: float
    margin: float

    def __post_init__(self) -> None:
        if not (self.margin > 0 and math.isfinite(self.margin)):
            raise ChoiceError(f"plateau: margin must be above 0, such as 0.05; got {self.margin}")
        if self.start == self.end:
            raise ChoiceError(f"plateau: start and end are both {self.start:g}; name two levels")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What is drawn against what.

    Parameters
    ----------
    of : str
        Estimand, such as ``accuracy``.
    over : str
        A numeric column of trials.
    scale : {"log2", "linear"}
        Scale of the slope. Levels of 0 and below have no logarithm: they are points of the curve
        and no part of the slope, and the note says so.
    series : mapping of str to str
        Name -> SQL condition on trials.
    difference : tuple of two str, optional
        The series whose difference is a third curve.
    plateau : Plateau, optional
        Levels and margin of an equivalence test for every curve.
    """

    of: str = "accuracy"
    over: str = "n_train"
    scale: Scale = "log2"
    series: Mapping[str, str] = field(default_factory=lambda: SERIES)
    difference: tuple[str, str] | None = ("self", "cross")
    plateau: Plateau | None = None

    def __post_init__(self) -> None:
        if self.scale not in ("log2", "linear"):
            raise ChoiceError(f"trend: scale {self.scale!r} is not known; choose log2 or linear")
        if not self.series or "difference" in self.series:
            raise ChoiceError(
                "trend: series needs one name or more, such as self, and none called difference"
            )
        unknown = [name for name in self.difference or () if name not in self.series]
        if unknown:
            raise ChoiceError(
                f"trend: difference names {unknown[0]!r}, which is no series; "
                f"{nearest(unknown[0], list(self.series))}"
            )

    @property
    def conditions(self) -> tuple[str, ...]:
        """The SQL conditions of its series, and the column."""
        return (*self.series.values(), self.over)
