from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pypdf
import pytest
import vl_convert as vlc

from foresay.publishing.assembly import Assembled
from foresay.publishing.engines.pdf import write_pdf
from foresay.publishing.engines.word import write_docx

WRITERS = {"pdf": write_pdf, "docx": write_docx}
Printer = Callable[..., bytes]


@pytest.fixture
def printed(tmp_path: Path) -> Printer:
    """Write Markdown as a PDF or Word document, without running anything."""

    def write(
        markdown: str,
        target: str,
        images: Mapping[str, tuple[int, int]] | None = None,
        **more: object,
    ) -> bytes:
        sizes = images or {}
        folder = tmp_path / target
        folder.mkdir(exist_ok=True)
        assembled = Assembled(
            markdown=markdown,
            media={f"media/{name}.png": picture(*size) for name, size in sizes.items()},
            images={
                f"media/{name}.png": {"alt": f"Alt of {name}", "width": 0.75 * width}
                for name, (width, _) in sizes.items()
            },
            pieces={},
        )
        metadata = {"title": "A title", "lang": "en-GB", "number-sections": True, **more}
        return WRITERS[target](assembled, folder=folder, metadata=metadata, source_folder=tmp_path)

    return write


def picture(width: int, height: int) -> bytes:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#005A92"/></svg>'
    )
    return vlc.svg_to_png(svg)


def figure(name: str, caption: str) -> str:
    return f"::::: {{#fig-{name}}}\n![](media/{name}.png)\n\n{caption}\n:::::\n"


def table(
    name: str, head: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> str:
    """A table as cells print it; a row of one text is the heading of a group."""

    def cells(row: Sequence[str]) -> str:
        if len(row) == 1:
            return f'<td colspan="{len(head)}"><strong>{row[0]}</strong></td>'
        sides = ["left", *["right"] * (len(row) - 1)]
        return "".join(
            f'<td style="text-align: {side}">{cell}</td>'
            for side, cell in zip(sides, row, strict=True)
        )

    top = "".join(f"<th>{label}</th>" for label in head)
    body = "".join(f"<tr>{cells(row)}</tr>" for row in rows)
    foot = "".join(f'<tr><td colspan="{len(head)}">{note}</td></tr>' for note in notes)
    html = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody><tfoot>{foot}</tfoot></table>"
    return f"::::: {{#tbl-{name}}}\n```{{=html}}\n{html}\n```\n\nCaption of {name}\n:::::\n"


def pages(content: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    return [" ".join(page.extract_text().split()) for page in reader.pages]
