"""Claims in reports: what a page prints of them, and where it leads."""

from __future__ import annotations

import lxml.html
import pandas as pd
import pypandoc
import pytest

from foresay.claims import Claim, Ledger
from foresay.claims.judged import Judged
from foresay.claims.recompute import Checked
from foresay.errors import ReportError
from foresay.publishing.claim_links import linked
from foresay.publishing.claims import (
    answer,
    claim_number,
    claims_list,
    claims_table,
    hash_of,
    verdicts_of,
)
from foresay.publishing.engines.pandoc import READER
from foresay.publishing.results import Results

HOSTILE = '"} <script>alert(1)</script> [x](http://x.y) *a* \x1b[31m\u202e $x$ `c` {{< meta t >}}'


def claim(**more):
    return {"sentence": "A claim.", "kind": "value", "of": "accuracy", "value": "49.4 %", **more}


def results(claims, agreeing=None, **judged):
    ledger = Ledger.model_validate({"claims": claims})
    plain = Judged(verdict="supported", value=0.5125, low=0.5, high=0.53, n=839, fingerprint="f")
    found = Checked(
        ledger=ledger,
        judged={name: judged.get(name, plain) for name in claims},
        agreeing=agreeing or {},
    )
    facts = {
        "claims": {
            name: one.model_dump(mode="json", exclude_defaults=True)
            for name, one in ledger.claims.items()
        }
    }
    return Results(tables={"claims": found.rows}, missing={}, facts=facts)


def html(markdown):
    return pypandoc.convert_text(markdown, "html", format=READER)


def test_a_claim_prints_its_recomputed_number_as_the_ledger_rounds_it():
    assert str(claim_number(results({"a": claim()}), "a")) == "51.2 %"
    assert str(claim_number(results({"a": claim(value=".49")}), "a")) == ".51"
    ends = claim(kind="interval", value=None, interval=[".49", ".52"])
    assert str(claim_number(results({"a": ends}), "a")) == "[.50, .53]"


def test_the_span_of_a_claim_holds_its_id_interval_verdict_and_hash():
    found = results({"my.claim-1": claim()})
    text = html(claim_number(found, "my.claim-1")._repr_markdown_())
    (span,) = lxml.html.fromstring(f"<div>{text}</div>").xpath("//span")
    row = found.tables["claims"].to_dict("records")[0]
    assert span.text_content() == "51.2\N{NO-BREAK SPACE}%"
    assert dict(span.attrib) == {
        "class": "claim",
        "title": "Claim my.claim-1: supported, .512 [.500, .530]",
        "data-claim": "my.claim-1",
        "data-verdict": "supported",
        "data-value": "0.5125",
        "data-low": "0.5",
        "data-high": "0.53",
        "data-hash": hash_of(row),
    }


@pytest.mark.parametrize(
    "part", ["reported", "value", "low", "high", "n", "choices", "fingerprint"]
)
def test_the_hash_changes_with_all_that_it_is_of(part):
    row = results({"a": claim()}).tables["claims"].to_dict("records")[0]
    other = {**row, part: 0.1 if isinstance(row[part], float) else "other"}
    assert len(hash_of(row)) == 16
    assert hash_of(row) == hash_of(dict(row)) != hash_of(other)
    assert hash_of({**row, "owner": "someone"}) == hash_of(row)


def test_a_claim_that_could_not_be_assessed_prints_a_dash():
    found = results({"a": claim()}, a=Judged(verdict="not assessed", reason="no table"))
    number = claim_number(found, "a")
    assert str(number) == "\u2014"
    assert "data-value" not in number._repr_markdown_()


@pytest.mark.parametrize(
    ("name", "said"),
    [("slef", "did you mean 'self'"), ("zzz", "there are: order and self"), ("order", "no number")],
)
def test_a_claim_that_cannot_be_printed_is_an_error_that_says_why(name, said):
    found = results({"self": claim(), "order": claim(kind="ordering", value=None)})
    with pytest.raises(ReportError, match=said):
        claim_number(found, name)


