"""Many contrasts of one estimand, from sums of trials that were reduced once.

Each unit of the sums knows which of the conditions its trials fulfil, so that any two of them are
paired in memory, as `foresay.comparisons.pairing` does it in the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.comparisons.arms import comparison
from foresay.comparisons.contrasts import Asked, contrast_row, tidy_contrasts
from foresay.comparisons.pairing import with_arms
from foresay.counts import IntArray, Layout
from foresay.counts.reduction import contributions
from foresay.counts.units import Mask, Units, read_units
from foresay.errors import ChoiceError, ForesayError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import (
    Request,
    cells_of,
    check_columns,
    design_of,
    relation,
)
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.study import Choices, Contrast
from foresay.tables.engine import Engine
from foresay.tables.expressions import scalar
from foresay.trials import ITEM, Population

FREE = ("level", "interval", "resamples", "seed")
"""Choices that do not change the sums."""

_BITS = 62
_ROWS, _USED = "_rows", "_used"


@dataclass(frozen=True, kw_only=True)
class SharedArms:
    """The sums of one measure over the trials of many arms, and what its rows carry.

    Parameters
    ----------
    measure : Measure
        What is compared.
    by : tuple of str
        Grouping columns.
    places : mapping of str to int
        Condition of an arm -> its place among the bits of the units.
    units : Units
        Sums of trials that count, how many rows there are (``_rows``) and how many count
        (``_used``), with columns ``_arms_0``, ... of bits: the arms that a unit is in.
    layout : Layout
        What clusters and cells are made of.
    context : Context
        What every row carries.
    """

    measure: Measure
    by: tuple[str, ...]
    places: Mapping[str, int]
    units: Units
    layout: Layout
    context: Context
    _has: dict[str, Mask] = field(default_factory=dict, init=False)

    @classmethod
    def read(
        cls,
        population: Population,
        of: str,
        conditions: Sequence[str],
        *,
        by: Sequence[str],
        choices: Choices,
        context: Context,
        engine: Engine,
    ) -> SharedArms:
        """Reduce the trials of all arms once.

        Parameters
        ----------
        population : Population
            Trials under `choices`.
        of : str
            The estimand.
        conditions : sequence of str
            SQL conditions on trials: the arms. Those that cannot be are left aside.
        by, choices, context, engine
            As for `foresay.comparisons.contrasts.contrast`, which raises the same.
        """
        by = tuple(dict.fromkeys(by))
        check_columns(by, population, "by")
        measure = find_measure(of, baseline=choices.baseline, ceiling=choices.ceiling)
        if measure.population != "trials" or choices.compliance == "bounds" or measure.ends:
            raise ChoiceError(f"a difference of {of} is not defined under these choices")
        arms = _checked(conditions, population)
        table = relation(population, Request(measures=(measure,), by=by, choices=choices))
        layout = design_of(choices, population).layout(cells_of(choices, table.columns, by))
        flagged = with_arms(table, {f"arm_{n}": sql for n, sql in enumerate(arms.values())}, engine)
        packed = {
            f"_arms_{first // _BITS}": sum(
                (
                    flagged[f"_arm_{n}"].cast("int64") * 2 ** (n - first)
                    for n in range(first, min(first + _BITS, len(arms)))
                ),
                ibis.literal(0, "int64"),
            )
            for first in range(0, len(arms), _BITS)
        }
        flagged = flagged.mutate(**packed)
        own = list(dict.fromkeys([*measure.sums, "trials"]))
        used = ibis.literal(value=True) if "predictions" in own else flagged.included
        sums = {
            name: ibis.ifelse(used, value, 0) for name, value in contributions(flagged, own).items()
        }
        sums |= {_ROWS: ibis.literal(1, "int64"), _USED: used.cast("int64")}
        pooling = [c for c in (*context.conditions, "n_train") if c in table.columns]
        keys = [*by, *ITEM, *layout.columns, *pooling, *packed]
        return cls(
            measure=measure,
            by=by,
            places={condition: n for n, condition in enumerate(arms)},
            units=read_units(flagged, sums, keys),
            layout=layout,
            context=context,
        )

    def table(self, name: str, spec: Contrast, choices: Choices) -> pd.DataFrame:
        """Return what `foresay.comparisons.contrasts.contrast` gives.

        Parameters
        ----------
        name : str
            What the result is called.
        spec : Contrast
            Two of the arms.
        choices : Choices
            Those that the sums were made under; `FREE` may differ.

        Raises
        ------
        ChoiceError, UnsupportedError
            The contrast cannot be, or cannot be made of these sums: ask for it by itself.
        """
        if spec.versus is not None or not set(spec.conditions) <= set(self.places):
            raise UnsupportedError(f"contrast {name}: its arms were not reduced")
        compared = comparison(name, spec, self.measure)
        arms = dict(zip(compared.arms, spec.conditions, strict=True))
        flags = {arm: self._in(condition) for arm, condition in arms.items()}
        first, second = flags.values()
        if (first & second).any():
            raise ChoiceError(f"contrast {name}: trials are in both arms")
        member = np.flatnonzero(first | second)
        if not len(member):
            raise UnsupportedError(f"contrast {name}: its arms have no trials")
        there = np.logical_and(*(self._items_of(condition) for condition in arms.values()))
        kept = there[self._item[member]]
        units = self.units.only(member)
        inside = {arm: flag[member] & kept for arm, flag in flags.items()}
        facts = self._facts(units, kept, inside)
        if spec.pairing == "complete" and any(row["unpaired"] for row in facts.values()):
            raise UnsupportedError(f"contrast {name}: trials have no partner in the other arm")
        asked = Asked(spec, compared, choices, self.context)
        return tidy_contrasts(
            [
                contrast_row(asked, group, facts[tuple(value for _, value in group.values)])
                for group in _of_arms(units, inside).groups(self.by, self.layout)
            ],
            self.by,
        )

    @cached_property
    def _item(self) -> IntArray:
        """The item of each unit, in its group."""
        return self.units.places([*self.by, *ITEM])[0]

    @cached_property
    def _n_items(self) -> int:
        return int(self._item.max(initial=-1)) + 1

    def _in(self, condition: str) -> Mask:
        """Return which units are in an arm."""
        column, bit = divmod(self.places[condition], _BITS)
        bits = np.array(self.units.labels[f"_arms_{column}"], np.int64)
        return np.asarray((bits >> bit & 1).astype(bool)[self.units.keys[f"_arms_{column}"]])

    def _items_of(self, condition: str) -> Mask:
        """Return which items have trials of an arm that count."""
        if condition not in self._has:
            found = np.zeros(self._n_items, bool)
            found[self._item[self._in(condition) & (self.units.sums[_USED] > 0)]] = True
            self._has[condition] = found
        return self._has[condition]

    def _facts(
        self, units: Units, kept: Mask, inside: Mapping[str, Mask]
    ) -> dict[tuple[object, ...], dict[str, Any]]:
        """Return what `foresay.comparisons.pairing.facts_of` does, by group."""
        group, first = units.places(self.by)
        rows, used = units.sums[_ROWS], units.sums[_USED]
        counts = kept & (used > 0)
        _, prompts = units.only(counts).places([*self.by, "task", "item"])
        n_items = np.bincount(group[counts][prompts], minlength=len(first))
        unpaired = _added(group, np.where(kept, 0, used), len(first))
        excluded = _added(group, rows - used, len(first))
        varying = [c for c in (*self.context.conditions, "n_train") if c in units.keys]
        pooled = {
            column: np.logical_or.reduce(
                [_varies(units, column, counts & one, group, len(first)) for one in inside.values()]
            )
            for column in varying
            if column not in self.by
        }
        return {
            units.label(self.by, one): {
                "n_items": int(n_items[n]),
                "unpaired": int(unpaired[n]),
                "excluded": int(excluded[n]),
                "apart": False,
                "pooled": [column for column, several in pooled.items() if several[n]],
            }
            for n, one in enumerate(first.tolist())
        }


def _checked(conditions: Sequence[str], population: Population) -> dict[str, str]:
    """Return the conditions that can be asked of the trials, rendered anew."""
    found = {}
    for condition in dict.fromkeys(conditions):
        try:
            found[condition] = scalar(condition, population.columns, what="arm")
        except ForesayError:
            continue  # who asks for its contrast by itself is told what is wrong
    return found


def _of_arms(units: Units, inside: Mapping[str, Mask]) -> Units:
    """Return units with the sums of each arm; 0 where a trial has no partner."""
    own = [name for name in units.sums if name not in (_ROWS, _USED)]
    sums = {
        f"{arm}.{name}": np.where(mask, units.sums[name], 0)
        for arm, mask in inside.items()
        for name in own
    }
    return replace(units, sums=sums)


def _added(place: IntArray, values: IntArray, n: int) -> IntArray:
    found = np.zeros(n, np.int64)
    np.add.at(found, place, values)
    return found


def _varies(units: Units, column: str, counts: Mask, group: IntArray, n: int) -> Mask:
    """Return in which groups the units that count hold several values, missing ones aside."""
    labels, codes = units.labels[column], units.keys[column]
    known = len(labels) - (None in labels)  # a missing value is the last
    if known < 2:
        return np.zeros(n, bool)
    there = np.flatnonzero(counts & (codes < known))
    low, high = np.full(n, known), np.full(n, -1)
    np.minimum.at(low, group[there], codes[there])
    np.maximum.at(high, group[there], codes[there])
    return np.asarray(low < high)
