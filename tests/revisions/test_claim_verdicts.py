from __future__ import annotations

import json

import pytest
import yaml

from foresay.claims import Claim, check, read_ledger
from foresay.claims.judged import Judged
from foresay.display import decimal
from foresay.errors import ChoiceError, StudyError
from foresay.revisions.answers import answer
from foresay.revisions.claim_verdicts import _printed, claims_in_words, claims_table, shown
from foresay.revisions.reanalysis import reanalyse
from foresay.study import override
from foresay.study.requests import Change
from foresay.workbench import Workbench
from revisions.small import SETTING, rows
from revisions.test_answers import HOSTILE, ask, published, study
from studies import csv_text, write_study

__all__ = ["published", "study"]  # fixtures that pytest finds by their names

IGNORE = {"choices": {"compliance": "ignore"}}
SELF = "role = 'self'"


def claim(kind, **more):
    return {"sentence": f"A claim of {kind}.", "kind": kind, **more}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    folder = tmp_path_factory.mktemp("claims")
    path = write_study(folder, rows(), **SETTING)
    (folder / "again.csv").write_text(csv_text(rows(9)["predictions"]), encoding="utf-8")
    with Workbench.open(path) as opened:
        strict = opened.estimate("accuracy", where=SELF)["value"].iloc[0]
        trials = opened.trials().count().to_pyarrow().as_py()
        told = decimal(strict, 3)
        claims = {
            "self": claim("value", of="accuracy", where=SELF, value=told),
            "self-strict": claim(
                "value",
                of="accuracy",
                where=SELF,
                value=told,
                choices={"compliance": "count_wrong"},
            ),
            "lead": claim("significance", of="gap", direction=">"),
            "asked": claim("count", of="trials", value=str(trials)),
            "gap": claim("significance", of="gap", direction=">"),
            "gone": claim("count", of="trials", value="1", status="withdrawn"),
        }
        (folder / "claims.yml").write_text(yaml.safe_dump({"claims": claims}), encoding="utf-8")
        yield opened


def made(bench, change, **more):
    return reanalyse(bench, Change.model_validate(change), **more)


def verdicts(frame):
    return {r["id"]: (r["verdict_before"], r["verdict_after"]) for r in frame.to_dict("records")}


def test_all_claims_of_the_ledger_are_covered_where_none_is_named(bench):
    found = made(bench, IGNORE)
    assert found.claims["id"].tolist() == list(read_ledger(bench.root).claims)
    assert not found.named
    assert "The 6 claims of the ledger were checked" in claims_in_words(found.claims, named=False)


def test_verdicts_are_those_of_a_study_with_these_choices(bench):
    found = made(bench, IGNORE).claims
    ledger = read_ledger(bench.root)
    before = {name: one.verdict for name, one in check(bench, ledger).judged.items()}
    own = bench.study
    bench.study = own.model_copy(update={"choices": override(bench.choices, IGNORE["choices"])})
    try:
        after = {name: one.verdict for name, one in check(bench, ledger).judged.items()}
    finally:
        bench.study = own
    assert before["self"] != after["self"]
    for name in ("self", "lead", "asked", "gone"):
        assert verdicts(found)[name] == (before[name], after[name])
    # a change takes the place of the choices that a claim names itself
    assert verdicts(found)["self-strict"] == verdicts(found)["self"]
    assert sorted(shown(found, named=False)["id"]) == sorted(
        name for name, (one, two) in verdicts(found).items() if one != two
    )


def test_the_choices_of_a_version_are_those_before(bench):
    base = override(bench.choices, IGNORE["choices"])
    found = verdicts(made(bench, {}, base=base).claims)
    assert found["self"] == ("contradicted", "contradicted")
    assert found["self-strict"] == ("supported", "supported")


def test_a_change_of_nothing_changes_no_verdict(bench):
    found = made(bench, {})
    assert not found.claims["changed"].any()
    said = claims_in_words(found.claims, named=False)
    assert "no verdict changed" in said
    assert "1 not assessed" in said


