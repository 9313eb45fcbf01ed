"""What the columns of a design must hold: a value for every trial, and whole clusters in strata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foresay.errors import ChoiceError
from foresay.resampling.designs import within_tasks
from foresay.study import Choices
from foresay.trials import Population

_ALWAYS_THERE = ("task", "item")


def refuse_unknown_units(choices: Choices, population: Population) -> None:
    """Refuse trials that do not say to which cluster, run or stratum they belong.

    Raises
    ------
    ChoiceError
        With the column and the number of trials.
    """
    table = population.trials
    for name in ("cluster", "within", "crossed", "strata"):
        columns = [c for c in getattr(choices, name) if c not in _ALWAYS_THERE]
        for column in columns:
            missing = int(table.filter(table[column].isnull()).count().to_pyarrow().as_py())
            if missing:
                raise ChoiceError(
                    f"{name}: {column} is missing in {missing} trials, and nobody knows whether "
                    f'they belong together; leave them out (--where "{column} IS NOT NULL"), or '
                    "name another column"
                )


def refuse_cut_clusters(choices: Choices, population: Population) -> None:
    """Refuse strata that cut through clusters, which would count each piece as a cluster.

    Raises
    ------
    ChoiceError
        With a cluster that lies in several strata.
    """
    clusters, strata = within_tasks(choices.cluster), tuple(choices.strata)
    further = [name for name in strata if name not in clusters]
    if not further:
        return
    table = population.trials
    places = table.select(*_once([*clusters, *further])).distinct()
    counted = places.group_by(list(clusters)).aggregate(_strata=lambda t: t.count())
    cut = counted.filter(counted["_strata"] > 1)
    many = int(cut.count().to_pyarrow().as_py())
    if not many:
        return
    one = cut.order_by(list(clusters)).limit(1).to_pyarrow().to_pylist()[0]
    named = ", ".join(f"{name} {one[name]}" for name in clusters)
    raise ChoiceError(
        f"strata: {many} clusters lie in several strata of {', '.join(strata)}, such as {named}, "
        f"which lies in {one['_strata']}; strata hold whole clusters: group by "
        f"{', '.join(further)} instead, or choose columns that are the same within a cluster"
    )


def _once(names: Sequence[str]) -> list[Any]:
    return list(dict.fromkeys(names))
