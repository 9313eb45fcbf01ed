"""What is marked is compared with its claim, or a finding says why it could not be."""

from __future__ import annotations

import subprocess

import pypandoc
import pytest

from claims.manuscripts.texts import JUDGED, LEDGER, check, told
from foresay.claims.manuscripts import check_manuscript
from foresay.claims.manuscripts.lines import Lines
from foresay.claims.manuscripts.meaning import p_fits
from foresay.claims.numbers import parse_number

P_TABLE = "| predictor | p |\n|---|---|\n| self | [{}]{{claim=sig}} |\n"


@pytest.mark.parametrize(
    "text",
    [
        "The p-value is [{}]{{claim=sig}}.",
        "The p-value of the difference between the two of them is [{}]{{claim=sig}}.",
        "*p* [{}]{{claim=sig}}",
        "*p* was [{}]{{claim=sig}}",
        "[{}]{{claim=sig}}",
        "We found [that p is {}]{{claim=sig}}.",
        "The p-value is {}<!-- claim: sig -->.",
        "*p* = {} was found<!-- claim: sig -->.",
        P_TABLE,
    ],
)
def test_a_marked_p_value_is_compared_whatever_it_is_called(tmp_path, text):
    wrong = check(tmp_path, text.format(".02"))
    assert (told(wrong), wrong.exit_code) == ([("differs", "value", "sig")], 1)
    right = check(tmp_path, text.format(".00005"))
    assert (told(right), right.exit_code) == ([("agrees", "value", "sig")], 0)


@pytest.mark.parametrize(
    "text",
    [
        r"$p$ \claim{sig}{$= .02$}.",
        r"\begin{tabular}{lr} Model & $p$ \\ self & \claim{sig}{.04} \\ \end{tabular}",
        r"p \claim{sig}{$> .05$}.",
    ],
)
def test_a_marked_p_value_is_compared_in_latex(tmp_path, text):
    found = check(tmp_path, text, form="tex")
    assert (told(found), found.exit_code) == ([("differs", "value", "sig")], 1)


def test_a_comment_on_a_bare_p_value_is_compared_in_word(tmp_path):
    text = (
        'It was [claim: sig]{.comment-start id="0" author="a" date="2024-01-01T00:00:00Z"}'
        '.02[]{.comment-end id="0"}, as was found.'
    )
    path = tmp_path / "paper.docx"
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--output", str(path)]
    subprocess.run(command, input=text.encode(), check=True)
    assert told(check_manuscript(path, LEDGER, JUDGED)) == [("differs", "value", "sig")]


def test_a_significance_may_be_marked_in_words_beside_other_numbers(tmp_path):
    found = check(tmp_path, "[Self (52.3 %) is ahead of the other one]{claim=sig}.")
    assert (told(found), found.exit_code) == ([], 0)
    level = "<!-- claim: sig -->\n\nIt is ahead at a p-value threshold of .05."
    assert told(check(tmp_path, level)) == []
    found = check(tmp_path, "It gains [3.4 points]{claim=gain}<!-- claim: sig -->.")
    assert told(found) == [("agrees", "value", "gain")]


@pytest.mark.parametrize(
    ("printed", "outcome"),
    [
        ("< .001", "agrees"),
        ("< .0001", "agrees"),
        ("< .05", "agrees"),
        ("< .00001", "differs"),
        ("> .05", "differs"),
        ("= .00005", "agrees"),
        ("= .0004", "differs"),
    ],
)
def test_a_bound_on_p_has_to_be_true_of_the_recomputed_p(tmp_path, printed, outcome):
    sign, number = printed.split()
    for text in (f"(p {sign} [{number}]{{claim=sig}})", f"[p {printed}]{{claim=sig}}"):
        assert told(check(tmp_path, text)) == [(outcome, "value", "sig")]


def test_a_bound_on_p_in_words_is_read(tmp_path):
    text = "The p-value was below [{}]{{claim=sig}}."
    assert told(check(tmp_path, text.format(".001"))) == [("agrees", "value", "sig")]
    assert told(check(tmp_path, text.format(".00001"))) == [("differs", "value", "sig")]


