from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.latex_reader import plain_latex, read_latex
from foresay.display import Column, DisplayTable, escape_latex, visible

SIGNS = "\\{}$&#%_^~<>|\"'`[]*-, \u2212\u2013\u2014\u2020\u00d7\u221e\u2032\u2264aZ9\u00e9\u202e\n"
HOSTILE = (
    r"\input{/etc/passwd}",
    r"\end{tabular}\write18{ls} & # % $x$ ~ ^ _",
    "* [1ex] -- --- ,, ?` !` ``q''",
    "50 % & more \\\\ \\\\[2pt]",
)


def table(rows: Sequence[Sequence[str]], **more: object) -> DisplayTable:
    width = len(rows[0])
    columns = tuple(Column(label=f"head {i}", number=i > 0) for i in range(width))
    told = {"columns": columns, **more}
    return DisplayTable(name="t", rows=tuple(tuple(r) for r in rows), data=pd.DataFrame(), **told)


@given(st.text(st.sampled_from(SIGNS), max_size=30))
def test_any_text_is_printed_as_it_is(text: str) -> None:
    assert plain_latex(escape_latex(text)) == visible(text)


@given(
    st.lists(st.lists(st.text(st.sampled_from(SIGNS), max_size=8), min_size=3, max_size=3),
             min_size=1, max_size=4),
    st.text(st.sampled_from(SIGNS), max_size=8),
)  # fmt: skip
def test_a_table_reads_back_cell_by_cell(rows: list[list[str]], text: str) -> None:
    made = table(rows, notes=(text,), caption=text, label="tbl-a")
    read = read_latex(made.latex())
    # LaTeX drops plain spaces around a cell
    expected = [[visible(cell).strip(" ") for cell in row] for row in rows]
    assert read.rows[1:] == expected
    assert read.notes == [visible(text)]
    assert read.caption == (visible(text) if text else "")
    assert read.label == "tbl-a"


def test_a_caption_and_a_label_make_it_float_and_none_leave_it_bare() -> None:
    read = read_latex(table([["a", "b"]]).titled("Accuracy", "tbl-a b{}").latex())
    assert read.environments == ["table", "tabular"]
    assert (read.caption, read.label) == ("Accuracy", "tbl-a-b--")
    assert read_latex(table([["a", "b"]]).latex()).environments == ["tabular"]


def test_spanners_have_rules_and_groups_span_the_table() -> None:
    columns = (
        Column(label="who"),
        Column(label="low", spanner="S & T", number=True),
        Column(label="high", spanner="S & T", number=True),
    )
    made = table([["a", "1", "2"], ["b", "3", "4"]], columns=columns, groups=("g_1", "g_2"))
    read = read_latex(made.latex())
    assert r"\cmidrule(lr){2-3}" in made.latex()
    assert read.rows == [
        ["", "S & T", ""],
        ["who", "low", "high"],
        ["g_1", "", ""],
        ["a", "1", "2"],
        ["g_2", "", ""],
        ["b", "3", "4"],
    ]


def test_a_long_table_goes_over_pages_with_its_head() -> None:
    made = table([[str(i), "x"] for i in range(31)]).titled("Long", "tbl-long")
    read = read_latex(made.latex())
    assert read.environments == ["longtable"]
    assert read.rows.count(["head 0", "head 1"]) == 2
    assert (read.caption, read.label) == ("Long", "tbl-long")
    assert "longtable" in made.latex().splitlines()[0]


def test_long_texts_are_broken_into_lines_and_numbers_are_not() -> None:
    text = table([["word " * 40, "1"], ["short", "2"]]).latex()
    assert r"{>{\raggedright\arraybackslash}p{" in text
    assert text.count("p{0.") == 1
    assert "footnotesize" in text


def test_letters_that_pdflatex_lacks_are_said() -> None:
    assert "LuaLaTeX" not in table([["caf\u00e9 \u2212 \u2020", "\u2014"]]).latex()
    assert "LuaLaTeX" in table([["\u6f22\u5b57", "1"]]).latex().splitlines()[1]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
def test_latex_itself_takes_it(tmp_path: Path) -> None:
    rows = [[text, "\u22121.5"] for text in HOSTILE]
    parts = [
        table(rows, groups=HOSTILE, notes=HOSTILE, caption=HOSTILE[1], label="tbl-a").latex(),
        table(rows * 10, caption="Long", label="tbl-b").latex(),
        table(rows).latex(),
    ]
    head = r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{array,booktabs,longtable}"
    source = head + "\n\\begin{document}\n" + "\n".join(parts) + "\\end{document}\n"
    (tmp_path / "a.tex").write_text(source, encoding="utf-8")
    command = [
        "pdflatex",
        "-no-shell-escape",
        "-interaction=nonstopmode",
        "-halt-on-error",
        "a.tex",
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-2000:]
