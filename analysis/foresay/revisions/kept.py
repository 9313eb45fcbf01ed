"""Whether what is in a folder was made from the same, and is as it was made."""

from __future__ import annotations

from pathlib import Path

from foresay.errors import VersionError
from foresay.publishing.manifest import MANIFEST_FILE, Manifest, differences, read_manifest
from foresay.publishing.versions import tampering


def is_up_to_date(folder: Path, manifest: Manifest) -> bool:
    """Tell whether a folder would be made again as it is; false where its manifest is missing.

    Parameters
    ----------
    folder : Path
        A reply or a letter.
    manifest : Manifest
        What it would be made from now.
    """
    try:
        earlier = read_manifest(folder / MANIFEST_FILE)
        return not differences(earlier, manifest) and not tampering(folder, earlier)
    except VersionError:
        return False
