"""A figure: a chart, the data behind it, what it says in words, and its files."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from altair import TopLevelMixin, data_transformers

from foresay.display import csv_text, escape_markdown
from foresay.errors import UnsupportedError
from foresay.figures.export import (
    PRINT_PPI,
    canonical_json,
    to_pdf,
    to_png,
    to_svg,
    write_whole,
)
from foresay.figures.page import PAGE, target_format
from foresay.figures.theme import config

FORMATS = ("svg", "pdf", "png", "json", "csv")
"""What `Figure.save` writes; ``json`` is the Vega-Lite specification, ``csv`` the data."""

_PAGES = frozenset({"html", "revealjs"})
_NO_SVG = frozenset({"docx", "odt", "pptx"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """A frozen figure.

    Parameters
    ----------
    name : str
        Base of its file names: lower-case letters, digits and hyphens.
    chart : altair chart
        Its drawing, data inlined.
    data : pandas.DataFrame
        The rows of the estimates table behind it, in full precision.
    question : str
        What it answers.
    caption : str
        What it shows, with its numbers, plain text; see `caption_markdown`.
    alt : str
        The same for those who do not see it, plain text.
    """

    name: str
    chart: TopLevelMixin
    data: pd.DataFrame
    question: str
    caption: str
    alt: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", self.name):
            raise UnsupportedError(
                f"figure name {self.name!r}: only lower-case letters, digits and hyphens"
            )

    def spec(self) -> dict[str, Any]:
        """Return the Vega-Lite specification with data, configuration and description."""
        with data_transformers.enable("default", consolidate_datasets=False):
            # the tests validate every chart against the schema, which takes two thirds of the time
            spec = dict(self.chart.to_dict(validate=False))
        spec["config"] = config()
        spec["description"] = self.alt
        return spec

    def vega_lite(self) -> str:
        """Return the specification as canonical JSON."""
        return canonical_json(self.spec())

    def svg(self) -> str:
        """Return the figure as SVG."""
        return to_svg(self.spec())

    def pdf(self) -> bytes:
        """Return the figure as a PDF page of its printed size."""
        return to_pdf(self.svg())

    def png(self, ppi: float = PRINT_PPI) -> bytes:
        """Return the figure as PNG with `ppi` pixels per printed inch."""
        return to_png(self.spec(), ppi)

    def csv(self) -> str:
        """Return the data behind the figure."""
        return csv_text(self.data)

    def html(self, *, interactive: bool = True) -> str:
        """Return the figure for an HTML page."""
        return PAGE.figure(self.svg(), self.alt, self.spec(), interactive=interactive)

    @property
    def caption_markdown(self) -> str:
        """The caption, escaped for a report."""
        return escape_markdown(self.caption)

    def save(self, directory: str | Path, formats: Sequence[str] = FORMATS) -> list[Path]:
        """Write the figure's files into `directory`, each whole or not at all.

        Everything is drawn before the first file is written.

        Raises
        ------
        UnsupportedError
            If a format is unknown.
        OutputError
            If a file cannot be written.
        """
        made: list[tuple[str, bytes]] = []
        for kind in formats:
            if kind not in FORMATS:
                raise UnsupportedError(
                    f"figure '{self.name}': format {kind!r} is unknown; "
                    f"the formats are {', '.join(FORMATS)}"
                )
            made.append((kind, self._bytes(kind)))
        folder = Path(directory)
        return [write_whole(folder / f"{self.name}.{kind}", content) for kind, content in made]

    def _bytes(self, kind: str) -> bytes:
        if kind == "pdf":
            return self.pdf()
        if kind == "png":
            return self.png()
        text = {"svg": self.svg, "json": self.vega_lite, "csv": self.csv}[kind]()
        return text.encode()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Return what the target format can show: never a Vega-Lite type (it would load from afar).

        DOCX gets no SVG (Quarto would need rsvg-convert); an unknown target gets all.
        """
        del include, exclude
        target, spec = target_format(), self.spec()
        bundle = {"text/plain": f"{self.question} {self.alt}"}
        metadata: dict[str, Any] = {}
        svg = "" if target in _NO_SVG else to_svg(spec)
        if target in {"", *_PAGES}:
            bundle["text/html"] = PAGE.figure(svg, self.alt, spec, interactive=True)
        if svg and target not in _PAGES:
            bundle["image/svg+xml"] = svg
        if target not in {"typst", *_PAGES}:
            png = to_png(spec)
            bundle["image/png"] = base64.b64encode(png).decode()
            metadata["image/png"] = _printed_size(png)
        return bundle, metadata


def _printed_size(png: bytes) -> dict[str, int]:
    """Return width and height in CSS pixels of a PNG at print resolution."""
    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    return {"width": round(width * 96 / PRINT_PPI), "height": round(height * 96 / PRINT_PPI)}
