"""Files of tables and figures: whole, or absent."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from foresay.errors import OutputError


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all, by way of a temporary sibling.

    Raises
    ------
    OutputError
        If it cannot be written; an earlier file of that name is then intact.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that only their owner may read
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}); nothing was changed; "
            f"free space or choose another folder"
        ) from error
    return path
