"""What can be read: in grey, with colour blindness, at 400 pixels, and by those who see nothing."""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pytest

from drawings import overlapping, size_of, texts_of
from foresay.figures import (
    DOUBLE,
    GALLERY,
    SINGLE,
    Figure,
    plot_accuracy,
    plot_gain,
    plot_policies,
    plot_two_scorings,
)
from foresay.figures.forest_panels import _UNTESTED
from foresay.figures.rows import natural, of_items
from foresay.figures.theme import (
    BLUE,
    LINE_BREAK,
    PALE,
    SERIES,
    SKY,
    VERMILION,
    fitting,
    short_labels,
    text_width,
    wrapped,
)

PHONE = 400
WIDTHS = pytest.mark.parametrize("width", [DOUBLE, PHONE, SINGLE])
# Machado, Oliveira & Fernandes (2009), severity 1, on linear light; doi:10.1109/TVCG.2009.113
BLIND = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
FROM_ESTIMATES = [name for name, entry in GALLERY.items() if not entry.kind]
LONG = "smollm2-135m-instruct \N{MIDDLE DOT} second person, worked examples "


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def luminance(light: list[float]) -> float:
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), light, strict=True))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2."""
    low, high = sorted(luminance(linear(c)) + 0.05 for c in (one, other))
    return high / low


def lab(light: list[float]) -> list[float]:
    """CIE 1976 L*a*b* of linear light, white D65."""
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(m * p for m, p in zip(row, light, strict=True)) for row in matrix]
    scaled = [v / w for v, w in zip(xyz, (0.9505, 1.0, 1.089), strict=True)]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in scaled)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def seen(colour: str, kind: str) -> list[float]:
    light = linear(colour)
    rows = [sum(m * p for m, p in zip(row, light, strict=True)) for row in BLIND[kind]]
    return lab([min(max(v, 0.0), 1.0) for v in rows])


def drawn(name: str, estimate, width: int, prefix: str = LONG) -> Figure:
    entry = GALLERY[name]
    groups = [{column: f"{prefix}{column}-{i}" for column in entry.by} for i in (1, 2)]
    if "n_train" in entry.by:
        groups = [{"n_train": n, "role": r} for n in (0, 100) for r in ("self", "cross")]
    frame = pd.DataFrame(
        # the parts of a stacked bar sum to less than 1
        estimate(needed, 0.2, 0.1, 0.3, group=group) | {"compliance": policy}
        for needed in (*entry.needs, *entry.wants)
        for group in groups
        for policy in (("paper", "count_wrong") if entry.policies else ("paper",))
    )
    return entry.plot(frame, width=width)


def test_the_first_series_differ_in_grey_and_stand_out_from_white() -> None:
    lightness = [lab(linear(colour))[0] for colour in SERIES[:4]]
    gaps = [abs(a - b) for a, b in itertools.combinations(lightness, 2)]
    assert min(gaps) > 6
    # self and cross, which most figures compare
    assert abs(lightness[0] - lightness[1]) > 15
    assert min(contrast(colour, "#ffffff") for colour in SERIES[:4]) > 3


@pytest.mark.parametrize("kind", BLIND)
def test_the_first_series_differ_for_colour_blind_readers(kind: str) -> None:
    for one, other in itertools.combinations(SERIES[:4], 2):
        apart = sum((a - b) ** 2 for a, b in zip(seen(one, kind), seen(other, kind), strict=True))
        assert apart**0.5 > 10, (one, other)


def test_neighbours_in_a_stacked_bar_differ_in_grey() -> None:
    bar = [lab(linear(colour))[0] for colour in (BLUE, SKY, VERMILION, PALE)]
    assert min(abs(a - b) for a, b in itertools.pairwise(bar)) > 12


def test_numbers_in_bars_can_be_read() -> None:
    assert contrast(BLUE, "#ffffff") > 4.5
    assert contrast(VERMILION, "#ffffff") > 3


@WIDTHS
@pytest.mark.parametrize("name", FROM_ESTIMATES)
def test_every_description_and_caption_says_n(name: str, width: int, estimate) -> None:
    figure = drawn(name, estimate, width)
    assert "839 items" in figure.spec()["description"]
    assert "839 items" in figure.caption


@WIDTHS
@pytest.mark.parametrize("name", FROM_ESTIMATES)
def test_no_text_is_small_cut_or_over_another(name: str, width: int, estimate) -> None:
    svg = drawn(name, estimate, width).svg()
    wide, high = size_of(svg)
    assert wide <= width + 8
    texts = texts_of(svg)
    assert texts
    # 7.5 pt at 100 % print size
    assert min(text.size for text in texts) >= 10
    out = [
        t.text
        for t in texts
        if min(t.left, t.top) < -4 or t.right > wide + 4 or t.bottom > high + 4
    ]
    assert not out
    assert not overlapping(svg)


@WIDTHS
def test_a_panel_has_its_own_rows_alone(width: int, estimate) -> None:
    cells = [("a", "t1"), *((p, "t2") for p in "bcdef")]
    frame = pd.DataFrame(
        estimate("accuracy", 0.5, 0.4, 0.6, group={"predictor": f"{p}-model", "target": t})
        | {"compliance": policy}
        for p, t in cells
        for policy in ("paper", "ignore")
    )
    for figure in (
        plot_policies(frame, width=width),
        plot_accuracy(frame[frame["compliance"] == "paper"], width=width),
    ):
        labels = [t.text for t in texts_of(figure.svg()) if t.text.endswith("-model")]
        assert sorted(labels) == [f"{p}-model" for p in "abcdef"]


@WIDTHS
def test_the_parts_of_a_strip_stay_in_its_row(width: int, estimate) -> None:
    frame = pd.DataFrame(
        estimate("accuracy", 0.5, 0.4, 0.6, group={"predictor": p, "target": t}) | {"compliance": c}
        for p, t in [("a" * 60, "t1"), ("b", "t2"), ("c", "t2"), ("d", "t2")]
        for c in ("paper", "ignore")
    )
    svg = plot_policies(frame, width=width).svg()
    first, second = (
        [
            float(y)
            for y in re.findall(f'translate\\([-0-9.]+,([0-9.]+)\\)" d="[^"]*" fill="{c}"', svg)
        ]
        for c in SERIES[:2]
    )
    assert len(first) == len(second) == 4 + 1  # and in the legend
    assert all(0 < b - a < 36 for a, b in zip(first[:4], second[:4], strict=True))


def test_long_names_are_whole_above_their_marks_in_one_column(estimate) -> None:
    name = "smollm2-135m-instruct \N{MIDDLE DOT} second person, worked examples"
    frame = pd.DataFrame(
        estimate("accuracy", 0.5, 0.4, 0.6, group={"predictor": p}) for p in (name, "b")
    )
    (label,) = (t for t in texts_of(plot_accuracy(frame, width=SINGLE).svg()) if t.text == name)
    assert label.left < 12


def test_numbers_in_cells_have_fewer_decimals_or_go_where_cells_are_narrow() -> None:
    values = [0.25, 1.0, float("nan")]
    texts = [".250", "1.000", "\N{EM DASH}"]
    assert fitting(values, texts, 60) == [".250", "1.000", ""]
    assert fitting(values, texts, 25) == [".25", "1.00", ""]
    assert fitting(values, texts, 15) == ["", "", ""]


def test_ten_models_of_each_other_fit_into_one_column(estimate) -> None:
    frame = pd.DataFrame(
        estimate(e, 0.5, 0.4, 0.6, group={"predictor": f"{LONG}{i}", "target": f"{LONG}{j}"})
        for e in ("accuracy_target", "accuracy_own")
        for i, j in itertools.product(range(9), range(9))
    )
    svg = plot_two_scorings(frame, width=SINGLE).svg()
    assert size_of(svg)[0] <= SINGLE + 8
    assert not overlapping(svg)


def test_lines_break_between_words_and_not_within_an_interval() -> None:
    text = "Change of smollm2-135m-instruct: \N{MINUS SIGN}.051 [\N{MINUS SIGN}.084, .019], shown"
    lines = wrapped(text, 120, most=9)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert [line for line in lines if "[" in line] == [line for line in lines if "]" in line]
    assert all(text_width(line) <= 120 for line in lines)
    assert len(wrapped(text, 120, most=2)) == 2


def test_numbers_of_training_examples_stand_in_order(estimate) -> None:
    frame = pd.DataFrame(
        estimate(e, v, v - 0.1, v + 0.1, group={"predictor": f"self-n{n}", "before": "base"})
        for n in (1000, 100, 300)
        for e, v in (("gain_compliance", 0.1), ("gain_accuracy", 0.1), ("gain", 0.2))
    )
    texts = texts_of(plot_gain(frame).svg())
    labels = [t.text for t in texts if t.text.startswith("self-")]
    assert labels == ["self-n100", "self-n300", "self-n1000"]


def test_a_bar_with_a_part_below_zero_stays_on_the_axis(estimate) -> None:
    parts = (("gain_compliance", 0.8), ("gain_accuracy", -0.3), ("gain", 0.5))
    frame = pd.DataFrame(
        estimate(e, v, v - 0.01, v + 0.01, group={"predictor": p, "before": "base"})
        for p in "ab"
        for e, v in parts
    )
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in plot_gain(frame).spec()["layer"]
        if "scale" in layer["encoding"].get("x", {})
    ]
    assert domains
    assert all(low <= -0.3 and high >= 0.8 for low, high in domains)


def test_a_heading_has_a_line_for_each_part_where_one_is_too_long() -> None:
    dot = " \N{MIDDLE DOT} "
    long = dot.join(["gemma-3-270m", "named model, worked examples", "smollm2-135m-instruct"])
    labels = short_labels([long, f"a{dot}b"], 180, tall=True)
    assert labels[long].split(LINE_BREAK) == long.split(dot)
    assert labels[f"a{dot}b"] == f"a{dot}b"


def test_a_label_breaks_where_its_lines_are_most_even() -> None:
    dot = " \N{MIDDLE DOT} "
    long = dot.join(["a long first part", "short", "tiny"])
    first, second = short_labels([long], 110, breakable=True)[long].split(LINE_BREAK)
    assert (first, second) == ("a long first part", f"short{dot}tiny")


def test_shown_not_shown_and_untested_marks_differ_in_grey() -> None:
    fills = [lab(linear(colour))[0] for colour in (BLUE, _UNTESTED, "#ffffff")]
    assert min(b - a for a, b in itertools.pairwise(fills)) > 20


def test_natural_order_counts_digits() -> None:
    names = ["n1000", "n100", "a2b10", "a2b9", ""]
    assert sorted(names, key=natural) == ["", "a2b9", "a2b10", "n100", "n1000"]


def test_n_of_several_rows_is_a_span_and_rows_without_numbers_do_not_count() -> None:
    frame = pd.DataFrame({"value": [0.1, None, None], "low": [0.0, 0.0, None]})
    assert of_items(frame) == ""
    assert of_items(frame.assign(n_items=[60, 1839, 7])) == " (n = 60 to 1,839 items)"
    assert of_items(frame.assign(n_items=[1, 1, 7])) == " (n = 1 item)"
