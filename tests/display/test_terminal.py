from __future__ import annotations

import io

import pandas as pd
import pytest
from rich.console import Console

from foresay.display.terminal import Terminal, estimates_text, print_estimates


@pytest.fixture
def frame():
    row = {
        "estimand": "accuracy",
        "predictor": "model-with-a-long-name",
        "value": 0.633,
        "low": 0.598,
        "high": 0.667,
        "level": 0.95,
        "standard_error": 0.0172,
        "interval": "logit_satterthwaite",
        "n_trials": 1839,
        "n_items": 240,
        "n_clusters": 240,
        "n_excluded": 1,
        "compliance": "paper",
        "seed": 1,
        "note": "",
        "fingerprint": "abc",
    }
    return pd.DataFrame([row, {**row, "predictor": "evil\x1b[31m\u202ename"}])


def test_all_columns_stand_in_a_file(frame):
    lines = estimates_text(frame).splitlines()
    assert lines[0].split("  ")[0] == "estimand"
    for name in ("value [95\N{NO-BREAK SPACE}% interval]", "clusters", "excluded", "interval"):
        assert name in lines[0]
    assert ".633 [.598, .667]" in lines[1]
    assert "1,839" in lines[1]
    assert "note" not in lines[0]
    assert "compliance: paper" in lines[-1]


def test_control_characters_are_shown_and_not_obeyed(frame):
    text = estimates_text(frame)
    assert r"evil\u001b[31m\u202ename" in text
    assert "\x1b" not in text


def test_notes_have_a_column_where_there_are_some(frame):
    frame.loc[1, "note"] = "fewer than 30 clusters"
    assert "fewer than 30 clusters" in estimates_text(frame)


@pytest.mark.parametrize(("width", "there"), [(200, True), (70, False)])
def test_a_narrow_terminal_goes_without_some_columns(frame, width, there):
    buffer = io.StringIO()
    print_estimates(frame, Console(file=buffer, width=width, force_terminal=True))
    shown = buffer.getvalue()
    assert ("logit_satterthwaite" in shown) is there
    assert ".633 [.598, .667]" in shown
    assert "…" not in shown


def test_a_pipe_gets_every_column_whatever_its_width(frame):
    buffer = io.StringIO()
    print_estimates(frame, Console(file=buffer, width=20))
    assert buffer.getvalue() == estimates_text(frame)


def test_a_reader_that_has_gone_is_told(frame):
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        print_estimates(frame, Terminal(file=Gone(), width=100, force_terminal=True))
