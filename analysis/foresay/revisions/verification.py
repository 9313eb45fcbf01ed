"""Whether a version is as it was rendered, and whether the same bytes come out again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foresay.errors import ForesayError
from foresay.publishing.hashes import hash_outputs
from foresay.publishing.manifest import MANIFEST_FILE, Difference, differences, read_manifest
from foresay.publishing.publish import Order, manifest_of, produce
from foresay.publishing.versions import DRAFT, tampering
from foresay.revisions.files import file_difference
from foresay.study import read_study

SAME, DIFFERS, CANNOT = 0, 1, 2
_BEYOND_REPAIR = ("input", "choice", "setting")
_SOFTWARE = frozenset({"foresay", "source of foresay", "engine"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found about a version.

    Parameters
    ----------
    name : str
        Its label, or ``draft``.
    folder : Path
        Where it is.
    tampered : tuple of str
        Files that are not as the manifest says, in words.
    moved : tuple of Difference
        What it would be made from now, where that differs.
    recomputed : bool
        Whether it was made again.
    differing : tuple of (str, str)
        Each file that came out otherwise, and how.
    reason : str
        Why it was not recomputed, with the way out; empty where it was.
    """

    name: str
    folder: Path
    tampered: tuple[str, ...]
    moved: tuple[Difference, ...]
    recomputed: bool
    differing: tuple[tuple[str, str], ...]
    reason: str

    @property
    def exit_code(self) -> int:
        """0 where every byte is the same, 1 where one differs, 2 where that cannot be said."""
        if self.tampered or self.differing:
            return DIFFERS
        return CANNOT if self.reason and not self.recomputed else SAME

    def headline(self) -> str:
        """Return the outcome in one line."""
        if self.tampered:
            return f"version {self.name} is not as it was rendered"
        if self.differing:
            n = len(self.differing)
            files = "1 file differs" if n == 1 else f"{n} files differ"
            return f"version {self.name} was made again, and {files}"
        if self.recomputed:
            return f"version {self.name} was made again, and every byte is the same"
        if self.reason:
            return f"version {self.name} cannot be made again: {self.reason}"
        return f"every file of version {self.name} is as its manifest says"

    def to_text(self) -> str:
        """Return all of it as lines."""
        lines = [self.headline(), *(f"  {file}" for file in self.tampered)]
        if self.tampered and self.reason:
            lines.append(f"it cannot be made again: {self.reason}")
        if self.moved:
            lines.append("made from something else since:")
            lines += [f"  {difference}" for difference in self.moved]
        if self.differing:
            lines.append("came out otherwise:" if self.tampered else "the files:")
            lines += [f"  {name} {how}" for name, how in self.differing]
        elif self.tampered and self.recomputed:
            lines.append("made again, it is as its manifest says: render it anew to mend the files")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Return all of it for a machine."""
        return {
            "version": self.name,
            "same": self.exit_code == SAME,
            "tampered": list(self.tampered),
            "moved": [
                {"kind": d.kind, "name": d.name, "before": d.before, "after": d.after}
                for d in self.moved
            ],
            "recomputed": self.recomputed,
            "differing": [{"file": name, "how": how} for name, how in self.differing],
            "reason": self.reason,
        }


def verify(
    folder: Path,
    order: Order,
    *,
    recompute: bool = True,
    anyway: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Verification:
    """Check the files of a version, and make it again from what its manifest says.

    Parameters
    ----------
    folder : Path
        The version. Nothing is written into it.
    order : Order
        The study and how it is opened; label, formats and engine are taken from the manifest, and
        the cache of results is not used.
    recompute : bool
        Whether to make it again; otherwise only its files are checked.
    anyway : bool
        Whether to make it again also where inputs, choices or settings are no longer the same.
    progress : callable
        Told what is being done.

    Raises
    ------
    VersionError
        Its manifest cannot be read.
    """
    progress("checking the files")
    made = read_manifest(folder / MANIFEST_FILE)
    found = Verification(
        name=made.version or DRAFT,
        folder=folder,
        tampered=tuple(tampering(folder, made)),
        moved=(),
        recomputed=False,
        differing=(),
        reason="",
    )
    if not recompute:
        return found
    if made.engine not in ("quarto", "embedded"):
        return replace(found, reason=f"its engine {made.engine!r} is not one of foresay's")
    same = replace(
        order,
        label=made.version,
        formats=tuple(made.formats),
        engine="quarto" if made.engine == "quarto" else "embedded",
        cached=False,
    )
    progress("comparing what it was made from")
    try:
        now = manifest_of(same, read_study(same.study))
    except ForesayError as error:  # the study, its data or the engine is gone
        return replace(found, reason=str(error))
    moved = tuple(differences(made, now))
    found = replace(found, moved=moved)
    if not anyway and (reason := _hindrance(moved)):
        return replace(found, reason=reason)
    with tempfile.TemporaryDirectory(prefix="foresay-verify-") as name:
        try:
            again = produce(replace(same, versions=Path(name)), progress).folder
        except ForesayError as error:
            return replace(found, reason=str(error))
        # a file that somebody changed is named already; what counts here is what came out then
        out = hash_outputs(again)
        files = made.outputs.keys() | out.keys()
        wrong = {file for file in files if made.outputs.get(file) != out.get(file)}
        if (folder / MANIFEST_FILE).read_bytes() != (again / MANIFEST_FILE).read_bytes():
            wrong.add(MANIFEST_FILE)
        differing = tuple(
            (file, file_difference(folder / file, again / file) or "is not what the manifest names")
            for file in sorted(wrong)
        )
    return replace(found, recomputed=True, differing=differing)


def _hindrance(moved: tuple[Difference, ...]) -> str:
    """Say which inputs stand in the way; other software is what a recomputation is to try."""
    hindering = [
        each for each in moved if each.kind in _BEYOND_REPAIR and each.name not in _SOFTWARE
    ]
    if not hindering:
        return ""
    named = "; ".join(map(str, hindering[:3])) + ("; ..." if len(hindering) > 3 else "")
    return (
        f"it was made from something else ({named}); put back what it was made from, such as the "
        "commit of that time, or say --anyway to see what comes out now"
    )
