"""The programs that the wheels bring, and their versions; importing this costs next to nothing."""

from __future__ import annotations

import subprocess
from functools import cache
from importlib.metadata import version

from foresay.errors import ReportError


@cache
def pandoc() -> str:
    """Path of the Pandoc that the wheel brings.

    Raises
    ------
    ReportError
        If the wheel is not installed.
    """
    try:
        import pypandoc
    except ImportError:
        raise ReportError(
            "pandoc is missing: install the Python package 'pypandoc_binary' beside foresay"
        ) from None
    return str(pypandoc.get_pandoc_path())


@cache
def embedded_version() -> str:
    """Name the parts that make a document without Quarto, with their versions."""
    run = subprocess.run(  # noqa: S603 (no shell, and the program is the one we looked up)
        [pandoc(), "--version"], capture_output=True, text=True, check=True
    )
    own = run.stdout.split("\n", 1)[0].removeprefix("pandoc ").strip()
    return f"pandoc {own}, typst {version('typst')}"
