"""The versions that stand beside a study, and how a person names one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import JsonValue, ValidationError

from foresay.errors import VersionError
from foresay.publishing.manifest import MANIFEST_FILE, Manifest, read_manifest
from foresay.publishing.versions import DRAFT, tampering, version_folder
from foresay.study import Choices, Study, nearest
from foresay.study.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A folder of versions holds this one.

    Parameters
    ----------
    name : str
        Its label, or ``draft``.
    folder : Path
        Where it is.
    manifest : Manifest or None
        None where it cannot be read.
    changed : tuple of str
        Files that are not as the manifest says, in words; or why it cannot be read.
    """

    name: str
    folder: Path
    manifest: Manifest | None
    changed: tuple[str, ...]

    @property
    def state(self) -> Literal["files as rendered", "files changed", "unreadable"]:
        """What can be said of its files alone, in the words of `foresay status`."""
        if self.manifest is None:
            return "unreadable"
        return "files changed" if self.changed else "files as rendered"

    def to_json(self) -> dict[str, object]:
        """Return all that a list says of it."""
        made = self.manifest
        facts: dict[str, object] = {}
        if made is not None:
            facts = {
                "date": made.date,
                "inputs_digest": made.inputs_digest,
                "choices": chosen(made.choices),
                "foresay": made.package,
                "engine": f"{made.engine} {made.engine_version}",
                "formats": made.formats,
            }
        return {
            "version": self.name,
            **facts,
            "state": self.state,
            "as_rendered": not self.changed,
            "changed": list(self.changed),
        }


def list_versions(versions: Path) -> list[Version]:
    """Return every version in a folder, by label, the draft last; nothing is written.

    A folder without a manifest that can be read is listed with the reason.
    """
    if not versions.is_dir():
        return []
    folders = [path for path in versions.iterdir() if _may_be_version(path)]
    return [_version(path) for path in sorted(folders, key=_in_order)]


def find_version(name: str, versions: Path, *, paths: bool = False) -> Path:
    """Return the folder of a version that is there.

    Parameters
    ----------
    name : str
        A label or ``draft``.
    versions : Path
        The study's folder of versions.
    paths : bool
        Whether `name` may also be the path of a version's folder.

    Raises
    ------
    VersionError
        There is no such version; with the labels that there are.
    """
    if paths and (Path(name) / MANIFEST_FILE).is_file():
        return Path(name)
    folder = version_folder(versions, None if name == DRAFT else name)
    if folder.is_dir():
        return folder
    labels = (
        [path.name for path in sorted(versions.iterdir(), key=_in_order) if _may_be_version(path)]
        if versions.is_dir()
        else []
    )
    hint = nearest(name, labels) if labels else "render one with `foresay render --version LABEL`"
    raise VersionError(f"there is no version {name!r} in '{versions}'; {hint}")


def label_of(request: Request, study: Study) -> str:
    """Return the label of the version that a request asks about, or ``draft``."""
    return request.against or study.report.version or DRAFT


def choices_of(folder: Path) -> Choices:
    """Return the choices that a version was made with.

    Raises
    ------
    VersionError
        Its manifest cannot be read, or names choices that are not known.
    """
    made = read_manifest(folder / MANIFEST_FILE)
    try:
        return Choices.model_validate(made.choices)
    except ValidationError as error:
        raise VersionError(
            f"version {made.version or DRAFT} was made with choices that this foresay does not "
            "know; name a version that this release made"
        ) from error


def chosen(choices: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the choices that differ from the defaults."""
    defaults = Choices().model_dump(mode="json")
    return {k: v for k, v in choices.items() if k not in defaults or defaults[k] != v}


def _may_be_version(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def _in_order(path: Path) -> tuple[bool, list[tuple[bool, int, str]]]:
    """Sort 1.10 after 1.9, and the draft last."""
    parts = path.name.replace("-", ".").split(".")
    key = [(not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts]
    return path.name == DRAFT, key


def _version(folder: Path) -> Version:
    try:
        made = read_manifest(folder / MANIFEST_FILE)
        changed = tuple(tampering(folder, made))
        if made.version != (None if folder.name == DRAFT else folder.name):
            changed += (f"its manifest is that of version {made.version or DRAFT}",)
    except VersionError as error:
        return Version(name=folder.name, folder=folder, manifest=None, changed=(str(error),))
    return Version(name=folder.name, folder=folder, manifest=made, changed=changed)
