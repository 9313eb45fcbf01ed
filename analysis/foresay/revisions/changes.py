"""What a request changes, named and in words."""

from __future__ import annotations

from collections.abc import Sequence

from foresay.study import Choices
from foresay.study.requests import Change


def changes_of(base: Choices, choices: Choices, change: Change) -> list[tuple[str, str, str]]:
    """Name what a change replaces, with before and after."""
    old, new = base.model_dump(mode="json"), choices.model_dump(mode="json")
    told = [(name, _said(old[name]), _said(new[name])) for name in old if old[name] != new[name]]
    if change.where:
        told.append(("where", "all trials of the study", change.where))
    if change.without_items:
        told.append(("items", "all", f"without {', '.join(change.without_items)}"))
    told += [(f"table {n}", "as in the study", ", ".join(f)) for n, f in change.tables.items()]
    return told + [("contrast", "none", n) for n in change.contrasts]


def _said(value: object) -> str:
    """Return the value of a choice as text."""
    if isinstance(value, list):
        return "+".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


def change_in_words(changes: Sequence[tuple[str, str, str]]) -> str:
    """Say what was changed.

    Examples
    --------
    >>> change_in_words([("compliance", "count_wrong", "ignore")])
    'compliance: ignore instead of count_wrong'
    """
    if not changes:
        return "nothing was changed"
    return "; ".join(
        f"{name}: {after}"
        if before in {"none", "all", "as in the study", "all trials of the study"}
        else f"{name}: {after} instead of {before}"
        for name, before, after in changes
    )
