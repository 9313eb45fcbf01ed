"""How to get the same bytes, from the manifest alone."""

from __future__ import annotations

import json

import pytest

from foresay.errors import ReportError
from foresay.publishing.definitions import definition_list
from foresay.publishing.manifest import Manifest
from foresay.publishing.report import Report
from foresay.publishing.reproduction import REPRODUCTION, check, command
from foresay.publishing.results import Results


def manifest(**changed):
    content = {
        "study": "s",
        "title": "T",
        "version": "1.0",
        "inputs": {"study.yml": "a" * 64},
        "choices": {},
        "package": "0.1",
        "package_source": "b" * 64,
        "libraries": {"numpy": "2.0"},
        "seed": 7,
        "engine": "embedded",
        "engine_version": "pandoc 3.9",
        "formats": ["html", "pdf"],
    }
    return Manifest.model_validate_json(json.dumps(content | changed))


def test_the_command_makes_this_version():
    assert command(manifest()) == (
        "foresay render study.yml --version 1.0 --to html,pdf --engine embedded"
    )
    assert "--draft" in command(manifest(version=None))
    assert check(manifest()).splitlines()[1] == (
        "diff versions/1.0/manifest.json again/1.0/manifest.json"
    )


def test_the_command_is_one(capsys):
    from foresay.cli import main

    words = command(manifest(version=None)).replace("study.yml", "gone.yml").split()
    with pytest.raises(SystemExit) as ended:
        main([*words[1:], "--output", "again"])
    assert ended.value.code == 2
    assert "gone.yml" in capsys.readouterr().err


def test_a_page_has_every_input_and_part_by_name():
    report = Report(Results(tables={}, missing={}, facts={}), {}, {}, made=manifest())
    assert report.made_with("inputs").rows == (("study.yml", "a" * 64),)
    parts = dict(report.made_with("software").rows)
    assert parts["numpy"] == "2.0"
    assert parts["Embedded renderer"] == "pandoc 3.9"
    assert "seed 7" in str(report.made_with("seed"))
    assert report.made_with("command")._repr_markdown_().startswith("```sh\nforesay render")
    with pytest.raises(ReportError, match="did you mean 'inputs'"):
        report.made_with("input")


def places(*names):
    made = manifest(inputs=dict.fromkeys(names, "a" * 64))
    return [place for place, _ in REPRODUCTION["inputs"](made).rows]


def test_inputs_are_named_by_their_paths_in_the_folder_of_the_study():
    suite = ("index.qmd", "_overview.qmd", "_reproduction.qmd", "../_quarto.yml")
    assert places("study.yml", "data/sub/a.csv", *(f"report/{name}" for name in suite)) == [
        "study.yml",
        "sub/a.csv",
        *(f"{name.removeprefix('../')} (comes with foresay)" for name in suite),
    ]
    assert places("report/mine.qmd") == ["mine.qmd (of the report of the study)"]


@pytest.mark.parametrize("name", REPRODUCTION)
def test_a_page_on_its_own_is_no_version(name):
    alone = Report(Results(tables={}, missing={}, facts={}), {}, {})
    assert "run on its own" in str(alone.made_with(name))


def test_definitions_are_paragraphs_under_their_terms():
    listed = definition_list(
        [
            {"estimand": "accuracy", "definition": "How *often*.", "formula": "x_i", "source": "A"},
            {"estimand": "skill", "definition": "How much.", "formula": "", "source": ""},
        ]
    )
    assert listed.replace("\\.", ".") == (
        "Accuracy\n\n:   How \\*often\\*.\n\n    $x_i$\n\n    Source: A.\n\n"
        "Skill\n\n:   How much.\n"
    )
