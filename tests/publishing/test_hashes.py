from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from foresay.errors import SourceError
from foresay.publishing.hashes import hash_file, hash_inputs, hash_outputs, relative_names


def test_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfa\r\n" * 100_000)
    assert hash_file(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_one_byte_changes_it_even_with_size_and_time_as_before(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"0,1\n")
    times = path.stat()
    before = hash_inputs({"a.csv": path})
    path.write_bytes(b"1,1\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert hash_inputs({"a.csv": path}) != before


def test_inputs_are_in_order_of_their_names(tmp_path: Path) -> None:
    for name in "cab":
        (tmp_path / name).write_text(name)
    hashes = hash_inputs({name: tmp_path / name for name in "cab"})
    assert list(hashes) == ["a", "b", "c"]
    assert hashes["a"] == hashlib.sha256(b"a").hexdigest()


def test_missing_input_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot read the input 'data/gone\.csv': No such file"):
        hash_inputs({"data/gone.csv": tmp_path / "gone.csv"})


def test_names_hold_no_place_of_the_machine(tmp_path: Path) -> None:
    study = tmp_path / "study"
    inside, beside = study / "data" / "a.csv", tmp_path / "shared" / "b.csv"
    names = relative_names(study, [inside, beside])
    assert names == {"data/a.csv": inside, "../shared/b.csv": beside}


def test_outputs_leave_out_the_manifest_and_what_file_browsers_add(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    for name in ("index.html", "figures/a.svg", "figures/.DS_Store", "manifest.json", "Thumbs.db"):
        (tmp_path / name).write_text("")
    (tmp_path / "figures" / "manifest.json").write_text("")
    assert list(hash_outputs(tmp_path)) == ["figures/a.svg", "figures/manifest.json", "index.html"]
