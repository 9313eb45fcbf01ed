"""What a study file may say: `Study` and its parts, frozen and checked by pydantic."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from foresay.study.choices import Choices, Names, Part, SomeNames, one_or_many
from foresay.study.comparisons import name_problems
from foresay.study.contrasts import Contrast, Family, family_problems
from foresay.study.grids import Grid
from foresay.study.models import Regression, Summary
from foresay.study.trends import Trend

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

    source: str | None = Field(None, min_length=1)
    value: str | int | float | bool | None = None
    sql: str | None = Field(None, min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _a_name_is_a_source(cls, content: object) -> object:
        if isinstance(content, str):
            content = {"source": content}
        if not isinstance(content, dict):
            raise ValueError(f"is {content!r}, where {_COLUMN_TAKES}")  # noqa: TRY004
        if len(content) != 1:
            raise ValueError(f"has {len(content)} keys, where {_COLUMN_TAKES}")
        for key in ("source", "sql"):
            if key in content and (not isinstance(content[key], str) or not content[key].strip()):
                raise ValueError(f"has {key}: {content[key]!r}, which is not a text with content")
        _check_constant(content.get("value"))
        return content


_COLUMN_TAKES = (
    "a source column's name, or one of {source: name}, {value: constant} and {sql: expression}, "
    "is expected"
)


def _check_constant(value: object) -> None:
    if not isinstance(value, (str, int, float, bool, type(None))):
        raise ValueError(  # noqa: TRY004  # pydantic turns only ValueError into a problem
            f"has the value {value!r}, where text, a number, true, false or null is expected"
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"has the value {value!r}, which is not a finite number")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("has a value beyond 64-bit whole numbers; write it in quotes, as text")


ColumnSource = Annotated[
    Column,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"\S", "description": "A source column."},
                _one_key("source", {"type": "string", "pattern": r"\S"}),
                _one_key("value", {"type": ["string", "number", "boolean", "null"]}),
                _one_key("sql", {"type": "string", "pattern": r"\S"}),
            ]
        }
    ),
]


class TableSource(Part):
    """Where one table comes from, and how its columns map to canonical ones."""

    files: SomeNames = Field(description="Globs relative to the study file.")
    columns: dict[str, ColumnSource] = Field(
        default_factory=dict,
        description="Canonical column: source column, {value: constant} or {sql: expression}.",
    )
    at: str | None = Field(None, description="Dotted path to a list of records in a JSON file.")
    pattern: str | None = Field(
        None, description="Regular expression on the path; its named groups become columns."
    )
    where: str | None = Field(None, description="SQL condition on source columns: rows to keep.")
    conditions: Names = Field(
        default_factory=list,
        description="Columns beyond the standard key that tell rows apart.",
    )
    delimiter: str | None = Field(
        None,
        pattern=r"^[\t !#-/:;<=>?@\[-`{-~]$",
        description="One character between the fields of delimited text; default: the commonest.",
    )
    broken_rows: Literal["error", "drop"] = Field(
        "error", description="Rows whose number of fields is wrong: refuse, or leave out."
    )

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
            if hidden := [name for name in names if name.startswith("_")]:
                raise ValueError(f"names the group {hidden[0]!r}; such names are reserved")
            _refuse_same_but_for_case("groups", list(names))
        return value

    @field_validator("columns")
    @classmethod
    def _names_differ(cls, value: dict[str, Column]) -> dict[str, Column]:
        if any(not name.strip() for name in value):
            raise ValueError("names a column with an empty name")
        _refuse_same_but_for_case("columns", list(value))
        return value


def _refuse_same_but_for_case(what: str, names: list[str]) -> None:
    for i, name in enumerate(names):
        for other in names[:i]:
            if name.lower() == other.lower():
                raise ValueError(
                    f"has the {what} {other!r} and {name!r}, which count as the same; leave one out"
                )


class PropertySource(Part):
    """A property derived from the text of responses."""

    tasks: SomeNames | None = Field(None, description="Only for these tasks; default: all.")
    options: SomeNames | None = Field(None, description="The options that a task offers.")


def _names_or_mapping(value: object) -> object:
    value = one_or_many(value)
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    if isinstance(value, dict):  # `identity:` with nothing after it asks for the defaults
        return {name: {} if source is None else source for name, source in value.items()}
    return value


def _or_names(schema: dict[str, Any]) -> dict[str, Any]:
    """Allow one name and a list of names beside a mapping; a name may stand without a value."""
    source = schema["additionalProperties"]
    widened = {**schema, "additionalProperties": {"anyOf": [source, {"type": "null"}]}}
    names = {"type": "array", "items": {"type": "string"}}
    return {"anyOf": [widened, {"type": "string"}, names]}


class _NamesInSchema:
    """Tells editors what `_names_or_mapping` lets through."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return _or_names(handler(core))


