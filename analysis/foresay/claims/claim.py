"""One claim of a ledger: what is printed, and what it says of the study's data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from foresay.claims.numbers import parse_number
from foresay.claims.printed import Printed, Rounding
from foresay.errors import ChoiceError
from foresay.study import Choices, nearest
from foresay.study.choices import Names, Part, Positive

Kind: TypeAlias = Literal[
    "value",
    "interval",
    "difference",
    "ratio",
    "ordering",
    "significance",
    "equivalence",
    "plateau",
    "calibration",
    "count",
    "absence",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Status: TypeAlias = Literal["draft", "submitted", "published", "withdrawn"]
Scalar: TypeAlias = str | int | float | bool

NEEDS: Mapping[str, tuple[str, ...]] = {
    "value": ("value",),
    "interval": ("interval",),
    "difference": ("value",),
    "ratio": ("value",),
    "count": ("value",),
}
"""What a claim of a kind cannot be without."""

ARMED = ("difference", "ratio", "ordering", "significance", "equivalence", "absence", "interval")
"""Kinds that may name arms."""


def _as_written(value: object) -> object:
    """Take a bare number as text; one whose last zero matters has to stand in quotes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _as_number(value: object) -> object:
    """Take any bare number as text, where its last zeros do not matter."""
    return repr(value) if isinstance(value, float) else _as_written(value)


def _readable(text: str) -> str:
    try:
        parse_number(text)
    except ChoiceError as error:
        raise ValueError(str(error)) from error
    return text


PrintedText: TypeAlias = Annotated[
    str,
    BeforeValidator(_as_written),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]
"""A number as it is printed: ``".494"``, ``"49.4 %"``, ``"< .01"``, 839."""


NumberText: TypeAlias = Annotated[
    str,
    BeforeValidator(_as_number),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}]}),
]
"""A number to hold another against: ``.6``, ``"60 %"``."""


class Place(Part):
    """Where a claim is printed."""

    paper: str = Field("", description="File or title.")
    section: str = ""
    figure: str = ""
    table: str = ""
    page: str = Field("", description="In quotes: 'p. 7'.")

    def __str__(self) -> str:
        return ", ".join(text for text in self.model_dump().values() if text)


class Change(Part):
    """One entry of the history of a claim."""

    date: str = Field(
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="Year, month, day.",
        json_schema_extra={"format": "date"},
    )
    change: str = Field(min_length=1, description="What was changed, and why.")

    @field_validator("date")
    @classmethod
    def _is_in_the_calendar(cls, said: str) -> str:
        try:
            date.fromisoformat(said)
        except ValueError as error:
            raise ValueError(f"is {said!r}, which no calendar has: {error}") from error
        return said


