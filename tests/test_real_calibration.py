"""Stated confidence of three models, read and judged with nothing but a study file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml

from foresay.figures.reliability import plot_reliability
from foresay.workbench import Workbench
from studies import REAL

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real tables are not beside the project"),
]

STUDY = {
    "study": "stated-confidence",
    "tables": {
        "trials": {
            "files": "data/processed/*/lsat_ar_test_processed.csv",
            "columns": {
                "predictor": "model",
                "target": {"value": "answer key"},
                "task": {"value": "lsat"},
                "property": {"value": "option"},
                "item": "Question ID",
                # beside `answer`, the column `Answer` is read as Answer_2
                "prediction": {"sql": "coalesce(Answer_2, '')"},
                "behaviour": "correct_answer",
                # the largest of the stated probabilities; none where none can be read
                "confidence": {"sql": "greatest(A, B, C, D, E)"},
            },
        }
    },
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder: Path = tmp_path_factory.mktemp("stated")
    path = folder / "study.yml"
    path.write_text(yaml.safe_dump(STUDY), encoding="utf-8")
    with Workbench.open(path, data=REAL / "stated-confidence") as opened:
        yield opened


@pytest.fixture(scope="module")
def found(bench: Workbench) -> pd.DataFrame:
    return bench.calibration(by=["predictor"])


@pytest.mark.parametrize(
    ("model", "accuracy", "confidence", "error", "within"),
    # of deepseek_v3 the last digit depends on how equal confidences are parted between bins
    [("gpt-4o", 0.296, 0.829, 0.533, 0.0005), ("deepseek_v3", 0.304, 0.624, 0.321, 0.002)],
)
def test_published_values(
    bench: Workbench,
    found: pd.DataFrame,
    model: str,
    accuracy: float,
    confidence: float,
    error: float,
    within: float,
) -> None:
    bins = bench.reliability(by=["predictor"]).query("part == 'bin' and predictor == @model")
    trials = bins["n_trials"]
    assert (bins["value"] * trials).sum() / trials.sum() == pytest.approx(accuracy, abs=0.0005)
    assert (bins["confidence"] * trials).sum() / trials.sum() == pytest.approx(
        confidence, abs=0.0005
    )
    own = found[found["predictor"] == model].set_index("estimand")
    for name in ("ece", "ece_equal_width"):
        assert own.loc[name, "value"] == pytest.approx(error, abs=within)


def test_all_three_are_far_from_calibrated(found: pd.DataFrame) -> None:
    errors = found[found["estimand"].isin(["calibration_l2", "ece", "miscalibration"])]
    assert len(errors) == 9
    assert (errors["null_p"] < 0.002).all()
    assert (errors["low"] > errors["null_high"]).all()


def test_replies_without_confidence_are_counted(found: pd.DataFrame) -> None:
    excluded = found.drop_duplicates("predictor").set_index("predictor")["n_excluded"]
    assert excluded.to_dict() == {"claude-sonnet-4-20250514": 47, "deepseek_v3": 0, "gpt-4o": 0}


def test_reliability_diagrams_of_three_models(bench: Workbench) -> None:
    figure = plot_reliability(bench.reliability(by=["predictor"]))
    assert figure.svg().count("gpt-4o") >= 1
    assert "n = 183, 230 and 230 trials" in figure.caption
