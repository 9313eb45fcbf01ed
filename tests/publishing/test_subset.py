"""Each construct of the subset that `test_constructs` does not draw, in all three formats."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import lxml.html
import pypdf
import pytest

from foresay.publishing.assembly import assemble
from foresay.publishing.engines import page, pdf, word
from foresay.publishing.execution import Executed
from foresay.publishing.lint import lint
from foresay.publishing.metadata import merged
from publishing.outlines import docx_outline, html_outline, pdf_headings, plain, squeezed

WRITERS = {"html": page.write_html, "pdf": pdf.write_pdf, "docx": word.write_docx}
BIB = (
    "@article{ada2020, author={Example, Ada}, title={On examples}, journal={J}, year={2020}}\n"
    "@book{ben2021, author={Sample, Ben}, title={Samples}, publisher={P}, year={2021}}\n"
)
SOURCE = """---
title: Everything at its top
subtitle: Under it
author:
  - name: Ada Example
    affiliation: Institute of Examples
    orcid: 0000-0002-1825-0097
date: 2026-11-22
abstract: What it is about.
keywords: [one, two]
bibliography: refs.bib
lang: en-GB
toc: true
toc-depth: 1
number-sections: true
---

# First {#sec-first}

Said before [@ada2020; @ben2021]. A note.[^n] In @sec-first too, and @ada2020 [p. 3].

[^n]: The note with **bold** words.

## Second

| Left | Right |
|:-----|------:|
| a    |     1 |

: Aligned {#tbl-a}

```{python}
#| echo: true
#| code-fold: true
#| code-summary: Show it
folded = 1
```

```{python}
#| echo: fenced
#| label: shown
fenced = 2
```

The {{< meta subtitle >}} and {{< var study.name >}}.

# References {.unnumbered}

::: {#refs}
:::
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    from foresay.publishing.qmd import parse

    folder = tmp_path_factory.mktemp("subset")
    (folder / "refs.bib").write_text(BIB, encoding="utf-8")
    path = folder / "report.qmd"
    path.write_text(SOURCE, encoding="utf-8")
    document = parse(path)
    variables = {"study": {"name": "variable"}}
    assert lint(document, variables=variables) == ()
    paths = {}
    for target, write in WRITERS.items():
        metadata = merged({}, document.front, {}, target)
        assembled = assemble(
            document,
            Executed(outputs={}, inline={}),
            target=target,
            project_root=folder,
            metadata=metadata,
            variables=variables,
        )
        work = folder / target
        work.mkdir()
        content = write(assembled, folder=work, metadata=metadata, source_folder=folder)
        paths[target] = folder / f"made.{target}"
        paths[target].write_bytes(content)
    return paths


@pytest.fixture(scope="module")
def texts(written) -> Mapping[str, str]:
    """The text of each format, without spaces."""
    tree = lxml.html.fromstring(written["html"].read_text(encoding="utf-8"))
    document = docx.Document(str(written["docx"]))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    pages = pypdf.PdfReader(written["pdf"]).pages
    return {
        "html": squeezed(tree.text_content()),
        "docx": squeezed(" ".join([*(p.text for p in document.paragraphs), *cells])),
        "pdf": squeezed("".join(each.extract_text() for each in pages)),
    }


@pytest.mark.parametrize("target", WRITERS)
@pytest.mark.parametrize(
    "words",
    [
        "Everything at its top",
        "Under it",
        "Ada Example",
        "Institute of Examples",
        "What it is about.",
        "First",
        "In Section 1 too, and Example",
        "Table 1: Aligned",
        "The Under it and variable.",
        "On Examples",
    ],
)
def test_words_stand_in_every_format(texts, target, words):
    assert squeezed(words) in texts[target]


@pytest.mark.parametrize("target", WRITERS)
def test_code_is_shown_and_its_options_only_where_fenced(texts, target):
    assert "folded=1" in texts[target]
    assert "#|label:shown" in texts[target].replace("#|echo", "")
    assert "#|codefold" not in texts[target].replace("-", "")


def test_folded_code_folds_on_a_page_only(written):
    tree = lxml.html.fromstring(written["html"].read_text(encoding="utf-8"))
    (details,) = tree.xpath("//main//details[not(contains(@class, 'callout'))]")
    assert plain(details.find("summary").text_content()) == "Show it"
    assert "folded = 1" in details.text_content()


def test_contents_go_as_deep_as_asked(written):
    tree = lxml.html.fromstring(written["html"].read_text(encoding="utf-8"))
    links = [plain(a.text_content()) for a in tree.xpath("//nav//a")]
    assert any("First" in link for link in links)
    assert not any("Second" in link for link in links)


def test_what_machines_read_is_there(written):
    tree = lxml.html.fromstring(written["html"].read_text(encoding="utf-8"))
    assert tree.get("lang") == "en-GB"
    reader = pypdf.PdfReader(written["pdf"])
    core = docx.Document(str(written["docx"])).core_properties
    assert reader.metadata.title == core.title == "Everything at its top"
    assert core.author.startswith("Ada Example")
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


def test_outlines_agree(written):
    # Word numbers its headings itself
    expected = ["1 First", "1.1 Second", "References"]
    assert html_outline(written["html"]).headings == expected
    assert pdf_headings(written["pdf"]) == expected
    words = [re.sub(r"^[\d.]+ ", "", each) for each in docx_outline(written["docx"]).headings]
    assert words == ["First", "Second", "References"]


def test_a_footnote_is_a_footnote(written, texts):
    tree = lxml.html.fromstring(written["html"].read_text(encoding="utf-8"))
    assert tree.xpath("//*[contains(@class, 'footnote-ref')]")
    assert "Thenotewithboldwords." in texts["html"]
    assert "Thenotewithboldwords." in texts["pdf"]
    with zipfile.ZipFile(written["docx"]) as archive:
        assert "bold" in archive.read("word/footnotes.xml").decode()


def test_a_style_of_ones_own_changes_the_citations(tmp_path: Path, document: Callable[..., object]):
    style = (
        '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"><info>'
        "<title>t</title><id>t</id><updated>2020-01-01T00:00:00+00:00</updated></info><citation>"
        '<layout prefix="[" suffix="]"><text variable="title"/></layout></citation>'
        '<bibliography><layout><text variable="title"/></layout></bibliography></style>'
    )
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "own.csl").write_text(style, encoding="utf-8")
    made = document(
        "---\ntitle: t\nbibliography: refs.bib\ncsl: own.csl\n---\nX [@ada2020].\n\n"
        "::: {#refs}\n:::\n"
    )
    assert lint(made) == ()
    metadata = dict(made.front)
    assembled = assemble(
        made, Executed(outputs={}, inline={}), target="html", project_root=tmp_path,
        metadata=metadata, variables={},
    )  # fmt: skip
    work = tmp_path / "work"
    work.mkdir()
    text = page.write_html(assembled, folder=work, metadata=metadata, source_folder=tmp_path)
    assert "X [On examples]." in plain(lxml.html.fromstring(text).text_content())
