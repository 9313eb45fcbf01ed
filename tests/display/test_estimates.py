from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pypandoc
import pytest

from display.latex_reader import read_latex
from foresay.display import estimates_table, grouping_columns
from foresay.errors import UnsupportedError

Make = Callable[..., dict[str, Any]]
EVIL = "<b>m</b> | \u202e**x** $y$\nz & \\w"


@pytest.fixture
def frame(estimate: Make) -> pd.DataFrame:
    rows = []
    for i, predictor in enumerate(["self-n1000", EVIL]):
        group = {"predictor": predictor, "target": "m1"}
        rows.append(estimate("accuracy", 0.633 - i / 10, 0.598, 0.667, group=group))
        rows.append(estimate("baseline_mode", 0.584, 0.55, 0.61, group=group))
    rows[-1] = estimate(
        "baseline_mode", group={"predictor": EVIL, "target": "m1"}, note="tie | all"
    )
    return pd.DataFrame(rows)


def test_two_estimands_stand_under_spanners(frame: pd.DataFrame) -> None:
    table = estimates_table(frame)
    assert [(c.spanner, c.label.replace("\xa0", " ")) for c in table.columns] == [
        ("", "Predictor"),
        ("Accuracy", "Estimate"),
        ("Accuracy", "95 % interval"),
        ("Mode baseline", "Estimate"),
        ("Mode baseline", "95 % interval"),
        ("", "Items"),
    ]
    assert table.rows[0] == (
        "self-n1000",
        ".633",
        "[.598,\xa0.667]",
        ".584",
        "[.550,\xa0.610]",
        "839",
    )
    assert table.rows[1][3:5] == ("—†", "—")
    assert table.notes == ("All rows: Target: m1.", "† tie | all")


def test_three_estimands_share_a_cell_each(frame: pd.DataFrame, estimate: Make) -> None:
    more = estimate(
        "ceiling_resample", 0.8, 0.7, 0.9, group={"predictor": "self-n1000", "target": "m1"}
    )
    table = estimates_table(pd.concat([frame, pd.DataFrame([more])]), columns=())
    assert [c.label for c in table.columns] == [
        "Predictor", "Accuracy", "Mode baseline", "Resample ceiling",
    ]  # fmt: skip
    assert [row[3] for row in table.rows] == [".80\xa0[.70,\xa0.90]", "—"]


def test_html_escapes_aligns_and_asks_for_nothing(frame: pd.DataFrame) -> None:
    html = estimates_table(frame, notes=["<i>n</i>"], labels={"predictor": "<u>P</u>"}).html()
    for tag in ("<b>", "<i>", "<u>", "\u202e"):
        assert tag not in html
    assert "&lt;b&gt;m&lt;/b&gt;" in html
    assert "http" not in html
    assert "font-family" not in html
    assert 'style="text-align: right">.633<' in html


def test_html_becomes_the_same_table_in_other_formats(frame: pd.DataFrame) -> None:
    table = estimates_table(frame, notes=["a note"])
    typst = pypandoc.convert_text(table.html(), "typst", format="html")
    for part in ("colspan: 2)[Accuracy]", "[.633]", "tie | all", "a note", "\\*\\*x\\*\\*"):
        assert part in typst


def test_markdown_is_one_table_with_hostile_cells(frame: pd.DataFrame) -> None:
    lines = estimates_table(frame).markdown().splitlines()
    assert lines[1].count("---") == 6
    assert r"\<b\>m\</b\> \| \\u202e\*\*x\*\* \$y\$\\nz \& \\\\w" not in lines[3]
    plain = pypandoc.convert_text(
        "\n".join(lines), "plain", format="markdown", extra_args=["--columns=300"]
    )
    assert "<b>m</b> | \\u202e**x** $y$\\nz & \\w" in plain


def test_latex_is_a_booktabs_table(frame: pd.DataFrame) -> None:
    latex = estimates_table(frame).latex()
    read = read_latex(latex)
    assert read.columns == 6
    assert read.rows[3][0] == "<b>m</b> | \\u202e**x** $y$\\nz & \\w"
    assert r"\cmidrule(lr){2-3} \cmidrule(lr){4-5}" in latex
    assert r"\textless{}b\textgreater{}m" in latex
    assert pypandoc.convert_text(latex, "html", format="latex").count("<tr") == 4


def test_csv_holds_the_tidy_rows_in_full_precision(frame: pd.DataFrame) -> None:
    frame.loc[0, "value"] = 1 / 3
    frame.loc[0, "predictor"] = "=1+1"
    read = pd.read_csv(io.StringIO(estimates_table(frame).csv()), keep_default_na=False)
    assert read["value"].iloc[0] == str(1 / 3)
    assert read["predictor"].iloc[0] == "'=1+1"
    assert read["predictor"].iloc[2] == EVIL


