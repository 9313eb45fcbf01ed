from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures import plot_advantage, plot_agreement, plot_compliance, plot_forest
from foresay.figures.rows import ends_sentence

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def contrasts(estimate: Make) -> pd.DataFrame:
    return pd.DataFrame(
        [
            estimate(
                "self_advantage", 0.019, -0.024, 0.062, group={"target": "smollm2"}, n_items=479
            ),
            estimate("self_advantage", 0.12, 0.07, 0.17, group={"target": "gemma"}),
            estimate("self_advantage", -0.08, -0.11, -0.05, group={"target": "llama"}),
            estimate("self_advantage", group={"target": "gpt"}, note="no cross predictions"),
        ]
    )


def test_the_words_say_the_direction(contrasts: pd.DataFrame) -> None:
    figure = plot_advantage(contrasts)
    assert figure.alt == (
        "Forest plot: accuracy of self-prediction minus cross-prediction on the same items "
        "(n = 479 to 839 items). smollm2 +.019 [\u2212.024, .062], not distinguishable from 0; "
        "gemma +.120 [.070, .170], higher than 0; "
        "llama \u2212.080 [\u2212.110, \u2212.050], lower than 0; "
        "gpt not estimable."
    )
    assert figure.caption.endswith("Not estimable: gpt (no cross predictions).")


def test_zero_has_a_line_in_the_middle_and_holding_it_is_hollow(contrasts: pd.DataFrame) -> None:
    spec = plot_advantage(contrasts).spec()
    assert spec["layer"][0]["encoding"]["x"] == {"datum": 0.0}
    assert spec["layer"][1]["encoding"]["x"]["scale"]["domain"] == [-0.2, 0.2]
    fill = spec["layer"][2]["encoding"]["fill"]["scale"]
    assert dict(zip(fill["domain"], fill["range"], strict=True))["Interval holds 0"] == "white"
    drawn = {v["full"]: v["clear"] for v in spec["data"]["values"]}
    assert drawn["smollm2"] == "Interval holds 0"
    assert drawn["gemma"] == drawn["llama"] == "Interval excludes 0"


def test_numbers_and_items_stand_beside_the_rows(contrasts: pd.DataFrame) -> None:
    drawn = plot_advantage(contrasts).spec()["data"]["values"]
    assert [(v["printed"], v["items"]) for v in drawn[:1] + drawn[-1:]] == [
        ("+.019 [\u2212.024, .062]", "n 479"),
        ("", ""),
    ]


def test_several_grouping_columns_name_the_rows_together(estimate: Make) -> None:
    rows = [
        estimate("self_advantage", 0.1, 0.0, 0.2, group={"target": t, "predictor": p})
        for t in "ab"
        for p in "xy"
    ]
    drawn = plot_advantage(pd.DataFrame(rows)).spec()["data"]["values"]
    assert [v["full"] for v in drawn] == ["a · x", "a · y", "b · x", "b · y"]


def test_one_row_is_named_and_all_missing_is_drawn(contrasts: pd.DataFrame) -> None:
    assert "smollm2 +.019" in plot_advantage(contrasts.head(1)).alt
    assert "not estimable" in plot_advantage(contrasts.tail(1)).svg()


def test_compliance_makes_panels_and_goes_from_none_to_all(estimate: Make) -> None:
    rows = [
        estimate("compliance", 0.4, 0.3, 0.5, group={"predictor": p, "wording": w})
        for w in ("second_person", "named_model")
        for p in ("a", "b")
    ]
    figure = plot_compliance(pd.DataFrame(rows))
    spec = figure.spec()
    assert spec["facet"]["sort"] == ["second person", "named model"]
    assert spec["spec"]["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 1]
    assert "second person: a .40 [.30, .50]; b" in figure.alt


def test_agreement_takes_what_the_table_has(estimate: Make) -> None:
    rows = [
        estimate(e, 0.4, 0.3, 0.5, group={"task": t})
        for e in ("accuracy", "ceiling_resample", "agreement_raw")
        for t in ("animals", "words")
    ]
    frame = pd.DataFrame(rows)
    assert set(plot_agreement(frame).data["estimand"]) == {"agreement_raw"}
    assert "Resample ceiling" in plot_agreement(frame, estimand="ceiling_resample").caption
    with pytest.raises(UnsupportedError, match="repeated responses"):
        plot_agreement(frame[frame["estimand"] == "accuracy"])


def test_any_estimand_can_be_shown(estimate: Make) -> None:
    frame = pd.DataFrame([estimate("normalized_accuracy", 1.02, 0.9, 1.1, group={"task": "a"})])
    figure = plot_forest(frame, "normalized_accuracy", reference=1.0)
    assert figure.question == "How large is normalised accuracy?"
    assert "1.02 [.90, 1.10], not distinguishable from 1" in figure.alt
    assert figure.spec()["layer"][1]["encoding"]["x"]["scale"]["domain"][1] > 1.1


def test_a_value_without_an_interval_is_a_point(estimate: Make) -> None:
    frame = pd.DataFrame(
        [estimate("self_advantage", 0.1, math.nan, math.nan, group={"target": "a"})]
    )
    figure = plot_advantage(frame)
    assert "a +.100 [—], not comparable with 0" in figure.alt
    assert "<svg" in figure.svg()


@pytest.mark.parametrize(
    ("values", "panels", "said"),
    [
        ([0.2, 0.5, 0.4], ["", "", ""], " Lowest: .2 (a); highest: .5 (b)."),
        ([0.2, 0.5, 0.1], ["x", "x", "y"], " Lowest: .1 (c, y); highest: .5 (b, x)."),
        ([0.2, None, None], ["", "", ""], ""),
        ([0.2, 0.2, None], ["", "", ""], ""),
    ],
)
def test_the_ends_of_a_figure_are_said_with_their_names(values, panels, said):
    texts = ["" if value is None else f"{value:g}".lstrip("0") for value in values]
    rows = pd.DataFrame({"value": values, "text": texts, "full": ["a", "b", "c"], "panel": panels})
    assert ends_sentence(rows) == said
