from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from foresay.errors import ReportError
from foresay.publishing.rendering import Rendering, render_document
from publishing.fixture.samples import HOSTILE, LONG
from publishing.outlines import (
    Outline,
    docx_outline,
    html_outline,
    pdf_headings,
    pdf_text,
    plain,
    squeezed,
)

ON_SCREEN = {"Seen first.", "Seen second."}
ON_PAPER = {"This is printed on paper only."}
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def page(rendered: Rendering) -> Outline:
    return html_outline(rendered.paths["html"])


@pytest.fixture(scope="module")
def word(rendered: Rendering) -> Outline:
    return docx_outline(rendered.paths["docx"])


def test_headings_carry_the_same_numbers_in_three_formats(rendered, page, word):
    assert page.headings == word.headings == pdf_headings(rendered.paths["pdf"])


def test_captions_agree_and_stand_in_the_pdf_in_the_same_order(rendered, page, word):
    assert page.captions == word.captions
    _assert_in_order(pdf_text(rendered.paths["pdf"]), page.captions)


def test_cross_references_read_the_same(page, word):
    assert page.references == word.references
    assert "Figure 2 (b)" in page.references


def test_table_cells_agree(rendered, page, word):
    assert page.tables == word.tables
    text = pdf_text(rendered.paths["pdf"])
    for cell in {cell for table in page.tables for row in table for cell in row}:
        assert squeezed(cell) in text


def test_paragraphs_agree_but_for_conditional_content(rendered, page, word):
    text = pdf_text(rendered.paths["pdf"])
    shared = [each for each in page.paragraphs if each not in ON_SCREEN]
    titles = {"Mind the ceiling", "Folded away", "A quotation, for once."}
    on_paper = [each for each in word.paragraphs if each not in ON_PAPER]
    assert {*shared} - titles <= {*on_paper}
    for each in set(page.paragraphs) & ON_SCREEN:
        assert squeezed(each) not in text
    for each in [*ON_PAPER, *shared]:
        if "n > 0" not in each:
            assert squeezed(each) in text
    assert {*page.paragraphs} >= ON_SCREEN
    assert ON_PAPER.isdisjoint(page.paragraphs)
    assert {*word.paragraphs} >= ON_PAPER


def test_outline_is_the_golden_one(page):
    golden = json.loads((HERE / "golden" / "outline.json").read_text(encoding="utf-8"))
    assert golden["made_by"].startswith("hand")
    for part in ("headings", "captions", "references"):
        assert getattr(page, part) == golden[part]


def test_hostile_text_is_printed_as_it_is(rendered, page, word):
    expected = plain(HOSTILE.replace("\u202e", "[U+202E]").replace("\u202c", "[U+202C]"))
    for outline in (page, word):
        assert [expected] in outline.tables[1]
        assert [LONG] in outline.tables[1]
        assert f"Inline it reads: {expected} (end)." in outline.paragraphs
    assert "<script>alert" not in rendered.paths["html"].read_text(encoding="utf-8")
    text = pdf_text(rendered.paths["pdf"])
    # the order in which a PDF gives Hebrew back is the reader's, so the text up to it is compared
    assert squeezed(f"Inline it reads: {expected.partition(' ~')[0]}") in text
    assert squeezed(LONG) in text


def test_page_asks_for_nothing_from_elsewhere(rendered):
    text = rendered.paths["html"].read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|data|poster)="(?!data:)[^"]+"|@import|url\((?!data)', text)
    assert re.findall(r'<link [^>]*href="([^"]*)"', text) == ["data:,"]


