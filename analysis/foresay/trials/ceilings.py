"""What repeats say about the highest score: columns of each item, from its profile.

The engine counts the answers of each item, the few distinct profiles are worked out once
(`foresay.trials.profiles`), and the columns are joined back. All are integers in units of
``1 / UNIT``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import ibis

from foresay.trials.behaviours import ITEM, UNIT
from foresay.trials.profiles import Profile, agree, half, left_out, same

POWERS = tuple(range(2, 11))
"""The j of ``(mean S_j)^(1/j)``; any of them bounds the modal ceiling, and beyond ten repeats
further ones come within a point of each other."""

MODAL_COLUMNS = (
    "modal_low",
    "modal_plug",
    *(f"modal_s{j}" for j in POWERS),
    *(f"modal_n{j}" for j in POWERS),
)
"""Columns behind the two ends of the modal ceiling; ``modal_n*`` are 1 where ``modal_s*`` is."""

PROFILE, SIZE = "_profile", "_k"
Columns = Callable[[Profile], dict[str, int | None]]


def in_units(share: Fraction) -> int:
    """Return a share as an integer in units of ``1 / UNIT``."""
    return round(share * UNIT)


def profiles(counted: Any, keys: Sequence[str]) -> Any:
    """Return the profile of each item: its numbers of answers, the largest first, as text.

    Parameters
    ----------
    counted : ibis.Table
        `keys` and `n`, a row an answer.
    keys : sequence of str
        Columns that name an item.

    Returns
    -------
    ibis.Table
        `keys`, ``_profile``, such as ``"3-1-1"``, and ``_k``, the number of repeats.
    """
    listed = counted.group_by(list(keys)).aggregate(
        **{
            PROFILE: lambda t: t.n.cast("string").collect(order_by=ibis.desc(t.n)).join("-"),
            SIZE: lambda t: t.n.sum().cast("int64"),
        }
    )
    return listed.select(*keys, PROFILE, SIZE)


def with_columns(profiled: Any, columns: Columns) -> Any:
    """Give every item the columns of its profile, each worked out once.

    Parameters
    ----------
    profiled : ibis.Table
        See `profiles`.
    columns : callable
        From a profile to the columns of every item that has it.

    Returns
    -------
    ibis.Table
        The same rows with the columns for the profile.
    """
    found = profiled.select(PROFILE).distinct().to_pyarrow()[PROFILE].to_pylist()
    made = {text: columns(_read(text)) for text in sorted(found)}
    names = list(next(iter(made.values()), columns((1,))))
    schema = {PROFILE: "string", **dict.fromkeys(names, "int64")}
    rows = [{PROFILE: text, **row} for text, row in made.items()]
    worked = ibis.memtable(rows, schema=schema)
    return profiled.inner_join(worked, PROFILE).drop(PROFILE)


def _read(text: str) -> Profile:
    return tuple(int(n) for n in text.split("-"))


def modal_facts(answer_shares: Any, truth: str) -> Any:
    """Return, for each item, what bounds its modal ceiling: `MODAL_COLUMNS`.

    Parameters
    ----------
    answer_shares : ibis.Table
        See `foresay.trials.behaviours.shares`.
    truth : str
        How the truth of an item is formed. ``modal`` compares the modes of two disjoint parts of
        the repeats, everything else one run with the mode of the others.

    Returns
    -------
    ibis.Table
        The item's columns and `MODAL_COLUMNS`, missing where there are fewer than two repeats.
    """
    columns = _of_modes if truth == "modal" else modal_columns
    return with_columns(profiles(answer_shares, ITEM), columns).drop(SIZE)


def agreement_of_modes(answer_shares: Any) -> Any:
    """Return, for each item, the chance that the modes of two disjoint halves agree.

    Returns
    -------
    ibis.Table
        The item's columns and `ceiling`, missing where there are fewer than two repeats.
    """
    profiled = profiles(answer_shares, ITEM)
    return with_columns(profiled, lambda p: {"ceiling": _halves(p)}).drop(SIZE)


def with_matched_ceiling(facts: Any, answer_shares: Any) -> Any:
    """Return item facts whose `ceiling` is that of truths that are modes."""
    plain = facts.drop("ceiling")
    joined = plain.left_join(agreement_of_modes(answer_shares), list(ITEM))
    return joined.select(*plain.columns, "ceiling")


def _halves(profile: Profile) -> int | None:
    n = half(sum(profile))
    return in_units(agree(profile, n, n)) if n else None


def modal_columns(profile: Profile) -> dict[str, int | None]:
    """Return `MODAL_COLUMNS` of an item, its truth being one run."""
    k = sum(profile)
    if k < 2:
        return dict.fromkeys(MODAL_COLUMNS)
    powers = {f"modal_s{j}": in_units(same(profile, j)) if j <= k else 0 for j in POWERS}
    return {
        "modal_low": in_units(left_out(profile)),
        "modal_plug": in_units(Fraction(max(profile), k)),
        **powers,
        **{f"modal_n{j}": int(j <= k) for j in POWERS},
    }


def _of_modes(profile: Profile) -> dict[str, int | None]:
    k = sum(profile)
    if k < 2:
        return dict.fromkeys(MODAL_COLUMNS)
    n = half(k)
    return {
        "modal_low": in_units(agree(profile, n, k - n)),
        "modal_plug": UNIT,  # the plug-in bounds the mode of single runs alone
        **{f"modal_s{j}": in_units(agree(profile, n, n)) if j == 2 else 0 for j in POWERS},
        **{f"modal_n{j}": int(j == 2) for j in POWERS},
    }
