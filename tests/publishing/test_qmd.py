from __future__ import annotations

import pytest

from foresay.errors import ReportError
from foresay.publishing.prose import inline_expressions, with_inline
from foresay.publishing.qmd import Cell, Prose, parse


def test_lines_keep_their_file_and_number_through_includes(document):
    made = document("one\n\n{{< include _part.qmd >}}\n\nlast\n", _part="first\nsecond\n")
    lines = {line.text: (line.path.name, line.number) for line in made.prose[0].lines if line.text}
    assert lines == {
        "one": ("report.qmd", 4),
        "first": ("_part.qmd", 1),
        "second": ("_part.qmd", 2),
        "last": ("report.qmd", 8),
    }
    assert [path.name for path in made.files] == ["report.qmd", "_part.qmd"]


def test_cells_know_their_options_lines_and_code(document):
    made = document("```{python}\n#| label: fig-a\n#| echo: false\n\nx = 1\nx\n```\ntext\n")
    cell, prose = made.blocks
    assert isinstance(cell, Cell)
    assert isinstance(prose, Prose)
    assert dict(cell.options) == {"label": "fig-a", "echo": False}
    assert cell.option_lines["echo"].number == 6
    assert cell.code == "x = 1\nx"
    assert cell.body[-1].number == 9


def test_fences_that_only_show_code_stay_prose(document):
    made = document("````\n```{python}\n1 / 0\n```\n````\n\n```python\nx\n```\n")
    assert made.cells == ()


def test_comments_are_taken_out_but_not_from_code(document):
    made = document(
        "a <!-- hidden --> b\n<!-- one\n`{python} bad`\n--> c\n```\n<!-- kept -->\n```\n"
    )
    texts = [line.text for line in made.prose[0].lines]
    assert texts[:4] == ["a  b", "", "", " c"]
    assert "<!-- kept -->" in texts
    assert list(inline_expressions(made.prose[0])) == []


def test_inline_expressions_are_found_and_replaced_in_order(document):
    made = document("a `{python} x` and `{python} f(y)`\n```\n`{python} no`\n```\n`x`\n")
    found = [text for _, text in inline_expressions(made.prose[0])]
    assert found == ["x", "f(y)"]
    assert with_inline(made.prose[0], ["**1**", r"\2"])[0] == r"a **1** and \2"


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("---\ntitle: [\n---\n", "yaml", 2),
        ("---\ntitle: a\ntitle: b\n---\n", "yaml", 3),
        ("---\ntitle: a\n", "front-matter", 1),
        ("a\n```{python}\nx\n", "fence", 5),
        ("{{< include _none.qmd >}}\n", "include", 4),
        ("{{< include report.qmd >}}\n", "include", 4),
        ("```{python}\n#| label fig\n```\n", "yaml", 5),
        ("```{python, echo=FALSE}\n```\n", "cell-options", 4),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_line(document, text, rule, line):
    problems = document(text).problems
    assert [(each.rule, each.line) for each in problems] == [(rule, line)]


def test_a_missing_or_binary_report_is_an_error(tmp_path):
    with pytest.raises(ReportError, match="there is no such file"):
        parse(tmp_path / "none.qmd")
    (tmp_path / "bad.qmd").write_bytes(b"ok \xff")
    with pytest.raises(ReportError, match="byte 3 is not UTF-8"):
        parse(tmp_path / "bad.qmd")
