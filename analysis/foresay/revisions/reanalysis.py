"""Numbers of a study before and after a change: value, difference, and which verdicts changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from foresay.comparisons.contrasts import known_contrasts
from foresay.display import label_of
from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.relations import check_columns
from foresay.publishing.arms import Arms
from foresay.revisions.asked import (
    extended,
    leaving_out,
    numbers_of_concern,
    opened_under,
    refuse_idle_groups,
)
from foresay.revisions.changes import changes_of
from foresay.revisions.claim_verdicts import claim_verdicts, ledger_of
from foresay.revisions.joining import KEY, joined, labelled
from foresay.revisions.pairings import Sides
from foresay.study import Choices, find_comparison, known_comparisons, override
from foresay.study.requests import Change
from foresay.workbench import Workbench
from foresay.workbench.arguments import both

COLUMNS = (
    *("estimand", "title", "identity", "level", "scale"),
    *("before", "before_low", "before_high", "after", "after_low", "after_high"),
    *("difference", "difference_low", "difference_high", "difference_se", "interval"),
    *("verdict_before", "verdict_after", "changed"),
    *("n_items_before", "n_items_after", "n_clusters", "note"),
)
"""Columns of a table of before and after; `identity` is what tells the rows of a number apart."""

_Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reanalysis:
    """What a change does.

    Parameters
    ----------
    frame : DataFrame
        One row a number and group: `COLUMNS`.
    before : tuple of DataFrame
        The tables before, as the study's own commands give them.
    choices : Choices
        The choices after.
    changes : tuple of (str, str, str)
        What was changed: its name, before, after.
    claims : DataFrame
        One row a claim: `foresay.revisions.claim_verdicts.COLUMNS`.
    named : bool
        Whether these claims were named; otherwise they are all that the ledger has.
    """

    frame: pd.DataFrame
    before: tuple[pd.DataFrame, ...]
    choices: Choices
    changes: tuple[tuple[str, str, str], ...]
    claims: pd.DataFrame
    named: bool


def reanalyse(
    bench: Workbench,
    change: Change,
    *,
    base: Choices | None = None,
    concerns: Sequence[str] = (),
    by: Sequence[str] | None = None,
    progress: _Progress = lambda _: None,
) -> Reanalysis:
    """Compute the numbers that a change concerns, before and after it.

    Parameters
    ----------
    bench : Workbench
        The opened study.
    change : Change
        What is to be done otherwise.
    base : Choices, optional
        The choices before; by default the study's.
    concerns : sequence of str
        Contrasts, estimands, trends, summaries and models; without any the declared contrasts, or
        accuracy where there is none. And ids of claims; without any all of the ledger.
    by : sequence of str, optional
        Grouping columns of estimands and contrasts; by default the arms of the report, and a
        contrast's own. Other comparisons have theirs.
    progress : callable
        Told what is being computed.

    Raises
    ------
    ChoiceError, StudyError, ExpressionError
        A choice, item, table or concern is unknown or contradicts another; with the way out.
    UnsupportedError
        Nothing can be computed under the change; with the reasons.
    """
    base = base or bench.choices
    choices = override(base, change.choices.changes())
    where = both(change.where, leaving_out(bench, change.without_items))
    ledger = ledger_of(bench)
    known = ledger.claims if ledger is not None else {}
    study, bench.study = bench.study, extended(bench.study, change)
    try:
        with (
            opened_under(bench, base, {}) as earlier,
            opened_under(bench, choices, {str(n): f for n, f in change.tables.items()}) as later,
        ):
            names = numbers_of_concern(bench.study, change, concerns, list(known))
            if by is not None:
                refuse_idle_groups(bench.study, names)
            with suppress(UnsupportedError):  # which each number says for itself
                trials = later.population(choices=choices)
                for place in ("cluster", "within", "crossed", "strata"):
                    check_columns(getattr(choices, place), trials, place)
            work = _Work(
                bench=earlier,
                later=later,
                base=base,
                choices=choices,
                where=where,
                added=frozenset(change.contrasts),
                by=by,
                progress=progress,
            )
            for name in names:
                work.add(name)
            asked = {name: claim for name, claim in known.items() if name in concerns}
            verdicts = claim_verdicts(
                earlier,
                later,
                asked or known,
                base=base,
                choices=change.choices.changes(),
                where=where,
                progress=progress,
            )
    finally:
        bench.study = study
    if all(math.isnan(row["after"]) and math.isnan(row["after_low"]) for row in work.rows):
        reasons = dict.fromkeys(row["note"] for row in work.rows if row["note"])
        raise UnsupportedError(
            f"nothing can be computed under this change: {'; '.join(reasons) or 'no trial is left'}"
        )
    return Reanalysis(
        frame=pd.DataFrame(work.rows, columns=list(COLUMNS)),
        before=tuple(work.before),
        choices=choices,
        changes=tuple(changes_of(base, choices, change)),
        claims=verdicts,
        named=bool(asked),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What is computed, one number after another."""

    bench: Workbench
    later: Workbench
    base: Choices
    choices: Choices
    where: str | None
    added: frozenset[str]
    by: Sequence[str] | None
    progress: _Progress
    rows: list[dict[str, Any]] = field(default_factory=list)
    before: list[pd.DataFrame] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def add(self, name: str) -> None:
        """Add the rows of a contrast, an estimand, or another comparison."""
        self.progress(f"{label_of(name).lower()}, before and after")
        contrast = known_contrasts(self.bench.study).get(name)
        arms: Arms | None = None
        if contrast is not None:
            by = list(contrast.by if self.by is None else self.by)
        elif name in known_comparisons(self.bench.study):
            by = []
        else:
            arms = Arms(self.bench) if self.by is None else None
            by = arms.by if arms is not None else list(self.by or ())
        made = self._frames(name, by)
        pairs, why = ({}, "") if name in self.added else self._sides().pairs(name, by, made)
        frames = (labelled(made[0], arms), labelled(made[1], arms))
        if len(frames[0]):
            self.before.append(frames[0].drop(columns=KEY))
        failed = self.failed.get(name, "")
        for row in joined(name, frames, pairs, why, failed, added=name in self.added):
            row["title"] = (
                find_comparison(self.bench.study, name).title
                if name in known_comparisons(self.bench.study)
                else label_of(name)
            )
            self.rows.append(row)

    def _sides(self) -> Sides:
        return Sides(
            earlier=self.bench,
            later=self.later,
            base=self.base,
            choices=self.choices,
            where=self.where,
        )

    def _frames(self, name: str, by: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        made = []
        sides = ((self.bench, self.base, None), (self.later, self.choices, self.where))
        for number, (bench, choices, where) in enumerate(sides):
            if number == 0 and name in self.added:
                made.append(pd.DataFrame())
                continue
            try:
                made.append(_computed(bench, name, by, where, choices))
            except (UnsupportedError, ChoiceError) as error:
                if number == 0:
                    raise
                self.failed[name] = str(error)
                made.append(pd.DataFrame())
        return made[0], made[1]


def _computed(
    bench: Workbench, name: str, by: Sequence[str], where: str | None, choices: Choices
) -> pd.DataFrame:
    """Return the table of a number as the study's own commands give it."""
    told: dict[str, Any] = choices.model_dump()
    if name in known_comparisons(bench.study):
        contrast = known_contrasts(bench.study).get(name)
        if contrast is not None:
            reference = 1.0 if contrast.scale == "ratio" else 0.0
            own = None if list(by) == list(contrast.by) else list(by)  # a family stands by its own
            made = bench.contrast(name, by=own, where=where, **told)
            return made.assign(reference=reference)
        return bench.compare(name, where=where, **told)
    return bench.estimate(name, by=list(by), where=where, **told)
