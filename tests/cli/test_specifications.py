from __future__ import annotations

import json

import pytest

from studies import answers, prediction, write_study

GRID = {
    "of": "self_advantage",
    "choices": {"compliance": {"count_wrong": "x", "ignore": "y", "bounds": "z"}},
}


@pytest.fixture
def study_with(tmp_path):
    def make(**more):
        tables = {
            "answers": [r for n in range(12) for r in answers("m", f"i{n}", "aab"[n % 3 :] + "a")],
            "predictions": [
                prediction(p, "m", f"i{n}", "ab"[n % k], compliant=n != 3)
                for p, k in (("m", 1), ("n", 2))
                for n in range(12)
            ],
        }
        return write_study(tmp_path / "study", tables, choices={"resamples": 200}, **more)

    return make


def test_the_only_curve_is_shown_with_what_was_left_out(foresay, study_with):
    done = foresay("specifications", study_with(specifications={"curve": GRID}))
    assert done.code == 0, done.err
    assert "Specification curve curve" in done.out
    assert "Median" in done.out
    assert "1 with compliance bounds: compliance bounds gives two bounds and no value" in done.err


def test_other_formats_have_a_row_for_each_combination(foresay, study_with, tmp_path):
    out, plot = tmp_path / "curve.json", tmp_path / "curve.svg"
    path = study_with(specifications={"curve": GRID})
    done = foresay("specifications", path, "-o", out, "--plot", plot, "-q")
    assert done.code == 0, done.err
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [row["choice_compliance"] for row in rows] == ["count_wrong", "ignore"]
    assert plot.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("declared", "words", "said"),
    [
        ({}, (), "declares no specification curve"),
        ({"one": GRID, "two": GRID}, (), "say which of one, two"),
        ({"one": GRID}, ("--name", "on"), "did you mean 'one'"),
        ({"one": {**GRID, "of": "acuracy"}}, (), "did you mean 'accuracy'"),
        ({"one": {**GRID, "of": "self_advantag"}}, (), "did you mean 'self_advantage'"),
    ],
    ids=["none", "several", "unknown", "estimand", "contrast"],
)
def test_what_is_not_there_is_named_with_the_way_out(foresay, study_with, declared, words, said):
    done = foresay("specifications", study_with(specifications=declared), *words)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_mistakes_in_a_grid_are_told_with_their_line(foresay, study_with):
    grid = {**GRID, "choices": {"complaince": {"paper": "x"}}}
    done = foresay("specifications", study_with(specifications={"curve": grid}))
    assert done.code == 2
    assert "did you mean 'compliance'?" in done.err
    assert ", line " in done.err


def test_influence_is_shown_and_drawn(foresay, study_with, tmp_path):
    plot = tmp_path / "influence.png"
    words = ("--of", "accuracy", "--over", "item", "--clusters", "2", "--plot", plot)
    done = foresay("influence", study_with(), *words)
    assert done.code == 0, done.err
    assert "item i3" in done.out
    assert "cluster t · i" in done.out
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_influence_on_what_is_unknown_is_refused(foresay, study_with):
    done = foresay("influence", study_with(), "--over", "itme,tsk")
    assert done.code == 2
    assert "did you mean 'item'" in done.err
    assert "did you mean 'task'" in done.err


def test_a_misspelt_contrast_is_told_the_contrasts_too(foresay, study_with):
    gap = {"of": "accuracy", "where": "predictor = 'm'", "minus": "predictor = 'n'"}
    path = study_with(contrasts={"gap": gap})
    for words in (("influence", "--of", "gapp"), ("estimate", "-e", "gapp,acuracy")):
        done = foresay(words[0], path, *words[1:])
        assert done.code == 2
        assert "no estimand 'gapp'; did you mean 'gap'?" in done.err
    assert "no estimand 'acuracy'; did you mean 'accuracy'?" in done.err


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("item =", "something is missing beside '='"),
        ("CAST(item AS INTEGER) > 3", "cannot be computed for every trial: Could not convert"),
        ("item + 1 = 2", "cannot be computed for every trial"),
    ],
)
def test_a_condition_that_fails_is_named_and_not_the_tables(foresay, study_with, where, said):
    done = foresay("influence", study_with(), "--of", "accuracy", "--where", where)
    assert done.code == 2
    assert f"where: {where!r} " in done.err
    assert said in done.err
    assert "tables" not in done.err
    assert "sqlglot" not in done.err


def test_a_condition_that_no_trial_satisfies_is_told(foresay, study_with):
    for command in ("estimate", "influence"):
        name = {"estimate": "-e", "influence": "--of"}[command]
        by = ("--by", "") if command == "estimate" else ()
        path = study_with()
        done = foresay(command, path, name, "advantage", *by, "--where", "item = 'none'")
        assert done.code == 2
        assert "\"item = 'none'\"" in done.err
