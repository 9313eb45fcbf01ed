"""Two versions held against each other by meaning, from their folders alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foresay.errors import VersionError
from foresay.publishing.manifest import (
    MANIFEST_FILE,
    Difference,
    Manifest,
    differences,
    read_manifest,
)
from foresay.publishing.versions import DRAFT, tampering
from foresay.revisions.paragraphs import paragraphs
from foresay.revisions.prose import TextChange, compare_text
from foresay.revisions.rows import Key, RowChange, by_importance, compare_table, read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two versions.

    Parameters
    ----------
    name : str
        Its label, or ``draft``.
    folder : Path
        Where it is.
    manifest : Manifest
        What it was made from.
    changed : tuple of str
        Files that are not as the manifest says, in words.
    """

    name: str
    folder: Path
    manifest: Manifest
    changed: tuple[str, ...]

    def names(self, folder: str, ending: str) -> set[str]:
        """Return the names of its files in a folder, without folder and ending."""
        inside = [name for name in self.manifest.outputs if name.startswith(folder)]
        found = {name.removeprefix(folder) for name in inside if name.endswith(ending)}
        return {name.removesuffix(ending) for name in found if "/" not in name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Things of one kind that were added, are gone, or look different; by name."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDifferences:
    """Everything in which two versions differ.

    Parameters
    ----------
    before, after : Side
        The versions.
    made_from : tuple of Difference
        Inputs, choices, libraries and settings that differ.
    rows : tuple of RowChange
        Rows of tables, the one that moved most in standard errors first.
    rows_added, rows_gone : tuple of (str, Key)
        Table and row.
    tables, figures, documents : Parts
        Of tables and documents only what was added and is gone; figures also where they changed.
    text : tuple of TextChange
        Paragraphs of the documents.
    notes : tuple of str
        What could not be compared, or was not as its manifest says.
    """

    before: Side
    after: Side
    made_from: tuple[Difference, ...]
    rows: tuple[RowChange, ...]
    rows_added: tuple[tuple[str, Key], ...]
    rows_gone: tuple[tuple[str, Key], ...]
    tables: Parts
    figures: Parts
    documents: Parts
    text: tuple[TextChange, ...]
    notes: tuple[str, ...]

    @property
    def moved(self) -> bool:
        """Whether a number, row, table, figure, document or paragraph differs."""
        parts = (self.tables, self.figures, self.documents)
        return bool(
            self.rows
            or self.rows_added
            or self.rows_gone
            or self.text
            or any(part.added or part.gone or part.changed for part in parts)
        )

    def to_json(self) -> dict[str, Any]:
        """Return all of it for a machine, the same for the same versions."""
        return {
            "before": _side_json(self.before),
            "after": _side_json(self.after),
            "moved": self.moved,
            "made_from": [
                {"kind": d.kind, "name": d.name, "before": d.before, "after": d.after}
                for d in self.made_from
            ],
            "rows": [_row_json(row) for row in self.rows],
            "rows_added": [{"table": table, "row": dict(key)} for table, key in self.rows_added],
            "rows_gone": [{"table": table, "row": dict(key)} for table, key in self.rows_gone],
            **{
                name: {
                    "added": list(part.added),
                    "gone": list(part.gone),
                    "changed": list(part.changed),
                }
                for name, part in self.parts()
            },
            "text": [
                {"document": t.document, "kind": t.kind, "before": t.before, "after": t.after}
                for t in self.text
            ],
            "notes": list(self.notes),
        }

    def parts(self) -> tuple[tuple[str, Parts], ...]:
        """Return tables, figures and documents by these names."""
        return (
            ("tables", self.tables),
            ("figures", self.figures),
            ("documents", self.documents),
        )


def compare_versions(before: Path, after: Path) -> VersionDifferences:
    """Compare two folders of versions; nothing is computed or written.

    Parameters
    ----------
    before, after : Path
        Each a folder with a manifest.

    Raises
    ------
    VersionError
        A manifest, table or document cannot be read.
    """
    one, two = _side(before), _side(after)
    tables = _parts(one, two, "tables/", ".csv")
    figures = _parts(one, two, "figures/", ".svg")
    made_from = differences(one.manifest, two.manifest)
    told = {each.name for each in made_from if each.kind == "choice"}
    compared = [
        compare_table(name, _table(one, name), _table(two, name), told) for name in tables.changed
    ]
    text, documents, notes = _documents(one, two)
    for side in (one, two):
        notes += [f"{side.name}: {file}, so it is not as it was rendered" for file in side.changed]
    return VersionDifferences(
        before=one,
        after=two,
        made_from=tuple(made_from),
        rows=tuple(by_importance(row for table in compared for row in table.changed)),
        rows_added=tuple(row for table in compared for row in table.added),
        rows_gone=tuple(row for table in compared for row in table.gone),
        tables=Parts(added=tables.added, gone=tables.gone, changed=()),
        figures=_wide(figures),
        documents=documents,
        text=tuple(text),
        notes=tuple(dict.fromkeys(notes)),  # both may be one version
    )


def _side(folder: Path) -> Side:
    made = read_manifest(folder / MANIFEST_FILE)
    changed = tuple(tampering(folder, made))
    return Side(name=made.version or DRAFT, folder=folder, manifest=made, changed=changed)


def _parts(one: Side, two: Side, folder: str, ending: str) -> Parts:
    old, new = one.names(folder, ending), two.names(folder, ending)
    return Parts(
        added=tuple(sorted(new - old)),
        gone=tuple(sorted(old - new)),
        changed=tuple(
            name
            for name in sorted(old & new)
            if _bytes(one, f"{folder}{name}{ending}") != _bytes(two, f"{folder}{name}{ending}")
        ),
    )


def _wide(figures: Parts) -> Parts:
    """Leave out the drawings for one column: they show what those for two show."""

    def of_two(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if not name.endswith("-single"))

    return Parts(
        added=of_two(figures.added), gone=of_two(figures.gone), changed=of_two(figures.changed)
    )


def _bytes(side: Side, name: str) -> bytes:
    try:
        return (side.folder / name).read_bytes()
    except FileNotFoundError:
        return b""  # a note says that it is missing
    except OSError as error:
        raise VersionError(f"cannot read '{side.folder / name}': {error.strerror}") from error


def _table(side: Side, name: str) -> Sequence[dict[str, str]]:
    path = side.folder / "tables" / f"{name}.csv"
    if not path.is_file():
        return []
    try:
        return read_table(path)
    except (OSError, ValueError) as error:
        raise VersionError(f"cannot read '{path}': {error}") from error


def _documents(one: Side, two: Side) -> tuple[list[TextChange], Parts, list[str]]:
    """Compare the text of the pages, or of the Word documents where not both have pages."""
    added, gone = [], []
    for ending in (".html", ".docx", ".pdf"):
        part = _parts(one, two, "", ending)
        added += [name + ending for name in part.added]
        gone += [name + ending for name in part.gone]
    documents = Parts(added=tuple(added), gone=tuple(gone), changed=())
    for ending in (".html", ".docx"):
        names = one.names("", ending) & two.names("", ending)
        if not names:
            continue
        changes: list[TextChange] = []
        for file in sorted(name + ending for name in names):
            if all((side.folder / file).is_file() for side in (one, two)):
                texts = [paragraphs(side.folder / file) for side in (one, two)]
                changes += compare_text(file, *texts)
        return changes, documents, []
    return [], documents, ["text was not compared: the two share no HTML or Word document"]


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "version": side.name,
        "date": side.manifest.date,
        "inputs_digest": side.manifest.inputs_digest,
        "changed": list(side.changed),
    }


def _row_json(row: RowChange) -> dict[str, Any]:
    return {
        "table": row.table,
        "row": dict(row.row),
        "value": list(row.value),
        "moved": row.moved,
        "moved_in_standard_errors": row.moved_in_se,
        "standard_error": row.standard_error,
        "low": list(row.low),
        "high": list(row.high),
        "interval": row.interval,
        "intervals_apart": row.apart,
        "verdict": list(row.verdict),
        "verdict_changed": row.verdict_changed,
        "others": {column: list(pair) for column, pair in row.others.items()},
    }
