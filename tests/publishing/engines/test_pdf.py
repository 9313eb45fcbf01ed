from __future__ import annotations

import io
import re

import pypdf
import pytest

from publishing.engines.conftest import figure, pages, table

WORDS = "Some words of a paragraph that fills a page by and by. "
ESTIMATE = "\u2212.346 [\u2212.413, \u2212.281]"


def test_pdf_has_tags_a_language_a_title_and_bookmarks(rendered):
    content = rendered.paths["pdf"].read_bytes()
    reader = pypdf.PdfReader(io.BytesIO(content))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "en-GB"
    assert reader.metadata.title == "A report with everything in it"
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == [
        "1 Results",
        "2 Methods",
        "References",
    ]
    # readers of the poppler family take this for an error
    assert b"/Suspects" not in content


def test_report_is_short_and_no_page_is_empty(rendered):
    texts = pages(rendered.paths["pdf"].read_bytes())
    assert len(texts) <= 5
    assert all(len(text) > 200 for text in texts)


def test_title_runs_from_the_second_page_and_a_notice_stands_on_all(printed):
    texts = pages(printed(WORDS * 300, "pdf", subtitle="Version 2", notice="Simulated *data*"))
    assert len(texts) > 2
    assert all(text.startswith("Simulated data") for text in texts)
    assert all("A title Version 2" in text for text in texts)
    heads = [text.removeprefix("Simulated data ")[:17] for text in texts]
    assert heads == ["A title Version 2"] * len(texts)
    assert [re.search(r"(\d+) / (\d+)$", text)[0] for text in texts] == [
        f"{at} / {len(texts)}" for at in range(1, len(texts) + 1)
    ]


def test_long_table_repeats_its_head_and_the_heading_of_its_group(printed):
    rows = [["First group"], *[[f"row {at}", str(at)] for at in range(30)], ["Second group"]]
    rows += [[f"row {at}", str(at)] for at in range(30, 140)]
    texts = pages(printed(table("long", ["Name", "Number"], rows), "pdf"))
    assert len(texts) == 3
    assert [text.count("Name Number") for text in texts] == [1, 1, 1]
    assert [text.count("Caption of long") for text in texts] == [1, 0, 0]
    assert all("Name Number Second group row" in text for text in texts[1:])
    found = [int(each) for text in texts for each in re.findall(r"row (\d+)", text)]
    assert found == list(range(140))


@pytest.mark.parametrize("lines", range(20, 48, 3))
def test_caption_of_a_table_is_never_left_behind(printed, lines):
    rows = [[f"row {at}", str(at)] for at in range(40)]
    text = "\n\n".join(["word"] * lines) + "\n\n" + table("a", ["Name", "Number"], rows)
    found = [page for page in pages(printed(text, "pdf")) if "Caption of a" in page]
    assert len(found) == 1
    assert "row 0" in found[0]
    assert "row 2" in found[0]


@pytest.mark.parametrize("height", [250, 600])
@pytest.mark.parametrize("lines", [10, 30, 38])
def test_caption_and_note_are_on_the_page_of_their_figure(printed, height, lines):
    text = "\n\n".join(["word"] * lines)
    text += f"\n\n{figure('a', 'Caption of a')}\n\n[Note of a]{{.figure-note}}\n\nEnd\n"
    content = printed(text, "pdf", images={"a": (600, height)})
    reader = pypdf.PdfReader(io.BytesIO(content))
    shown = [at for at, page in enumerate(reader.pages) if len(page.images)]
    texts = pages(content)
    assert len(shown) == 1
    assert "Figure 1: Caption of a Note of a" in texts[shown[0]]


def test_text_goes_on_before_a_tall_figure_that_has_no_room(printed):
    text = "\n\n".join(["word"] * 30) + f"\n\n{figure('a', 'Caption of a')}\n\nNEXT\n"
    texts = pages(printed(text, "pdf", images={"a": (600, 640)}))
    assert "NEXT" in texts[0]
    assert "Caption of a" in texts[1]


def test_numbers_and_names_are_whole_and_long_text_has_the_room(printed):
    words = "a long explanation that needs several lines of the page in any case " * 4
    name = "smollm2-135m-instruct"
    html = table("a", ["Name", "Estimate", "Explained"], [[name, ESTIMATE, words]])
    html = html.replace(f'right">{words}', f'left">{words}')
    reader = pypdf.PdfReader(io.BytesIO(printed(html, "pdf")))
    lines = reader.pages[0].extract_text().splitlines()
    assert sum(name in line for line in lines) == 1
    assert sum(ESTIMATE.replace(" ", "\u00a0") in line for line in lines) == 1
    assert sum("explanation" in line for line in lines) <= 5


@pytest.mark.parametrize("over_all", ["", "Estimate of all"])
def test_wide_table_stays_on_upright_pages(printed, over_all):
    head = ["Predictor", *[f"Estimate {at}" for at in range(9)]]
    rows = [["smollm2-135m-instruct", *[ESTIMATE] * 9] for _ in range(12)]
    made = table("a", head, rows)
    if over_all:
        made = made.replace("<thead>", f'<thead><tr><th></th><th colspan="9">{over_all}</th></tr>')
    content = printed(made, "pdf")
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert all(page.mediabox.width < page.mediabox.height for page in reader.pages)
    starts = [start for page in reader.pages for start in text_starts(page)]
    assert min(starts) > 40
    assert max(starts) < 560
    text = " ".join(pages(content))
    assert all(label in text for label in head)
    assert text.count(over_all) > 1  # above each part
    assert text.count("[") == 12 * 9
    assert text.count("smollm2-135m-instruct") in {24, 36}


def text_starts(page: pypdf.PageObject) -> list[float]:
    """Where pieces of text begin, in points from the left of the page."""
    starts: list[float] = []

    def see(text: str, matrix: list[float], place: list[float], *_: object) -> None:
        if text.strip():
            starts.append(matrix[0] * place[4] + matrix[2] * place[5] + matrix[4])

    page.extract_text(visitor_text=see)
    return starts


def test_notes_of_a_table_are_one_paragraph_below_it(printed):
    text = table("a", ["Name", "n"], [["x", "1"]], ["\u2020 the first", "\u2021 the second"])
    assert "x 1 \u2020 the first \u2021 the second" in pages(printed(text, "pdf"))[0]


@pytest.mark.parametrize("lines", range(37, 44))
def test_bold_line_stays_with_what_it_leads_in(printed, lines):
    text = "\n\n".join(["word"] * lines) + "\n\n**What was found**\n\nThis was found.\n"
    found = [page for page in pages(printed(text, "pdf")) if "What was found" in page]
    assert len(found) == 1
    assert "What was found This was found." in found[0]


def test_definition_lists_keep_a_term_with_what_it_says(printed):
    items = "\n".join(f"Term {at}\n\n:   What {at} is.\n" for at in range(90))
    texts = pages(printed(items, "pdf"))
    assert len(texts) > 1
    for text in texts:
        assert not re.search(r"Term \d+ \d+ / \d+$", text)
    assert "Term 7 What 7 is." in texts[0]