@pytest.mark.parametrize(("printed", "fits"), [("< .05", True), ("< .0001", False), (".01", False)])
def test_without_a_recomputed_p_a_bound_has_to_follow_from_the_ledger(printed, fits):
    ledger = parse_number("< .001")
    assert p_fits(parse_number(printed), ledger, float("nan"), "nearest") is fits


@pytest.mark.parametrize(
    ("text", "claim", "why"),
    [
        ("It was [7.2k]{claim=trials}.", "trials", "thousands and millions"),
        ("It was [7.2 thousand]{claim=trials}.", "trials", "thousands and millions"),
        ("It was [half]{claim=self} of them.", "self", "could be read"),
        ("It was half <!-- claim: self --> of them.", "self", "could be read"),
        ("It was [52,9 %]{claim=self}.", "self", "decimal commas"),
        ("It was [0,523]{claim=self}.", "self", "decimal commas"),
        ("There are [7.200,0]{claim=trials}.", "trials", "decimal commas"),
        ("There are [7,2000]{claim=trials}.", "trials", "decimal commas"),
    ],
)
def test_a_mark_without_a_readable_number_is_found(tmp_path, text, claim, why):
    found = check(tmp_path, text)
    assert (told(found), found.exit_code) == ([("differs", "read", claim)], 1)
    (one,) = [one for one in found.findings if one.rule == "read"]
    assert why in one.reason
    assert one.line == 1


def test_a_formula_that_is_not_read_is_found_where_it_is_marked(tmp_path):
    found = check(tmp_path, r"\claim{self}{$.623_{\pm .016}$}", form="tex")
    assert (told(found), found.exit_code) == ([("differs", "read", "self")], 1)


def test_a_difference_may_be_marked_in_words_that_claim_an_order(tmp_path):
    assert told(check(tmp_path, "Self is [higher]{claim=gain}.")) == []
    assert told(check(tmp_path, "Self is [there]{claim=gain}.")) == [("differs", "read", "gain")]


@pytest.mark.parametrize(
    "text",
    [
        "# Part 3: it reaches [{}]{{claim=self}}\n\nText.",
        "# Part 3: it reaches {} <!-- claim: self -->\n\nText.",
        "---\ntitle: It reaches [{}]{{claim=self}} in 3\n---\n\nText.",
        "| Predictor [{}]{{claim=self}} | 3 |\n|---|---|\n| self | many |\n",
    ],
)
def test_a_marked_number_of_a_heading_is_compared(tmp_path, text):
    assert told(check(tmp_path, text.format("52.3 %"))) == [("agrees", "value", "self")]
    wrong = check(tmp_path, text.format("62.3 %"))
    assert told(wrong) == [("differs", "value", "self")]
    assert [one for one in wrong.findings if one.outcome == "no claim"] == []


def test_a_marker_may_be_written_with_a_capital(tmp_path):
    found = check(tmp_path, "It was 62.3 % <!-- Claim: self --> there.")
    assert told(found) == [("differs", "value", "self")]


def test_words_are_no_part_of_a_number(tmp_path):
    found = check(tmp_path, "We [reached ≈ 62.3%]{claim=self}, and it [is > .01]{claim=sig}.")
    assert [one.printed for one in found.findings if one.outcome == "differs"] == [
        "≈ 62.3%",
        "> .01",
    ]


def test_findings_about_markers_have_a_line(tmp_path):
    text = "First [52.3 %]{claim=self} here.\n\nThen.\n\nThere [52.3 %]{claim=slef} it is.\n"
    (one,) = [one for one in check(tmp_path, text).findings if one.rule == "marker"]
    assert one.line == 5
    tex = Lines("\\claim{self-1}{3}\n\\claim{self}{4} there\n<!-- Claim: self --> elsewhere")
    assert tex.of_marker("self", "it is elsewhere") == 3
    assert tex.of_marker("self", "4 there") == 2
    assert tex.of_marker("cross", "4 there") == 0
