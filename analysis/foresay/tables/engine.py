"""The engine: an in-process DuckDB that reads the study's folder and nothing else."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from foresay.errors import SourceError


class Engine:
    """A locked DuckDB behind Ibis, with a spill folder of its own.

    Parameters
    ----------
    folders : sequence of Path
        Folders that may be read; everything else, the network, extensions and settings are
        closed to whatever SQL a study file holds.
    memory : str, optional
        Memory limit, such as ``"512MB"``; DuckDB's default otherwise. Beyond it, it spills.
    threads : int, optional
        Number of threads; results do not depend on it.
    """

    def __init__(
        self, folders: Sequence[Path], *, memory: str | None = None, threads: int | None = None
    ) -> None:
        import ibis

        self.folders = tuple(folder.resolve() for folder in folders)
        self.spill = Path(tempfile.mkdtemp(prefix="foresay-"))
        self.backend: Any = ibis.duckdb.connect()
        allowed = [f"{folder}/" for folder in (*self.folders, self.spill)]
        settings: list[tuple[str, object]] = [
            ("temp_directory", str(self.spill)),
            ("preserve_insertion_order", True),
            ("autoinstall_known_extensions", False),
            ("autoload_known_extensions", False),
            ("enable_progress_bar", False),
            ("TimeZone", "UTC"),
        ]
        if memory is not None:
            settings.append(("memory_limit", memory))
        if threads is not None:
            settings.append(("threads", threads))
        settings += [
            ("allowed_directories", allowed),
            ("enable_external_access", False),
            ("lock_configuration", True),
        ]
        for name, value in settings:
            self.execute(f"SET {name} = {literal(value)}")

    def execute(self, sql: str) -> Any:
        """Run one statement; return DuckDB's cursor."""
        return self.backend.con.execute(sql)

    def table(self, name: str) -> Any:
        """Return the Ibis table called `name`."""
        return self.backend.table(name)

    def query(self, sql: str) -> Any:
        """Return an Ibis table for a SELECT, its schema asked of the engine."""
        import ibis

        described = self.execute(f"DESCRIBE {sql}").fetchall()
        return self.backend.sql(
            sql, schema=ibis.schema({row[0]: ibis_type(row[1]) for row in described})
        )

    def check_inside(self, path: Path) -> Path:
        """Return `path` resolved, or refuse it when it lies outside the folders.

        Raises
        ------
        SourceError
            With the folders that may be read.
        """
        real = path.resolve()
        if not any(real.is_relative_to(folder) for folder in (*self.folders, self.spill)):
            raise SourceError(
                f"{path} lies outside the folders that this study may read "
                f"({', '.join(map(str, self.folders))}); copy it there, or name its folder with "
                "--data"
            )
        return real

    def close(self) -> None:
        """Close the engine and remove its spill folder."""
        self.backend.disconnect()
        shutil.rmtree(self.spill, ignore_errors=True)


def ibis_type(name: str) -> Any:
    """Return the Ibis type of a DuckDB type's name."""
    from ibis.backends.sql.datatypes import DuckDBType

    return DuckDBType.from_string(name)


def literal(value: object) -> str:
    """Return `value` as an SQL literal; text is quoted so that it cannot end the literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(part) for part in value) + "]"
    text = str(value).replace("'", "''")
    return f"'{text}'"


def quoted(name: str) -> str:
    """Return `name` as an SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
