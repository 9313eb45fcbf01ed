"""What a training gained, and how much of it is compliance with the asked form.

Each trained predictor is held against the model that it was trained from, asked about the same
target under the same conditions, on the items that both were asked. It is not for predictors
whose base was never asked: what they gained is then not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import pandas as pd

from foresay.comparisons.pairing import facts_of, on_shared_items
from foresay.counts import Group
from foresay.counts.reduction import contributions, reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.relations import cells_of, check_columns, design_of
from foresay.estimation.table import key_of, named_choices, tidy
from foresay.measures.gain import ARMS, gain_measures
from foresay.resampling import estimate_many, stream
from foresay.study import Choices
from foresay.trials import ITEM, Population
from foresay.trials.roles import MODEL_COLUMNS

TRAINED = ("self-trained", "cross-trained", "format-trained", "scrambled", "few-shot")
"""Stages of models that were trained, or shown, how to predict."""

POLICIES = ("paper", "count_wrong")
"""Compliance policies under which accuracy is compliance times accuracy among the compliant."""

NAME = "compliance_gain"
_ARM_SUMS = ("match", "compliant_trials", "trials")


def compliance_gain(
    population: Population, *, by: Sequence[str] | None, choices: Choices, context: Context
) -> pd.DataFrame:
    """Take the gain of each training apart into compliance and accuracy among the compliant.

    Parameters
    ----------
    population : Population
        Trials under `choices`, with `base`, and `stage` or `n_train`, of the predictors.
    by : sequence of str or None
        Grouping columns; ``before`` is the model that a predictor was trained from. By default
        predictor, before and target, and the conditions that vary among trained predictors.
    choices, context
        As for `foresay.estimation.table.estimates`.

    Returns
    -------
    DataFrame
        As `estimates`, the estimands those of `foresay.measures.gain.gain_measures`, all of a
        group from one set of draws.

    Raises
    ------
    ChoiceError
        The compliance policy does not count non-compliant replies as wrong, or a column of `by`
        is unknown.
    UnsupportedError
        Says which table or column is missing.
    """
    if choices.compliance not in POLICIES:
        raise ChoiceError(
            f"{NAME}: under compliance {choices.compliance} a reply that is not in the asked form "
            f"is not wrong, so that accuracy holds no compliance; choose {' or '.join(POLICIES)}"
        )
    conditions = [c for c in context.conditions if c in population.trials.columns and c not in ITEM]
    table = before_and_after(population, conditions)
    if by is None:
        by = ["predictor", "before", "target", *_varying(table, conditions)]
    check_columns([c for c in by if c != "before"], population, f"{NAME}: by")
    keyed = [*by, *(c for c in conditions if c not in by)]
    table = on_shared_items(table, keyed, [ARMS], needs_truth=True)
    facts = facts_of(table, by)
    layout = design_of(choices, population).layout(cells_of(choices, table.columns, by))
    own = contributions(table, _ARM_SUMS)
    sums = {
        f"{arm}.{name}": ibis.ifelse(table["_shared"] & table[f"_{arm}"], value, 0)
        for arm in ARMS
        for name, value in own.items()
    }
    rows: list[dict[str, Any]] = []
    for group in reduce(table, sums, by=by, layout=layout):
        known = facts[tuple(value for _, value in group.values)]
        rows += _rows(group, known, choices, context)
    return tidy(rows, by)


def before_and_after(population: Population, conditions: Sequence[str]) -> Any:
    """Return the trials of trained predictors and those of their bases, flagged `_of`, `_minus`.

    The trials of a base stand once for each predictor that was trained from it, with what the
    models table says of that predictor; `before` names the base.

    Raises
    ------
    UnsupportedError
        There are no trained predictors, or none of their bases was asked the same.
    """
    trials = population.trials
    if not population.has_predictions:
        raise UnsupportedError("needs predictions, and the study has none")
    if "base" not in trials.columns or not {"stage", "n_train"} & set(trials.columns):
        raise UnsupportedError(
            "needs the columns `base`, and `stage` or `n_train`, of the table models"
        )
    trained = ibis.literal(value=False)
    if "n_train" in trials.columns:
        trained |= (trials.n_train > 0).fill_null(ibis.literal(value=False))
    if "stage" in trials.columns:
        known = trials.stage.isin([*TRAINED]).fill_null(ibis.literal(value=False))
        trained = known | (~trials.stage.notnull() & trained)
    after = trials.filter(trained & trials.base.notnull() & (trials.base != trials.predictor))
    who = [c for c in ("predictor", "role", *MODEL_COLUMNS) if c in trials.columns]
    arms = after.select(*who, "target", *conditions).distinct()
    same = ["target", *conditions]
    named = arms.rename({f"_same_{c}": c for c in same})
    asked = trials.drop(*[c for c in who if c != "predictor"]).rename(_asked="predictor")
    equal = [asked[c].identical_to(named[f"_same_{c}"]) for c in same]
    base = asked.inner_join(named, [asked["_asked"] == named.base, *equal])
    if int(base.limit(1).count().to_pyarrow().as_py()) == 0:
        if int(after.limit(1).count().to_pyarrow().as_py()) == 0:
            raise UnsupportedError("no predictor was trained from a model that `base` names")
        raise UnsupportedError(
            "no trained predictor's base was asked about the same target under the same "
            f"conditions ({', '.join(conditions) or 'none vary'}); add its predictions"
        )
    # only predictors whose base was asked the same have a gain
    keys = ("predictor", *same)
    there = base.select(**{f"_key_{c}": base[c] for c in keys}).distinct()
    after = after.semi_join(there, [after[c].identical_to(there[f"_key_{c}"]) for c in keys])
    parts = [
        part.select(
            *trials.columns,
            before=part.base,
            _of=ibis.literal(value=is_after),
            _minus=ibis.literal(value=not is_after),
        )
        for part, is_after in ((after, True), (base, False))
    ]
    return population.keep(parts[0].union(parts[1]))


def _varying(table: Any, conditions: Sequence[str]) -> list[str]:
    if not conditions:
        return []
    counted = table.aggregate(
        **{c: table[c].nunique() + (~table[c].notnull()).any().cast("int64") for c in conditions}
    )
    (row,) = counted.to_pyarrow().to_pylist()
    return [c for c in conditions if c != "split" and int(row[c]) > 1]


def _rows(
    group: Group, facts: dict[str, Any], choices: Choices, context: Context
) -> list[dict[str, Any]]:
    measures = gain_measures(group.cells)
    counts = group.restricted(measures[0].sums)
    made = estimate_many(
        counts,
        measures,
        interval=choices.interval,
        level=choices.level,
        resamples=choices.resamples,
        rng=stream(choices.seed, NAME, key_of(group.values), context.where),
    )
    unpaired = int(facts["unpaired"])
    nobody = [
        when
        for arm, when in zip(ARMS, ("after", "before"), strict=True)
        if group.total(f"{arm}.compliant_trials") == 0
    ]
    rows = []
    for measure, found in zip(measures, made, strict=True):
        notes = [*context.notes, found.note]
        if nobody and measure.name in ("gain_compliance", "gain_accuracy", "gain_share"):
            notes = [f"undefined: no compliant prediction {' or '.join(nobody)} the training"]
        elif unpaired:
            notes.append(f"{unpaired} trials on items that only one of the two has, left out")
        rows.append(
            {
                "estimand": measure.name,
                **dict(group.values),
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "level": found.level,
                "standard_error": found.standard_error,
                "interval": found.interval,
                "n_trials": round(sum(group.total(f"{arm}.trials") for arm in ARMS)),
                "n_items": int(facts["n_items"]),
                "n_clusters": counts.n_clusters,
                "n_excluded": int(facts["excluded"]) + unpaired,
                "design_effect": float("nan"),
                **named_choices(choices),
                "where": context.where,
                "note": "; ".join(note for note in notes if note),
                "fingerprint": context.fingerprint,
            }
        )
    return rows
