"""Detection: whether a report that something is there goes with its being there.

A trial has a signal or not, and a report that detects it or not. Replies that are not in the
asked form report nothing: they count as no detection, or are left out under ``drop_either``.
"""

from __future__ import annotations

import numpy as np
import scipy

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Difference, Proportion
from foresay.measures.measure import Measure

HALF = 0.5
"""What the log-linear correction adds to hits and false alarms; to their trials it adds 1."""


def hit_rate(sums: Sums) -> FloatArray:
    """Return the share of trials with a signal that are reported, shape ``(...)``, in 0..1."""
    return ratio(sums["hits"], sums["signals"])


def false_alarm_rate(sums: Sums) -> FloatArray:
    """Return the share of trials without a signal that are reported, shape ``(...)``, in 0..1."""
    return ratio(sums["false_alarms"], sums["noises"])


def d_prime(sums: Sums) -> FloatArray:
    """Return how far apart signal and noise are for the observer, shape ``(...)``.

    In standard deviations of the noise, under equal variances:
    ``z((hits + .5) / (signals + 1)) - z((false alarms + .5) / (noises + 1))``. ``nan`` where there
    are no trials of a kind.
    """
    signals, noises = sums["signals"], sums["noises"]
    there = (signals > 0) & (noises > 0)
    hit = (sums["hits"] + HALF) / (signals + 2 * HALF)
    alarm = (sums["false_alarms"] + HALF) / (noises + 2 * HALF)
    return np.where(there, scipy.special.ndtri(hit) - scipy.special.ndtri(alarm), np.nan)


def at_a_bound(sums: Sums) -> str:
    """Say which rate of a d' is 0 or 1, so that nothing but the correction keeps it finite."""
    rates = {"hit rate": hit_rate(sums), "false alarm rate": false_alarm_rate(sums)}
    extreme = [f"{name} is {float(rate):g}" for name, rate in rates.items() if rate in (0.0, 1.0)]
    if not extreme:
        return ""
    return (
        f"the {' and the '.join(extreme)}, so d' rests on the correction and has no interval; "
        "see the exact bounds of the rates"
    )


_SOURCE = "Green & Swets 1966"

HIT_RATE = Measure(
    name="hit_rate",
    title="Hit rate",
    sums=("hits", "signals"),
    estimator=hit_rate,
    kind=Proportion("hits", "signals", "hits"),
    definition="The share of the trials with a signal on which it is reported; a reply that is "
    "not in the asked form reports nothing.",
    formula=r"\frac{\text{hits}}{\text{trials with a signal}}",
    source=_SOURCE,
)

FALSE_ALARM_RATE = Measure(
    name="false_alarm_rate",
    title="False alarm rate",
    sums=("false_alarms", "noises"),
    estimator=false_alarm_rate,
    kind=Proportion("false_alarms", "noises", "false_alarms"),
    definition="The share of the trials without a signal on which one is reported all the same.",
    formula=r"\frac{\text{false alarms}}{\text{trials without a signal}}",
    source=_SOURCE,
)

D_PRIME = Measure(
    name="d_prime",
    title="d\N{PRIME}",
    sums=("hits", "signals", "false_alarms", "noises"),
    estimator=d_prime,
    kind=Difference(-np.inf, np.inf),
    definition="How far apart trials with and without a signal are for the one who reports, in "
    "standard deviations, whatever the readiness to say yes; 0 is no detection. One half is added "
    "to hits and false alarms and 1 to their trials (log-linear correction), so it is a little "
    "too near 0 with few trials. Where a rate is 0 or 1 it has no interval.",
    formula=r"\Phi^{-1}\!\left(\frac{h + 1/2}{s + 1}\right) - "
    r"\Phi^{-1}\!\left(\frac{f + 1/2}{n + 1}\right)",
    source="log-linear correction: Hautus 1995, doi:10.3758/BF03203619",
    obstacle=at_a_bound,
)

MEASURES = (HIT_RATE, FALSE_ALARM_RATE, D_PRIME)
