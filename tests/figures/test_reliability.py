from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from drawings import overlapping, size_of
from foresay.errors import UnsupportedError
from foresay.figures.reliability import _hidden, plot_reliability


def curve(predictor: str, source: str = "stated", shift: float = 0.0) -> list[dict[str, Any]]:
    shared = {"predictor": predictor, "target": "t", "source": source, "level": 0.95, "note": ""}
    rows = []
    for place, (f, n) in enumerate([(0.2, 40), (0.6, 100), (0.95, 60)]):
        x = f + shift
        rows.append(
            {
                **shared,
                "part": "bin",
                "place": place,
                "n_trials": n,
                "confidence": f,
                "value": x,
                "low": x - 0.05,
                "high": x + 0.05,
                "band_low": np.nan,
                "band_high": np.nan,
            }
        )
        rows.append(
            {
                **shared,
                "part": "fit",
                "place": place,
                "n_trials": n,
                "confidence": f,
                "value": x,
                "low": np.nan,
                "high": np.nan,
                "band_low": f - 0.1,
                "band_high": f + 0.1,
            }
        )
    return rows


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame([*curve("a"), *curve("b", shift=-0.15)])


def values(figure: Any) -> pd.DataFrame:
    return pd.DataFrame(figure.spec()["data"]["values"])


def test_one_panel_for_each_group_that_varies(frame: pd.DataFrame) -> None:
    figure = plot_reliability(frame)
    assert list(dict.fromkeys(values(figure)["panel"])) == ["a", "b"]
    assert "(target t)" in figure.caption
    assert "n = 200 and 200 trials" in figure.caption


def test_the_constant_predictor_stands_at_the_share_right(frame: pd.DataFrame) -> None:
    base = values(plot_reliability(frame)).query("part == 'base'").set_index("panel")
    mean = (0.2 * 40 + 0.6 * 100 + 0.95 * 60) / 200
    assert base["value"].to_dict() == pytest.approx({"a": mean, "b": mean - 0.15})
    assert base["confidence"].to_dict() == pytest.approx(base["value"].to_dict())


def test_the_strip_counts_every_trial(frame: pd.DataFrame) -> None:
    strip = values(plot_reliability(frame)).query("part == 'strip' and panel == 'a'")
    assert strip["n_trials"].tolist() == [40, 100, 60]
    assert strip["high"].idxmax() == strip["n_trials"].idxmax()


def test_words_for_those_who_do_not_see_it(frame: pd.DataFrame) -> None:
    figure = plot_reliability(frame)
    assert figure.alt == (
        "Reliability diagram. a: at confidence .20 .20 are right, at confidence .60 .60 are right "
        "and at confidence .95 .95 are right. b: at confidence .20 .05 are right, at confidence "
        ".60 .45 are right and at confidence .95 .80 are right."
    )


def test_points_without_interval_are_counted(frame: pd.DataFrame) -> None:
    lost = frame.assign(note="alone")
    lost.loc[0, ["low", "high"]] = np.nan
    assert plot_reliability(lost).caption.endswith("1 of 6 points have no interval.")


def test_draws_at_every_width(frame: pd.DataFrame) -> None:
    for width in (321, 400, 661):
        svg = plot_reliability(frame, width=width).svg()
        assert size_of(svg)[0] <= width + 8
        assert not overlapping(svg)


def test_a_fit_is_drawn_without_points_that_nobody_can_see() -> None:
    steps = [(n / 1000, float(n > 500)) for n in range(1001)]
    fits = pd.DataFrame(steps, columns=["confidence", "value"]).assign(band_low=0.0, band_high=1.0)
    kept = fits[[not hidden for hidden in _hidden(fits)]]
    assert len(kept) < 250
    assert {0.0, 1.0} <= set(kept["confidence"])
    # the step stays where it is, to about a pixel
    assert abs(kept.loc[kept["value"] == 1, "confidence"].min() - 0.5) < 0.007
    assert abs(kept.loc[kept["value"] == 0, "confidence"].max() - 0.5) < 0.007


def test_too_many_panels_are_refused() -> None:
    rows = [row for i in range(13) for row in curve(f"m{i}")]
    with pytest.raises(UnsupportedError, match="13 panels"):
        plot_reliability(pd.DataFrame(rows))


def test_another_table_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="reliability curve"):
        plot_reliability(pd.DataFrame({"estimand": ["accuracy"], "value": [0.5]}))


def test_the_legend_names_every_mark(frame: pd.DataFrame) -> None:
    svg = plot_reliability(frame).svg()
    for mark in ("Share right", "Isotonic fit", "Fits if calibrated", "Calibrated", "Constant"):
        assert f">{mark}" in svg


def test_targets_stand_under_each_other_with_panels_of_one_size(frame: pd.DataFrame) -> None:
    figure = plot_reliability(pd.concat([frame, frame.iloc[: len(curve("a"))].assign(target="u")]))
    blocks = figure.spec()["vconcat"]
    assert [block["title"]["text"] for block in blocks] == ["About t", "About u"]
    assert len({block["spec"]["width"] for block in blocks}) == 1
    names = [v["panel"] for block in blocks for v in block["data"]["values"]]
    assert list(dict.fromkeys(names)) == ["a", "b"]
