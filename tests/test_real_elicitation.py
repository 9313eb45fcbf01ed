"""Other people's real tables: accuracy by shots, detection of temperature."""

from __future__ import annotations

import json

import numpy as np
import pytest
import yaml

from foresay.figures import plot_trend
from foresay.workbench import Workbench
from studies import REAL, open_study

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real tables are not beside the project"),
]

SHOTS = {0: 0.32, 4: 0.26, 8: 0.22, 16: 0.26, 32: 0.26, 64: 0.30, 100: 0.32}
WORDS = {"first_word": 0, "second_word": 1, "third_word": 2}
CHARACTERS = {"first_character": 0, "second_character": 1, "third_character": 2}


def extracted(row):
    """A crude reading of a reply's property, as good as the one behind the published values."""
    text, name = row["response"].strip(), row["behavioral_property"]
    if name in WORDS:
        words = text.split()
        return words[WORDS[name]] if len(words) > WORDS[name] else ""
    if name in CHARACTERS:
        return text[CHARACTERS[name] : CHARACTERS[name] + 1]
    if name == "starts_with_vowel":
        return str(text[:1].lower() in "aeiou").lower()
    return str(text in name.removeprefix("among_").upper().split("_OR_")).lower()


@pytest.fixture(scope="module")
def shots(tmp_path_factory):
    folder = REAL / "introspection-icl/data/processed/responses/gpt-4o/test"
    behaviours = json.loads((folder / "original.json").read_text(encoding="utf-8"))
    rows = []
    for n in SHOTS:
        said = json.loads((folder / f"hypothetical_{n}shot.json").read_text(encoding="utf-8"))
        for i, (does, says) in enumerate(zip(behaviours, said, strict=False)):
            rows.append(
                {
                    "predictor": "gpt-4o",
                    "target": "gpt-4o",
                    "task": "next",
                    "item": f"{i:02d}",
                    "property": does["behavioral_property"],
                    "prediction": says["response"].strip().lower() or "-",
                    "behaviour": extracted(does).lower() or "--",
                    "n_shot": n,
                }
            )
    tables = {"trials": {"files": "trials.csv", "conditions": ["n_shot"]}}
    with open_study(tmp_path_factory.mktemp("shots"), {"trials": rows}, tables=tables) as study:
        yield study


def test_accuracy_by_shots_is_what_was_published_and_can_tell_nothing_apart(shots):
    table = shots.trend("shots", by=[])
    points = table[(table["series"] == "self") & (table["quantity"] == "point")]
    found = dict(zip(points["x"].astype(int), points["value"], strict=True))
    assert found == pytest.approx(SHOTS, abs=0.045)
    assert (points["n_items"] == 50).all()
    assert (points["high"] - points["low"]).min() > 0.2
    slope = table[(table["series"] == "self") & (table["quantity"] == "slope")].iloc[0]
    assert slope["low"] < 0 < slope["high"]
    assert "without a logarithm" in slope["note"]


def test_the_arm_that_nobody_asked_is_drawn_as_missing(shots):
    figure = plot_trend(shots.compare("shots", by=[]))
    assert "Not in these tables: cross" in figure.caption
    assert "no data" in figure.vega_lite()


def test_no_model_detects_the_temperature_of_another(tmp_path):
    high = "upper(trim(predicted_temperature, ' .')) = 'HIGH'"
    study = {
        "study": "temperature",
        "tables": {
            "trials": {
                "files": ["temppred_data/*.csv"],
                "columns": {
                    "predictor": "predictor_model",
                    "target": "predicted_model",
                    "task": {"value": "temperature"},
                    "property": {"value": "level"},
                    "item": {"sql": "concat_ws('-', subject, prompt_type, temperature, run_id)"},
                    "prediction": {"sql": "upper(trim(predicted_temperature, ' .'))"},
                    "behaviour": {"sql": "CASE WHEN temperature > 1.0 THEN 'HIGH' ELSE 'LOW' END"},
                    "temperature": "predictor_temperature",
                    "signal": {"sql": "temperature > 1.0"},
                    "detected": {"sql": high},
                },
            }
        },
        "choices": {"compliance": "count_wrong"},
    }
    path = tmp_path / "study.yml"
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    with Workbench.open(path, data=REAL / "temperature-self-report") as bench:
        table = bench.estimate(
            ["hit_rate", "false_alarm_rate", "d_prime"], by=["predictor", "target"]
        )
    wide = table.pivot_table(index=["predictor", "target"], columns="estimand", values="value")
    assert len(wide) == 16
    # hits minus false alarms are about twice the accuracy over one half, which is .477 to .526
    assert (wide["hit_rate"] - wide["false_alarm_rate"]).abs().max() < 0.12
    primes = table[table["estimand"] == "d_prime"]
    held = primes["low"].isna() | ((primes["low"] < 0) & (primes["high"] > 0))
    assert held.sum() >= 14
    assert np.isfinite(primes["value"]).all()
