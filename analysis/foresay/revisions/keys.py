"""What rows of two tables are known by: the text of their cells."""

from __future__ import annotations

from collections.abc import Sequence

from foresay.display import is_missing


def text_key(values: Sequence[object]) -> tuple[str, ...]:
    """Return what a row is known by: its values as text, whatever their type.

    Examples
    --------
    >>> text_key(["m", 100.0, 100, None, float("nan")])
    ('m', '100', '100', '', '')
    """
    return tuple(cell_key(value) for value in values)


def cell_key(value: object) -> str:
    """Return one cell as text; "" where it is missing."""
    if is_missing(value):
        return ""
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
