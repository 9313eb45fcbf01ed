"""A whole study whose every text is hostile, rendered: text comes out as text, and all of it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import lxml.etree
import lxml.html
import pypdf
import pytest

from display.latex_reader import read_latex
from foresay.cli import main
from foresay.display import visible
from foresay.publishing import analyses
from publishing.outlines import squeezed
from studies import write_study

# what PDF readers give back in the order of the letters comes first
SIGNS = (
    "</td></script><script>alert(1)</script><img src=x onerror=alert(2)> *a* _b_ `c` $x$ "
    "\\alpha \\input{/etc/passwd} #panic() #set text(red) @ghost [l](http://x.y) {{< include x >}} "
    "{{< meta title >}} `{python} 1/0` | % ~ ^ & \"q\" 's' --- ... ::: ]]> <!-- \x07\x1b[31m"
)
HOSTILE = f" {SIGNS} \u202eRTL\u202c \u05d0\u05d1 \U0001f600 -->"
LONG = "=" + "word <b> " * 1000 + "x" * 1000
MODELS = (f"=M1{HOSTILE}", f"+M2{HOSTILE}")
TASKS = (f"@T1{HOSTILE}", f"-T2{HOSTILE}")
PROPERTY = f"%P1{HOSTILE}"
ANSWERS = (f"#A1{HOSTILE}", f"\\A2{HOSTILE}")
TITLES = {name: f"{name}{HOSTILE}" for name in ("Title", "Description", "Contrast", "Author")}
KEPT = ("glance", "accuracy", "advantage", "agreement", "calibration_by_rank")
PAGE = """---
title: replaced
---

```{python}
#| include: false
import os
import pandas as pd
from foresay.display import frame_table
from foresay.publishing.report import open_report
report = open_report()
```

`{python} report.say("title")`

`{python} report.say("description")`

`{python} report.overview()`

```{python}
#| label: tbl-glance
#| tbl-cap: "At a glance"
report.table("glance")
```

```{python}
#| label: tbl-accuracy
#| tbl-cap: "Accuracy"
report.table("accuracy", only=["accuracy"], rows=["arm"], group="target", columns=[])
```

```{python}
#| label: tbl-contrasts
#| tbl-cap: "Contrasts"
report.contrasts()
```

```{python}
#| label: tbl-agreement
#| tbl-cap: "Agreement"
report.table("agreement", rows=["task"], group="target", columns=[])
```

```{python}
#| label: tbl-responses
#| tbl-cap: "What was answered"
answers = pd.read_csv(os.environ["RAW"])
frame_table(answers[["response", "property", "answer", "wording", "family"]])
```

```{python}
#| label: fig-agreement
#| fig-cap: "Agreement"
#| fig-alt: "Agreement"
report.figure("agreement")
```

`{python} report.caption("agreement")`

`{python} report.left_out()`
"""
TABLES = ("glance", "accuracy", "contrasts", "agreement", "responses")


def tables() -> dict[str, list[dict[str, Any]]]:
    """Two models that predict themselves and each other on four items of two tasks."""
    found: dict[str, list[dict[str, Any]]] = {
        "models": [{"model": m, "base": MODELS[0], "family": f"F{HOSTILE}"} for m in MODELS]
    }
    for task in TASKS:
        for n in range(4):
            where = {"task": task, "item": f"I{n}{HOSTILE}"}
            found.setdefault("items", []).append({**where, "complexity": n})
            for m, model in enumerate(MODELS):
                asked = {**where, "property": PROPERTY, "wording": f"W{HOSTILE}"}
                for k in range(2):
                    one = {"model": model, **asked, "sample": k, "answer": ANSWERS[(n + m + k) % 2]}
                    found.setdefault("answers", []).append(one)
                    said = {"model": model, **where, "wording": f"W{HOSTILE}", "sample": k}
                    said |= {"response": LONG, "seed": f"S{HOSTILE}", "batch": f"B{HOSTILE}"}
                    found.setdefault("responses", []).append(said)
                for target in MODELS:
                    pair = {"predictor": model, "target": target, **asked}
                    one = {**pair, "prediction": ANSWERS[n % 2], "compliant": n != 3}
                    found.setdefault("predictions", []).append(one)
                    found.setdefault("probabilities", []).extend(
                        {**pair, "answer": a, "probability": p}
                        for a, p in zip(ANSWERS, (0.625, 0.375), strict=True)
                    )
    return found


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The draft of that study, of a page of its own and a handful of analyses."""
    folder = tmp_path_factory.mktemp("hostile")
    made = tables()
    study = write_study(
        folder,
        made,
        title=TITLES["Title"],
        description=TITLES["Description"],
        choices={"resamples": 100},
        contrasts={
            "mine": {
                "title": TITLES["Contrast"],
                "of": "accuracy",
                "where": "role = 'self'",
                "minus": "role = 'cross'",
            }
        },
        report={"source": "page.qmd", "authors": [TITLES["Author"]], "date": "2026-11-22"},
    )
    (folder / "page.qmd").write_text(PAGE, encoding="utf-8")
    raw = folder / "raw.csv"
    with raw.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["response", "property", "answer", "wording", "family"])
        writer.writerow([LONG, PROPERTY, ANSWERS[0], f"W{HOSTILE}", f"F{HOSTILE}"])
    with pytest.MonkeyPatch.context() as patch:
        few = {name: analyses._ANALYSES[name] for name in KEPT}
        patch.setattr(analyses, "_ANALYSES", few)
        patch.setattr("foresay.publishing.publish.package_source", lambda: "0" * 64)
        patch.setenv("RAW", str(raw))
        with pytest.raises(SystemExit) as ended:
            main(["render", str(study), "--draft", "--no-cache", "--engine", "embedded", "-q"])
        assert not ended.value.code
    return folder / "versions" / "draft"


