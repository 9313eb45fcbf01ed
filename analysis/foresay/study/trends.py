"""What a study file may say of trends: what is drawn against what, and where it should be flat."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field, field_validator, model_validator

from foresay.study.choices import Names, Part, Positive
from foresay.study.naming import nearest

DIFFERENCE = "difference"
"""The curve of the difference of two series."""

SERIES: Mapping[str, str] = MappingProxyType({"self": "role = 'self'", "cross": "role = 'cross'"})
"""The two series of the field, by the condition on trials."""


class Plateau(Part):
    """Two levels between which a curve is claimed to be flat."""

    start: float = Field(description="Level where it starts.")
    end: float = Field(description="Level where it ends.")
    margin: Positive = Field(
        description="A change smaller than this does not matter; stated before looking."
    )

    @model_validator(mode="after")
    def _two_levels(self) -> Plateau:
        if self.start == self.end:
            raise ValueError(f"has start and end {self.start:g}; name two levels")
        return self


class Trend(Part):
    """How an estimand changes over a numeric column, for each series and their difference.

    Levels of 0 and below have no logarithm: they are points of the curve and no part of the slope
    on the log2 scale, and the note says so.
    """

    of: str = Field("accuracy", description="Estimand, such as accuracy.")
    over: str = Field("n_train", description="A numeric column of trials: the axis.")
    scale: Literal["log2", "linear"] = Field(
        "log2", description="Scale of the slope: what a doubling adds, or what one unit adds."
    )
    series: dict[str, str] = Field(
        default_factory=lambda: dict(SERIES),
        min_length=1,
        description="Name of each curve: SQL condition on trials.",
    )
    difference: list[str] | None = Field(
        default_factory=lambda: ["self", "cross"],
        min_length=2,
        max_length=2,
        description="Two of the series, the first minus the second; null for none.",
    )
    plateau: Plateau | None = Field(
        None, description="Levels and margin of an equivalence test of every curve."
    )
    by: Names = Field(
        default_factory=lambda: ["target"], description="One set of curves for each of these."
    )
    where: str | None = Field(None, description="SQL condition on trials, for all series.")
    title: str = ""

    @field_validator("series")
    @classmethod
    def _names(cls, series: dict[str, str]) -> dict[str, str]:
        if DIFFERENCE in series:
            raise ValueError(f"calls a series {DIFFERENCE!r}, which names a curve of its own")
        return series

    @model_validator(mode="before")
    @classmethod
    def _one_series_has_no_difference(cls, content: object) -> object:
        """Take away the difference that nobody asked for, where its series are not there."""
        if isinstance(content, dict) and "difference" not in content and "series" in content:
            series = content["series"]
            if isinstance(series, dict) and not {"self", "cross"} <= set(series):
                return {**content, "difference": None}
        return content

    @model_validator(mode="after")
    def _difference_is_of_series(self) -> Trend:
        unknown = [name for name in self.difference or () if name not in self.series]
        if unknown:
            raise ValueError(
                f"has a difference of {unknown[0]!r}, which is no series; "
                f"{nearest(unknown[0], list(self.series))}"
            )
        if self.difference and self.difference[0] == self.difference[1]:
            raise ValueError(f"has a difference of {self.difference[0]!r} and itself")
        return self

    @property
    def conditions(self) -> tuple[str, ...]:
        """The SQL conditions of its series, and the column."""
        return (*self.series.values(), self.over)


SCALING_NAME = "scaling"
SCALING = Trend(title="With more training")
"""The trend of the field: accuracy over the number of training questions, self and cross."""

SHOTS_NAME = "shots"
SHOTS = Trend(over="n_shot", title="With more examples in the prompt")
"""The same over the number of examples in the prompt, the column `n_shot` of predictions."""
