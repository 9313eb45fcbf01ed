"""What a second render does: what is stale is computed or rendered, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from foresay.publishing import computing
from studies import answers, prediction, write_study

PAGE = """---
title: A page
bibliography: sources.bib
---

```{python}
#| include: false
from foresay.publishing.report import open_report

report = open_report()
```

`{python} report.value("predictions")` predictions [@one].

{{< include _more.qmd >}}

# References

::: {#refs}
:::
"""
SOURCES = "@misc{one, title = {One}, author = {Author, An}, year = {2020}}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study with a page of its own, its draft, and the cache that this filled."""
    folder = tmp_path_factory.mktemp("study")
    tables = {
        "answers": [r for n in range(8) for r in answers("m", f"i{n}", "aab"[n % 3 :] + "a")],
        "predictions": [prediction(p, "m", f"i{n}", "ab"[n % 2]) for p in "mn" for n in range(8)],
    }
    report = {"source": "page.qmd", "formats": ["html"]}
    write_study(folder, tables, choices={"resamples": 200}, report=report)
    for name, text in {"page.qmd": PAGE, "_more.qmd": "More.\n", "sources.bib": SOURCES}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def first(made, tmp_path_factory):
    from foresay.cli import main

    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("foresay.publishing.cache.cache_folder", lambda: cache)
        patch.delenv("FORESAY_NO_CACHE")
        patch.setattr("foresay.publishing.publish.package_source", lambda: "0" * 64)
        patch.setattr("foresay.publishing.cache.package_source", lambda: "0" * 64)
        with pytest.raises(SystemExit) as ended:
            main(["render", str(made), "--engine", "embedded", "--quiet"])
    assert not ended.value.code
    return cache


@pytest.fixture
def again(made, first, tmp_path, monkeypatch, foresay):
    """Render a copy of the study that changed, with the cache of the first render."""
    folder = tmp_path / "study"
    shutil.copytree(made, folder)
    shutil.copytree(first, tmp_path / "cache")
    monkeypatch.setattr("foresay.publishing.cache.cache_folder", lambda: tmp_path / "cache")
    monkeypatch.delenv("FORESAY_NO_CACHE")
    for place in ("publish", "cache"):
        monkeypatch.setattr(f"foresay.publishing.{place}.package_source", lambda: "0" * 64)
    calls = []
    compute = computing.compute

    def counted(*given):
        calls.append(given)
        compute(*given)

    monkeypatch.setattr(computing, "compute", counted)

    def run(*words):
        outcome = foresay(
            "render", folder, "--engine", "embedded", "--draft", "--format", "json", *words
        )
        assert outcome.code == 0, outcome.err
        said = json.loads(outcome.out)
        assert said["computed"] == bool(calls)
        return said

    run.folder = folder
    return run


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)


def test_an_unchanged_study_is_left_alone(again):
    said = again()
    assert (said["rendered"], said["computed"]) == (False, False)


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("page.qmd", "\nNew words.\n", "page page.qmd changed"),
        ("_more.qmd", "\nNew words.\n", "include _more.qmd changed"),
        ("sources.bib", "\n% new words\n", "bibliography sources.bib changed"),
    ],
)
def test_what_pages_are_made_of_needs_no_computing(again, made, file, text, reason):
    append(again.folder / file, text)
    said = again()
    assert (said["rendered"], said["computed"]) == (True, False)
    assert said["reason"] == f"changed since the last draft: {reason}"
    draft, before = (f / "versions" / "draft" for f in (again.folder, made))
    page = (draft / "page.html").read_text(encoding="utf-8")
    assert ("New words." in page) == file.endswith("qmd")
    for folder in ("tables", "figures"):
        names = {path.name for path in (before / folder).iterdir()}
        assert names == {path.name for path in (draft / folder).iterdir()} != set()
        for name in names:
            assert (draft / folder / name).read_bytes() == (before / folder / name).read_bytes()


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("answers.csv", "m,t,i9,p,0,a\n", "data file answers.csv changed"),
        ("study.yml", "where: \"predictor = 'n'\"\n", "study file study.yml changed"),
    ],
)
def test_what_results_come_from_is_computed_again(again, file, text, reason):
    append(again.folder / file, text)
    said = again()
    assert (said["rendered"], said["computed"]) == (True, True)
    assert said["reason"] == f"changed since the last draft: {reason}"


def test_a_choice_that_changed_is_named(again):
    path = again.folder / "study.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("resamples: 200", "resamples: 300"))
    said = again()
    assert said["computed"]
    assert "choice resamples: 200 -> 300" in said["reason"]


def test_other_code_is_named_and_computes_again(again, monkeypatch):
    for place in ("publish", "cache"):
        monkeypatch.setattr(f"foresay.publishing.{place}.package_source", lambda: "1" * 64)
    said = again()
    assert said["computed"]
    assert said["reason"].endswith("source of foresay changed")


def test_without_the_cache_the_same_comes_out(again, made):
    shutil.rmtree(again.folder / "versions")
    said = again("--no-cache")
    assert said["computed"]
    draft, before = (f / "versions" / "draft" for f in (again.folder, made))
    assert (draft / "manifest.json").read_bytes() == (before / "manifest.json").read_bytes()


def test_a_damaged_cache_is_computed_again(again, tmp_path):
    append(again.folder / "page.qmd", "\nNew words.\n")
    (entry,) = (tmp_path / "cache" / "results").iterdir()
    entry.write_bytes(entry.read_bytes()[:-1])
    assert again()["computed"]


def test_results_of_data_that_changed_meanwhile_are_not_kept(again, tmp_path, monkeypatch):
    append(again.folder / "answers.csv", "m,t,i9,p,0,a\n")
    compute = computing.compute

    def slow(opening, *rest):
        compute(opening, *rest)
        append(again.folder / "answers.csv", "m,t,i10,p,0,a\n")

    monkeypatch.setattr(computing, "compute", slow)
    with pytest.raises(AssertionError, match="inputs changed while the report was rendered"):
        again()
    assert len(list((tmp_path / "cache" / "results").iterdir())) == 1


def test_a_page_that_cannot_be_rendered_is_refused_before_anything_is_computed(again):
    append(again.folder / "page.qmd", "\n```{mermaid}\n```\n")
    append(again.folder / "answers.csv", "m,t,i9,p,0,a\n")
    with pytest.raises(AssertionError, match=r"page.qmd:\d+: a \{mermaid\} cell"):
        again()
