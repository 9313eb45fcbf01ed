"""`foresay render`: from result tables to a published report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from foresay.cli import options
from foresay.cli.progress import Outcome, OutcomeFormat, finish, steps
from foresay.errors import ChoiceError


class EngineName(StrEnum):
    """What renders."""

    auto = "auto"
    quarto = "quarto"
    embedded = "embedded"


def render(
    study: Annotated[
        Path,
        typer.Argument(
            help="A study.yml, the folder that holds one, or a page (.qmd) of your own.",
            show_default=True,
        ),
    ] = options.HERE,
    *,
    to: Annotated[
        str | None,
        typer.Option("--to", help="html,pdf,docx; default: what the study or the page says."),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--version", help="Label of the version; it never changes again."),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Render the draft, whatever label the study has.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder of versions, by default versions beside the study; for a page a folder "
            "or a file, by default beside the page.",
        ),
    ] = None,
    of_study: Annotated[
        Path | None,
        typer.Option(
            "--study",
            help="For a page: the study that open_report() in its cells opens; default: the one "
            "beside it.",
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "-P",
            help="For a page: a value for its cell tagged parameters, -P name=value. Repeatable.",
        ),
    ] = None,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="Default: Quarto where it is on PATH.")
    ] = EngineName.auto,
    no_cache: options.NoCache = False,
    output_format: Outcome = OutcomeFormat.text,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Render the report of a study: documents, figures, tables and manifest in one folder.

    Without a label, it is the draft, which is replaced as a whole. A label makes a version that
    never changes again. Results are computed again only where what they come from changed.
    Example: foresay render data/small-models --to html,pdf --version 1.1

    A page of your own is rendered beside itself: foresay render notes.qmd --study data/small-models
    -P n_train=1000
    """
    formats = options.names(to.lower(), ["html", "pdf", "docx"], "--to") if to is not None else []
    how = _How(
        formats=tuple(formats),
        output=output,
        engine=engine.value,
        outcome=output_format,
        quiet=quiet,
    )
    opening: dict[str, Any] = {
        "data": data,
        "memory": memory,
        "threads": threads,
        "cached": not no_cache,
    }
    if study.suffix.lower() == ".qmd":
        versions = {"--version": version, "--draft": draft or None}
        _refuse(versions, f"{study} is a page, which has no versions; name its study for those")
        _render_page(study, of_study, options.parse_parameters(parameter), opening, how)
    else:
        of_pages = {"--study": of_study, "-P": parameter}
        _refuse(of_pages, f"{study} is a study, and that is for a page (.qmd) of your own")
        if draft and version is not None:
            raise ChoiceError("--draft and --version contradict each other")
        _render_study(study, version, opening, how, draft=draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """What pages and studies are rendered with alike."""

    formats: tuple[str, ...]
    output: Path | None
    engine: Literal["auto", "quarto", "embedded"]
    outcome: OutcomeFormat
    quiet: bool

    def finish(self, headline: str, documents: Sequence[Path], machine: dict[str, Any]) -> None:
        lines = [headline, *(f"  {options.shown(path)}" for path in documents)]
        machine["documents"] = [str(path) for path in documents]
        finish("\n".join(lines), machine, self.outcome, quiet=self.quiet)


def _refuse(said: Mapping[str, object], reason: str) -> None:
    named = [option for option, value in said.items() if value is not None]
    if named:
        raise ChoiceError(f"{named[0]}: {reason}")


def _render_study(
    study: Path, version: str | None, opening: dict[str, Any], how: _How, *, draft: bool
) -> None:
    from foresay.publishing.publish import Order, produce
    from foresay.publishing.sources import documents
    from foresay.study import read_study

    path = options.study_file(study)
    known = read_study(path)
    order = Order(
        study=path,
        **opening,
        formats=how.formats or tuple(known.report.formats),
        label=None if draft else version or known.report.version,
        versions=how.output or path.resolve().parent / "versions",
        engine=how.engine,
    )
    with steps(quiet=how.quiet, log=how.outcome is OutcomeFormat.text) as progress:
        done = produce(order, progress)
    names = documents(known, order.formats)
    made = [done.folder / names[each] for each in order.formats]
    what = "Rendered" if done.rendered else "Nothing changed"
    because = f": {done.reason}" if done.rendered and done.reason else ""
    machine = {
        "folder": str(done.folder),
        "rendered": done.rendered,
        "computed": done.computed,
        "reason": done.reason,
        "engine": done.engine,
    }
    how.finish(f"{what}{because}; the documents are", made, machine)


def _render_page(
    page: Path,
    study: Path | None,
    parameters: dict[str, str],
    opening: dict[str, Any],
    how: _How,
) -> None:
    from foresay.publishing.computing import Opening
    from foresay.publishing.own_page import PageOrder, render_page, study_beside

    path = study_beside(page) if study is None else options.study_file(study)
    if path is None:
        of_studies = {f"--{name}": opening[name] for name in ("data", "memory", "threads")}
        _refuse(of_studies, f"no study belongs to {page}; name one with --study")
    order = PageOrder(
        page=page,
        formats=how.formats,
        output=how.output,
        opening=None if path is None else Opening(study=path, **opening),
        parameters=parameters,
        engine=how.engine,
    )
    with steps(quiet=how.quiet, log=how.outcome is OutcomeFormat.text) as progress:
        done = render_page(order, progress)
    machine = {"engine": done.engine, "study": None if path is None else str(path)}
    what = "document is" if len(done.documents) == 1 else "documents are"
    how.finish(f"Rendered {options.shown(page)}; the {what}", done.documents, machine)
