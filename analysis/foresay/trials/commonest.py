"""What models do most often on an item, and whether two models do the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from foresay.trials.behaviours import ITEM

PLACE = ("task", "item", "property")
"""An item, whichever model is asked."""


def commonest(answer_shares: Any) -> Any:
    """Return the answers of each item that have the largest share of its truth.

    Parameters
    ----------
    answer_shares : ibis.Table
        See `foresay.trials.behaviours.shares`.

    Returns
    -------
    ibis.Table
        The item's columns and `answer`; one row an item, or several where answers are tied. Under
        ``truth: first`` or ``greedy`` it is the one reply that forms the truth.
    """
    most = answer_shares.truth.max().over(ibis.window(group_by=list(ITEM)))
    table = answer_shares.mutate(_most=most)
    table = table.filter((table.truth > 0) & (table.truth == table["_most"]))
    return table.select(*ITEM, "answer")


def apart(pairs: Any, first: str, second: str, answer_shares: Any) -> Any:
    """Tell for pairs of models whether they share none of their commonest answers.

    Parameters
    ----------
    pairs : ibis.Table
        Models in the columns `first` and `second`, with `task`, `item` and `property`.
    first, second : str
        Names of these columns.
    answer_shares : ibis.Table
        See `foresay.trials.behaviours.shares`.

    Returns
    -------
    ibis.Table
        The distinct pairs for which both models have a truth on the item, and the boolean
        `_apart`. Tied answers count as commonest each, so two models are apart only where none of
        their commonest answers is the same.
    """
    modes = commonest(answer_shares)
    keys = [first, second, *PLACE]
    distinct = pairs.select(*keys).distinct()
    of_first, of_second = (_of(modes, name) for name in (first, second))
    known = distinct.semi_join(of_first, [first, *PLACE]).semi_join(of_second, [second, *PLACE])
    same = known.inner_join(of_first, [first, *PLACE]).select(*keys, "answer")
    same = same.semi_join(of_second, [second, *PLACE, "answer"]).select(*keys).distinct()
    found = left(known, same.mutate(_same=ibis.literal(value=True)), keys)
    return found.select(*keys, _apart=found["_same"].isnull())


def _of(modes: Any, name: str) -> Any:
    """Return the commonest answers of each item with the model in the column `name`."""
    return modes.select(**{name: modes.target}, **{c: modes[c] for c in (*PLACE, "answer")})


def with_answers(answer_shares: Any) -> list[str]:
    """Return the models whose behaviour is known, sorted."""
    found = answer_shares.select("target").distinct().to_pyarrow()["target"].to_pylist()
    return sorted(found)


def left(table: Any, right: Any, on: Sequence[str]) -> Any:
    """Left join in which missing keys match each other; each key column is kept once."""
    renamed = right.rename({f"_{name}_key": name for name in on})
    equal = [table[name].identical_to(renamed[f"_{name}_key"]) for name in on]
    return table.left_join(renamed, equal).drop(*[f"_{name}_key" for name in on])
