"""The specifications of a grid: every combination of choices, and why some are left out.

Left out are those that the study file excludes, those that contradict themselves, those that the
tables cannot support, and those that are another one under a second name: a curve would count
them twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from foresay.comparisons.arms import comparison
from foresay.errors import ChoiceError
from foresay.estimation.relations import endings_of
from foresay.measures.kinds import Kind, Mean, Proportion
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.resampling import choose_interval
from foresay.resampling.designs import DesignName
from foresay.study import Choices, Contrast
from foresay.study.grids import WHERE, Branch, Grid, choice_of

SAME_AS = "the same as specification"
"""What the reason of a combination that is another one under a second name starts with."""

Lacking = Callable[[Measure, Choices], str]
"""Says what the tables lack for a measure under some choices; "" for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One combination.

    Parameters
    ----------
    number : int
        Its place in the grid, from 1.
    branches : mapping of str to str
        The text of its branch of each varied choice.
    choices : Choices
        All named choices.
    where : str, optional
        The condition on trials.
    published : bool
        Whether it has the study's own choices and the first condition.
    """

    number: int
    branches: Mapping[str, str]
    choices: Choices
    where: str | None
    published: bool = False

    @property
    def trials(self) -> tuple[object, ...]:
        """What decides which trials count and what they add: one reduction serves it."""
        c = self.choices
        mode = (c.baseline, c.baseline_predictor, c.ceiling, c.agreement)
        return (c.compliance, c.truth, c.temperature, *mode, self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The specifications of a grid, and the combinations that are left out with the reasons."""

    specifications: tuple[Specification, ...]
    excluded: tuple[tuple[Mapping[str, str], str], ...]

    @property
    def varied(self) -> tuple[str, ...]:
        """The varied choices, in the order of the study file."""
        listed = [s.branches for s in self.specifications] or [b for b, _ in self.excluded]
        return tuple(listed[0]) if listed else ()


def by_reason(told: Iterable[tuple[Mapping[str, str], str]]) -> list[str]:
    """Say of each reason how many combinations have it, and the branches that all of these share.

    Parameters
    ----------
    told : iterable of (mapping of str to str, str)
        The branches of a combination, and its reason.

    Examples
    --------
    >>> by_reason([({"a": "x", "b": "y"}, "no trial"), ({"a": "x", "b": "z"}, "no trial")])
    ['2 with a x: no trial']
    """
    alike: dict[str, list[Mapping[str, str]]] = {}
    for branches, reason in told:
        same = "the same as another combination" if reason.startswith(SAME_AS) else reason
        alike.setdefault(same, []).append(branches)
    lines = []
    for reason, all_branches in alike.items():
        shared = set.intersection(*(set(branches.items()) for branches in all_branches))
        named = ", ".join(f"{k} {v}" for k, v in all_branches[0].items() if (k, v) in shared)
        with_them = f" with {named}" if named else ""
        lines.append(f"{len(all_branches):,}{with_them}: {reason}")
    return lines


def planned(
    name: str, grid: Grid, contrast: Contrast | None, *, base: Choices, lacking: Lacking
) -> Plan:
    """Return the specifications of a grid in its order.

    Parameters
    ----------
    name : str
        What messages call the grid.
    grid : Grid
        The choices and rules of the study file.
    contrast : Contrast, optional
        The contrast that `grid.of` names; None where it names an estimand.
    base : Choices
        The study's own choices, for all that is not varied.
    lacking : callable
        What the tables lack.

    Raises
    ------
    ChoiceError
        An estimand is unknown, or a choice changes nothing: its branches would be copies.
    """
    kept: dict[tuple[object, ...], Specification] = {}
    excluded: list[tuple[Mapping[str, str], str]] = []
    keys: list[tuple[Mapping[str, str], tuple[object, ...]]] = []
    first = grid.choices[WHERE][0] if WHERE in grid.choices else None
    for number, combined in enumerate(grid.combinations(), start=1):
        texts = {one: branch.text for one, branch in combined.items()}
        found = _made(number, combined, base, first)
        if isinstance(found, str):
            excluded.append((texts, grid.excluded(combined) or found))
            continue
        measure = _measure(grid, contrast, found.choices)
        key = _effect(found, measure)
        keys.append((texts, key))
        reason = grid.excluded(combined) or _obstacle(name, found.choices, contrast, measure)
        reason = reason or _said(measure, lacking(measure, found.choices))
        if reason:
            excluded.append((texts, reason))
        elif key in kept:
            same = kept[key]
            kept[key] = replace(same, published=same.published or found.published)
            excluded.append((texts, f"{SAME_AS} {same.number}"))
        else:
            kept[key] = found
    _refuse_idle(name, grid, keys)
    return Plan(specifications=tuple(kept.values()), excluded=tuple(excluded))


