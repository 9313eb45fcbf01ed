"""What tells several rows of a study's numbers apart, for messages."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from foresay.display import is_missing

SHOWN = 8
"""Values of a column that stand in a message."""
_NUMBERS = frozenset(
    {"value", "low", "high", "se", "p_value", "p_adjusted", "reference", "null", "share", "weight"}
)


def differing(rows: Sequence[Mapping[str, Any]], named: Container[str] = ()) -> str:
    """Return in which columns rows differ, as the end of a message; "" where none tells them apart.

    Parameters
    ----------
    rows : sequence of mapping
        Column to cell.
    named : container of str
        Columns that were named already.

    Examples
    --------
    >>> differing([{"quantity": "slope", "value": 0.1}, {"quantity": "total", "value": 0.2}])
    '; they differ in quantity (slope, total)'
    """
    apart, some = [], []
    for name in rows[0] if rows else ():
        values = list(dict.fromkeys(row[name] for row in rows if not is_missing(row[name])))
        labels = all(isinstance(value, str) or float(value).is_integer() for value in values)
        if name in named or name in _NUMBERS or name.startswith("n_items") or not labels:
            continue
        more = ", \u2026" if len(values) > SHOWN else ""
        said = f"{name} ({', '.join(str(value) for value in values[:SHOWN])}{more})"
        if len(values) == len(rows):
            apart.append(said)
        elif len(values) > 1 and all(isinstance(value, str) for value in values):
            some.append(said)
    told = apart[:3] or some[:5]
    return f"; they differ in {' and '.join(told)}" if told else ""
