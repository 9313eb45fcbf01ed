"""`foresay calibration`: measures, curves, plots, and errors in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foresay.cli import main
from studies import write_study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    rows = [
        {
            "predictor": "m",
            "target": "m",
            "task": "t",
            "item": str(i),
            "property": "p",
            "confidence": 0.5 + 0.1 * (i % 4),
            "match": int(i % 3 > 0),
        }
        for i in range(60)
    ]
    return write_study(tmp_path / "study", {"trials": rows})


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(a) for a in arguments])
    return int(ended.value.code or 0)


def test_measures_stand_beside_their_nulls(study: Path, capsys: pytest.CaptureFixture) -> None:
    assert run("calibration", study, "-m", "calibration_l2,ece", "--by", "", "--quiet") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "null mean" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["calibration_l2", "ece"]


def test_json_has_the_null(study: Path, capsys: pytest.CaptureFixture) -> None:
    assert run("calibration", study, "-m", "ece", "--format", "json", "--constant", "-q") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["source"] for row in rows] == ["stated", "constant"]
    assert 0 < rows[0]["null_p"] <= 1
    assert rows[1]["null_mean"] is None


def test_a_curve_and_its_plot(study: Path, tmp_path: Path) -> None:
    table, plot = tmp_path / "curve.csv", tmp_path / "curve.svg"
    assert run("calibration", study, "--curve", "-o", table, "--plot", plot, "-q") == 0
    assert table.read_text(encoding="utf-8").startswith("predictor,target,source,part,place")
    assert plot.read_text(encoding="utf-8").startswith("<svg")


def test_estimate_knows_the_names(study: Path, capsys: pytest.CaptureFixture) -> None:
    assert run("estimate", study, "-e", "accuracy,brier,auroc", "--by", "", "-q") == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("accuracy", "brier", "auroc"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-m", "calibration_l3"), "did you mean 'calibration_l2'"),
        (("--plot", "curve.gif"), "--plot: end the file in one of"),
        (("--by", "rank"), "needs a table probabilities"),
    ],
    ids=["measure", "plot", "rank"],
)
def test_mistakes_are_answered(
    study: Path, capsys: pytest.CaptureFixture, arguments: tuple[str, ...], said: str
) -> None:
    assert run("calibration", study, *arguments, "-q") == 2
    assert said in capsys.readouterr().err
