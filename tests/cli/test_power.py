from __future__ import annotations

import csv
import io
import json

import pytest

from studies import answers, prediction, write_study

QUICK = ("--runs", "200")


@pytest.fixture
def study(tmp_path):
    """Twenty prompts with five repeats; m predicts itself better than n does."""
    given = ["aaaaa", "aaaab", "aabbb", "bbbba"]
    tables = {
        "answers": [r for i in range(20) for r in answers("m", f"i{i}", given[i % 4])],
        "predictions": [
            prediction(p, "m", f"i{i}", said)
            for i in range(20)
            for p, said in (("m", "a" if i % 3 else "b"), ("n", "b" if i % 2 else "a"))
        ],
    }
    return write_study(tmp_path / "study", tables)


def test_help_shows_an_example(foresay):
    outcome = foresay("power", "--help")
    assert outcome.code == 0
    assert "Example: foresay power" in " ".join(outcome.out.split())


def test_the_text_says_what_is_found_and_how_often(foresay, study):
    outcome = foresay("power", study, "--effect", "0.2,3", "--clusters", "20,80", *QUICK)
    assert outcome.code == 0
    assert outcome.err == ""
    lines = outcome.out.splitlines()
    assert lines[0].startswith("Found 80\N{NO-BREAK SPACE}%: the smallest effect (above 0)")
    assert "power at +.2" in lines[2]
    assert "20*" in lines[3]
    assert "80 " in lines[4]
    assert "* as many clusters as the study has" in lines
    assert any("an effect of 3 is beyond what any mixture" in line for line in lines)
    assert "Test: p of the sign flips of compare." in lines
    assert any("It assumes clusters like this study's" in line for line in lines)


def test_formats_hold_the_same_rows(foresay, study, tmp_path):
    import pandas as pd

    asked = ("power", study, "--effect", "0.1,0.2", "--clusters", "40", *QUICK)
    rows = list(csv.DictReader(io.StringIO(foresay(*asked, "--format", "csv").out)))
    assert [row["effect"] for row in rows] == ["0.1", "0.2"]
    loaded = json.loads(foresay(*asked, "--format", "json").out)
    assert [float(row["power"]) for row in rows] == [row["power"] for row in loaded]
    path = tmp_path / "plan.parquet"
    outcome = foresay(*asked, "-o", path)
    assert (outcome.code, outcome.out) == (0, "")
    assert f"2 rows in {path}" in outcome.err
    assert pd.read_parquet(path)["power"].tolist() == [row["power"] for row in loaded]
    text = tmp_path / "plan.txt"
    foresay(*asked, "-o", text, "--quiet")
    assert text.read_text(encoding="utf-8") == foresay(*asked).out


@pytest.mark.parametrize(
    ("ending", "start"),
    [("svg", b"<svg"), ("pdf", b"%PDF"), ("png", b"\x89PNG"), ("json", b"{"), ("html", b"<!DOC")],
)
def test_a_plot_is_drawn_in_the_format_of_its_ending(foresay, study, tmp_path, ending, start):
    path = tmp_path / f"power.{ending}"
    outcome = foresay("power", study, "--clusters", "20,40", "--plot", path, *QUICK)
    assert outcome.code == 0
    assert path.read_bytes().startswith(start)
    assert (b"default-src 'none'" in path.read_bytes()) == (ending == "html")
    assert outcome.err == f"a figure in {path}\n"
    assert outcome.out.startswith("Found")


def test_choices_groups_and_conditions_reach_the_plan(foresay, study):
    words = ["--by", "", "--where", "item <> 'i0'", "--set", "level=0.9", "--set", "seed=4"]
    outcome = foresay(
        "power", study, "--effect", "0.2", "--clusters", "20", *words, *QUICK, "--format", "json"
    )
    (row,) = json.loads(outcome.out)
    assert "target" not in row
    assert (row["level"], row["seed"], row["n_clusters"]) == (0.9, 4, 19)
    assert row["where"] == "item <> 'i0'"


