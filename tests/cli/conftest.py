from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from foresay.cli import main
from studies import answers, prediction, write_study


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def foresay(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run a command in this process."""

    def run(*arguments: object) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        said = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A small study; two of its three predictors have something to say."""
    tables = {
        "answers": [r for n in range(8) for r in answers("m", f"i{n}", "aab"[n % 3 :] + "a")],
        "predictions": [
            prediction(p, "m", f"i{n}", "ab"[n % k], compliant=n != 3)
            for p, k in (("m", 1), ("n", 2))
            for n in range(8)
        ],
    }
    return write_study(tmp_path / "study", tables, choices={"resamples": 200})
