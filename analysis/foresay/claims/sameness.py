"""Whether a cell of the study is the value that a claim names."""

from __future__ import annotations

import math
from typing import Any

from foresay.claims.claim import Scalar


def is_value(column: Any, value: Scalar) -> Any:
    """Return the condition that an Ibis column is a value; numbers of text are compared as text."""
    if isinstance(value, str) or column.type().is_string():
        return column.cast("string") == str(value)
    return column.cast("float64") == float(value)


def same(cell: object, value: object) -> bool:
    """Whether a cell of a result is a value, as text where either is text."""
    if isinstance(cell, str) or isinstance(value, str):
        return str(cell) == str(value)
    try:
        return math.isclose(float(cell), float(value), rel_tol=1e-12)  # type: ignore[arg-type]  # cells of numbers
    except (TypeError, ValueError):
        return cell == value
