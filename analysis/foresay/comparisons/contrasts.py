"""Paired contrasts: one estimand in two arms on the same items, one set of draws for both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.counts import FloatArray, Sums
from foresay.counts.reduction import contributions, plain, reduce
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.relations import (
    Request,
    check_columns,
    cluster_columns,
    group_key,
    relation,
)
from foresay.estimation.table import Context, key_of, named_choices, tidy
from foresay.measures.kinds import Difference
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.resampling import estimate, stream
from foresay.study import Choices, Contrast, Study, nearest
from foresay.tables.engine import Engine
from foresay.tables.expressions import scalar
from foresay.trials import ITEM, Population

SELF_ADVANTAGE = Contrast(
    of="accuracy",
    where="role = 'self'",
    minus="role = 'cross'",
    by=["target"],
    title="Self minus cross",
)
"""The contrast of the field: how much better a model predicts itself than others predict it."""

_ARMS = ("of", "minus")


def known_contrasts(study: Study) -> dict[str, Contrast]:
    """Return the contrasts that a study declares, and `self_advantage`."""
    return {"self_advantage": SELF_ADVANTAGE, **study.contrasts}


def find_contrast(study: Study, name: str) -> Contrast:
    """Return the contrast called `name` of a study; `self_advantage` is always there.

    Raises
    ------
    ChoiceError
        With the nearest declared one.
    """
    known = known_contrasts(study)
    if name not in known:
        raise ChoiceError(
            f"no contrast {name!r} is declared under `contrasts` in the study file; "
            f"{nearest(name, list(known))}"
        )
    return known[name]


def contrast(
    population: Population,
    name: str,
    spec: Contrast,
    *,
    by: Sequence[str],
    choices: Choices,
    context: Context,
    engine: Engine,
) -> pd.DataFrame:
    """Estimate a paired difference for each group.

    Both arms are restricted to the items (prompt and property of a target) that both of them
    have in the group; clusters are drawn once for both. What it generalises to is what the
    clusters are drawn from. It must not be read as a difference of groups with other items.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    name : str
        What the result is called.
    spec : Contrast
        The estimand and the two conditions.
    by : sequence of str
        Grouping columns.
    choices, context, engine
        As for `estimates`.

    Returns
    -------
    DataFrame
        As `estimates`, with `of_value` and `minus_value`.

    Raises
    ------
    UnsupportedError
        An arm has no trials, or the arms share no items.
    ChoiceError, ExpressionError
        The contrast names what is not there.
    """
    check_columns(by, population, f"contrast {name}: by")
    measure = find_measure(spec.of, baseline=choices.baseline)
    if measure.population != "trials" or choices.compliance == "bounds":
        raise ChoiceError(
            f"contrast {name}: a difference of {spec.of} under compliance {choices.compliance} is "
            "not defined; contrasts are of estimands over trials, with one value each"
        )
    table = relation(population, Request(measures=(measure,), by=tuple(by), choices=choices))
    table = _with_arms(table, name, spec, population, engine)
    table = _on_shared_items(table, by, needs_truth="predictions" not in measure.sums)
    paired = measure_of_difference(name, measure)
    contributed = _contributed(table, measure)
    facts = _facts(table, by)
    rows = []
    clusters = cluster_columns(choices, population)
    for group in reduce(table, contributed, by=by, clusters=clusters, strata=choices.strata):
        values = tuple(value for _, value in group.values)
        rows.append(_row(paired, measure, group, facts[values], choices, context))
    if not rows:
        raise UnsupportedError(
            f"contrast {name}: no item has trials in both arms ({spec.where} minus {spec.minus}); "
            "there is nothing to pair"
        )
    return tidy(rows, by, extra=("of_value", "minus_value"))


def measure_of_difference(name: str, measure: Measure) -> Measure:
    """Return the difference of a measure between the arms ``of`` and ``minus``."""
    of, minus = measure.arm("of"), measure.arm("minus")

    def difference(sums: Sums) -> FloatArray:
        return np.asarray(of.estimator(sums) - minus.estimator(sums))

    return Measure(
        name=name,
        title=f"Difference of {measure.title.lower()}",
        sums=(*of.sums, *minus.sums),
        estimator=difference,
        kind=Difference(),
        definition=f"{measure.title} of the first arm minus that of the second, on shared items.",
        formula=rf"\hat\theta_{{1}} - \hat\theta_{{2}}, \quad \theta = {measure.formula}",
        source=measure.source,
    )


def _with_arms(
    table: Any, name: str, spec: Contrast, population: Population, engine: Engine
) -> Any:
    """Add the boolean columns `_of` and `_minus`."""
    conditions = [
        scalar(sql, population.columns, what=f"contrast {name}: {arm}")
        for arm, sql in (("where", spec.where), ("minus", spec.minus))
    ]
    flags = ", ".join(
        f"coalesce({sql}, false) AS _{arm}" for arm, sql in zip(_ARMS, conditions, strict=True)
    )
    inner = ibis.to_sql(table, dialect="duckdb")
    schema = {**dict(table.schema().items()), "_of": "boolean", "_minus": "boolean"}
    sql = f"SELECT *, {flags} FROM ({inner})"  # noqa: S608  # checked expressions only
    flagged = engine.backend.sql(sql, schema=ibis.schema(schema))
    both = flagged.filter(flagged["_of"] & flagged["_minus"]).count().to_pyarrow().as_py()
    if both:
        raise ChoiceError(
            f"contrast {name}: {both} trials are in both arms ({spec.where!r} and "
            f"{spec.minus!r}); a trial cannot be subtracted from itself"
        )
    return flagged.filter(flagged["_of"] | flagged["_minus"])


def _on_shared_items(table: Any, by: Sequence[str], *, needs_truth: bool) -> Any:
    """Mark the trials on items that both arms have in the group, as `_shared`.

    Compliance is a rate of all predictions, so its trials need no usable truth.
    """
    used = table.included if needs_truth else ibis.literal(value=True)
    keyed = table.mutate(_pairing=group_key(table, [*by, *ITEM]), _used=used)
    window = ibis.window(group_by="_pairing")
    arms = [(keyed["_used"] & keyed[f"_{arm}"]).any().over(window) for arm in _ARMS]
    return keyed.mutate(_shared=keyed["_used"] & arms[0] & arms[1])


def _contributed(table: Any, measure: Measure) -> dict[str, Any]:
    own = contributions(table, list(dict.fromkeys([*measure.sums, "trials"])))
    return {
        f"{arm}.{name}": ibis.ifelse(table["_shared"] & table[f"_{arm}"], value, 0)
        for arm in _ARMS
        for name, value in own.items()
    }


def _facts(table: Any, by: Sequence[str]) -> dict[tuple[object, ...], dict[str, Any]]:
    """Count, for each group, shared items and the trials on other items."""
    prompt = table.task.length().cast("string") + ":" + table.task + table.item
    wanted = {
        "n_items": ibis.ifelse(table["_shared"], prompt, None).nunique(),
        "unpaired": (table["_used"] & ~table["_shared"]).cast("int64").sum(),
        "excluded": (~table["_used"]).cast("int64").sum(),
    }
    by = list(by)
    grouped = table.group_by(by).aggregate(**wanted) if by else table.aggregate(**wanted)
    frame = grouped.to_pyarrow().to_pandas()
    return {
        tuple(plain(row[c]) for c in by): {str(k): v for k, v in row.items()}
        for row in frame.to_dict("records")
    }


def _row(
    paired: Measure,
    measure: Measure,
    group: Any,
    facts: dict[str, Any],
    choices: Choices,
    context: Context,
) -> dict[str, Any]:
    counts = group.restricted(paired.sums)
    totals = counts.totals if counts.n_patterns else None
    made = estimate(
        counts,
        paired.estimator,
        kind=paired.kind,
        interval=choices.interval,
        level=choices.level,
        resamples=choices.resamples,
        rng=stream(choices.seed, paired.name, measure.name, key_of(group.values), context.where),
    )
    unpaired = int(facts["unpaired"])
    notes = [made.note]
    if totals is None:
        notes = ["undefined: the arms share no items"]
    elif unpaired:
        notes.append(f"{unpaired} trials on items that only one arm has, left out")
    trials = group.counts.totals
    return {
        "estimand": paired.name,
        **dict(group.values),
        "value": made.value,
        "low": made.low,
        "high": made.high,
        "of_value": np.nan if totals is None else float(measure.estimator(totals.arm("of"))),
        "minus_value": np.nan if totals is None else float(measure.estimator(totals.arm("minus"))),
        "level": made.level,
        "standard_error": made.standard_error,
        "interval": made.interval,
        "n_trials": round(float(trials["of.trials"] + trials["minus.trials"])),
        "n_items": int(facts["n_items"]),
        "n_clusters": counts.n_clusters,
        "n_excluded": int(facts["excluded"]) + unpaired,
        "design_effect": np.nan,
        **named_choices(choices),
        "where": context.where,
        "note": "; ".join(note for note in notes if note),
        "fingerprint": context.fingerprint,
    }
