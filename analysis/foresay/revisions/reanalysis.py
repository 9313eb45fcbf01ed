"""Numbers of a study before and after a change: value, difference, and which verdicts changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from foresay.comparisons.contrasts import known_contrasts
from foresay.display import label_of
from foresay.errors import ChoiceError, ForesayError, UnsupportedError
from foresay.estimation.correlations import NAMES as CORRELATIONS
from foresay.estimation.pairing import NAMES as CALIBRATION
from foresay.measures.registry import measures
from foresay.publishing.arms import Arms
from foresay.revisions.changes import changes_of
from foresay.revisions.joining import KEY, joined, key_of, labelled
from foresay.revisions.paired import PairedDifference, Side, paired_differences
from foresay.study import Choices, find_comparison, known_comparisons, nearest, override
from foresay.study.requests import Change
from foresay.tables.engine import literal
from foresay.tables.sources import list_files
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

_NOT_PAIRED = "not paired: fitted anew on each side"
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
    """

    frame: pd.DataFrame
    before: tuple[pd.DataFrame, ...]
    choices: Choices
    changes: tuple[tuple[str, str, str], ...]


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
        Contrasts, estimands, trends, summaries and models; by default the declared contrasts, or
        accuracy where there is none.
    by : sequence of str, optional
        Grouping columns of estimands; by default the arms of the report.
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
    where = both(change.where, _without(bench, change.without_items))
    refuse_same_names(bench, change)
    extended = bench.study.model_copy(
        update={"contrasts": {**bench.study.contrasts, **change.contrasts}}
    )
    study, bench.study = bench.study, extended
    try:
        with _after(bench, change, choices) as later:
            names = _concerns(bench, change, concerns)
            work = _Work(
                bench=bench,
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
    )


class _after:  # noqa: N801  # used as a function
    """Open the study with other tables, where a change names some; else give the same study."""

    def __init__(self, bench: Workbench, change: Change, choices: Choices) -> None:
        tables = dict(bench.study.tables)
        for name, files in change.tables.items():
            if name not in tables:
                raise ChoiceError(
                    f"tables: the study has no table {name!r}; {nearest(name, list(tables))}"
                )
            tables[name] = tables[name].model_copy(update={"files": files})
            list_files(name, tables[name], bench.root)  # refuses what is not there
        other = bool(change.tables) or choices.duplicates != bench.choices.duplicates
        self._own = other
        self._bench = bench
        if other:
            study = bench.study.model_copy(update={"tables": tables, "choices": choices})
            self._bench = Workbench(study, bench.path, bench.root, memory=bench._memory)  # noqa: SLF001

    def __enter__(self) -> Workbench:
        return self._bench

    def __exit__(self, *_: object) -> None:
        if self._own:
            self._bench.close()


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
            by = list(contrast.by)
        elif name in known_comparisons(self.bench.study):
            by = []
        else:
            arms = Arms(self.bench) if self.by is None else None
            by = arms.by if arms is not None else list(self.by or ())
        frames = self._frames(name, by)
        frames = (labelled(frames[0], arms), labelled(frames[1], arms))
        if len(frames[0]):
            self.before.append(frames[0].drop(columns=KEY))
        pairs, why = self._paired(name, by)
        failed = self.failed.get(name, "")
        for row in joined(name, frames, pairs, why, failed, added=name in self.added):
            row["title"] = (
                find_comparison(self.bench.study, name).title
                if name in known_comparisons(self.bench.study)
                else label_of(name)
            )
            self.rows.append(row)

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

    def _paired(
        self, name: str, by: Sequence[str]
    ) -> tuple[Mapping[tuple[str, ...], PairedDifference], str]:
        """Return the paired differences by group, or why there are none."""
        known = known_contrasts(self.bench.study)
        if name in self.added:
            return {}, "not in the version"
        if name not in known and name in known_comparisons(self.bench.study):
            return {}, _NOT_PAIRED
        if name in (*CALIBRATION, *CORRELATIONS):
            return {}, "not paired: no function of sums over clusters"
        keys = ["task", "item"]
        for c in (self.base, self.choices):
            keys += [*c.cluster, *c.within, *c.crossed, *c.strata, *c.cells]
        keys = list(dict.fromkeys(keys))
        try:
            before = self.bench._shared(name, self.base, None, by, keys)  # noqa: SLF001
            after = self.later._shared(name, self.choices, self.where, by, keys)  # noqa: SLF001
        except ForesayError as error:
            return {}, f"not paired: {error}"
        found = paired_differences(
            Side(sums=before, choices=self.base), Side(sums=after, choices=self.choices)
        )
        return {key_of([v for _, v in one.values]): one for one in found}, ""


def _computed(
    bench: Workbench, name: str, by: Sequence[str], where: str | None, choices: Choices
) -> pd.DataFrame:
    """Return the table of a number as the study's own commands give it."""
    told: dict[str, Any] = choices.model_dump()
    if name in known_comparisons(bench.study):
        if name in known_contrasts(bench.study):
            return bench.contrast(name, where=where, **told)
        return bench.compare(name, where=where, **told)
    return bench.estimate(name, by=list(by), where=where, **told)


def refuse_same_names(bench: Workbench, change: Change) -> None:
    """Refuse an added contrast with the name of a comparison that is there."""
    for name in change.contrasts:
        if name in known_comparisons(bench.study):
            raise ChoiceError(
                f"contrasts: {name!r} is in the study already; give the added one a name of its own"
            )


def _concerns(bench: Workbench, change: Change, asked: Sequence[str]) -> list[str]:
    """Return the names of what is computed, each known."""
    known = [*known_comparisons(bench.study), *measures(), *CALIBRATION, *CORRELATIONS]
    for name in asked:
        if name not in known:
            raise ChoiceError(f"concerns: there is no {name!r}; {nearest(name, known)}")
    names = list(asked) or [n for n in bench.study.contrasts if n not in change.contrasts]
    names += [name for name in change.contrasts if name not in names]
    return names or ["accuracy"]


def _without(bench: Workbench, items: Sequence[str]) -> str | None:
    """Return the condition that leaves items out, each of which is there."""
    if not items:
        return None
    found = bench.population().trials.select("item").distinct().to_pyarrow()["item"].to_pylist()
    there = sorted(str(value) for value in found if value is not None)
    for item in items:
        if item not in there:
            raise ChoiceError(f"without_items: there is no item {item!r}; {nearest(item, there)}")
    return f"item NOT IN ({', '.join(literal(item) for item in items)})"
