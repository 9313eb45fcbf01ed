from __future__ import annotations

import json
import os

import pytest
import yaml

from claims.known import known_study
from foresay.claims import read_ledger
from studies import SHIPPED

RIGHT = {"kind": "value", "of": "accuracy", "at": {"predictor": "m"}, "value": ".9"}


@pytest.fixture
def folder(tmp_path):
    known_study(tmp_path / "known").close()
    return tmp_path / "known"


def write(folder, **claims):
    content = {"claims": {k: {"sentence": "It is so.", **v} for k, v in claims.items()}}
    (folder / "claims.yml").write_text(yaml.safe_dump(content), encoding="utf-8")


def test_the_exit_code_is_1_where_a_claim_is_contradicted(foresay, folder):
    write(folder, right=RIGHT, unknown={**RIGHT, "of": "acuracy"})
    outcome = foresay("check", folder)
    assert outcome.code == 0
    assert "1 claim could not be assessed, which fails with --strict only" in outcome.out
    write(folder, right=RIGHT, wrong={**RIGHT, "value": ".8"})
    outcome = foresay("check", folder / "study.yml")
    assert outcome.code == 1
    assert "contradicted  wrong: It is so. (.8)" in outcome.out
    assert outcome.out.endswith("2 claims: 1 supported, 1 contradicted\n")


def test_formats_and_files(foresay, folder, tmp_path):
    write(folder, right=RIGHT, wrong={**RIGHT, "value": ".8"})
    found = json.loads(foresay("check", folder, "--format", "json").out)
    assert found["counts"]["contradicted"] == 1
    assert [one["id"] for one in found["claims"]] == ["right", "wrong"]
    page = tmp_path / "claims.html"
    outcome = foresay("check", folder, "--format", "html", "-o", page)
    assert "1 supported, 1 contradicted; all of it is in" in outcome.err
    assert "It is so." in page.read_text(encoding="utf-8")


def test_only_some_claims_and_another_ledger(foresay, folder, tmp_path):
    write(folder, right=RIGHT, wrong={**RIGHT, "value": ".8"})
    assert foresay("check", folder, "--only", "right").code == 0
    outcome = foresay("check", folder, "--only", "rihgt")
    assert outcome.code == 2
    assert "did you mean 'right'" in outcome.err
    other = tmp_path / "other.yml"
    other.write_text("claims: {}\n", encoding="utf-8")
    assert foresay("check", folder, "--claims", other).out == "0 claims\n"


def test_wrong_use_is_told_without_a_traceback(foresay, folder):
    outcome = foresay("check", folder)
    assert (outcome.code, outcome.out) == (2, "")
    assert "cannot read the ledger of claims" in outcome.err
    (folder / "claims.yml").write_text("claims: {a: {kind: valeu}}", encoding="utf-8")
    outcome = foresay("check", folder)
    assert outcome.code == 2
    assert "line 1" in outcome.err


def test_a_proposed_claim_is_supported_when_it_is_checked(foresay, folder):
    asked = ("claims", "new", folder, "--of", "accuracy")
    arms = ("--arm", "predictor = 'n'", "--arm", "predictor = 'm'")
    assert foresay(*asked, "--at", "predictor=m", "--append").code == 0
    before = (folder / "claims.yml").read_text(encoding="utf-8")
    assert foresay(*asked, *arms, "--id", "less", "--append").code == 0
    assert (folder / "claims.yml").read_text(encoding="utf-8").startswith(before)
    assert read_ledger(folder).claims["less"].value == "-.650"
    outcome = foresay("check", folder)
    assert outcome.code == 0
    assert outcome.out.endswith("2 claims: 2 supported\n")


def test_a_proposal_is_printed_and_nothing_is_written_without_append(foresay, folder):
    outcome = foresay("claims", "new", folder, "--of", "clear", "--sentence", "Much: better")
    assert yaml.safe_load(outcome.out)["clear"]["sentence"] == "Much: better"
    assert not (folder / "claims.yml").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("claims:\n  one: {sentence: s, kind: count, of: trials, value: 1}\n", "already"),
        ("claims: {}\n", "by hand"),
        (
            "claims:\n  b: {sentence: s, kind: count, of: trials, value: 1}\nspecifications: {}\n",
            "",
        ),
    ],
)
def test_a_ledger_that_cannot_take_a_claim_stays_as_it_was(foresay, folder, text, said):
    (folder / "claims.yml").write_text(text, encoding="utf-8")
    outcome = foresay("claims", "new", folder, "--of", "clear", "--id", "one", "--append")
    assert outcome.code == 2
    assert said in outcome.err
    assert (folder / "claims.yml").read_text(encoding="utf-8") == text


def test_the_claims_of_the_shipped_study_hold(foresay):
    outcome = foresay("check", SHIPPED, "--format", "json")
    found = json.loads(outcome.out)
    verdicts = {one["id"]: one["verdict"] for one in found["claims"]}
    assert outcome.code == 0
    assert verdicts.pop("no-clear-advantage") == "unresolved"
    assert set(verdicts.values()) == {"supported"}
    kinds = {one["kind"] for one in found["claims"]}
    assert len(kinds) == 11, "a claim of every kind"


