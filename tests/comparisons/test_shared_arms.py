"""Contrasts that are reduced together are those that are asked for one by one."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from foresay.comparisons.shared_arms import SharedArms
from foresay.errors import ForesayError
from foresay.study import Contrast
from foresay.workbench import Workbench
from studies import SHIPPED, answers, open_study, prediction

SELF, CROSS = "predictor = target", "predictor <> target"
CHOICES = (
    {},
    {"level": 0.9, "interval": "basic", "seed": 5},
    {"weighting": "macro_property"},
    {"cluster": ["item"], "strata": ["task"]},
    {"cluster": ["task"], "within": ["item"]},
    {"compliance": "drop_either", "truth": "greedy"},
    {"compliance": "ignore"},
)


def spec(first, second, of="accuracy", **more):
    return Contrast(of=of, where=first, minus=second, title=f"{first} - {second}", **more)


@pytest.fixture(scope="module")
def shipped():
    with Workbench.open(SHIPPED) as bench:
        yield bench


@pytest.fixture
def alone(monkeypatch):
    """What was asked for by itself."""
    asked = []
    contrast = Workbench.contrast

    def noted(bench, spec, **more):
        asked.append(spec.title)
        return contrast(bench, spec, **more)

    monkeypatch.setattr(Workbench, "contrast", noted)
    return asked


def assert_same(bench, asked, alone, **more):
    found = bench.contrasts(asked, **more)
    assert alone == []
    for (one, choices), table in zip(asked, found, strict=True):
        known = bench.contrast(one, **more, **choices)
        pd.testing.assert_frame_equal(table, known, check_exact=True)
    alone.clear()


@pytest.mark.parametrize("choices", CHOICES, ids=lambda c: "-".join(c) or "plain")
@pytest.mark.parametrize("by", [[], ["target", "n_train"]], ids=["all", "groups"])
def test_rows_are_the_same(shipped, by, choices, alone):
    small = {"resamples": 199, **choices}
    asked = [
        (spec(SELF, CROSS, test="sign_flip"), small),
        (spec(f"{CROSS} AND split = 'held-out'", SELF), small),
        (spec(SELF, CROSS, scale="ratio", test="none"), small),
    ]
    assert_same(shipped, asked, alone, by=by, where="task <> 'numbers'")


def test_rows_of_crossed_clusters_are_the_same(shipped, alone):
    choices = {"cluster": ["item"], "crossed": ["property"], "resamples": 199}
    asked = [(spec(SELF, CROSS, test="none"), choices), (spec(CROSS, SELF, test="none"), choices)]
    assert_same(shipped, asked, alone)


@pytest.mark.parametrize("of", ["advantage", "compliance", "normalized_accuracy", "skill"])
def test_rows_of_each_estimand_are_the_same(shipped, of, alone):
    asked = [
        (spec(one, SELF, of, test="none"), {"resamples": 100})
        for one in (CROSS, f"{CROSS} AND n_train = 1000")
    ]
    assert_same(shipped, asked, alone, by=["target"])


def uneven(folder):
    """Arms with other items, other wordings and trials that do not count."""
    said = [
        prediction(
            f"m{n}",
            "m0",
            f"i{i}",
            None if i % 11 == n else "ab"[i * (n + 3) % 5 % 2],
            wording=None if i % 5 == 0 else "xy"[n % 2],
            n_train=n,
        )
        for n in range(4)
        for i in range(n * 3, 24 + n)
    ]
    given = [r for i in range(24) for r in answers("m0", f"i{i}", ["a", "ab"[i % 2]])]
    rows = {"answers": given, "predictions": said}
    return open_study(folder, rows, choices={"truth": "first", "resamples": 100})


@pytest.mark.parametrize("compliance", ["count_wrong", "drop_either", "ignore"])
def test_trials_without_partners_and_pooled_conditions_are_told_alike(tmp_path, compliance, alone):
    arms = ["predictor = 'm0'", "predictor = 'm3'", "predictor IN ('m1', 'm2')"]
    with uneven(tmp_path) as bench:
        asked = [(spec(*pair), {"compliance": compliance}) for pair in pairwise([*arms, arms[0]])]
        assert_same(bench, asked, alone, by=[])
        notes = " ".join(table["note"].iloc[0] for table in bench.contrasts(asked))
    assert "left out" in notes
    assert "pools different values of" in notes


def test_more_arms_than_one_number_has_bits(tmp_path, alone):
    arms = [f"predictor = 'm{n % 4}' AND item <> 'i{n}'" for n in range(71)]
    with uneven(tmp_path) as bench:
        asked = [(spec(*pair, test="none"), {"resamples": 100}) for pair in pairwise(arms)]
        found = bench.contrasts(asked)
        assert alone == []
        for place in (0, 30, 61, 62, 69):
            known = bench.contrast(asked[place][0], resamples=100)
            pd.testing.assert_frame_equal(found[place], known, check_exact=True)


@pytest.mark.parametrize(
    "bad",
    [
        spec(SELF, SELF),
        spec("predictr = 'm0'", SELF),
        spec("predictor = 'nobody'", "predictor = 'none'"),
        spec("predictor = 'm1'", "predictor = 'm2'", pairing="complete"),
        spec(SELF, CROSS, of="acuracy"),
    ],
    ids=["both", "unknown", "empty", "complete", "estimand"],
)
def test_what_cannot_be_says_what_it_would_alone_and_stops_no_other(tmp_path, bad):
    good = spec(SELF, CROSS)
    with uneven(tmp_path) as bench:
        error, table = bench.contrasts([(bad, {}), (good, {})])
        pd.testing.assert_frame_equal(table, bench.contrast(good), check_exact=True)
        with pytest.raises(type(error)) as raised:
            bench.contrast(bad)
    assert isinstance(error, ForesayError)
    assert str(error) == str(raised.value)


def test_an_unknown_choice_stops_no_other(tmp_path):
    with uneven(tmp_path) as bench:
        found = bench.contrasts([(spec(SELF, CROSS), {}), (spec(SELF, CROSS), {"level": 2})])
    assert isinstance(found[0], pd.DataFrame)
    assert isinstance(found[1], ForesayError)


def test_arms_of_one_population_are_reduced_once(tmp_path, monkeypatch):
    reduced = []
    read = SharedArms.read
    monkeypatch.setattr(
        SharedArms, "read", lambda *a, **more: reduced.append(a[1]) or read(*a, **more)
    )
    arms = [f"predictor = 'm{n}'" for n in range(4)]
    asked = [(spec(*p, of=of), {}) for p in pairwise(arms) for of in ("accuracy", "compliance")]
    with uneven(tmp_path) as bench:
        bench.contrasts([*asked, (spec(SELF, CROSS), {"level": 0.9})])
    assert sorted(reduced) == ["accuracy", "compliance"]
