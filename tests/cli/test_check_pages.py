"""`foresay check` and `foresay render` of pages that print claims; badge and summary."""

from __future__ import annotations

import json

import lxml.etree
import lxml.html
import pytest
import yaml

from claims.known import known_study

PAGE = """---
title: Mine
---

```{python}
from foresay.publishing.report import open_report
report = open_report()
claim = report.claim
```

The accuracy is `{python} claim("right")`.
"""
RIGHT = {
    "sentence": "It is so.",
    "kind": "value",
    "of": "accuracy",
    "at": {"predictor": "m"},
    "value": "90.0 %",
}
GAP = {
    "sentence": "It is higher.",
    "kind": "difference",
    "of": "slight",
    "value": ".05",
    "direction": ">",
}


@pytest.fixture
def folder(tmp_path):
    known_study(tmp_path / "known").close()
    write(tmp_path / "known", right=RIGHT)
    return tmp_path / "known"


def write(folder, **claims):
    text = yaml.safe_dump({"claims": claims})
    (folder / "claims.yml").write_text(text, encoding="utf-8")


def own(folder, text, name="mine.qmd"):
    (folder / name).write_text(text, encoding="utf-8")
    path = folder / "study.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**content, "report": {"source": name}}), encoding="utf-8")
    return folder / name


def test_a_number_without_a_claim_on_the_own_page_fails(foresay, folder):
    page = own(folder, PAGE)
    assert foresay("check", folder).code == 0
    own(folder, f"{PAGE}\nOf 839 trials.\n")
    outcome = foresay("check", folder)
    assert outcome.code == 1
    assert f"{page.name}:13: '839' is a number without a claim" in outcome.err
    assert foresay("check", folder, "--only", "right").code == 0


def test_a_page_can_be_named_and_may_not_know_another_claim(foresay, folder):
    page = folder / "other.qmd"
    page.write_text(PAGE.replace('claim("right")', 'claim("rihgt")'), encoding="utf-8")
    outcome = foresay("check", folder, "--page", page)
    assert outcome.code == 1
    assert "did you mean 'right'" in outcome.err
    assert foresay("check", folder, "--page", folder / "none.qmd").code == 2


def test_words_beyond_the_verdict_fail_check_and_render(foresay, folder, tmp_path):
    write(folder, right=RIGHT, gap=GAP)
    text = f'{PAGE}\nOne is higher\nby `{{python}} claim("gap")`.\n'
    page = own(folder, text)
    outcome = foresay("check", folder)
    assert "unresolved    gap" in outcome.out
    assert outcome.code == 1
    assert f"{page.name}:14: the sentence says 'higher'" in outcome.err
    for words in ((folder, "--draft", "-o", tmp_path / "v"), (page,)):
        outcome = foresay("render", *words, "--to", "html", "--engine", "embedded", "-q")
        assert outcome.code == 2
        assert f"{page.name}:14: the sentence says 'higher'" in outcome.err
    assert not page.with_suffix(".html").exists()


def test_an_unknown_claim_fails_before_anything_is_computed(foresay, folder):
    page = own(folder, PAGE.replace('claim("right")', 'claim("rihgt")'))
    outcome = foresay("render", page, "--engine", "embedded")
    assert outcome.code == 2
    assert f"{page.name}:11: the ledger has no claim 'rihgt'; did you mean 'right'" in outcome.err
    assert "computing" not in outcome.err


def test_a_page_prints_the_number_and_leads_to_the_claim(foresay, folder):
    text = f"{PAGE}\n```{{python}}\n#| output: asis\nreport.claims(full=True)\n```\n"
    page = own(folder, text)
    assert foresay("render", page, "--engine", "embedded", "-q").code == 0
    html = lxml.html.fromstring(page.with_suffix(".html").read_bytes())
    (span,) = html.xpath("//span[@class='claim']")
    assert span.text_content() == "90.0\N{NO-BREAK SPACE}%"
    assert (span.get("data-claim"), span.get("data-verdict")) == ("right", "supported")
    assert float(span.get("data-low")) < 0.9 < float(span.get("data-high"))
    assert span.xpath("a/@href") == ["#claim-right"]
    assert html.xpath("//*[@id='claim-right']")


def test_badge_and_summary_are_written(foresay, folder, tmp_path):
    write(folder, right=RIGHT, wrong={**RIGHT, "value": "80.0 %"})
    badge, summary = tmp_path / "claims.svg", tmp_path / "claims.json"
    outcome = foresay("check", folder, "--badge", badge, "--summary", summary, "-q")
    assert outcome.code == 1
    svg = lxml.etree.fromstring(badge.read_bytes())
    assert svg.get("aria-label") == "claims: 1 of 2 supported, 1 contradicted"
    said = json.loads(summary.read_text(encoding="utf-8"))
    assert said["not_supported"]["contradicted"] == ["wrong"]
    assert (said["study"], said["passed"]) == ("tiny", False)


def test_a_changed_ledger_makes_a_version_stale(foresay, folder, tmp_path):
    words = ("render", folder, "--draft", "-o", tmp_path / "v", "--to", "html", "--engine",
             "embedded", "--format", "json")  # fmt: skip
    own(folder, PAGE)
    assert foresay(*words).code == 0
    manifest = json.loads((tmp_path / "v" / "draft" / "manifest.json").read_text("utf-8"))
    assert "claims.yml" in manifest["inputs"]
    write(folder, right={**RIGHT, "owner": "another"})
    outcome = foresay("status", folder, "--versions", tmp_path / "v")
    assert "ledger claims.yml changed" in outcome.out
