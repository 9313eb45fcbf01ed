from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pypandoc
import pytest

from foresay.display import Column, DisplayTable, frame_table
from foresay.display.layout import TABLE_TYPE
from foresay.errors import UnsupportedError


def test_any_table_prints_text_counts_numbers_and_truth() -> None:
    frame = pd.DataFrame(
        {
            "model": ["a", "<b>"],
            "n_items": [14700, 2],
            "share": [0.25, math.nan],
            "held_out": [True, False],
        }
    )
    table = frame_table(frame, labels={"model": "Who"}, notes=["n"])
    assert [c.label for c in table.columns] == ["Who", "Items", "Share", "Held out"]
    assert [c.number for c in table.columns] == [False, True, True, False]
    assert table.rows == (("a", "14,700", "0.250", "yes"), ("<b>", "2", "—", "no"))
    assert "&lt;b&gt;" in table.html()
    assert str(table).splitlines()[-1] == "n"


def test_an_empty_table_is_a_table_without_rows() -> None:
    table = frame_table(pd.DataFrame({"model": [], "n": []}))
    assert table.rows == ()
    assert "Model" in table.html()
    assert str(table).startswith("Model")


def test_it_displays_without_markdown() -> None:
    # other formats would prefer it, and it has no spanners
    bundle = frame_table(pd.DataFrame({"a": [1]}))._repr_mimebundle_()
    assert sorted(bundle) == [TABLE_TYPE, "text/html", "text/latex", "text/plain"]


def test_what_a_page_says_elsewhere_is_only_in_files_of_its_own() -> None:
    table = frame_table(pd.DataFrame({"n_items": [3, 5], "level": [0.9, 0.9]}))
    (said,) = [line.replace("\xa0", " ") for line in table.about[:1]]
    assert said == "n: 3 to 5 items."
    assert table.about[1].replace("\xa0", " ") == "Intervals at 90 %."
    for text in (table.html(), table.page(), table.latex(), table.markdown()):
        assert "3 to 5 items" in text
    bundle = table._repr_mimebundle_()
    assert "3 to 5 items" not in str(bundle["text/html"]) + str(bundle["text/latex"])


def test_a_table_comes_back_from_json() -> None:
    table = replace(
        frame_table(pd.DataFrame({"a": ["x", "y"], "n": [1, 2]}), notes=["<b>"], group="a"),
        columns=(Column(label="n", spanner="s", number=True),),
    ).titled("C", "tbl-c")
    again = DisplayTable.from_json(json.loads(json.dumps(table.to_json())))
    for way in ("html", "latex", "markdown"):
        assert getattr(again, way)() == getattr(table, way)()


def test_files_are_written_whole_with_the_caption_in_each(tmp_path: Path) -> None:
    table = frame_table(pd.DataFrame({"a": ["<b>"]}), name="mine").titled("Who & what", "tbl-a")
    paths = table.save(tmp_path / "new")
    assert [path.name for path in paths] == ["mine.html", "mine.tex", "mine.md", "mine.csv"]
    page, tex, md, csv = (path.read_text(encoding="utf-8") for path in paths)
    assert "<caption>Who &amp; what</caption>" in page
    assert "default-src 'none'" in page
    assert "<b>" not in page
    assert r"\caption{Who \& what}" in tex
    assert ": Who \\& what {#tbl-a}" in md
    assert csv == "a\n<b>\n"
    with pytest.raises(UnsupportedError, match="format 'pdf' is unknown; the formats are html"):
        table.save(tmp_path, ["csv", "pdf"])


def test_pandoc_reads_the_caption_of_a_markdown_table() -> None:
    table = frame_table(pd.DataFrame({"a": ["x"]})).titled("Who *is* it", "tbl-a")
    tree = json.loads(pypandoc.convert_text(table.markdown(), "json", format="markdown"))
    (made,) = [block for block in tree["blocks"] if block["t"] == "Table"]
    assert made["c"][0][0] == "tbl-a"
    assert "*is*" in json.dumps(made["c"][1])
