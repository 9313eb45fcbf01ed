"""Other people's real tables, analysed with nothing but a study file."""

from __future__ import annotations

import tarfile

import pytest
import yaml

from foresay.workbench import Workbench
from studies import REAL

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real tables are not beside the project"),
]

TEMPERATURE = {
    "study": "temperature-self-report",
    "title": "Do models know the temperature they ran at?",
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
                "compliant": {"sql": "upper(trim(predicted_temperature, ' .')) IN ('HIGH', 'LOW')"},
                "temperature": "predictor_temperature",
                "exact": {"sql": "predicted_temperature IN ('HIGH', 'LOW')"},
            },
        }
    },
    "choices": {"compliance": "count_wrong", "baseline": "mode_insample"},
}


def opened(folder, study, data):
    path = folder / "study.yml"
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    return Workbench.open(path, data=data)


@pytest.fixture(scope="module")
def temperature(tmp_path_factory):
    folder = tmp_path_factory.mktemp("temperature")
    with opened(folder, TEMPERATURE, REAL / "temperature-self-report") as study:
        yield study


def test_the_matrix_of_temperature_reports_is_a_clean_null_result(temperature):
    frame = temperature.estimate(["accuracy", "baseline_mode"], by=["predictor", "target"])
    accuracy = frame[frame["estimand"] == "accuracy"]
    baseline = frame[frame["estimand"] == "baseline_mode"]
    assert len(accuracy) == len(baseline) == 16
    assert round(accuracy["value"].min(), 3) == 0.477
    assert round(accuracy["value"].max(), 3) == 0.526
    assert round(baseline["value"].min(), 3) == 0.524
    assert round(baseline["value"].max(), 3) == 0.639
    assert accuracy["n_trials"].sum() == 8524


def test_what_the_label_clean_up_changed_is_visible(temperature):
    """Cleaned labels comply nearly always; exact ones in half to three quarters of GPT replies."""
    cleaned = temperature.estimate("compliance", by="predictor").set_index("predictor")["value"]
    assert cleaned.between(0.995, 1).all()
    uncleaned = {**TEMPERATURE, "tables": {"trials": {**TEMPERATURE["tables"]["trials"]}}}
    columns = dict(uncleaned["tables"]["trials"]["columns"])
    columns["compliant"] = columns.pop("exact")
    uncleaned["tables"]["trials"]["columns"] = columns
    with opened(temperature.path.parent, uncleaned, temperature.root) as study:
        exact = study.estimate("compliance", by="predictor").set_index("predictor")["value"]
    gpt = exact[exact.index.str.startswith("gpt")]
    assert gpt.between(0.49, 0.74).all()
    assert (exact[exact.index.str.startswith("gemini")] > 0.99).all()


def test_the_broken_rows_of_the_self_reports_are_named(tmp_path):
    study = {
        "study": "selfref",
        "tables": {
            "trials": {
                "files": "selfref_data/*.csv",
                "columns": {
                    "predictor": "model_name",
                    "target": "model_name",
                    "task": {"value": "temperature"},
                    "property": {"value": "level"},
                    "item": {
                        "sql": "concat_ws('-', subject, prompt_type, temperature, num_of_runs)"
                    },
                    "prediction": {"sql": "upper(trim(predicted_temperature, ' .'))"},
                    "behaviour": {"sql": "CASE WHEN temperature > 1 THEN 'HIGH' ELSE 'LOW' END"},
                    "temperature": {"value": 0},
                },
            }
        },
    }
    with opened(tmp_path, study, REAL / "temperature-self-report") as bench:
        broken = [p for p in bench.validate().of("error") if "header" in p.rule]
        assert [p.file for p in broken] == ["selfref_data/gpt-4o-2024-08-06_responses.csv"]
        assert [e.row for e in broken[0].examples] == [2591, 2602]
    study["tables"]["trials"]["broken_rows"] = "drop"
    with opened(tmp_path, study, REAL / "temperature-self-report") as bench:
        frame = bench.estimate("accuracy", by="predictor")
    assert frame["n_trials"].tolist() == [567, 567, 567, 566]


