"""What planning needs of an opened study: the patterns and the effect of each of its groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foresay.comparisons.arms import Comparison
from foresay.comparisons.contrasts import arms_without_trials, known_contrasts
from foresay.comparisons.families import family_of
from foresay.comparisons.pairing import compared_groups
from foresay.counts import Counts, Estimator, FloatArray, Group, Sums
from foresay.counts.reduction import contributions, reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import (
    Request,
    cells_of,
    check_columns,
    design_of,
    relation,
)
from foresay.estimation.table import key_of
from foresay.measures.kinds import Proportion
from foresay.measures.macro import over_cells
from foresay.measures.measure import Measure
from foresay.measures.registry import measures
from foresay.planning.answers import check_design
from foresay.planning.flips import can_flip
from foresay.planning.scales import PLAIN, Scale
from foresay.study import Choices, Contrast, Study, nearest
from foresay.tables.engine import Engine
from foresay.trials import Population


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An effect that is planned for, in one group of a study.

    Parameters
    ----------
    estimand : str
        Name of the contrast or estimand.
    values : tuple of (str, object)
        Grouping columns and their values.
    counts : Counts
        Patterns of the study's clusters.
    estimator : Estimator
        The effect; `scale` says which value is none.
    scale : Scale
        How it is tested.
    reference : float
        The value that is no effect: 0 for a difference, 1 for a ratio, what an estimand is held
        against; ``nan`` where there is none.
    key : tuple of str
        Names its stream of random numbers.
    note : str
        What to know of the plan.
    flipped : Comparison, optional
        What `compare` tests by flipping the signs of clusters.
    undefined : str
        Why the group cannot be planned from; "" where it may be.
    """

    estimand: str
    values: tuple[tuple[str, object], ...]
    counts: Counts
    estimator: Estimator
    scale: Scale
    reference: float
    key: tuple[str, ...]
    note: str = ""
    flipped: Comparison | None = None
    undefined: str = ""

    @property
    def lacks_reference(self) -> bool:
        """Whether nothing is known to hold the estimand against: only precision is planned."""
        return bool(np.isnan(self.reference))


def planned_effects(
    study: Study,
    name: str,
    populate: Callable[[Sequence[str]], Population],
    *,
    by: Sequence[str] | None,
    reference: float | None,
    choices: Choices,
    context: Context,
    engine: Engine,
) -> list[Planned]:
    """Return the effect of a contrast or an estimand in each group.

    Parameters
    ----------
    study : Study
        Declares the contrasts.
    name : str
        Name of a contrast or an estimand.
    populate : callable
        From the columns and conditions that will be asked of it to the trials.
    by : sequence of str, optional
        Grouping columns; by default the contrast's own, of an estimand predictor and target.
    reference : float, optional
        What an estimand is held against.
    choices, context, engine
        As for `planned_contrast`.

    Raises
    ------
    ChoiceError
        The name is unknown, or a contrast is given a reference; or as the functions below.
    UnsupportedError
        As the functions below.
    """
    contrasts = known_contrasts(study)
    if name in contrasts:
        spec = contrasts[name]
        if reference is not None:
            raise ChoiceError(
                f"{name} is a contrast, and its effect is a difference already; leave the "
                "reference out"
            )
        columns = list(spec.by) if by is None else list(by)
        return planned_contrast(
            populate((*columns, *spec.conditions)),
            name,
            spec,
            by=columns,
            choices=choices,
            context=context,
            engine=engine,
            family=family_of(study, name),
        )
    known = measures(baseline=choices.baseline)
    if name not in known:
        raise ChoiceError(
            f"there is no contrast or estimand {name!r}; {nearest(name, [*contrasts, *known])}"
        )
    of_behaviours = known[name].population == "behaviours"
    usual = ["target"] if of_behaviours else ["predictor", "target"]
    columns = usual if by is None else list(by)
    return planned_estimand(
        populate(columns),
        known[name],
        reference=reference,
        by=columns,
        choices=choices,
        context=context,
    )


