from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from foresay.errors import OutputError
from foresay.publishing.writing import (
    clear_leftovers,
    staged_file,
    staged_folder,
    write_bytes,
    write_text,
)


def content(folder: Path) -> dict[str, str]:
    """Everything below a folder, hidden siblings included."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fail_with(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    folder = tmp_path / "draft"
    folder.mkdir()
    (folder / "index.html").write_text("old")
    return folder


def test_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "estimates.csv"
    write_text(path, "a\n")
    write_text(path, "é\n")
    assert path.read_bytes() == b"\xc3\xa9\n"
    assert names(tmp_path) == ["estimates.csv"]


def test_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "ordinary").write_text("")
    write_text(tmp_path / "ours", "")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def test_partial_file_keeps_all_suffixes(tmp_path: Path) -> None:
    with staged_file(tmp_path / "estimates.csv.gz") as partial:
        assert partial.name.endswith("estimates.csv.gz")
        assert partial.name.startswith(".")
        partial.write_text("x")


def test_file_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_text(tmp_path / "link.csv", "new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    write_text(pipe, "through")
    reader.join(timeout=10)
    assert got == ["through"]
    assert pipe.is_fifo()


def test_file_in_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"folder '.*absent' does not exist; create it"):
        write_text(tmp_path / "absent" / "estimates.csv", "")


def test_file_named_like_a_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        write_bytes(tmp_path, b"")


def test_full_disk_keeps_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "estimates.csv"
    write_text(path, "old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"cannot write '.*estimates.csv': the disk is full"):
        write_text(path, "new")
    assert content(tmp_path) == {"estimates.csv": "old"}


def test_folder_appears_whole(tmp_path: Path) -> None:
    final = tmp_path / "versions" / "1.0"
    with staged_folder(final) as stage:
        (stage / "figures").mkdir()
        (stage / "figures" / "a.svg").write_text("new")
        assert not final.exists()
        assert stage.parent == final.parent
    assert content(tmp_path) == {"versions/1.0/figures/a.svg": "new"}


def test_folder_is_replaced_whole(earlier: Path) -> None:
    with staged_folder(earlier) as stage:
        (stage / "index.pdf").write_text("new")
        assert content(earlier) == {"index.html": "old"}
    assert content(earlier.parent) == {"draft/index.pdf": "new"}


def test_folder_that_may_not_be_replaced_stays(earlier: Path) -> None:
    with (
        pytest.raises(OutputError, match="there already"),
        staged_folder(earlier, replace=False) as stage,
    ):
        (stage / "index.html").write_text("new")
    assert content(earlier.parent) == {"draft/index.html": "old"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_interrupted_folder_leaves_the_earlier_one(
    earlier: Path, error: type[BaseException]
) -> None:
    def render() -> None:
        with staged_folder(earlier) as stage:
            (stage / "index.html").write_text("half")
            raise error

    with pytest.raises(error):
        render()
    assert content(earlier.parent) == {"draft/index.html": "old"}
    assert names(earlier.parent) == ["draft"]


def test_failure_between_the_two_renames_puts_the_earlier_one_back(
    earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def second_fails(self: Path, target: Path) -> Path:
        if "partial" in self.name:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", second_fails)
    with pytest.raises(KeyboardInterrupt), staged_folder(earlier) as stage:
        (stage / "index.html").write_text("new")
    assert content(earlier.parent) == {"draft/index.html": "old"}


def test_full_disk_in_the_block_is_explained_wherever_it_happens(earlier: Path) -> None:
    with (
        pytest.raises(OutputError, match=r"draft': the disk is full .* Nothing was half-written"),
        staged_folder(earlier),
    ):
        raise fail_with(errno.ENOSPC, Path("/elsewhere"))
    assert content(earlier.parent) == {"draft/index.html": "old"}


def test_trouble_with_an_input_is_not_taken_for_trouble_with_the_output(earlier: Path) -> None:
    with pytest.raises(PermissionError), staged_folder(earlier):
        raise fail_with(errno.EACCES, Path("/elsewhere/data.csv"))


def _dead_process() -> str:
    return subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          check=True, capture_output=True, text=True).stdout.strip()  # fmt: skip


def test_leftovers_of_dead_processes_go_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    dead = _dead_process()
    ours = tmp_path / f".partial-{os.getppid()}-draft"  # a process that runs, and is not this one
    for folder in (tmp_path / f".partial-{dead}-draft", ours, tmp_path / f".partial-{dead}-1.0"):
        folder.mkdir()
        (folder / "half").write_text("")
    clear_leftovers(tmp_path / "draft")
    assert names(tmp_path) == sorted([ours.name, f".partial-{dead}-1.0"])


def test_folder_moved_aside_by_a_killed_process_comes_back(tmp_path: Path) -> None:
    aside = tmp_path / f".replaced-{_dead_process()}-draft"
    aside.mkdir()
    (aside / "index.html").write_text("old")
    clear_leftovers(tmp_path / "draft")
    assert content(tmp_path) == {"draft/index.html": "old"}


_WAITS = """
import sys, time
from pathlib import Path
from foresay.publishing.writing import staged_folder
with staged_folder(Path(sys.argv[1])) as stage:
    (stage / "index.html").write_text("half")
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(
    ("number", "left"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, 1)]
)
def test_ended_process_leaves_the_earlier_folder(
    earlier: Path, number: signal.Signals, left: int
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _WAITS, str(earlier)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # a test run in the background of a shell would hand on that it ignores Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.wait(timeout=20) != 0
    assert content(earlier) == {"index.html": "old"}
    assert len(list(earlier.parent.glob(".partial-*"))) == left
    with staged_folder(earlier) as stage:
        (stage / "index.html").write_text("new")
    assert content(earlier.parent) == {"draft/index.html": "new"}


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(
        mount, check=False, capture_output=True
    ).returncode:  # fmt: skip
        pytest.skip("a disk of 64 kB can be made only by root on Linux, where mounting is allowed")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_really_full_disk(tiny_disk: Path) -> None:
    write_text(tiny_disk / "small.csv", "old")
    with pytest.raises(OutputError, match="the disk is full"):
        write_bytes(tiny_disk / "small.csv", bytes(10**6))
    with (
        pytest.raises(OutputError, match="the disk is full"),
        staged_folder(tiny_disk / "draft") as d,
    ):
        (d / "figure.png").write_bytes(bytes(10**6))
    assert content(tiny_disk) == {"small.csv": "old"}


@pytest.fixture
def forbidden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that may be read and not written to, also where the tests run as root."""
    if os.name == "nt":
        pytest.skip("rights of folders are another matter on Windows")
    folder = tmp_path_factory.mktemp("forbidden")
    (folder / "draft").mkdir()
    (folder / "draft" / "index.html").write_text("old")
    folder.chmod(0o555)
    above = [place for place in folder.parents if not place.stat().st_mode & 0o001]
    modes = [place.stat().st_mode for place in above]
    root = os.geteuid() == 0
    if root:
        for place in above:
            place.chmod(0o755)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
        for place, mode in zip(above, modes, strict=True):
            place.chmod(mode)
    folder.chmod(0o755)


def test_folder_that_may_not_be_written_to(forbidden: Path) -> None:
    with pytest.raises(
        OutputError, match=r"you may not write in '.*'; make it writable, or work on"
    ):
        write_text(forbidden / "estimates.csv", "new")
    with (
        pytest.raises(OutputError, match="you may not write in"),
        staged_folder(forbidden / "draft"),
    ):
        pytest.fail("nothing is built where nothing can be written")
    assert content(forbidden) == {"draft/index.html": "old"}
