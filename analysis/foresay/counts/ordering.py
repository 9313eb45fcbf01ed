"""One order for the values of grouping columns, whatever they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def plain(value: Any) -> object:
    """Return a Python scalar; every kind of missing value becomes None."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124
        return None
    return value.item() if isinstance(value, np.generic) else value


def order_key(value: object) -> tuple[int, float, str]:
    """Sort numbers before text before missing values."""
    if value is None:
        return (2, 0.0, "")
    if isinstance(value, (bool, int, float)):
        return (0, float(value), "")
    return (1, 0.0, str(value))
