"""Derived columns: what trials do not hold but can be told, joined only where they are named.

A condition, a grouping or a measure names a column, such as `models_differ`; `named_in` finds
which ones a text names, `with_derived` adds them and what they rest on. To add one, write its
function from a table, the population and the choices to the table with the column, and give it a
line in `DERIVED`. Columns that begin with an underscore are for sums and cannot be named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from foresay.errors import UnsupportedError
from foresay.study import Choices
from foresay.trials.own_behaviour import (
    lacks_own_behaviour,
    with_match_own,
    with_models_differ,
)
from foresay.trials.population import Population, with_mode_share
from foresay.trials.reproduction import (
    lacks_copies,
    lacks_identity,
    with_copy_match,
    with_identity_match,
)
from foresay.trials.shifts import (
    lacks_shift,
    with_behaviour_shifted,
    with_shift_answer,
    with_shift_noise,
)

Add = Callable[[Any, Population, Choices], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A column that trials can be given.

    Parameters
    ----------
    name : str
        What conditions and groupings call it.
    definition : str
        One sentence for a reader.
    add : callable
        From a table, the population that it belongs to and the choices to the table with the
        column (and those that come with it).
    lacking : callable
        Says what a population lacks for it; "" if nothing.
    rests_on : tuple of str
        Derived columns that must be there before.
    columns : tuple of str
        Columns of the table that it is joined by, besides those of the item.
    """

    name: str
    definition: str
    add: Add
    lacking: Callable[[Population], str]
    rests_on: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def _lacks_answers(population: Population) -> str:
    if population.shares is None:
        return "needs the target's answers; add a table answers"
    return ""


def _with_mode_share(table: Any, population: Population, choices: Choices) -> Any:
    del choices
    return with_mode_share(replace(population, trials=table)).trials


def _lacks_predicted_shift(population: Population) -> str:
    if not population.has_predictions:
        return (
            "needs predictions about a model of stage `behaviour-shifted`, and the study has none"
        )
    return lacks_shift(population)


DERIVED: Mapping[str, Derived] = MappingProxyType(
    {
        column.name: column
        for column in (
            Derived(
                name="mode_share",
                definition="The share of items of the (target, task, property) cell that have the "
                "cell's commonest answer; high where there is little to predict.",
                add=_with_mode_share,
                lacking=_lacks_answers,
            ),
            Derived(
                name="match_own",
                definition="The share of the predictor's own behaviour on the item that equals "
                "the prediction; of its base's where it was not asked itself.",
                add=with_match_own,
                lacking=lacks_own_behaviour,
            ),
            Derived(
                name="own_model",
                definition="The model whose behaviour is the predictor's own.",
                add=lambda table, _population, _choices: table,
                lacking=lacks_own_behaviour,
                rests_on=("match_own",),
            ),
            Derived(
                name="models_differ",
                definition="Whether predictor and target share none of their commonest "
                "behaviours on the item.",
                add=with_models_differ,
                lacking=lacks_own_behaviour,
                rests_on=("match_own",),
            ),
            Derived(
                name="identity_match",
                definition="Whether the same predictor, asked for the whole answer under the same "
                "conditions, gives a commonest one of the target.",
                add=with_identity_match,
                lacking=lacks_identity,
            ),
            Derived(
                name="copy_match",
                definition="What the property of the predictor's own identity prediction would "
                "score.",
                add=with_copy_match,
                lacking=lacks_copies,
                rests_on=("identity_match",),
            ),
            Derived(
                name="behaviour_shifted",
                definition="Whether a behaviour-shifted target and its base share none of their "
                "commonest behaviours on the item.",
                add=with_behaviour_shifted,
                lacking=lacks_shift,
                columns=("target_stage", "target_base"),
            ),
            Derived(
                name="clearly_shifted",
                definition="The same, where both have two repeats or more and neither ever gives "
                "a commonest answer of the other.",
                add=lambda table, _population, _choices: table,
                lacking=lacks_shift,
                rests_on=("behaviour_shifted",),
            ),
            Derived(
                name="shift_answer",
                definition="On shifted items, whether the prediction is the new behaviour, the "
                "old one, or neither.",
                add=with_shift_answer,
                lacking=_lacks_predicted_shift,
                rests_on=("behaviour_shifted",),
            ),
            Derived(
                name="_shift_noise",
                definition="The chance that the item would count as shifted from noise alone.",
                add=with_shift_noise,
                lacking=lacks_shift,
                rests_on=("behaviour_shifted",),
            ),
        )
    }
)
"""Every derived column by name."""


def named_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the derived columns that some texts name, in the order of `DERIVED`.

    Parameters
    ----------
    texts : iterable of str
        Column names and SQL conditions.

    Examples
    --------
    >>> named_in(["predictor", "models_differ AND mode_share < 0.6"])
    ('mode_share', 'models_differ')
    """
    words = {word for text in texts for word in re.findall(r"\w+", text.lower())}
    return tuple(name for name in DERIVED if name in words)


def with_derived(table: Any, names: Sequence[str], population: Population, choices: Choices) -> Any:
    """Return a table with some derived columns, and those that they rest on; none is added twice.

    Parameters
    ----------
    table : ibis.Table
        Trials of the population, or its distinct items with the columns that a join needs.
    names : sequence of str
        Names in `DERIVED`.
    population : Population
        Whose behaviours are looked at.
    choices : Choices
        `truth` and `compliance` are used; the population is made under them.

    Raises
    ------
    UnsupportedError
        The tables cannot support a column; says what is missing.
    """
    for name in names:
        if name in table.columns:
            continue
        column = DERIVED[name]
        if reason := lacking_column(name, population):
            raise UnsupportedError(f"{name.lstrip('_')} {reason}")
        table = with_derived(table, column.rests_on, population, choices)
        table = column.add(table, population, choices)
    return table


def lacking_column(name: str, population: Population) -> str:
    """Say what a population lacks for a derived column; "" if nothing, or if it is there.

    A condition may leave out the trials that a column was derived from; it stays as it was.
    """
    return "" if name in population.trials.columns else DERIVED[name].lacking(population)


def derive(population: Population, names: Sequence[str], choices: Choices) -> Population:
    """Return the population whose trials have some derived columns; see `with_derived`."""
    made = with_derived(population.trials, names, population, choices)
    return replace(population, trials=population.keep(made))


def join_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that a table of items needs so that `names` can be joined to it."""
    return tuple(
        dict.fromkeys(
            column
            for name in names
            for column in (*DERIVED[name].columns, *join_columns(DERIVED[name].rests_on))
        )
    )
