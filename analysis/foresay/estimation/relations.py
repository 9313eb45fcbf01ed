"""Which relation a measure is summed over: trials, or the distinct behaviours behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from foresay.counts.bounds import BASELINES
from foresay.counts.derived_sums import derived_columns
from foresay.counts.further_sums import DETECTION, VARIETY
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.detections import lacking_detection, with_detection
from foresay.estimation.units import refuse_cut_clusters, refuse_unknown_units
from foresay.measures.measure import Measure
from foresay.resampling.designs import Design, named_design, within_tasks
from foresay.study import Choices, nearest
from foresay.trials import ITEM, Population
from foresay.trials.baselines import mode_scores
from foresay.trials.behaviours import identical
from foresay.trials.ceilings import modal_facts
from foresay.trials.derived import join_columns, lacking_column, with_derived
from foresay.trials.determinism import determinism_facts, fewest_repeats
from foresay.trials.guesses import (
    distribution_scores,
    other_scores,
    train_scores,
    training_items,
    uniform_scores,
)

_TRUTH = {"trials", "match", "match_squared", "match_high", "match_paired"}
_NO_SPLIT = (
    "needs the items of the train split; name them in a column `split` of the predictions, or "
    "`item_split` of the items"
)


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
        With every one of them, and the nearest known column.
    """
    known = [c for c in population.columns if not c.startswith("_")]
    lines = [
        f"{what}: no column {column!r} among the trials; {nearest(column, known)}"
        for column in dict.fromkeys(columns)
        if column not in population.columns
    ]
    if lines:
        raise ChoiceError("\n".join(lines))


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
        A column is unknown, the levels do not differ, a trial lacks the value that says to which
        cluster it belongs, or strata cut through clusters.
    """
    for name in ("cluster", "within", "crossed", "strata"):
        check_columns(getattr(choices, name), population, name)
    refuse_unknown_units(choices, population)
    refuse_cut_clusters(choices, population)
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
        if reason := lacking(measure, population, request.choices):
            raise UnsupportedError(f"{measure.name} {reason}")
    if kinds == {"behaviours"}:
        return _behaviours(population, request)
    table = population.trials
    table = with_derived(table, derived_columns(request.sums), population, request.choices)
    if endings := endings_of(request.sums):
        table = _with_baselines(table, population, request, endings)
    if any(name.startswith("modal_") for name in request.sums):
        bounds = population.keep(modal_facts(population.shares, request.choices.truth))
        table = _join(table, bounds, list(ITEM))  # wide, so joined where it is summed
    if set(request.sums) & set(DETECTION):
        table = with_detection(table, request.choices)
    return table


def endings_of(sums: Sequence[str]) -> frozenset[str]:
    """Return the endings of the baselines that some sums need, such as ``loo``."""
    return frozenset(
        ending
        for ending in BASELINES
        if {f"baseline_{ending}", f"baseline_skill_{ending}"} & set(sums)
    )


def reads_matches(measure: Measure) -> bool:
    """Return whether a measure counts which predictions are right."""
    return any(name.startswith("match") for name in measure.sums)


def lacking(measure: Measure, population: Population, choices: Choices | None = None) -> str:
    """Say what a population lacks for a measure; "" if nothing.

    Without `choices` the predictor of the baseline other_model is not asked for.
    """
    needed = set(measure.sums)
    endings = endings_of(measure.sums)
    predicts = reads_matches(measure) or "predictions" in needed or "other" in endings
    if predicts and not population.has_predictions:
        return "needs predictions, and the study has none; add a predictions or trials table"
    if reason := _lacking_baseline(endings, population, choices):
        return reason
    if any(name.startswith("trials_skill_") for name in needed):
        needed.add("pairs")
    repeated = needed & {"ceiling", "pairs", "items_answer", "behaviours", *VARIETY}
    if repeated and (population.facts is None or not population.counted_repeats):
        return (
            "needs repeated behaviours of the target; add a table answers, or responses with "
            "properties, with a column `sample`"
        )
    if needed & {"items_raw"} and population.responses is None:
        return "needs the raw replies; add a table responses"
    if needed & set(DETECTION):
        return lacking_detection(population)
    reasons = (lacking_column(name, population) for name in derived_columns(measure.sums))
    return next((reason for reason in reasons if reason), "")


def _lacking_baseline(
    endings: frozenset[str], population: Population, choices: Choices | None
) -> str:
    if endings - {"uniform", "other"} and population.shares is None:
        return "needs the target's answers; add a column `behaviour` to trials, or a table answers"
    if endings and "property" not in population.trials.columns:
        return "needs answers of a property; add a table answers, or responses with properties"
    if "train" in endings and not _has_split(population):
        return _NO_SPLIT
    if "other" in endings and choices is not None and choices.baseline_predictor is None:
        return (
            "needs a predictor to compare with; name it with the choice baseline_predictor "
            "(--set baseline_predictor=NAME)"
        )
    return ""


def _has_split(population: Population) -> bool:
    known = [*population.columns, *(() if population.items is None else population.items.columns)]
    return "split" in known or "item_split" in known


def _with_baselines(
    table: Any, population: Population, request: Request, endings: frozenset[str]
) -> Any:
    """Join what each baseline scores on the item of each trial."""
    shares, keep = population.shares, population.keep
    keyed = table.mutate(_group=group_key(table, request.by))
    items = keep(keyed.filter(keyed.included).select("_group", *ITEM).distinct())
    if endings & {"loo", "insample"}:
        scores = keep(mode_scores(items, shares, ["_group"]))
        keyed = _join(keyed, scores, ["_group", *ITEM])
    if "distribution" in endings:
        scores = keep(distribution_scores(items, shares, ["_group"]))
        keyed = _join(keyed, scores, ["_group", *ITEM])
    if "train" in endings:
        training = training_items(population.everyone, population.facts, population.items)
        scored = train_scores(items.select(*ITEM).distinct(), keep(training), shares)
        keyed = _join(keyed, keep(scored), list(ITEM))
    if "uniform" in endings:
        _refuse_unknown_options(population, request.choices)
        keyed = uniform_scores(keyed, shares, request.choices.options)
    if "other" in endings:
        keyed = _join(keyed, keep(_others(population, request.choices)), list(ITEM))
    return keep(keyed)


def _refuse_unknown_options(population: Population, choices: Choices) -> None:
    """Refuse numbers of options for properties that nobody was asked for.

    Raises
    ------
    ChoiceError
        With the nearest property.
    """
    everyone: Any = population.everyone
    asked = everyone.select("property").distinct().to_pyarrow()["property"].to_pylist()
    known = sorted(str(name) for name in asked if name is not None)
    for name in choices.options:
        if name not in known:
            raise ChoiceError(
                f"options: no trial asks for a property {name!r}; {nearest(name, known)}"
            )


def _others(population: Population, choices: Choices) -> Any:
    """Return the scores of the baseline's predictor.

    Raises
    ------
    ChoiceError
        No prediction is its; names the nearest predictor.
    """
    wanted = str(choices.baseline_predictor)
    everyone: Any = population.everyone
    known = everyone.select("predictor").distinct().to_pyarrow()["predictor"].to_pylist()
    if wanted not in known:
        raise ChoiceError(
            f"baseline_predictor: no prediction is by {wanted!r}; "
            f"{nearest(wanted, sorted(str(name) for name in known))}"
        )
    return other_scores(everyone, wanted)


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
    derived = derived_columns(request.sums)
    joined = join_columns(derived)
    keys = [
        c
        for c in dict.fromkeys([*request.by, *item, *drawn, *strata, *joined])
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
    if "items_varied" in request.sums:
        shares = population.shares
        facts = determinism_facts(shares, n or fewest_repeats(shares))
        table = _join(table, population.keep(facts), list(ITEM))
    table = with_derived(table, derived, population, choices)
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
