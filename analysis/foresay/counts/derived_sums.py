"""Sums over derived columns: what a trial adds to them, and which column each of them needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import ibis

from foresay.trials import UNIT

_NEEDED = {
    "match_own": ("own_trials", "match_own", "match_known"),
    "models_differ": ("differ_trials", "own_differ", "match_differ"),
    "identity_match": (
        *("identity_trials", "reproduced", "unreproduced", "right_reproduced"),
        *("right_unreproduced", "wrong_reproduced", "wrong_unreproduced"),
    ),
    "copy_match": ("copy_trials", "copied", "match_copy"),
    "shift_answer": ("shifted_trials", "shift_new", "shift_old", "shift_neither"),
    "behaviour_shifted": ("unshifted_trials", "match_unshifted", "shift_items", "shifted_items"),
    "_shift_noise": ("noise_items", "shift_noise", "shifted_repeated"),
}

COLUMN_OF_SUM: Mapping[str, str] = MappingProxyType(
    {name: column for column, names in _NEEDED.items() for name in names}
)
"""The derived column (see `foresay.trials.derived`) that a sum is over."""

IN_UNITS = frozenset(
    {
        *("match_own", "match_known", "own_differ", "match_differ"),
        *("right_reproduced", "right_unreproduced", "wrong_reproduced", "wrong_unreproduced"),
        *("copied", "match_copy", "match_unshifted", "shift_noise"),
    }
)
"""The sums of shares, in units of ``1 / UNIT``."""


def derived_columns(sums: Iterable[str]) -> tuple[str, ...]:
    """Return the derived columns that some sums need, each once.

    Examples
    --------
    >>> derived_columns(["trials", "reproduced", "copied"])
    ('identity_match', 'copy_match')
    """
    needed = (COLUMN_OF_SUM[name] for name in sums if name in COLUMN_OF_SUM)
    return tuple(dict.fromkeys(needed))


def derived_sums(table: Any) -> dict[str, Callable[[], Any]]:
    """Return what one row of `table` adds to each sum, as functions that make expressions."""

    def number(condition: Any) -> Any:
        return condition.cast("int64")

    def where(condition: Any, value: Any) -> Any:
        return ibis.ifelse(condition, value, 0)

    def own() -> Any:
        return table["_match_own"].notnull()

    def differ() -> Any:
        return own() & table.models_differ

    def asked() -> Any:
        return table.included & table.identity_match.notnull() & (table.property != "identity")

    def reproduced() -> Any:
        return asked() & table.identity_match

    def not_reproduced() -> Any:
        return asked() & ~table.identity_match

    def copied() -> Any:
        return asked() & table["_copy_match"].notnull()

    def unshifted() -> Any:
        return table.included & ~table.behaviour_shifted

    noise = "_shift_noise"
    return {
        "own_trials": lambda: number(own()),
        "match_own": lambda: table["_match_own"],
        "match_known": lambda: where(own(), table.match),
        "differ_trials": lambda: number(differ()),
        "own_differ": lambda: where(differ(), table["_match_own"]),
        "match_differ": lambda: where(differ(), table.match),
        "identity_trials": lambda: number(asked()),
        "reproduced": lambda: number(reproduced()),
        "unreproduced": lambda: number(not_reproduced()),
        "right_reproduced": lambda: where(reproduced(), table.match),
        "right_unreproduced": lambda: where(not_reproduced(), table.match),
        "wrong_reproduced": lambda: where(reproduced(), UNIT - table.match),
        "wrong_unreproduced": lambda: where(not_reproduced(), UNIT - table.match),
        "copy_trials": lambda: number(copied()),
        "copied": lambda: where(copied(), table["_copy_match"]),
        "match_copy": lambda: where(copied(), table.match),
        "shifted_trials": lambda: number(table.shift_answer.notnull()),
        "shift_new": lambda: number(table.shift_answer == "new"),
        "shift_old": lambda: number(table.shift_answer == "old"),
        "shift_neither": lambda: number(table.shift_answer == "neither"),
        "unshifted_trials": lambda: number(unshifted()),
        "match_unshifted": lambda: where(unshifted(), table.match),
        "shift_items": lambda: number(table.behaviour_shifted.notnull()),
        "shifted_items": lambda: number(table.behaviour_shifted),
        "noise_items": lambda: number(table[noise].notnull()),
        "shift_noise": lambda: table[noise],
        "shifted_repeated": lambda: number(table.behaviour_shifted & table[noise].notnull()),
    }
