"""Pages in a real browser: Debian's Chromium, driven by Playwright; nothing may leave a page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from browser.visits import Open, opener
from foresay.claims import check, read_ledger
from foresay.claims.showing import as_table
from foresay.figures import Figure
from foresay.figures.forest import plot_forest
from foresay.figures.page import Page
from foresay.publishing.engines import pandoc
from foresay.publishing.engines.security import with_policy
from foresay.publishing.gallery import Item
from foresay.publishing.gallery_pages import html_page
from foresay.publishing.publish import Order, produce
from foresay.publishing.rendering import render_document
from foresay.simulation import World, simulate
from foresay.workbench import Workbench

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
CONSTRUCTS = Path(__file__).parents[1] / "publishing" / "fixture"
AUDIT = Path(__file__).parents[2] / "data" / "published" / "audit.html"
LEDGER = """\
claims:
  few:
    sentence: There are <b>few</b> predictors of models.
    kind: count
    of: predictor
    value: 1
  right:
    sentence: A claim that is long, about an accuracy that nobody has stated so far, is not right.
    kind: value
    of: accuracy
    value: ".123456"
  unknown: {sentence: Nobody knows it., kind: value, of: accuraci, value: "1"}
"""
NAMES = ("plain", "<img src=x onerror=alert(1)>", "a_b & c" * 9, "\u202edivergent")


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, dict[str, Path]]:
    """The pages by document: the suite of a simulated study, one with every construct, and others.

    They are rendered once, whatever the number of workers.
    """
    if PROGRAM is None:
        pytest.skip("Chromium is not installed; `.ci/run` installs it from Debian's packages")
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "reports-in-a-browser"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            half = shared.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            _render(half)
            half.rename(shared)
    return {
        folder.name: {page.name: page for page in sorted(folder.glob("*.html"))}
        for folder in (shared / "suite", shared / "constructs", shared / "others")
    }


def _render(folder: Path) -> None:
    world = World(tasks=2, items=16, repeats=3, n_train=(0, 100))
    study = folder / "study"
    study.mkdir(parents=True)
    simulate(world, seed=1).write(study)
    (study / "claims.yml").write_text(LEDGER, encoding="utf-8")
    made = produce(
        Order(
            study=study / "study.yml",
            data=None,
            formats=("html",),
            label=None,
            versions=folder / "versions",
            engine="embedded",
        )
    )
    shutil.copytree(made.folder, folder / "suite")
    others = folder / "others"
    others.mkdir()
    for name in ("tbl-accuracy", "validation"):
        shutil.copy(folder / "suite" / "tables" / f"{name}.html", others)
    shutil.copy(AUDIT, others)
    with Workbench.open(study) as bench:
        claims = as_table(check(bench, read_ledger(study))).page()
    (others / "claims.html").write_text(claims, encoding="utf-8")
    figure = forest()
    item = Item(name=figure.name, question=figure.question, needs="`accuracy`", figure=figure)
    text = html_page("A study", {"How?": [item]}, {item.name: figure.svg()}, {item.name: ["a.svg"]})
    (others / "gallery.html").write_text(text, encoding="utf-8")
    project = folder / "project"
    shutil.copytree(CONSTRUCTS, project, ignore=shutil.ignore_patterns("__pycache__"))
    render_document(
        project / "reports" / "index.qmd",
        formats=["html"],
        engine="embedded",
        out_dir=folder / "constructs",
        project_root=project,
    )


@pytest.fixture(scope="session")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of two charts, far apart."""
    path = tmp_path_factory.mktemp("chart") / "chart.html"
    path.write_text(page_of(forest()), encoding="utf-8")
    return path


def forest() -> Figure:
    """Return a figure with names that a model might have written."""
    frame = pd.DataFrame(
        {
            "estimand": "accuracy",
            "predictor": NAMES,
            "value": [0.2, 0.4, 0.6, 0.8],
            "low": [0.1, 0.3, 0.5, 0.7],
            "high": [0.3, 0.55, 0.7, 0.9],
            "level": 0.95,
            "n_items": 1240,
            "note": "",
        }
    )
    return plot_forest(frame, "accuracy", reference=0.5)


def page_of(figure: Figure) -> str:
    """Return a page by foresay that shows a figure twice."""
    page = Page()
    shown = [
        page.figure(figure.svg(), figure.alt, figure.spec(), interactive=True) for _ in range(2)
    ]
    script, style = (
        pandoc.asset(name).read_text(encoding="utf-8") for name in ("report.js", "report.css")
    )
    return with_policy(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Charts</title>'
        f'<meta name="generator" content="foresay"><link rel="icon" href="data:,">'
        f"<script>{script}</script><style>{style} .far {{ height: 300vh }}</style></head><body>"
        f'<main><h1>Charts</h1>{shown[0]}<p class="far">Far away:</p>{shown[1]}</main>'
        "</body></html>"
    )


@pytest.fixture(scope="module")
def browser(reports: dict[str, dict[str, Path]]) -> Iterator[Browser]:
    """One browser for a file of tests; the pages are rendered before its event loop runs."""
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield program
        program.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open a page in a window of its own; the windows are closed after the test."""
    yield from opener(browser)
