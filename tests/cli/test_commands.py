"""What every command owes: one clear message, the right exit code, nothing half-written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from studies import SHIPPED, answers, write_study

COMMANDS = ("validate", "estimate", "compare", "figures", "render", "schema", "doctor")
HEAVY = {"pandas", "numpy", "ibis", "duckdb", "altair", "scipy", "pyarrow", "nbclient"}


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "foresay", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(foresay, command):
    outcome = foresay(command, "--help")
    assert outcome.code == 0
    assert "Example: foresay" in " ".join(outcome.out.split())


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom foresay.cli import main\n"
        "try: main(['render', '--help'])\nexcept SystemExit: pass\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_the_package_runs_as_a_module():
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("foresay ")


def test_no_command_is_the_help_and_wrong_use(foresay):
    outcome = foresay()
    assert outcome.code == 2
    assert outcome.err.startswith("Usage: foresay")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bogus"], "No such command 'bogus'; see `foresay --help`"),
        (["estimate", "--bogus"], "No such option: --bogus"),
        (["estimate", "nowhere"], "cannot read the study file nowhere"),
        (["estimate", "STUDY", "-e", "acuracy"], "did you mean 'accuracy'?"),
        (["estimate", "STUDY", "--by", "predictr"], "did you mean 'predictor'?"),
        (["estimate", "STUDY", "--where", "predictr = 'm'"], "unknown column 'predictr'"),
        (["estimate", "STUDY", "--where", "1; DROP TABLE x"], "not one scalar SQL expression"),
        (["estimate", "STUDY", "--set", "complianc=paper"], "did you mean 'compliance'?"),
        (["estimate", "STUDY", "--set", "compliance=strict"], "not one of paper"),
        (["estimate", "STUDY", "--set", "compliance"], "--set takes name=value"),
        (["estimate", "STUDY", "--set", "cluster=[a"], "not a value that YAML knows"),
        (["estimate", "STUDY", "--format", "parquet"], "parquet goes to a file"),
        (["estimate", "STUDY", "-o", "a.xlsx"], "names no format that foresay writes"),
        (["estimate", "STUDY", "-o", "FOLDER"], "is a folder"),
        (["estimate", "STUDY", "-o", "FOLDER/none/a.csv"], "does not exist; create it first"),
        (["estimate", "STUDY", "--data", "nowhere"], "the data folder nowhere does not exist"),
        (["estimate", "STUDY", "--memory", "much"], "memory is such as '512MB'"),
        (["estimate", "STUDY", "--threads", "0"], "greater than or equal to 1"),
        (["validate", "STUDY", "-o", "FOLDER"], "is a folder"),
        (["figures", "STUDY", "--only", "bogus"], "--only: no 'bogus'; known: headline"),
        (["figures", "STUDY", "--only", "scaling", "-q"], "scaling cannot be drawn: the models"),
        (["figures", "STUDY", "--to", "gif"], "--to: no 'gif'"),
        (["render", "STUDY", "--draft", "--version", "1"], "contradict each other"),
        (["render", "STUDY", "--to", "odt"], "--to: no 'odt'; known: html, pdf, docx"),
        (["render", "STUDY", "--to", ","], "--to takes one or more of html, pdf, docx"),
        (["render", "STUDY", "--version", "../x"], "cannot name a folder on every system"),
        (["render", "STUDY", "-o", "FILE"], "cannot write"),
    ],
)
def test_wrong_use_is_one_clear_message(foresay, study, tmp_path, arguments, message):
    (tmp_path / "file").write_text("")
    names = {"STUDY": str(study), "FOLDER": str(tmp_path), "FILE": str(tmp_path / "file")}
    words = []
    for word in arguments:
        first, slash, rest = word.partition("/")
        words.append(names.get(first, first) + slash + rest)
    outcome = foresay(*words)
    assert outcome.code == 2
    assert message in outcome.err
    assert all(line.startswith("foresay: ") for line in outcome.err.splitlines())
    assert "Traceback" not in outcome.err
    assert outcome.out == ""


def test_a_study_that_cannot_be_is_explained(foresay, tmp_path):
    path = tmp_path / "study.yml"
    path.write_text("study: x\ntabels: {}\n")
    outcome = foresay("validate", path)
    assert outcome.code == 2
    assert "did you mean 'tables'?" in outcome.err


def test_a_missing_data_file_is_named(foresay, study):
    (study.parent / "answers.csv").unlink()
    for command in ("validate", "estimate", "render"):
        outcome = foresay(command, study)
        assert outcome.code == 2, command
        assert "answers.csv" in outcome.err


def test_a_truncated_parquet_file_is_named(foresay, tmp_path):
    import pandas as pd

    study = write_study(tmp_path, {"answers": answers("m", "i", "ab")})
    whole = tmp_path / "whole.parquet"
    pd.DataFrame(answers("m", "i", "ab")).to_parquet(whole)
    (tmp_path / "half.parquet").write_bytes(whole.read_bytes()[:-200])
    study.write_text(study.read_text().replace("answers.csv", "half.parquet"))
    outcome = foresay("validate", study)
    assert outcome.code == 2
    assert "half.parquet" in outcome.err


def test_duplicate_keys_stop_everything_with_exit_code_1(foresay, study):
    path = study.parent / "predictions.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, lines[1].replace(",a,", ",b,")]) + "\n")
    assert foresay("validate", study).code == 1
    for command in ("estimate", "render"):
        outcome = foresay(command, study)
        assert outcome.code == 1, command
        assert "predictions" in outcome.err
        assert outcome.out == ""
    assert not (study.parent / "versions" / "draft").exists()


def refuse_constants(text: str) -> object:
    pytest.fail(f"{text} is not JSON")


def test_json_is_json_also_where_numbers_are_missing(foresay, tmp_path):
    study = write_study(tmp_path, {"answers": answers("m", "i", "ab")})
    outcome = foresay("estimate", study, "-e", "ceiling_resample", "--by", "", "--format", "json")
    rows = json.loads(outcome.out, parse_constant=refuse_constants)
    assert rows[0]["low"] is None
    assert rows[0]["note"]
    for command in (["validate", study], ["doctor"]):
        assert json.loads(foresay(*command, "--format", "json").out)


@pytest.mark.parametrize(
    ("ending", "start"), [(".csv", "estimand,"), (".json", "["), (".txt", "es")]
)
def test_the_ending_chooses_the_format(foresay, study, tmp_path, ending, start):
    path = tmp_path / f"out{ending}"
    outcome = foresay("estimate", study, "-o", path)
    assert outcome.code == 0
    assert path.read_text().startswith(start)
    assert outcome.out == ""
    assert f"2 rows in {path}" in outcome.err
    assert foresay("estimate", study, "-o", path, "--quiet").err == ""


def test_parquet_holds_what_the_table_holds(foresay, study, tmp_path):
    import pandas as pd

    path = tmp_path / "out.parquet"
    assert foresay("estimate", study, "-e", "accuracy,baseline_mode", "-o", path).code == 0
    frame = pd.read_parquet(path)
    assert frame["estimand"].tolist() == ["accuracy"] * 2 + ["baseline_mode"] * 2


def test_sets_and_conditions_reach_the_rows(foresay, study):
    words = [
        "--where",
        "predictor = 'n'",
        "--set",
        "compliance=ignore",
        "--set",
        "cluster=task,item",
    ]
    outcome = foresay("estimate", study, *words, "--format", "json")
    (row,) = json.loads(outcome.out)
    assert (row["compliance"], row["cluster"]) == ("ignore", "task+item")
    assert row["where"] == "predictor = 'n'"


def test_problems_go_to_a_page(foresay, study, tmp_path):
    path = tmp_path / "problems.html"
    outcome = foresay("validate", study, "--format", "html", "-o", path)
    assert outcome.code == 0
    assert path.read_text().startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in path.read_text()
    assert str(path) in outcome.err


def test_figures_are_written(foresay, study, tmp_path):
    folder = tmp_path / "drawn"
    words = ["--only", "accuracy-against-bounds,compliance", "--to", "svg,csv", "-o", folder]
    outcome = foresay("figures", study, *words)
    assert outcome.code == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{name}{end}"
        for name in ("accuracy-against-bounds", "compliance")
        for end in (".csv", ".svg", "-single.svg")
    )
    assert outcome.out.startswith("2 figures in ")


def test_all_figures_come_with_a_page_that_shows_them(foresay, study, tmp_path):
    words = ["--to", "svg", "--width", "single", "-o", tmp_path / "drawn"]
    outcome = foresay("figures", study, *words, "--gallery", tmp_path / "pages" / "all.html")
    assert outcome.code == 0
    page = (tmp_path / "pages" / "all.html").read_text(encoding="utf-8")
    made = {path.name for path in (tmp_path / "drawn").iterdir()}
    assert "compliance-single.svg" in made
    assert not any("-single" not in name for name in made)
    assert set(re.findall(r'href="../drawn/([^"]*)"', page)) == made
    assert "all.html" in outcome.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--gallery", "a.html", "--only", "compliance"], "--only draws some"),
        (["--gallery", "a.pdf"], "it ends in .html or .md, not a.pdf"),
    ],
)
def test_a_gallery_is_a_page_of_all_figures(foresay, study, words, said):
    outcome = foresay("figures", study, *words)
    assert outcome.code != 0
    assert f"--gallery is a page of all figures: {said}" in outcome.err


def test_a_reader_that_has_gone_is_no_failure(study):
    """As `foresay estimate | head -0`: what reads the output ends before it is written."""
    for words in (["estimate", study], ["estimate", study, "--format", "csv"], ["schema"]):
        reading, writing = os.pipe()
        os.close(reading)
        command = [sys.executable, "-m", "foresay", *map(str, words)]
        done = subprocess.run(
            command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
        )
        os.close(writing)
        assert done.returncode == 0, words
        assert done.stderr == ""


def test_a_terminal_with_few_letters_gets_escapes(tmp_path):
    rows = answers("m\N{SNOWMAN}", "i", "ab") + answers("m\N{SNOWMAN}", "j", "ab")
    study = write_study(tmp_path, {"answers": rows})
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = run("estimate", study, "-e", "ceiling_resample", "--by", "target", env=environment)
    assert done.returncode == 0
    assert r"m\u2603" in done.stdout


def test_the_schema_names_the_keys_of_a_study(foresay, tmp_path: Path):
    path = tmp_path / "schema.json"
    assert foresay("schema", "-o", path).code == 0
    assert "choices" in json.loads(path.read_text())["properties"]
    assert json.loads(foresay("schema").out) == json.loads(path.read_text())


def test_a_contrast_keeps_its_own_grouping_unless_another_is_asked_for(capsys):

    def rows(*more):
        from foresay.cli import main

        with pytest.raises(SystemExit) as ended:
            main(["estimate", str(SHIPPED), "-e", "accuracy,self_advantage", *more])
        assert ended.value.code == 0
        return capsys.readouterr().out.splitlines()

    own = [line for line in rows() if line.startswith("self_advantage")]
    assert [line.split()[3] for line in own] == ["100", "300", "1000"]
    assert not any("share no items" in line for line in own)
    repeated = rows("--by", "target,target")
    assert sum(line.startswith("self_advantage") for line in repeated) == 1
