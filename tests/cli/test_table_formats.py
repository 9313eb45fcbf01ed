"""Tables of commands as HTML, LaTeX and Markdown, by --format or by the ending of -o."""

from __future__ import annotations

import pytest

from display.latex_reader import read_latex

LOOKS = {
    "latex": ("tex", "% Needs \\usepackage"),
    "markdown": ("md", "| "),
    "html": ("html", "<!DOCTYPE html>"),
    "text": ("txt", "estimand"),
    "csv": ("csv", "estimand,"),
    "json": ("json", "["),
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_format_is_named_or_follows_the_ending(foresay, study, tmp_path, name):
    ending, start = LOOKS[name]
    printed = foresay("estimate", study, "--format", name).out
    assert printed.startswith(start)
    path = tmp_path / f"t.{ending}"
    assert foresay("estimate", study, "-o", path).code == 0
    assert path.read_text(encoding="utf-8") == printed


def test_an_ending_of_another_format_is_refused(foresay, study, tmp_path):
    outcome = foresay("estimate", study, "--format", "latex", "-o", tmp_path / "t.csv")
    assert outcome.code == 2
    assert "is to be latex, and its ending says csv; change one" in outcome.err
    assert not list(tmp_path.glob("t.*"))


@pytest.mark.parametrize(
    "command",
    [
        ("estimate",),
        ("compare", "-n", "self_advantage"),
        ("power", "--ceiling"),
    ],
    ids=" ".join,
)
def test_every_command_with_a_table_writes_latex_that_reads_back(foresay, study, command):
    words = [command[0], study, *command[1:]]
    read = read_latex(foresay(*words, "--format", "latex").out)
    assert read.caption
    assert read.label.startswith("tbl-")
    assert any(note.startswith("Choices: ") for note in read.notes)
    assert len(read.rows) > 1