class Claim(Part):
    """A number or a sentence of a paper, and what it says of the study's data."""

    sentence: str = Field(min_length=1, description="The claim as it is printed.")
    place: Place = Field(default_factory=Place)
    kind: Kind
    of: str = Field(
        min_length=1,
        description="An estimand, or a comparison of the study by name. Of a count: trials, a "
        "column of trials whose values are counted, or a table whose rows are counted.",
    )
    at: dict[str, Scalar] = Field(
        default_factory=dict,
        description="Column: value. Of an estimand, the group; of a comparison, the row, such as "
        "{target: m, quantity: slope, subject: self}.",
    )
    each: Names = Field(
        default_factory=list,
        description="Columns: the claim is about each of their values, such as [predictor] for "
        "'all models', and holds where it holds for every one.",
    )
    where: str | None = Field(None, description="SQL condition on trials.")
    choices: dict[str, Any] = Field(
        default_factory=dict, description="Named choices that replace those of the study."
    )
    arms: list[Annotated[str, Field(min_length=1)]] = Field(
        default_factory=list,
        description="SQL conditions on trials: the arms that are compared, pairwise on the same "
        "items, in the order of the claim. More than two are a chain.",
        json_schema_extra={"minItems": 2},
    )
    direction: Literal[">", "<", ">=", "<="] | None = Field(
        None,
        description="first arm > second; of a comparison, its value against that of no effect; of "
        "an estimand, its value against `than`. Of an ordering > unless said.",
    )
    than: NumberText | None = Field(
        None, description="Of an ordering of an estimand: the fixed number it is held against."
    )
    value: PrintedText | None = Field(
        None, description="As printed, in quotes; of a significance, the p-value."
    )
    interval: list[PrintedText] | None = Field(
        None, min_length=2, max_length=2, description="Both ends as printed."
    )
    n: PrintedText | None = Field(None, description="The number that is printed beside it.")
    n_of: Literal["trials", "items", "clusters"] = Field("items", description="What n counts.")
    margin: Positive | None = Field(
        None, description="What does not matter, in the estimand's own unit: .05 is five points."
    )
    between: list[float | int] | None = Field(
        None, min_length=2, max_length=2, description="Of a plateau: its first and last level."
    )
    calibrated: bool = Field(
        default=True,
        description="Of a calibration: whether it is claimed to be calibrated, or not.",
    )
    rounding: Rounding = "nearest"
    family: str = Field("", description="Family of the study in which its test is corrected.")
    owner: str = ""
    status: Status = "draft"
    history: list[Change] = Field(default_factory=list)
    note: str = ""

    @field_validator("value", "than", "n")
    @classmethod
    def _one_number(cls, text: str | None) -> str | None:
        return None if text is None else _readable(text)

    @field_validator("interval")
    @classmethod
    def _two_numbers(cls, ends: list[str] | None) -> list[str] | None:
        return None if ends is None else [_readable(end) for end in ends]

    @field_validator("choices")
    @classmethod
    def _choices_are_known(cls, given: dict[str, Any]) -> dict[str, Any]:
        for name, value in given.items():
            if name not in Choices.model_fields:
                known = list(Choices.model_fields)
                raise ValueError(f"names the unknown choice {name!r}; {nearest(name, known)}")
            try:
                Choices.model_validate({name: value})
            except ValidationError as error:
                broken = [one for one in error.errors() if one["loc"]]
                if broken:  # without a place it contradicts a default, which the study may replace
                    known = re.findall(r"'([^']*)'", str(broken[0].get("ctx", {}).get("expected")))
                    hint = f"; {nearest(str(value), known)}" if known else ""
                    said = str(broken[0]["msg"]).replace("Input should", "should")
                    raise ValueError(f"{name} {value!r} {said}{hint}") from error
        return given

    @model_validator(mode="after")
    def _kind_fits(self) -> Claim:
        for name in NEEDS.get(self.kind, ()):
            if getattr(self, name) is None:
                raise ValueError(f"is of kind {self.kind}, which needs {name}; print it in quotes")
        if self.arms and self.kind not in ARMED:
            raise ValueError(f"is of kind {self.kind}, which has no arms; {_or(ARMED)} have")
        printed = self.printed()
        if self.kind == "significance" and printed and printed.relation in (">", ">="):
            raise ValueError(
                f"is of kind significance with the value {self.value!r}, which says that a test "
                "found nothing; that is no sign of sameness, and no data support it. For sameness, "
                "use kind equivalence with a margin; for what was found, kind difference with its "
                "value and interval"
            )
        if len(self.arms) == 1:
            raise ValueError("has one arm; name two or more, or use where")
        if len(self.arms) > 2 and self.kind != "ordering":
            raise ValueError(f"has {len(self.arms)} arms; only an ordering has more than two")
        if self.each and self.kind in ("value", "interval", "difference", "ratio", "count"):
            raise ValueError(f"is of kind {self.kind}, which is about one number; leave out each")
        if self.between is not None and self.kind != "plateau":
            raise ValueError(f"has between, which belongs to a plateau, not to {self.kind}")
        if both := sorted(set(self.at) & set(self.each)):
            raise ValueError(f"has {both[0]!r} both in at and in each; choose one")
        return self

    def printed(self, name: str = "value") -> Printed | None:
        """Return `value`, `than` or `n` as a printed number."""
        text = getattr(self, name)
        return None if text is None else parse_number(text)

    @property
    def ends(self) -> tuple[Printed, Printed] | None:
        """The printed interval."""
        if self.interval is None:
            return None
        low, high = (parse_number(end) for end in self.interval)
        return low, high

    @property
    def reported(self) -> str:
        """What is printed, in one line; "" where the claim is words alone."""
        parts = [self.value or ""]
        if self.interval:
            parts.append(f"[{self.interval[0]}, {self.interval[1]}]")
        if self.n:
            parts.append(f"n = {self.n}")
        return " ".join(part for part in parts if part)


def _or(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
