"""A specification curve: one number under every combination of some choices, and what they share.

The trials are reduced once for each definition of what a trial is and adds (compliance, truth,
baseline, condition); clusters, weights and intervals are then made from the sums in memory.

Not evidence by itself: the combinations are not a sample of anything, so that a share of them is
no probability, and a grid can be drawn up so as to hold mostly what one would like to see. It
shows which choices a conclusion depends on; it does not say which of them is right, and leaves
out every error that all combinations share.

References
----------
Simonsohn, Simmons & Nelson 2020, doi:10.1038/s41562-020-0912-z; Steegen et al. 2016,
doi:10.1177/1745691616658637.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd

from foresay.comparisons.curve_tables import Curve, finished, outcome
from foresay.comparisons.joint_tests import Scores
from foresay.comparisons.specifications import Plan, Specification
from foresay.counts.ordering import order_key
from foresay.errors import ForesayError, UnsupportedError
from foresay.estimation.shared import Values
from foresay.resampling.designs import within_tasks
from foresay.study import Choices


class Shared(Protocol):
    """Sums that serve all specifications with the same trials."""

    def rows(self, choices: Choices) -> Iterator[tuple[Values, dict[str, Any]]]:
        """Yield each group and its row."""

    def scores(self, columns: Sequence[str], choices: Choices) -> Iterator[Scores]:
        """Yield what each cluster contributes in each group; nothing where no null is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationCurve:
    """A curve as tables.

    Parameters
    ----------
    specifications : DataFrame
        One row a specification and group: `curve`, the group's columns, `specification` (its
        number in the grid), `order` (its place by value, from 1), `published`, a column
        ``choice_...`` for each varied choice, the numbers and choices of a table of estimates,
        `p_value`, `verdict` and `reference`. A combination that failed has its reason in `note`.
    summary : DataFrame
        One row a group and quantity: `curve`, the group's columns, `quantity`, `value`, `p_value`,
        `n` (specifications that it rests on), `note`.
    importance : DataFrame
        One row a group and choice: `share`, `alone`; see `foresay.comparisons.importance`.
    excluded : DataFrame
        Combinations that were left out, with the `reason`.
    """

    specifications: pd.DataFrame
    summary: pd.DataFrame
    importance: pd.DataFrame
    excluded: pd.DataFrame


def specification_curve(
    name: str,
    plan: Plan,
    *,
    by: Sequence[str],
    read: Callable[[Specification, Sequence[str]], Shared],
    release: Callable[[], None] = lambda: None,
    reference: float,
    base: Choices,
    progress: Callable[[str], None] = lambda _: None,
) -> SpecificationCurve:
    """Compute all specifications of a plan, and what they have in common.

    Parameters
    ----------
    name : str
        What the curve is called.
    plan : Plan
        The specifications.
    by : sequence of str
        Grouping columns: one curve for each group.
    read : callable
        From a specification and the columns of all designs to the sums of its trials.
    release : callable
        Called when all specifications with the same truth and compliance are done.
    reference : float
        The value of no effect; ``nan`` where there is none, and nothing is tested then.
    base : Choices
        Seed and number of flips of the joint test.
    progress : callable
        Told what is being computed.

    Raises
    ------
    UnsupportedError
        No specification is left, or every one failed; with the reasons.
    """
    if not plan.specifications:
        reasons = "; ".join(dict.fromkeys(reason for _, reason in plan.excluded))
        raise UnsupportedError(f"specifications {name}: every combination is left out ({reasons})")
    work = _Work(plan=plan, keys=_columns(plan), flipped=_flipped(plan))
    done = 0
    for alike, last in _by_trials(plan):
        shared: Shared | None = None
        for one in alike:
            done += 1
            progress(f"specification {done} of {len(plan.specifications)}")
            try:
                shared = shared or read(one, work.keys)
                work.add(one, shared, tested=not math.isnan(reference))
            except ForesayError as error:
                work.failed[one.number] = str(error)
                if shared is None:
                    work.failed.update(dict.fromkeys((o.number for o in alike), str(error)))
                    done += len(alike) - 1
                    break
        if last:
            release()
    if not work.rows:
        reasons = "; ".join(dict.fromkeys(work.failed.values())) or "no trial is left"
        raise UnsupportedError(f"specifications {name}: every combination failed ({reasons})")
    curves = [work.curve(name, values, reference) for values in work.groups()]
    return SpecificationCurve(**finished(curves, plan, by, base))


def _by_trials(plan: Plan) -> Iterator[tuple[list[Specification], bool]]:
    """Yield specifications with the same trials; true with the last of a truth and compliance."""
    alike: dict[tuple[object, ...], dict[tuple[object, ...], list[Specification]]] = {}
    for one in plan.specifications:
        c = one.choices
        same = alike.setdefault((c.compliance, c.truth, c.temperature), {})
        same.setdefault(one.trials, []).append(one)
    for together in alike.values():
        for place, trials in enumerate(together.values(), start=1):
            yield trials, place == len(together)


def _columns(plan: Plan) -> tuple[str, ...]:
    """Return every column that a design or a weighting of some specification names."""
    named: list[str] = ["task", "item"]
    for one in plan.specifications:
        c = one.choices
        named += [*c.cluster, *c.within, *c.crossed, *c.strata, *c.cells]
    return tuple(dict.fromkeys(named))


def _flipped(plan: Plan) -> tuple[str, ...]:
    """Return the columns of the smallest clusters that all specifications keep whole."""
    kept: tuple[str, ...] | None = None
    for one in plan.specifications:
        if one.choices.crossed:
            return ()
        own = within_tasks(one.choices.cluster)
        kept = own if kept is None else tuple(c for c in kept if c in own)
    return kept or ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What was computed so far."""

    plan: Plan
    keys: tuple[str, ...]
    flipped: tuple[str, ...]
    rows: dict[Values, dict[int, dict[str, Any]]] = field(default_factory=dict)
    effects: dict[Values, dict[tuple[object, ...], Scores]] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)

    def add(self, one: Specification, shared: Shared, *, tested: bool) -> None:
        """Add the rows of a specification, and its effects where they are new."""
        for values, row in shared.rows(one.choices):
            self.rows.setdefault(values, {})[one.number] = row
        key = _effect_key(one)
        if not (tested and self.flipped) or any(key in found for found in self.effects.values()):
            return
        for found in shared.scores(self.flipped, one.choices):
            self.effects.setdefault(found.values, {})[key] = found

    def groups(self) -> list[Values]:
        """Return the groups in order, missing values last."""
        return sorted(self.rows, key=lambda values: tuple(order_key(v) for _, v in values))

    def curve(self, name: str, values: Values, reference: float) -> Curve:
        """Return what is known of one group."""
        known, effects = self.rows[values], self.effects.get(values, {})
        outcomes = [
            outcome(
                one,
                known.get(one.number),
                self.failed.get(one.number, "no trial in this group"),
                effects.get(_effect_key(one)),
                reference,
            )
            for one in self.plan.specifications
        ]
        why = "" if self.flipped else "the specifications share no clusters that could be flipped"
        return Curve(
            name=name,
            values=values,
            reference=reference,
            outcomes=tuple(outcomes),
            untestable="no value stands for no effect" if math.isnan(reference) else why,
            flipped=self.flipped,
        )


def _effect_key(one: Specification) -> tuple[object, ...]:
    """Return what an effect depends on: not on clusters, interval or level."""
    return (*one.trials, one.choices.weighting)
