from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from foresay.errors import ChoiceError, SourceError
from foresay.tables.engine import Engine, explained_engine, literal, quoted


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study/a.csv").write_text("x\n1\n", encoding="utf-8")
    (tmp_path / "outside.csv").write_text("x\n2\n", encoding="utf-8")
    (tmp_path / "study-2").mkdir()
    (tmp_path / "study-2/b.csv").write_text("x\n3\n", encoding="utf-8")
    return tmp_path / "study"


@pytest.fixture
def engine(folder):
    engine = Engine([folder])
    yield engine
    engine.close()


def test_files_inside_the_folder_are_read(engine, folder):
    assert engine.execute(f"FROM read_csv('{folder}/*.csv')").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_csv('{0}/../outside.csv')",
        "FROM read_csv('{1}/outside.csv')",
        "FROM read_csv('{1}/study-2/b.csv')",
        "FROM read_csv('{0}/link.csv/../../outside.csv')",
        "FROM read_text('/etc/hostname')",
        "FROM read_blob('/etc/hostname')",
        "FROM glob('/etc/*')",
        "FROM '{1}/outside.csv'",
        "FROM read_csv('https://example.invalid/x.csv')",
        "COPY (SELECT 1) TO '{1}/out.csv'",
        "EXPORT DATABASE '{1}/out'",
        "ATTACH '{1}/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 1",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "RESET memory_limit",
        "PRAGMA enable_profiling",
        "SET lock_configuration = false",
    ],
)
def test_the_lock_holds(engine, folder, statement):
    if statement.startswith("PRAGMA"):
        statement = "PRAGMA memory_limit = '1GB'"
    with pytest.raises(duckdb.Error):
        engine.execute(statement.format(folder, folder.parent)).fetchall()
    assert not (folder.parent / "out.csv").exists()


def test_results_do_not_depend_on_memory_or_threads(folder):
    sql = (
        "SELECT i % 97 AS g, count(*), sum(i), min(md5(i::VARCHAR)) "
        "FROM range(200000) AS t(i) GROUP BY g ORDER BY g"
    )
    results = []
    for settings in ({}, {"threads": 1}, {"threads": 2, "memory": "512MB"}):
        engine = Engine([folder], **settings)
        results.append(engine.execute(sql).fetchall())
        engine.close()
    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize("settings", [{"memory": "lots"}, {"threads": 0}, {"threads": -1}])
def test_settings_that_cannot_be_are_refused_and_leave_nothing(folder, settings, monkeypatch):
    made = spills(monkeypatch)
    with pytest.raises(ChoiceError, match="the engine refuses"):
        Engine([folder], **settings)
    assert made
    assert not any(path.exists() for path in made)


def spills(monkeypatch) -> list[Path]:
    """Note every spill folder that is made."""
    import tempfile

    made: list[Path] = []
    make = tempfile.mkdtemp

    def noted(*args, **keywords):
        made.append(Path(make(*args, **keywords)))
        return str(made[-1])

    monkeypatch.setattr(tempfile, "mkdtemp", noted)
    return made


def test_the_spill_folder_goes_with_the_engine_also_after_a_failure(folder):
    engine = Engine([folder])
    (engine.spill / "rest").write_text("x")
    with pytest.raises(duckdb.Error):
        engine.execute("SELECT error('x')")
    engine.close()
    assert not engine.spill.exists()
    engine.close()


def test_the_spill_folder_goes_when_nobody_closes_the_engine(folder):
    code = (
        "import sys; from pathlib import Path; from foresay.tables.engine import Engine; "
        "engine = Engine([Path(sys.argv[1])]); print(engine.spill); engine.execute('nonsense')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert not Path(ended.stdout.strip()).exists()


def test_a_path_outside_is_refused_with_the_way_out(engine, folder):
    (folder / "link.csv").symlink_to(folder.parent / "outside.csv")
    for path in ("../outside.csv", "link.csv", "../study-2/b.csv"):
        with pytest.raises(SourceError, match="lies outside the folders"):
            engine.check_inside(folder / path)
    assert engine.check_inside(folder / "a.csv") == (folder / "a.csv").resolve()


@pytest.mark.parametrize("value", ["it's", "", "\\", "日本", "a\nb", 'x"y', "'; DROP TABLE x; --"])
def test_text_cannot_end_a_literal_or_an_identifier(engine, value):
    assert engine.execute(f"SELECT {literal(value)}").fetchone() == (value,)
    if value:
        cursor = engine.execute(f"SELECT 1 AS {quoted(value)}")
        assert cursor.description[0][0] == value


@pytest.mark.parametrize(
    ("value", "back"), [(None, None), (True, True), (7, 7), (0.5, 0.5), (["a'b"], ["a'b"])]
)
def test_values_are_written_as_they_are(engine, value, back):
    assert engine.execute(
        f"SELECT {literal(value)}::VARCHAR::VARCHAR IS NOT DISTINCT FROM "
        f"CAST({literal(back)} AS VARCHAR)"
    ).fetchone() == (True,)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT CAST('x' AS INTEGER)", "TRY_CAST"),
        ("SELECT 9223372036854775807 + 1", "TRY_CAST"),
        ("SELECT no_such_column", "mend the expressions"),
        ("FROM read_csv('/etc/none.csv')", "tables cannot be computed"),
    ],
)
def test_what_the_engine_raises_is_explained(engine, sql, words):
    with (
        pytest.raises(SourceError, match="validation: the tables cannot be computed") as raised,
        explained_engine("validation"),
    ):
        engine.execute(sql).fetchall()
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_others_raise_is_left_alone():
    @explained_engine()
    def failing():
        raise KeyError("x")

    with pytest.raises(KeyError):
        failing()
