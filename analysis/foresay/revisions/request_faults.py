"""What is wrong with requests, all of it at once, as far as it is known without reading a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from foresay.claims import read_ledger
from foresay.claims.ledger import FILE
from foresay.errors import ForesayError, StudyError
from foresay.revisions.asked import (
    extended,
    numbers_of_concern,
    other_tables,
    refuse_idle_groups,
)
from foresay.revisions.listing import choices_of, find_version, label_of
from foresay.study import Study, override, read_study
from foresay.study.requests import Request, read_request
from foresay.tables.expressions import columns_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What requests are held against.

    Parameters
    ----------
    study : Study
        The study.
    root : Path
        The folder that its data files are relative to.
    versions : Path
        The folder of its versions.
    claims : tuple of str
        The ids of its ledger of claims.
    """

    study: Study
    root: Path
    versions: Path
    claims: tuple[str, ...]

    @classmethod
    def of(cls, study_file: Path, *, versions: Path, data: Path | None) -> Surroundings:
        """Read the study and its ledger.

        Raises
        ------
        StudyError
            One of them cannot be read.
        """
        ledger = study_file.parent / FILE
        return cls(
            study=read_study(study_file),
            root=(data or study_file.parent).resolve(),
            versions=versions,
            claims=tuple(read_ledger(ledger).claims) if ledger.is_file() else (),
        )


def refuse_faults(
    files: Iterable[Path], study_file: Path, *, versions: Path, data: Path | None
) -> None:
    """Refuse requests of which one cannot be computed.

    Raises
    ------
    StudyError
        With the faults of all of them, each with its file.
    """
    there = Surroundings.of(study_file, versions=versions, data=data)
    lines = [
        line if line.startswith(str(path)) else f"{path}: {line}"
        for path in files
        for fault in faults(path, there)
        for line in str(fault).splitlines()
    ]
    if lines:
        raise StudyError("\n".join(lines))


def faults(path: Path, there: Surroundings) -> list[ForesayError]:
    """Return what is wrong with a request file, or with what it names.

    Parameters
    ----------
    path : Path
        The request file.
    there : Surroundings
        Its study, versions and claims.

    Returns
    -------
    list of ForesayError
        StudyError alone where the file cannot be read. Else VersionError for its version,
        SourceError for its tables, and ChoiceError, ExpressionError or StudyError for the rest.
    """
    try:
        request = read_request(path)
    except StudyError as error:
        return [error]
    found = []
    for check in _checks(request, there):
        try:
            check()
        except ForesayError as error:
            found.append(error)
    return found


def _checks(request: Request, there: Surroundings) -> Iterator[Callable[[], object]]:
    change, study = request.change, there.study
    folder: list[Path] = []  # of the version, where it is there
    yield lambda: folder.append(find_version(label_of(request, study), there.versions))
    yield lambda: [choices_of(one) for one in folder]
    yield lambda: other_tables(study, {str(n): f for n, f in change.tables.items()}, there.root)
    if request.status == "declined":
        return

    def choices() -> None:
        for one in folder:
            override(choices_of(one), change.choices.changes())

    def names() -> None:
        named = numbers_of_concern(
            extended(study, change), change, request.concerns, list(there.claims)
        )
        if request.by is not None:
            refuse_idle_groups(extended(study, change), named)

    yield choices
    yield names
    if change.where:
        yield lambda: columns_of(change.where or "", what="where")
