from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from foresay.errors import OutputError
from foresay.publishing.locking import only_run

_HOLDS = """
import sys, time
from pathlib import Path
from foresay.publishing.locking import only_run
with only_run(Path(sys.argv[1]), "rendering version 1.0"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(tmp_path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_another_run_is_named(tmp_path: Path, holder: subprocess.Popen[bytes]) -> None:
    expected = rf"another run \(process {holder.pid}\) is rendering version 1\.0 in .*; wait"
    with pytest.raises(OutputError, match=expected), only_run(tmp_path, "rendering draft"):
        pytest.fail("two runs at once")


def test_killed_run_lets_go(tmp_path: Path, holder: subprocess.Popen[bytes]) -> None:
    holder.kill()
    holder.wait()
    with only_run(tmp_path, "rendering draft"):
        pass


def test_refused_run_does_not_let_go_for_the_holder(
    tmp_path: Path, holder: subprocess.Popen[bytes]
) -> None:
    for _ in range(2):
        with pytest.raises(OutputError, match=str(holder.pid)), only_run(tmp_path, "rendering"):
            pytest.fail("two runs at once")


def test_lock_ends_with_its_block_also_when_that_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside"), only_run(tmp_path, "rendering"):
        raise ValueError("inside")
    with only_run(tmp_path, "rendering"):
        assert str(os.getpid()) in (tmp_path / ".lock-owner.json").read_text()
    assert not (tmp_path / ".lock-owner.json").exists()


def test_unreadable_owner_still_gives_a_message(
    tmp_path: Path, holder: subprocess.Popen[bytes]
) -> None:
    (tmp_path / ".lock-owner.json").write_text("[")
    with pytest.raises(OutputError, match="another run is at work"), only_run(tmp_path, "x"):
        pytest.fail("two runs at once")
