"""How many repeats of each prompt buy how much precision of the resample ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresay.errors import ChoiceError, UnsupportedError

_ENOUGH, _FEWEST = 4, 3
MOST_REPEATS = 10_000
_NONE = 1e-15  # what rounding leaves of a variance of 0
_NO_SPREAD = (
    "undefined: no repeat of any item differs from another, so nothing shows how much they vary"
)


def ceiling_precision(
    answer_counts: Sequence[Sequence[int]],
    *,
    repeats: Sequence[int],
    items: Sequence[int],
    clusters: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Return the standard error of the resample ceiling for other numbers of repeats and items.

    The ceiling of an item is a U-statistic of its k repeats; by Hoeffding's decomposition its
    variance is ``4 (k - 2) / (k (k - 1)) z1 + 2 / (k (k - 1)) z2``, where
    ``z1 = sum p^3 - (sum p^2)^2`` and ``z2 = sum p^2 - (sum p^2)^2``. The means of z1, z2 and the
    variance between items are estimated without bias from the study's own repeats. Where no
    repeat of an item differs from another and no item from another, nothing shows how far they
    vary, and the errors are missing with that reason.

    Parameters
    ----------
    answer_counts : sequence of sequences of int
        For each item, how often each of its answers was given. Items with fewer than 4 repeats are
        left out; where there are not two with 4, those with 3 give bounds.
    repeats : sequence of int
        Numbers of repeats of the planned study, each at least 2.
    items : sequence of int
        Numbers of items of the planned study, each at least 1.
    clusters : sequence of int, optional
        The cluster of each item; the planned items are then clustered as these are.

    Returns
    -------
    DataFrame
        `repeats, items, replies, standard_error`; `floor`, the standard error that no number of
        repeats goes below with so many items; `share_between`, the part of the variance that is
        between items, 0..1; `least`, the lower bound of the standard error where three repeats
        leave it open (it is then the upper bound, and `floor` and `share_between` are missing),
        else the same; `design_effect`, by which
        clusters multiply the variance (1 without them); `note`.

    Raises
    ------
    UnsupportedError
        Fewer than 2 items with 3 repeats.
    ChoiceError
        A number of repeats or of items is too small, or beyond what can be meant.

    Notes
    -----
    From three repeats ``(sum p^2)^2`` cannot be estimated without bias. It lies between
    ``(mean sum p^2)^2`` and ``mean sum p^3``, which bound the error; for 2 and for 3 repeats the
    bounds meet.

    References
    ----------
    Hoeffding 1948, doi:10.1214/aoms/1177730196; Kish 1965 for the design effect.
    """
    for k in repeats:
        if not 2 <= k <= MOST_REPEATS:
            raise ChoiceError(f"a ceiling needs 2 to {MOST_REPEATS:,} repeats of an item; got {k}")
    for n in items:
        if n < 1:
            raise ChoiceError(f"a ceiling needs an item; got {n}")
    fewest, used = _usable(answer_counts)
    law = _law([np.asarray(answer_counts[i], np.int64) for i in used], whole=fewest >= _ENOUGH)
    effect = 1.0
    if clusters is not None:
        ceilings = np.array([_agreement(np.asarray(answer_counts[i], np.int64)) for i in used])
        effect = _design_effect(ceilings, np.asarray(clusters)[used])
    rows = []
    for k in repeats:
        variance, between, least = law.variances(k)
        errors = {"standard_error": variance, "floor": between, "least": least}
        still = variance <= _NONE
        if still:
            errors = dict.fromkeys(errors, float("nan"))
        share = float("nan") if still else between / variance
        if law.is_open:
            errors["floor"] = share = float("nan")
        rows += [
            {
                "repeats": int(k),
                "items": int(n),
                "replies": int(k * n),
                **{name: float(np.sqrt(effect * each / n)) for name, each in errors.items()},
                "share_between": share,
                "design_effect": effect,
                "note": _NO_SPREAD if still else law.note(k),
            }
            for n in items
        ]
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Law:
    """What items' own repeats say of their answers.

    Parameters
    ----------
    two, three : float
        Means over items of ``sum p^2`` and ``sum p^3``.
    squared, squared_least : float
        Largest and least mean of ``(sum p^2)^2``; the same where it can be estimated.
    observed : float
        Variance of the ceilings of the items.
    own : dict of int to float
        Number of repeats -> share of items that have so many.
    """

    two: float
    three: float
    squared: float
    squared_least: float
    observed: float
    own: dict[int, float]

    def variances(self, k: int) -> tuple[float, float, float]:
        """Return one item's variance, its part between items, and the least variance."""
        between = self._between(self.squared)
        least = self._between(self.squared_least) + self._within(k, self.squared_least)
        return between + self._within(k, self.squared), between, least

    @property
    def is_open(self) -> bool:
        """Whether the part between items is only known to lie between bounds."""
        return self.squared_least < self.squared

    def note(self, k: int) -> str:
        """Return what to know of the error with k repeats."""
        if k <= _FEWEST or not self.is_open:
            return ""
        return f"an upper bound: with {_FEWEST} repeats to plan from, `least` is the lower one"

    def _between(self, squared: float) -> float:
        own = sum(share * self._within(k, squared) for k, share in self.own.items())
        return max(self.observed - own, 0.0)

    def _within(self, k: int, squared: float) -> float:
        """Return the variance of an item's ceiling over its own repeats."""
        one, two = max(self.three - squared, 0.0), max(self.two - squared, 0.0)
        return (4 * (k - 2) * one + 2 * two) / (k * (k - 1))


