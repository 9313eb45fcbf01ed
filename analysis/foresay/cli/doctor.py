"""`foresay doctor`: what foresay found on this machine, and what is amiss."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

import foresay
from foresay.cli import diagnosis, options
from foresay.cli.progress import Outcome, OutcomeFormat, steps
from foresay.errors import ForesayError

_OLDEST_QUARTO = (1, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at.

    Parameters
    ----------
    name : str
        What.
    value : str
        What was found.
    amiss : str
        What is wrong with it and the way out; empty when it is well.
    """

    name: str
    value: str
    amiss: str = ""


def doctor(
    study: Annotated[
        Path | None,
        typer.Argument(
            help="A study.yml, or its folder: say how each of its estimands is computed."
        ),
    ] = None,
    *,
    output_format: Outcome = OutcomeFormat.text,
    data: options.Data = None,
    quiet: options.Quiet = False,
) -> None:
    """Show what foresay found on this machine: Python, libraries, renderers, fonts, memory.

    With a study also, for each estimand and contrast that its tables support, over all trials:
    clusters, distinct patterns, sums, the interval taken, how clusters are drawn and why.

    Exit code 0 when all is well, 1 when something is amiss.

    Example: foresay doctor data/small-models --format json
    """
    with steps(quiet=quiet, log=False) as progress:
        findings = list(examine(progress))
        amiss = [finding for finding in findings if finding.amiss]
        ways = None if study is None else _ways(study, data, progress)
    if output_format is OutcomeFormat.json:
        said: object = [asdict(finding) for finding in findings]
        if ways is not None:
            said = {"findings": said, "estimands": diagnosis.listed(ways)}
        typer.echo(json.dumps(said, indent=2))
    elif quiet:
        _show(amiss)
    else:
        _show(findings)
        typer.echo(f"{len(amiss)} amiss" if amiss else "all is well")
        if ways is not None:
            typer.echo("\n" + "\n".join(diagnosis.aligned(ways)))
    raise typer.Exit(1 if amiss else 0)


def _show(findings: Sequence[Finding]) -> None:
    width = max((len(finding.name) for finding in findings), default=0)
    for finding in findings:
        typer.echo(f"{'!!' if finding.amiss else 'ok'}  {finding.name:<{width}}  {finding.value}")
        if finding.amiss:
            typer.echo(f"{'':<{width + 6}}{finding.amiss}")


def _ways(study: Path, data: Path | None, progress: Callable[[str], None]) -> list[diagnosis.Way]:
    with options.open_study(study, data=data) as bench:
        return list(diagnosis.ways_of(bench, progress))


def examine(progress: Callable[[str], None] = lambda _: None) -> Iterator[Finding]:
    """Look at everything; what cannot be looked at is a finding, and the rest goes on."""
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("foresay", _foresay),
        ("libraries", _libraries),
        ("quarto", _quarto),
        ("embedded renderer", _embedded),
        ("fonts", _fonts),
        ("threads", _threads),
        ("memory", _memory),
        ("spill folder", _spill),
        ("DuckDB locks", _locks),
    )
    for name, check in checks:
        progress(f"looking at: {name}")
        try:
            yield from check()
        except (ForesayError, ImportError, OSError, subprocess.SubprocessError) as error:
            yield Finding(name=name, value="failed", amiss=str(error))


def _foresay() -> Iterator[Finding]:
    from foresay.publishing.software import package_source

    yield Finding(name="Python", value=f"{platform.python_version()} on {platform.platform()}")
    where = Path(foresay.__file__).resolve().parent
    yield Finding(name="foresay", value=f"{foresay.__version__} in {where}")
    yield Finding(name="source of foresay", value=package_source())


def _libraries() -> Iterator[Finding]:
    from foresay.publishing.software import library_versions

    for name, version in library_versions().items():
        if name != "python":
            yield Finding(name=name, value=version)


def _quarto() -> Iterator[Finding]:
    program = shutil.which("quarto")
    if program is None:
        yield Finding(name="quarto", value="not on PATH; the embedded renderer is used")
        return
    run = subprocess.run(  # noqa: S603 - the program that PATH names, with a fixed argument
        [program, "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    version = run.stdout.strip()
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    oldest = ".".join(map(str, _OLDEST_QUARTO))
    yield Finding(
        name="quarto",
        value=f"{version} at {program}",
        amiss=""
        if parts >= _OLDEST_QUARTO
        else f"foresay needs Quarto {oldest} or later; update it",
    )


def _embedded() -> Iterator[Finding]:
    from foresay.publishing.engines import programs

    yield Finding(name="embedded renderer", value=programs.embedded_version())


def _fonts() -> Iterator[Finding]:
    import typst

    brought = typst.Fonts(include_system_fonts=False).families()
    everywhere = typst.Fonts().families()
    yield Finding(
        name="fonts",
        value=f"{', '.join(brought)}; {len(set(everywhere) - set(brought))} more on this machine",
        amiss="" if brought else "the typst library brings no fonts; install it anew",
    )


def _threads() -> Iterator[Finding]:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding(name="threads", value=f"{allowed} of {os.cpu_count()} processors")


def _memory() -> Iterator[Finding]:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute("SELECT current_setting('memory_limit')").fetchone()
    limit = found[0] if found else "unknown"
    yield Finding(name="memory", value=f"DuckDB uses up to {limit}, then spills to disk")


def _spill() -> Iterator[Finding]:
    folder = Path(tempfile.gettempdir())
    free = shutil.disk_usage(folder).free / 2**30
    yield Finding(
        name="spill folder",
        value=f"{folder}, {free:.1f} GiB free",
        amiss="" if free >= 1 else "under 1 GiB is free; set TMPDIR to a folder with more room",
    )


def _locks() -> Iterator[Finding]:
    """Try what a hostile study file would try."""
    import duckdb

    from foresay.tables.engine import Engine, literal

    def refused(sql: str) -> bool:
        try:
            engine.execute(sql)
        except duckdb.Error:
            return True
        return False

    with tempfile.TemporaryDirectory() as inside, tempfile.TemporaryDirectory() as outside:
        for folder in (inside, outside):
            Path(folder, "table.csv").write_text("a\n1\n", encoding="utf-8")
        engine = Engine([Path(inside)])
        own = f"FROM read_csv({literal(str(Path(inside, 'table.csv').resolve()))})"
        others = {
            "reads outside it": f"FROM read_csv({literal(str(Path(outside, 'table.csv')))})",
            "writes": f"COPY (FROM range(1)) TO {literal(str(Path(outside, 'copy.csv')))}",
            "attaches": f"ATTACH {literal(str(Path(outside, 'other.duckdb')))}",
            "changes settings": "SET enable_external_access = true",
        }
        amiss = ["cannot read the study's folder"] if refused(own) else []
        amiss += [name for name, sql in others.items() if not refused(sql)]
        engine.close()
    yield Finding(
        name="DuckDB locks",
        value="amiss" if amiss else "reading outside a study, COPY, ATTACH and SET are refused",
        amiss=f"SQL of a study {', '.join(amiss)}; use the locked versions" if amiss else "",
    )
