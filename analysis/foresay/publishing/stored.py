"""Results kept in a folder between the process that computes them and those that print them."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

from foresay.errors import ReportError
from foresay.publishing.drawn import Drawn, drawn_figures
from foresay.publishing.results import Results

_FILE = "results.pickle"


def store(results: Results, validation: str, folder: Path) -> None:
    """Keep results, and the page of problems as JSON, in a private folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FILE).write_bytes(pickle.dumps(results))
    (folder / "validation.json").write_text(validation, encoding="utf-8")


def load(folder: Path) -> tuple[Results, dict[str, Any], dict[str, Drawn]]:
    """Return what `store` kept, and the figures drawn from it (in the folder `figures`).

    The folder is the caller's own; nobody else's is opened.

    Raises
    ------
    ReportError
        The folder holds no results.
    """
    try:
        results = pickle.loads((folder / _FILE).read_bytes())  # noqa: S301  # written by `store`
        validation = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(
            f"the folder of results {folder} is gone; render with `foresay render`"
        ) from error
    return results, validation, drawn_figures(folder / "figures")
