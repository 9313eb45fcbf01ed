"""Arguments that may be given in more than one form."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: str | Sequence[str]) -> list[str]:
    """Return names each once; a text holds them with commas."""
    if isinstance(names, str):
        names = [part.strip() for part in names.split(",") if part.strip()]
    return list(dict.fromkeys(names))


def both(first: str | None, second: str | None) -> str | None:
    """Return two conditions as one."""
    if first and second:
        return f"({first}) AND ({second})"
    return first or second
