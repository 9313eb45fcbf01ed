"""From an opened study to a version: documents, figures, tables and manifest in one folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from foresay import __version__
from foresay.errors import ReportError
from foresay.publishing.claim_links import linked
from foresay.publishing.computing import Opening, are_kept, compute_or_fetch
from foresay.publishing.hashes import hash_inputs, relative_names
from foresay.publishing.interpreters import Interpreter, interpreter
from foresay.publishing.manifest import MANIFEST_FILE, Manifest
from foresay.publishing.notice import with_banner, with_notice
from foresay.publishing.problems import refuse
from foresay.publishing.results import FIGURES, PAGES, RESULTS, TITLES, Results
from foresay.publishing.site import cut
from foresay.publishing.software import library_versions, package_source
from foresay.publishing.sources import documents, project_root, report_files, report_source
from foresay.publishing.versions import Decision, decide, publish
from foresay.publishing.writing import write_text
from foresay.study import Study, read_study

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

    from foresay.display.layout import DisplayTable

Progress = Callable[[str], None]
Engine = Literal["auto", "quarto", "embedded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Opening):
    """What is to be rendered, of a study that is opened in some way.

    Parameters
    ----------
    formats : tuple of str
        Of html, pdf, docx.
    label : str or None
        Label of the version; None for the draft.
    versions : Path
        Folder of versions.
    engine : {"auto", "quarto", "embedded"}
        What renders.
    """

    formats: tuple[str, ...]
    label: str | None
    versions: Path
    engine: Engine = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of an order: the version's folder, and whether it was rendered or unchanged.

    `computed` is false where the results came from the cache.
    """

    folder: Path
    rendered: bool
    computed: bool
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
    with interpreter() as waiting:  # most often it is needed, and it takes long to start
        manifest = manifest_of(order, study)
        decision = decide(order.versions, manifest)
        if decision.action == "unchanged":
            return Published(
                folder=decision.folder,
                rendered=False,
                computed=False,
                reason=decision.reason,
                engine=manifest.engine,
            )
        source = report_source(order.study, study)
        with (
            tempfile.TemporaryDirectory(prefix="foresay-report-") as name,
            _kernel(order, study, manifest, source, Path(name), waiting) as kernel,
        ):
            desk = _Desk(source, Path(name), kernel)
            return _made(order, study, manifest, decision, desk, progress)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a version is made: the report's source, a folder for its results, and a kernel."""

    source: Path
    kept: Path
    kernel: AsyncKernelManager | None


def _made(
    order: Order,
    study: Study,
    manifest: Manifest,
    decision: Decision,
    desk: _Desk,
    progress: Progress,
) -> Published:
    """Make the version that was decided on."""
    from foresay.publishing.claims import verdicts_of
    from foresay.publishing.lint_claims import ledger_beside, overstated, unknown
    from foresay.publishing.rendering import checked
    from foresay.publishing.stored import load

    source, kept = desk.source, desk.kept
    document = checked(source, project_root(source), house_rules=study.report.source is None)
    claims = ledger_beside(order.study)
    refuse(unknown(document, claims), project_root(source))
    computed: list[bool] = []

    def build(folder: Path) -> None:
        computed.append(compute_or_fetch(order, study, manifest.inputs, kept, progress))
        results, *_ = load(kept)
        refuse(overstated(document, claims, verdicts_of(results)), project_root(source))
        shutil.copytree(kept / "tables", folder / "tables")
        _take_figures(kept / "figures", folder / "figures")
        (kept / MANIFEST_FILE).write_text(manifest.to_json(), encoding="utf-8")
        _render(folder, order, study, results, desk, progress)

    folder = publish(order.versions, manifest, build, inputs_now=lambda: _inputs(order, study))
    return Published(
        folder=folder,
        rendered=bool(computed),
        computed=any(computed),
        reason=decision.reason if computed else "another run has just made it",
        engine=manifest.engine,
    )