def test_an_estimand_with_and_without_a_reference(foresay, study):
    asked = ("power", study, "-c", "accuracy", "--by", "predictor", "--clusters", "20", *QUICK)
    held = foresay(*asked, "--reference", "0.3", "--effect", "0.2", "--format", "json")
    assert [row["reference"] for row in json.loads(held.out)] == [0.3, 0.3]
    precision = foresay(*asked)
    assert precision.code == 0
    assert precision.out.startswith("Standard error of the estimate in a study of each size.")
    assert "power at" not in precision.out


def test_the_ceiling_is_planned_too(foresay, study, tmp_path):
    path = tmp_path / "ceiling.svg"
    asked = ("power", study, "--ceiling", "--repeats", "2,5", "--items", "20,40")
    outcome = foresay(*asked, "--plot", path)
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0].startswith("Standard error of the resample ceiling. Floor:")
    assert "* as many items as the study has" in lines
    assert path.read_text(encoding="utf-8").startswith("<svg")
    rows = json.loads(foresay(*asked, "--format", "json").out)
    assert [(row["repeats"], row["items"], row["replies"]) for row in rows] == [
        *((2, 20, 40), (2, 40, 80), (5, 20, 100), (5, 40, 200))
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ceiling", "--effect", "0.1"], "--effect and --ceiling contradict each other"),
        (["--ceiling", "--contrast", "a"], "--contrast and --ceiling contradict each other"),
        (["--ceiling", "--wanted", "0.9"], "--wanted and --ceiling contradict each other"),
        (["--repeats", "3"], "--repeats is for the ceiling; say --ceiling too"),
        (["--items", "3"], "--items is for the ceiling; say --ceiling too"),
        (["--ceiling", "--repeats", "1"], "2 to 10,000 repeats of an item; got 1"),
        (["--effect", "much"], "--effect takes numbers with commas between them; got 'much'"),
        (["--effect", ","], "--effect takes numbers"),
        (["--effect", "nan"], "an effect is a number such as 0.05"),
        (["--clusters", "2.5"], "--clusters takes whole numbers"),
        (["--clusters", "1"], "a study of 1 cluster has no interval"),
        (["--wanted", "1"], "a power of 1 cannot be asked for"),
        (["--runs", "5"], "5 simulated studies say too little"),
        (["-c", "self_advantag"], "did you mean 'self_advantage'"),
        (["-c", "accuracy", "--effect", "0.1"], "--reference"),
        (["-c", "accuracy", "--plot", "x.svg"], "say --reference"),
        (["--reference", "0.5"], "is a contrast"),
        (["--set", "cluster=task"], "1 cluster is too few to plan from"),
        (["--where", "item = 'none'"], "no item has trials in both arms"),
        (["--by", "targt"], "did you mean 'target'"),
        (["--plot", "x.gif"], "names no picture that foresay draws"),
        (["--plot", "."], "is a folder"),
        (["--plot", "none/x.svg"], "does not exist; create it first"),
        (["-o", "x.xlsx"], "names no format that foresay writes"),
        (["--format", "parquet"], "parquet goes to a file"),
    ],
)
def test_wrong_use_is_one_clear_message(foresay, study, words, said):
    quick = [] if "--ceiling" in words or "--runs" in words else QUICK
    outcome = foresay("power", study, *words, *quick)
    assert outcome.code == 2
    assert said in outcome.err
    assert all(line.startswith("foresay: ") for line in outcome.err.splitlines())
    assert "Traceback" not in outcome.err


def test_hostile_names_are_shown_and_not_run(foresay, tmp_path):
    evil = "\x1b[31m<script>"
    tables = {
        "answers": [r for i in range(12) for r in answers(evil, f"i{i}", "ab"[i % 2] * 2)],
        "predictions": [
            prediction(p, evil, f"i{i}", "ab"[i // k % 2])
            for i in range(12)
            for p, k in ((evil, 3), ("n", 5))
        ],
    }
    study = write_study(tmp_path / "evil", tables)
    path = tmp_path / "evil.html"
    outcome = foresay("power", study, "--clusters", "20,40", "--plot", path, *QUICK)
    assert outcome.code == 0
    assert "\x1b" not in outcome.out
    page = path.read_text(encoding="utf-8")
    assert "\x1b" not in page
    assert "[31m<script>" not in page
