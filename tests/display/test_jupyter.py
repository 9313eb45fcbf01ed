"""What a notebook gets, from a real kernel."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from foresay.publishing.interpreters import interpreter
from foresay.publishing.kernels import kernel_manager
from foresay.simulation import World, simulate

SETUP = """
import pandas as pd
from foresay.display import number, printed_table
from foresay.figures import plot_agreement
row = {"estimand": "accuracy", "predictor": "<b>p</b>", "value": .6, "low": .5, "high": .7,
       "level": .95, "n_items": 9, "note": ""}
frame = pd.DataFrame([row, {**row, "predictor": "q"}])
agreement = pd.DataFrame([{**row, "estimand": e, "target": "t", "task": "x", "property": "p",
                           "n_trials": 9, "standard_error": .1}
                          for e in ("agreement_answer", "ceiling_resample", "baseline_mode")])
"""
CELLS = {
    "table": "printed_table(frame)",
    "figure": "plot_agreement(agreement)",
    "estimates": "frame",
    "number": "number(row)",
}


def run(folder: Path, *cells: str) -> list[dict[str, Any]]:
    """Run cells in a kernel and return the last MIME bundle of each after the first."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    with interpreter() as waiting:
        waiting.prepare(folder, {"IPYTHONDIR": str(folder)})
        client = NotebookClient(notebook, km=kernel_manager(folder, waiting), timeout=120)
        client.owns_km = True
        client.execute()
    return [dict(cell["outputs"][-1]["data"]) for cell in notebook.cells[1:]]


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> dict[str, dict[str, Any]]:
    """Return the MIME bundle of each cell."""
    found = run(tmp_path_factory.mktemp("notebook"), SETUP, *CELLS.values())
    return dict(zip(CELLS, found, strict=True))


def test_a_study_is_read_and_reported_in_a_notebook(tmp_path):
    simulate(World(tasks=2, items=8), seed=1).write(tmp_path)
    table, report = run(
        tmp_path,
        "import foresay\nfrom foresay.display import printed_table",
        "with foresay.read('study.yml') as bench:\n"
        "    made = bench.estimate(['accuracy'])\nprinted_table(made)",
        "from foresay.publishing.report import open_report\nopen_report().table('accuracy')",
    )
    assert "Accuracy" in table["text/plain"]
    assert "Mode baseline" in report["text/plain"]


@pytest.mark.parametrize("name", ["table", "figure", "estimates"])
def test_there_is_html_and_plain_text(shown, name):
    assert shown[name]["text/html"].strip()
    assert shown[name]["text/plain"].strip()
    assert not any("vega" in mime for mime in shown[name])


@pytest.mark.parametrize("name", CELLS)
def test_nothing_is_asked_for_from_elsewhere(shown, name):
    html = shown[name].get("text/html", "")
    text = re.sub(r"data:[^\"')]*", "", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL))
    assert not re.findall(r"""(?:src|href|url\()\s*=?\s*["']?(?!#)[\w/]""", text)
    assert "@import" not in html
    assert not re.search(r"<script[^>]*\ssrc=", html)


def test_a_table_shows_text_as_text_and_has_latex(shown):
    bundle = shown["table"]
    assert "&lt;b&gt;p&lt;/b&gt;" in bundle["text/html"]
    assert "<b>p" not in bundle["text/html"]
    assert "<caption>Accuracy, by predictor.</caption>" in bundle["text/html"]
    assert r"\caption{Accuracy, by predictor.}" in bundle["text/latex"]
    assert "<b>p</b>" in bundle["text/plain"]


def test_a_figure_brings_its_picture_and_its_text(shown):
    bundle = shown["figure"]
    assert "<svg" in bundle["text/html"]
    assert len(bundle["text/plain"]) > 20


def test_a_number_is_markdown(shown):
    assert shown["number"]["text/markdown"] == r".60 \[.50, .70\]"


def test_a_notebook_with_them_is_a_valid_file(shown):
    assert json.loads(json.dumps(shown)) == shown
