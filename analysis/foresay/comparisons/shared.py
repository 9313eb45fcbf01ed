"""A contrast under many choices, from sums of units that were reduced once.

Which trials have partners is found out from the sums too, so that a part of the trials can be left
out and the rest paired anew without asking the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import ibis
import numpy as np

from foresay.comparisons.arms import Comparison
from foresay.comparisons.contrasts import Asked, Memo, contrast_row
from foresay.comparisons.flip_scores import scores
from foresay.comparisons.joint_tests import Scores, scores_of
from foresay.comparisons.pairing import facts_of, paired_trials, refuse_unpaired
from foresay.counts import Group, IntArray, Layout
from foresay.counts.reduction import contributions
from foresay.counts.units import Mask, Units, read_units
from foresay.errors import UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import cells_of, design_of
from foresay.estimation.shared import Values
from foresay.measures.macro import over_cells
from foresay.resampling import Design
from foresay.study import Choices, Contrast
from foresay.tables.engine import Engine
from foresay.trials import ITEM, Population


@dataclass(frozen=True, kw_only=True)
class SharedContrast:
    """The sums of all arms of a contrast, and what its rows carry.

    Parameters
    ----------
    spec : Contrast
        What is asked.
    compared : Comparison
        The measure in its arms.
    by : tuple of str
        Grouping columns.
    units : Units
        Sums of the arms, those of trials without a partner included.
    columns : tuple of str
        Columns of the relation that was summed.
    facts : mapping of tuple to dict
        By group, as from `foresay.comparisons.pairing.facts_of`.
    context : Context
        What every row carries.
    population : Population
        The trials, which designs are checked against.
    """

    spec: Contrast
    compared: Comparison
    by: tuple[str, ...]
    units: Units
    columns: tuple[str, ...]
    facts: Mapping[tuple[object, ...], Mapping[str, Any]]
    context: Context
    population: Population
    _designs: dict[str, Design] = field(default_factory=dict)
    _groups: dict[str, list[tuple[Group, Memo]]] = field(default_factory=dict, init=False)

    @classmethod
    def read(
        cls,
        population: Population,
        name: str,
        spec: Contrast,
        *,
        by: Sequence[str],
        choices: Choices,
        keys: Sequence[str],
        context: Context,
        engine: Engine,
    ) -> SharedContrast:
        """Reduce the trials of all arms once.

        Parameters
        ----------
        population, name, spec, by, choices, context, engine
            As for `foresay.comparisons.contrasts.contrast`, which raises the same.
        keys : sequence of str
            Columns that clusters, cells or left-out parts will be made of.
        """
        compared, table = paired_trials(
            population, name, spec, by=by, choices=choices, engine=engine
        )
        conditions = (*context.conditions, "n_train")
        own = contributions(table, list(dict.fromkeys([*compared.measure.sums, "trials"])))
        used = {
            f"{arm}.{one}": ibis.ifelse(table["_used"] & table[f"_{arm}"], value, 0)
            for arm in compared.arms
            for one, value in own.items()
        }
        names = {f"_sum_{n}": value for n, value in enumerate(used.values())}
        columns = tuple(table.columns)
        kept = list(dict.fromkeys([*by, *ITEM, *(c for c in keys if c in columns)]))
        # a narrow table: these few columns are all that is asked of it
        marks = ("_used", "_shared", "_apart", *(f"_{arm}" for arm in compared.arms))
        further = [c for c in conditions if c in columns]
        narrow = table.select(*dict.fromkeys([*kept, *further, *marks]), **names)
        narrow = population.keep(narrow)
        facts = facts_of(narrow, by, compared.arms, conditions)
        if spec.pairing == "complete":
            refuse_unpaired(name, facts, by)
        if not any(row["n_items"] for row in facts.values()):
            raise UnsupportedError(
                f"contrast {name}: no item has trials in both arms ({spec.where} minus "
                f"{spec.minus}); there is nothing to pair"
            )
        sums = {one: narrow[column] for one, column in zip(used, names, strict=True)}
        return cls(
            spec=spec,
            compared=compared,
            by=tuple(by),
            units=read_units(narrow, sums, kept),
            columns=columns,
            facts=facts,
            context=context,
            population=population,
        )

    @property
    def name(self) -> str:
        """What its rows call it."""
        return self.compared.name

    @property
    def counted(self) -> Units:
        """The units that count."""
        return self.paired

    @cached_property
    def paired(self) -> Units:
        """The units with the sums of trials that have partners."""
        units = self.units
        item, _ = units.places([*self.by, *ITEM])
        group, _ = units.places(self.by)
        counted = self.compared.counted
        has = {arm: _any(item, units.sums[f"{arm}.{counted}"] > 0) for arm in self.compared.arms}
        there = [np.logical_and(*(has[arm] for arm in pair)) for pair in self.compared.pairs]
        everywhere = np.logical_and.reduce(there)[item]
        crossed = _any(group, everywhere)[group]
        sums = {}
        for number, pair in enumerate(self.compared.pairs):
            kept = there[number][item] & (everywhere | ~crossed)
            for name, column in units.sums.items():
                if name.partition(".")[0] in pair:
                    sums[name] = np.where(kept, column, 0)
        return replace(units, sums={name: sums[name] for name in units.sums})

    @staticmethod
    def _named(choices: Choices) -> str:
        """Return what tells designs apart."""
        return str([choices.cluster, choices.within, choices.crossed, choices.strata])

    def layout(self, choices: Choices) -> Layout:
        """Return what clusters and cells are made of under some choices.

        Raises
        ------
        ChoiceError
            The design cannot be.
        """
        named = self._named(choices)
        if named not in self._designs:
            self._designs[named] = design_of(choices, self.population)
        return self._designs[named].layout(cells_of(choices, self.columns, self.by))

    def rows(self, choices: Choices) -> Iterator[tuple[Values, dict[str, Any]]]:
        """Yield each group and its row, the same as `foresay.comparisons.contrasts.contrast` gives.

        Parameters
        ----------
        choices : Choices
            Those that the sums were made under; design, interval and level may differ.
        """
        asked = Asked(self.spec, self.compared, choices, self.context)
        named = str([self._named(choices), choices.weighting, choices.resamples, choices.seed])
        if named not in self._groups:
            found = self.paired.groups(self.by, self.layout(choices))
            self._groups[named] = [(group, Memo()) for group in found]
        for group, memo in self._groups[named]:
            facts = self.facts[tuple(value for _, value in group.values)]
            yield group.values, contrast_row(asked, group, facts, memo)

    def scores(self, columns: Sequence[str], choices: Choices) -> Iterator[Scores]:
        """Yield what each cluster contributes to the difference in each group.

        Parameters
        ----------
        columns : sequence of str
            What tells clusters apart.
        choices : Choices
            Its weights are used.
        """
        for values, units in self.paired.by_group(self.by):
            found = units.clusters(columns, self.layout(choices).cells)
            measure = over_cells(self.compared.measure, [str(cell) for cell in found.cells])
            compared = replace(self.compared, measure=measure)
            score = partial(scores, compared=compared)
            yield scores_of(values, found, compared.sums, score)


def _any(place: IntArray, marks: Mask) -> Mask:
    """Return, for each place, whether any of the marks at it is set."""
    found = np.zeros(int(place.max(initial=-1)) + 1, bool)
    found[place[marks]] = True
    return found
