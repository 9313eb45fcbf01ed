"""What a study file may say of a specification curve: one number under a grid of named choices."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from foresay.errors import ChoiceError
from foresay.study.choices import Choices, Names, Part
from foresay.study.naming import nearest

if TYPE_CHECKING:
    from foresay.study.specification import Study

WHERE = "where"
"""The key of branches that are conditions on trials and not choices."""

VARIED = (
    *("compliance", "truth", "temperature", "baseline", "baseline_predictor", "ceiling"),
    *("weighting", "cluster", "within", "crossed", "strata", "interval", "level", "agreement"),
    WHERE,
)
"""What a grid may vary. A seed or a number of resamples is no analysis of its own."""

MOST = 20_000
"""Combinations that a grid may have."""

_LISTS = frozenset({"cluster", "within", "crossed", "strata"})
_NUMBERS = frozenset({"level", "temperature", "agreement"})

Value: TypeAlias = str | int | float | list[str] | None


class Branch(Part):
    """One defensible value of a choice, and why it is one."""

    value: Value = Field(
        description="The value; for where an SQL condition on trials, null for none."
    )
    reason: str = Field(min_length=1, description="Why a reader could defend it.")
    label: str = Field("", description="What figures call it; default: the value.")

    @property
    def text(self) -> str:
        """Its label, or its value as text."""
        return self.label or text_of(self.value)


def text_of(value: object) -> str:
    """Return the value of a branch as text: lists with +, no value as ``none``."""
    if value is None or value == []:
        return "none"
    if isinstance(value, list):
        return "+".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _listed(content: object) -> object:
    """Return ``{value: reason}`` as a list of branches."""
    if isinstance(content, dict):
        return [{"value": value, "reason": reason} for value, reason in content.items()]
    return content


class _ReasonsInSchema:
    """Tells editors what `_listed` lets through."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        reasons = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
        return {"anyOf": [handler(core), {**reasons, "minProperties": 1}]}


Branches: TypeAlias = Annotated[
    list[Branch], Field(min_length=1), BeforeValidator(_listed), _ReasonsInSchema()
]


def _each_a_list(content: object) -> object:
    if not isinstance(content, dict):
        return content
    return {k: v if isinstance(v, list) else [v] for k, v in content.items()}


class _OneOrManyInSchema:
    """Tells editors what `_each_a_list` lets through."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        schema = handler(core)
        many = schema["additionalProperties"]
        return {**schema, "additionalProperties": {"anyOf": [many, many["items"]]}}


class Exclusion(Part):
    """Combinations that make no sense together."""

    when: Annotated[
        dict[str, list[str | int | float | None]],
        Field(min_length=1),
        BeforeValidator(_each_a_list),
        _OneOrManyInSchema(),
    ] = Field(description="Choice: branches; left out where all of them meet.")
    reason: str = Field(min_length=1)


class Grid(Part):
    """One contrast or estimand under every combination of some choices."""

    of: str = Field(description="Contrast of the study, or estimand.")
    by: Names | None = Field(
        None,
        description="One curve for each of these; default: those of the contrast, none for an "
        "estimand.",
    )
    where: str | None = Field(None, description="SQL condition on trials, in every combination.")
    title: str = ""
    choices: dict[str, Branches] = Field(
        min_length=1, description="Choice: {value: reason}, or a list of branches."
    )
    exclude: list[Exclusion] = Field(default_factory=list)

    @model_validator(mode="after")
    def _branches_are_known(self) -> Grid:
        problems = [*self._unknown(), *self._misnamed()]
        number = math.prod(len(branches) for branches in self.choices.values())
        if number > MOST:
            problems.append(f"has {number:,} combinations, of at most {MOST:,}; vary fewer choices")
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _unknown(self) -> Iterator[str]:
        for name, branches in self.choices.items():
            if name not in VARIED:
                yield f"varies {name!r}, which a grid cannot; {nearest(name, list(VARIED))}"
                continue
            for branch in branches:
                if problem := _problem(name, branch.value):
                    yield f"varies {name}: {problem}"
            texts = [branch.text for branch in branches]
            values = [text_of(branch.value) for branch in branches]
            if twice := [t for i, t in enumerate(texts) if t in texts[:i]]:
                yield f"has the branch {twice[0]!r} of {name} twice"
            elif again := [v for i, v in enumerate(values) if v in values[:i]]:
                yield f"has the value {again[0]!r} of {name} twice, under two labels"

    def _misnamed(self) -> Iterator[str]:
        for rule in self.exclude:
            for name, texts in rule.when.items():
                if name not in self.choices:
                    yield (
                        f"excludes by {name!r}, which it does not vary; "
                        f"{nearest(name, list(self.choices))}"
                    )
                    continue
                known = [t for b in self.choices[name] for t in (b.text, text_of(b.value))]
                for text in map(text_of, texts):
                    if text not in known:
                        yield (
                            f"excludes {name} {text!r}, which is none of its branches; "
                            f"{nearest(text, list(dict.fromkeys(known)))}"
                        )

    def combinations(self) -> Iterator[dict[str, Branch]]:
        """Yield every combination of branches, the last choice changing fastest."""
        for combined in itertools.product(*self.choices.values()):
            yield dict(zip(self.choices, combined, strict=True))

    def excluded(self, combined: Mapping[str, Branch]) -> str:
        """Return the reason of the first rule that leaves a combination out; "" for none."""
        for rule in self.exclude:
            if all(_among(combined[name], texts) for name, texts in rule.when.items()):
                return rule.reason
        return ""


def _among(branch: Branch, texts: list[str | int | float | None]) -> bool:
    return bool({branch.text, text_of(branch.value)} & set(map(text_of, texts)))


def choice_of(name: str, value: Value) -> Any:
    """Return the value of a branch as a choice takes it: keys of a mapping are always text."""
    if name in _LISTS and not isinstance(value, list):
        return [] if value is None or value == "" else str(value).split("+")
    if name in _NUMBERS and isinstance(value, str):
        number = re.fullmatch(r"\d+", value)
        try:
            return int(value) if number else float(value)
        except ValueError:
            return value
    return value


def _problem(name: str, value: Value) -> str:
    """Say why a choice cannot have a value by itself; "" where it can."""
    if name == WHERE:
        if value is None or (isinstance(value, str) and value.strip()):
            return ""
        return f"{value!r} is no condition; write SQL in quotes, or null for no condition"
    try:
        Choices.model_validate({name: choice_of(name, value)})
    except ValidationError as error:
        for one in error.errors():
            if not one["loc"]:
                continue  # it contradicts a default, which another branch may replace
            known = re.findall(r"'([^']*)'", str(one.get("ctx", {}).get("expected", "")))
            if one["type"] == "literal_error":
                listed = ", ".join(known)
                return f"{value!r} is not one of {listed}; {nearest(str(value), known)}"
            return f"{value!r}: {str(one['msg']).replace('Input should', 'should')}"
    return ""


def find_grid(study: Study, name: str) -> Grid:
    """Return the specification curve called `name` of a study.

    Raises
    ------
    ChoiceError
        With the nearest declared one.
    """
    if name not in study.specifications:
        raise ChoiceError(
            f"no specification curve {name!r} is declared under `specifications` in the study "
            f"file; {nearest(name, list(study.specifications))}"
        )
    return study.specifications[name]
