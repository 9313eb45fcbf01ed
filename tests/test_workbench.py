"""What a user of the Python API relies on: same inputs, same bytes; the shipped study's numbers."""

from __future__ import annotations

import gzip
import random

import pytest

import foresay
from foresay.display import csv_text
from foresay.errors import InvalidTablesError, StudyError
from foresay.workbench import Workbench
from studies import SHIPPED, answers, open_study, prediction

ESTIMANDS = ["accuracy", "baseline_mode", "advantage", "ceiling_resample", "normalized_accuracy"]


def estimated(bench):
    with bench as study:
        frame = study.estimate(
            ESTIMANDS, by=["predictor", "wording"], resamples=300, interval="bca"
        )
        return csv_text(frame.drop(columns="fingerprint"))


@pytest.fixture(scope="module")
def reference():
    return estimated(Workbench.open(SHIPPED))


def test_one_and_two_threads_give_the_same_bytes(reference):
    assert estimated(Workbench.open(SHIPPED, threads=1)) == reference
    assert estimated(Workbench.open(SHIPPED, threads=2)) == reference


def test_little_memory_gives_the_same_bytes(reference):
    assert estimated(Workbench.open(SHIPPED, memory="512MB")) == reference


def test_shuffled_rows_give_the_same_bytes(reference, tmp_path):
    import csv
    import io

    for path in SHIPPED.iterdir():
        if path.suffix == ".gz":
            text = gzip.decompress(path.read_bytes()).decode()
            header, *rows = list(csv.reader(io.StringIO(text, newline="")))
            random.Random(5).shuffle(rows)
            buffer = io.StringIO(newline="")
            csv.writer(buffer, lineterminator="\n").writerows([header, *rows])
            (tmp_path / path.name).write_bytes(gzip.compress(buffer.getvalue().encode(), mtime=0))
        elif path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    assert estimated(Workbench.open(tmp_path)) == reference


def test_an_estimate_does_not_depend_on_what_else_is_asked(reference):
    with Workbench.open(SHIPPED) as study:
        by = ["wording", "predictor"]
        alone = study.estimate("advantage", by=by, resamples=300, interval="bca")
    lines = [line for line in reference.splitlines() if line.startswith("advantage")]
    assert sorted(f"{low:.12f}" for low in alone["low"]) == sorted(
        f"{float(line.split(',')[4]):.12f}" for line in lines
    )


PLAIN = "target = 'smollm2-135m-instruct' AND prompt_style = 'plain'"
INFORMATIVE = f"{PLAIN} AND mode_share < 0.6"


@pytest.mark.parametrize(
    ("predictor", "where", "strict"),
    [
        ("smollm2-self-n100", PLAIN, 0.583),
        ("smollm2-self-n300", PLAIN, 0.626),
        ("smollm2-self-n1000", PLAIN, 0.633),
        ("gemma-cross-n100", PLAIN, 0.530),
        ("gemma-cross-n1000", PLAIN, 0.616),
        ("smollm2-shift-cross-n300", PLAIN, 0.631),
        ("smollm2-135m-instruct", PLAIN, 0.095),
        ("gemma-3-270m", PLAIN, 0.001),
        ("smollm2-self-n1000", INFORMATIVE, 0.392),
        ("gemma-cross-n1000", INFORMATIVE, 0.374),
        ("smollm2-shift-cross-n300", INFORMATIVE, 0.392),
    ],
)
def test_the_shipped_study_agrees_with_its_readme(shipped, predictor, where, strict):
    frame = shipped.estimate("accuracy", by="predictor", where=where).set_index("predictor")
    assert round(frame.loc[predictor, "value"], 3) == strict
    assert frame.loc[predictor, "n_trials"] == (839 if where == PLAIN else 479)


@pytest.mark.parametrize(("where", "baseline"), [(PLAIN, 0.584), (INFORMATIVE, 0.309)])
def test_the_mode_baseline_of_the_readme(shipped, where, baseline):
    frame = shipped.estimate("baseline_mode", by="target", where=where)
    assert frame["value"].round(3).tolist() == [baseline]


@pytest.mark.parametrize(
    ("predictor", "rate", "lenient"),
    [("smollm2-135m-instruct", 0.133, 0.274), ("gemma-3-270m", 0.017, 0.138)],
)
def test_compliance_and_lenient_accuracy_of_the_readme(shipped, predictor, rate, lenient):
    where = f"{PLAIN} AND predictor = '{predictor}'"
    assert round(shipped.estimate("compliance", where=where)["value"][0], 3) == rate
    row = shipped.estimate("accuracy", where=where, compliance="ignore").iloc[0]
    assert round(row["value"], 3) == lenient


