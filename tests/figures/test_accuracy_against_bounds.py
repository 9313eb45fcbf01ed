from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures import SINGLE, plot_accuracy

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def frame(estimate: Make) -> pd.DataFrame:
    rows = []
    for predictor, value in [("self:n[1].0", 0.633), ("cross", 0.616)]:
        group = {"predictor": predictor, "target": "smollm2"}
        rows.append(estimate("accuracy", value, value - 0.035, value + 0.034, group=group))
        rows.append(estimate("baseline_mode", 0.584, 0.55, 0.61, group=group))
        rows.append(estimate("ceiling_resample", 0.812, 0.79, 0.83, group=group))
    return pd.DataFrame(rows)


def values(figure: Any) -> list[dict[str, Any]]:
    return list(figure.spec()["data"]["values"])


def test_the_caption_and_the_words_hold_the_numbers(frame: pd.DataFrame) -> None:
    figure = plot_accuracy(frame)
    assert figure.caption.replace("\xa0", " ") == (
        "Accuracy of each predictor with 95 % intervals (n = 839 items) (target smollm2). "
        "Lowest: .616 [.581, .650] (cross); highest: .633 [.598, .667] (self:n[1].0). "
        "Dots: accuracy; lines through them: intervals. Dashed: accuracy of always guessing the "
        "commonest answer. Solid line: the resample ceiling, what another run of the target would "
        "score, which does not always repeat itself; grey lies above it."
    )
    assert figure.alt == (
        "Dot plot of accuracy (n = 839 items). mode baseline .584, resample ceiling .812, "
        "self:n[1].0 .633 [.598, .667], cross .616 [.581, .650]."
    )


def test_each_mark_is_a_row_of_the_table(frame: pd.DataFrame) -> None:
    figure = plot_accuracy(frame)
    drawn = {(v["full"], v["kind"]): v["value"] for v in values(figure)}
    assert drawn == {
        ("self:n[1].0", "Accuracy"): 0.633,
        ("cross", "Accuracy"): 0.616,
        **{(p, "Mode baseline"): 0.584 for p in ("self:n[1].0", "cross")},
        **{
            (p, "Resample ceiling: another run of the target"): 0.812
            for p in ("self:n[1].0", "cross")
        },
    }
    # the accuracies are drawn last, over their bounds
    assert [v["kind"] for v in values(figure)][-2:] == ["Accuracy", "Accuracy"]
    pd.testing.assert_frame_equal(figure.data, frame)


def test_rows_stand_in_the_order_of_the_table(frame: pd.DataFrame) -> None:
    spec = plot_accuracy(frame.iloc[::-1]).spec()
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["cross", "self:n[1].0"]


def test_the_axis_is_the_whole_scale(frame: pd.DataFrame) -> None:
    scales = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in plot_accuracy(frame).spec()["layer"]
        if "scale" in layer["encoding"].get("x", {})
    ]
    assert scales
    assert all(domain == [0, 1] for domain in scales)


def test_names_and_columns_from_data_are_never_read_as_encodings(frame: pd.DataFrame) -> None:
    renamed = frame.rename(columns={"target": "tar:get[0].x"})
    text = json.dumps(plot_accuracy(renamed).spec()["layer"])
    assert "tar:get" not in text
    fields = {part.split('"')[0] for part in text.split('"field": "')[1:]}
    assert fields <= {
        "label",
        "value",
        "low",
        "high",
        "end",
        "kind",
        "text",
        "full",
        "n_items",
        "printed",
    }


def test_a_bound_without_a_predictor_counts_for_its_panel(estimate: Make) -> None:
    rows = [
        estimate("accuracy", 0.6, 0.5, 0.7, group={"predictor": p, "task": t})
        for t in ("animals", "words")
        for p in ("a", "b")
    ]
    rows.append(
        estimate("baseline_mode", 0.4, 0.3, 0.5, group={"predictor": None, "task": "words"})
    )
    figure = plot_accuracy(pd.DataFrame(rows))
    drawn = [(v["panel"], v["full"]) for v in values(figure) if v["kind"] == "Mode baseline"]
    assert drawn == [("words", "a"), ("words", "b")]
    assert "animals: a .60" in figure.alt
    assert "words: mode baseline .40, a .60" in figure.alt
    assert "needs repeated responses" in figure.caption


def test_an_accuracy_that_is_missing_is_named_with_its_reason(estimate: Make) -> None:
    rows = [
        estimate("accuracy", 0.6, 0.5, 0.7, group={"predictor": "a"}),
        estimate("accuracy", group={"predictor": "b"}, note="every row was excluded"),
    ]
    figure = plot_accuracy(pd.DataFrame(rows))
    assert figure.caption.endswith("Not estimable: b (every row was excluded).")
    assert "b not estimable" in figure.alt
    assert "not estimable" in figure.svg()


def test_one_row_and_only_missing_rows_are_drawn(frame: pd.DataFrame, estimate: Make) -> None:
    assert "<svg" in plot_accuracy(frame.head(1), width=SINGLE).svg()
    lost = pd.DataFrame([estimate("accuracy", group={"predictor": "b"}, note="none")])
    assert "not estimable" in plot_accuracy(lost).svg()


@pytest.mark.parametrize("width", [SINGLE, 661])
def test_it_is_as_wide_as_asked(frame: pd.DataFrame, width: int) -> None:
    svg = plot_accuracy(frame, width=width).svg()
    assert width * 0.93 <= float(svg.split('width="')[1].split('"')[0]) <= width


def test_refusals(frame: pd.DataFrame) -> None:
    with pytest.raises(UnsupportedError, match="estimand 'accuracy'; the table has nothing"):
        plot_accuracy(frame.head(0))
    with pytest.raises(UnsupportedError, match="the table has baseline_mode"):
        plot_accuracy(frame[frame["estimand"] == "baseline_mode"])
    with pytest.raises(UnsupportedError, match="2 rows in one place"):
        plot_accuracy(pd.concat([frame, frame.head(1)]))
    many = pd.concat([frame.assign(predictor=str(i)) for i in range(400)])
    with pytest.raises(UnsupportedError, match="2,400 rows, and 1,000 is the most"):
        plot_accuracy(many)
