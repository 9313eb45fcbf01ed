from __future__ import annotations

from claims.manuscripts.papers import JUDGED, LEDGER, paper
from foresay.claims.ledger import Ledger
from foresay.claims.manuscripts import check_manuscript

SENTENCE = "The trained model predicts its own replies with an accuracy of {}."


def _check(tmp_path, text, **options):
    path = tmp_path / "paper.md"
    path.write_text(text, encoding="utf-8")
    return check_manuscript(path, LEDGER, JUDGED, **options)


def _linked(found, claim):
    return [one for one in found.findings if one.claim == claim and one.outcome != "nowhere"]


def test_a_number_is_proposed_for_its_claim_by_value_and_words(tmp_path):
    found = _check(tmp_path, SENTENCE.format("49.4 %"))
    (one,) = _linked(found, "self-accuracy")
    assert (one.how, one.outcome, one.printed) == ("proposed", "agrees", "49.4 %")
    assert 0.5 < one.confidence <= 1


def test_more_words_of_the_claim_make_a_proposal_likelier(tmp_path):
    few = _check(tmp_path, "Replies of the trained model were predicted: 49.4 %.")
    many = _check(tmp_path, SENTENCE.format("49.4 %"))
    confidence = [_linked(found, "self-accuracy")[0].confidence for found in (few, many)]
    assert confidence[0] < confidence[1]


def test_what_is_only_proposed_is_no_fact_unless_accepted(tmp_path):
    text = SENTENCE.format("49.9 %")
    told = _check(tmp_path, text)
    assert [one.outcome for one in _linked(told, "self-accuracy")] == ["may differ"]
    assert told.exit_code == 0
    accepted = _check(tmp_path, text, accept=0.6)
    assert [one.outcome for one in _linked(accepted, "self-accuracy")] == ["differs"]
    assert accepted.exit_code == 1


def test_a_number_in_a_sentence_about_something_else_is_not_proposed(tmp_path):
    found = _check(tmp_path, "The weather was fine on 49.4 % of days.")
    assert _linked(found, "self-accuracy") == []
    assert [one.printed for one in found.findings if one.outcome == "no claim"] == ["49.4 %"]


def test_a_claim_in_words_is_proposed_and_its_words_are_held_against_the_verdict(tmp_path):
    text = "On the two hard tasks the neither predictor is shown to be clearly ahead, or higher."
    (one,) = _linked(_check(tmp_path, text), "two-tasks")
    assert (one.rule, one.outcome, one.printed) == ("words", "may differ", "higher")


def test_a_marked_claim_that_the_data_contradict_differs(tmp_path):
    contradicted = {**JUDGED, "advantage": JUDGED["two-tasks"].__class__(verdict="contradicted")}
    found = check_manuscript(paper(tmp_path, "md"), LEDGER, contradicted)
    rules = [(one.rule, one.claim) for one in found.findings if one.outcome == "differs"]
    assert rules == [("verdict", "advantage")]


def test_a_withdrawn_claim_is_not_to_be_printed(tmp_path):
    claims = {name: claim.model_dump() for name, claim in LEDGER.claims.items()}
    claims["advantage"]["status"] = "withdrawn"
    ledger = Ledger.model_validate({"claims": claims})
    found = check_manuscript(paper(tmp_path, "md"), ledger, JUDGED)
    assert [(one.rule, one.claim) for one in found.findings if one.outcome == "differs"] == [
        ("marker", "advantage")
    ]


def test_the_same_manuscript_gives_the_same_bytes(tmp_path):
    path = paper(tmp_path, "md", ("31.8 %", "38.1 %"))
    one, two = (check_manuscript(path, LEDGER, JUDGED) for _ in range(2))
    assert one.to_json() == two.to_json()
    assert one.table().equals(two.table())
    assert list(one.table()["outcome"]).count("differs") == 2
