"""What commands say of a study, as text, JSON or a page; the ending of a file names which."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from foresay.errors import ChoiceError


class ReportFormat(StrEnum):
    """How problems, verdicts and comparisons are printed."""

    text = "text"
    json = "json"
    html = "html"


def by_ending(output: Path | None) -> ReportFormat:
    """Return the format that the ending of a file names; text for none, and where no file is.

    Raises
    ------
    ChoiceError
        The ending names another format.
    """
    if output is None or output.suffix.lower() in ("", ".txt"):
        return ReportFormat.text
    for each in (ReportFormat.json, ReportFormat.html):
        if output.suffix.lower() == f".{each.value}":
            return each
    raise ChoiceError(
        f"the ending of {str(output)!r} names no format that is written here; end it in .txt, "
        ".json or .html, or say --format"
    )