def _made(
    number: int, combined: Mapping[str, Branch], base: Choices, first: Branch | None
) -> Specification | str:
    """Return a specification, or why its choices contradict each other."""
    changes = {k: choice_of(k, b.value) for k, b in combined.items() if k != WHERE}
    try:
        choices = Choices.model_validate({**base.model_dump(), **changes})
    except ValidationError as error:
        return "; ".join(str(one.get("ctx", {}).get("error", one["msg"])) for one in error.errors())
    branch = combined.get(WHERE)
    return Specification(
        number=number,
        branches={name: branch.text for name, branch in combined.items()},
        choices=choices,
        where=None if branch is None or branch.value is None else str(branch.value),
        published=choices == base and branch in (None, first),
    )


def _measure(grid: Grid, contrast: Contrast | None, choices: Choices) -> Measure:
    name = grid.of if contrast is None else contrast.of
    return find_measure(name, baseline=choices.baseline, ceiling=choices.ceiling)


def _obstacle(name: str, choices: Choices, contrast: Contrast | None, measure: Measure) -> str:
    """Return why a combination makes no sense; "" where it does."""
    if choices.compliance == "bounds":
        return "compliance bounds gives two bounds and no value"
    if measure.ends:
        return f"{measure.name} under ceiling {choices.ceiling} is a bracket without one value"
    kind: Kind = measure.kind
    if contrast is not None:
        kind = comparison(name, contrast, measure).tested_kind
    elif choices.cells and isinstance(kind, Proportion):
        kind = Mean()
    design: DesignName = "two-level" if choices.within else "one-level"
    design = "two-way" if choices.crossed else design
    return choose_interval(choices.interval, kind, design)[1]


def _said(measure: Measure, reason: str) -> str:
    return f"{measure.name} {reason}" if reason else ""


def _effect(found: Specification, measure: Measure) -> tuple[object, ...]:
    """Return what tells a specification from those that give the same result by definition."""
    sums = set(measure.sums)
    unused: dict[str, Any] = {"baseline": None, "ceiling": None}  # the sums say what they do
    if "other" not in endings_of(measure.sums):
        unused["baseline_predictor"] = None
    if not sums & {"items_raw", "items_answer", "items_varied"}:
        unused["agreement"] = None
    return ({**found.choices.model_dump(), **unused}.__repr__(), measure.sums, found.where)


def _refuse_idle(
    name: str, grid: Grid, keys: Sequence[tuple[Mapping[str, str], tuple[object, ...]]]
) -> None:
    """Refuse a choice that changes nothing, whatever the others are.

    Raises
    ------
    ChoiceError
        With the choice and the estimand.
    """
    for one, branches in grid.choices.items():
        alike: dict[tuple[str, ...], set[tuple[object, ...]]] = {}
        for texts, key in keys:
            rest = tuple(text for other, text in texts.items() if other != one)
            alike.setdefault(rest, set()).add(key)
        if (
            len(branches) > 1
            and len(keys) > len(alike)
            and all(len(k) == 1 for k in alike.values())
        ):
            raise ChoiceError(
                f"specifications {name}: {one} changes nothing about {grid.of}; leave it out, or "
                f"every result would count {len(branches)} times"
            )