def test_page_can_be_used_without_seeing_it(rendered):
    text = rendered.paths["html"].read_text(encoding="utf-8")
    assert '<html lang="en-GB"' in text
    assert text.count("<main") == text.count("<h1") == 1
    assert 'class="skip-link" href="#content"' in text
    images = re.findall(r"<img\b[^>]*>", text)
    assert len(images) == 3
    assert all(re.search(r'alt="[^"]+"', image) for image in images)
    identifiers = re.findall(r'\sid="([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers))


def test_pdf_is_tagged_dated_and_holds_its_fonts(rendered):
    reader = pypdf.PdfReader(rendered.paths["pdf"])
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"
    assert reader.metadata.title == "A report with everything in it"
    assert str(reader.metadata.creation_date) == "2026-11-22 00:00:00+00:00"
    assert b"alpha" in rendered.paths["pdf"].read_bytes()  # the alternative text of a figure


def test_word_pictures_have_alternative_text(rendered):
    import zipfile

    with zipfile.ZipFile(rendered.paths["docx"]) as archive:
        document = archive.read("word/document.xml").decode()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert 'descr="Bars of accuracy, &quot;alpha&quot; above beta"' in document
    assert document.count("<w:tblHeader") >= 5


def test_second_run_gives_the_same_bytes_but_for_the_parameter(render_fixture, rendered):
    again = render_fixture()
    for each, path in rendered.paths.items():
        assert _digest(again.paths[each]) == _digest(path), each


def test_parameter_and_metadata_reach_the_text(tmp_path):
    report = _project(
        tmp_path,
        "---\ntitle: T\nsubtitle: old\n---\n\n```{python}\n#| tags: [parameters]\nn = 1\n```\n\n"
        "n is `{python} n`, {{< meta subtitle >}}, `{python} __import__('os').environ['SEEN']`.\n",
    )
    rendering = render_document(
        report,
        formats=["html"],
        out_dir=tmp_path / "out",
        project_root=tmp_path,
        engine="embedded",
        env={"SEEN": "from outside"},
        parameters={"n": 2},
        metadata={"subtitle": "new"},
    )
    assert "n is 2, new, from outside." in html_outline(rendering.paths["html"]).paragraphs


def test_failure_leaves_the_earlier_file(tmp_path):
    report = _project(tmp_path, "---\ntitle: T\n---\n\n```{python}\n\n1 / 0\n```\n")
    earlier = tmp_path / "out" / "index.html"
    earlier.parent.mkdir()
    earlier.write_text("earlier", encoding="utf-8")
    with pytest.raises(ReportError, match=r"reports/index\.qmd:7: this cell failed: ZeroDiv"):
        _render(report, tmp_path)
    assert earlier.read_text(encoding="utf-8") == "earlier"
    assert [path.name for path in earlier.parent.iterdir()] == ["index.html"]


@pytest.mark.parametrize("formats", [[], ["html", "html"], ["epub"]])
def test_formats_are_checked_first(tmp_path, formats):
    with pytest.raises(ReportError, match="format"):
        render_document(
            tmp_path / "none.qmd", formats=formats, out_dir=tmp_path, project_root=tmp_path
        )


def test_problems_of_the_source_are_listed_before_anything_runs(tmp_path):
    report = _project(
        tmp_path, "---\ntitle: T\n---\n\n```{python}\n#| labl: a\nraise\n```\n@fig-x\n"
    )
    with pytest.raises(ReportError) as caught:
        _render(report, tmp_path)
    assert "2 problems" in str(caught.value)
    assert "reports/index.qmd:6" in str(caught.value)
    assert "reports/index.qmd:9" in str(caught.value)


@pytest.mark.quarto
@pytest.mark.skipif(shutil.which("quarto") is None, reason="Quarto is not on PATH")
def test_quarto_gives_the_same_outline(render_fixture: Callable[..., Rendering], page):
    rendering = render_fixture(engine="quarto")
    assert rendering.engine == "quarto"
    quarto = docx_outline(rendering.paths["docx"])
    assert quarto.headings == page.headings
    assert [each for each in quarto.captions if ":" in each] == [
        each for each in page.captions if ":" in each
    ]


def _project(root: Path, text: str) -> Path:
    report = root / "reports" / "index.qmd"
    report.parent.mkdir()
    report.write_text(text, encoding="utf-8")
    return report


def _render(report: Path, root: Path) -> Rendering:
    return render_document(
        report, formats=["html"], out_dir=root / "out", project_root=root, engine="embedded"
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _assert_in_order(text: str, parts: list[str]) -> None:
    at = 0
    for part in parts:
        found = text.find(squeezed(part), at)
        assert found >= 0, part
        at = found


def test_a_caller_is_given_each_format_and_table_as_soon_as_it_is_there(tmp_path):
    source = tmp_path / "page.qmd"
    cell = "#| label: tbl-one\n#| tbl-cap: One.\nframe_table(pd.DataFrame({'a': ['b']}), name='x')"
    head = "#| include: false\nimport pandas as pd\nfrom foresay.display import frame_table"
    cells = "\n\n".join(f"```{{python}}\n{code}\n```" for code in (head, cell))
    source.write_text(f"---\ntitle: T\n---\n\n{cells}\n\n@tbl-one\n", encoding="utf-8")
    made: dict[str, bytes] = {}
    tables = []
    done = render_document(
        source,
        formats=["html", "docx"],
        out_dir=tmp_path / "out",
        project_root=tmp_path,
        engine="embedded",
        take=tables.append,
        made=lambda target, content: made.update({target: content}),
    )
    assert {each: path.read_bytes() for each, path in done.paths.items()} == made
    assert [(table.name, table.caption, table.rows) for table in tables] == [
        ("tbl-one", "One.", (("b",),))
    ]
