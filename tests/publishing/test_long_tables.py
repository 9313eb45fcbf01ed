"""A long table goes on over the pages with its head repeated; a short one stays whole."""

from __future__ import annotations

import pypdf
import pytest

from foresay.publishing.rendering import render_document

PAGE = """---
title: T
---

{lead}

::: {{#tbl-long}}
| head | number |
|------|-------:|
{rows}

: A table.
:::
"""


def pages(folder, *, rows, lead=0):
    folder.mkdir()
    (folder / "_quarto.yml").write_text("project:\n  type: default\n", encoding="utf-8")
    lines = "\n".join(f"| row{n:03} | {n} |" for n in range(rows))
    paragraphs = "\n\n".join(f"Paragraph {n}." for n in range(lead))
    report = folder / "index.qmd"
    report.write_text(PAGE.format(rows=lines, lead=paragraphs), encoding="utf-8")
    made = render_document(
        report, out_dir=folder / "out", project_root=folder, formats=("pdf",), engine="embedded"
    )
    return [page.extract_text() for page in pypdf.PdfReader(made.paths["pdf"]).pages]


def test_every_row_of_a_long_table_is_read_once_and_its_head_on_every_page(tmp_path):
    found = pages(tmp_path / "long", rows=150)
    assert len(found) > 2
    for text in found:
        assert "head" in text
        assert text.count("row") < 60  # rows that would lie on each other at the end of a page
    whole = "".join(found)
    assert [whole.count(f"row{n:03}") for n in range(150)] == [1] * 150


@pytest.mark.parametrize("lead", [18, 22])
def test_a_short_table_is_not_cut(tmp_path, lead):
    found = pages(tmp_path / "short", rows=12, lead=lead)
    assert sum("row" in text for text in found) == 1
