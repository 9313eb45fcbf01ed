from __future__ import annotations

from pathlib import Path

import pytest

from foresay.errors import SourceError
from foresay.study import TableSource
from foresay.tables.engine import Engine
from foresay.tables.sources import find_files, list_files


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("item\n1\n", encoding="utf-8")


def listed(root: Path, *globs: str, pattern: str | None = None) -> list[str]:
    source = TableSource(files=list(globs), pattern=pattern)
    return [file.name for file in list_files("trials", source, root)]


def test_globs_list_each_file_once_sorted_and_no_hidden_ones(tmp_path):
    make(tmp_path, "b.csv", "a.csv", "._a.csv", ".hidden/c.csv", "sub/d.csv", "sub/deep/e.csv")
    assert listed(tmp_path, "*.csv", "a.csv", "./a.csv") == ["a.csv", "b.csv"]
    assert listed(tmp_path, "**/*.csv") == ["a.csv", "b.csv", "sub/d.csv", "sub/deep/e.csv"]
    assert listed(tmp_path, ".hidden/*.csv") == [".hidden/c.csv"]


def test_names_may_hold_brackets_spaces_stars_and_any_letters(tmp_path):
    names = ["x[1].csv", "two words.csv", "ümläut 日本.csv", "s*r.csv", "it's.csv"]
    make(tmp_path, *names)
    for name in names:
        assert listed(tmp_path, name) == [name]


def test_folders_that_match_are_left_out(tmp_path):
    make(tmp_path, "data.csv/inner.csv", "a.csv")
    assert listed(tmp_path, "*.csv") == ["a.csv"]


@pytest.mark.parametrize(
    ("name", "kind", "compression"),
    [
        ("a.CSV", "csv", ""),
        ("a.tsv.gz", "csv", ".gz"),
        ("a.v1.2.jsonl.zst", "jsonl", ".zst"),
        ("a.ndjson", "jsonl", ""),
        ("a.json.bz2", "json", ".bz2"),
        ("a.parquet", "parquet", ""),
    ],
)
def test_the_ending_says_what_a_file_holds(tmp_path, name, kind, compression):
    make(tmp_path, name)
    (file,) = list_files("trials", TableSource(files=[name]), tmp_path)
    assert (file.kind, file.compression) == (kind, compression)


def test_named_groups_become_columns(tmp_path):
    make(tmp_path, "data/gpt-4o_gemini_0.csv")
    source = TableSource(files=["**/*.csv"], pattern=r"(?P<predictor>[^_/]+)_(?P<target>[^_]+)")
    (file,) = list_files("trials", source, tmp_path)
    assert file.groups == (("predictor", "gpt-4o"), ("target", "gemini"))


@pytest.mark.parametrize(
    ("glob", "words"),
    [
        ("trails.csv", "did you mean 'trials.csv'?"),
        ("data/trails.csv", "did you mean 'data/trials.csv'?"),
        ("nothing/x.csv", "no file matches"),
        ("*.parquet", "no file matches"),
        ("TRIALS.CSV", "no file matches"),
        ("readme.md", "unknown kind; known endings: .csv"),
        ("empty/*", "holds no tables"),
        ("broken.csv", "no file matches"),
        ("/etc/*.csv", "leads out of the study's folder"),
        ("../*.csv", "leads out"),
        ("data/../../x.csv", "leads out"),
        ("", "is not a file name or glob"),
        (" ", "is not a file name or glob"),
        ("\x00", "is not a file name or glob"),
        (".", "is not a file name or glob"),
        ("x" * 5000, "file"),
    ],
)
def test_what_cannot_be_found_is_said_with_the_way_out(tmp_path, glob, words):
    make(tmp_path, "trials.csv", "data/trials.csv", "readme.md")
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(SourceError) as refused:
        list_files("trials", TableSource.model_construct(files=[glob], pattern=None), tmp_path)
    assert words in str(refused.value)


def test_a_pattern_that_misses_a_file_is_refused(tmp_path):
    make(tmp_path, "a.csv")
    with pytest.raises(SourceError, match=r"does not match a\.csv"):
        listed(tmp_path, "*.csv", pattern="(?P<predictor>b)")


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path):
    make(tmp_path, "outside/secret.csv", "study/a.csv")
    (tmp_path / "study/link.csv").symlink_to(tmp_path / "outside/secret.csv")
    (tmp_path / "study/sub").symlink_to(tmp_path / "outside")
    engine = Engine([tmp_path / "study"])
    try:
        for glob in ("*.csv", "sub/*.csv", "sub/secret.csv"):
            with pytest.raises(SourceError, match="lies outside the folders"):
                find_files("trials", TableSource(files=[glob]), tmp_path / "study", engine)
        assert find_files("trials", TableSource(files=["a.csv"]), tmp_path / "study", engine)
    finally:
        engine.close()


def test_a_digest_is_of_the_bytes(tmp_path):
    make(tmp_path, "a.csv", "b.csv")
    first, second = list_files("trials", TableSource(files=["*.csv"]), tmp_path)
    assert first.digest() == second.digest()
    (tmp_path / "b.csv").write_bytes(b"item\r\n1\r\n")
    assert first.digest() != second.digest()
