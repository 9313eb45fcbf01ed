"""A study whose numbers are known: forty items, four predictors of one model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from foresay.claims import Ledger, check
from foresay.claims.judged import Judged
from foresay.workbench import Workbench
from studies import answers, open_study, prediction

ITEMS = 40
WRONG = {
    "m": range(4),  # 36 of 40 right, stated confidence .9
    "twin": range(1, 5),  # 36 of 40, wrong on other items
    "near": range(6),  # 34 of 40
    "n": range(30),  # 10 of 40, stated confidence .9
}
SHOTS = {"m": 1, "twin": 2, "near": 3, "n": 4}
SELF, OTHER, TWIN, NEAR = (f"predictor = '{name}'" for name in ("m", "n", "twin", "near"))


def known_study(folder: Path) -> Workbench:
    """Return the study, opened: accuracies .9, .9, .85 and .25."""
    rows = {
        "answers": [r for i in range(ITEMS) for r in answers("m", f"i{i}", ["a"])],
        "predictions": [
            prediction(
                name, "m", f"i{i}", "b" if i in wrong else "a", confidence=0.9, n_shot=SHOTS[name]
            )
            for name, wrong in WRONG.items()
            for i in range(ITEMS)
        ],
    }

    def against(second: str, **more: Any) -> dict[str, Any]:
        return {"of": "accuracy", "where": SELF, "minus": second, **more}

    return open_study(
        folder,
        rows,
        tables={
            "answers": {"files": "answers.csv"},
            "predictions": {
                "files": "predictions.csv",
                "columns": {"n_shot": {"sql": "CAST(n_shot AS INTEGER)"}},
            },
        },
        choices={"truth": "first", "resamples": 999},
        contrasts={
            "clear": against(OTHER),
            "none": against(TWIN),
            "slight": against(NEAR),
            "slight_again": against(NEAR, title="again"),
            "untested": against(OTHER, test="none"),
            "times": against(OTHER, scale="ratio"),
        },
        families={"pair": {"contrasts": ["slight", "slight_again"]}},
        trends={
            "by_shots": {
                "over": "n_shot",
                "scale": "linear",
                "series": {"all": "n_shot > 0"},
                "by": [],
            }
        },
    )


def judge(bench: Workbench, kind: str, of: str, /, **claim: Any) -> Judged:
    """Return what a study says of one claim."""
    content = {"sentence": "It is so.", "kind": kind, "of": of, **claim}
    return check(bench, ledger(one=content)).judged["one"]


def ledger(**claims: Mapping[str, Any]) -> Ledger:
    """Return a ledger of these claims."""
    return Ledger.model_validate({"claims": claims})
