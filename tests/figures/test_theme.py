from __future__ import annotations

from foresay.figures.theme import (
    DASHES,
    SERIES,
    SHAPES,
    legend_for,
    short_labels,
    shorten,
    text_width,
)


def test_a_long_name_keeps_both_its_ends() -> None:
    short = shorten("gemma-cross-predicts-smollm2-n1000", 120)
    assert short.startswith("gemma-cr")
    assert short.endswith("n1000")
    assert "…" in short
    assert text_width(short) <= 120


def test_a_name_that_fits_is_left_as_it_is() -> None:
    assert shorten("gpt-4o", 120) == "gpt-4o"


def test_what_is_not_seen_is_written_out_in_labels() -> None:
    assert shorten("a\u202eb\n", 200) == "a\\u202eb\\n"


def test_no_two_labels_are_the_same() -> None:
    names = [f"a-very-long-common-beginning-{i}-and-a-very-long-common-end" for i in range(12)]
    labels = short_labels([*names, names[0]], 90)
    assert list(labels) == names
    assert len(set(labels.values())) == 12
    assert all(text_width(label) <= 90 for label in labels.values())


def test_wide_characters_count_as_wide() -> None:
    assert text_width("漢字") > 1.5 * text_width("ab")


def test_series_differ_in_lightness_shape_and_dash() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    assert len(SERIES) == len(SHAPES) == len(DASHES)
    assert len(set(SHAPES)) == len({tuple(dash) for dash in DASHES}) == len(SERIES)
    # all but one pair of neighbours can be told apart in grey; shape does it for all
    assert len({round(lightness(colour), 2) for colour in SERIES}) == len(SERIES)


def test_a_legend_breaks_into_columns_where_it_is_too_wide() -> None:
    labels = ["one label", "another label", "and a third, longer one"]
    assert "columns" not in legend_for(labels, 600).to_dict()
    widest = text_width(labels[2]) + 34
    assert legend_for(labels, 2.1 * widest)["columns"] == 2
    assert legend_for(labels, 60)["columns"] == 1
