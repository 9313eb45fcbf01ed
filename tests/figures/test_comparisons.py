"""Figures of comparisons: contrasts, interactions, trends, summaries, the two-way model."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from drawings import overlapping, size_of, texts_of
from foresay.comparisons.long_tables import NUMBERS, PARTS
from foresay.errors import UnsupportedError
from foresay.figures import GALLERY
from foresay.figures.contrasts import NOT_SHOWN, SHOWN, UNTESTED, plot_contrasts
from foresay.figures.random_effects import plot_random_effects
from foresay.figures.theme import SERIES, looks_of
from foresay.figures.trend import plot_trend
from foresay.figures.two_way import plot_two_way

HOSTILE = "<b>|`x`\n$z$ ${alert(1)}"
TEXT = ("quantity", "subject", "over", "against", "family", "test", "hypothesis", "verdict")


def row(kind, quantity, value=math.nan, half=0.02, *, name="c", title="C", target="m", **more):
    made = {**dict.fromkeys([*PARTS, *NUMBERS], math.nan), **dict.fromkeys(TEXT, "")}
    head = {"kind": kind, "name": name, "title": title, "estimand": "accuracy", "target": target}
    numbers = {"value": value, "low": value - half, "high": value + half, "level": 0.95}
    rest = {"hypothesis": "difference", "reference": 0.0, "n_items": 40.0, "note": ""}
    return {**head, **made, **rest, **numbers, "quantity": quantity, **more}


def contrasts(**more):
    return pd.DataFrame(
        [
            row("contrast", "difference", 0.05, verdict="different", p_value=0.001, **more),
            row("contrast", "difference", 0.01, target="n", verdict="not shown", p_value=0.4),
        ]
    )


def trends():
    points = {"self": (0.5, 0.6, 0.7), "cross": (0.5, 0.55, math.nan), "difference": (0, 0.05)}
    rows = [
        row("trend", "point", v, subject=s, x=x, over="n_train")
        for s, values in points.items()
        for x, v in zip((100.0, 200.0, 400.0), [*values, math.nan][:3], strict=True)
    ]
    flat = {"x_from": 100.0, "x": 400.0, "hypothesis": "equivalence", "margin": 0.05}
    rows += [
        row("trend", "slope", 0.1, subject="self", against="doubling", over="n_train"),
        row("trend", "plateau", 0.2, subject="self", verdict="not shown", over="n_train", **flat),
        row("trend", "plateau", subject="cross", over="n_train", note="no level", **flat),
    ]
    return pd.DataFrame(rows)


def summaries(task="words"):
    rows = [
        row("summary", "effect", v, subject=t, over="task", weight=w)
        for t, v, w in (("animals", 0.1, 0.6), (task, 0.02, 0.4), ("choices", 0.0, math.nan))
    ]
    rows += [
        row("summary", "mean", 0.07, over="task", verdict="different", p_value=0.01, n_effects=2.0),
        row("summary", "next effect", over="task", low=-0.2, high=0.3),
        row("summary", "without", 0.02, 0.5, subject="animals", over="task", verdict="not shown"),
        row("summary", "without", 0.1, 0.5, subject=task, over="task", verdict="not shown"),
    ]
    return pd.DataFrame(rows)


def models(name="b"):
    rows = [
        row("regression", "marginal effect", 0.2, subject=f"predictor[{name}]", against="a"),
        row("regression", "marginal effect", -0.1, subject="target[b]", against="a"),
        row("regression", "marginal effect", 0.04, subject="self", verdict="different"),
    ]
    return pd.DataFrame(rows).assign(n_trials=90.0, n_clusters=30.0)


def interactions(arm="cross"):
    parts = [("arm", p, a, 0.6) for p in ("late", "early") for a in ("self", arm)]
    parts += [("difference", "late", "", 0.1), ("difference", "early", "", 0.0)]
    parts += [("interaction", "", "", 0.1)]
    return pd.DataFrame(
        {
            "estimand": "accuracy",
            "target": "m",
            "quantity": q,
            "pair": p,
            "arm": a,
            "value": v,
            "low": v - 0.05,
            "high": v + 0.05,
            "level": 0.95,
            "n_items": 40,
            "verdict": "different" if q == "interaction" else "",
            "note": "",
        }
        for q, p, a, v in parts
    )


TABLES = {
    "contrasts": contrasts,
    "trend": trends,
    "over-tasks": summaries,
    "two-way-model": models,
    "interaction": interactions,
}


def texts(figure):
    return figure.vega_lite()


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("width", [321, 400, 661])
def test_every_figure_of_a_comparison_is_drawn_wide_and_narrow(name, width):
    entry = GALLERY[name]
    assert entry.kind
    figure = entry.plot(TABLES[name](), width=width)
    assert (figure.name, figure.question) == (name, entry.question)
    figure.chart.to_dict()  # against Vega-Lite's schema
    svg = figure.svg()
    assert size_of(svg)[0] <= width + 8
    assert min(text.size for text in texts_of(svg)) >= 10
    assert not overlapping(svg)


@pytest.mark.parametrize("name", TABLES)
def test_a_figure_refuses_what_it_is_not_made_for(name):
    with pytest.raises(UnsupportedError, match=f"figure '{name}' needs"):
        GALLERY[name].plot(interactions() if name != "interaction" else contrasts())


def test_a_mark_is_filled_by_the_test_and_not_by_the_interval():
    frame = contrasts(low=-0.01)
    data = plot_contrasts(frame).chart.to_dict()["datasets"]
    drawn = {v["full"]: v["shown"] for values in data.values() for v in values if "shown" in v}
    assert drawn == {"m": SHOWN, "n": NOT_SHOWN}


def drawn_rows(figure):
    data = figure.chart.to_dict()["datasets"]
    return [v for values in data.values() for v in values if "full" in v]


def test_a_contrast_that_was_never_tested_is_not_one_that_its_test_does_not_show():
    frame = pd.concat([contrasts(), pd.DataFrame([row("contrast", "difference", 0.1, target="k")])])
    figure = plot_contrasts(frame)
    assert {r["full"]: r["shown"] for r in drawn_rows(figure)}["k"] == UNTESTED
    assert UNTESTED in texts(figure)
    assert "grey: not tested" in figure.caption
    assert UNTESTED not in texts(plot_contrasts(contrasts()))
    assert "n = 40" in texts(figure)


def test_an_interaction_is_told_in_the_words_of_its_test():
    figure = GALLERY["interaction"].plot(interactions())
    shown = {r["full"]: r["shown"] for r in drawn_rows(figure)}
    assert shown["difference of the two"] == SHOWN
    assert shown["late"] == f"{UNTESTED} here"  # it may be, as a contrast of its own
    assert "interval excludes" not in texts(figure)


def test_an_interval_that_runs_off_the_axis_ends_in_an_arrow_head():
    figure = plot_random_effects(summaries())
    off = {r["full"]: (r["off_low"], r["off_high"]) for r in drawn_rows(figure)}
    assert off["Mean"] == (False, False)
    assert off["Next task"] == (False, True)
    assert off["animals"] == (True, True)  # the mean without it
    assert "triangle-right" in texts(figure)
    inside = summaries()
    inside = inside[inside["quantity"].isin(["effect", "mean"])]
    assert "triangle" not in texts(plot_random_effects(inside))
    assert "Arrow heads: runs on beyond the axis." in figure.caption


def test_the_means_without_a_task_are_printed():
    drawn = plot_random_effects(summaries()).chart.to_dict()["hconcat"][1]
    assert any(
        layer["encoding"].get("text", {}).get("field") == "first" for layer in drawn["layer"]
    )


def test_zero_on_a_logarithmic_axis_is_said_in_its_title():
    frame = trends()
    frame["against"] = "doubling"
    assert "0 set apart" not in texts(plot_trend(frame))
    frame["x"] = frame["x"].replace(100.0, 0.0)
    assert "(logarithmic; 0 set apart)" in texts(plot_trend(frame))


def test_self_and_cross_keep_their_colours_whichever_is_there():
    assert looks_of(["cross", "self"]) == {"cross": 1, "self": 0}
    assert looks_of(["other", "cross"]) == {"other": 2, "cross": 1}
    assert looks_of(["self", "Gemma"]) == {"self": 0, "Gemma": 1}
    assert looks_of(["a", "b"]) == {"a": 0, "b": 1}
    frame = trends()
    alone = frame[frame["subject"] != "self"]
    hues = {r["hue"] for r in drawn_points(plot_trend(alone)) if r["series"] == "cross"}
    assert hues == {SERIES[1]}


def drawn_points(figure):
    data = figure.chart.to_dict()["datasets"]
    return [v for values in data.values() for v in values if "series" in v and "text" in v]


def test_ratios_have_an_axis_of_their_own_and_families_say_so():
    ratio = row("contrast", "ratio", 1.2, name="r", title="R", reference=1.0, verdict="different")
    frame = pd.concat([contrasts(p_adjusted=0.002, family="main"), pd.DataFrame([ratio])])
    figure = plot_contrasts(frame)
    said = texts(figure)
    assert '"log"' in said
    assert "adjusted p = .002" in said
    assert "those of the family main" in figure.caption
    assert "R: m +1.200" not in figure.alt
    assert "R: m 1.200 [1.180, 1.220], higher than 1" in figure.alt


def test_a_missing_level_and_an_untested_plateau_are_said():
    figure = plot_trend(trends())
    assert "Missing levels (crosses at the foot): cross at 400." in figure.caption
    assert "cross from 100 to 400: not tested, a level is missing" in figure.alt
    assert "self from 100 to 400: +.200 [.180, .220], not shown to be within .050" in figure.alt


def test_a_series_without_points_is_named_as_missing():
    frame = trends()
    frame.loc[frame["subject"].isin(["cross", "difference"]), ["value", "low", "high"]] = math.nan
    figure = plot_trend(frame)
    assert "cross (no data)" in texts(figure)
    assert "Not in these tables: cross." in figure.caption


def test_one_point_makes_no_line_and_no_trend():
    frame = trends()
    one = frame[(frame["quantity"] == "point") & (frame["x"] == 100)]
    with pytest.raises(UnsupportedError, match="fewer than 2 levels"):
        plot_trend(one)


def test_a_summary_says_weights_the_mean_and_what_has_none():
    figure = plot_random_effects(summaries())
    assert "Mean +.070 [.050, .090], higher than 0 (t test, p" in figure.caption
    assert "2 tasks)" in figure.caption
    assert "Without weight: choices." in figure.caption
    assert "without animals +.02" in figure.alt


def test_self_stands_first_and_factors_say_what_they_are_held_against():
    figure = plot_two_way(models())
    assert figure.alt.index("Self") < figure.alt.index("b +.200")
    assert "Predictor, against a" in texts(figure)


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("over-tasks", summaries(HOSTILE)),
        ("two-way-model", models(HOSTILE)),
        ("interaction", interactions(HOSTILE)),
        ("contrasts", contrasts(title=HOSTILE)),
        ("trend", trends().assign(subject=trends()["subject"].replace("cross", HOSTILE))),
    ],
)
def test_names_are_text_in_every_figure(name, frame):
    figure = GALLERY[name].plot(frame)
    assert "<b>" not in figure.svg()
    assert "<b>" not in figure.html()
    assert "<b>" not in figure.caption_markdown.replace("\\<b\\>", "")
