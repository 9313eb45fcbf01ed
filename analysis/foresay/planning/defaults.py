"""What is planned where nothing is named: sizes like the study's own, effects that it may find."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foresay.planning.answers import Answered
from foresay.planning.detectable import about_detectable
from foresay.planning.from_study import Planned

SHARES = (0.5, 1.0, 2.0, 4.0)
"""Sizes of planned studies, in multiples of the study's own."""
REPEATS = (2, 3, 5, 10, 20)
"""Numbers of repeats."""


def default_clusters(each: Planned) -> list[int]:
    """Return half, once, twice and four times the study's clusters."""
    return _multiples(each.counts.n_clusters, 2)


def default_items(each: Answered) -> list[int]:
    """Return half, once, twice and four times the study's items."""
    return _multiples(len(each.counts), 1)


def default_effects(planned: Sequence[Planned], wanted: float, level: float) -> list[float]:
    """Return round effects around the one that the study's own size finds, in closed form."""
    found = []
    for each in planned:
        if each.undefined or each.counts.n_clusters < 2:
            continue
        guess = about_detectable(
            each.counts,
            each.estimator,
            clusters=each.counts.n_clusters,
            scale=each.scale,
            wanted=wanted,
            level=level,
        )
        if np.isfinite(guess) and guess > each.scale.none:
            found.append(guess - each.scale.none)
    if not found:
        return [0.05]
    none = planned[0].scale.none
    step = _round_number(float(np.median(found)) / 2)
    return [round(none + step * times, 12) for times in (1, 2, 3, 4)]


def _round_number(value: float) -> float:
    """Return the number of the form 1, 2 or 5 times a power of ten that is nearest in logarithm."""
    power_of_ten = 10.0 ** np.floor(np.log10(value))
    choices = np.array([1.0, 2.0, 5.0, 10.0]) * power_of_ten
    return float(choices[np.argmin(np.abs(np.log(choices / value)))])


def _multiples(own: int, least: int) -> list[int]:
    return list(dict.fromkeys(max(least, round(own * share)) for share in SHARES))
