from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from drawings import overlapping, size_of, texts_of
from foresay.errors import UnsupportedError
from foresay.figures import plot_ceiling_precision, plot_power


def plan(**more: Any) -> pd.DataFrame:
    powers = {(0.05, 50): 0.2, (0.05, 200): 0.6, (0.1, 50): 0.55, (0.1, 200): 0.97}
    rows = [
        {
            "estimand": "self_advantage",
            "target": "m",
            "effect": effect,
            "clusters": clusters,
            "power": power,
            "low": power - 0.01,
            "high": power + 0.01,
            "runs": 4_000,
            "test": "interval",
            "n_clusters": 100,
            "reference": 0.0,
            "level": 0.95,
            "assumes": "clusters like this study's, tilted to the effect",
            "note": "",
            **more,
        }
        for (effect, clusters), power in powers.items()
    ]
    return pd.DataFrame(rows)


def precision(**more: Any) -> pd.DataFrame:
    rows = [
        {
            "estimand": "ceiling_resample",
            "target": "m",
            "repeats": k,
            "items": n,
            "standard_error": (0.1 + 1 / k) / n**0.5,
            "floor": 0.1 / n**0.5,
            "least": (0.1 + 1 / k) / n**0.5,
            "note": "",
            **more,
        }
        for k in (2, 5, 20)
        for n in (100, 400)
    ]
    return pd.DataFrame(rows)


def drawn(figure: Any) -> list[dict[str, Any]]:
    return list(figure.spec()["data"]["values"])


def test_power_has_a_line_an_effect_with_its_name_at_its_end() -> None:
    figure = plot_power(plan())
    ends = {row["line"]: (row["x"], row["label_y"]) for row in drawn(figure) if row["end"]}
    assert ends == {"effect +.1": (200, 0.97), "effect +.05": (200, 0.6)}
    assert figure.alt == (
        "Line chart of power by clusters of the planned study. "
        "effect +.1 at 50: .55; 200: .97. effect +.05 at 50: .20; 200: .60."
    )
    assert "The study itself has 100 clusters." in figure.caption
    assert "Assumed: clusters like this study's" in figure.caption
    for text in ("effect +.1", "effect +.05", "this study", "wanted", "Power"):
        assert text in figure.svg()


def test_lines_differ_in_colour_dash_and_mark() -> None:
    layers = plot_power(plan()).spec()["layer"]
    line = next(x for x in layers if x["mark"]["type"] == "line")
    point = next(x for x in layers if x["mark"]["type"] == "point")
    for channel, layer in (("color", line), ("strokeDash", line), ("shape", point)):
        looks = layer["encoding"][channel]["scale"]["range"]
        assert len({str(look) for look in looks}) == 2, channel


def test_the_wanted_power_and_the_study_s_size_are_each_drawn_once_a_panel() -> None:
    figure = plot_power(plan(), wanted=0.9)
    rules = [x for x in figure.spec()["layer"] if x["mark"]["type"] == "rule"]
    assert {"datum": 0.9}.items() <= rules[1]["encoding"]["y"].items()
    assert [rule["transform"][0]["filter"] for rule in rules] == ["datum.own", "datum.first"]
    assert [sum(row[flag] for row in drawn(figure)) for flag in ("own", "first")] == [1, 1]
    assert not any(row["own"] for row in drawn(plot_power(plan(n_clusters=999))))


def test_labels_at_the_same_height_are_kept_apart() -> None:
    figure = plot_power(plan().assign(power=1.0))
    heights = sorted(row["label_y"] for row in drawn(figure) if row["end"])
    assert heights[1] == 1
    assert heights[1] - heights[0] > 0.05
    low = plot_power(plan().assign(power=0.0))
    assert min(row["label_y"] for row in drawn(low)) == 0


