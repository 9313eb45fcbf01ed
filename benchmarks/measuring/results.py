"""What a benchmark found: printed, written as JSON, and turned into the page."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent.parent / "results"

FORMATS = {
    "text": "{}",
    "count": "{:,.0f}",
    "megabytes": "{:,.0f}",
    "ratio": "{:,.2f}",
    "times": "{:,.0f}",
    "seconds": "{:.4g}",
    "estimate": "{:.6f}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of numbers.

    Parameters
    ----------
    caption : str
        What it shows.
    columns : sequence of (str, str)
        Heading and format, a key of `FORMATS`.
    rows : sequence of sequences
        One value a column; None where there is none.
    """

    caption: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A promise and the number that was measured; it holds up to and including the bound."""

    promise: str
    measured: float
    bound: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All that one benchmark found."""

    name: str
    title: str
    method: str
    tables: Sequence[Table]
    targets: Sequence[Target]
    libraries: Sequence[str]


def show(value: Any, form: str) -> str:
    """Return `value` in one of `FORMATS`; a dash where there is none."""
    return "-" if value is None else FORMATS[form].format(value)


def finish(results: Results, *, quick: bool) -> None:
    """Print the results; write them for the page unless the run was a quick one."""
    print(f"\n{results.title}\n{results.method}")
    for table in results.tables:
        print(f"\n{table.caption}")
        print(_aligned(table))
    for target in results.targets:
        sign = "≥" if target.at_least else "≤"
        verdict = "holds" if target.holds else "MISSED"
        print(f"{verdict}: {target.promise}: {target.measured:.4g} {sign} {target.bound:g}")
    if quick:
        print("a quick run: nothing written")
        return
    RESULTS.mkdir(exist_ok=True)
    said = {**asdict(results), "environment": environment(results.libraries)}
    path = RESULTS / f"{results.name}.json"
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    import page

    page.write()


def environment(libraries: Sequence[str]) -> dict[str, Any]:
    """Return versions and the number of processors, nothing that names the machine."""
    versions = {name: importlib.metadata.version(name) for name in libraries if _there(name)}
    return {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "libraries": versions,
    }


def _there(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _aligned(table: Table) -> str:
    heads = [head for head, _ in table.columns]
    body = [
        [show(value, form) for value, (_, form) in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    widths = [max(len(line[i]) for line in [heads, *body]) for i in range(len(heads))]
    lines = []
    for line in [heads, *body]:
        cells = [
            text.ljust(width) if form == "text" else text.rjust(width)
            for text, width, (_, form) in zip(line, widths, table.columns, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
