"""A study to begin with: a study file with remarks, simulated data, a page, a bibliography."""

from __future__ import annotations

import re
import tempfile
from importlib import resources
from pathlib import Path

from foresay.errors import OutputError
from foresay.publishing.sources import project_root, suite
from foresay.publishing.writing import explained, staged_folder
from foresay.simulation import World, simulate

_WORLD = World(tasks=3, items=40, n_train=(0, 100, 1_000))
_SEED = 1
_ASSETS = {
    "study.yml": "study.yml",
    "reports/notes.qmd": "notes.qmd",
    "reports/references.bib": "references.bib",
    "README.md": "README.md",
    ".gitignore": "gitignore",
}
_MOST_NAMED = 5


def new_study(folder: Path) -> list[str]:
    """Make a study in a folder that is not there yet, or is empty.

    Parameters
    ----------
    folder : Path
        Where; folders above it are made. A folder `.git` in it does not count.

    Returns
    -------
    list of str
        The files that were made, relative to the folder.

    Raises
    ------
    OutputError
        The folder holds something, which is named, or cannot be written to. Nothing is left then.
    """
    files = study_files(folder.resolve().name)
    if not folder.exists() and not folder.is_symlink():
        with staged_folder(folder, replace=False) as stage:
            _write(files, stage)
        return list(files)
    _check_empty(folder)
    with explained(folder), tempfile.TemporaryDirectory(dir=folder, prefix=".partial-") as name:
        _write(files, Path(name))
        for part in sorted(Path(name).iterdir()):
            part.rename(folder / part.name)
    return list(files)


def study_files(name: str) -> dict[str, str]:
    """Return the text of each file of a new study, by its relative name.

    Parameters
    ----------
    name : str
        Name of its folder, which the study is named after as far as letters allow.
    """
    assets = resources.files("foresay.publishing") / "assets" / "new-study"
    texts = {file: (assets / asset).read_text(encoding="utf-8") for file, asset in _ASSETS.items()}
    short = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:80] or "study"
    texts["study.yml"] = texts["study.yml"].replace("STUDY_NAME", f'"{short}"')
    settings = project_root(suite() / "index.qmd") / "_quarto.yml"
    texts["_quarto.yml"] = settings.read_text(encoding="utf-8").replace(
        "reports/index.qmd", "reports/notes.qmd"
    )
    return texts | _data()


def _data() -> dict[str, str]:
    """Return simulated tables, with columns named as somebody might have named them."""
    tables = simulate(_WORLD, _SEED).tables
    for name in ("answers", "predictions", "items"):
        tables[name] = tables[name].rename(columns={"item": "prompt"})
    said = tables["predictions"].rename(columns={"prediction": "said"}).drop(columns="sample")
    said["percent"] = (100 * said.pop("confidence")).round().astype(int)
    tables["predictions"] = said
    tables["prompts"] = tables.pop("items")
    return {
        f"data/{name}.csv": table.to_csv(index=False, lineterminator="\n")
        for name, table in tables.items()
    }


def _write(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _check_empty(folder: Path) -> None:
    if not folder.is_dir():
        raise OutputError(f"'{folder}' is a file; name a folder that is empty or not there yet")
    with explained(folder):
        there = sorted(path.name for path in folder.iterdir() if path.name != ".git")
    if there:
        more = f" and {len(there) - _MOST_NAMED} more" if len(there) > _MOST_NAMED else ""
        raise OutputError(
            f"'{folder}' holds {', '.join(there[:_MOST_NAMED])}{more}; "
            "nothing is written over: name a folder that is empty or not there yet"
        )
