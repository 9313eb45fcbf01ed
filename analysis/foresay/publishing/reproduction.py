"""How to get the same bytes again, as a page says it: command, inputs, software, check."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from foresay.display import Column, DisplayTable, count
from foresay.publishing.manifest import Manifest

_SUITE = {"report/index.qmd", "report/_overview.qmd", "report/_reproduction.qmd"}
"""Pages that only the suite of foresay has together."""

_PARTS = {"quarto": "Quarto", "embedded": "Embedded renderer"}


def command(made: Manifest) -> str:
    """Return the command that makes this version, for the folder of the study."""
    label = "--draft" if made.version is None else f"--version {made.version}"
    return f"foresay render study.yml {label} --to {','.join(made.formats)} --engine {made.engine}"


def check(made: Manifest) -> str:
    """Return the commands that show whether two renders are the same, byte for byte."""
    folder = made.version or "draft"
    return (
        f"{command(made)} --output again\n"
        f"diff versions/{folder}/manifest.json again/{folder}/manifest.json"
    )


def seed(made: Manifest) -> str:
    """Say what random numbers come from."""
    return (
        f"The seed {made.seed} gives the stream of random numbers of each estimate; "
        f"{count(len(made.inputs))} files were read."
    )


def inputs_table(made: Manifest) -> DisplayTable:
    """Return every file that went in, where it is for the study's folder, with its whole hash."""
    shipped = made.inputs.keys() >= _SUITE
    rows = [(_place(name, shipped=shipped), digest) for name, digest in made.inputs.items()]
    return _table("inputs", ("File", "SHA-256"), rows)


def _place(name: str, *, shipped: bool) -> str:
    """Return the path of an input in the study's folder; of a report's file, whose it is."""
    kind, _, path = name.partition("/")
    if kind == "data":
        return path
    if kind != "report":
        return name
    while path.startswith("../"):
        path = path.removeprefix("../")
    return f"{path} ({'comes with foresay' if shipped else 'of the report of the study'})"


def software_table(made: Manifest) -> DisplayTable:
    """Return the versions of foresay, the renderer and the libraries."""
    rows = [
        ("foresay", made.package),
        ("foresay, SHA-256 of its files", made.package_source),
        (_PARTS.get(made.engine, made.engine), made.engine_version),
        *made.libraries.items(),
    ]
    return _table("software", ("Part", "Version"), rows)


REPRODUCTION: Mapping[str, Callable[[Manifest], str | DisplayTable]] = {
    "command": command,
    "check": check,
    "seed": seed,
    "inputs": inputs_table,
    "software": software_table,
}


def _table(name: str, labels: tuple[str, str], rows: list[tuple[str, str]]) -> DisplayTable:
    return DisplayTable(
        name=name,
        columns=tuple(Column(label=label, number=False) for label in labels),
        rows=tuple(rows),
        groups=(),
        notes=(),
        data=pd.DataFrame(rows, columns=list(labels)),
    )