def test_without_a_ledger_the_error_says_so():
    title = "Claims and their verdicts"
    found = Results(tables={}, missing={title: "the study has no ledger"}, facts={})
    with pytest.raises(ReportError, match="no ledger"):
        claim_number(found, "a")
    assert answer(found) == ""
    assert verdicts_of(found) == {}


def test_the_table_and_the_list_tell_every_claim_with_verdict_arithmetic_and_robustness():
    judged = Judged(verdict="contradicted", value=0.2, arithmetic="one and one", reason="because")
    found = results(
        {"a": claim(place={"paper": "P", "page": "p. 7"}), "b": claim()},
        agreeing={"a": (6, 5), "b": (6, 6)},
        b=judged,
    )
    shown = str(claims_table(found))
    assert "5 of 6" in shown
    assert "contradicted" in shown
    text = claims_list(found)
    page = lxml.html.fromstring(f"<div>{html(text)}</div>")
    assert [one.get("id") for one in page.xpath("//dt/span")] == ["claim-a", "claim-b"]
    said = " ".join(page.text_content().split())
    for words in ("A claim. (P, p. 7)", "one and one", "because", "supported in 5 of 6 spec"):
        assert words in said


def test_choices_that_most_claims_have_are_told_once():
    judged = {n: Judged(verdict="supported", choices=c) for n, c in zip("abc", "xyx", strict=True)}
    said = claims_list(results(dict.fromkeys("abc", claim()), **judged))
    assert said.startswith("Choices, where a claim does not name others: x")
    assert said.count("Choices: ") == 1


def test_without_specifications_nothing_is_said_of_robustness():
    found = results({"a": claim()})
    assert "Robust" not in str(claims_table(found))
    assert "Robust" not in claims_list(found)


def test_the_answer_counts_the_claims_that_are_still_made():
    lost = Judged(verdict="unresolved")
    found = results({"a": claim(), "b": claim(), "c": claim(status="withdrawn")}, b=lost)
    assert answer(found) == "Of 2 claims the data support 1; 1 unresolved."
    assert answer(results({"a": claim()})) == "Of 1 claims the data support 1."


def test_hostile_text_of_a_ledger_is_text_on_the_page():
    names = {"sentence": HOSTILE, "owner": HOSTILE, "place": {"paper": HOSTILE}}
    judged = Judged(verdict="supported", value=0.5, arithmetic=HOSTILE, reason=HOSTILE)
    found = results({"a": claim(**names)}, a=judged)
    page = lxml.html.fromstring(f"<div>{html(claims_list(found))}</div>")
    tags = {one.tag for one in page.iter()}
    assert tags <= {"div", "dl", "dt", "dd", "p", "span"}
    assert "<script>alert(1)</script> [x](http://x.y) *a*" in page.text_content()
    assert "\x1b" not in page.text_content()
    assert "\u202e" not in str(claims_table(found))


def test_numbers_lead_to_the_anchor_of_their_claim_where_there_is_one():
    number = '<span class="claim" title="t" data-claim="a.b">5 %</span>'
    assert linked(number) == number
    page = f'{number}<dt><span id="claim-a.b">a.b</span></dt>'
    shown = lxml.html.fromstring(f"<div>{linked(page)}</div>")
    (link,) = shown.xpath("//span[@class='claim']/a")
    assert (link.get("href"), link.text) == ("#claim-a.b", "5 %")
    assert linked(page.replace("claim-a.b", "claim-a")).count("<a") == 0


def test_stored_claims_come_back_as_they_were(tmp_path):
    from foresay.publishing.stored import load, store

    found = results({"a": claim(at={"n": 1.5}, margin=0.05)}, agreeing={"a": (2, 1)})
    store(found, "{}", tmp_path)
    again, *_ = load(tmp_path)
    pd.testing.assert_frame_equal(again.tables["claims"], found.tables["claims"])
    before, after = (claim_number(one, "a")._repr_markdown_() for one in (found, again))
    assert before == after
    assert Claim.model_validate(again.facts["claims"]["a"]).margin == 0.05
