"""Which n of a sentence or row is a claim's own."""

from __future__ import annotations

import pytest

from claims.manuscripts.papers import JUDGED, LEDGER
from foresay.claims.ledger import Ledger
from foresay.claims.manuscripts import check_manuscript

TABLE = """
| Predictor | Accuracy (%) | n |
|---|---|---|
| self, n = 10,000 | [49.4]{{claim=self-accuracy}} | {} |
"""


def check(tmp_path, text, ledger=LEDGER):
    path = tmp_path / "paper.md"
    path.write_text(text, encoding="utf-8")
    return check_manuscript(path, ledger, JUDGED)


def counted(told):
    return [(one.outcome, one.printed) for one in told.findings if one.rule == "n"]


@pytest.mark.parametrize(("n", "found"), [("12,480", []), ("12,840", [("differs", "12,840")])])
def test_a_column_of_n_goes_before_the_label_of_a_row(tmp_path, n, found):
    assert counted(check(tmp_path, TABLE.format(n))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("With n = 10,000 questions it was [49.4 %]{claim=self-accuracy} (n = 12,480).", []),
        ("With n = 10,000 questions it was [49.4 %]{claim=self-accuracy}.", ["n = 10,000"]),
        ("It was [49.4 %]{claim=self-accuracy} of n = 12,840, not of n = 10,000.", ["n = 12,840"]),
    ],
)
def test_a_claim_whose_n_stands_in_its_sentence_is_settled(tmp_path, text, found):
    assert [printed for _, printed in counted(check(tmp_path, text))][:1] == found


def test_an_n_of_the_claims_own_sentence_is_a_label(tmp_path):
    claims = {name: claim.model_dump() for name, claim in LEDGER.claims.items()}
    claims["self-accuracy"]["sentence"] = "Self, n = 10,000: accuracy .494."
    ledger = Ledger.model_validate({"claims": claims})
    text = "Self, n = 10,000: [49.4 %]{claim=self-accuracy}."
    assert counted(check(tmp_path, text, ledger)) == []
    assert counted(check(tmp_path, text)) == [("differs", "n = 10,000")]


def test_an_unknown_marker_is_listed_once_with_how_often_it_stands_there(tmp_path):
    told = check(tmp_path, "It was [1.5]{claim=advantag}.\n\nAgain [1.5]{claim=advantag}.\n")
    found = [one.reason for one in told.findings if one.rule == "marker"]
    assert len(found) == 1
    assert "did you mean 'advantage'?; it is named 2 times" in found[0]


def test_what_looks_like_a_year_is_a_number_where_it_is_marked(tmp_path):
    claims = {"many": {"sentence": "There are", "kind": "count", "of": "trials", "value": "2024"}}
    ledger = Ledger.model_validate({"claims": claims})
    for text in ("In all [2024]{claim=many}.", "In all 2024<!-- claim: many -->, that is."):
        (one,) = check(tmp_path, text, ledger).findings
        assert (one.outcome, one.printed) == ("agrees", "2024")
    (one,) = check(tmp_path, "In all [2025]{claim=many}.", ledger).findings
    assert one.outcome == "differs"


def test_labels_and_levels_are_no_numbers_without_a_claim(tmp_path):
    told = check(
        tmp_path, f"The 95 % interval and the 90 % confidence band.\n\n{TABLE}".format("12,480")
    )
    assert [one.printed for one in told.findings if one.outcome == "no claim"] == []
    assert ("level of an interval", 2) in told.passed_over


def test_an_interval_alone_is_printed_with_both_of_its_brackets(tmp_path):
    told = check(tmp_path, "It was [in [48.5, 53.0] %]{claim=self-accuracy}.")
    assert [one.printed for one in told.findings if one.rule == "interval"] == ["[48.5, 53.0]"]
