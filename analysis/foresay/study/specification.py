"""What a study file may say: `Study` and its parts, frozen and checked by pydantic."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, WithJsonSchema, field_validator, model_validator

from foresay.study.choices import Choices, Part

TableName: TypeAlias = Literal[
    "models", "responses", "answers", "predictions", "probabilities", "items", "trials"
]


def _one_key(key: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key: schema},
        "required": [key],
        "additionalProperties": False,
    }


class Column(Part):
    """Where a canonical column comes from: exactly one of a source column, a constant, an SQL."""

    source: str | None = None
    value: str | int | float | bool | None = None
    sql: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_name_is_a_source(cls, content: object) -> object:
        if isinstance(content, str):
            return {"source": content}
        if isinstance(content, dict) and len(content) != 1:
            raise ValueError("takes one of {value: constant} and {sql: expression}, or a name")
        return content


ColumnSource = Annotated[
    Column,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "description": "A source column."},
                _one_key("value", {"type": ["string", "number", "boolean"]}),
                _one_key("sql", {"type": "string", "minLength": 1}),
            ]
        }
    ),
]


class TableSource(Part):
    """Where one table comes from, and how its columns map to canonical ones."""

    files: list[str] = Field(min_length=1, description="Globs relative to the study file.")
    columns: dict[str, ColumnSource] = Field(
        default_factory=dict,
        description="Canonical column: source column, {value: constant} or {sql: expression}.",
    )
    at: str | None = Field(None, description="Dotted path to a list of records in a JSON file.")
    pattern: str | None = Field(
        None, description="Regular expression on the path; its named groups become columns."
    )
    where: str | None = Field(None, description="SQL condition on source columns: rows to keep.")
    conditions: list[str] = Field(
        default_factory=list,
        description="Columns beyond the standard key that tell rows apart.",
    )
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    broken_rows: Literal["error", "drop"] = Field(
        "error", description="Rows whose number of fields is wrong: refuse, or leave out."
    )

    @field_validator("files", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                names = re.compile(value).groupindex
            except re.error as error:
                raise ValueError(f"is not a regular expression: {error}") from error
            if not names:
                raise ValueError("has no named group such as (?P<predictor>[^_]+)")
        return value


class PropertySource(Part):
    """A property derived from the text of responses."""

    tasks: list[str] | None = Field(None, description="Only for these tasks; default: all.")
    options: list[str] | None = Field(None, description="The options that a task offers.")


class Contrast(Part):
    """A paired difference of one estimand between two groups of trials on the same items."""

    of: str = Field(description="Estimand, such as accuracy.")
    where: str = Field(description="SQL condition on trials: the first arm.")
    minus: str = Field(description="SQL condition on trials: the arm that is subtracted.")
    by: list[str] = Field(default_factory=list, description="One difference for each of these.")
    title: str = ""

    @field_validator("by", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


Format: TypeAlias = Literal["html", "pdf", "docx"]


class Report(Part):
    """What is rendered."""

    version: str | None = Field(None, description="Label of the version; without it, a draft.")
    formats: list[Format] = Field(default_factory=lambda: ["html", "pdf", "docx"], min_length=1)
    source: str | None = Field(
        None, description="The .qmd to render, relative to this file; default: the suite."
    )
    authors: list[str] = Field(default_factory=list)
    date: str | None = Field(None, description="A fixed date, printed as it stands.")


Name: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]


class Study(Part):
    """A study: its tables, the mapping of their columns, the choices made, and its report."""

    study: Name = Field(description="Short name, used in file names.")
    title: str = Field("", description="Title of the report.")
    description: str = Field("", description="What was asked of whom; printed in the report.")
    tables: dict[TableName, TableSource] = Field(min_length=1)
    properties: dict[str, PropertySource] = Field(
        default_factory=dict, description="Properties derived from the responses table."
    )
    where: str | None = Field(
        None, description="SQL condition on trials: what every estimate of the study is about."
    )
    choices: Choices = Field(default_factory=Choices)
    contrasts: dict[str, Contrast] = Field(default_factory=dict)
    report: Report = Field(default_factory=Report)

    @field_validator("properties", mode="before")
    @classmethod
    def _names_or_mapping(cls, value: object) -> object:
        if isinstance(value, list) and all(isinstance(name, str) for name in value):
            return {name: {} for name in value}
        return value

    @model_validator(mode="after")
    def _tables_fit(self) -> Study:
        if "trials" in self.tables and "predictions" in self.tables:
            raise ValueError(
                "tables: 'trials' stands instead of 'predictions'; name one of the two"
            )
        if self.properties and "responses" not in self.tables:
            raise ValueError("properties: are derived from a 'responses' table, and none is named")
        if not set(self.tables) & {"trials", "predictions", "responses", "answers"}:
            raise ValueError(
                "tables: nothing to analyse; name one of trials, predictions, responses, answers"
            )
        return self


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of study files, for editors."""
    schema = Study.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
