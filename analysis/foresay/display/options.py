"""The choices of an analysis in words, where a figure or a table names them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OPTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "baseline": {
            "distribution": "guessing by shares",
            "mode_insample": "mode, in-sample",
            "mode_loo": "mode, leave-one-out",
            "mode_train": "mode, train split",
            "other_model": "another model",
            "uniform": "uniform",
        },
        "compliance": {
            "bounds": "bounds",
            "count_wrong": "counted as wrong",
            "drop_either": "dropped",
            "ignore": "ignored",
            "paper": "as in the paper",
        },
        "truth": {
            "each": "each repeat",
            "first": "first repeat",
            "greedy": "greedy answer",
            "modal": "commonest repeat",
        },
        "weighting": {
            "macro": "by task and property",
            "macro_property": "by property",
            "macro_task": "by task",
            "micro": "by trial",
        },
    }
)
"""Each choice, and what its options are called."""


def option_text(choice: str, value: object) -> str:
    """Return an option in words; what a study named itself stays as it is.

    Examples
    --------
    >>> option_text("compliance", "count_wrong"), option_text("where", "informative")
    ('counted as wrong', 'informative')
    """
    return OPTIONS.get(choice, {}).get(str(value), str(value))
