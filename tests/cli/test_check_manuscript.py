from __future__ import annotations

import json

import pytest
import yaml

from claims.known import known_study

CLAIM = {
    "sentence": "The accuracy of the model is",
    "kind": "value",
    "of": "accuracy",
    "at": {"predictor": "m"},
    "value": ".9",
}


@pytest.fixture
def folder(tmp_path):
    known_study(tmp_path / "known").close()
    ledger = yaml.safe_dump({"claims": {"accuracy": CLAIM}})
    (tmp_path / "known" / "claims.yml").write_text(ledger, encoding="utf-8")
    return tmp_path / "known"


def paper(tmp_path, number):
    path = tmp_path / "paper.md"
    path.write_text(f"The accuracy is [{number}]{{claim=accuracy}}.\n", encoding="utf-8")
    return path


def test_the_exit_code_is_1_where_a_number_differs_from_its_claim(foresay, folder, tmp_path):
    assert foresay("check", folder, "--manuscript", paper(tmp_path, ".90")).code == 0
    outcome = foresay("check", folder, "--manuscript", paper(tmp_path, ".80"))
    assert outcome.code == 1
    assert "differs: claim accuracy" in outcome.out
    assert "line 1" in outcome.out
    more = foresay("check", folder, "--manuscript", paper(tmp_path, ".9001"))
    assert (more.code, "recomputed" in more.out) == (1, True)


def test_formats_and_files(foresay, folder, tmp_path):
    path = paper(tmp_path, ".80")
    found = json.loads(foresay("check", folder, "--manuscript", path, "--format", "json").out)
    assert (found["manuscript"], found["counts"]["differs"]) == ("paper.md", 1)
    page = tmp_path / "paper.html"
    outcome = foresay("check", folder, "--manuscript", path, "--format", "html", "-o", page)
    assert outcome.code == 1
    assert ".80" in page.read_text(encoding="utf-8")


def test_wrong_use_is_told_without_a_traceback(foresay, folder, tmp_path):
    outcome = foresay("check", folder, "--manuscript", tmp_path / "none.md")
    assert (outcome.code, "none.md" in outcome.err) == (2, True)
    path = paper(tmp_path, ".9")
    outcome = foresay("check", folder, "--manuscript", path, "--accept-proposed", "2")
    assert (outcome.code, "at most 1" in outcome.err) == (2, True)
