from __future__ import annotations

import math

import pandas as pd

from foresay.display import frame_table


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
    assert "&lt;b&gt;" in table.to_html()
    assert str(table).splitlines()[-1] == "n"


def test_an_empty_table_is_a_table_without_rows() -> None:
    table = frame_table(pd.DataFrame({"model": [], "n": []}))
    assert table.rows == ()
    assert "Model" in table.to_html()
    assert str(table).startswith("Model")


def test_it_displays_as_html_and_plain_text_only() -> None:
    # other formats would prefer Markdown, which has no spanners
    bundle = frame_table(pd.DataFrame({"a": [1]}))._repr_mimebundle_()
    assert sorted(bundle) == ["text/html", "text/plain"]
