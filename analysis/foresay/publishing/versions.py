"""The rule of versions: a draft is replaced as a whole; what has a label never changes again.

A study's versions stand beside it, each in a folder of its name with all that belongs to it::

    versions/1.0/    index.html and its pages, report.pdf, report.docx, figures/, tables/,
                     manifest.json
    versions/draft/  the same; the next draft replaces it

The files of a labelled version are made read-only, against a word processor that saves what it was
only to show. Its folders are not, so that deleting a version stays as easy as deleting any folder.
What counts is the manifest: a version whose files no longer have the hashes written there is
reported, whoever changed them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from foresay.errors import VersionError
from foresay.publishing.hashes import hash_outputs
from foresay.publishing.locking import only_run
from foresay.publishing.manifest import (
    MANIFEST_FILE,
    Difference,
    Manifest,
    differences,
    read_manifest,
)
from foresay.publishing.writing import clear_leftovers, explained, staged_folder, write_text

DRAFT = "draft"
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")
# names that Windows keeps for devices, whatever their suffix
_DEVICES = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done about a version.

    Parameters
    ----------
    action : {"render", "unchanged"}
        Whether anything is to be rendered.
    folder : Path
        Where the version is or will be.
    reason : str
        Why, for a person.
    differences : tuple of Difference
        What changed since the draft that will be replaced; empty where there is none.
    """

    action: Literal["render", "unchanged"]
    folder: Path
    reason: str
    differences: tuple[Difference, ...] = ()


def check_label(label: str) -> str:
    """Return a version's label, or say what is wrong with it.

    Raises
    ------
    VersionError
        It is not a safe name of a folder on every system, or is the reserved word ``draft``.
    """
    if label.casefold() == DRAFT:
        raise VersionError(
            f"version label '{label}' is reserved: a render without a label is the draft; "
            "leave the label out, or choose one such as '1.0'"
        )
    if not _LABEL.fullmatch(label) or label.endswith(".") or _DEVICES.fullmatch(label):
        raise VersionError(
            f"version label {label!r} cannot name a folder on every system; use up to 64 letters, "
            "digits and . _ + -, beginning with a letter or digit and not ending in a dot, "
            "such as '1.0' or '2026-05-revision'"
        )
    return label


def version_folder(versions: Path, label: str | None) -> Path:
    """Return where a version of that label is, or the draft for None; it need not be there.

    Raises
    ------
    VersionError
        The label is not allowed, or differs only in capitals from a version that is there.
    """
    if label is None:
        return versions / DRAFT
    name = check_label(label)
    for other in sorted(versions.iterdir()) if versions.is_dir() else []:
        if other.name != name and other.name.casefold() == name.casefold():
            raise VersionError(
                f"version label '{name}' differs only in capitals from '{other.name}', which is "
                "there already, and some systems cannot tell them apart; choose another label"
            )
    return versions / name


def tampering(folder: Path, manifest: Manifest) -> list[str]:
    """Name every file of a version that is not as its manifest says: changed, missing or added."""
    found = hash_outputs(folder)
    return [
        f"{name} "
        + (
            "was added"
            if name not in manifest.outputs
            else "is missing"
            if name not in found
            else "changed"
        )
        for name in sorted(found.keys() | manifest.outputs.keys())
        if found.get(name) != manifest.outputs.get(name)
    ]


def decide(versions: Path, manifest: Manifest) -> Decision:
    """Say whether a version is to be rendered.

    Parameters
    ----------
    versions : Path
        The study's folder of versions; it need not be there.
    manifest : Manifest
        What would go in; its `version` is the label, None for the draft.

    Returns
    -------
    Decision
        ``render``, or ``unchanged`` when the same inputs gave a version whose files are still as
        they were.

    Raises
    ------
    VersionError
        The labelled version is there and was made from something else (each difference is named),
        or its files were changed since, or its manifest cannot be read.
    """
    with explained(versions):
        folder = version_folder(versions, manifest.version)
        clear_leftovers(folder)
    if not folder.exists():
        return Decision(action="render", folder=folder, reason="the first of its name")
    if manifest.version is None:
        return _decide_draft(folder, manifest)
    earlier = read_manifest(folder / MANIFEST_FILE)
    if different := differences(earlier, manifest):
        raise VersionError(
            f"version '{manifest.version}' is there already, and what goes into it differs:\n"
            + _listed([str(difference) for difference in different])
            + "\na labelled version never changes: give this one another label, or render a draft"
        )
    if changed := tampering(folder, earlier):
        raise VersionError(
            f"version '{manifest.version}' is no longer as it was rendered:\n"
            + _listed(changed)
            + f"\nmove or delete '{folder}' and render again: the same inputs give the same files"
        )
    return Decision(action="unchanged", folder=folder, reason="nothing changed")


