"""Options that commands share, and how they are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foresay.errors import ChoiceError

if TYPE_CHECKING:
    from foresay.workbench import Workbench

Study = Annotated[
    Path, typer.Argument(help="A study.yml, or the folder that holds one.", show_default=True)
]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder the study's files are relative to; default: the study's."),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="Replace a named choice: --set compliance=count_wrong. Repeatable."),
]
Where = Annotated[
    str | None, typer.Option("--where", help="SQL condition on trials: \"split = 'held-out'\".")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Memory = Annotated[
    str | None, typer.Option("--memory", help="Memory limit of the engine, such as 512MB.")
]
Threads = Annotated[
    int | None, typer.Option("--threads", min=1, help="Threads; results do not depend on it.")
]

NoCache = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        envvar="FORESAY_NO_CACHE",
        help="Compute results anew, without the cache of results; a version that fits its inputs "
        "is not rendered again.",
    ),
]

HERE = Path("study.yml")


def study_file(study: Path) -> Path:
    """Return the study file that an argument names, itself or by its folder."""
    return study / "study.yml" if study.is_dir() else study


def open_study(
    study: Path, *, data: Path | None, memory: str | None = None, threads: int | None = None
) -> Workbench:
    """Open a study for a command."""
    from foresay.workbench import Workbench

    return Workbench.open(study, data=data, memory=memory, threads=threads)


def names(text: str, known: list[str], option: str) -> list[str]:
    """Read names with commas between them, each once, and refuse those that are not known.

    Raises
    ------
    ChoiceError
        A name is not known, or there is none.
    """
    from foresay.study import nearest

    wanted = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not wanted:
        raise ChoiceError(f"{option} takes one or more of {', '.join(known)}, with commas")
    if unknown := [name for name in wanted if name not in known]:
        raise ChoiceError(
            "\n".join(f"{option}: no {name!r}; {nearest(name, known)}" for name in unknown)
        )
    return wanted


def parse_parameters(pairs: list[str] | None) -> dict[str, str]:
    """Read ``name=value`` or ``name:value`` for the cell tagged ``parameters``; values as written.

    Raises
    ------
    ChoiceError
        A pair has no name.
    """
    values: dict[str, str] = {}
    for pair in pairs or []:
        # what stands first divides: a value may hold the other sign
        found = re.fullmatch(r"\s*(\w+)\s*[=:](.*)", pair, flags=re.DOTALL)
        name, text = found.groups() if found else ("", "")
        if not name.isidentifier():
            raise ChoiceError(f"-P takes name=value, such as n_train=1000; got {pair!r}")
        values[name] = text.strip()
    return values


def shown(path: Path) -> Path:
    """Return a path as seen from here, where it is below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def parse_choices(pairs: list[str] | None) -> dict[str, Any]:
    """Read ``name=value`` pairs; values as in a study file, lists also as ``a,b``.

    Raises
    ------
    ChoiceError
        A pair has no equals sign, its value is not YAML, or a choice stands twice.
    """
    import yaml

    changes: dict[str, Any] = {}
    for pair in pairs or []:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            raise ChoiceError(
                f"--set takes name=value, such as compliance=count_wrong; got {pair!r}"
            )
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ChoiceError(f"--set {name}: {text!r} is not a value that YAML knows") from error
        if name.strip() in ("cluster", "within", "crossed", "strata") and isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if name.strip() in changes:
            raise ChoiceError(f"--set {name.strip()} stands twice; say it once")
        changes[name.strip()] = value
    return changes
