"""Where foresay keeps what it can make again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the user's cache folder: ``FORESAY_CACHE``, ``XDG_CACHE_HOME`` or ``~/.cache``."""
    own = os.environ.get("FORESAY_CACHE")
    if own:
        return Path(own)
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "foresay"
