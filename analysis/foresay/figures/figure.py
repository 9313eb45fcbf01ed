"""A figure: a chart, the data behind it, what it says in words, and its files."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from altair import TopLevelMixin, data_transformers

from foresay.display import csv_text, escape_markdown
from foresay.display.writing import write_whole
from foresay.errors import UnsupportedError
from foresay.figures.export import (
    PRINT_PPI,
    canonical_json,
    to_pdf,
    to_png,
    to_svg,
)
from foresay.figures.page import PAGE, Page, target_format
from foresay.figures.theme import config

FORMATS = ("svg", "pdf", "png", "json", "csv")
"""What `Figure.save` writes; ``json`` is the Vega-Lite specification, ``csv`` the data."""
WIDTHS = ("double", "single")
"""A figure over two columns and in one; the files of the second end in ``-single``."""

_PAGES = frozenset({"html", "revealjs"})
_NO_SVG = frozenset({"docx", "odt", "pptx"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawing:
    """A figure drawn once: its Vega-Lite specification and the SVG that all files are made of."""

    spec: dict[str, Any]
    svg: str
    title: str = ""

    def file(self, kind: str) -> bytes:
        """Return the file of a kind: svg, pdf, png or json."""
        if kind == "pdf":
            return to_pdf(self.svg, self.title)
        if kind == "png":
            return to_png(self.svg)
        return (self.svg if kind == "svg" else canonical_json(self.spec)).encode()


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
    single : Figure, optional
        The same in one column, where this one spans two.
    """

    name: str
    chart: TopLevelMixin
    data: pd.DataFrame
    question: str
    caption: str
    alt: str
    single: Figure | None = None

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
        spec = {key: _rounded(part) for key, part in spec.items()}
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
        return to_pdf(self.svg(), self.question)

    def png(self, ppi: float = PRINT_PPI) -> bytes:
        """Return the figure as PNG with `ppi` pixels per printed inch."""
        return to_png(self.svg(), ppi)

    def drawing(self) -> Drawing:
        """Return the figure drawn once, for several files."""
        spec = self.spec()
        return Drawing(spec=spec, svg=to_svg(spec), title=self.question)

    def csv(self) -> str:
        """Return the data behind the figure."""
        return csv_text(self.data)

    def html(self, *, interactive: bool = True) -> str:
        """Return the figure for an HTML page."""
        return self.on_page(PAGE, *self.drawings().values(), interactive=interactive)

    def on_page(
        self, page: Page, wide: Drawing, narrow: Drawing | None = None, *, interactive: bool = True
    ) -> str:
        """Return the figure for an HTML page from its drawings, a narrow one for small screens."""
        small = None if narrow is None else (narrow.svg, narrow.spec)
        return page.figure(wide.svg, self.alt, wide.spec, interactive=interactive, narrow=small)

    def drawings(self, widths: Sequence[str] = WIDTHS) -> dict[str, Drawing]:
        """Return the drawings by the base of their file names, in the wanted widths.

        A figure of one width alone is drawn in that, whichever is wanted.
        """
        if self.single is None:
            return {self.name: self.drawing()}
        both = {"double": (self.name, self), "single": (f"{self.name}-single", self.single)}
        return {name: figure.drawing() for w, (name, figure) in both.items() if w in widths}

    @property
    def caption_markdown(self) -> str:
        """The caption, escaped for a report."""
        return escape_markdown(self.caption)

    def save(
        self,
        directory: str | Path,
        formats: Sequence[str] = FORMATS,
        widths: Sequence[str] = WIDTHS,
    ) -> list[Path]:
        """Write the figure's files into `directory`, each whole or not at all.

        Everything is drawn before the first file is written. The data are written once.

        Raises
        ------
        UnsupportedError
            If a format is unknown.
        OutputError
            If a file cannot be written.
        """
        for told, known, what in ((formats, FORMATS, "format"), (widths, WIDTHS, "width")):
            for wanted in told:
                if wanted not in known:
                    raise UnsupportedError(
                        f"figure '{self.name}': {what} {wanted!r} is unknown; "
                        f"the {what}s are {', '.join(known)}"
                    )
        drawn = self.drawings(widths) if set(formats) - {"csv"} else {}
        folder = Path(directory)
        return [write_whole(folder / n, b) for n, b in self.files(drawn, formats).items()]

    def files(
        self, drawings: Mapping[str, Drawing], formats: Sequence[str] = FORMATS
    ) -> dict[str, bytes]:
        """Return the files of what `drawings` returned, by name; the data are there once."""
        made = {
            f"{name}.{kind}": drawing.file(kind)
            for name, drawing in drawings.items()
            for kind in formats
            if kind != "csv"
        }
        return made | ({f"{self.name}.csv": self.csv().encode()} if "csv" in formats else {})

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Return what the target format can show: never a Vega-Lite type (it would load from afar).

        DOCX gets no SVG (Quarto would need rsvg-convert); an unknown target gets all.
        """
        del include, exclude
        target = target_format()
        drawn = [*self.drawings(WIDTHS if target in {"", *_PAGES} else WIDTHS[:1]).values()]
        bundle = {"text/plain": f"{self.question} {self.alt}"}
        metadata: dict[str, Any] = {}
        if target in {"", *_PAGES}:
            bundle["text/html"] = self.on_page(PAGE, *drawn)
        if target not in {*_NO_SVG, *_PAGES}:
            bundle["image/svg+xml"] = drawn[0].svg
        if target not in {"typst", *_PAGES}:
            png = drawn[0].file("png")
            bundle["image/png"] = base64.b64encode(png).decode()
            metadata["image/png"] = _printed_size(png)
        return bundle, metadata


def _printed_size(png: bytes) -> dict[str, int]:
    """Return width and height in CSS pixels of a PNG at print resolution."""
    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    return {"width": round(width * 96 / PRINT_PPI), "height": round(height * 96 / PRINT_PPI)}


def _rounded(value: Any) -> Any:
    """Return a part of a specification with numbers of six digits: a drawing shows no more."""
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
