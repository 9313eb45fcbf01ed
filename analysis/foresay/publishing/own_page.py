"""A page of the user's own: rendered beside itself, without versions."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from foresay.errors import OutputError, ReportError
from foresay.publishing.claim_links import linked
from foresay.publishing.claims import verdicts_of
from foresay.publishing.computing import Opening, Progress, compute_or_fetch
from foresay.publishing.engines.security import with_policy
from foresay.publishing.hashes import hash_inputs
from foresay.publishing.lint_claims import ledger_beside, overstated, unknown
from foresay.publishing.metadata import QUARTO_NAMES
from foresay.publishing.notice import with_banner, with_notice
from foresay.publishing.problems import refuse
from foresay.publishing.qmd import Document
from foresay.publishing.rendering import Engine, checked, render_document
from foresay.publishing.results import RESULTS
from foresay.publishing.sources import project_root
from foresay.publishing.writing import explained, write_bytes
from foresay.study import Study, read_study


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOrder:
    """What is to be rendered.

    Parameters
    ----------
    page : Path
        The `.qmd`.
    formats : tuple of str
        Of html, pdf, docx; empty for those of its front matter, or html.
    output : Path or None
        A folder; a file, whose ending names the one format; None for beside the page.
    opening : Opening or None
        The study that `open_report` in its cells opens; None for a page without one.
    parameters : mapping
        New values for names that the cell tagged ``parameters`` sets.
    engine : {"auto", "quarto", "embedded"}
        What renders.
    """

    page: Path
    formats: tuple[str, ...] = ()
    output: Path | None = None
    opening: Opening | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    engine: Engine = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPage:
    """The documents, and what rendered them."""

    documents: tuple[Path, ...]
    engine: str


def study_beside(page: Path) -> Path | None:
    """Return the study file beside a page, or above it up to the folder of its `_quarto.yml`."""
    page = page.resolve()
    root = project_root(page)
    for folder in page.parents:
        if (folder / "study.yml").is_file():
            return folder / "study.yml"
        if folder == root:
            break
    return None


def render_page(order: PageOrder, progress: Progress = lambda _: None) -> RenderedPage:
    """Render a page; all of its documents are written, or none.

    Raises
    ------
    ReportError
        The page is missing, not text, outside the supported subset or calls `open_report` without
        a study, or one of its cells fails; names file and line.
    OutputError
        A document cannot be written.
    InvalidTablesError, SourceError, StudyError
        The study that it opens cannot be computed.
    """
    page = order.page.resolve()
    document = checked(page, project_root(page), parameters=order.parameters)
    formats = _formats(order, document)
    study = None if order.opening is None else read_study(order.opening.study)
    with tempfile.TemporaryDirectory(prefix="foresay-page-") as name:
        kept, made = Path(name, "results"), Path(name, "made")
        kept.mkdir()
        env, metadata = _of_study(order, study, document, kept, progress)
        rendering = render_document(
            page,
            formats=formats,
            out_dir=made,
            project_root=project_root(page),
            env=env,
            metadata=metadata,
            parameters=order.parameters,
            engine=order.engine,
            progress=progress,
        )
        places = {rendering.paths[each].resolve(): _place(order, each) for each in formats}
        folder = next(iter(places.values())).parent
        beside = {path.resolve(): folder / path.name for path in rendering.side_files}
        for path, place in {**places, **beside}.items():
            with explained(place):
                place.parent.mkdir(parents=True, exist_ok=True)
            content = path.read_bytes()
            if path in places and path.suffix == ".html":
                text = content.decode("utf-8")
                text = text if study is None else with_banner(linked(text), study)
                content = with_policy(text).encode("utf-8")
            write_bytes(place, content)
    return RenderedPage(documents=tuple(places.values()), engine=rendering.engine)


def _formats(order: PageOrder, document: Document) -> tuple[str, ...]:
    """Return the formats asked for: by name, by the ending of the file, or by the page itself."""
    ending = _ending(order.output)
    if ending:
        if order.formats not in {(), (ending,)}:
            raise OutputError(
                f"'{order.output}' is to be {ending}, and {', '.join(order.formats)} was asked "
                "for; name a folder, or leave the formats out"
            )
        return (ending,)
    told = document.front.get("format")
    names = list(told) if isinstance(told, Mapping) else [told]
    own = tuple(each for each, quarto in QUARTO_NAMES.items() if quarto in names)
    return order.formats or own or ("html",)


def _ending(output: Path | None) -> str:
    """Return the format that a file's ending names; "" for a folder.

    Raises
    ------
    OutputError
        The ending names no format.
    """
    if output is None or output.is_dir() or not output.suffix:
        return ""
    ending = output.suffix.lower().removeprefix(".")
    if ending not in QUARTO_NAMES:
        raise OutputError(
            f"the ending of '{output}' names no format of a page; end it in one of "
            f".{', .'.join(QUARTO_NAMES)}, or name a folder"
        )
    return ending


def _place(order: PageOrder, target: str) -> Path:
    name = f"{order.page.stem}.{target}"
    if order.output is None:
        return order.page.parent / name
    return order.output if _ending(order.output) else order.output / name


def _of_study(
    order: PageOrder, study: Study | None, document: Document, kept: Path, progress: Progress
) -> tuple[dict[str, str], dict[str, object]]:
    """Compute what `open_report` hands to the page; return its variables and metadata."""
    opens = any("open_report" in cell.code for cell in document.cells)
    if order.opening is None or study is None:
        if opens:
            raise ReportError(
                f"{order.page} calls open_report(), and no study is named; say --study with a "
                "study.yml or its folder, or keep the page beside the study's"
            )
        return {}, {}
    from foresay.publishing.drawn import drawn_figures
    from foresay.publishing.publish import sections
    from foresay.publishing.report import STUDY
    from foresay.publishing.stored import load

    env = {STUDY: str(order.opening.study.resolve())}
    claims = ledger_beside(order.opening.study)
    refuse(unknown(document, claims), document.path.parent)
    metadata = with_notice(study, str(document.front.get("subtitle") or ""), order.engine)
    if not opens:
        return env, metadata
    compute_or_fetch(order.opening, study, hash_inputs(order.opening.files(study)), kept, progress)
    results, *_ = load(kept)
    refuse(overstated(document, claims, verdicts_of(results)), document.path.parent)
    has = sections(results, drawn_figures(kept / "figures"))
    return {**env, RESULTS: str(kept)}, {"has": has, **metadata}
