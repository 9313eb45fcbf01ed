"""`foresay versions` and `foresay status`: what was rendered, and what of it is stale."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import Outcome, OutcomeFormat, finish, steps

if TYPE_CHECKING:
    from foresay.revisions.listing import Version
    from foresay.revisions.staleness import Status

Folder = Annotated[
    Path | None,
    typer.Option("--versions", help="Folder of versions; default: versions beside the study."),
]
ExitCode = Annotated[
    bool, typer.Option("--exit-code", help="Exit with 1 where something is found, as git does.")
]


def folder_of(study: Path, versions: Path | None) -> Path:
    """Return the folder of versions: the one that is named, or the one beside the study."""
    return versions or options.study_file(study).resolve().parent / "versions"


def versions(
    study: options.Study = options.HERE,
    *,
    versions: Folder = None,
    output_format: Outcome = OutcomeFormat.text,
    quiet: options.Quiet = False,
) -> None:
    """List the versions of a study, the draft last, and whether their files are as rendered.

    Of each: the date that the study gave its report, the hash of what went in, the choices that
    differ from the defaults, foresay, engine, formats. Example: foresay versions data/small-models
    """
    from foresay.revisions.listing import list_versions

    folder = folder_of(study, versions)
    with steps(quiet=quiet, log=False) as progress:
        progress("checking the files of all versions")
        found = list_versions(folder)
    text = "\n".join(map(_listed, found)) or f"no versions in {options.shown(folder)}"
    machine = {"folder": str(folder), "versions": [version.to_json() for version in found]}
    finish(text, machine, output_format, quiet=quiet)


def status(
    study: options.Study = options.HERE,
    *,
    versions: Folder = None,
    exit_code: ExitCode = False,
    data: options.Data = None,
    output_format: Outcome = OutcomeFormat.text,
    quiet: options.Quiet = False,
) -> None:
    """Say which versions and replies are stale, and why: data, code, choices, pages, libraries.

    Nothing is computed. It exits with 0; with --exit-code with 1 where anything is not up to date.
    Example: foresay status data/small-models
    """
    from foresay.publishing.publish import Order
    from foresay.revisions.reply_states import reply_statuses
    from foresay.revisions.staleness import statuses

    folder = folder_of(study, versions)
    path = options.study_file(study)
    with steps(quiet=quiet, log=False) as progress:
        progress("comparing versions and replies with what they were made from")
        order = Order(study=path, data=data, formats=(), label=None, versions=folder)
        found = [*statuses(order), *reply_statuses(order)]
    text = "\n".join(map(_state, found)) or f"no versions in {options.shown(folder)}"
    machine = {"folder": str(folder), "status": [each.to_json() for each in found]}
    finish(text, machine, output_format, quiet=quiet)
    if exit_code and any(each.stale for each in found):
        raise typer.Exit(code=1)


def _listed(version: Version) -> str:
    from foresay.display import visible
    from foresay.revisions.listing import chosen

    made = version.manifest
    lines = [f"{visible(version.name)}  {version.state}"]
    if made is not None:
        choices = ", ".join(f"{k}={v}" for k, v in chosen(made.choices).items())
        facts = {
            "date": made.date or "none given",
            "inputs": made.inputs_digest[:12],
            "choices": choices or "the defaults",
            "made with": f"foresay {made.package}, {made.engine} {made.engine_version}",
            "formats": ", ".join(made.formats),
        }
        lines += [f"  {name:<10}{visible(text)}" for name, text in facts.items()]
    return "\n".join([*lines, *(f"  ! {visible(file)}" for file in version.changed)])


def _state(found: Status) -> str:
    from foresay.display import visible

    lines = [f"{visible(found.name):<16}{found.state}"]
    lines += [f"{'':<16}{visible(reason)}" for reason in found.reasons[:20]]
    if len(found.reasons) > 20:  # JSON has all of them
        lines.append(f"{'':<16}and {len(found.reasons) - 20} more")
    return "\n".join([*lines, *([f"{'':<16}-> {found.way_out}"] if found.way_out else [])])
