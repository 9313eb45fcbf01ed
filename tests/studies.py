"""Small studies for tests: rows in, a folder with a study file out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from foresay.workbench import Workbench

Row = Mapping[str, Any]
SHIPPED = Path(__file__).parents[1] / "data" / "small-models"
REAL = Path(__file__).parents[2] / "shared" / "real"


def csv_text(rows: Sequence[Row]) -> str:
    """Return rows as CSV; the columns are those of all rows, None is an empty cell."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = [row.get(name) for name in columns]
        writer.writerow(["" if c is None else str(c) for c in cells])
    return buffer.getvalue()


def write_study(folder: Path, tables: Mapping[str, Sequence[Row]], /, **study: Any) -> Path:
    """Write tables as CSV and a study file that names them; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(csv_text(rows), encoding="utf-8")
    content = {"study": "tiny", "tables": {name: {"files": f"{name}.csv"} for name in tables}}
    path = folder / "study.yml"
    path.write_text(yaml.safe_dump({**content, **study}, sort_keys=False), encoding="utf-8")
    return path


def open_study(
    folder: Path,
    tables: Mapping[str, Sequence[Row]],
    /,
    *,
    threads: int | None = None,
    **study: Any,
) -> Workbench:
    """Write a study and open it."""
    return Workbench.open(write_study(folder, tables, **study), threads=threads)


def answers(
    model: str, item: str, given: Sequence[str | None], *, task: str = "t", property_: str = "p"
) -> list[dict[str, Any]]:
    """Return repeats of one item, numbered from 0."""
    return [
        {
            "model": model,
            "task": task,
            "item": item,
            "property": property_,
            "sample": n,
            "answer": a,
        }
        for n, a in enumerate(given)
    ]


def prediction(
    predictor: str, target: str, item: str, said: str | None, **more: Any
) -> dict[str, Any]:
    """Return one prediction."""
    return {
        "predictor": predictor,
        "target": target,
        "task": "t",
        "item": item,
        "property": "p",
        "prediction": said,
        **more,
    }
