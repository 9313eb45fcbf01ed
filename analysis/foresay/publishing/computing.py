"""What a report prints, computed and drawn into a folder, or taken from the cache.

The folder then holds the results (see `stored`), ``figures`` with the files of each figure, and
``tables`` as they go into a version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from foresay.errors import InvalidTablesError
from foresay.publishing import cache
from foresay.publishing.hashes import hash_inputs
from foresay.publishing.manifest import LEDGER
from foresay.publishing.results import FIGURES, TITLES, Results
from foresay.publishing.sources import data_files
from foresay.study import Study

if TYPE_CHECKING:
    from foresay.tables.validation import Validation

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a study is opened to be computed.

    Parameters
    ----------
    study : Path
        The study file.
    data : Path or None
        Folder that data files are relative to.
    memory, threads
        Limits of the engine that computes; results do not depend on them.
    cached : bool
        Whether results may come from the cache and are kept there.
    """

    study: Path
    data: Path | None
    memory: str | None = None
    threads: int | None = None
    cached: bool = True

    def files(self, known: Study) -> dict[str, Path]:
        """Return study file, ledger and data files, by the names that a manifest gives them."""
        root = (self.data or self.study.parent).resolve()
        data = {f"data/{name}": path for name, path in data_files(known, root).items()}
        ledger = self.study.resolve().parent / LEDGER
        claims = {LEDGER: ledger} if ledger.is_file() else {}
        return {"study.yml": self.study.resolve(), **claims, **data}


def are_kept(opening: Opening, known: Study, inputs: Mapping[str, str]) -> bool:
    """Tell whether results of a study are in the cache; parameters as of `compute_or_fetch`."""
    return opening.cached and cache.has(cache.key(known, inputs))


def compute_or_fetch(
    opening: Opening, known: Study, inputs: Mapping[str, str], folder: Path, progress: Progress
) -> bool:
    """Fill an empty folder with all that a report of a study prints.

    Parameters
    ----------
    opening : Opening
        The study.
    known : Study
        What its file says.
    inputs : mapping of str to str
        The hashes of its `files`, and others. Where data have another one afterwards, nothing
        is kept.
    folder : Path
        Where everything goes.
    progress : callable
        Told what is being done.

    Returns
    -------
    bool
        Whether anything was computed.

    Raises
    ------
    InvalidTablesError
        Validation found errors.
    """
    key = cache.key(known, inputs) if opening.cached else ""
    if opening.cached and cache.fetch(key, folder):
        progress("taking the results from the cache: nothing that they come from changed")
        return False
    compute(opening, folder, progress)
    if opening.cached and key == cache.key(known, hash_inputs(opening.files(known))):
        cache.keep(key, folder)
    return True


def compute(opening: Opening, folder: Path, progress: Progress) -> None:
    """Compute and draw everything that pages print, and keep it in a folder."""
    from foresay.publishing.drawing import Drawer
    from foresay.publishing.drawn import left_out
    from foresay.publishing.stored import store
    from foresay.workbench import Workbench

    figures = folder / "figures"
    with (
        Drawer(figures) as drawer,
        Workbench.open(
            opening.study, data=opening.data, memory=opening.memory, threads=opening.threads
        ) as bench,
    ):
        progress("validating")
        validation = bench.validate()
        if not validation.ok:
            raise InvalidTablesError(validation.summary())
        from foresay.publishing.analyses import analyse

        results = analyse(bench, progress, drawer.draw)
        _write_tables(folder / "tables", results, validation, bench.title)
        progress("drawing")
        drawer.finish()
    for name, reason in left_out(figures).items():
        results.missing[f"The figure of: {TITLES[FIGURES[name]]}"] = reason
    results.facts["problems"] = len(validation.problems)
    store(results, validation.to_json(), folder)


def _write_tables(folder: Path, results: Results, validation: Validation, title: str) -> None:
    from foresay.display import csv_text
    from foresay.publishing.engines.security import with_policy

    folder.mkdir()
    for name, frame in results.tables.items():
        (folder / f"{name}.csv").write_text(csv_text(frame), encoding="utf-8", newline="")
    (folder / "validation.json").write_text(validation.to_json(), encoding="utf-8", newline="")
    page = with_policy(validation.to_html(title=title))
    (folder / "validation.html").write_text(page, encoding="utf-8", newline="")
