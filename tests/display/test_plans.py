from __future__ import annotations

import math

import pandas as pd
import pytest

from foresay.display.plans import effect_text, planned_by, power_text, precision_text


def row(**more):
    return {
        "estimand": "self_advantage",
        "target": "m",
        "n_clusters": 50,
        "reference": 0.0,
        "level": 0.95,
        "assumes": "clusters like this study's",
        **dict.fromkeys(("compliance", "truth", "baseline", "weighting", "cluster"), "x"),
        "where": "",
        "seed": 1,
        "note": "",
        **more,
    }


def plans(columns, *rows):
    first = ["estimand", "target", *columns]
    frame = pd.DataFrame([row(**each) for each in rows])
    return frame[[*first, *(c for c in frame.columns if c not in first)]]


FOUND = {"wanted": 0.8, "direction": "above 0", "standard_error": 0.02, "test": "interval"}
DETECTABLE = ("clusters", "effect", "wanted", "direction", "standard_error", "test")
POWER = ("effect", "clusters", "power", "low", "high", "runs")


@pytest.fixture
def detectable():
    return plans(DETECTABLE, *({"clusters": n, "effect": 2 / n, **FOUND} for n in (50, 100)))


@pytest.mark.parametrize(
    ("effect", "none", "text"),
    [
        (0.05, 0.0, "+.05"),
        (0.0, 0.0, "0"),
        (1.25, 1.0, "\N{MULTIPLICATION SIGN}1.25"),
        (math.nan, 0.0, "\N{EM DASH}"),
    ],
)
def test_effects_are_written_as_they_were_asked_for(effect, none, text):
    assert effect_text(effect, none) == text


def test_a_row_has_its_size_its_effect_and_its_power(detectable):
    power = plans(
        POWER,
        *(
            {"effect": 0.1, "clusters": n, "power": p, "low": p, "high": p, "runs": 400}
            for n, p in ((50, 0.25), (100, 0.5))
        ),
    )
    lines = power_text(detectable, power).splitlines()
    assert [line.split() for line in lines[3:5]] == [
        ["self_advantage", "m", "50*", ".020", "+.040", ".25"],
        ["self_advantage", "m", "100", ".020", "+.020", ".50"],
    ]
    assert "of 400 each" in lines[0]
    assert "* as many clusters as the study has" in lines


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        (["interval", "interval"], "interval (t) that excludes no effect."),
        (["sign_flip", "sign_flip"], "Test: p of the sign flips of compare."),
        (["sign_flip", "interval"], "with fewer than 100 clusters p of the sign flips of compare."),
    ],
    ids=["interval", "flips", "both"],
)
def test_a_plan_says_which_test_is_planned(detectable, tests, said):
    assert said in power_text(detectable.assign(test=tests))


def test_a_note_is_said_once_and_of_whom(detectable):
    lost = plans(
        DETECTABLE,
        *(
            {"clusters": n, "effect": math.nan, **FOUND, "target": "\x1bk", "note": "too few"}
            for n in (50, 100)
        ),
    )
    text = power_text(pd.concat([detectable, lost]))
    assert text.count("Target \N{SYMBOL FOR ESCAPE}k: too few") + text.count("too few") >= 1
    assert text.count("too few") == 1
    assert "\x1b" not in text


def test_many_notes_are_cut(detectable):
    noted = pd.concat([detectable.assign(note=f"note {n}") for n in range(9)])
    text = power_text(noted)
    assert "note 4" in text
    assert "note 5" not in text
    assert "and 4 further notes; -o writes all" in text


def test_without_a_reference_there_is_no_effect(detectable):
    text = power_text(detectable.assign(reference=math.nan, effect=math.nan))
    assert text.startswith("Standard error of the estimate in a study of each size.")
    assert "found" not in text


@pytest.mark.parametrize(("open_", "words"), [(False, "floor"), (True, "least")])
def test_a_ceiling_has_a_floor_or_bounds(open_, words):
    error = {"standard_error": 0.02, "floor": math.nan if open_ else 0.01}
    error["least"] = 0.015 if open_ else 0.02
    known = {"repeats": 2, "items": 50, "replies": 100, "n_items": 50}
    frame = plans(["repeats", "items"], {**known, **error})
    lines = precision_text(frame).splitlines()
    assert words in lines[2].split()
    assert {"floor": "least", "least": "floor"}[words] not in lines[2].split()
    assert "50*" in lines[3]


def test_grouping_columns_end_at_the_first_number(detectable):
    assert planned_by(detectable) == ["target"]
