"""An estimate of a published table, with everything that is printed about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from foresay.claims.printed import Printed

Kind = Literal["count share", "proportion", "difference", "other"]
"""What an estimand can be: ``count share`` is a number of items over their number n."""

_NO_COUNT = re.compile(r"distribution|uniform|ceiling|macro|weighted|normali[sz]ed")
_DIFFERENCE = re.compile(r"advantage|differ|\bgain|delta|Δ|projection")
_COUNT = re.compile(
    r"accura|\bacc\b|complian|refus|match|hit.?rate|false.?alarm|\bmode\b|baseline.?mode|mode.?baseline"
    r"|correct|success|error.?rate"
)
_PROPORTION = re.compile(
    r"distribution|uniform|ceiling|share|rate\b|agree|probab|\bmad\b|\bece\b|brier|baseline"
)
NORMAL = 1.959963984540054
"""97.5 % quantile of a normal law."""

_CONTRASTS = frozenset({"quantity", "contrast", "comparison", "hypothesis", "term", "effect"})
_PLAIN = frozenset({"", "value", "estimate", "point", "arm", "level"})
_WEIGHTED = re.compile(r"weights|weighted|macro")


def kind_of(estimand: str, labels: tuple[tuple[str, str], ...] = ()) -> Kind:
    """Return what an estimand can be, from its name.

    Parameters
    ----------
    estimand : str
        As the table says it; "" for none.
    labels : tuple of (str, str)
        Columns and cells of the row. One that says the row is a contrast (``quantity`` is
        ``slope``) makes it ``other``; one that says it is weighted makes it no count.

    Notes
    -----
    A mean over cells (``macro``) is a proportion, but no count over n.

    Examples
    --------
    >>> kind_of("accuracy"), kind_of("mode baseline"), kind_of("MAD of calibration")
    ('count share', 'count share', 'proportion')
    >>> kind_of("self advantage"), kind_of("entropy")
    ('difference', 'other')
    """
    name = estimand.replace("_", " ").lower()
    if any(column.lower() in _CONTRASTS and cell not in _PLAIN for column, cell in labels):
        return "other"
    if _DIFFERENCE.search(name):
        return "difference"
    if _COUNT.search(name):
        weighted = any(_WEIGHTED.search(cell) for _, cell in labels)
        return "proportion" if weighted or _NO_COUNT.search(name) else "count share"
    return "proportion" if _PROPORTION.search(name) else "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One estimate of a table.

    Parameters
    ----------
    id : str
        Names the row; unique in the table.
    row : int
        Line of the table, the first below the head is 1.
    estimand : str
        What it estimates, as the table says it; "" where it does not.
    kind : {"count share", "proportion", "difference", "other"}
        What the estimand can be.
    labels : tuple of (str, str)
        What it is the estimate of: column and cell, in the order of the columns.
    place : str
        Where it is printed, such as ``Figure 4``; "" where not stated.
    value : Printed
        The estimate.
    low, high : Printed or None
        Its interval.
    error : Printed or None
        Its standard error times `multiple`.
    multiple : float or None
        1 for a standard error, 1.96 for a half-width that says so; None for a half-width that
        does not say what it is.
    n : int or None
        Number of items.
    rows : tuple of str
        Ids of all rows that it was put together from.
    column : str
        Column of the table that it stands in.
    printed_n : Printed or None
        What is printed for n, also where it is no number of items.
    n_from : str
        Where n stands; "" where it is not printed.
    """

    id: str
    row: int
    value: Printed
    estimand: str = ""
    kind: Kind = "other"
    labels: tuple[tuple[str, str], ...] = ()
    place: str = ""
    low: Printed | None = None
    high: Printed | None = None
    error: Printed | None = None
    multiple: float | None = None
    n: int | None = None
    rows: tuple[str, ...] = ()
    column: str = ""
    printed_n: Printed | None = None
    n_from: str = ""

    @property
    def standard_error(self) -> float | None:
        """That of its printed interval, taken for a normal one of 95 %, else the printed error."""
        if self.low is not None and self.high is not None:
            width = self.high.value - self.low.value
            if width > 0:
                return width / (2 * NORMAL)
        if self.error is not None and self.multiple is not None and self.error.value > 0:
            return self.error.value / self.multiple
        return None

    @property
    def least_standard_error(self) -> float | None:
        """The smallest that the printed interval or error can stand for; None where it may be 0."""
        standard = self.standard_error
        if standard is None:
            return None
        if self.low is not None and self.high is not None and self.high.value > self.low.value:
            rounding = float(self.low.step + self.high.step) / (4 * NORMAL)
        else:
            rounding = float(self.error.step) / (2 * (self.multiple or 1)) if self.error else 0.0
        return standard - rounding if standard > rounding else None

    def label(self, column: str) -> str:
        """Return the cell of a label column; "" where there is none."""
        return dict(self.labels).get(column, "")
