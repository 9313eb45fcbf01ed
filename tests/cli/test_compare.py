from __future__ import annotations

import json

import pandas as pd
import pytest

from studies import answers, prediction, write_study

LEVELS = {"m": 0, "m100": 100, "m200": 200, "n": 0, "n100": 100, "n200": 200}
NAMED = ("self_advantage", "two_way", "over_tasks", "scaling")


@pytest.fixture
def trained(tmp_path):
    """Self and cross at three levels of training, two tasks; one of them has markup in its name."""
    tasks = ("t", "<b>t</b>")
    models = [
        {"model": name, "base": name[0], "n_train": n, "stage": "base"}
        | ({"stage": "self-trained", "trained_on": "m"} if name[0] == "m" and n else {})
        | ({"stage": "cross-trained", "trained_on": "m"} if name[0] == "n" and n else {})
        for name, n in LEVELS.items()
    ]
    tables = {
        "models": models,
        "answers": [
            r for t in tasks for i in range(12) for r in answers("m", f"i{i}", ["a"], task=t)
        ],
        "predictions": [
            prediction(p, "m", f"i{i}", "ba"[(i * 7 + k * 3 + j * 5) % 11 < 4 + n // 100], task=t)
            for k, t in enumerate(tasks)
            for j, (p, n) in enumerate(LEVELS.items())
            for i in range(12)
        ],
    }
    arms = [f"role = '{r}' AND n_train = {n}" for n in (200, 100) for r in ("self", "cross")]
    contrasts = {
        "growth": {
            "of": "accuracy",
            "where": arms[0],
            "minus": arms[1],
            "versus": {"where": arms[2], "minus": arms[3]},
        }
    }
    return write_study(
        tmp_path / "trained",
        tables,
        choices={"resamples": 200, "truth": "first"},
        contrasts=contrasts,
        families={"main": {"contrasts": ["self_advantage", "growth"]}},
        trends={"scaling": {"plateau": {"start": 100, "end": 200, "margin": 0.9}}},
    )


def test_without_names_all_that_the_tables_support_is_shown_and_the_rest_named(foresay, trained):
    outcome = foresay("compare", trained, "-q")
    assert outcome.code == 0
    for title in ("Contrast self_advantage", "Contrast growth", "Trend scaling"):
        assert title in outcome.out
    assert "adjusted p" in outcome.out
    loud = foresay("compare", trained).err
    assert "not supported by these tables:" in loud
    assert "two_way: self cannot be told from the other terms" in loud


def test_verdicts_are_words(foresay, trained):
    said = foresay("compare", trained, "--name", "scaling").out
    assert "change from 100 to 200" in said
    assert "within .900 of 0" in said
    assert "self, per doubling" in said


def test_a_p_value_of_equivalence_says_so_beside_others(foresay, trained):
    said = foresay("compare", trained, "--name", "scaling").out
    assert " (equivalence)" in said
    assert "p (equivalence)" not in said


def test_a_comparison_without_a_title_goes_by_its_name(foresay, trained):
    said = foresay("compare", trained, "--name", "growth").out
    assert said.splitlines()[0] == "Contrast growth"


def test_an_interaction_has_the_verdict_of_its_contrast(trained):
    from foresay.workbench import Workbench

    with Workbench.open(trained) as bench:
        made, tested = bench.interaction("growth"), bench.contrast("growth")
    last = made[made["quantity"] == "interaction"]
    assert last["p_value"].tolist() == tested["p_value"].tolist()
    assert last["verdict"].tolist() == tested["verdict"].tolist()
    assert set(made.loc[made["quantity"] != "interaction", "verdict"]) == {""}


def test_a_file_has_one_form_for_all_kinds(foresay, trained, tmp_path):
    path = tmp_path / "all.csv"
    outcome = foresay("compare", trained, "-o", path)
    assert outcome.code == 0
    frame = pd.read_csv(path)
    assert set(frame["kind"]) == {"contrast", "summary", "trend"}
    assert {"name", "quantity", "subject", "value", "low", "high", "p_value"} <= set(frame)
    assert f"{len(frame)} rows in" in outcome.err
    rows = json.loads(foresay("compare", trained, "--kind", "trend", "--format", "json").out)
    assert {row["kind"] for row in rows} == {"trend"}


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("self_advantage", "Which differences does its own test show?"),
        ("growth", "Does the difference itself differ?"),
        ("over_tasks", "Does the result depend on which tasks were chosen?"),
        ("scaling", "How do self- and cross-prediction change"),
    ],
)
def test_a_plot_is_drawn_of_one_comparison(foresay, trained, tmp_path, name, question):
    path = tmp_path / "plot.svg"
    outcome = foresay("compare", trained, "--name", name, "--plot", path)
    assert outcome.code == 0, outcome.err
    drawn = path.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "<b>" not in drawn
    assert question in outcome.err


def test_by_and_where_replace_and_restrict(foresay, trained):
    out = foresay("compare", trained, "-n", "self_advantage", "--by", "task", "--format", "csv").out
    assert "not adjusted: grouped otherwise than family main declares" in out
    rows = foresay(
        "compare", trained, "-n", "self_advantage", "--where", "task = 't'", "--format", "json"
    ).out
    assert {row["n_items"] for row in json.loads(rows)} == {12}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--name", "scalin"], "--name: no 'scalin'; did you mean 'scaling'?"),
        (["--name", ","], "--name takes one or more of"),
        (["--name", "scaling", "--kind", "contrast"], "'scaling' is a trend, and --kind says"),
        (["--kind", "trends"], "Invalid value for '--kind'"),
        (["--plot", "a.gif"], "--plot: end the file in one of .svg, .pdf, .png, .json"),
        (["--plot", "a.svg"], "--plot draws one comparison, or contrasts together"),
        (["--by", "tsk", "-n", "self_advantage"], "did you mean 'task'?"),
        (["--set", "complianc=paper"], "did you mean 'compliance'?"),
        (["--format", "parquet"], "parquet goes to a file"),
    ],
)
def test_wrong_use_is_one_message(foresay, trained, arguments, message):
    outcome = foresay("compare", trained, *arguments)
    assert outcome.code == 2
    assert message in outcome.err
    assert "Traceback" not in outcome.err


def test_a_study_without_predictions_says_so(foresay, tmp_path):
    rows = [r for i in range(4) for r in answers("m", f"i{i}", "ab")]
    outcome = foresay("compare", write_study(tmp_path / "s", {"answers": rows}))
    assert outcome.code == 2
    assert "scaling: the study has no predictions" in outcome.err


def test_what_a_study_lacks_is_a_reason_and_no_error(foresay, study):
    outcome = foresay("compare", study)
    assert outcome.code == 0
    assert "scaling: the trials have no column 'n_train'" in outcome.err