PropertySources: TypeAlias = Annotated[
    dict[str, PropertySource], BeforeValidator(_names_or_mapping), _NamesInSchema()
]


Format: TypeAlias = Literal["html", "pdf", "docx"]


class Report(Part):
    """What is rendered."""

    version: str | None = Field(None, description="Label of the version; without it, a draft.")
    formats: Annotated[
        list[Format],
        BeforeValidator(one_or_many),
        WithJsonSchema(
            {
                "anyOf": [
                    {"enum": list(get_args(Format))},
                    {"type": "array", "items": {"enum": list(get_args(Format))}, "minItems": 1},
                ]
            }
        ),
    ] = Field(default_factory=lambda: list(get_args(Format)), min_length=1)
    source: str | None = Field(
        None, description="The .qmd to render, relative to this file; default: the suite."
    )
    authors: Names = Field(default_factory=list)
    date: str | None = Field(None, description="A fixed date, printed as it stands.")
    notice: str | None = Field(
        None,
        min_length=1,
        description="A sentence that every page says, such as that the data are simulated.",
    )


Name: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]


class Study(Part):
    """A study: its tables, the mapping of their columns, the choices made, and its report."""

    study: Name = Field(description="Short name, used in file names.")
    title: str = Field("", description="Title of the report.")
    description: str = Field("", description="What was asked of whom; printed in the report.")
    tables: dict[TableName, TableSource] = Field(min_length=1)
    properties: PropertySources = Field(
        default_factory=dict, description="Properties derived from the responses table."
    )
    where: str | None = Field(
        None, description="SQL condition on trials: what every estimate of the study is about."
    )
    choices: Choices = Field(default_factory=Choices)
    contrasts: dict[str, Contrast] = Field(default_factory=dict)
    families: dict[str, Family] = Field(
        default_factory=dict, description="Which contrasts are tested together."
    )
    regressions: dict[str, Regression] = Field(
        default_factory=dict, description="Two-way models by name; two_way is always there."
    )
    summaries: dict[str, Summary] = Field(
        default_factory=dict,
        description="Summaries over tasks by name; over_tasks is always there.",
    )
    trends: dict[str, Trend] = Field(
        default_factory=dict, description="Trends by name; scaling is always there."
    )
    specifications: dict[str, Grid] = Field(
        default_factory=dict, description="Specification curves by name: grids of choices."
    )
    report: Report = Field(default_factory=Report)

    @model_validator(mode="after")
    def _tables_fit(self) -> Study:
        problems = []
        if "trials" in self.tables and "predictions" in self.tables:
            problems.append("tables: 'trials' stands instead of 'predictions'; name one of the two")
        if self.properties and "responses" not in self.tables:
            problems.append("properties: are derived from a 'responses' table, and none is named")
        if not set(self.tables) & {"trials", "predictions", "responses", "answers"}:
            problems.append(
                "tables: nothing to analyse; name one of trials, predictions, responses, answers"
            )
        problems += family_problems(self.families, list(self.contrasts))
        problems += name_problems(
            {
                "contrast": self.contrasts,
                "regression": self.regressions,
                "summary": self.summaries,
                "trend": self.trends,
            }
        )
        if problems:
            raise ValueError("\n".join(problems))
        return self


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of study files, for editors."""
    schema = Study.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
