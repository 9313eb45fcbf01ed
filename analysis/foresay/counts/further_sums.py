"""Sums over columns that not every study has: detections, and how varied answers are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

DETECTION = ("hits", "signals", "false_alarms", "noises")
"""Sums over the columns `signal` and `detected` of trials."""

VARIETY = ("entropy", "distinct", "items_varied")
"""Sums over the columns of `foresay.trials.determinism.determinism_facts`."""

IN_UNITS = frozenset({"entropy", "distinct"})
"""The sums of shares, in units of ``1 / UNIT``."""


def further_sums(table: Any) -> dict[str, Callable[[], Any]]:
    """Return what one row of `table` adds to each sum, as functions that make expressions.

    A reply that is not in the asked form detects nothing. A trial has a part where it is known
    whether there is a signal, under ``drop_either`` only if it is compliant; `counted_detection`
    says so.
    """

    def number(condition: Any) -> Any:
        return condition.cast("int64")

    def signal() -> Any:
        return table.counted_detection & truth(table.signal)

    def noise() -> Any:
        return table.counted_detection & ~truth(table.signal)

    def detected() -> Any:
        return table.counted_report & truth(table.detected).fill_null(ibis.literal(value=False))

    return {
        "hits": lambda: number(signal() & detected()),
        "signals": lambda: number(signal()),
        "false_alarms": lambda: number(noise() & detected()),
        "noises": lambda: number(noise()),
        "entropy": lambda: table["entropy"],
        "distinct": lambda: table["distinct"],
        "items_varied": lambda: number(table["entropy"].notnull()),
    }


def truth(column: Any) -> Any:
    """Return a column as true or false; missing where it spells neither."""
    if column.type().is_boolean():
        return column
    if column.type().is_numeric():
        return column.cast("float64") != 0
    return column.lower().cases(
        *((word, True) for word in ("true", "yes", "t", "y", "1", "1.0")),
        *((word, False) for word in ("false", "no", "f", "n", "0", "0.0")),
        else_=None,
    )
