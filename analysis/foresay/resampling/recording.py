"""What was computed and how, recorded for whoever asks; nothing depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from foresay.resampling.designs import AnyCounts
from foresay.resampling.explain import DrawPlan, explain_draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One estimate that was made.

    Parameters
    ----------
    interval : str
        The interval that was taken, or "none".
    path : str
        How it was computed, as `Estimate.path` says.
    plan : DrawPlan
        How replicates were drawn, or would be for an interval that needs them.
    """

    interval: str
    path: str
    plan: DrawPlan


_recording: ContextVar[list[Recorded] | None] = ContextVar("_recording", default=None)


@contextmanager
def recorded_draws() -> Iterator[list[Recorded]]:
    """Record every estimate that is made inside the block, in their order.

    Examples
    --------
    >>> import numpy as np
    >>> from foresay.counts import collapse
    >>> from foresay.measures.kinds import Proportion
    >>> from foresay.resampling import estimate, stream
    >>> counts = collapse({"match": np.arange(100) % 2, "trials": np.ones(100, int)})
    >>> with recorded_draws() as found:
    ...     made = estimate(
    ...         counts,
    ...         lambda sums: sums["match"] / sums["trials"],
    ...         kind=Proportion("match", "trials"),
    ...         interval="percentile",
    ...         rng=stream(1),
    ...     )
    >>> found[0].interval, found[0].path, found[0].plan.n_patterns
    ('percentile', 'multinomial', 2)
    """
    found: list[Recorded] = []
    token = _recording.set(found)
    try:
        yield found
    finally:
        _recording.reset(token)


def record(counts: AnyCounts, resamples: int, interval: str, path: str) -> None:
    """Note an estimate, if somebody records."""
    found = _recording.get()
    if found is not None:
        plan = explain_draws(counts, resamples, studentized=interval == "studentized")
        found.append(Recorded(interval=interval, path=path, plan=plan))
