"""`foresay verify`: whether a version is as it was rendered, and comes out the same again."""

from __future__ import annotations

from typing import Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import Outcome, OutcomeFormat, finish, steps
from foresay.cli.versions import Folder, folder_of

Label = Annotated[str, typer.Argument(help="Label of a version, or draft.", show_default=False)]


def verify(
    version: Label,
    study: options.Study = options.HERE,
    *,
    versions: Folder = None,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Check its files; do not make it again.")
    ] = False,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Make it again also from inputs or choices that differ."),
    ] = False,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    output_format: Outcome = OutcomeFormat.text,
    quiet: options.Quiet = False,
) -> None:
    """Check the files of a version against its manifest, then make it again and compare every byte.

    What it was made from is compared first: inputs, choices, libraries, foresay, engine. Exits with
    0 where every byte is the same, 1 where one differs, 2 where it cannot be made again.
    Example: foresay verify 1.0 data/small-models
    """
    from foresay.publishing.publish import Order
    from foresay.revisions.listing import find_version
    from foresay.revisions.verification import verify as check

    folder = folder_of(study, versions)
    with steps(quiet=quiet, log=output_format is OutcomeFormat.text) as progress:
        found = check(
            find_version(version, folder),
            Order(
                study=options.study_file(study),
                data=data,
                memory=memory,
                threads=threads,
                formats=(),
                label=None,
                versions=folder,
            ),
            recompute=not files_only,
            anyway=anyway,
            progress=progress,
        )
    from foresay.display import visible

    text = "\n".join(visible(line) for line in found.to_text().splitlines())
    where = {"folder": str(found.folder)}
    finish(
        f"{text}\n  {options.shown(found.folder)}",
        found.to_json() | where,
        output_format,
        quiet=quiet,
    )
    raise typer.Exit(code=found.exit_code)
