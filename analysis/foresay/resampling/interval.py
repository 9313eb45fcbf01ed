"""Interval: two bounds, what they are called, and what there is to say about them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One interval with its standard error.

    Parameters
    ----------
    low, high : float
        Bounds; ``nan`` where the interval is undefined.
    standard_error : float
        Standard error; ``nan`` where it would be 0 or is undefined.
    name : str
        The interval that was really used, or "none".
    notes : tuple of str
        Reasons and warnings.
    """

    low: float = float("nan")
    high: float = float("nan")
    standard_error: float = float("nan")
    name: str = "none"
    notes: tuple[str, ...] = ()
