"""Problems of tables: what a person must know to mend their data, and the verdict over all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

Severity = Literal["error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""From what stops every estimate to what is merely said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One place where a rule is broken.

    Parameters
    ----------
    file : str
        File, relative to the study's data folder; empty where there is none.
    row : int or None
        Data row in the file from 1, or line where the row could not be read.
    value : str
        What stands there.
    """

    file: str
    row: int | None
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One rule that the tables break, with up to ten examples and the way out."""

    table: str
    file: str
    column: str
    rule: str
    severity: Severity
    n_rows: int
    examples: tuple[Example, ...]
    message: str
    way_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSummary:
    """What came in as one table."""

    name: str
    n_rows: int
    key: tuple[str, ...]
    columns: tuple[str, ...]
    covariates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The verdict over all tables of a study.

    Parameters
    ----------
    problems : tuple of Problem
        Errors first, then warnings and notes; within them by table, column and rule.
    tables : tuple of TableSummary
        What was looked at.
    """

    problems: tuple[Problem, ...]
    tables: tuple[TableSummary, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way of estimates."""
        return not self.of("error")

    @property
    def exit_code(self) -> int:
        """0 where the tables are fit for use, 1 where there are errors."""
        return 0 if self.ok else 1

    def of(self, severity: Severity) -> tuple[Problem, ...]:
        """Return the problems of one severity."""
        return tuple(problem for problem in self.problems if problem.severity == severity)

    def headline(self) -> str:
        """Return one sentence: ``2 errors, 1 warning and no notes in 3 tables, 1,200 rows``."""
        counts = [
            f"{len(self.of(s)) or 'no'} {s}{'' if len(self.of(s)) == 1 else 's'}"
            for s in SEVERITIES
        ]
        n_rows = sum(table.n_rows for table in self.tables)
        tables = f"{len(self.tables)} table{'' if len(self.tables) == 1 else 's'}"
        return f"{counts[0]}, {counts[1]} and {counts[2]} in {tables}, {n_rows:,} rows"

    def summary(self, *, at_most: int = 10) -> str:
        """Return the errors as plain text, as they stand in an error message.

        Parameters
        ----------
        at_most : int
            Errors that are spelt out; the rest are counted.
        """
        errors = self.of("error")
        lines = [self.headline()]
        for problem in errors[:at_most]:
            lines.append(f"- {printable(problem.message)}{_places(problem)}")
            lines.append(f"  way out: {printable(problem.way_out)}")
        if len(errors) > at_most:
            lines.append(f"and {len(errors) - at_most} more errors")
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """Return the problems as a table, one row each.

        Returns
        -------
        DataFrame
            `table, file, column, rule, severity, n_rows, examples, message, way_out`; `examples`
            is text, up to ten separated by "; ".
        """
        import pandas as pd

        columns = ["table", "file", "column", "rule", "severity", "n_rows", "examples"]
        rows = [
            {**asdict(problem), "examples": "; ".join(map(example_text, problem.examples))}
            for problem in self.problems
        ]
        return pd.DataFrame(rows, columns=[*columns, "message", "way_out"])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain Python values, in a fixed order."""
        counts = {severity: len(self.of(severity)) for severity in SEVERITIES}
        return {
            "ok": self.ok,
            "counts": counts,
            "tables": [asdict(table) for table in self.tables],
            "problems": [asdict(problem) for problem in self.problems],
        }

    def to_json(self) -> str:
        """Return everything as JSON, ASCII only, the same bytes for the same tables."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=True) + "\n"

    def to_html(self, title: str = "Validation") -> str:
        """Return one self-contained HTML page; nothing in it is fetched or run."""
        from foresay.tables.problem_pages import html_page

        return html_page(self, title)

    def __rich__(self) -> RenderableType:
        from foresay.tables.problem_pages import terminal

        return terminal(self)


def printable(text: str, *, at_most: int = 200) -> str:
    """Return `text` on one line, with what has no look written as escapes, cut to `at_most`.

    Control characters and marks that change the direction of writing cannot act on a terminal or
    a page then.
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= at_most else f"{shown[: at_most - 1]}…"


def example_text(example: Example) -> str:
    """Return ``file, row 17: "value"`` with the value made printable and cut."""
    row = "" if example.row is None else f"row {example.row}"
    place = ", ".join(part for part in (printable(example.file), row) if part)
    value = f'"{printable(example.value)}"'
    return f"{place}: {value}" if place else value


def in_order(problems: Sequence[Problem], tables: Sequence[str]) -> tuple[Problem, ...]:
    """Return `problems` in the order of a validation, whatever order they were found in."""
    place = {name: i for i, name in enumerate(tables)}
    return tuple(
        sorted(
            problems,
            key=lambda problem: (
                SEVERITIES.index(problem.severity),
                place.get(problem.table, len(place)),
                problem.table,
                problem.column,
                problem.rule,
                problem.file,
                problem.message,
            ),
        )
    )


def _places(problem: Problem) -> str:
    if not problem.examples:
        return ""
    return f" ({example_text(problem.examples[0])}{', …' if len(problem.examples) > 1 else ''})"
