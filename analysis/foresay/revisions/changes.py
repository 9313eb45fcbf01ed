"""What a request changes, named and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from foresay.display import label_of
from foresay.study import Choices
from foresay.study.requests import Change

_WHAT: Mapping[str, str] = MappingProxyType(
    {
        "compliance": "replies that are not in the asked form",
        "truth": "what a prediction is held against",
        "baseline": "the baseline",
        "ceiling": "the ceiling",
        "weighting": "weights",
        "cluster": "clusters",
        "within": "drawn again within clusters",
        "crossed": "drawn besides clusters",
        "where": "only trials with",
        "items": "items",
        "level": "confidence level",
    }
)
_OPTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "compliance": {
            "paper": "such predictions wrong, items with such behaviour excluded",
            "drop_either": "excluded",
            "count_wrong": "such predictions wrong, such behaviour used as parsed",
            "ignore": "used as parsed",
            "bounds": "from all wrong to all right",
        },
        "truth": {
            "each": "every repeat",
            "modal": "the commonest repeat",
            "first": "the first repeat",
            "greedy": "the answer at temperature 0",
        },
        "baseline": {
            "mode_loo": "the commonest answer, learnt without the item that it is scored on",
            "mode_insample": "the commonest answer, learnt from the items that it is scored on",
            "mode_train": "the commonest answer, learnt on the training split",
            "distribution": "guessing as often as the answers come",
            "uniform": "guessing every option equally often",
            "other_model": "the answers of another model",
        },
        "ceiling": {
            "resample": "running the target once more",
            "modal": "the best single answer to each item",
        },
        "weighting": {
            "micro": "every trial counts the same",
            "macro": "every task and property counts the same",
            "macro_task": "every task counts the same",
            "macro_property": "every property counts the same",
        },
    }
)
"""The options of a choice as a sentence tells them."""

_NOTHING = frozenset({"none", "all", "as in the study", "all trials of the study"})


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
    """Say what was changed, for somebody who does not know the names of choices.

    Examples
    --------
    >>> change_in_words([("truth", "each", "modal"), ("cluster", "item", "task")])
    'what a prediction is held against: the commonest repeat instead of every repeat; clusters: \
task instead of item'
    """
    if not changes:
        return "nothing was changed"
    told = []
    for name, before, after in changes:
        what = _WHAT.get(name, label_of(name).lower())
        old, new = (_OPTIONS.get(name, {}).get(v, v) for v in (before, after))
        joined = f"{what} {new}" if name == "where" else f"{what}: {new}"
        told.append(joined if before in _NOTHING else f"{joined} instead of {old}")
    return "; ".join(told)
