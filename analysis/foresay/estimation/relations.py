"""Which relation a measure is summed over: trials, or the distinct behaviours behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from foresay.errors import ChoiceError, UnsupportedError
from foresay.measures.measure import Measure
from foresay.resampling.designs import Design, named_design, within_tasks
from foresay.study import Choices, nearest
from foresay.trials import ITEM, Population
from foresay.trials.baselines import mode_scores
from foresay.trials.behaviours import identical

_TRUTH = {"trials", "match", "match_squared", "match_high", "match_paired"}
_BASELINES = {"baseline_loo", "baseline_insample"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is estimated: measures, grouping and choices.

    Parameters
    ----------
    measures : tuple of Measure
        All over the same kind of population.
    by : tuple of str
        Grouping columns.
    choices : Choices
        The named choices.
    """

    measures: tuple[Measure, ...]
    by: tuple[str, ...]
    choices: Choices

    @property
    def sums(self) -> tuple[str, ...]:
        """The sums that the measures need, each once."""
        return tuple(dict.fromkeys(name for measure in self.measures for name in measure.sums))


def check_columns(columns: Sequence[str], population: Population, what: str) -> None:
    """Refuse columns that trials do not have.

    Raises
    ------
    ChoiceError
        With the nearest known column.
    """
    unknown = [c for c in columns if c not in population.columns]
    if unknown:
        known = [c for c in population.columns if not c.startswith("_")]
        raise ChoiceError(
            f"{what}: no column {unknown[0]!r} among the trials; {nearest(unknown[0], known)}"
        )


def cluster_columns(choices: Choices, population: Population) -> tuple[str, ...]:
    """Return the columns that name a cluster; items are named within their task.

    Raises
    ------
    ChoiceError
        A column is unknown.
    """
    check_columns(choices.cluster, population, "cluster")
    return within_tasks(choices.cluster)


def design_of(choices: Choices, population: Population) -> Design:
    """Return what is drawn under some choices.

    Raises
    ------
    ChoiceError
        A column is unknown, or the levels do not differ.
    """
    for name in ("cluster", "within", "crossed", "strata"):
        check_columns(getattr(choices, name), population, name)
    return named_design(choices)


def cells_of(choices: Choices, columns: Sequence[str], by: Sequence[str]) -> tuple[str, ...]:
    """Return the columns whose combinations are averaged: those that there are, less the groups'.

    Parameters
    ----------
    choices : Choices
        `weighting` is used.
    columns : sequence of str
        Columns of the relation.
    by : sequence of str
        Grouping columns.
    """
    return tuple(name for name in choices.cells if name in columns and name not in by)


def relation(population: Population, request: Request) -> Any:
    """Return the relation that the request's measures are summed over.

    Raises
    ------
    UnsupportedError
        The study's tables cannot support a measure; names what is missing.
    """
    kinds = {measure.population for measure in request.measures}
    for measure in request.measures:
        if reason := lacking(measure, population):
            raise UnsupportedError(f"{measure.name} {reason}")
    if kinds == {"behaviours"}:
        return _behaviours(population, request)
    table = population.trials
    if set(request.sums) & _BASELINES:
        table = _with_baselines(table, population, request)
    return table


def lacking(measure: Measure, population: Population) -> str:
    """Say what a population lacks for a measure; "" if nothing."""
    needed = set(measure.sums)
    if needed & {"match", "predictions"} and not population.has_predictions:
        return "needs predictions, and the study has none; add a predictions or trials table"
    if needed & _BASELINES and population.shares is None:
        return "needs the target's answers; add a column `behaviour` to trials, or a table answers"
    repeated = needed & {"ceiling", "pairs", "items_answer", "behaviours"}
    if repeated and (population.facts is None or not population.counted_repeats):
        return (
            "needs repeated behaviours of the target; add a table answers, or responses with "
            "properties, with a column `sample`"
        )
    if needed & {"items_raw"} and population.responses is None:
        return "needs the raw replies; add a table responses"
    return ""


def _with_baselines(table: Any, population: Population, request: Request) -> Any:
    keyed = table.mutate(_group=group_key(table, request.by))
    items = keyed.filter(keyed.included).select("_group", *ITEM).distinct()
    scores = population.keep(mode_scores(items, population.shares, ["_group"]))
    return population.keep(_join(keyed, scores, ["_group", *ITEM]))


def group_key(table: Any, by: Sequence[str]) -> Any:
    """Return one text column that names the group of a row; missing values are a group."""
    key = ibis.literal("")
    for name in by:
        text = table[name].cast("string")
        part = text.length().cast("string") + ":" + text  # the length keeps names apart
        key += ibis.coalesce(part, "-")
    return key


def _behaviours(population: Population, request: Request) -> Any:
    """Return the distinct items behind the trials, with repeats and agreement."""
    raw = "items_raw" in request.sums
    item: tuple[str, ...] = ITEM
    if raw and "property" not in request.by:
        item = ("target", "task", "item")  # a raw reply has no property
    if raw and len(request.measures) > 1:
        raise UnsupportedError("agreement_raw is estimated on its own")  # see estimates()
    choices = request.choices
    drawn = (*choices.cluster, *choices.within, *choices.crossed)
    strata = [c for c in choices.strata if c in population.columns]
    keys = [
        c
        for c in dict.fromkeys([*request.by, *item, *drawn, *strata])
        if c in population.trials.columns
    ]
    table = population.trials.select(*keys).distinct()
    if population.facts is not None and not raw:
        facts = population.facts
        table = _join(
            table,
            facts.drop(*[c for c in facts.columns if c in keys and c not in ITEM]),
            list(ITEM),
        )
    n = choices.agreement
    if raw:
        replies = population.responses
        table = _join(
            table,
            _renamed(identical(replies, "response", n or _fewest(replies)), "same_raw"),
            ["target", "task", "item"],
        )
    elif "items_answer" in request.sums:
        answers = population.repeats.filter(population.repeats.usable)  # type: ignore[union-attr]
        fewest = n or _fewest(answers)
        table = _join(
            table, _renamed(identical(answers, "answer", fewest), "same_answer"), list(ITEM)
        )
    for column in ("k", "repeats", "compliant_repeats"):
        if column not in table.columns:
            table = table.mutate(**{column: ibis.literal(0, "int64")})
    return table.mutate(included=ibis.literal(value=True))


def _renamed(table: Any, name: str) -> Any:
    return table.drop("k").rename(**{name: "same"})


def _fewest(repeats: Any) -> int:
    """Return the smallest number of repeats of an item that has at least two."""
    items = [name for name in ITEM if name in repeats.columns]
    counted = repeats.group_by(items).aggregate(k=lambda t: t.count())
    fewest = counted.filter(counted.k >= 2).k.min().to_pyarrow().as_py()
    if fewest is None:
        raise UnsupportedError("agreement needs items with at least two repeats; there are none")
    return int(fewest)


def _join(left: Any, right: Any, on: Sequence[str]) -> Any:
    """Left join in which missing grouping values match each other."""
    renamed = right.rename({f"_{name}_": name for name in on})
    joined = left.left_join(renamed, [left[name].identical_to(renamed[f"_{name}_"]) for name in on])
    return joined.drop(*[f"_{name}_" for name in on])