def _usable(answer_counts: Sequence[Sequence[int]]) -> tuple[int, list[int]]:
    """Return the fewest repeats that are asked for, and which items have them."""
    totals = [sum(counts) for counts in answer_counts]
    for fewest in (_ENOUGH, _FEWEST):
        used = [place for place, total in enumerate(totals) if total >= fewest]
        if len(used) >= 2:
            return fewest, used
    raise UnsupportedError(
        f"planning repeats needs at least 2 items with {_FEWEST} repeats, better {_ENOUGH}; "
        f"there are {len(used)}"
    )


def _law(used: Sequence[NDArray[np.int64]], *, whole: bool) -> _Law:
    two, three = (float(np.mean(part)) for part in zip(*map(_moments, used), strict=True))
    sizes, times = np.unique([counts.sum() for counts in used], return_counts=True)
    observed = float(np.var([_agreement(counts) for counts in used], ddof=1))
    if whole:
        highest = least = float(np.mean([_disjoint(counts) for counts in used]))
    else:
        highest = three
        # where nothing is left between items: for 3 repeats `_within` falls as this rises
        least = min((4 * three + 2 * two) / 6 - observed, three)
    return _Law(
        two=two,
        three=three,
        squared=highest,
        squared_least=least,
        observed=observed,
        own={int(k): float(n) / len(used) for k, n in zip(sizes, times, strict=True)},
    )


def _agreement(counts: NDArray[np.int64]) -> float:
    """Return the share of pairs of an item's repeats that agree: unbiased for sum p^2."""
    return _moments(counts)[0]


def _moments(counts: NDArray[np.int64]) -> tuple[float, float]:
    """Return unbiased estimates of sum p^2 and sum p^3 from one item's repeats."""
    n = counts.astype(np.float64)
    k = float(n.sum())
    pairs = n * (n - 1)
    two = float(pairs.sum() / (k * (k - 1)))
    return two, float((pairs * (n - 2)).sum() / (k * (k - 1) * (k - 2)))


def _disjoint(counts: NDArray[np.int64]) -> float:
    """Return the share of two disjoint pairs that both agree: unbiased for (sum p^2)^2."""
    n = counts.astype(np.float64)
    k = float(n.sum())
    pairs = n * (n - 1)
    same = (pairs * (n - 2) * (n - 3)).sum()
    other = pairs.sum() ** 2 - (pairs**2).sum()
    return float((same + other) / (k * (k - 1) * (k - 2) * (k - 3)))


def _design_effect(values: NDArray[np.float64], clusters: NDArray[np.int64]) -> float:
    """Return the variance of the mean over clusters, divided by that of single items."""
    _, place = np.unique(clusters, return_inverse=True)
    count = int(place.max()) + 1
    rest = values - values.mean()
    single = float((rest**2).sum()) * len(values) / (len(values) - 1)
    if count < 2 or single == 0:
        return 1.0
    sums = np.bincount(place, weights=rest)
    return float((sums**2).sum()) * count / (count - 1) / single