def manifest_of(order: Order, study: Study) -> Manifest:
    """Return what would go into the version of an order, without computing anything.

    Raises
    ------
    ReportError, SourceError, OutputError
        A page, a data file or the engine that is asked for is not there.
    """
    engine, engine_version = _engine(order.engine)
    return Manifest(
        study=study.study,
        title=study.title,
        version=order.label,
        date=study.report.date,
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
    from foresay.publishing.engines import programs, quarto

    found = None if wanted == "embedded" else quarto.find(required=wanted == "quarto")
    return ("embedded", programs.embedded_version()) if found is None else ("quarto", found.version)


def _inputs(order: Order, study: Study) -> dict[str, str]:
    """Hash the study file, its data files and the report's sources."""
    files = order.files(study)
    source = report_source(order.study, study)
    reports = relative_names(source.parent, report_files(source))
    files |= {f"report/{name}": path for name, path in reports.items()}
    return hash_inputs(files)


def _take_figures(drawn: Path, folder: Path) -> None:
    """Copy the files of all figures into the version."""
    from foresay.publishing.drawn import drawn_figures, files_of

    folder.mkdir()
    for name in drawn_figures(drawn):
        for file in files_of(drawn, name):
            shutil.copyfile(drawn / file, folder / file)


@contextmanager
def _kernel(
    order: Order,
    study: Study,
    manifest: Manifest,
    source: Path,
    kept: Path,
    waiting: Interpreter,
) -> Iterator[AsyncKernelManager | None]:
    """Make the Python that waits the kernel of the cells, which gets ready meanwhile.

    Where results have to be computed it stays small until it is needed.
    """
    if manifest.engine != "embedded":
        yield None
        return
    from foresay.publishing.execution import started

    root = project_root(source).resolve()
    ready = "foresay.publishing.report" if are_kept(order, study, manifest.inputs) else ""
    with started(
        source.resolve(),
        project_root=root,
        env={RESULTS: str(kept)},
        ready=ready,
        waiting=waiting,
    ) as one:
        yield one


def _render(
    folder: Path, order: Order, study: Study, results: Results, desk: _Desk, progress: Progress
) -> None:
    from foresay.publishing.drawn import drawn_figures
    from foresay.publishing.rendering import render_document

    source, kept = desk.source, desk.kept

    def take(table: DisplayTable) -> None:
        table.save(folder / "tables", ("html", "tex", "md"))

    pages: dict[str, str] = {}

    def made(target: str, content: bytes) -> None:
        if target == "html":
            pages.update(_pages(content.decode(), study))

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
        kernel=desk.kernel,
        take=take,
        made=made,
    )
    missing = [name for name in order.formats if not rendering.paths[name].exists()]
    if missing:
        raise ReportError(f"{rendering.engine} did not write {', '.join(missing)}")
    _finish(folder, study, rendering.paths, pages)


def _pages(text: str, study: Study) -> dict[str, str]:
    """Return the finished pages of a report's HTML by their names; the suite's is a site."""
    from foresay.publishing.engines.security import with_policy

    text = linked(text)
    own = study.report.source is not None
    pages = {documents(study, ["html"])["html"]: text} if own else cut(text)
    return {name: with_policy(with_banner(page, study)) for name, page in pages.items()}


def _finish(
    folder: Path, study: Study, written: Mapping[str, Path], pages: Mapping[str, str]
) -> None:
    """Give the documents their names in a version; `pages` are those that are made already."""
    names = documents(study, list(written))
    for each, path in written.items():
        if each != "html":
            path.rename(folder / names[each])
            continue
        for name, page in (pages or _pages(path.read_text(encoding="utf-8"), study)).items():
            write_text(folder / name, page)


def _metadata(
    order: Order, study: Study, results: Results, drawn: Iterable[str]
) -> dict[str, object]:
    """Return title, version and what the report has, for the page and its conditional parts."""
    from foresay.display import escape_markdown

    label = escape_markdown(f"Version {order.label}" if order.label else "Draft")
    # metadata is Markdown to both renderers, and what a study says is text
    data: dict[str, object] = {
        "title": escape_markdown(study.title or study.study),
        **with_notice(study, f"{label} · data {results.facts['fingerprint']}", order.engine),
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
    there = {
        **{name.replace("_", "-"): results.has(name) for name in TITLES},
        **{f"fig-{name}": name in figures for name in FIGURES},
    }
    return {
        **there,
        **{f"page-{page}": any(there[n] for n in names.split()) for page, names in PAGES.items()},
        "ceiling": known,
        "predictions": bool(results.facts["has_predictions"]),
        "contrasts": bool(results.facts["contrasts"]),
        "estimands": bool(results.facts["estimands"]),
        "problems": bool(results.facts["problems"]),
        "left-out": bool(results.missing),
    }