def test_one_size_is_drawn_against_the_effect() -> None:
    one = plan()[lambda frame: frame["clusters"] == 50]
    figure = plot_power(one)
    assert "50 clusters at +.05: .20; +.1: .55" in figure.alt
    assert figure.spec()["layer"][1]["encoding"]["x"]["scale"]["type"] == "linear"


def test_groups_make_panels_and_their_column_is_named() -> None:
    both = pd.concat([plan(target="a"), plan(target="b")])
    figure = plot_power(both)
    assert figure.spec()["facet"]["sort"] == ["a", "b"]
    assert "Panels: target." in figure.caption
    assert "a: effect +.1 at 50: .55" in figure.alt


def test_a_ratio_is_written_as_one() -> None:
    ratio = plan(reference=1.0).assign(effect=lambda frame: 1 + frame["effect"])
    assert "\N{MULTIPLICATION SIGN}1.1 at 50" in plot_power(ratio).alt


def test_what_is_missing_is_said_in_the_caption() -> None:
    lost = plan(effect=2.0, power=float("nan"), note="undefined: beyond what there is")
    figure = plot_power(pd.concat([plan(), lost]))
    assert "Not estimable: Self advantage (beyond what there is)." in figure.caption
    assert {row["line"] for row in drawn(figure)} == {"effect +.1", "effect +.05"}


def test_more_repeats_lower_the_line_to_its_floor() -> None:
    figure = plot_ceiling_precision(precision())
    rows = drawn(figure)
    assert {row["line"] for row in rows} == {"100 items", "400 items"}
    assert all(row["y"] > row["floor"] for row in rows)
    assert "Dotted: what more repeats of so many items cannot lower." in figure.caption
    assert "100 items at 2: .0600; 5: .0300; 20: .0150" in figure.alt
    assert "100 items" in figure.svg()


def test_an_open_error_has_a_band_and_no_floor() -> None:
    frame = precision().assign(floor=float("nan"))
    frame["least"] = frame["standard_error"] * 0.8
    caption = plot_ceiling_precision(frame).caption
    assert "Band: three repeats leave the error of more open" in caption
    assert "Dotted" not in caption


def test_refusals() -> None:
    with pytest.raises(UnsupportedError, match="needs a column 'power'"):
        plot_power(precision().assign(effect=1, clusters=1, n_clusters=1))
    with pytest.raises(UnsupportedError, match="no power is defined"):
        plot_power(plan(power=float("nan")))
    with pytest.raises(UnsupportedError, match="would draw 8 rows in one place"):
        plot_power(pd.concat([plan(), plan()]))
    many = pd.concat([plan(effect=e / 100)[:1] for e in range(8)])
    with pytest.raises(UnsupportedError, match="has 8 effects and can tell 7 apart"):
        plot_power(many.assign(clusters=range(10, 18)))
    with pytest.raises(UnsupportedError, match="needs a column 'repeats'"):
        plot_ceiling_precision(plan())
    with pytest.raises(UnsupportedError, match="no error is defined"):
        plot_ceiling_precision(precision(standard_error=float("nan")))
    items = pd.concat([precision(items=n)[:1] for n in range(10, 18)])
    with pytest.raises(UnsupportedError, match="8 numbers of items and can tell 7 apart"):
        plot_ceiling_precision(items)


def test_the_same_plan_gives_the_same_bytes_and_a_valid_chart() -> None:
    for make, frame in ((plot_power, plan()), (plot_ceiling_precision, precision())):
        assert make(frame).svg() == make(frame).svg()
        make(frame).chart.to_dict(validate=True)


@pytest.mark.parametrize("width", [321, 661])
def test_labels_at_the_ends_of_lines_fit_at_both_widths(width: int) -> None:
    for make, frame in ((plot_power, plan()), (plot_ceiling_precision, precision())):
        svg = make(frame, width=width).svg()
        wide = size_of(svg)[0]
        assert wide <= width + 8
        assert all(text.right <= wide + 4 for text in texts_of(svg))
        assert not overlapping(svg)
