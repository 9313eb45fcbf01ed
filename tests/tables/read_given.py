"""Reading of tables that a test writes down: files as bytes in, rows and problems out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foresay.study import parse_study
from foresay.tables.engine import Engine
from foresay.tables.problems import Problem
from foresay.tables.reading import read_tables


@dataclass(frozen=True)
class Read:
    columns: list[str]
    rows: list[tuple[Any, ...]]
    problems: tuple[Problem, ...]

    def column(self, name: str) -> list[Any]:
        """Return the values of one column, by file and row."""
        return [row[self.columns.index(name)] for row in self.rows]

    @property
    def messages(self) -> list[str]:
        return [problem.message for problem in self.problems]


def write(root: Path, files: dict[str, bytes | str]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        (root / name).write_bytes(data)


def read(
    root: Path,
    files: dict[str, bytes | str],
    *,
    table: str = "trials",
    glob: str | list[str] = "*",
    **source: Any,
) -> Read:
    """Write the files, read them as one table, and see that nothing is left in the spill folder."""
    write(root, files)
    engine = Engine([root])
    try:
        tables = {table: {"files": glob, **source}}
        if table in ("models", "items", "probabilities"):
            tables["trials"] = {"files": glob}
        found = read_tables(parse_study({"study": "a", "tables": tables}), root, engine)
        cursor = engine.execute(f"SELECT * FROM {table} ORDER BY _file, _row")
        columns = [column[0] for column in cursor.description]
        return Read(columns=columns, rows=cursor.fetchall(), problems=found.problems)
    finally:
        engine.close()
        assert not engine.spill.exists()