def test_the_same_content_gives_the_same_bytes_and_other_content_another_id(
    frame: pd.DataFrame,
) -> None:
    one, two = estimates_table(frame), estimates_table(frame.copy())
    assert one.html() == two.html()
    assert estimates_table(frame.head(2)).identifier != one.identifier


def test_groups_become_headings_in_every_format(estimate: Make) -> None:
    frame = pd.DataFrame(
        estimate("accuracy", 0.5, 0.4, 0.6, group={"task": t, "predictor": p})
        for p in "ab"
        for t in ("animals", "words")
    )
    table = estimates_table(frame, group="task")
    assert table.groups == ("animals", "animals", "words", "words")
    assert [row[0] for row in table.rows] == ["a", "b", "a", "b"]
    assert "animals" in table.html()
    assert "| animals |  |" in table.markdown()
    assert r"\textit{animals}" in table.latex()


def test_a_table_of_one_row_names_it(estimate: Make) -> None:
    frame = pd.DataFrame(
        [estimate("accuracy", 0.5, 0.4, 0.6, group={"predictor": "a", "target": "b"})]
    )
    table = estimates_table(frame)
    assert table.rows[0][0] == "a"
    assert table.notes == ("Accuracy.", "All rows: Target: b.")


def test_notes_of_values_are_marked_once(estimate: Make) -> None:
    frame = pd.DataFrame(
        estimate("accuracy", 0.5, 0.4, 0.6, group={"predictor": p}, note=note)
        for p, note in zip("abcdefg", ["few", "", "few", "n2", "n3", "n4", "n5"], strict=True)
    )
    table = estimates_table(frame)
    assert [row[1] for row in table.rows] == [
        ".50†",
        ".50",
        ".50†",
        ".50‡",
        ".50§",
        ".50¶",
        ".50††",
    ]
    assert "†† n5" in table.notes


def test_a_missing_value_without_a_reason_says_so(estimate: Make) -> None:
    frame = pd.DataFrame([estimate("accuracy", group={"predictor": "a"})])
    assert "† not estimable; no reason was recorded" in estimates_table(frame).notes


def test_refusals_say_the_way_out(frame: pd.DataFrame) -> None:
    with pytest.raises(UnsupportedError, match="has no rows"):
        estimates_table(frame.head(0))
    with pytest.raises(UnsupportedError, match="no column 'value'"):
        estimates_table(frame.drop(columns="value"))
    with pytest.raises(UnsupportedError, match="needs the column 'nothing'"):
        estimates_table(frame, columns=["nothing"])
    with pytest.raises(UnsupportedError, match=r"two accuracy rows for m1; .*rows="):
        estimates_table(frame, rows=["target"])


def test_grouping_columns_are_those_before_the_value(frame: pd.DataFrame) -> None:
    assert grouping_columns(frame) == ["predictor", "target"]


def test_contrasts_print_their_p(estimate: Make) -> None:
    row = estimate("self_advantage", 0.019, -0.024, 0.062, group={"target": "m1"})
    table = estimates_table(
        pd.DataFrame([row | {"p_value": 0.0}]), columns=["p_value", "design_effect"]
    )
    assert table.rows[0][1:] == ("+.019", "[\u2212.024,\xa0.062]", "< .001", "1.20")
    assert math.isnan(table.data["standard_error"].iloc[0])


def test_what_all_numbers_share_is_said_once_and_the_rest_in_parts(estimate: Make) -> None:
    notes = ["all; few", "all; many", "all; few; many"]
    frame = pd.DataFrame(
        estimate("accuracy", 0.5, 0.4, 0.6, group={"predictor": p}, note=note)
        for p, note in zip("abc", notes, strict=True)
    )
    table = estimates_table(frame)
    assert [row[1] for row in table.rows] == [".50†", ".50‡", ".50†\N{NO-BREAK SPACE}‡"]
    assert table.notes[-3:] == ("All numbers: all.", "† few", "‡ many")


@pytest.mark.parametrize("ends", [(".907", ".952"), (".907", ".907")], ids=["two", "one"])
def test_the_ends_of_a_bracket_stand_in_the_cell(estimate: Make, ends: tuple[str, str]) -> None:
    note = f"a bracket: its ends are {ends[0]} and {ends[1]}"
    row = estimate("ceiling_modal", math.nan, 0.878, 0.966, group={"predictor": "a"}, note=note)
    table = estimates_table(pd.DataFrame([row]))
    assert table.rows[0][1] == (".907 to .952" if ends[0] != ends[1] else ".907")
    assert not any("bracket" in note for note in table.notes)


def test_groups_are_counts_with_separators_and_words_of_ours(estimate: Make) -> None:
    frame = pd.DataFrame(
        estimate("accuracy", 0.5, 0.4, 0.6, group={"n_train": n, "wording": w})
        for n, w in [(1000, "named_model"), (2000, "second_person")]
    )
    rows = estimates_table(frame).rows
    assert [row[:2] for row in rows] == [("1,000", "named model"), ("2,000", "second person")]
