"""`foresay schema`: the JSON Schema of study files, for editors."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from foresay.cli import options


class SchemaOf(StrEnum):
    """Which files a schema is of."""

    study = "study"
    claims = "claims"
    request = "request"


def schema(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    *,
    of: Annotated[
        SchemaOf, typer.Option("--of", help="study.yml, the ledger claims.yml, or a request.")
    ] = SchemaOf.study,
    quiet: options.Quiet = False,
) -> None:
    """Print the JSON Schema of study.yml, claims.yml or a request, for checks in an editor.

    Example: foresay schema -o study.schema.json, then in study.yml the first line
    "# yaml-language-server: $schema=study.schema.json".
    """
    if of is SchemaOf.claims:
        from foresay.claims import ledger_schema as json_schema
    elif of is SchemaOf.request:
        from foresay.study.requests import request_schema as json_schema
    else:
        from foresay.study import json_schema

    text = json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        from foresay.publishing.writing import write_text

        write_text(output, text)
        if not quiet:
            typer.echo(f"the schema is in {output}", err=True)
