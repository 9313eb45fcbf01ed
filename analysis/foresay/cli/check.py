"""`foresay check`: whether the data of a study support the claims of its paper."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from foresay.cli import options
from foresay.cli.progress import steps
from foresay.cli.report_formats import ReportFormat, by_ending
from foresay.errors import ChoiceError, OutputError

if TYPE_CHECKING:
    from foresay.claims import Checked, Ledger
    from foresay.claims.badge import Summary

ClaimsFile = Annotated[
    Path | None,
    typer.Option("--claims", help="The ledger; default: claims.yml beside the study file."),
]


def check(
    study: options.Study = options.HERE,
    *,
    claims: ClaimsFile = None,
    only: Annotated[
        str | None, typer.Option("--only", help="Ids of claims, with commas; default: all.")
    ] = None,
    robustness: Annotated[
        bool,
        typer.Option(
            "--robustness",
            help="Check every claim under each combination of the ledger's specifications too.",
        ),
    ] = False,
    manuscript: Annotated[
        Path | None,
        typer.Option(
            "--manuscript",
            help="Hold the numbers of a .md, .qmd, .tex or .docx against the ledger instead.",
        ),
    ] = None,
    accept: Annotated[
        float | None,
        typer.Option(
            "--accept-proposed",
            help="With --manuscript: confidence from which a proposed link counts as marked.",
        ),
    ] = None,
    page: Annotated[
        list[Path] | None,
        typer.Option("--page", help="A .qmd to hold against the claims too. Repeatable."),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with 1 for a claim that could not be assessed too."),
    ] = False,
    badge: Annotated[
        Path | None,
        typer.Option("--badge", help="Write a badge, .svg: 'claims 12 of 14 supported'."),
    ] = None,
    summary: Annotated[
        Path | None, typer.Option("--summary", help="Write counts and ids as JSON for a machine.")
    ] = None,
    output_format: Annotated[
        ReportFormat | None,
        typer.Option("--format", help="text, json, or html; default: the ending of -o, else text."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Recompute every claim of a ledger from the study's data, and give it a verdict.

    Supported, contradicted, unresolved (the data cannot tell) or not assessed (something is
    missing), each with its arithmetic. The study's own page is held against them too: it may name
    no unknown claim, say no more than the verdicts allow, and print no number without a claim.
    Exits with 1 when a claim is contradicted or a page is to be mended, with --strict also when
    one that was not withdrawn could not be assessed, else with 0.
    Example: foresay check data/small-models --robustness; with a manuscript:
    foresay check data/small-models --manuscript paper.tex
    """
    if output is not None and output.is_dir():
        raise OutputError(f"'{output}' is a folder, and a file is to be written; name a file")
    chosen = output_format or by_ending(output)
    if badge is not None and badge.suffix.lower() != ".svg":
        raise ChoiceError(f"--badge writes an SVG; end its name in .svg, got {badge}")
    _refuse_idle(manuscript, accept, page=page, badge=badge, summary=summary, strict=strict)
    _one_thread_of_algebra()
    from foresay.claims import check as recompute
    from foresay.claims import read_ledger
    from foresay.claims.badge import badge as draw
    from foresay.claims.badge import summary as summarise
    from foresay.display import visible
    from foresay.publishing.claim_pages import own_pages, page_problems
    from foresay.publishing.writing import write_text

    ledger = read_ledger(claims or options.study_file(study).parent)
    if only is not None:
        ledger = _only(ledger, only)
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        progress("validating")
        found = recompute(bench, ledger, robustness=robustness, progress=progress)
        name, own = bench.name, own_pages(bench.path, bench.study)
    if manuscript is not None:
        _manuscript(found, manuscript, accept, chosen, output, quiet=quiet)
    problems = page_problems([*(own if only is None else ()), *(page or [])], found)
    told = summarise(found, name, page_problems=len(problems), strict=strict)
    for path, text in ((badge, draw(told)), (summary, told.to_json())):
        if path is not None:
            write_text(path, text)
    _write(found, told, chosen, output, quiet=quiet)
    for problem in problems:
        typer.echo(f"foresay: {visible(problem.text(Path.cwd()))}", err=True)
    raise typer.Exit(code=told.exit_code)


def _one_thread_of_algebra() -> None:
    """Keep products of matrices to one thread, before NumPy is loaded.

    Those of claims are so small that threads cost more than they give, most of all on busy cores.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _refuse_idle(manuscript: Path | None, accept: float | None, **others: object) -> None:
    """Refuse options that would do nothing."""
    if manuscript is None and accept is not None:
        raise ChoiceError("--accept-proposed needs --manuscript, whose proposals it is about")
    idle = next((name for name, given in others.items() if given), None)
    if manuscript is not None and idle is not None:
        raise ChoiceError(
            f"--{idle} does nothing beside --manuscript, which is about the manuscript's numbers; "
            f"run foresay check once with --{idle} and once with --manuscript"
        )


def _only(ledger: Ledger, ids: str) -> Ledger:
    wanted = options.names(ids, list(ledger.claims), "--only")
    kept = {name: claim for name, claim in ledger.claims.items() if name in wanted}
    return ledger.model_copy(update={"claims": kept})


def _manuscript(
    found: Checked,
    path: Path,
    accept: float | None,
    wanted: ReportFormat,
    output: Path | None,
    *,
    quiet: bool,
) -> NoReturn:
    from foresay.claims.manuscripts import check_manuscript

    told = check_manuscript(path, found.ledger, found.judged, accept=accept)
    writers = {"json": told.to_json, "html": told.to_html, "text": told.to_text}
    text = writers[wanted.value]()
    if output is not None:
        from foresay.publishing.writing import write_text

        write_text(output, text)
    elif not (quiet and wanted is ReportFormat.text and told.exit_code == 0):
        typer.echo(text, nl=False)
    raise typer.Exit(code=told.exit_code)


def _write(
    found: Checked, told: Summary, wanted: ReportFormat, output: Path | None, *, quiet: bool
) -> None:
    from foresay.claims.showing import as_json, as_table, as_text, headline

    match wanted:
        case ReportFormat.json:
            text = as_json(found, study=told.study)
        case ReportFormat.html:
            text = as_table(found).page()
        case ReportFormat.text:
            text = as_text(found, strict=told.strict)
    if output is not None:
        from foresay.publishing.writing import write_text

        write_text(output, text)
        if not quiet:
            said = headline(found, strict=told.strict)
            typer.echo(f"{said}; all of it is in {output}", err=True)
    elif not (quiet and wanted is ReportFormat.text and told.exit_code == 0):
        typer.echo(text, nl=False)