@pytest.fixture(scope="module")
def texts(version: Path) -> dict[str, str]:
    """What a reader of each format reads, without spaces."""
    tree = lxml.html.fromstring((version / "page.html").read_text(encoding="utf-8"))
    for code in tree.xpath("//script | //style | //template"):
        code.drop_tree()
    document = docx.Document(str(version / "page.docx"))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    pages = pypdf.PdfReader(version / "page.pdf").pages
    return {
        "html": squeezed(tree.text_content()),
        "docx": squeezed(" ".join([*(p.text for p in document.paragraphs), *cells])),
        "pdf": squeezed("".join(page.extract_text() for page in pages)),
    }


@pytest.mark.parametrize("target", ["html", "pdf", "docx"])
@pytest.mark.parametrize(
    "start",
    [
        "Title",
        "Description",
        "Contrast",
        "Author",
        "=M1",
        "+M2",
        "@T1",
        "-T2",
        "%P1",
        "#A1",
        "W",
        "F",
    ],
)
def test_every_text_stands_whole_in_every_format(texts, target, start):
    text = visible(f"{start} {SIGNS if target == 'pdf' else HOSTILE}")
    assert squeezed(text) in texts[target]


@pytest.mark.parametrize("target", ["html", "pdf", "docx"])
def test_a_text_of_ten_thousand_letters_is_there_to_its_end(texts, target):
    assert len(LONG) > 10_000 - 1
    assert squeezed(LONG) in texts[target]


def test_nothing_of_it_became_an_element_of_the_page(version):
    text = (version / "page.html").read_text(encoding="utf-8")
    tree = lxml.html.fromstring(text)
    # what a chart is drawn from is data in a script that runs nothing, without a single tag in it
    assert not [s for s in tree.xpath("//script") if "<script>alert" in (s.text or "")]
    running = tree.xpath("//script[not(@type) or contains(@type, 'javascript')]")
    assert not [s for s in running if "alert(" in (s.text or "")]
    assert not [a for a in tree.xpath("//@*") if a.attrname.startswith("on")]
    assert not [a for a in tree.xpath("//@src | //@href") if "x.y" in a or a == "x"]
    assert not tree.xpath("//td//em | //td//b | //td//math | //td//a")
    assert len(tree.xpath("//table")) == len(TABLES)


def test_nothing_of_it_became_a_field_or_link_of_the_word_document(version):
    with zipfile.ZipFile(version / "page.docx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if "xml" in name}
        for name, part in parts.items():
            lxml.etree.fromstring(part.encode())
            assert "x.y" not in part or "rels" not in name
    core = docx.Document(str(version / "page.docx")).core_properties
    assert core.title.startswith("Title </td>")


def test_nothing_of_it_became_a_link_or_script_of_the_pdf(version):
    reader = pypdf.PdfReader(version / "page.pdf")
    assert reader.metadata.title.startswith("Title </td>")
    catalog = reader.trailer["/Root"]
    assert "/OpenAction" not in catalog
    assert "/AA" not in catalog
    uris = [
        note.get_object().get("/A", {}).get("/URI")
        for page in reader.pages
        for note in page.get("/Annots", [])
    ]
    assert not [uri for uri in uris if uri and "x.y" in uri]


@pytest.mark.parametrize("name", TABLES)
def test_exported_tables_hold_the_text_and_nothing_else(version, name):
    folder = version / "tables"
    read = read_latex((folder / f"tbl-{name}.tex").read_text(encoding="utf-8"))
    tree = lxml.html.fromstring((folder / f"tbl-{name}.html").read_text(encoding="utf-8"))
    assert not tree.xpath("//script | //img | //a | //td//b")
    markdown = (folder / f"tbl-{name}.md").read_text(encoding="utf-8")
    rows = {cell for row in read.rows for cell in row}
    shown = {cell.text_content().strip(" \n") for cell in tree.xpath("//td | //th")}
    hostile = {
        cell.strip(" ") for cell in rows if visible(HOSTILE).strip() in cell or "<b>" in cell
    }
    assert hostile
    assert hostile <= shown
    assert not re.search(r"(?<!\\)<", markdown)
    assert not re.search(r"(?<!\\)\$", markdown)


def test_csv_files_run_nothing_and_hold_every_text_exactly(version):
    models = set()
    for path in sorted((version / "tables").glob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
            for cell in row:
                number = re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)
                assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
                models.add(cell)
    assert {f"'{model}" for model in MODELS} <= models


def test_pictures_are_pictures_and_names_of_files_are_ours(version):
    found = sorted((version / "figures").glob("*.svg"))
    assert found
    for path in found:
        tags = {lxml.etree.QName(each).localname for each in lxml.etree.parse(path).iter()}
        assert not tags & {"script", "image", "a", "foreignObject", "use"}
        json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    for path in version.rglob("*"):
        assert re.fullmatch(r"[a-z0-9_.-]+", path.name), path.name


def test_the_manifest_says_the_title_as_it_is(version):
    manifest = json.loads((version / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["title"] == TITLES["Title"]
    assert all(re.fullmatch(r"[A-Za-z0-9_./-]+", name) for name in manifest["outputs"])
