"""`foresay render PAGE`: a page of the user's own, beside itself."""

from __future__ import annotations

import json

import docx
import lxml.html
import pypdf
import pytest

from studies import answers, prediction, write_study

PLAIN = """---
title: My page
---

```{python}
#| tags: [parameters]
n, who = 3, "nobody"
```

```{python}
#| label: tbl-one
#| tbl-cap: "One."
import pandas as pd
from foresay.display import frame_table

frame_table(pd.DataFrame({"Name": ["<b>"], "Number": [n]}), name="one")
```

`{python} who` has `{python} n` of @tbl-one.
"""
OF_STUDY = """---
title: A page of a study
subtitle: Its subtitle
---

```{python}
from foresay.publishing.report import open_report
report = open_report()
```

::: {.content-visible when-meta="has.agreement"}
`{python} report.value("predictions")` predictions.
:::
"""


@pytest.fixture
def render(foresay, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return foresay("render", *words, "--engine", "embedded")

    return run


def page(folder, text, name="my page é.qmd"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def text_of(path):
    return " ".join(lxml.html.fromstring(path.read_bytes()).text_content().split())


def small_study(folder, **more):
    tables = {
        "answers": [r for n in range(6) for r in answers("m", f"i{n}", "aab"[n % 3 :] + "a")],
        "predictions": [prediction("m", "m", f"i{n}", "ab"[n % 2]) for n in range(6)],
    }
    return write_study(folder, tables, choices={"resamples": 200}, **more)


def test_documents_stand_beside_the_page_with_its_parameters(render, tmp_path):
    source = page(tmp_path, PLAIN)
    outcome = render(source, "--to", "html,pdf,docx", "-P", "n:12", "-P", "who:Ada & Bob")
    assert outcome.code == 0, outcome.err
    paths = [source.with_suffix(f".{each}") for each in ("html", "pdf", "docx")]
    assert outcome.out.splitlines()[0] == f"Rendered {source.name}; the documents are"
    assert [line.strip() for line in outcome.out.splitlines()[1:]] == [p.name for p in paths]
    said = "Ada & Bob has 12 of Table 1"
    assert said in text_of(paths[0])
    pdf = " ".join(part.extract_text() for part in pypdf.PdfReader(paths[1]).pages)
    word = " ".join(each.text for each in docx.Document(str(paths[2])).paragraphs)
    for text in (pdf, word):
        assert said in " ".join(text.replace("\xa0", " ").split())
    assert "Content-Security-Policy" in paths[0].read_text(encoding="utf-8")


def test_without_parameters_the_page_has_its_own(render, tmp_path):
    source = page(tmp_path, PLAIN)
    assert render(source).code == 0
    assert "nobody has 3 of" in text_of(source.with_suffix(".html"))
    assert not source.with_suffix(".pdf").exists()


def test_formats_of_the_front_matter_are_taken(render, tmp_path):
    text = "---\ntitle: T\nformat:\n  html: default\n  docx: default\n---\n\nWords.\n"
    source = page(tmp_path, text.replace(": default", ": {toc: false}"))
    assert render(source).code == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".qmd", ".html", ".docx"}


@pytest.mark.parametrize("place", ["out", "out/deep", "my report.html"])
def test_another_place_is_made(render, tmp_path, place):
    page(tmp_path, "---\ntitle: T\n---\n\nWords.\n", "p.qmd")
    outcome = render("p.qmd", "-o", place, "--format", "json")
    (document,) = json.loads(outcome.out)["documents"]
    assert document == (place if place.endswith("html") else f"{place}/p.html")
    assert "Words." in text_of(tmp_path / document)
    assert outcome.err == ""


@pytest.mark.parametrize("named", [True, False], ids=["named", "beside"])
def test_a_page_opens_its_study(render, tmp_path, cache_of_results, monkeypatch, named):
    monkeypatch.setattr("foresay.publishing.cache.package_source", lambda: "0" * 64)
    home = tmp_path / "elsewhere" if named else tmp_path
    study = small_study(home, report={"notice": "All *simulated*."})
    source = page(tmp_path, OF_STUDY)
    words = ("--study", study.parent) if named else ()
    assert render(source, *words).code == 0
    text = text_of(source.with_suffix(".html"))
    assert "6 predictions." in text
    assert "Its subtitle" in text
    assert "All *simulated*." in text
    assert not (tmp_path / "versions").exists()

    def compute(*_):
        raise AssertionError("computed")

    monkeypatch.setattr("foresay.publishing.computing.compute", compute)
    assert len(list(cache_of_results.iterdir())) == 1
    source.write_text(OF_STUDY.replace("predictions.", "of them."), encoding="utf-8")
    assert render(source, *words).code == 0
    assert "6 of them." in text_of(source.with_suffix(".html"))


def test_a_page_without_open_report_computes_nothing(render, tmp_path, monkeypatch):
    small_study(tmp_path)

    def compute(*_):
        raise AssertionError("computed")

    monkeypatch.setattr("foresay.publishing.computing.compute", compute)
    assert render(page(tmp_path, PLAIN)).code == 0


def test_a_notice_is_on_every_page_of_every_format(render, tmp_path):
    notice = "All <b> & *simulated*."
    small_study(tmp_path, report={"notice": notice})
    words = "\n\n".join(["Words and more words of a long paragraph. " * 12] * 14)
    source = page(tmp_path, f"---\ntitle: T\n---\n\n{words}\n", "p.qmd")
    assert render(source, "--to", "html,pdf,docx").code == 0
    (banner,) = lxml.html.parse(source.with_suffix(".html")).getroot().xpath("//body/aside")
    assert banner.text_content() == notice
    pdf = pypdf.PdfReader(source.with_suffix(".pdf")).pages
    assert len(pdf) > 1
    assert all(notice in " ".join(each.extract_text().split()) for each in pdf)
    word = docx.Document(str(source.with_suffix(".docx")))
    (section,) = word.sections
    for head in (section.header, section.first_page_header):
        assert notice in [each.text for each in head.paragraphs]


BROKEN = {
    "cell.qmd": "---\ntitle: T\n---\n\n```{python}\nx = 1\nx / 0\n```\n",
    "inline.qmd": "---\ntitle: T\n---\n\nWords `{python} nothing`.\n",
    "mermaid.qmd": "---\ntitle: T\n---\n\n```{mermaid}\n```\n",
    "include.qmd": "---\ntitle: T\n---\n\n{{< include _none.qmd >}}\n",
    "report.qmd": OF_STUDY,
    "good.qmd": PLAIN,
    "syntax.qmd": PLAIN.replace("3, ", "3 3, "),
}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.qmd"], "none.qmd: there is no such file"),
        (["latin.qmd"], "byte 0 is not UTF-8"),
        (["folder.qmd"], "cannot be read"),
        (["cell.qmd"], "cell.qmd:7: this cell failed: ZeroDivisionError: division by zero"),
        (["inline.qmd"], "inline.qmd:5: inline expression `nothing` failed: NameError"),
        (["mermaid.qmd"], "mermaid.qmd:5: a {mermaid} cell cannot be run here"),
        (["include.qmd"], "include.qmd:5: include of '_none.qmd': there is no such file"),
        (["report.qmd"], "no study is named; say --study"),
        (["report.qmd", "--study", "nowhere"], "cannot read the study file nowhere"),
        (["good.qmd", "--version", "1"], "--version: good.qmd is a page, which has no versions"),
        (["good.qmd", "--draft"], "--draft: good.qmd is a page, which has no versions"),
        (["good.qmd", "--data", "."], "--data: no study belongs to good.qmd"),
        (["good.qmd", "-o", "x.odt"], "the ending of 'x.odt' names no format"),
        (["good.qmd", "-o", "x.pdf", "--to", "html"], "'x.pdf' is to be pdf, and html was asked"),
        (["good.qmd", "-P", "n"], "-P takes name=value"),
        (["good.qmd", "-P", "m:1"], "sets only n, who"),
        (["syntax.qmd", "-P", "n:1"], "syntax.qmd:7: this is not valid Python"),
        (["good.qmd", "-P", "n:.nan"], "a finite number"),
        (["good.qmd", "-P", "n:2020-01-01"], "is not text"),
        (["good.qmd", "-P", "n:[1"], "not a value that YAML knows"),
        (["study.yml", "--study", "x"], "--study: study.yml is a study"),
        (["study.yml", "-P", "n:1"], "-P: study.yml is a study"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_can_go_wrong_is_one_clear_message(render, tmp_path, words, said):
    for name, text in BROKEN.items():
        page(tmp_path, text, name)
    (tmp_path / "latin.qmd").write_bytes(b"\xff")
    (tmp_path / "folder.qmd").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    outcome = render(*words, "--quiet")
    assert outcome.code == 2
    assert said in outcome.err
    assert all(line.startswith("foresay: ") for line in outcome.err.splitlines())
    assert outcome.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == before
