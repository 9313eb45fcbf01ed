"""The nearest known name, for messages."""

from __future__ import annotations

import difflib


def nearest(name: str, known: list[str]) -> str:
    """Return a hint that names the nearest known name, or lists them (the first twenty)."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    if not known:
        return "there are none"
    more = f" and {len(known) - 20} more" if len(known) > 20 else ""
    return f"known: {', '.join(known[:20])}{more}"