def test_self_minus_cross_on_informative_cells_of_the_readme(shipped):
    frame = shipped.contrast("self_advantage_informative", by=["n_train"])
    row = frame[frame["n_train"] == 1000].iloc[0]
    assert round(row["value"], 3) == 0.019
    assert row["standard_error"] == pytest.approx(0.022, abs=0.002)
    assert row["low"] < 0 < row["high"]


@pytest.fixture(scope="module")
def shipped():
    with foresay.read(SHIPPED) as study:
        yield study


def test_errors_in_tables_stop_every_estimate_and_are_all_named(tmp_path):
    rows = answers("m", "i", "aa")
    rows[1]["sample"] = 0
    with open_study(
        tmp_path, {"answers": rows, "predictions": [prediction("m", "m", "i", "a")]}
    ) as study:
        assert not study.validate().ok
        with pytest.raises(InvalidTablesError, match="answers"):
            study.estimate("accuracy")


def test_exact_copies_are_dropped_where_the_study_says_so(tmp_path):
    rows = [*answers("m", "i", "ab"), *answers("m", "j", "aa")]
    said = [prediction("m", "m", item, "a") for item in "ij"]
    tables = {"answers": [*rows, *rows], "predictions": [*said, *said]}
    choices = {"duplicates": "drop_exact", "resamples": 200}
    with open_study(tmp_path, tables, choices=choices) as study:
        row = study.estimate("accuracy").iloc[0]
    assert row["n_trials"] == 2
    assert row["value"] == pytest.approx(0.75)


def test_properties_are_derived_from_responses(tmp_path):
    replies = [
        {"model": "m", "task": "t", "item": i, "sample": n, "response": text}
        for i, texts in {"i": ("Red fox", "red deer"), "j": ("blue", "Green")}.items()
        for n, text in enumerate(texts)
    ]
    said = [{**prediction("m", "m", i, "red"), "property": "first_word"} for i in "ij"]
    with open_study(
        tmp_path,
        {"responses": replies, "predictions": said},
        properties=["first_word"],
        choices={"resamples": 200},
    ) as study:
        assert study.estimate("accuracy")["value"][0] == pytest.approx(0.5)
        assert study.estimate("agreement_answer")["value"][0] == pytest.approx(0.5)
        assert study.estimate("agreement_raw")["value"][0] == 0


def test_opening_what_is_not_there_is_one_clear_message(tmp_path):
    with pytest.raises(StudyError, match="cannot read the study file"):
        foresay.read(tmp_path / "nothing.yml")
    with pytest.raises(StudyError, match="data folder"):
        foresay.read(SHIPPED, data=tmp_path / "nowhere")


def test_trend_summary_and_regression_are_asked_of_the_workbench(shipped):
    trend = shipped.trend(where="prompt_style = 'plain'")
    gap = trend[(trend["series"] == "difference") & (trend["x"] == 1000)].iloc[0]
    contrast = shipped.contrast("self_advantage").set_index("n_train").loc[1000]
    assert gap["value"] == pytest.approx(contrast["value"])
    over = shipped.summary("accuracy", by="predictor", where="n_train = 1000")
    assert len(over.effects) == 8
    assert len(over.leave_one_out) == 8  # choices, all right, counts with its exact bounds
    between = over.summary["value"].between(0.4, 0.7)
    assert between.all()
    terms = shipped.regression()
    assert "cannot be told from the other terms" in " ".join(terms["note"])


def test_a_family_is_corrected_as_it_was_declared(tmp_path):
    behaviours = [r for n in range(40) for r in answers("m", f"i{n}", "a")]
    said = [prediction("m", "m", f"i{n}", "a" if n % 5 else "b") for n in range(40)]
    said += [prediction("o", "m", f"i{n}", "a" if n % 2 else "b") for n in range(40)]
    said += [prediction("q", "m", f"i{n}", "a" if n % 3 else "b") for n in range(40)]
    arms = {"of": "accuracy", "where": "predictor = 'm'"}
    with open_study(
        tmp_path,
        {"answers": behaviours, "predictions": said},
        contrasts={
            "over_o": {**arms, "minus": "predictor = 'o'"},
            "over_q": {**arms, "minus": "predictor = 'q'"},
        },
        families={"main": {"contrasts": ["over_o", "over_q"]}},
        choices={"truth": "first", "resamples": 2000},
    ) as study:
        rows = [study.contrast(name).iloc[0] for name in ("over_o", "over_q")]
        regrouped = study.contrast("over_o", by="target").iloc[0]
    p = sorted(row["p_value"] for row in rows)
    adjusted = sorted(row["p_adjusted"] for row in rows)
    assert adjusted == pytest.approx([min(1, 2 * p[0]), max(2 * p[0], p[1])])
    assert {row["family"] for row in rows} == {"main"}
    assert "not adjusted" in regrouped["note"]
