from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from foresay.tables.problems import (
    Example,
    Problem,
    Severity,
    TableSummary,
    Validation,
    example_text,
    in_order,
    printable,
)

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e[bold]&\"'"


def problem(severity: Severity = "error", *, table: str = "trials", value: str = "x") -> Problem:
    return Problem(
        table=table,
        file=value,
        column=value,
        rule="a rule",
        severity=severity,
        n_rows=1234,
        examples=(Example(file=value, row=7, value=value), Example(file="", row=None, value="y")),
        message=f"message {value}",
        way_out=f"way out {value}",
    )


def validation(*problems: Problem) -> Validation:
    summary = TableSummary(
        name="trials", n_rows=1234, key=("task",), columns=("task",), covariates=(HOSTILE,)
    )
    return Validation(problems=problems, tables=(summary,))


def shown(found: Validation) -> str:
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    console.print(found)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_only_errors_stand_in_the_way() -> None:
    sound = validation(problem("warning"), problem("note"))
    assert (sound.ok, sound.exit_code) == (True, 0)
    broken = validation(problem("error"), problem("note"))
    assert (broken.ok, broken.exit_code) == (False, 1)
    assert broken.headline() == "1 error, no warnings and 1 note in 1 table, 1,234 rows"


def test_the_summary_spells_out_errors_and_counts_the_rest() -> None:
    text = validation(*[problem()] * 3, problem("note", value="quiet")).summary(at_most=2)
    assert text.count("message x") == 2
    assert 'x, row 7: "x", …' in text
    assert "and 1 more errors" in text
    assert "quiet" not in text


def test_order_is_severity_then_table_then_place() -> None:
    found = [
        problem("note", table="models"),
        problem("error", table="trials"),
        problem("error", table="models", value="b"),
        problem("error", table="models", value="a"),
    ]
    ordered = in_order(found, ["models", "trials"])
    assert [(p.severity, p.table, p.column) for p in ordered] == [
        ("error", "models", "a"),
        ("error", "models", "b"),
        ("error", "trials", "x"),
        ("note", "models", "x"),
    ]
    assert in_order(found[::-1], ["models", "trials"]) == ordered


def test_the_page_runs_nothing_and_shows_everything() -> None:
    page = validation(problem(value=HOSTILE), problem("note")).to_html("Validation of <s>")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "http" not in page
    assert "Validation of &lt;s&gt;" in page
    assert page == validation(problem(value=HOSTILE), problem("note")).to_html("Validation of <s>")
    assert "No rule is broken" in validation().to_html()


def test_the_terminal_gets_no_escape_sequences_or_markup() -> None:
    text = shown(validation(problem(value=HOSTILE)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]" in text
    assert "1 error" in text


def test_json_is_ascii_and_complete() -> None:
    text = validation(problem(value="\u202e\ud800")).to_json()
    assert text.isascii()
    found = json.loads(text)
    assert found["ok"] is False
    assert found["counts"] == {"error": 1, "warning": 0, "note": 0}
    assert found["problems"][0]["examples"][0] == {
        "file": "\u202e\ud800",
        "row": 7,
        "value": "\u202e\ud800",
    }


def test_the_frame_has_one_row_a_problem_and_fixed_columns() -> None:
    frame = validation(problem(), problem("note")).to_frame()
    columns = "table file column rule severity n_rows examples message way_out"
    assert list(frame.columns) == columns.split()
    assert frame["examples"][0] == 'x, row 7: "x"; "y"'
    assert list(validation().to_frame().columns) == columns.split()


def test_examples_say_where() -> None:
    assert example_text(Example(file="a.csv", row=3, value="v\n")) == 'a.csv, row 3: "v\\n"'
    assert example_text(Example(file="", row=None, value="v")) == '"v"'


@given(st.text(st.characters(exclude_categories=())))
def test_printable_is_on_one_line_and_can_be_written(text: str) -> None:
    found = printable(text, at_most=50)
    assert len(found) <= 50
    assert found.isprintable()
    found.encode()


@pytest.mark.parametrize(("text", "expected"), [("abc", "abc"), ("a" * 20, "a" * 9 + "…")])
def test_long_values_are_cut(text: str, expected: str) -> None:
    assert printable(text, at_most=10) == expected
