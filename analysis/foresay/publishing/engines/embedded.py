"""The embedded renderer: nbclient, Pandoc with one filter, and typst."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from foresay.display.layout import DisplayTable
from foresay.publishing.assembly import assemble
from foresay.publishing.engines import page, pdf, word
from foresay.publishing.execution import Executed, Output, execute
from foresay.publishing.metadata import merged, read_mapping
from foresay.publishing.qmd import Cell, Document
from foresay.publishing.taken_tables import taken_tables

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

_WRITERS = {"html": page.write_html, "pdf": pdf.write_pdf, "docx": word.write_docx}


def render(  # noqa: PLR0913 (what a caller decides, and what it started)
    document: Document,
    *,
    formats: Sequence[str],
    project_root: Path,
    env: Mapping[str, str],
    metadata: Mapping[str, object],
    parameters: Mapping[str, object],
    progress: Callable[[str], None],
    kernel: AsyncKernelManager | None = None,
    take: Callable[[DisplayTable], None] = lambda _: None,
    made: Callable[[str, bytes], None] = lambda _format, _content: None,
) -> dict[str, bytes]:
    """Run a report once and write it in each format.

    Parameters
    ----------
    document
        A parsed report that the linter let pass.
    formats
        Any of ``html``, ``pdf``, ``docx``.
    project_root, env, metadata, parameters, progress, kernel, take, made
        As in :func:`foresay.publishing.rendering.render_document`.

    Returns
    -------
    dict
        Content of each file by format.

    Raises
    ------
    ReportError
        If a cell fails, or a format cannot be written.
    """
    project = read_mapping(project_root / "_quarto.yml")
    variables = read_mapping(project_root / "_variables.yml")
    layers = {each: merged(project, document.front, metadata, each) for each in formats}
    defaults = merged(project, document.front, metadata, "html").get("execute")
    saved: list[Future[None]] = []

    def save(cell: Cell, outputs: tuple[Output, ...]) -> None:
        for table in taken_tables(cell, outputs):
            take(table)

    with ThreadPoolExecutor(max_workers=1) as aside:  # while the kernel runs the next cell
        executed = execute(
            document,
            project_root=project_root,
            env=env,
            parameters=parameters,
            defaults=defaults if isinstance(defaults, Mapping) else {},
            progress=progress,
            kernel=kernel,
            ran=lambda cell, outputs: saved.append(aside.submit(save, cell, outputs)),
        )
    for each in saved:
        each.result()
    progress(f"writing {', '.join(formats)}")

    def write(target: str) -> bytes:
        return _written(document, executed, target, project_root, layers[target], variables)

    # the PDF takes longest; the HTML comes early, since a caller has most to do with it; all at
    # once, because they take turns in this process and in programs of their own
    order = sorted(formats, key=["pdf", "html", "docx"].index)
    contents: dict[str, bytes] = {}
    with ThreadPoolExecutor(max_workers=len(order)) as pool:
        written = {pool.submit(write, each): each for each in order}
        for done in as_completed(written):
            contents[written[done]] = done.result()
            made(written[done], done.result())
    return contents


def _written(
    document: Document,
    executed: Executed,
    target: str,
    project_root: Path,
    metadata: Mapping[str, object],
    variables: Mapping[str, object],
) -> bytes:
    assembled = assemble(
        document,
        executed,
        target=target,
        project_root=project_root,
        metadata=metadata,
        variables=variables,
    )
    with tempfile.TemporaryDirectory(prefix="foresay-render-") as folder:
        return _WRITERS[target](
            assembled,
            folder=Path(folder),
            metadata=metadata,
            source_folder=document.path.parent,
        )
