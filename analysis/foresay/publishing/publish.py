"""From an opened study to a version: documents, figures, tables and manifest in one folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from foresay import __version__
from foresay.errors import InvalidTablesError, ReportError
from foresay.publishing.hashes import hash_inputs, relative_names
from foresay.publishing.manifest import Manifest
from foresay.publishing.results import FIGURES, RESULTS, TITLES, Results
from foresay.publishing.software import library_versions, package_source
from foresay.publishing.sources import project_root, report_files, report_source
from foresay.publishing.versions import decide, publish
from foresay.study import Study, read_study

if TYPE_CHECKING:
    from foresay.tables.validation import Validation

Progress = Callable[[str], None]
Engine = Literal["auto", "quarto", "embedded"]
FIGURE_FILES = ("svg", "pdf", "png", "json", "csv")
"""The files of a figure in a version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be rendered.

    Parameters
    ----------
    study : Path
        The study file.
    data : Path or None
        Folder that data files are relative to.
    formats : tuple of str
        Of html, pdf, docx.
    label : str or None
        Label of the version; None for the draft.
    versions : Path
        Folder of versions.
    engine : {"auto", "quarto", "embedded"}
        What renders.
    memory, threads
        Limits of the engine that computes; results do not depend on them.
    """

    study: Path
    data: Path | None
    formats: tuple[str, ...]
    label: str | None
    versions: Path
    engine: Engine = "auto"
    memory: str | None = None
    threads: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of an order: the version's folder, and whether it was rendered or unchanged."""

    folder: Path
    rendered: bool
    reason: str
    engine: str


def produce(order: Order, progress: Progress = lambda _: None) -> Published:
    """Render a version, or say that nothing changed.

    Raises
    ------
    VersionError
        The label exists and was made from something else.
    InvalidTablesError, ReportError, SourceError, StudyError, OutputError
        With what is wrong and the way out; the earlier version stays as it was.
    """
    progress("comparing with the last version")
    study = read_study(order.study)
    manifest = _manifest(order, study)
    decision = decide(order.versions, manifest)
    if decision.action == "unchanged":
        return Published(
            folder=decision.folder, rendered=False, reason=decision.reason, engine=manifest.engine
        )
    built: list[Path] = []

    def build(folder: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="foresay-report-") as kept:
            results = _compute(order, Path(kept), folder / "tables", progress)
            _take_figures(Path(kept, "figures"), folder / "figures")
            _render(folder, order, study, results, Path(kept), progress)
        built.append(folder)

    folder = publish(order.versions, manifest, build, inputs_now=lambda: _inputs(order, study))
    return Published(
        folder=folder,
        rendered=bool(built),
        reason=decision.reason if built else "another run has just made it",
        engine=manifest.engine,
    )


def _manifest(order: Order, study: Study) -> Manifest:
    engine, engine_version = _engine(order.engine)
    return Manifest(
        study=study.study,
        title=study.title,
        version=order.label,
        inputs=_inputs(order, study),
        choices=study.choices.model_dump(mode="json"),
        package=__version__,
        package_source=package_source(),
        libraries=library_versions(),
        seed=study.choices.seed,
        engine=engine,
        engine_version=engine_version,
        formats=list(order.formats),
    )


def _engine(wanted: Engine) -> tuple[str, str]:
    from foresay.publishing.engines import embedded, quarto

    found = None if wanted == "embedded" else quarto.find(required=wanted == "quarto")
    return ("embedded", embedded.version()) if found is None else ("quarto", found.version)


def _inputs(order: Order, study: Study) -> dict[str, str]:
    """Hash the study file, its data files and the report's sources."""
    from foresay.publishing.sources import data_files

    root = (order.data or order.study.parent).resolve()
    files: dict[str, Path] = {"study.yml": order.study.resolve()}
    files |= {f"data/{name}": path for name, path in data_files(study, root).items()}
    source = report_source(order.study, study)
    reports = relative_names(source.parent, report_files(source))
    files |= {f"report/{name}": path for name, path in reports.items()}
    return hash_inputs(files)


