"""Answers derived from the text of responses by registered property functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from foresay.errors import StudyError
from foresay.study import PropertySource
from foresay.tables.engine import Engine
from foresay.tables.properties import derive_many
from foresay.tables.schemas import BOOKKEEPING

_KEPT = ("model", "task", "item", "wording", "temperature", "sample", "compliant")


def with_derived_answers(
    tables: Mapping[str, Any], properties: Mapping[str, PropertySource], engine: Engine
) -> dict[str, Any]:
    """Return the tables with answers derived from `responses` added to `answers`.

    Parameters
    ----------
    tables : mapping of str to ibis.Table
        Canonical tables, `responses` among them.
    properties : mapping of str to PropertySource
        Registered property -> the tasks it is for, and their options.
    engine : Engine
        Where the derived answers are kept.

    Returns
    -------
    dict of str to ibis.Table
        `answers` has one row a response and property; `answer` is missing where the property is
        undefined, and `reason` says why.

    Raises
    ------
    ChoiceError
        A property is not registered, or needs options that are not given.
    StudyError
        A task is named that no response has, or `responses` lacks a key column.
    """
    responses = tables["responses"]
    lacking = [c for c in ("model", "task", "item", "response") if c not in responses.columns]
    if lacking:
        raise StudyError(
            f"table responses has no column {lacking[0]!r}, which deriving properties needs; map "
            "it under `columns`"
        )
    kept = [c for c in (*_KEPT, *BOOKKEEPING) if c in responses.columns]
    derived = None
    for name, source in properties.items():
        part = _with_lookup(responses, name, source, engine)
        part = part.select(*[part[c] for c in kept], "property", "answer", "reason")
        derived = part if derived is None else derived.union(part)
    result = dict(tables)
    if derived is None:
        return result
    made = engine.backend.create_table("_derived_answers", derived, temp=True, overwrite=True)
    if "answers" in result:
        made = _stacked(result["answers"], made)
    result["answers"] = made
    return result


def _with_lookup(responses: Any, name: str, source: PropertySource, engine: Engine) -> Any:
    """Join each response to its property, worked out once for each distinct text."""
    rows = responses
    if source.tasks is not None:
        there = set(rows.select("task").distinct().to_pyarrow()["task"].to_pylist())
        unknown = [task for task in source.tasks if task not in there]
        if unknown:
            raise StudyError(
                f"properties.{name}: no response has the task {unknown[0]!r}; there are: "
                f"{', '.join(sorted(map(str, there)))}"
            )
        rows = rows.filter(rows.task.isin(source.tasks))
    texts = rows.filter(rows.response.notnull()).select("response").distinct()
    listed = sorted(texts.to_pyarrow()["response"].to_pylist())
    found = derive_many(name, listed, source.options)
    lookup = engine.backend.create_table(
        f"_property_{name}",
        pa.table(
            {
                "response_": pa.array(listed, pa.string()),
                "answer": pa.array([f.answer for f in found], pa.string()),
                "reason": pa.array([f.reason for f in found], pa.string()),
            }
        ),
        temp=True,
        overwrite=True,
    )
    import ibis

    joined = rows.left_join(lookup, rows.response == lookup.response_)
    return joined.mutate(property=ibis.literal(name))


def _stacked(first: Any, second: Any) -> Any:
    """Put two tables over each other; columns of only one are missing in the other."""
    import ibis

    schema = {**dict(second.schema().items()), **dict(first.schema().items())}

    def widened(table: Any) -> Any:
        return table.select(
            **{
                name: table[name].cast(dtype) if name in table.columns else ibis.null().cast(dtype)
                for name, dtype in schema.items()
            }
        )

    return widened(first).union(widened(second))
