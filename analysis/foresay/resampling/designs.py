"""Designs: what is drawn, as data, and what an interval under each of them generalises to.

Coverage at 95 % (1,000 data sets, 400 resamples; ``auto`` is ``logit_satterthwaite`` for a
proportion and ``t_satterthwaite`` for a difference). Two levels: tasks with rates of correlation
.1, 15 to 45 items each, correlation 1/3 within an item. Two ways: 100 items and a few runs, probit
effects of spread 1 and .3. Differences are of equal rates, .8.

==========  =====  ====  ==========  ====  =========  =======  ====
design      units  rate  percentile  bca   cluster_t  logit_t  auto
==========  =====  ====  ==========  ====  =========  =======  ====
two-level   6      .5    .90         .89   .94        .94      .94
two-level   12     .5    .94         .93   .95        .95      .95
two-level   30     .5    .94         .94   .94        .94      .94
two-level   6      .8    .88         .88   .92        .95      .95
two-level   12     .8    .93         .93   .94        .95      .95
two-level   30     .8    .95         .95   .94        .95      .95
two-level   6      .95   .81         .85   .83        .91      .92
two-level   12     .95   .89         .93   .88        .93      .95
difference  6            .92         .90   .96                 .97
difference  12           .94         .91   .96                 .97
two-way     3      .5    .90         .90   1.00       1.00     .94
two-way     5      .5    .93         .93   .97        .97      .94
two-way     10     .5    .94         .95   .97        .97      .95
two-way     3      .8    .90         .90   .99        1.00     .94
two-way     5      .8    .94         .94   .98        .98      .95
two-way     10     .8    .95         .95   .96        .97      .95
two-way     3      .95   .92         .94   .98        1.00     .96
two-way     10     .95   .93         .94   .92        .95      .94
difference  3            .94         .93   1.00                .97
difference  5            .96         .95   .99                 .97
difference  10           .95         .94   .97                 .95
==========  =====  ====  ==========  ====  =========  =======  ====

With two ways, ``cluster_t`` and ``logit_t`` take the degrees of the fewer units (2 for 3 runs), so
they are about 1.4 times as wide as ``auto`` there; ``auto`` takes these only as far as the runs
make up the variance. The bootstraps of both designs are too narrow with few outer units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from foresay.counts import AnyCounts, CrossedCounts, Layout, NestedCounts
from foresay.errors import ChoiceError
from foresay.study import Choices

__all__ = [
    "AnyCounts",
    "Design",
    "DesignName",
    "OneLevel",
    "TwoLevel",
    "TwoWay",
    "design_name",
    "named_design",
    "within_tasks",
]

DesignName: TypeAlias = Literal["one-level", "two-level", "two-way"]

PLURALS: Mapping[str, str] = MappingProxyType(
    {
        "item": "prompts",
        "task": "tasks",
        "property": "properties",
        "predictor": "predictors",
        "target": "targets",
        "wording": "wordings",
        "batch": "batches",
        "sample": "repeats",
        "run": "fine-tuning runs",
        "training_seed": "fine-tuning runs",
    }
)
"""What the values of a column are called in a sentence."""


def _plural(columns: Sequence[str], words: Mapping[str, str] | None) -> str:
    """Name the units that `columns` tell apart: "prompts", "combinations of ... and ..."."""
    known = {**PLURALS, **(words or {})}
    # items are named within their task, so the two together are items
    named = [c for c in dict.fromkeys(columns) if not (c == "task" and "item" in columns)]
    said = [known.get(column, f"values of {column}") for column in named]
    return said[0] if len(said) == 1 else f"combinations of {_listed(said)}"


def _listed(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _kept(strata: Sequence[str], words: Mapping[str, str] | None) -> str:
    """Say which shares stay as they are."""
    if not strata:
        return ""
    known = {**PLURALS, **(words or {})}
    said = _listed([known.get(column, f"values of {column}") for column in dict.fromkeys(strata)])
    return f", in the same shares of {said}"


def _refuse_empty(columns: Sequence[str], what: str) -> None:
    if not columns:
        raise ChoiceError(f"{what} names no column; name at least one, such as item")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneLevel:
    """Whole clusters are drawn with replacement, within strata.

    Parameters
    ----------
    clusters : tuple of str
        Columns whose combinations are the clusters.
    strata : tuple of str
        Columns within whose combinations clusters are drawn.
    """

    clusters: tuple[str, ...]
    strata: tuple[str, ...] = ()
    name: DesignName = "one-level"

    def __post_init__(self) -> None:
        _refuse_empty(self.clusters, "cluster")

    def layout(self, cells: tuple[str, ...] = ()) -> Layout:
        """Return what the reduction does with its columns."""
        return Layout(clusters=self.clusters, strata=self.strata, cells=cells)

    def generalises_to(self, words: Mapping[str, str] | None = None) -> str:
        """Return what the interval generalises to, in words.

        Parameters
        ----------
        words : mapping of str to str, optional
            Plural of the values of a column, beside those of `PLURALS`.

        Examples
        --------
        >>> OneLevel(clusters=("task", "item")).generalises_to()
        'to other prompts of the same tasks'
        >>> OneLevel(clusters=("task",)).generalises_to()
        'to other tasks with their prompts'
        """
        units = _plural(self.clusters, words)
        if "item" in self.clusters:
            rest = tuple(c for c in self.strata if c != "task")
            return f"to other {units} of the same tasks{_kept(rest, words)}"
        own = " with their prompts" if self.clusters == ("task",) else ""
        return f"to other {units}{own}{_kept(self.strata, words)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLevel:
    """Outer clusters are drawn, then inner clusters within each drawn copy.

    Parameters
    ----------
    outer, inner : tuple of str
        Columns whose combinations are the outer clusters, and the inner ones within them.
    strata : tuple of str
        Columns within whose combinations outer clusters are drawn.

    References
    ----------
    Davison & Hinkley 1997, doi:10.1017/CBO9780511802843, section 3.8.
    """

    outer: tuple[str, ...]
    inner: tuple[str, ...]
    strata: tuple[str, ...] = ()
    name: DesignName = "two-level"

    def __post_init__(self) -> None:
        _refuse_empty(self.outer, "the outer level")
        _refuse_empty(self.inner, "the inner level")
        if set(self.inner) <= set(self.outer):
            raise ChoiceError(
                f"the inner level ({', '.join(self.inner)}) is part of the outer one "
                f"({', '.join(self.outer)}); draw something within it, such as item within task"
            )

    def layout(self, cells: tuple[str, ...] = ()) -> Layout:
        """Return what the reduction does with its columns."""
        inner = tuple(dict.fromkeys((*self.outer, *self.inner)))
        return Layout(clusters=inner, outer=self.outer, strata=self.strata, cells=cells)

    def generalises_to(self, words: Mapping[str, str] | None = None) -> str:
        """Return what the interval generalises to, in words; see `OneLevel.generalises_to`.

        Examples
        --------
        >>> TwoLevel(outer=("task",), inner=("task", "item")).generalises_to()
        'to other tasks and prompts'
        """
        inner = tuple(c for c in self.inner if c not in self.outer) or self.inner
        outer = _plural(self.outer, words)
        return f"to other {outer} and {_plural(inner, words)}{_kept(self.strata, words)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoWay:
    """Items and runs are drawn independently; a cell counts as the product of its two weights.

    Parameters
    ----------
    items, runs : tuple of str
        Columns whose combinations are the units of each way.

    References
    ----------
    Owen & Eckles 2012, doi:10.1214/12-AOAS547; with multinomial weights the pigeonhole bootstrap
    of Owen 2007, doi:10.1214/07-AOAS122.
    """

    items: tuple[str, ...]
    runs: tuple[str, ...]
    name: DesignName = "two-way"

    def __post_init__(self) -> None:
        _refuse_empty(self.items, "the first way")
        _refuse_empty(self.runs, "the second way")
        if set(self.items) >= set(self.runs):
            raise ChoiceError(
                f"two ways must differ; {', '.join(self.runs)} is part of {', '.join(self.items)}; "
                "draw it as an outer level instead"
            )

    def layout(self, cells: tuple[str, ...] = ()) -> Layout:
        """Return what the reduction does with its columns."""
        return Layout(clusters=self.items, runs=self.runs, cells=cells)

    def generalises_to(self, words: Mapping[str, str] | None = None) -> str:
        """Return what the interval generalises to, in words; see `OneLevel.generalises_to`.

        Examples
        --------
        >>> TwoWay(items=("task", "item"), runs=("training_seed",)).generalises_to()
        'to other prompts and other fine-tuning runs'
        """
        return f"to other {_plural(self.items, words)} and other {_plural(self.runs, words)}"


Design: TypeAlias = OneLevel | TwoLevel | TwoWay


def named_design(choices: Choices) -> Design:
    """Return what is drawn under some choices.

    Raises
    ------
    ChoiceError
        The levels or ways do not differ.

    Examples
    --------
    >>> named_design(Choices(cluster=["task"], within=["item"])).generalises_to()
    'to other tasks and prompts'
    """
    clusters, strata = within_tasks(choices.cluster), tuple(choices.strata)
    if choices.within:
        return TwoLevel(outer=clusters, inner=within_tasks(choices.within), strata=strata)
    if choices.crossed:
        return TwoWay(items=clusters, runs=within_tasks(choices.crossed))
    return OneLevel(clusters=clusters, strata=strata)


def within_tasks(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that name a unit; items are named within their task."""
    named = list(columns)
    if "item" in named and "task" not in named:
        named.insert(named.index("item"), "task")
    return tuple(named)


def design_name(counts: AnyCounts) -> DesignName:
    """Return which kind of design some counts belong to."""
    if isinstance(counts, NestedCounts):
        return "two-level"
    return "two-way" if isinstance(counts, CrossedCounts) else "one-level"
