"""What all commands share: an example, --quiet, what they do while they do it, a last line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import typer.main

from foresay.cli import app
from foresay.cli import progress as shown_progress
from revisions.made import make

COMMANDS = {
    f"{name} {inner}".strip(): command
    for name, command in typer.main.get_command(app).commands.items()
    for inner in getattr(command, "commands", {"": None})
}
INSTANT = {"schema"}
"""Commands that take no time, so that nothing is shown while they run."""

# the words of each command with which it is quick, and where what it makes is said to be
QUICK = {
    "init": ("FOLDER",),
    "validate": ("STUDY", "-o", "FOLDER.txt"),
    "estimate": ("STUDY", "-o", "FOLDER.csv"),
    "calibration": ("STUDY", "-m", "brier", "-o", "FOLDER.csv"),
    "compare": ("STUDY", "--name", "self_advantage", "-o", "FOLDER.csv"),
    "examine": ("detection", "STUDY", "-o", "FOLDER.csv"),
    "specifications": ("STUDY", "-o", "FOLDER.csv"),
    "influence": ("STUDY", "--clusters", "1", "-o", "FOLDER.csv"),
    "figures": ("STUDY", "--only", "agreement", "--to", "csv", "-o", "FOLDER"),
    "audit": ("STUDY/printed.csv", "-o", "FOLDER.txt"),
    "power": ("STUDY", "--ceiling", "--repeats", "2", "-o", "FOLDER.csv"),
    "render": ("STUDY", "--to", "html", "--engine", "embedded", "-o", "FOLDER"),
    "reanalyze": ("STUDY", "--set", "level=0.9", "--concerns", "accuracy", "-o", "FOLDER.csv"),
    "versions": ("STUDY", "--versions", "FOLDER"),
    "status": ("STUDY", "--versions", "FOLDER"),
    "diff": ("draft", "draft", "STUDY", "--versions", "FOLDER", "-o", "FOLDER.txt"),
    "verify": ("draft", "STUDY", "--versions", "FOLDER", "--files-only"),
    "simulate": ("FOLDER", "--set", "items=5"),
    "check": ("STUDY", "-o", "FOLDER.txt"),
    "claims new": ("STUDY", "--of", "accuracy", "--append", "--claims", "FOLDER.yml"),
    "schema": ("-o", "FOLDER.json"),
    "doctor": (),
}
OUTCOMES = ("init", "figures", "render", "simulate")


@pytest.fixture
def study(tmp_path):
    from studies import answers, prediction, write_study

    tables = {
        "answers": [r for n in range(12) for r in answers("m", f"i{n}", "aab"[n % 3 :] + "a")],
        "predictions": [
            prediction(
                p, "m", f"i{n}", "ab"[n % 2], confidence=0.5, signal=n % 2, detected=n % 3 == 0
            )
            for p in "mn"
            for n in range(12)
        ],
    }
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "printed.csv").write_text("model,accuracy,n\na,.5,10\nb,.7,20\n")
    ledger = "claims:\n  one: {sentence: s, kind: count, of: predictor, value: 2}\n"
    (tmp_path / "study" / "claims.yml").write_text(ledger)
    grid = {"of": "self_advantage", "choices": {"compliance": {"count_wrong": "x", "ignore": "y"}}}
    return write_study(
        tmp_path / "study", tables, choices={"resamples": 200}, specifications={"curve": grid}
    )


@pytest.fixture
def quick(foresay, study, tmp_path):
    """Run a command in the quick way."""

    def run(name, *more):
        if name in ("diff", "verify"):
            make(tmp_path / "made", None)
        places = {"STUDY": str(study.parent), "FOLDER": str(tmp_path / "made")}
        words = [
            next((w.replace(k, v) for k, v in places.items() if w.startswith(k)), w)
            for w in QUICK[name]
        ]
        return foresay(*name.split(), *words, *more)

    return run


@pytest.fixture
def steps_seen(monkeypatch):
    """What a terminal would show, of every command that imported `steps`."""
    import sys

    seen: list[str] = []

    @contextmanager
    def steps(*, quiet: bool, log: bool = True) -> Iterator[object]:
        yield (lambda _: None) if quiet else seen.append

    for name, module in list(sys.modules.items()):
        if name.startswith("foresay.cli") and getattr(module, "steps", None) is not None:
            monkeypatch.setattr(module, "steps", steps)
    return seen


def test_every_command_is_tried_here():
    assert set(QUICK) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_has_an_example_and_quiet(foresay, name):
    outcome = foresay(*name.split(), "--help")
    assert outcome.code == 0
    text = " ".join(outcome.out.split())
    assert "Example: foresay" in text
    assert "--quiet" in text


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - INSTANT))
def test_every_command_that_takes_time_offers_json(foresay, name):
    text = "".join(foresay(*name.split(), "--help").out.split())
    offered = re.search(r"--format<([a-z|]*)>", text)
    assert offered is not None
    assert "json" in offered[1].split("|")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_what_it_does_is_shown_and_where_it_is_comes_last(quick, name, steps_seen, tmp_path):
    outcome = quick(name)
    assert outcome.code == 0, outcome.err
    assert bool(steps_seen) != (name in INSTANT)
    assert all(step[:1].islower() and not step.endswith(".") for step in steps_seen)
    if QUICK[name]:
        assert str(tmp_path / "made") in f"{outcome.out}{outcome.err}"
    else:
        assert outcome.out.rstrip().endswith("all is well")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_quiet_says_nothing(quick, name, steps_seen):
    outcome = quick(name, "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert steps_seen == []


@pytest.mark.parametrize("name", OUTCOMES)
def test_json_alone_is_on_the_output(quick, name, tmp_path):
    outcome = quick(name, "--format", "json")
    said = json.loads(outcome.out)
    assert said["folder"].startswith(str(tmp_path / "made"))
    assert said.get("files") or said.get("documents")
    assert outcome.err == ""


@pytest.mark.parametrize(("log", "said"), [(True, "foresay: a step\n"), (False, "")])
def test_without_a_terminal_steps_are_lines_of_a_log(capsys, log, said):
    with shown_progress.steps(quiet=False, log=log) as progress:
        progress("a step")
    assert capsys.readouterr().err == said


def test_a_terminal_shows_markup_of_a_step_as_text(monkeypatch):
    import io
    import sys

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with shown_progress.steps(quiet=False) as progress:
        progress("running [bold]x[/bold] (page.qmd:3)")
    assert "[bold]x[/bold]" in screen.getvalue()