ONE = ("--of", "accuracy", "--at", "predictor=m")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((*ONE, "--id", "bad id"), "'bad id' is no id"),
        ((*ONE, "--arm", "TRUE"), "it has one arm; name two or more"),
        ((*ONE, "--set", "level=7"), "choices level 7 should be less than 1"),
        ((*ONE, "--at", "predictor=n"), "names the column 'predictor' twice"),
        (("--of", "accuraci"), "did you mean 'accuracy'?; there are: "),
        (("--of", "by_shots"), "they differ in quantity ("),
    ],
)
def test_a_proposal_that_cannot_be_made_says_why(foresay, folder, options, said):
    outcome = foresay("claims", "new", folder, *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err


def test_a_ledger_that_is_not_utf_8_is_refused_in_words(foresay, folder):
    (folder / "claims.yml").write_bytes(b"claims:\n  a: {sentence: caf\xe9}\n")
    for asked in (("check", folder), ("claims", "new", folder, *ONE, "--append")):
        outcome = foresay(*asked)
        assert outcome.code == 2
        assert "line 2: is not UTF-8" in outcome.err
        assert "codec" not in outcome.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--accept-proposed", "0.5"), "needs --manuscript"),
        (("--manuscript", "paper.md", "--badge", "x.svg"), "--badge does nothing beside"),
        (("--manuscript", "paper.md", "--page", "x.qmd"), "--page does nothing beside"),
        (("--manuscript", "paper.md", "--strict"), "once with --strict and once with --manu"),
        (("-o", "x.pdf"), "end it in .txt, .json or .html, or say --format"),
        (("--manuscript", "paper.md", "-o", "x.docx"), "or say --format"),
        (("--badge", "x.png"), "end its name in .svg, got x.png"),
    ],
)
def test_options_that_would_do_nothing_are_refused(foresay, folder, options, said):
    outcome = foresay("check", folder, *options)
    assert outcome.code == 2
    assert said in outcome.err


def test_what_could_not_be_assessed_fails_where_strict_is_asked_for(foresay, folder, tmp_path):
    path = tmp_path / "claims.json"
    unknown = {**RIGHT, "of": "acuracy"}
    for claims, strict, code in (
        ({"one": unknown, "two": unknown}, False, 0),
        ({"one": unknown, "two": unknown}, True, 1),
        ({"right": RIGHT, "gone": {**unknown, "status": "withdrawn"}}, True, 0),
    ):
        write(folder, **claims)
        outcome = foresay("check", folder, "--summary", path, *["--strict"] * strict)
        said = json.loads(path.read_text(encoding="utf-8"))
        assert outcome.code == code
        assert said["passed"] is (code == 0)
        assert said["counts"]["not_assessed"] == list(claims.values()).count(unknown)
        assert ("fails with --strict only" in outcome.out) is not (strict)


@pytest.mark.parametrize(
    ("name", "start"), [("x.html", "<!DOCTYPE"), ("x.JSON", "{"), ("x.txt", "supp"), ("x", "supp")]
)
def test_the_ending_of_a_file_names_its_format(foresay, folder, tmp_path, name, start):
    write(folder, right=RIGHT)
    path = tmp_path / name
    assert foresay("check", folder, "-o", path).code == 0
    assert path.read_text(encoding="utf-8").lower().startswith(start.lower())
    assert foresay("check", folder, "--format", "text", "-o", path).code == 0
    assert path.read_text(encoding="utf-8").startswith("supp")
    paper = tmp_path / "paper.md"
    paper.write_text("The accuracy is [.90]{claim=right}.\n", encoding="utf-8")
    assert foresay("check", folder, "--manuscript", paper, "-o", path).code == 0
    said = path.read_text(encoding="utf-8").lower()
    assert said.startswith(start.lower()) is (start != "supp")


@pytest.mark.parametrize(("before", "after"), [(None, "1"), ("3", "3")])
def test_products_of_matrices_get_one_thread_unless_somebody_said(
    foresay, folder, monkeypatch, before, after
):
    write(folder, right=RIGHT)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "9")  # so that it is put back in the end
    if before is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    else:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", before)
    assert foresay("check", folder).code == 0
    assert os.environ["OPENBLAS_NUM_THREADS"] == after


@pytest.mark.parametrize(
    ("options", "value", "sentence"),
    [
        (("--of", "trials"), "160", "The number of trials is 160."),
        (("--of", "items", "--where", "item < 'i3'"), "23", "The number of items is 23."),
        (("--of", "predictor"), "4", "The number of values of predictor is 4."),
        (("--of", "answers"), "40", "The number of rows of answers is 40."),
        (
            ("--of", "trials", "--at", "predictor=m"),
            "40",
            "The number of trials (predictor m) is 40.",
        ),
    ],
)
def test_a_count_is_proposed_and_then_supported(foresay, folder, options, value, sentence):
    assert foresay("claims", "new", folder, *options, "--id", "one", "--append").code == 0
    made = read_ledger(folder).claims["one"]
    assert (made.kind, made.value, made.sentence) == ("count", value, sentence)
    assert foresay("check", folder).code == 0


def test_a_ledger_of_another_name_that_cannot_be_added_to_is_named(foresay, folder, tmp_path):
    path = tmp_path / "flow.yml"
    text = "claims: {a: {sentence: x, kind: count, of: trials, value: 1}}"
    path.write_text(text, encoding="utf-8")
    outcome = foresay("claims", "new", folder, *ONE, "--claims", path, "--append")
    assert (outcome.code, path.read_text(encoding="utf-8")) == (2, text)
    assert "flow.yml" in outcome.err
    assert "claims.yml" not in outcome.err
