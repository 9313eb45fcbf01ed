"""Distributions of predictors against targets: halves of the repeats, ranks, distances, floors."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foresay.errors import ChoiceError, UnsupportedError
from foresay.trials.distributions import mean_distance
from foresay.workbench import Workbench
from studies import answers, open_study, prediction


def stated(item: str, **shares: float) -> list[dict[str, Any]]:
    return [
        {
            "predictor": "m",
            "target": "m",
            "task": "t",
            "item": item,
            "property": "p",
            "answer": answer,
            "probability": share,
            "rank": place,
        }
        for place, (answer, share) in enumerate(shares.items(), start=1)
    ]


def study(folder: Path, given: dict[str, str], *lists: list[dict[str, Any]]) -> Workbench:
    return open_study(
        folder,
        {
            "predictions": [prediction("m", "m", item, "a") for item in given],
            "answers": [row for item, said in given.items() for row in answers("m", item, said)],
            "probabilities": [row for rows in lists for row in rows],
        },
    )


@pytest.mark.parametrize(
    ("k", "p"), [(1, 0.3), (4, 0.25), (5, 0.6), (10, 0.05), (3, 0.0), (3, 1.0)]
)
def test_floor_against_enumeration(k: int, p: float) -> None:
    expected = sum(
        p ** sum(runs) * (1 - p) ** (k - sum(runs)) * abs(sum(runs) / k - p)
        for runs in product((0, 1), repeat=k)
    )
    assert mean_distance(np.array([k]), np.array([p])) == pytest.approx([expected])


def test_distance_by_hand(tmp_path: Path) -> None:
    # item 1: a 3/4, b 1/4 against .5, .5; item 2: c 4/4 against a whole list without it
    with study(
        tmp_path,
        {"1": "aaab", "2": "cccc"},
        stated("1", a=0.5, b=0.5),
        stated("2", a=0.75, b=0.25),
    ) as bench:
        found = bench.calibration("total_variation", by=()).iloc[0]
    assert found["value"] == pytest.approx((0.25 + 1) / 2)
    floors = [
        sum(mean_distance(np.array([4]), np.array([p]))[0] for p in parts) / 2
        for parts in ((0.5, 0.5), (0.75, 0.25))
    ]
    assert found["null_mean"] == pytest.approx(sum(floors) / 2)
    assert found["n_trials"] == 2


def test_answers_that_are_not_listed_are_one(tmp_path: Path) -> None:
    # .4 is left for other answers, and the target gives others in half of its repeats
    with study(tmp_path, {"1": "aaabcd"}, stated("1", a=0.6)) as bench:
        assert bench.calibration("total_variation", by=())["value"].iloc[0] == pytest.approx(0.1)


def test_ranks_come_from_one_half_and_shares_from_the_other(tmp_path: Path) -> None:
    # repeats 0, 2, 4 say b, b, a; repeats 1, 3, 5 say a, a, b
    with study(tmp_path, {"1": "babaab"}, stated("1", a=0.7, b=0.3)) as bench:
        table = bench.reliability(by=["rank"]).query("part == 'bin'").set_index("rank")
    assert table["confidence"].to_dict() == {1: 0.3, 2: 0.7}
    assert table["value"].to_dict() == pytest.approx({1: 1 / 3, 2: 2 / 3})


def test_nothing_is_left_for_what_a_whole_list_leaves_out(tmp_path: Path) -> None:
    lists = (stated("1", a=0.6, b=0.4), stated("2", a=0.6))
    with study(tmp_path, {"1": "cccc", "2": "cccc"}, *lists) as bench:
        found = bench.calibration("ece", by=["rank"]).iloc[0]
    # item 1: 0 against a share of 1; of item 2 the list is short and does not say
    assert (found["value"], found["n_trials"], found["n_excluded"]) == (1, 1, 1)


def test_probability_of_the_predicted_answer_is_its_confidence(tmp_path: Path) -> None:
    lists = (stated("1", a=0.9, b=0.1), stated("2", b=0.8))
    with study(tmp_path, {"1": "aaaa", "2": "abbb"}, *lists) as bench:
        found = bench.reliability(by=()).query("part == 'bin'")
        note = bench.calibration("ece", by=())["note"].iloc[0]
    assert found["source"].unique().tolist() == ["token"]
    assert found[["confidence", "value"]].to_numpy().tolist() == [[0.9, 1.0]]
    assert "1 without a confidence left out" in note


def test_the_temperature_with_most_repeats_is_meant(tmp_path: Path) -> None:
    rows = [{**row, "temperature": 0.0} for row in answers("m", "1", "b")]
    rows += [{**row, "temperature": 0.7} for row in answers("m", "1", "aaab")]
    tables = {
        "predictions": [prediction("m", "m", "1", "a")],
        "answers": rows,
        "probabilities": stated("1", a=0.75, b=0.25),
    }
    with open_study(tmp_path, tables) as bench:
        found = bench.calibration("total_variation", by=()).iloc[0]
        cold = bench.calibration("total_variation", by=(), temperature=0.0).iloc[0]
    assert (found["value"], found["temperature_of_truth"]) == (0, "0.7")
    assert (cold["value"], cold["temperature_of_truth"]) == (0.75, "0")


def test_conditions_tell_questions_apart(tmp_path: Path) -> None:
    tables = {
        "predictions": [
            prediction("m", "m", "1", "a", style="x"),
            prediction("m", "m", "1", "a", style="y"),
        ],
        "answers": answers("m", "1", "aabb"),
        "probabilities": [
            *({**row, "style": "x"} for row in stated("1", a=0.5, b=0.5)),
            *({**row, "style": "y"} for row in stated("1", a=1.0)),
        ],
    }
    files = {
        name: {"files": f"{name}.csv", "conditions": [] if name == "answers" else ["style"]}
        for name in tables
    }
    with open_study(tmp_path, tables, tables=files) as bench:
        found = bench.calibration("total_variation", by=["style"])
        assert found["value"].tolist() == [0, 0.5]


def test_a_calibrated_predictor_is_calibrated_at_every_rank(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    given, lists = {}, []
    for item in range(250):
        p = np.floor(rng.dirichlet([1.5, 0.6, 0.4]) * 1000) / 1000
        p[2] = 1 - p[0] - p[1]
        given[str(item)] = "".join(rng.choice(list("abc"), 10, p=p))
        lists.append(stated(str(item), **dict(zip("abc", p.round(3).tolist(), strict=True))))
    with study(tmp_path, given, *lists) as bench:
        found = bench.calibration(["calibration_l2", "calibration_slope"], by=["rank"])
        distance = bench.calibration("total_variation", by=()).iloc[0]
    assert (found["null_p"] > 0.01).all()
    assert distance["low"] < distance["null_mean"] < distance["high"]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    tables = {"predictions": [prediction("m", "m", "1", "a")], "answers": answers("m", "1", "aa")}
    with open_study(tmp_path, tables) as bench:
        assert bench.supports("total_variation") == "needs a table probabilities"
        with pytest.raises(UnsupportedError, match="needs a table probabilities"):
            bench.calibration("ece", by=["rank"])


def test_distance_is_not_by_rank(tmp_path: Path) -> None:
    with (
        study(tmp_path, {"1": "ab"}, stated("1", a=1.0)) as bench,
        pytest.raises(ChoiceError, match="leave rank out"),
    ):
        bench.calibration("total_variation", by=["rank"])
