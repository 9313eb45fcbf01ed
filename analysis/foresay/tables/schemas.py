"""The tables that may come in: which columns, of which type, under which rules.

`TABLES` is the one source. Reading takes names and types from it, `schema` turns it into
`pandera.ibis` schemas, validation counts what breaks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandera.ibis as pa

ColumnType = Literal["text", "integer", "number", "boolean"]
"""Types of canonical columns: UTF-8 text, 64-bit integer, 64-bit float, boolean."""

STAGES = (
    "base",
    "self-trained",
    "cross-trained",
    "behaviour-shifted",
    "format-trained",
    "scrambled",
)
"""What was done to a model before it was asked."""

SPLITS = ("train", "held-out")
"""Whether the predictor was trained on the item of a prediction."""

ROLES = ("self", "cross")
"""Whether a predictor predicts itself; derived from the models table where it is not brought."""

BOOKKEEPING = ("_file", "_row")
"""Columns that reading adds: the file relative to the study, the data row in it from 1."""

RAW_PREFIX = "_raw_"
"""Before a column's name: its text where it could not be read as the column's type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every value of a column must satisfy; missing values are not its business.

    Parameters
    ----------
    name : str
        A few words, as they stand in the table of problems.
    way_out : str
        What a person can do about it.
    values : tuple of str
        The only values allowed; empty where a range is meant.
    low, high : float or None
        Ends of the allowed range, both included; None is open.
    """

    name: str
    way_out: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def holds(self, column: Any) -> Any:
        """Return the boolean Ibis expression that is true where `column` is as it must be.

        ``nan`` fails every range; a missing value gives a missing answer.
        """
        if self.values:
            return column.isin(self.values)
        inside = ~column.isnan() if column.type().is_floating() else column == column  # noqa: PLR0124
        if self.low is not None:
            inside &= column >= self.low
        if self.high is not None:
            inside &= column <= self.high
        return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """One canonical column of a table.

    Parameters
    ----------
    name : str
        Its canonical name.
    type : {"text", "integer", "number", "boolean"}
        What its values are read as.
    required : bool
        Whether the table is refused without it.
    nullable : bool
        Whether a value may be missing.
    meaning : str
        One line for a person who fills in a study file.
    rules : tuple of Rule
        What each value must satisfy.
    accepts : tuple of types
        Other types that reading may turn into `type` (a boolean match counts as 0 or 1).
    """

    name: str
    type: ColumnType
    required: bool = False
    nullable: bool = True
    meaning: str = ""
    rules: tuple[Rule, ...] = ()
    accepts: tuple[ColumnType, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """One table that may come in.

    Parameters
    ----------
    name : str
        Its name in a study file.
    meaning : str
        What one row of it is.
    key : tuple of str
        Columns that together name a row. Optional ones count where they are present.
    columns : mapping of str to ColumnSpec
        Canonical columns by name, the key first.
    alternatives : tuple of tuples of str
        Sets of columns of which at least one must be complete; empty where nothing is left open.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: Mapping[str, ColumnSpec]
    alternatives: tuple[tuple[str, ...], ...] = field(default=())

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that the table is refused without."""
        return tuple(name for name, column in self.columns.items() if column.required)

    def present_key(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the key columns that are among `columns`, in the order of the key."""
        there = set(columns)
        return tuple(name for name in self.key if name in there)

    def covariates(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the columns that this table does not know, sorted: kept, but not interpreted."""
        return tuple(
            sorted(c for c in columns if c not in self.columns and not is_bookkeeping(c)),
        )


def is_bookkeeping(column: str) -> bool:
    """Tell whether reading added `column` for its own purposes."""
    return column in BOOKKEEPING or column.startswith(RAW_PREFIX)


def _one_of(values: tuple[str, ...]) -> Rule:
    listed = ", ".join(values)
    return Rule(
        name=f"one of {listed}",
        values=values,
        way_out="correct the value, or map it to a listed one in study.yml with {sql: CASE ...}",
    )


_SHARE = Rule(
    name="between 0 and 1",
    low=0.0,
    high=1.0,
    way_out="correct the value; percentages are divided in study.yml, e.g. {sql: column / 100}",
)
_FROM_ZERO = Rule(name="0 or more", low=0.0, way_out="correct the value or leave the cell empty")
_FROM_ONE = Rule(name="1 or more", low=1.0, way_out="count from 1, e.g. {sql: column + 1}")
_UP_TO_ZERO = Rule(
    name="0 or less",
    high=0.0,
    way_out="give the natural logarithm of a probability, or leave the column out",
)


def _key(name: str, meaning: str) -> ColumnSpec:
    return ColumnSpec(name=name, type="text", required=True, nullable=False, meaning=meaning)


def _optional(name: str, type_: ColumnType, meaning: str, *rules: Rule) -> ColumnSpec:
    return ColumnSpec(name=name, type=type_, meaning=meaning, rules=rules)


def _value(name: str, type_: ColumnType, meaning: str, *rules: Rule) -> ColumnSpec:
    return ColumnSpec(name=name, type=type_, required=True, meaning=meaning, rules=rules)


_MODEL = _key("model", "name of the model, as everywhere in the study")
_TASK = _key("task", "kind of prompt")
_ITEM = _key("item", "the prompt, named within its task")
_PREDICTOR = _key("predictor", "model that predicts")
_TARGET = _key("target", "model whose behaviour is predicted")
_PROPERTY = _key("property", "aspect of the behaviour that is asked for")
_WORDING = _optional("wording", "text", "template or person in which the question was put")
_TEMPERATURE = _optional("temperature", "number", "sampling temperature; 0 is greedy", _FROM_ZERO)
_REPEAT = _optional("sample", "integer", "number of the model's repeat, from 0", _FROM_ZERO)
_COMPLIANT = _optional("compliant", "boolean", "whether the reply has the form asked for")
_SPLIT = _optional("split", "text", "train or held-out item of the predictor", _one_of(SPLITS))
_ROLE = _optional("role", "text", "self or cross; derived where absent", _one_of(ROLES))
_CONFIDENCE = _optional("confidence", "number", "stated probability of being right", _SHARE)
_ASKED = (_PREDICTOR, _TARGET, _TASK, _ITEM, _PROPERTY, _WORDING, _TEMPERATURE, _REPEAT)


def _table(name: str, meaning: str, n_key: int, *columns: ColumnSpec, **more: Any) -> TableSpec:
    return TableSpec(
        name=name,
        meaning=meaning,
        key=tuple(column.name for column in columns[:n_key]),
        columns=MappingProxyType({column.name: column for column in columns}),
        **more,
    )


TABLES: Mapping[str, TableSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            _table(
                "models",
                "one model at one stage",
                1,
                _MODEL,
                _optional("family", "text", "models of one family share pretraining"),
                _optional("base", "text", "model that this one was trained from"),
                _optional("stage", "text", "what was done to the base", _one_of(STAGES)),
                _optional("trained_on", "text", "model whose behaviour it was trained to predict"),
                _optional("n_train", "integer", "number of training questions", _FROM_ZERO),
                _optional("training_seed", "integer", "seed of the training run"),
            ),
            _table(
                "responses",
                "one reply of one model to one prompt",
                6,
                *(_MODEL, _TASK, _ITEM, _WORDING, _TEMPERATURE, _REPEAT),
                _value("response", "text", "the reply as it came; an empty reply is a reply"),
                _COMPLIANT,
                _optional("seed", "text", "seed of the generator, as a name"),
                _optional("logprob", "number", "log probability of the reply", _UP_TO_ZERO),
                _optional("batch", "text", "batch that the reply was computed in"),
            ),
            _table(
                "answers",
                "one property of one reply",
                7,
                *(_MODEL, _TASK, _ITEM, _PROPERTY, _WORDING, _TEMPERATURE, _REPEAT),
                _value("answer", "text", "the property; missing where it is undefined"),
                _COMPLIANT,
            ),
            _table(
                "predictions",
                "one prediction of one property of one behaviour",
                8,
                *_ASKED,
                _value("prediction", "text", "what the predictor says the target would answer"),
                *(_COMPLIANT, _SPLIT, _ROLE, _CONFIDENCE),
            ),
            _table(
                "probabilities",
                "one answer and the probability that a predictor gives it",
                7,
                *(_PREDICTOR, _TARGET, _TASK, _ITEM, _PROPERTY, _WORDING),
                _key("answer", "answer that the probability is for"),
                _value("probability", "number", "stated or token-level probability", _SHARE),
                _optional("rank", "integer", "place in a list of the likeliest answers", _FROM_ONE),
            ),
            _table(
                "items",
                "one prompt",
                2,
                *(_TASK, _ITEM),
                _optional("held_out_task", "boolean", "whether no predictor trained on its task"),
                _optional("complexity", "number", "how hard the prompt is, on a scale of yours"),
            ),
            _table(
                "trials",
                "one prediction held against one behaviour",
                8,
                *_ASKED,
                ColumnSpec(
                    name="match",
                    type="number",
                    accepts=("boolean",),
                    meaning="whether, or for what share of repeats, the prediction came true",
                    rules=(_SHARE,),
                ),
                _optional("prediction", "text", "what the predictor said"),
                _optional("behaviour", "text", "what the target answered"),
                *(_COMPLIANT, _SPLIT, _ROLE, _CONFIDENCE),
                alternatives=(("match",), ("prediction", "behaviour")),
            ),
        )
    },
)
"""Every table that may come in, in the order of the design."""


@cache
def schema(table: str) -> pa.DataFrameSchema:
    """Return the `pandera.ibis` schema of the table called `table`.

    Parameters
    ----------
    table : str
        One of `TABLES`.

    Returns
    -------
    pandera.ibis.DataFrameSchema
        One column for each canonical column and one check for each of its rules, named like the
        rule. Unknown columns are allowed. Uniqueness of the key is not part of it: pandera's
        check is a window over the whole table, ours is bounded in memory.

    Raises
    ------
    KeyError
        If there is no such table.
    """
    import ibis
    import pandera.ibis as pa

    dtypes = {"text": "string", "integer": "int64", "number": "float64", "boolean": "boolean"}

    def check(rule: Rule) -> pa.Check:
        return pa.Check(
            lambda data: rule.holds(data.table[data.key]),
            name=rule.name,
            error=rule.name,
            n_failure_cases=10,
        )

    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                ibis.dtype(dtypes[column.type]),
                checks=[check(rule) for rule in column.rules],
                nullable=column.nullable,
                required=column.required,
                description=column.meaning,
            )
            for column in TABLES[table].columns.values()
        },
        name=table,
        strict=False,
    )