def test_a_condition_and_other_tables_change_what_claims_are_held_against(bench):
    fewer = made(bench, {"where": "split = 'held-out'"}).claims
    assert verdicts(fewer)["asked"] == ("supported", "contradicted")
    again = made(bench, {"tables": {"predictions": ["again.csv"]}}).claims
    assert verdicts(again)["asked"] == ("supported", "supported")
    assert verdicts(again)["self"] == ("supported", "contradicted")


def test_claims_that_are_named_are_told_whatever_becomes_of_them(bench):
    found = made(bench, IGNORE, concerns=["self", "asked"])
    assert found.named
    assert found.claims["id"].tolist() == ["asked", "self"]  # the order of the ledger
    assert set(found.frame["estimand"]) == {"gap"}  # the numbers are those by default
    assert len(shown(found.claims, named=True)) == 2
    said = claims_in_words(found.claims, named=True)
    assert "The 2 claims that the request names" in said
    assert "no verdict on a statement in words changed" in said
    assert "1 would state another or have another verdict: self (supported before" in said


def test_a_name_of_a_number_and_a_claim_means_both(bench):
    found = made(bench, IGNORE, concerns=["gap", "accuracy"])
    assert found.claims["id"].tolist() == ["gap"]
    assert set(found.frame["estimand"]) == {"gap", "accuracy"}


def test_an_unknown_claim_is_refused_with_the_nearest(bench):
    with pytest.raises(ChoiceError, match=r"no claim 'self-strickt'.*did you mean 'self-strict'"):
        made(bench, {}, concerns=["self-strickt"])


def test_numbers_of_claims_have_the_digits_of_the_claim(bench):
    (row,) = made(bench, IGNORE, concerns=["self"]).claims.to_dict("records")
    assert row["printed_before"].startswith(row["reported"] + " [")
    table = claims_table(made(bench, IGNORE, concerns=["self"]).claims)
    assert table.rows[0][0] == "A claim of value. (self)"
    assert table.rows[0][1].startswith("supported: .")
    assert table.rows[0][2].startswith("contradicted: .")
    assert table.rows[0][3] == row["reason_after"]
    assert "recomputed" in row["reason_after"]


def test_a_stated_p_value_is_no_format_for_an_estimate():
    stated = Claim.model_validate(claim("significance", of="gap", value="p < .001"))
    found = Judged(verdict="supported", value=0.0679, low=-0.0021, high=0.138)
    assert _printed(stated, found) == ".068 [\N{MINUS SIGN}.002, .138]"


def ledger(study, **more):
    claims = {"lead": claim("significance", of="gap", direction=">"), **more}
    (study / "claims.yml").write_text(yaml.safe_dump({"claims": claims}), encoding="utf-8")


def reply(path):
    study_file = path.parent.parent / "study.yml"
    return answer(path, study_file, versions=study_file.parent / "versions")


def test_a_reply_keeps_the_verdicts_and_is_stale_where_the_ledger_changed(study):
    ledger(study, n={**claim("count", of="trials", value="1"), "sentence": HOSTILE})
    path = ask(study, concerns=["n", "lead"])
    found = reply(path)
    assert [one["id"] for one in found.result["claims"]] == ["lead", "n"]
    assert any("that the request names were checked" in text for text in found.paragraphs)
    text = (path.with_suffix("") / "reply.md").read_text(encoding="utf-8")
    assert "(lead)" in text.replace("\\", "")
    assert "<script>" not in text
    told = json.loads((path.with_suffix("") / "result.json").read_text(encoding="utf-8"))
    assert told["claims"] == found.result["claims"]
    assert (path.with_suffix("") / "claims.csv").is_file()
    ledger(study)
    with pytest.raises(ChoiceError, match="no claim 'n'"):
        reply(path)


def test_a_ledger_that_cannot_be_read_is_named(study):
    (study / "claims.yml").write_text("claims: [", encoding="utf-8")
    with pytest.raises(StudyError, match=r"claims\.yml"):
        reply(ask(study))
