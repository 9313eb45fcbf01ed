from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from posixpath import join, normpath

import docx
import lxml.etree
import pytest

from publishing.engines.conftest import figure, pages, table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TEXT = 9921  # width of the text in twentieths of a point
ESTIMATE = "\u2212.346 [\u2212.413, \u2212.281]"
EVERYTHING = f"""
# One {{#sec-one}}

See @fig-a, [-@tbl-b], [Tab. @tbl-b], @sec-two and @fig-c.

{figure("a", "Caption of a")}

[Note of a]{{.figure-note}}

{table("b", ["Name", "Estimate"], [["Group"], ["x", ESTIMATE]], ["A note", "Another"])}

## Two {{#sec-two}}

{figure("c", "Caption of c")}

**Lead in**

Term

:   What it is.

- an item

# Last {{.unnumbered}}
"""
IMAGES = {"a": (661, 300), "c": (300, 100)}


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(content: bytes) -> lxml.etree._Element:
    return lxml.etree.fromstring(parts(content)["word/document.xml"])


@pytest.fixture
def everything(printed) -> bytes:
    return printed(
        EVERYTHING, "docx", images=IMAGES, subtitle="Version 2", notice="Simulated *data*"
    )


@pytest.fixture(params=["fixture", "constructs"])
def document(request, rendered, printed) -> dict[str, bytes]:
    if request.param == "fixture":
        return parts(rendered.paths["docx"].read_bytes())
    return parts(printed(EVERYTHING, "docx", images=IMAGES, notice="Simulated"))


def test_every_part_is_well_formed_and_has_a_type(document):
    types = lxml.etree.fromstring(document["[Content_Types].xml"])
    defaults = {each.get("Extension") for each in types if each.tag.endswith("Default")}
    named = {each.get("PartName") for each in types if each.tag.endswith("Override")}
    for name, content in document.items():
        if name.endswith((".xml", ".rels")):
            lxml.etree.fromstring(content)
        if name != "[Content_Types].xml":
            assert f"/{name}" in named or name.rpartition(".")[2] in defaults, name
    assert {name.removeprefix("/") for name in named} <= set(document)


def test_every_relationship_leads_somewhere(document):
    for name in [each for each in document if each.endswith(".rels")]:
        folder = name.partition("_rels/")[0]
        for each in lxml.etree.fromstring(document[name]):
            if each.get("TargetMode") != "External":
                target = each.get("Target")
                path = target[1:] if target.startswith("/") else normpath(join(folder, target))
                assert path in document, (name, target)
    known = {
        each.get("Id") for each in lxml.etree.fromstring(document["word/_rels/document.xml.rels"])
    }
    used = {
        value
        for each in lxml.etree.fromstring(document["word/document.xml"]).iter()
        for key, value in each.attrib.items()
        if key.startswith(R)
    }
    assert used
    assert used <= known


def test_identifiers_are_given_once(document):
    root = lxml.etree.fromstring(document["word/document.xml"])
    starts = list(root.iter(f"{W}bookmarkStart"))
    for values in (
        [each.get("id") for each in root.iter("{*}docPr")],
        [each.get(f"{W}id") for each in starts],
        [each.get(f"{W}name") for each in starts],
    ):
        assert values
        assert max(Counter(values).values()) == 1
    ends = [each.get(f"{W}id") for each in root.iter(f"{W}bookmarkEnd")]
    assert sorted(ends) == sorted(each.get(f"{W}id") for each in starts)
    assert all(len(each.get(f"{W}name")) <= 40 for each in starts)


def test_links_and_fields_name_bookmarks_that_are_there(document):
    root = lxml.etree.fromstring(document["word/document.xml"])
    names = {each.get(f"{W}name") for each in root.iter(f"{W}bookmarkStart")}
    anchors = {each.get(f"{W}anchor") for each in root.iter(f"{W}hyperlink")} - {None}
    fields = [each.text.split() for each in root.iter(f"{W}instrText")]
    named = {field[1] for field in fields if field[0] == "REF"}
    assert anchors
    assert named
    assert anchors | named <= names
    kinds = Counter(each.get(f"{W}fldCharType") for each in root.iter(f"{W}fldChar"))
    assert kinds["begin"] == kinds["separate"] == kinds["end"] == len(fields)


def test_styles_and_lists_that_are_used_are_there(document):
    styles = lxml.etree.fromstring(document["word/styles.xml"])
    known = {each.get(f"{W}styleId") for each in styles.iter(f"{W}style")}
    root = lxml.etree.fromstring(document["word/document.xml"])
    used = {
        each.get(f"{W}val")
        for tag in ("pStyle", "rStyle", "tblStyle")
        for each in root.iter(W + tag)
    }
    based = {each.get(f"{W}val") for tag in ("basedOn", "next") for each in styles.iter(W + tag)}
    assert used | based <= known
    numbers = {
        each.get(f"{W}numId")
        for each in lxml.etree.fromstring(document["word/numbering.xml"]).iter(f"{W}num")
    }
    for tree in (root, styles):
        assert {each.get(f"{W}val") for each in tree.iter(f"{W}numId")} <= numbers | {"0"}


def test_tables_fit_the_page_and_repeat_their_heads(document):
    tables = list(lxml.etree.fromstring(document["word/document.xml"]).iter(f"{W}tbl"))
    assert tables
    for each in tables:
        columns = [int(column.get(f"{W}w")) for column in each.iter(f"{W}gridCol")]
        assert all(column > 150 for column in columns)
        assert sum(columns) == int(each.find(f"{W}tblPr/{W}tblW").get(f"{W}w")) <= TEXT + 5
        rows = each.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        for row in rows:
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
            width = sum(1 if span is None else int(span.get(f"{W}val")) for span in spans)
            assert width == len(columns)


