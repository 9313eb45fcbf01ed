"""What is shown by the number of repeats: columns of items, and the measures over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np

from foresay.counts import Estimator, FloatArray, Sums, ratio
from foresay.measures.ceilings import POWERS
from foresay.measures.kinds import Difference, Proportion
from foresay.measures.measure import Measure
from foresay.trials.ceilings import in_units
from foresay.trials.profiles import LARGEST_HALF, Profile, agree, largest, same

Shown = list[tuple[int, Measure]]
"""Measures with the number of repeats that each row shows."""
Column = tuple[str, int, Callable[[Profile], Fraction]]
"""A column, the fewest repeats for which it is defined, and what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is computed of each profile, and shown of each group.

    Parameters
    ----------
    listed : sequence of Column
        Columns of an item.
    shown : callable
        From the most repeats of a group to its measures.
    """

    listed: Sequence[Column]
    shown: Callable[[int], Shown]

    def columns(self, profile: Profile) -> dict[str, int | None]:
        """Return the columns of a profile, missing where it has too few repeats."""
        size = sum(profile)
        return {
            name: in_units(share(profile)) if size >= least else None
            for name, least, share in self.listed
        }


def ceilings(repeats: Sequence[int]) -> Plan:
    """Return the plan of `foresay.estimation.by_repeats.ceiling_by_k`."""
    powers = [j for j in POWERS if j <= max(repeats)]
    modes = sorted({*(k for k in repeats if k <= LARGEST_HALF), 1})
    listed: list[Column] = [("share_u", 2, partial(same, n=2))]
    listed += [(f"share_s{j}", j, partial(same, n=j)) for j in powers]
    listed += [(f"share_max{k}", k, partial(largest, n=k)) for k in repeats]
    listed += [(f"share_loo{k}", k, partial(agree, first=k - 1, second=1)) for k in repeats]
    listed += [(f"share_hit{n}", n + 1, partial(agree, first=n, second=1)) for n in modes]
    listed += [(f"share_modes{n}", 2 * n, partial(agree, first=n, second=n)) for n in modes]

    def upper(k: int) -> Measure:
        sums = [f"share_max{k}", *(f"share_s{j}" for j in powers if j <= k), "rows"]
        return _measure("ceiling_modal_upper", "Modal ceiling, upper end", sums, _upper(sums))

    def plug(k: int) -> Measure:
        sums = ("share_u", "rows")
        return _measure("plug_in_resample", "Plug-in, squared shares", sums, _plug(k))

    def shown(most: int) -> Shown:
        there = [k for k in repeats if k <= most]
        low, high = "Modal ceiling, lower end", "Plug-in, commonest share"
        return [
            *((k, _mean("ceiling_resample", "share_u", "Resample ceiling")) for k in there),
            *((k, plug(k)) for k in there),
            *((k, _mean("ceiling_modal_lower", f"share_loo{k}", low)) for k in there),
            *((k, upper(k)) for k in there),
            *((k, _mean("plug_in_modal", f"share_max{k}", high)) for k in there),
            *((n, _mean("run_hits_mode", f"share_hit{n}", "Run hits")) for n in modes if n < most),
            *(
                (n, _mean("modes_agree", f"share_modes{n}", "Agree"))
                for n in modes
                if 2 * n <= most
            ),
        ]

    return Plan(listed=listed, shown=shown)


def agreement(measure: Measure, repeats: Sequence[int]) -> Plan:
    """Return the plan of `foresay.estimation.by_repeats.agreement_by_n` for one measure."""

    def shown(most: int) -> Shown:
        return [
            (n, _mean(measure.name, f"share_same{n}", measure.title)) for n in repeats if n <= most
        ]

    return Plan(
        listed=[(f"share_same{n}", n, partial(same, n=n)) for n in repeats],
        shown=shown,
    )


def _mean(name: str, column: str, title: str) -> Measure:
    def estimator(sums: Sums) -> FloatArray:
        return ratio(sums[column], sums["rows"])

    return _measure(name, title, (column, "rows"), estimator, Proportion(column, "rows"))


def _measure(
    name: str,
    title: str,
    sums: Sequence[str],
    estimator: Estimator,
    kind: Proportion | Difference | None = None,
) -> Measure:
    return Measure(
        name=name,
        title=title,
        sums=tuple(sums),
        estimator=estimator,
        kind=kind or Difference(low=0.0, high=1.0),
        definition=f"{title}.",
        formula="",
        counted="rows",
    )


def _plug(k: int) -> Estimator:
    def estimator(sums: Sums) -> FloatArray:
        return 1 / k + (1 - 1 / k) * ratio(sums["share_u"], sums["rows"])

    return estimator


def _upper(names: Sequence[str]) -> Estimator:
    roots = {name: int(name.removeprefix("share_s")) for name in names if "share_s" in name}

    def estimator(sums: Sums) -> FloatArray:
        ends = [ratio(sums[names[0]], sums["rows"])]
        ends += [ratio(sums[name], sums["rows"]) ** (1 / j) for name, j in roots.items()]
        return np.asarray(np.minimum.reduce(ends))

    return estimator
