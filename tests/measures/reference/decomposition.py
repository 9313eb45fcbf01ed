"""Write the decomposition of model-diagnostics 1.5.0 beside the data it is made of.

Run with a Python that has it: ``python tests/measures/reference/decomposition.py``. Tests read
only the output.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from model_diagnostics.scoring import HomogeneousExpectileScore, LogLoss, decompose

FOLDER = Path(__file__).parent


def cases() -> dict[str, dict[str, list[float]]]:
    """Return small data sets: distinct confidences, tied ones, the ends of the scale."""
    rng = np.random.default_rng(20261122)
    smooth = np.round(rng.beta(2, 1, 60), 3)
    tied = rng.choice([0.5, 0.6, 0.8, 0.9, 0.95], 80)
    ends = rng.choice([0.0, 0.25, 0.75, 1.0], 50)
    return {
        name: {
            "confidence": f.tolist(),
            "right": (rng.random(len(f)) < power(f)).astype(float).tolist(),
        }
        for name, f, power in (
            ("smooth", smooth, lambda f: f**2),
            ("tied", tied, lambda f: f - 0.2),
            ("ends", ends, lambda f: 0.2 + 0.6 * f),
        )
    }


def main() -> None:
    """Write the file."""
    score = HomogeneousExpectileScore(degree=2, level=0.5)  # the squared error
    found = {"version": version("model-diagnostics"), "log_loss_of": "smooth", "cases": {}}
    for name, data in cases().items():
        right, confidence = np.array(data["right"]), np.array(data["confidence"])
        parts = decompose(y_obs=right, y_pred=confidence, scoring_function=score, functional="mean")
        found["cases"][name] = {
            **data,
            **{key: float(parts[key][0]) for key in parts.columns},
        }
    smooth = found["cases"]["smooth"]
    inside = np.clip(smooth["confidence"], 5e-4, 1 - 5e-4)
    found["log_loss"] = float(LogLoss()(y_obs=np.array(smooth["right"]), y_pred=inside))
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    (FOLDER / "decomposition.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