def test_columns_are_as_wide_as_their_texts(printed):
    words = "a long explanation that needs several lines of the page in any case " * 4
    html = table("a", ["Name", "Estimate", "Explained"], [["smollm2-self-n1000", ESTIMATE, words]])
    grid = body(printed(html.replace(f'right">{words}', f'left">{words}'), "docx"))
    name, estimate, text = (int(each.get(f"{W}w")) for each in grid.iter(f"{W}gridCol"))
    assert 1300 < name < 2000
    assert 1300 < estimate < 2000
    assert text > 5500


def test_names_and_numbers_of_tables_have_styles_and_nothing_by_hand(everything):
    root = body(everything)
    paragraphs = [each for cell in root.iter(f"{W}tc") for each in cell.iter(f"{W}p")]
    styles = [each.find(f"{W}pPr/{W}pStyle").get(f"{W}val") for each in paragraphs]
    assert styles == [
        *["TableHead"] * 2,
        "TableGroup",
        *["TableText", "TableNumber"],
        "TableNote",
    ]
    assert not list(root.iter(f"{W}b"))
    assert [each.find(f"{W}pPr/{W}jc") is None for each in paragraphs[2:]] == [True] * 4
    document = docx.Document(io.BytesIO(everything))
    used = {each.style.name for each in document.paragraphs}
    assert used >= {
        *("Title", "Subtitle", "Heading 1", "Heading 2", "Heading 1 Unnumbered"),
        *("Lead", "Captioned Figure", "Image Caption", "Figure Note", "Table Caption"),
        *("Definition Term", "Definition"),
    }


def test_captions_are_counted_and_referred_to_by_fields(everything):
    document = docx.Document(io.BytesIO(everything))
    captions = [each.text for each in document.paragraphs if "Caption" in each.style.name]
    assert [each.replace("\u00a0", " ") for each in captions if each] == [
        "Figure 1: Caption of a",
        "Table 1: Caption of b",
        "Figure 2: Caption of c",
    ]
    for name in ("Image Caption", "Table Caption"):
        assert document.styles[name].base_style.name == "Caption"
    fields = [each.text.strip() for each in body(everything).iter(f"{W}instrText")]
    assert [each for each in fields if each.startswith("SEQ")] == [
        "SEQ Figure \\* ARABIC",
        "SEQ Table \\* ARABIC",
        "SEQ Figure \\* ARABIC",
    ]
    assert [each for each in fields if each.startswith("REF")] == [
        "REF _RefFigure1 \\h",
        "REF _RefTable1n \\h",
        "REF _RefTable1n \\h",
        "REF _RefSection1_1 \\r \\h",
        "REF _RefFigure2 \\h",
    ]
    text = next(each.text for each in document.paragraphs if each.text.startswith("See"))
    assert text.replace("\u00a0", " ") == ("See Figure 1, 1, Tab. 1, Section 1.1 and Figure 2.")


def test_headings_are_numbered_by_word_only_where_they_are_to_be(printed):
    text = "# One {#sec-one}\n\n# Two\n"
    for numbered in (True, False):
        styles = parts(printed(text, "docx", **{"number-sections": numbered}))["word/styles.xml"]
        found = re.search(r'w:styleId="Heading1".*?</w:style>', styles.decode(), re.DOTALL)
        assert ("<w:numPr>" in found[0]) is numbered


def test_pictures_have_their_size_and_alternative_text(everything):
    root = body(everything)
    assert [each.get("descr") for each in root.iter("{*}docPr")] == ["Alt of a", "Alt of c"]
    widths = [int(each.get("cx")) / 12700 for each in root.iter("{*}extent")]
    assert widths == pytest.approx([0.75 * 661, 225], abs=0.1)
    assert max(widths) <= TEXT / 20


def test_title_language_and_running_heads(everything):
    found = parts(everything)
    core = found["docProps/core.xml"].decode()
    assert "<dc:title>A title</dc:title>" in core
    assert "<dc:language>en-GB</dc:language>" in core
    assert 'w:val="en-GB"' in re.search(r"<w:lang [^>]*>", found["word/styles.xml"].decode())[0]
    heads = [
        "".join(lxml.etree.fromstring(found[f"word/header{at}.xml"]).itertext()) for at in (1, 2)
    ]
    assert heads == ["Simulated dataA titleVersion 2", "Simulated data"]
    foot = lxml.etree.fromstring(found["word/footer1.xml"])
    assert [each.get(f"{W}instr").strip() for each in foot.iter(f"{W}fldSimple")] == [
        "PAGE",
        "NUMPAGES",
    ]
    assert b'w:name="compatibilityMode"' in found["word/settings.xml"]


def test_hostile_words_in_the_head_stay_words(printed):
    found = parts(printed("x", "docx", title="A <b> & 1. *b*", notice=r"\<i\> &amp;"))
    head = lxml.etree.fromstring(found["word/header1.xml"])
    assert "".join(head.itertext()) == "<i> &A <b> & 1. b"


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)
def test_libreoffice_opens_it_and_finds_everything(everything, tmp_path: Path):
    (tmp_path / "report.docx").write_bytes(everything)
    run = subprocess.run(
        [
            shutil.which("soffice"),
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)),
            str(tmp_path / "report.docx"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "Error" not in run.stdout + run.stderr
    texts = pages((tmp_path / "report.pdf").read_bytes())
    text = " ".join(texts)
    assert all("Simulated data" in each for each in texts)
    for words in (
        *("1 One", "1.1 Two", "Figure 1: Caption of a", "Table 1: Caption of b", "Note of a"),
        *(
            "See Figure 1, 1, Tab. 1, Section 1.1 and Figure 2.",
            ESTIMATE,
            "A note",
            f"1 / {len(texts)}",
        ),
    ):
        assert words in text, words
