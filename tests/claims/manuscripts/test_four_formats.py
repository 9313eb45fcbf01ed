from __future__ import annotations

from collections import Counter

import pytest

from claims.manuscripts.papers import FORMATS, JUDGED, LEDGER, paper
from foresay.claims.manuscripts import check_manuscript

SELF = "<<self-accuracy|49.4 % [48.5, 50.3]>>"
HARD = "<<two-tasks|On the two hard tasks it is not significantly different>>"
DRIFTS = {
    "value in the abstract": (
        ("<<self-accuracy|49.4 %>>", "<<self-accuracy|49.9 %>>"),
        [("value", "self-accuracy", "49.9 %"), ("one value", "self-accuracy", "")],
    ),
    "value in the text": (
        ("<<cross-accuracy|31.8 %>>", "<<cross-accuracy|38.1 %>>"),
        [("value", "cross-accuracy", "38.1 %"), ("one value", "cross-accuracy", "")],
    ),
    "value in a table": (
        ("<<cross-accuracy|31.8>>", "<<cross-accuracy|31.3>>"),
        [("value", "cross-accuracy", "31.3"), ("one value", "cross-accuracy", "")],
    ),
    "more digits than hold": (
        ("<<self-accuracy|49.4 %>>", "<<self-accuracy|49.42 %>>"),
        [("value", "self-accuracy", "49.42 %")],
    ),
    "interval": (
        (SELF, SELF.replace("50.3", "50.8")),
        [("interval", "self-accuracy", "49.4 % [48.5, 50.8]")],
    ),
    "p-value": (("p < .001", "p = .01"), [("value", "test", "p = .01")]),
    "n in the text": (
        ("n = 12,480 items", "n = 12,408 items"),
        [("n", "self-accuracy", "n = 12,408")],
    ),
    "n in a table": (
        ("<<self-accuracy|49.4>>&12,480", "<<self-accuracy|49.4>>&12,840"),
        [("n", "self-accuracy", "12,840")],
    ),
    "order of an unresolved claim": (
        (HARD, HARD.replace("not significantly different", "higher")),
        [("words", "two-tasks", "higher")],
    ),
    "sameness of an unresolved claim": (
        (HARD, HARD.replace("it is not significantly different", "there is no difference")),
        [("words", "two-tasks", "no difference")],
    ),
    "unknown marker": (("<<advantage|", "<<advantages|"), [("marker", "advantages", "")]),
}


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_found_in_a_manuscript_that_agrees(form, tmp_path):
    found = check_manuscript(paper(tmp_path, form), LEDGER, JUDGED)
    assert Counter(one.outcome for one in found.findings) == {"agrees": 7}
    assert {one.how for one in found.findings} == {"marked"}
    assert (found.numbers, found.exit_code) == (11, 0)
    passed = dict(found.passed_over)
    assert {"list of references", "address", "citation", "heading", "reference"} < set(passed)
    assert (passed["version"], passed["year"], passed.get("code", 0)) == (1, 1, form == "qmd")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("drift", DRIFTS)
def test_every_drift_is_found_in_every_format(form, drift, tmp_path):
    change, expected = DRIFTS[drift]
    found = check_manuscript(paper(tmp_path, form, change), LEDGER, JUDGED)
    differing = [one for one in found.findings if one.outcome == "differs"]
    assert [(one.rule, one.claim) for one in differing] == [e[:2] for e in expected]
    for one, (_, _, printed) in zip(differing, expected, strict=True):
        assert not printed or one.printed.replace("\u2009", " ") == printed
    assert found.exit_code == 1


@pytest.mark.parametrize("form", FORMATS)
def test_the_place_of_a_number_is_named(form, tmp_path):
    change = ("<<cross-accuracy|31.8>>", "<<cross-accuracy|31.3>>")
    path = paper(tmp_path, form, change)
    found = check_manuscript(path, LEDGER, JUDGED).findings[0]
    assert found.place == "table 1, row 2"
    if form == "docx":
        assert found.line == 0
    else:
        assert "31.3" in path.read_text(encoding="utf-8").split("\n")[found.line - 1]


@pytest.mark.parametrize("form", FORMATS)
def test_claims_that_are_nowhere_and_numbers_without_a_claim_are_listed(form, tmp_path):
    change = (
        "<<same-stages|The last two stages are comparable>>",
        "Some 83.7 % were short",
    )
    found = check_manuscript(paper(tmp_path, form, change), LEDGER, JUDGED)
    told = {(one.outcome, one.claim, one.printed[:4]) for one in found.findings[:2]}
    assert told == {("nowhere", "same-stages", ""), ("no claim", "", "83.7")}
    assert found.exit_code == 0


def test_n_that_drifts_without_a_claim_may_differ(tmp_path):
    text = (
        "---\nabstract: We asked 4,812 questions.\n---\n\n"
        "All 4,821 questions were asked again, and 4,821 questions answered.\n"
    )
    path = tmp_path / "paper.md"
    path.write_text(text, encoding="utf-8")
    found = check_manuscript(path, LEDGER)
    (drift,) = [one for one in found.findings if one.rule == "one n"]
    assert (drift.outcome, drift.printed) == ("may differ", "4,821")
    path.write_text(text.replace("4,812", "4,821"), encoding="utf-8")
    assert not [one for one in check_manuscript(path, LEDGER).findings if one.rule == "one n"]
