"""The answers behind a resample ceiling: how often each item of a study got each of its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from foresay.counts.reduction import sorted_groups
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.relations import check_columns, cluster_columns
from foresay.study import Choices
from foresay.trials import ITEM, Population


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How often each item of a group got each answer.

    Parameters
    ----------
    values : tuple of (str, object)
        Grouping columns and their values.
    counts : tuple of tuples of int
        For each item, repeats with each of its answers.
    clusters : int64 array of shape (items,)
        The cluster of each item.
    """

    values: tuple[tuple[str, object], ...]
    counts: tuple[tuple[int, ...], ...]
    clusters: np.ndarray[tuple[int], np.dtype[np.int64]]


def answers_of(population: Population, *, by: Sequence[str], choices: Choices) -> list[Answered]:
    """Return the answer counts behind the resample ceiling, by group.

    Parameters
    ----------
    population : Population
        Trials under `choices`; their distinct items count.
    by : sequence of str
        Grouping columns.
    choices : Choices
        `cluster` is used.

    Raises
    ------
    ChoiceError
        A grouping or cluster column is unknown, or the design has two levels.
    UnsupportedError
        Repeats of behaviours are not known.
    """
    check_design(choices)
    check_columns(by, population, "by")
    if population.shares is None or not population.counted_repeats:
        raise UnsupportedError(
            "ceiling_resample needs repeated behaviours of the target; add a table answers, or "
            "responses with properties, with a column `sample`"
        )
    clusters = [c for c in cluster_columns(choices, population) if c not in by]
    keys = list(dict.fromkeys([*by, *ITEM, *clusters]))
    items = population.trials.select(*keys).distinct()
    joined = items.inner_join(population.shares.select(*ITEM, "answer", "n"), list(ITEM))
    frame = joined.select(*keys, "answer", "n").to_pyarrow().to_pandas()
    return [
        _answered(frame.iloc[rows], tuple(zip(by, values, strict=True)), clusters)
        for values, rows in sorted_groups(frame, by)
    ]


def _answered(
    frame: pd.DataFrame, values: tuple[tuple[str, object], ...], clusters: Sequence[str]
) -> Answered:
    own = dict(values)
    counts: list[tuple[int, ...]] = []
    labels: list[tuple[object, ...]] = []
    item = [name for name in ITEM if name not in own]
    # an item may lie in several clusters, such as predictors, and counts in each
    keys = list(dict.fromkeys([*item, *clusters]))
    place = [keys.index(name) for name in clusters]
    for label, rows in sorted_groups(frame.reset_index(drop=True), keys):
        counts.append(tuple(sorted(int(n) for n in frame["n"].to_numpy()[rows])))
        labels.append(tuple(label[p] for p in place))
    number = {label: n for n, label in enumerate(dict.fromkeys(labels))}
    return Answered(
        values=values,
        counts=tuple(counts),
        clusters=np.array([number[label] for label in labels], np.int64),
    )


def check_design(choices: Choices) -> None:
    """Refuse designs that a number of clusters does not describe.

    Raises
    ------
    ChoiceError
        With the way out.
    """
    for name in ("within", "crossed"):
        if columns := getattr(choices, name):
            raise ChoiceError(
                f"planning draws clusters of one level, and {name} is {', '.join(columns)}; plan "
                f"with {name} left empty (--set {name}=) and cluster naming the level to plan for"
            )
