"""A small study whose numbers can be computed anew in a second."""

from __future__ import annotations

from typing import Any

import numpy as np

from studies import Row, answers

SETTING: dict[str, Any] = {
    "choices": {"compliance": "count_wrong", "truth": "each", "resamples": 200, "seed": 3},
    "contrasts": {
        "gap": {
            "of": "accuracy",
            "where": "role = 'self'",
            "minus": "role = 'cross'",
            "title": "Gap",
        }
    },
}


def rows(seed: int = 4, *, prefix: str = "t") -> dict[str, list[Row]]:
    """Two targets, each predicted by itself and by the other, on three tasks of ten items."""
    rng = np.random.default_rng(seed)
    given: list[Row] = []
    said: list[Row] = []
    for target in ("m", "o"):
        for number in range(30):
            task, item = f"{prefix}{number // 10}", f"{prefix}{number}"
            common = int(rng.integers(3))
            drawn = [f"y{common if rng.random() < 0.7 else rng.integers(3)}" for _ in range(3)]
            given += answers(target, item, drawn, task=task)
            for predictor in ("m", "o"):
                known = rng.random() < (0.8 if predictor == target else 0.3)
                said.append(
                    {
                        "predictor": predictor,
                        "target": target,
                        "task": task,
                        "item": item,
                        "property": "p",
                        "prediction": f"y{common if known else rng.integers(3)}",
                        "compliant": bool(rng.random() < 0.8),
                        "split": "train" if number % 10 < 3 else "held-out",
                    }
                )
    return {"answers": given, "predictions": said}
