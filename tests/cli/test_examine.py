from __future__ import annotations

import json

import pytest

from foresay.cli import main
from studies import SHIPPED


def run(*words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["examine", *words])
    return ended.value.code, capsys.readouterr()


def test_a_ladder_is_written_and_drawn(tmp_path, capsys):
    out, plot = tmp_path / "ladder.json", tmp_path / "ladder.svg"
    code, said = run(
        "ladder", str(SHIPPED), "-o", str(out), "--plot", str(plot), "-q", capsys=capsys
    )
    assert code == 0, said.err
    rows = json.loads(out.read_text(encoding="utf-8"))
    gains = {
        r["matching"]: r["value"]
        for r in rows
        if r["quantity"] == "gain" and r["estimand"] == "accuracy" and r["rung"] == "self-trained"
    }
    # most of what training adds is compliance
    assert gains["none"] > 3 * gains["items"]
    assert plot.read_text(encoding="utf-8").startswith("<svg")


def test_any_two_columns_make_templates(capsys):
    words = ("--rows", "prompt_style", "--columns", "wording", "--format", "csv")
    code, said = run("templates", str(SHIPPED), *words, "-q", capsys=capsys)
    assert code == 0, said.err
    assert "worst_of_row" in said.out


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("templates", "no column 'training_template'"),
        ("complexity", "no column 'complexity'"),
        ("detection", "`signal`"),
        ("correlation", "numbers"),
        ("determinism", "repeats"),
    ],
)
def test_what_the_tables_lack_is_named(what, reason, capsys):
    code, said = run(what, str(SHIPPED), "-q", capsys=capsys)
    assert code == 2
    assert reason in said.err
    assert "Traceback" not in said.err


def test_a_plot_needs_an_ending_that_is_known(tmp_path, capsys):
    code, said = run("ladder", str(SHIPPED), "--plot", str(tmp_path / "x.gif"), capsys=capsys)
    assert code == 2
    assert "end the file in one of" in said.err
