"""Paired contrasts: one estimand in two or four arms on the same items, one set of draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from foresay.comparisons.arms import Comparison, exponential
from foresay.comparisons.hypotheses import examine
from foresay.comparisons.pairing import compared_groups
from foresay.counts import AnyCounts, Group
from foresay.errors import ChoiceError
from foresay.estimation.facts import Context
from foresay.estimation.table import key_of, named_choices, tidy
from foresay.measures.macro import over_cells
from foresay.resampling import draw, estimate, stream
from foresay.study import SELF_ADVANTAGE, Choices, Contrast, Study, nearest
from foresay.tables.engine import Engine
from foresay.trials import Population

TESTS = ("p_value", "p_adjusted", "family", "test", "hypothesis", "margin", "verdict")
"""Columns of a table of contrasts that a table of estimates has not; after `standard_error`."""


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
    """Estimate and test a paired difference or ratio for each group.

    Both arms are restricted to the items (prompt and property of a target) that both of them
    have in the group; clusters are drawn once for both. What it generalises to is what the
    clusters are drawn from. It must not be read as a difference of groups with other items.

    With `versus`, the difference is that of two such differences: on the items that all four arms
    have, or, where the pairs share none (train against held-out items), each pair on its own.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    name : str
        What the result is called.
    spec : Contrast
        The estimand, the conditions of its arms, its scale and its test.
    by : sequence of str
        Grouping columns.
    choices, context, engine
        As for `estimates`.

    Returns
    -------
    DataFrame
        As `estimates`, with `of_value` and `minus_value` (with `versus`, the two differences),
        and `TESTS`. `p_adjusted` and `family` are for `foresay.comparisons.families` to fill.
        Bounds of a ratio are made on the log scale.

    Raises
    ------
    UnsupportedError
        An arm has no trials, the arms share no items, or pairing is complete and trials have no
        partner.
    ChoiceError, ExpressionError
        The contrast names what is not there.
    """
    reduced = reduced_contrast(
        population, name, spec, by=by, choices=choices, context=context, engine=engine
    )
    return reduced.table(choices, context)


def reduced_contrast(
    population: Population,
    name: str,
    spec: Contrast,
    *,
    by: Sequence[str],
    choices: Choices,
    context: Context,
    engine: Engine,
) -> ReducedContrast:
    """Reduce the trials of a contrast's arms; parameters and errors are those of `contrast`."""
    found = compared_groups(
        population,
        name,
        spec,
        by=by,
        choices=choices,
        engine=engine,
        conditions=(*context.conditions, "n_train"),
    )
    groups = tuple((compared, group, facts, Memo()) for compared, group, facts in found)
    return ReducedContrast(spec=spec, by=tuple(by), groups=groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReducedContrast:
    """The sums of a contrast's arms in each group, which serve every level and interval."""

    spec: Contrast
    by: tuple[str, ...]
    groups: tuple[tuple[Comparison, Group, Mapping[str, Any], Memo], ...]

    def table(self, choices: Choices, context: Context) -> pd.DataFrame:
        """Return what `contrast` returns; `choices` may differ in level and interval alone."""
        rows = [
            contrast_row(Asked(self.spec, compared, choices, context), group, facts, memo)
            for compared, group, facts, memo in self.groups
        ]
        return tidy_contrasts(rows, self.by)


def tidy_contrasts(
    rows: Sequence[dict[str, Any]], by: Sequence[str], extra: Sequence[str] = ()
) -> pd.DataFrame:
    """Return rows as a table of contrasts, with its columns in the order of the design."""
    frame = tidy(rows, by, extra=(*extra, "of_value", "minus_value"))
    place = list(frame.columns).index("standard_error")
    for offset, column in enumerate(TESTS, start=1):
        frame.insert(place + offset, column, [row[column] for row in rows])
    return frame


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every group: a contrast, what it compares, and what its rows carry."""

    spec: Contrast
    compared: Comparison
    choices: Choices
    context: Context

    def within(self, group: Group) -> Asked:
        """Return what is asked of one group: each arm the mean over its cells, if there are any."""
        measure = over_cells(self.compared.measure, group.cells)
        return replace(self, compared=replace(self.compared, measure=measure))

    def rng(self, group: Group, *more: str) -> np.random.Generator:
        """Return the stream of one group, and of one purpose in it."""
        compared = self.compared
        key = (compared.name, compared.measure.name, key_of(group.values), self.context.where)
        return stream(self.choices.seed, *key, *more)


@dataclass(frozen=True, slots=True)
class Memo:
    """What rows of one group share: its counts, its draws, its test; each is computed once."""

    known: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, compute: Callable[[], Any]) -> Any:
        """Return what is called `name`, computed when it is first asked for."""
        if name not in self.known:
            self.known[name] = compute()
        return self.known[name]


def contrast_row(
    asked: Asked, group: Group, facts: Mapping[str, Any], memo: Memo | None = None
) -> dict[str, Any]:
    """Return the row of one group.

    Parameters
    ----------
    asked : Asked
        What is asked.
    group : Group
        The sums of its arms.
    facts : mapping
        What its note says, as from `foresay.comparisons.pairing.facts_of`.
    memo : Memo, optional
        What rows of the same group under other intervals and levels have computed.
    """
    asked = asked.within(group)
    compared, choices = asked.compared, asked.choices
    memo = Memo() if memo is None else memo
    counts = memo.once("counts", lambda: group.restricted(compared.sums))
    numbers, notes = _numbers(asked, group, counts, memo)
    tested = memo.once(
        f"test at {choices.level!r}",
        lambda: examine(
            asked.spec,
            compared,
            counts,
            level=choices.level,
            flips=choices.resamples,
            rng=asked.rng(group, "sign_flip"),
        ),
    )
    lacking = arms_without_trials(compared, group)
    unpaired = int(facts["unpaired"])
    if lacking:
        notes = [lacking]
    elif unpaired:
        who = "not every arm has" if compared.crossed else "only one arm has"
        notes.append(f"{unpaired} trials on items that {who}, left out")
    if facts["pooled"] and not lacking:
        notes.append(f"an arm pools different values of {', '.join(facts['pooled'])}")
    if facts["apart"] and not lacking:
        notes.append("the two differences are on different items")
    return {
        "estimand": compared.name,
        **dict(group.values),
        **numbers,
        **tested.columns(),
        "n_trials": round(sum(group.total(f"{arm}.trials") for arm in compared.arms)),
        "n_items": int(facts["n_items"]),
        "n_clusters": counts.n_clusters,
        "n_excluded": int(facts["excluded"]) + unpaired,
        "design_effect": np.nan,
        **named_choices(choices),
        "where": asked.context.where,
        "note": "; ".join(note for note in [*notes, *tested.notes] if note),
        "fingerprint": asked.context.fingerprint,
    }


def arms_without_trials(compared: Comparison, group: Group) -> str:
    """Return why a comparison is undefined in a group whose arms share no items; "" if they do."""
    own = {name.rpartition(".")[2] for name in compared.measure.sums}
    counted = "predictions" if "predictions" in own else "trials"
    empty = [group.total(f"{arm}.{counted}") == 0 for arm in compared.arms]
    if not any(empty):
        return ""
    if not compared.crossed or all(empty):
        return "undefined: the arms share no items"
    which = "first" if any(empty[:2]) else "second"
    return f"undefined: the arms of the {which} difference share no items"


def _numbers(
    asked: Asked, group: Group, counts: AnyCounts, memo: Memo
) -> tuple[dict[str, Any], list[str]]:
    """Return the estimate with its interval; that of a ratio is made on the log scale."""
    compared, choices = asked.compared, asked.choices
    made = estimate(
        counts,
        compared.tested,
        kind=compared.tested_kind,
        interval=choices.interval,
        level=choices.level,
        resamples=choices.resamples,
        rng=asked.rng(group),
        drawn=lambda: memo.once("draws", lambda: draw(counts, choices.resamples, asked.rng(group))),
    )
    first, second = (float(term) for term in compared.terms(counts.totals))
    value, low, high, error, note = (
        made.value,
        made.low,
        made.high,
        made.standard_error,
        made.note,
    )
    if compared.scale == "ratio":
        value = float(compared.estimator(counts.totals))
        low, high, error = exponential(made.low), exponential(made.high), value * error
        if value == 0:
            note = "the first term is 0: no interval of the ratio"
    numbers = {
        "value": value,
        "low": low,
        "high": high,
        "of_value": first,
        "minus_value": second,
        "level": made.level,
        "standard_error": error,
        "interval": made.interval,
    }
    return numbers, [note]
