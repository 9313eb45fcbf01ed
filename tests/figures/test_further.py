"""Figures of templates, stages, determinism, complexity, detection and correlation."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from drawings import overlapping, size_of, texts_of
from foresay import figures
from foresay.errors import UnsupportedError
from foresay.figures.dumbbell import Pair, dumbbells
from foresay.figures.ladder import MATCHINGS

HOSTILE = "<b>|`x`\n$z$ ${alert(1)}"
TAIL = {
    "level": 0.95,
    "standard_error": 0.02,
    "interval": "t",
    "n_trials": 40,
    "n_items": 40,
    "n_clusters": 40,
    "note": "",
}


def row(estimand, value, half=0.05, /, **parts):
    ends = {"value": value, "low": value - half, "high": value + half}
    return {"estimand": estimand, **parts, **ends, **TAIL}


def lost(estimand, note, /, **parts):
    return {**row(estimand, math.nan, **parts), "note": note, "n_trials": 0}


def templates():
    cells = {("x", "u"): 0.9, ("x", HOSTILE): 0.7, ("y", "u"): 0.6, ("y", HOSTILE): 0.2}
    parts = [row("accuracy", v, quantity="cell", row=a, column=b) for (a, b), v in cells.items()]
    parts += [row("accuracy", 0.8, quantity="row", row="x", column=None)]
    parts += [row("accuracy", 0.4, quantity="row", row="y", column=None)]
    parts += [row("accuracy", 0.7, quantity="column", row=None, column="u")]
    parts += [row("accuracy", 0.5, quantity="column", row=None, column=HOSTILE)]
    parts += [row("accuracy", 0.6, quantity="all", row=None, column=None)]
    parts += [row("accuracy", 0.2, quantity="worst", row="y", column=HOSTILE)]
    return pd.DataFrame(parts)


def ladder():
    parts = []
    for rung, rate in (("base", 0.3), ("self-trained", 0.6)):
        parts.append(row("compliance", rate, quantity="value", matching="none", rung=rung))
        parts += [row("accuracy", rate, quantity="value", matching=m, rung=rung) for m in MATCHINGS]
    parts += [
        {
            **row("accuracy", 0.3, quantity="gain", matching=m, rung="self-trained"),
            "note": "over base",
        }
        for m in MATCHINGS
    ]
    parts += [
        lost("accuracy", "no trials of this stage", quantity="value", matching=m, rung="scrambled")
        for m in MATCHINGS
    ]
    return pd.DataFrame(parts)


def determinism():
    values = {"before": 0.8, "after": 0.5, "change": -0.3}
    return pd.DataFrame(
        row("entropy", v, base="m", model=model, quantity=q)
        for model in ("m1", HOSTILE)
        for q, v in values.items()
    )


def matched():
    return pd.DataFrame(
        row(e, v, quantity=q, matching=m, arm=arm)
        for e in ("accuracy", "entropy")
        for m in ("none", "weights")
        for q, arm, v in (
            ("value", "new", 0.8),
            ("value", "old", 0.6),
            ("difference", "new minus old", 0.2),
        )
    )


def complexity():
    parts = [
        {**row(e, v, series=s, quantity="point", x=x), "floor": v < 0.6 and s == "self"}
        for s, values in (("self", (0.8, 0.5)), ("cross", (0.6, 0.55)))
        for x, v in zip((1.0, 2.0), values, strict=True)
        for e in ("accuracy", "baseline_mode", "advantage")
    ]
    parts += [
        {**row("advantage", -0.3, series="self", quantity="slope", x=math.nan), "floor": False}
    ]
    parts += [
        {**lost("accuracy", "none", series="none", quantity="point", x=x), "floor": False}
        for x in (1.0, 2.0)
    ]
    frame = pd.DataFrame(parts)
    first = ["estimand", "series", "quantity", "x", "floor"]
    return frame[[*first, *(c for c in frame.columns if c not in first)]]


def detection():
    parts = [
        row(e, v, predictor=p)
        for p in ("m1", HOSTILE)
        for e, v in (("hit_rate", 0.7), ("false_alarm_rate", 0.2), ("d_prime", 1.4))
    ]
    parts[-1] = {**parts[-1], "low": math.nan, "high": math.nan}
    return pd.DataFrame(parts)


def correlation():
    return pd.DataFrame(row("correlation", v, predictor=p) for p, v in (("m1", 0.5), ("m2", 0.0)))


DRAWN = {
    "templates": (figures.plot_templates, templates),
    "stage-ladder": (figures.plot_ladder, ladder),
    "determinism": (figures.plot_determinism, determinism),
    "entropy-matched": (figures.plot_entropy_matched, matched),
    "complexity": (figures.plot_complexity, complexity),
    "detection": (figures.plot_detection, detection),
    "correlation": (figures.plot_correlation, correlation),
}
EVERY = pytest.mark.parametrize("name", DRAWN)


@EVERY
@pytest.mark.parametrize("width", [figures.DOUBLE, figures.SINGLE])
def test_it_is_drawn_at_both_widths_and_answers_a_question(name, width):
    plot, table = DRAWN[name]
    figure = plot(table(), width=width)
    assert figure.name == name
    assert figure.question.endswith("?")
    figure.chart.to_dict()
    svg = figure.svg()
    assert "<b>" not in svg
    assert size_of(svg)[0] <= width + 8
    assert min(text.size for text in texts_of(svg)) >= 10
    assert not overlapping(svg)
    assert "95\N{NO-BREAK SPACE}%" in figure.caption or name == "templates"


@EVERY
def test_its_words_hold_every_value(name):
    plot, table = DRAWN[name]
    figure = plot(table())
    assert figure.alt.endswith(".")
    assert "\n" not in figure.caption + figure.alt
    assert "`x`" not in figure.caption_markdown.replace("\\`", "")


@EVERY
def test_the_same_table_gives_the_same_bytes(name):
    plot, table = DRAWN[name]
    assert plot(table()).vega_lite() == plot(table()).vega_lite()


@pytest.mark.parametrize("name", [n for n in DRAWN if n not in ("detection", "correlation")])
def test_another_table_is_refused(name):
    plot, _ = DRAWN[name]
    with pytest.raises(UnsupportedError, match=f"figure '{name}'"):
        plot(detection())


def test_the_worst_cell_is_outlined_and_said():
    figure = figures.plot_templates(templates())
    assert ".200 [.150, .250]" in figure.caption
    assert '"worst":true' in figure.vega_lite().replace(" ", "")
    assert "4 cells at once" in figure.caption


def test_a_missing_stage_is_named_and_has_no_empty_row():
    figure = figures.plot_ladder(ladder())
    assert "Not in these tables: scrambled." in figure.caption
    assert ">scrambled<" not in figure.svg()


def test_a_series_without_points_has_no_line_but_a_legend_entry():
    figure = figures.plot_complexity(complexity())
    assert "none (no data)" in figure.svg()
    assert "Not in these tables: none." in figure.caption
    assert "(at the floor)" in figure.alt


def test_a_d_prime_without_an_interval_is_a_number_alone():
    svg = figures.plot_detection(detection()).svg()
    assert "[\N{EM DASH}]" not in svg
    assert "d\N{PRIME} 1.4" in svg


def test_marks_at_the_ends_do_not_lie_over_the_labels():
    rows = pd.DataFrame(
        {
            "panel": "",
            "full": "a",
            "arm": arm,
            "value": v,
            "low": v,
            "high": v,
            "text": "",
            "printed": "",
            "lost": "",
        }
        for arm, v in (("one", 0.0), ("two", 1.0))
    )
    chart = dumbbells(rows, Pair(first="one", second="two", axis="x"), width=400).to_dict()
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in chart["layer"]
        if "scale" in layer["encoding"].get("x", {})
    ]
    assert domains
    assert all(low < 0 and high > 1 for low, high in domains)
