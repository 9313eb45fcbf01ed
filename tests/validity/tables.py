"""Markdown: tables, and numbers as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence

MISSING = "\N{EN DASH}"


def share(value: float, digits: int = 3) -> str:
    """Return a number in 0..1 without its leading zero: ``.947``, ``1.000``."""
    said = f"{value:.{digits}f}"
    return said.removeprefix("0") if said.startswith("0.") else said


def table(head: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    """Return a Markdown table whose first columns are text and whose others are numbers."""
    rule = [":--" if j < text_columns else "--:" for j in range(len(head))]
    lines = [head, rule, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence has them."""
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its word: ``1 cell``, ``2 cells``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