def _compute(order: Order, kept: Path, tables: Path, progress: Progress) -> Results:
    """Compute and draw everything that pages print, and keep it; write the tables."""
    from foresay.publishing.drawing import Drawer
    from foresay.publishing.drawn import left_out
    from foresay.publishing.stored import store
    from foresay.workbench import Workbench

    with (
        Drawer(kept / "figures") as drawer,
        Workbench.open(
            order.study, data=order.data, memory=order.memory, threads=order.threads
        ) as bench,
    ):
        progress("validating")
        validation = bench.validate()
        if not validation.ok:
            raise InvalidTablesError(validation.summary())
        from foresay.publishing.analyses import analyse

        results = analyse(bench, progress, drawer.draw)
        _write_tables(tables, results, validation, bench.title)
        progress("drawing")
        drawer.finish()
    for name, reason in left_out(kept / "figures").items():
        results.missing[f"The figure of: {TITLES[FIGURES[name]]}"] = reason
    results.facts["problems"] = len(validation.problems)
    store(results, validation.to_json(), kept)
    return results


def _take_figures(drawn: Path, folder: Path) -> None:
    """Copy the files of all figures into the version."""
    from foresay.publishing.drawn import drawn_figures

    folder.mkdir()
    for name in drawn_figures(drawn):
        for kind in FIGURE_FILES:
            shutil.copyfile(drawn / f"{name}.{kind}", folder / f"{name}.{kind}")


def _write_tables(folder: Path, results: Results, validation: Validation, title: str) -> None:
    from foresay.display import csv_text

    folder.mkdir()
    for name, frame in results.tables.items():
        (folder / f"{name}.csv").write_text(csv_text(frame), encoding="utf-8", newline="")
    (folder / "validation.json").write_text(validation.to_json(), encoding="utf-8", newline="")
    page = validation.to_html(title=title)
    (folder / "validation.html").write_text(page, encoding="utf-8", newline="")


def _render(
    folder: Path, order: Order, study: Study, results: Results, kept: Path, progress: Progress
) -> None:
    from foresay.publishing.drawn import drawn_figures
    from foresay.publishing.rendering import render_document

    source = report_source(order.study, study)
    rendering = render_document(
        source,
        formats=order.formats,
        out_dir=folder,
        project_root=project_root(source),
        env={RESULTS: str(kept)},
        metadata=_metadata(order, study, results, drawn_figures(kept / "figures")),
        engine=order.engine,
        progress=progress,
        house_rules=study.report.source is None,
    )
    missing = [name for name in order.formats if not rendering.paths[name].exists()]
    if missing:
        raise ReportError(f"{rendering.engine} did not write {', '.join(missing)}")


def _metadata(
    order: Order, study: Study, results: Results, drawn: Iterable[str]
) -> dict[str, object]:
    """Return title, version and what the report has, for the page and its conditional parts."""
    from foresay.display import escape_markdown

    label = escape_markdown(f"Version {order.label}" if order.label else "Draft")
    # metadata is Markdown to both renderers, and what a study says is text
    data: dict[str, object] = {
        "title": escape_markdown(study.title or study.study),
        "subtitle": f"{label} · data {results.facts['fingerprint']}",
        "has": sections(results, drawn),
    }
    if study.report.authors:
        data["author"] = [{"name": escape_markdown(name)} for name in study.report.authors]
    if study.report.date:
        data["date"] = study.report.date
    return data


def sections(results: Results, drawn: Iterable[str]) -> dict[str, bool]:
    """Return what the conditional parts of a page may ask for as `has.NAME`."""
    figures = set(drawn)
    accuracy = results.tables.get("accuracy")
    known = accuracy is not None and bool(
        (accuracy["estimand"].eq("ceiling_resample") & accuracy["value"].notna()).any()
    )
    return {
        **{name.replace("_", "-"): results.has(name) for name in TITLES},
        **{f"fig-{name}": name in figures for name in FIGURES},
        "ceiling": known,
        "mechanism": any(results.has(n) for n in ("reproduction", "projection")),
        "changed": any(results.has(n) for n in ("shift", "shifted_share")),
        "robustness": any(results.has(n) for n in ("interactions", "over_tasks", "two_way")),
        "predictions": bool(results.facts["has_predictions"]),
        "contrasts": bool(results.facts["contrasts"]),
        "estimands": bool(results.facts["estimands"]),
        "problems": bool(results.facts["problems"]),
        "left-out": bool(results.missing),
    }