def planned_contrast(
    population: Population,
    name: str,
    spec: Contrast,
    *,
    by: Sequence[str],
    choices: Choices,
    context: Context,
    engine: Engine,
    family: str = "",
) -> list[Planned]:
    """Return the effect of a contrast in each group.

    Parameters
    ----------
    population, name, spec, by, choices, context, engine
        As for `foresay.comparisons.contrasts.contrast`.
    family : str
        The family that it is declared in; "" for none.

    Raises
    ------
    ChoiceError
        The contrast tests another hypothesis than a difference, or the design has two levels.
    """
    if spec.hypothesis != "difference":
        raise ChoiceError(
            f"contrast {name}: its hypothesis is {spec.hypothesis}, and planning is for the test "
            "of no difference; declare the same contrast without hypothesis and margin to plan it"
        )
    check_design(choices)
    groups = compared_groups(population, name, spec, by=by, choices=choices, engine=engine)
    told = [f"not corrected for the family {family!r}: its tests find less"] if family else []
    if spec.test == "mcnemar":
        told.append("planned with the interval; the verdict of compare is of the test mcnemar")
    found = []
    for compared, group, _ in groups:
        own = replace(compared, measure=over_cells(compared.measure, group.cells))
        counts = _one_level(group, own.sums)
        lacking = arms_without_trials(compared, group).removeprefix("undefined: ")
        flips = spec.test == "sign_flip" and not lacking
        flipped = own if flips and can_flip(counts, own) else None
        lost = "planned with the interval; the sign flips of compare find less with few clusters"
        found.append(
            Planned(
                estimand=name,
                values=group.values,
                counts=counts,
                estimator=own.estimator,
                scale=Scale("ratio") if own.scale == "ratio" else PLAIN,
                reference=1.0 if own.scale == "ratio" else 0.0,
                key=(name, own.measure.name, key_of(group.values), context.where),
                note="; ".join([*told, *([lost] if flips and flipped is None else [])]),
                flipped=flipped,
                undefined=lacking,
            )
        )
    return found


def planned_estimand(
    population: Population,
    measure: Measure,
    *,
    reference: float | None,
    by: Sequence[str],
    choices: Choices,
    context: Context,
) -> list[Planned]:
    """Return, for each group, how far an estimand lies from a value that it is held against.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    measure : Measure
        The estimand.
    reference : float, optional
        The value; without it, differences are held against 0, and of others only the precision can
        be planned.
    by, choices, context
        As for `foresay.estimation.estimates`.

    Raises
    ------
    ChoiceError
        A reference that the estimand cannot have, or a design of two levels.
    UnsupportedError
        The tables cannot support the estimand.
    """
    check_design(choices)
    check_columns(by, population, "by")
    if choices.compliance == "bounds":
        raise ChoiceError(
            f"{measure.name} under compliance bounds has two ends and no single value; choose "
            "another policy to plan with"
        )
    reference = _reference(measure, reference)
    request = Request(measures=(measure,), by=tuple(by), choices=choices)
    table = relation(population, request)
    layout = design_of(choices, population).layout(cells_of(choices, table.columns, by))
    found = []
    for group in reduce(table, contributions(table, measure.sums), by=by, layout=layout):
        own = over_cells(measure, group.cells)
        proportion = isinstance(own.kind, Proportion) and not np.isnan(reference)
        found.append(
            Planned(
                estimand=measure.name,
                values=group.values,
                counts=_one_level(group, own.sums),
                estimator=_minus(own.estimator, reference),
                scale=Scale("logit", reference) if proportion else PLAIN,
                reference=reference,
                key=(measure.name, key_of(group.values), context.where),
            )
        )
    if not found:
        raise UnsupportedError(f"{measure.name}: there are no trials to plan from")
    return found


def _one_level(group: Group, sums: Sequence[str]) -> Counts:
    counts = group.restricted(sums)
    if not isinstance(counts, Counts):
        raise UnsupportedError("planning draws clusters of one level; choose another design")
    return counts


def _minus(estimator: Estimator, reference: float) -> Estimator:
    held = 0.0 if np.isnan(reference) else reference

    def effect(sums: Sums) -> FloatArray:
        return np.asarray(estimator(sums) - held)

    return effect


def _reference(measure: Measure, reference: float | None) -> float:
    kind = measure.kind
    if reference is None:
        return 0.0 if kind.low < 0 else np.nan
    inside = kind.low < reference < kind.high
    if not (np.isfinite(reference) and (inside or not isinstance(kind, Proportion))):
        raise ChoiceError(
            f"{measure.name} is held against a value between {kind.low:g} and {kind.high:g}; "
            f"got {reference:g}"
        )
    return float(reference)
