"""The one entry point from a report's source to its formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from foresay.display.layout import DisplayTable
from foresay.errors import ReportError
from foresay.publishing.engines import embedded, programs, quarto
from foresay.publishing.lint import lint
from foresay.publishing.metadata import QUARTO_NAMES, read_mapping
from foresay.publishing.parameters import injected_code
from foresay.publishing.problems import refuse
from foresay.publishing.qmd import Document, parse
from foresay.publishing.writing import explained, write_bytes

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

Engine = Literal["auto", "quarto", "embedded"]
__all__ = ["Engine", "Rendering", "render_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What was rendered.

    Parameters
    ----------
    paths
        The file of each format.
    engine
        ``quarto`` or ``embedded``.
    engine_version
        Version of Quarto, or of the parts of the embedded renderer.
    side_files
        Other files that the engine left beside them; none from the embedded renderer.
    """

    paths: Mapping[str, Path]
    engine: str
    engine_version: str
    side_files: tuple[Path, ...] = ()


def render_document(  # noqa: PLR0913 (each is one of the caller's decisions)
    source: Path,
    *,
    formats: Sequence[str],
    out_dir: Path,
    project_root: Path,
    env: Mapping[str, str] = MappingProxyType({}),
    metadata: Mapping[str, object] = MappingProxyType({}),
    parameters: Mapping[str, object] = MappingProxyType({}),
    engine: Engine = "auto",
    progress: Callable[[str], None] = lambda _: None,
    house_rules: bool = False,
    kernel: AsyncKernelManager | None = None,
    take: Callable[[DisplayTable], None] = lambda _: None,
    made: Callable[[str, bytes], None] = lambda _format, _content: None,
) -> Rendering:
    """Render a report in one or more formats.

    Parameters
    ----------
    source
        The ``.qmd``; its includes stand beside it.
    formats
        Any of ``html``, ``pdf``, ``docx``; each once.
    out_dir
        Folder that takes ``<stem of source>.<format>``; made when it is missing.
    project_root
        Folder of ``_quarto.yml``; the cells run in it.
    env
        Environment variables that the cells see, on top of the present ones.
    metadata
        Metadata that wins over the document's, such as a version in the subtitle.
    parameters
        New values for names that the cell tagged ``parameters`` sets.
    engine
        ``auto`` takes Quarto when it is on PATH and recent enough, else the embedded renderer.
    progress
        Called with a short text for each step.
    house_rules
        Also hold the source to the rules of foresay's own reports (no literal number in prose).
    kernel
        For the embedded renderer, one that `foresay.publishing.execution.started` gave for this
        source; its environment is the one that the cells see.
    take
        Given each table that a labelled cell printed, by the embedded renderer; Quarto keeps the
        outputs to itself.
    made
        Given each format and its content as soon as the embedded renderer has it, while it writes
        the others; no file is there yet.

    Returns
    -------
    Rendering
        The files, each written whole, and the engine.

    Raises
    ------
    ReportError
        If the source is outside the supported subset, a cell fails, Quarto was asked for and is
        not there, or an engine fails. No file is replaced then.
    OutputError
        If a file cannot be written.

    Examples
    --------
    >>> render_document(  # doctest: +SKIP
    ...     Path("reports/index.qmd"), formats=["html"], out_dir=Path("out"),
    ...     project_root=Path(),
    ... ).paths["html"]
    PosixPath('out/index.html')
    """
    _check_formats(formats)
    source, project_root, out_dir = source.resolve(), project_root.resolve(), out_dir.resolve()
    progress("checking the source")
    document = checked(source, project_root, parameters=parameters, house_rules=house_rules)
    found = None if engine == "embedded" else quarto.find(required=engine == "quarto")
    if found is not None:
        return _with_quarto(
            found, source, formats, out_dir, project_root, env, metadata, parameters, progress
        )
    contents = embedded.render(
        document,
        formats=formats,
        project_root=project_root,
        env=env,
        metadata=metadata,
        parameters=parameters,
        progress=progress,
        kernel=kernel,
        take=take,
        made=made,
    )
    paths = {each: out_dir / f"{source.stem}.{each}" for each in formats}
    _write({paths[each]: contents[each] for each in formats})
    return Rendering(paths=paths, engine="embedded", engine_version=programs.embedded_version())


def checked(
    source: Path,
    project_root: Path,
    *,
    parameters: Mapping[str, object] = MappingProxyType({}),
    house_rules: bool = False,
) -> Document:
    """Read a report's source and refuse what is wrong with it, before anything runs.

    Raises
    ------
    ReportError
        If it cannot be read or is outside the supported subset, with every file and line.
    """
    document = parse(source)
    project = read_mapping(project_root / "_quarto.yml")
    variables = read_mapping(project_root / "_variables.yml")
    refuse(
        lint(document, project=project, variables=variables, house_rules=house_rules), project_root
    )
    injected_code(document, parameters)
    return document


def _check_formats(formats: Sequence[str]) -> None:
    for each in formats:
        if each not in QUARTO_NAMES:
            raise ReportError(f"format {each!r} is not one of {', '.join(QUARTO_NAMES)}")
    if not formats or len(set(formats)) < len(formats):
        raise ReportError(f"formats {list(formats)}: name at least one, and each once")


def _with_quarto(  # noqa: PLR0913, PLR0917
    found: quarto.Quarto,
    source: Path,
    formats: Sequence[str],
    out_dir: Path,
    project_root: Path,
    env: Mapping[str, str],
    metadata: Mapping[str, object],
    parameters: Mapping[str, object],
    progress: Callable[[str], None],
) -> Rendering:
    progress(f"running Quarto {found.version}")
    contents, sides = quarto.render(
        found,
        source=source,
        formats=formats,
        project_root=project_root,
        env=env,
        metadata=metadata,
        parameters=parameters,
    )
    paths = {each: out_dir / f"{source.stem}.{each}" for each in formats}
    beside = {out_dir / name: content for name, content in sides.items()}
    _write({**{paths[each]: contents[each] for each in formats}, **beside})
    return Rendering(
        paths=paths, engine="quarto", engine_version=found.version, side_files=tuple(beside)
    )


def _write(files: Mapping[Path, bytes]) -> None:
    """Write files once all of them are there; each is whole or what it was before."""
    for path, content in files.items():
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, content)
