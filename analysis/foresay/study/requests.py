"""A request file: what somebody asked to be computed otherwise, and the answer to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import yaml
from pydantic import AfterValidator, BaseModel, Field, model_validator

from foresay.errors import StudyError
from foresay.study.choices import Choices, Names, Part, SomeNames
from foresay.study.contrasts import Contrast, Versus
from foresay.study.documents import compose
from foresay.study.naming import nearest
from foresay.study.reading import override, read_part
from foresay.study.specification import TableName

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""What stands for a number in a reply: ``{before}``, or ``{difference 3}`` for the third row."""

_NUMBERS = ("before", "after", "difference")
_LONGEST = 60
_PLACE = re.compile(rf"({'|'.join(_NUMBERS)})(?: ([1-9][0-9]{{0,3}}))?")

Status: TypeAlias = Literal["open", "answered", "declined"]


_IDENTIFIER = r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*"
_ROLE = r"[A-Za-z][A-Za-z0-9 .-]*"


def _an_identifier(value: str) -> str:
    return _matching(value, _IDENTIFIER, "a name such as R2.3, of letters, digits, dots and -,")


def _a_role(value: str) -> str:
    return _matching(value, _ROLE, "a role such as reviewer 2, of letters, digits and spaces,")


def _matching(value: str, pattern: str, expected: str) -> str:
    if not re.fullmatch(pattern, value) or len(value) > _LONGEST:
        raise ValueError(f"is {value[:80]!r}, where {expected} is expected")
    return value


Identifier: TypeAlias = Annotated[
    str,
    AfterValidator(_an_identifier),
    Field(json_schema_extra={"pattern": f"^{_IDENTIFIER}$", "maxLength": _LONGEST}),
]
Role: TypeAlias = Annotated[
    str,
    AfterValidator(_a_role),
    Field(json_schema_extra={"pattern": f"^{_ROLE}$", "maxLength": _LONGEST}),
]


class ChangedChoices(Choices):
    """The choices that a request replaces; those that it does not name stay as they were."""

    @model_validator(mode="after")
    def _design_fits(self) -> ChangedChoices:
        return self  # whether they fit is known with the choices that stay

    def changes(self) -> dict[str, Any]:
        """Return those that are named."""
        return self.model_dump(include=set(self.model_fields_set))


class Change(Part):
    """What is to be done otherwise. Nothing at all is a request too, whose differences are 0."""

    choices: ChangedChoices = Field(
        default_factory=ChangedChoices, description="Named choices that replace the version's."
    )
    where: str | None = Field(
        None, min_length=1, description="SQL condition on trials, added to the study's own."
    )
    without_items: Names = Field(
        default_factory=list, description="Items that are left out, in every task that has them."
    )
    tables: dict[TableName, SomeNames] = Field(
        default_factory=dict,
        description="Table: other files for it, read with the mapping of the study file.",
    )
    contrasts: dict[Annotated[str, Field(min_length=1)], Contrast] = Field(
        default_factory=dict, description="Further contrasts, as in a study file."
    )


class Request(Part):
    """One request."""

    id: Identifier = Field(description="Such as R2.3; the file has the same name.")
    asked_by: Role = Field(description="A role, such as reviewer 2; no name.")
    question: str = Field(min_length=1, description="In their words.")
    against: str | None = Field(
        None,
        min_length=1,
        description="Label of the version that is asked about, or draft; default: the study's.",
    )
    change: Change = Field(default_factory=Change)
    concerns: Names = Field(
        default_factory=list,
        description="Contrasts, estimands, trends, summaries and regressions that are computed "
        "again, and ids of claims of the ledger that are judged again; without any of the first, "
        "the declared contrasts, or accuracy where there is none; without any claim, all claims.",
    )
    by: Names | None = Field(
        None,
        description="Grouping columns of estimands and contrasts; default: those of the report, "
        "and a contrast's own.",
    )
    status: Status = "open"
    reason: str | None = Field(None, min_length=1, description="Why it is declined.")
    reply: str | None = Field(
        None,
        min_length=1,
        description="What the authors answer. {before}, {after} and {difference} stand for the "
        "numbers of the first row of the table, {before 3} for those of the third.",
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> Request:
        if problems := "\n".join(self._problems()):
            raise ValueError(problems)
        return self

    def _problems(self) -> Iterator[str]:
        if self.status == "declined" and self.reason is None:
            yield "status: is declined, and no reason is given; add reason"
        if self.status != "declined" and self.reason is not None:
            yield f"reason: is why a request is declined, and its status is {self.status}"
        if self.status == "answered" and self.reply is None:
            yield "status: is answered, and there is no reply; add reply, or leave it open"
        if twice := [c for n, c in enumerate(self.concerns) if c in self.concerns[:n]]:
            yield f"concerns: names {twice[0]!r} twice"
        for found in PLACEHOLDER.finditer(self.reply or ""):
            if not _PLACE.fullmatch(found[1]):
                yield (
                    f"reply: has the placeholder {found[0]}; "
                    f"{nearest(found[1].split(' ')[0], list(_NUMBERS))}"
                )


def placed(found: re.Match[str]) -> tuple[str, int]:
    """Return which number a placeholder stands for, and in which row, from 0."""
    name, _, row = found[1].partition(" ")
    return name, int(row or 1) - 1


def read_request(path: Path) -> Request:
    """Read and check a request file.

    Raises
    ------
    StudyError
        With every problem of the file: its line, what is wrong, and the nearest known name.
    """
    made = read_part(path, Request, "request file", part_of=_model_of)
    if made.id != path.stem:
        raise StudyError(
            f"{path}: id is {made.id!r}, and the file is called {path.name}; give both one name"
        )
    return made


def is_request(path: Path) -> bool:
    """Tell a request file from a study file by its keys; false where it cannot be read."""
    try:
        with path.open("rb") as stream:
            text = stream.read(2_000_000).decode("utf-8-sig")
        node = compose(text, path)
    except (OSError, ValueError, StudyError):
        return False
    keys = {key.value for key, _ in node.value} if isinstance(node, yaml.MappingNode) else set()
    return bool(keys & {"question", "asked_by", "change"}) and not keys & {"study", "tables"}


def _model_of(location: list[str]) -> type[BaseModel]:
    """Return the part of a request that an unknown key stands in."""
    match location[:-1]:
        case ["change"]:
            return Change
        case ["change", "choices"]:
            return Choices
        case ["change", "contrasts", _, "versus"]:
            return Versus
        case ["change", "contrasts", *_]:
            return Contrast
    return Request


def request_schema() -> dict[str, Any]:
    """Return the JSON Schema of request files, for editors."""
    schema = Request.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def change_of(content: dict[str, Any], base: Choices) -> Change:
    """Return a change from what a command was told.

    Raises
    ------
    StudyError
        A choice or its value is unknown or contradicts another, with the nearest valid ones.
    """
    override(base, content["choices"])
    return Change.model_validate(content)