def publish(
    versions: Path,
    manifest: Manifest,
    build: Callable[[Path], None],
    *,
    inputs_now: Callable[[], Mapping[str, str]] | None = None,
) -> Path:
    """Make a version: all of it appears at once, or nothing does and the earlier one stays.

    Parameters
    ----------
    versions : Path
        The study's folder of versions; created if missing. One run at a time may publish there.
    manifest : Manifest
        What goes in; the hashes of what comes out are added here.
    build : callable
        Writes the documents, figures and tables into the empty folder that it is given.
    inputs_now : callable, optional
        Hashes the inputs again after building, so that a file edited meanwhile is noticed.

    Returns
    -------
    Path
        The folder of the version; the one that is there already when nothing changed.

    Raises
    ------
    VersionError
        See `decide`; or an input changed while the version was made.
    OutputError
        The disk is full, the folder may not be written to, or another run is publishing there.
    """
    name = DRAFT if manifest.version is None else f"version {manifest.version}"
    decide(versions, manifest)  # before anything is created: a refusal leaves no trace
    with only_run(versions, f"rendering {name}"):
        decision = decide(versions, manifest)
        if decision.action == "unchanged":
            return decision.folder
        with staged_folder(decision.folder, replace=manifest.version is None) as stage:
            build(stage)
            _check_inputs(manifest, inputs_now)
            whole = manifest.with_outputs(hash_outputs(stage))
            write_text(stage / MANIFEST_FILE, whole.to_json())
            if manifest.version is not None:
                for path in stage.rglob("*"):
                    if path.is_file():
                        path.chmod(path.stat().st_mode & ~0o222)
    return decision.folder


def _decide_draft(folder: Path, manifest: Manifest) -> Decision:
    try:
        earlier = read_manifest(folder / MANIFEST_FILE)
    except VersionError:
        return Decision(action="render", folder=folder, reason="the last draft is not complete")
    if different := differences(earlier, manifest):
        return Decision(
            action="render",
            folder=folder,
            reason=f"changed since the last draft: {_shortened(different)}",
            differences=tuple(different),
        )
    if changed := tampering(folder, earlier):
        reason = "files of the last draft were changed: " + "; ".join(changed)
        return Decision(action="render", folder=folder, reason=reason)
    return Decision(action="unchanged", folder=folder, reason="nothing changed")


def _check_inputs(manifest: Manifest, inputs_now: Callable[[], Mapping[str, str]] | None) -> None:
    if inputs_now is None:
        return
    now = manifest.model_copy(update={"inputs": dict(inputs_now())})
    if different := differences(manifest, now):
        raise VersionError(
            "the inputs changed while the report was rendered, so nothing was published:\n"
            + _listed([str(difference) for difference in different])
            + "\nrender again"
        )


def _shortened(different: list[Difference], most: int = 5) -> str:
    """Say what differs in one line; of many things those first that a reader would ask about."""
    shown = different
    if len(different) > most:
        shown = sorted(different, key=_importance)[:most]
    more = [f"and {len(different) - most} more"] if len(different) > most else []
    return "; ".join([*map(str, shown), *more])


def _importance(difference: Difference) -> int:
    """Rank the study file and what it sets, data, choices, pages, libraries, the package."""
    kind, name = difference.kind, difference.name
    if kind == "input":
        if name.startswith("report/"):
            return 3
        return 1 if name.startswith("data/") else 0
    if kind == "setting":
        software = name == "foresay" or name.startswith(("engine", "source of"))
        return 5 if software else 0
    return 2 if kind == "choice" else 4


def _listed(lines: list[str], most: int = 20) -> str:
    shown = [f"  - {line}" for line in lines[:most]]
    if len(lines) > most:
        shown.append(f"  - and {len(lines) - most} more")
    return "\n".join(shown)
