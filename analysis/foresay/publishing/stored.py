"""Results kept in a folder between the process that computes them and those that print them.

They are JSON, which cannot run anything when it is read, and every value comes back as it was: no
form of table that pandas writes keeps whole numbers, text and missing ones of a mixed column apart.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foresay.errors import ReportError
from foresay.publishing.drawn import Drawn, drawn_figures
from foresay.publishing.results import Results

if TYPE_CHECKING:
    import pandas as pd

_RESULTS, _VALIDATION, _FIGURES = "results.json", "validation.json", "figures"


def store(results: Results, validation: str, folder: Path) -> None:
    """Keep results, and the page of problems as JSON, in a private folder."""
    content = {
        "tables": {name: _columns(frame) for name, frame in results.tables.items()},
        "missing": results.missing,
        "facts": results.facts,
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, default=_plain)
    (folder / _RESULTS).write_text(text, encoding="utf-8")
    (folder / _VALIDATION).write_text(validation, encoding="utf-8")


def load(folder: Path) -> tuple[Results, dict[str, Any], dict[str, Drawn]]:
    """Return what `store` kept, and the figures drawn from it (in the folder `figures`).

    Raises
    ------
    ReportError
        The folder holds no results.
    """
    try:
        content = json.loads((folder / _RESULTS).read_text(encoding="utf-8"))
        validation = json.loads((folder / _VALIDATION).read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(
            f"the folder of results {folder} is gone; render with `foresay render`"
        ) from error
    results = Results(
        tables={name: _frame(columns) for name, columns in content["tables"].items()},
        missing=content["missing"],
        facts=content["facts"],
    )
    return results, validation, drawn_figures(folder / _FIGURES)


def _columns(frame: pd.DataFrame) -> list[list[Any]]:
    """Return each column as its name, type and values."""
    return [
        [name, str(column.dtype), column.astype(object).tolist()] for name, column in frame.items()
    ]


def _frame(columns: list[list[Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series(values, dtype=kind) for name, kind, values in columns})


def _plain(value: Any) -> Any:
    """Return a number of numpy as Python's own, and what pandas calls missing as none."""
    import pandas as pd

    return None if value is pd.NA else value.item()
