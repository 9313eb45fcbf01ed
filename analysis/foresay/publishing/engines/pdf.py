"""PDF through the typst wheel: tagged, with bookmarks, and with the fonts that the wheel brings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from foresay.errors import ReportError
from foresay.publishing.assembly import Assembled
from foresay.publishing.engines import pandoc
from foresay.publishing.metadata import epoch

# Latin, Greek, Cyrillic, punctuation, arrows, mathematics: what the wheel's fonts cover
_COVERED = re.compile(
    "[\u0000-\u052f\u1d00-\u1dbf\u1e00-\u1fff\u2000-\u23ff\u2500-\u25ff\u2605\u2606"
    "\u2660-\u2667\u2713-\u2718\u27c0-\u27ef\u2980-\u2aff\ufb00-\ufb06\ufffd\U0001d400-\U0001d7ff]"
)
# an absent entry means the same, and some readers complain of one that says so
_SUSPECTS = (b"/Suspects false", b" " * len(b"/Suspects false"))


def write_pdf(
    assembled: Assembled,
    *,
    folder: Path,
    metadata: Mapping[str, object],
    source_folder: Path,
) -> bytes:
    """Write the report as a tagged PDF.

    The fonts are those of the typst wheel, so that the same report gives the same bytes on every
    machine; only a text in another script makes typst look at the machine's own fonts.

    Raises
    ------
    ReportError
        If Pandoc or typst fails, with what it said.
    """
    import typst

    source = pandoc.write(
        assembled,
        target="pdf",
        folder=folder,
        metadata=metadata,
        source_folder=source_folder,
        options=["--template", str(pandoc.asset("report.typ")), "--syntax-highlighting=idiomatic"],
    )
    covered = not _COVERED.sub("", source.read_text(encoding="utf-8"))
    try:
        content = typst.compile(
            str(source),
            root=str(folder),
            format="pdf",
            ignore_system_fonts=covered,
            timestamp=epoch(metadata),
        )
    except typst.TypstError as error:
        raise ReportError(f"typst could not make the PDF: {str(error).strip()}") from None
    if not isinstance(content, bytes):
        raise ReportError("typst gave no single PDF file; check the version of the typst package")
    return content.replace(*_SUSPECTS)
