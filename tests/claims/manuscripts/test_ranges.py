"""Ranges and intervals in prose, held against the interval of a claim."""

from __future__ import annotations

import pytest

from claims.manuscripts.papers import FORMATS, JUDGED, LEDGER, paper
from foresay.claims.ledger import Ledger
from foresay.claims.manuscripts import check_manuscript

EN_DASH = "\N{EN DASH}"
ABOUT = "The trained model predicts its own replies with accuracy"
ALONE = Ledger.model_validate(
    {
        "claims": {
            "own": {
                "sentence": f"{ABOUT} in this interval",
                "kind": "interval",
                "of": "accuracy",
                "interval": ["48.5 %", "50.3 %"],
            }
        }
    }
)
FORMS = (
    "{} % to {} %",
    "{} to {} %",
    "from {} to {} %",
    f"{{}}{EN_DASH}{{}} %",
    f"{{}} %{EN_DASH}{{}} %",
    "between {} % and {} %",
    "95 % CI {}, {}",
    "95 % CI = {}, {}",
    "95 % CI: {} % to {} %",
    "95 % confidence interval from {} to {} %",
    "CI {} to {} %",
    "bootstrap 95 % CI {} to {}",
    "[{}, {}]",
)


def check(tmp_path, text, ledger=LEDGER, **options):
    path = tmp_path / "paper.md"
    path.write_text(text, encoding="utf-8")
    return check_manuscript(path, ledger, JUDGED if ledger is LEDGER else {}, **options)


def found(told, claim="self-accuracy", rule=None):
    return [
        (one.rule, one.outcome, one.how)
        for one in told.findings
        if one.claim == claim and rule in (None, one.rule)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_marked_interval_is_held_against_its_claim(tmp_path, form):
    right = check(tmp_path, f"It was [{form.format('48.5', '50.3')}]{{claim=own}}.", ALONE)
    assert found(right, "own") == [("value", "agrees", "marked")]
    wrong = check(tmp_path, f"It was [{form.format('48.5', '53.0')}]{{claim=own}}.", ALONE)
    assert found(wrong, "own") == [("interval", "differs", "marked")]
    assert wrong.exit_code == 1


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_proposed_for_a_claim_with_its_words(tmp_path, form):
    right = check(tmp_path, f"{ABOUT} in this interval: {form.format('48.5', '50.3')}.", ALONE)
    assert found(right, "own") == [("value", "agrees", "proposed")]
    wrong = check(tmp_path, f"{ABOUT} in this interval: {form.format('48.5', '53.0')}.", ALONE)
    assert found(wrong, "own") == [("interval", "may differ", "proposed")]


@pytest.mark.parametrize("form", FORMS)
def test_the_interval_of_a_marked_number_may_stand_anywhere_in_its_sentence(tmp_path, form):
    text = "It was [49.4 %]{{claim=self-accuracy}} over all of the tasks, {}."
    right = check(tmp_path, text.format(form.format("48.5", "50.3")))
    assert found(right) == [("value", "agrees", "marked")] * 2
    wrong = check(tmp_path, text.format(form.format("48.5", "53.0")))
    (one,) = found(wrong, rule="interval")
    named = "CI" in form or "interval" in form or "[" in form
    assert one[1:] == (("differs", "marked") if named else ("may differ", "proposed"))


@pytest.mark.parametrize(
    "text",
    [
        "It was [49.4 %]{claim=self-accuracy} in 3-5 runs.",
        "It was [49.4 %]{claim=self-accuracy}, and tasks run from 20 % to 30 %.",
        "It was [49.4 %]{claim=self-accuracy}, and tasks run from 45 % to 70 %.",
        "It rose from 48.6 % to [49.4 %]{claim=self-accuracy}.",
        "It rose from 48.6 % to 49.4 %<!-- claim: self-accuracy -->.",
        "It is 48.6 % to [49.4 %]{claim=self-accuracy}.",
    ],
)
def test_ranges_of_something_else_are_not_held_against_the_interval(tmp_path, text):
    told = check(tmp_path, text)
    assert found(told) == [("value", "agrees", "marked")]
    assert told.exit_code == 0


def test_a_range_without_an_interval_in_the_ledger_is_of_anything(tmp_path):
    told = check(tmp_path, "It was [31.8 %]{claim=cross-accuracy} (runs: 30.0 % to 33.0 %).")
    assert found(told, "cross-accuracy") == [("value", "agrees", "marked")]


@pytest.mark.parametrize("form", FORMATS)
def test_a_range_that_drifts_is_found_in_every_format(tmp_path, form):
    at = ("49.4 % [48.5, 50.3]>>", "49.4 %>>, 95 % CI 48.5 % to 53.0 %,")
    told = check_manuscript(paper(tmp_path, form, at), LEDGER, JUDGED)
    assert ("interval", "differs", "marked") in found(told)
    same = ("49.4 % [48.5, 50.3]>>", "49.4 %>>, 95 % CI 48.5 % to 50.3 %,")
    assert check_manuscript(paper(tmp_path, form, same), LEDGER, JUDGED).exit_code == 0
