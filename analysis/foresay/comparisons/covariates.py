"""Numbers in columns that a study brings: read as numbers, or refused by name."""

from __future__ import annotations

from typing import Any

import ibis

from foresay.errors import ChoiceError


def number(table: Any, name: str, *, what: str) -> Any:
    """Return a column as floating-point numbers; missing where it has no finite value.

    Columns that foresay does not know are read as text, so that ``5`` and ``0.25`` in them are
    text too; they are taken for the numbers that they spell.

    Parameters
    ----------
    table : ibis.Table
        Trials.
    name : str
        A column of it.
    what : str
        Who asks, for the message.

    Raises
    ------
    ChoiceError
        A value is not a number; names one.
    """
    column = table[name]
    if column.type().is_numeric() or column.type().is_boolean():
        value = column.cast("float64")
    else:
        value = column.try_cast("float64")
        wrong = table.filter(column.notnull() & value.isnull())
        found = wrong.aggregate(n=wrong.count(), one=wrong[name].cast("string").min())
        row = found.to_pyarrow().to_pylist()[0]
        if row["n"]:
            raise ChoiceError(
                f"{what}: the column {name!r} holds {row['one']!r}, where a number is expected; "
                f"{row['n']} trials have no number there"
            )
    return ibis.ifelse(value.isnan() | value.isinf(), None, value)
