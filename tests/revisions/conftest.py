from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from foresay.display.layout import csv_text
from foresay.publishing.computing import Opening
from foresay.publishing.publish import Order
from foresay.publishing.results import Results
from foresay.publishing.stored import store
from studies import answers, prediction, write_study

PAGE = "---\ntitle: A page\nbibliography: sources.bib\n---\n\nWords [@one].\n\n"
INCLUDE = "{{< include _more.qmd >}}\n\n# References\n\n::: {#refs}\n:::\n"
SOURCES = "@misc{one, title = {One}, author = {Author, An}, year = {2020}}\n"


FACTS = {
    "fingerprint": "abc",
    "has_predictions": False,
    "contrasts": {},
    "estimands": [],
    "problems": 0,
}


def quickly(opening: Opening, folder: Path, _progress: object) -> None:
    """Stand in for computing and drawing: a table that follows the data, and one figure."""
    data = (opening.study.parent / "answers.csv").read_text(encoding="utf-8")
    frame = pd.DataFrame({"estimand": ["accuracy"], "value": [float(len(data))]})
    for name in ("tables", "figures"):
        (folder / name).mkdir()
    (folder / "tables" / "accuracy.csv").write_text(csv_text(frame), encoding="utf-8")
    store(Results(tables={"accuracy": frame}, missing={}, facts=FACTS), "{}", folder)


@pytest.fixture(scope="module")
def quick_renders() -> Iterator[None]:
    """One package for the whole file, also where somebody edits it; nothing is computed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("foresay.publishing.publish.package_source", lambda: "0" * 64)
        patch.setattr("foresay.publishing.computing.compute", quickly)
        yield


def small_study(folder: Path, **report: Any) -> Path:
    """Write a study with a page of its own that runs nothing."""
    tables = {
        "answers": [r for n in range(8) for r in answers("m", f"i{n}", "aab"[n % 3 :] + "a")],
        "predictions": [prediction(p, "m", f"i{n}", "ab"[n % 2]) for p in "mn" for n in range(8)],
    }
    named = {"source": "page.qmd", "formats": ["html"], **report}
    path = write_study(folder, tables, choices={"resamples": 100}, report=named)
    texts = {"page.qmd": PAGE + INCLUDE, "_more.qmd": "More.\n", "sources.bib": SOURCES}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return path


def order_of(study: Path, **more: Any) -> Order:
    given = {"formats": ("html",), "label": "1.0", "versions": study.parent / "versions"}
    return Order(study=study, data=None, engine="embedded", cached=False, **(given | more))


@pytest.fixture
def append() -> Callable[[Path, str], None]:
    def add(path: Path, text: str) -> None:
        path.chmod(0o644)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(text)

    return add
