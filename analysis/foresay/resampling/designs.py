"""Designs: what is drawn, as data, and what an interval under each of them generalises to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from foresay.counts import Counts
from foresay.counts.crossed import CrossedCounts
from foresay.counts.nested import NestedCounts
from foresay.errors import ChoiceError

AnyCounts: TypeAlias = Counts | NestedCounts | CrossedCounts
"""Sums of a design with one level of clusters, two levels, or two crossed ones."""

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

    def generalises_to(self, words: Mapping[str, str] | None = None) -> str:
        """Return what the interval generalises to, in words; see `OneLevel.generalises_to`.

        Examples
        --------
        >>> TwoWay(items=("task", "item"), runs=("training_seed",)).generalises_to()
        'to other prompts and other fine-tuning runs'
        """
        return f"to other {_plural(self.items, words)} and other {_plural(self.runs, words)}"


Design: TypeAlias = OneLevel | TwoLevel | TwoWay


def design_name(counts: AnyCounts) -> DesignName:
    """Return which kind of design some counts belong to."""
    if isinstance(counts, NestedCounts):
        return "two-level"
    return "two-way" if isinstance(counts, CrossedCounts) else "one-level"
