"""The engine: an in-process DuckDB that reads the study's folder and nothing else."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from foresay.errors import ChoiceError, ExpressionError, SourceError


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

    Raises
    ------
    ChoiceError
        The engine refuses the memory limit or the number of threads.
    """

    def __init__(
        self, folders: Sequence[Path], *, memory: str | None = None, threads: int | None = None
    ) -> None:
        import ibis

        self.folders = tuple(folder.resolve() for folder in folders)
        self.spill = Path(tempfile.mkdtemp(prefix="foresay-"))
        # also when nobody closes the engine: at the latest when the program ends
        self._remove_spill = weakref.finalize(self, shutil.rmtree, self.spill, ignore_errors=True)
        self.backend: Any = ibis.duckdb.connect()
        allowed = [f"{str(folder).rstrip('/')}/" for folder in (*self.folders, self.spill)]
        settings: list[tuple[str, object]] = [
            ("temp_directory", str(self.spill)),
            ("preserve_insertion_order", True),
            ("autoinstall_known_extensions", False),
            ("autoload_known_extensions", False),
            ("TimeZone", "UTC"),
        ]
        # in a notebook without ipywidgets it is off, and may not even be switched off
        if self.execute("SELECT current_setting('enable_progress_bar')").fetchone()[0]:
            settings.append(("enable_progress_bar", False))
        if memory is not None:
            settings.append(("memory_limit", memory))
        if threads is not None:
            settings.append(("threads", threads))
        settings += [
            ("allowed_directories", allowed),
            ("enable_external_access", False),
            ("lock_configuration", True),
        ]
        import duckdb

        for name, value in settings:
            try:
                self.execute(f"SET {name} = {literal(value)}")
            except duckdb.Error as error:
                self.close()
                raise ChoiceError(
                    f"the engine refuses {name} = {value!r}: {str(error).splitlines()[0]}; "
                    "memory is such as '512MB', threads a whole number from 1"
                ) from error

    def execute(self, sql: str) -> Any:
        """Run one statement; return DuckDB's cursor."""
        return self.backend.con.execute(sql)

    def table(self, name: str) -> Any:
        """Return the Ibis table called `name`."""
        return self.backend.table(name)

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
        self._remove_spill()


@contextlib.contextmanager
def explained_engine(doing: str = "") -> Iterator[None]:
    """Turn what the engine raises inside into a `SourceError`; a context manager and decorator.

    Relations are lazy: a cast that fails in row 10⁶, or a damaged Parquet page, is met by whoever
    asks for numbers.

    Parameters
    ----------
    doing : str
        What was being done, for the message: ``"validation"``.

    Raises
    ------
    SourceError
        With the engine's first sentence and the way out.
    """
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        first = str(error).split("\n", 1)[0].strip()[:300]
        raise SourceError(
            f"{f'{doing}: ' if doing else ''}the tables cannot be computed: {first}; "
            f"{_way_out(error, first)}"
        ) from error


@contextlib.contextmanager
def explained_condition(condition: str, *, what: str = "where") -> Iterator[None]:
    """Turn what the engine raises about a condition on rows that are known into its own error.

    Parameters
    ----------
    condition : str
        The SQL condition, as it was asked.
    what : str
        Where it stands, for the message.

    Raises
    ------
    ExpressionError
        With the condition, the engine's first sentence and the way out.
    """
    import duckdb

    try:
        yield
    except (
        duckdb.ConversionException,
        duckdb.OutOfRangeException,
        duckdb.InvalidInputException,
        duckdb.BinderException,
    ) as error:
        kind, _, first = str(error).split("\n", 1)[0].strip()[:300].partition(": ")
        shown = condition if len(condition) <= 200 else f"{condition[:200]}..."
        raise ExpressionError(
            f"{what}: {shown!r} cannot be computed for every trial: "
            f"{(first or kind).rstrip('.')}; "
            "TRY_CAST gives a missing value where a cast fails"
        ) from error


def _way_out(error: Exception, first: str) -> str:
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        return "allow more memory, or make room where temporary files are kept"
    if isinstance(error, (duckdb.ConversionException, duckdb.OutOfRangeException)):
        return "TRY_CAST in an expression or condition gives a missing value where a cast fails"
    if isinstance(error, duckdb.IOException) or "parquet" in first.lower():
        return "a file is damaged, incomplete or was changed meanwhile; copy it again"
    return "mend the expressions in the study file, or the tables that they read"


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