PUBLISHED = {
    "navigate": 0.600,
    "college_mathematics": 0.450,
    "high_school_european_history": 0.927,
    "logical_deduction": 0.892,
    "professional_accounting": 0.638,
    "public_relations": 0.773,
    "ruin_names": 0.916,
}


@pytest.fixture(scope="module")
def stability(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stability")
    archive = REAL / "llm-stability" / "experiments" / "strict_json_schema" / "runs.tgz"
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    source = {
        "files": "runs/*/*.csv",
        "pattern": r"-0\.0-(?P<task_of_file>\w+)-few-(?P<run_of_file>\d+)\.csv$",
    }
    columns = {
        "task": "task_of_file",
        "item": {"sql": "_row"},
        "sample": "run_of_file",
        "temperature": {"value": 0},
    }
    answer = "CASE WHEN json_valid(response) THEN json_extract_string(response, '$.Answer') END"
    study = {
        "study": "llm-stability",
        "tables": {
            "responses": {**source, "columns": columns},
            "answers": {
                **source,
                "columns": {**columns, "property": {"value": "answer"}, "answer": {"sql": answer}},
            },
        },
    }
    with opened(folder, study, folder) as bench:
        yield bench


def test_agreement_of_repeats_equals_the_published_values(stability):
    frame = stability.estimate("agreement_raw", by="task").set_index("task")
    assert {task: round(v, 3) for task, v in frame["value"].items()} == PUBLISHED
    assert frame.loc["college_mathematics", "n_items"] == 100


def test_agreement_of_answers_depends_on_the_parse(stability):
    """A parse of the JSON field gives .45 for college mathematics, where the authors print .47."""
    frame = stability.estimate("agreement_answer", by="task").set_index("task")
    assert round(frame.loc["college_mathematics", "value"], 2) == 0.45


def test_the_resample_ceiling_has_an_interval_below_one(stability):
    frame = stability.estimate("ceiling_resample", by="task").set_index("task")
    assert frame["value"].between(0.6, 0.97).all()
    assert (frame["low"] < frame["value"]).all()
    assert (frame["value"] < frame["high"]).all()
    assert (frame["high"] < 1).all()
    # two of five runs agree at least as often as all five do
    raw = stability.estimate("agreement_answer", by="task").set_index("task")["value"]
    assert (frame["value"] >= raw).all()


def test_ceilings_of_seven_tasks_with_their_brackets(stability):
    names = ["ceiling_resample", "ceiling_modal_lower", "ceiling_modal_upper", "ceiling_modal"]
    frame = stability.estimate(names, by="task")
    parts = {name: frame[frame["estimand"] == name].set_index("task") for name in names}
    assert all(set(part.index) == set(PUBLISHED) for part in parts.values())
    low, high = (parts[f"ceiling_modal_{end}"] for end in ("lower", "upper"))
    assert (low["value"] <= high["value"]).all()
    assert (parts["ceiling_resample"]["value"] <= high["value"]).all()
    bracket = parts["ceiling_modal"]
    assert bracket["value"].isna().all()
    assert (bracket["low"] < low["value"]).all()
    assert (bracket["high"] > high["value"]).all()


def test_the_mean_modal_share_is_the_known_one_and_falls_with_more_repeats(stability):
    frame = stability.ceiling_by_k(by=["task"])
    share = frame[frame["estimand"] == "plug_in_modal"].pivot_table("value", "task", "repeats")
    assert round(share[5].min(), 3) == 0.794
    assert round(share[5].max(), 3) == 0.981
    assert (share[2] > share[5]).all()


def test_agreement_by_n_ends_at_the_published_values(stability):
    frame = stability.agreement_by_n(by=["task"])
    raw = frame[frame["estimand"] == "agreement_raw"].pivot_table("value", "task", "repeats")
    assert raw[5].round(3).to_dict() == PUBLISHED
    for n in (2, 3, 4):
        assert (raw[n] > raw[n + 1]).all()
