from __future__ import annotations

import pandas as pd

from foresay.display import frame_table
from foresay.publishing.taken_tables import taken_tables

CELL = "```{{python}}\n{}\nx\n```\n"


def printed(*values: str) -> tuple[dict[str, object], ...]:
    """Return the outputs of a cell that printed these tables and a word."""
    tables = [frame_table(pd.DataFrame({"a": [value]})) for value in values]
    word = {"output_type": "stream", "name": "stdout", "text": "word"}
    shown = [{"output_type": "display_data", "data": t._repr_mimebundle_()} for t in tables]
    return (word, *shown)


def test_tables_of_labelled_cells_have_the_cells_caption_and_label(document):
    source = document(
        CELL.format('#| label: tbl-one\n#| tbl-cap: "What *it* is, n\\\\_items"')
        + CELL.format("#| label: other")
        + CELL.format("#| label: tbl-two\n#| tbl-cap: Two")
        + CELL.format("#| label: tbl-hid\n#| tbl-cap: Hidden\n#| include: false")
    )
    outputs = (printed("x"), printed("no"), printed("y", "z"), printed("no"))
    found = [t for each in zip(source.cells, outputs, strict=True) for t in taken_tables(*each)]
    assert [(t.name, t.label, t.caption) for t in found] == [
        ("tbl-one", "tbl-one", "What it is, n_items"),
        ("tbl-two", "tbl-two", "Two"),
        ("tbl-two-2", "tbl-two-2", "Two"),
    ]
    assert [t.rows for t in found] == [(("x",),), (("y",),), (("z",),)]
