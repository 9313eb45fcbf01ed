"""What is taken for granted about a table because somebody says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from foresay.claims.consistency import Method
from foresay.claims.consistency.repeated_panels import ITEMS
from foresay.claims.printed import ROUNDINGS, Rounding
from foresay.errors import ChoiceError
from foresay.study import nearest

Errors = Literal["auto", "binomial", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What a table does not say itself; each opens checks that are not possible without it.

    Parameters
    ----------
    rounding : {"nearest", "half_up", "half_even", "truncation"}
        How numbers were rounded.
    interval : {"any", "normal", "logit"}
        Which intervals are printed.
    errors : {"auto", "binomial", "other"}
        Whether printed errors are those of independent items. ``auto``: they are if enough of them
        are, see `error_findings`.
    parts : int
        Parts of a point that one item can score, see `whole_count`.
    same_items : tuple of str
        Columns whose values are arms with the same items, such as ``stage``.
    same_labels : bool
        Whether rows with the same labels at different places are one measurement.
    models : tuple of str or None
        The model registry.
    promised : tuple of mapping or None
        Labels of arms that were promised.
    items : int
        Items that are taken for granted where n is not printed, see `repeated_panels`.
    """

    rounding: Rounding = "nearest"
    interval: Method = "any"
    errors: Errors = "auto"
    parts: int = 1
    same_items: tuple[str, ...] = ()
    same_labels: bool = False
    models: tuple[str, ...] | None = None
    promised: tuple[Mapping[str, str], ...] | None = None
    items: int = ITEMS

    def __post_init__(self) -> None:
        known: dict[str, list[str]] = {
            "rounding": [*ROUNDINGS],
            "interval": ["any", "normal", "logit"],
            "errors": ["auto", "binomial", "other"],
        }
        for name, values in known.items():
            said = getattr(self, name)
            if said not in values:
                raise ChoiceError(f"{name} is {said!r}; {nearest(str(said), values)}")
        for name in ("parts", "items"):
            if getattr(self, name) < 1:
                raise ChoiceError(f"{name} is {getattr(self, name)}; it has to be 1 or more")
