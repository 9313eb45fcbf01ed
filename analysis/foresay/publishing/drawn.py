"""A figure that was drawn before: the cells of a page show its files and draw nothing anew."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from foresay.display import escape_markdown

FILES = ("svg", "pdf", "png", "json", "csv")
"""The kinds of files of a figure in a version."""
LEFT_OUT = "left-out.json"
SCRIPT = "script.html"
_PRINTED_PPI, _CSS_PPI = 300, 96
_SHOWN_IN = {"docx": ("image/png",), "typst": ("image/svg+xml",), "html": ("text/html",)}
"""What a target format can show; a page with an SVG in DOCX would need a further program."""
_ALL = ("text/html", "application/pdf", "image/svg+xml", "image/png")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure in files.

    Parameters
    ----------
    name : str
        Base of its file names.
    folder : Path
        Where they are.
    question, caption, alt : str
        What it answers, what it shows, and the same for those who do not see it.
    """

    has_script: ClassVar[bool] = False
    """Whether this page has the script of interactive figures; it goes with the first one."""

    name: str
    folder: Path
    question: str
    caption: str
    alt: str

    @property
    def caption_markdown(self) -> str:
        """The caption, escaped for a report."""
        return escape_markdown(self.caption)

    def _read(self, kind: str) -> bytes:
        return (self.folder / f"{self.name}.{kind}").read_bytes()

    def _html(self) -> str:
        start = ""
        if not Drawn.has_script:
            Drawn.has_script = True
            start = (self.folder / SCRIPT).read_text(encoding="utf-8")
        return start + self._read("html").decode()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Return what the target format can show; everything where no target is named."""
        del include, exclude
        kinds = _SHOWN_IN.get(_target(), _ALL)
        bundle = {"text/plain": f"{self.question} {self.alt}"}
        metadata: dict[str, Any] = {}
        if "text/html" in kinds:
            bundle["text/html"] = self._html()
        if "application/pdf" in kinds:
            bundle["application/pdf"] = base64.b64encode(self._read("pdf")).decode()
        if "image/svg+xml" in kinds:
            bundle["image/svg+xml"] = self._read("svg").decode()
        if "image/png" in kinds:
            png = self._read("png")
            bundle["image/png"] = base64.b64encode(png).decode()
            metadata["image/png"] = _size(png)
        return bundle, metadata


def drawn_figures(folder: Path) -> dict[str, Drawn]:
    """Return the figures of a folder by name."""
    found = {}
    for path in sorted(folder.glob("*.words")):
        words = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = Drawn(name=path.stem, folder=folder, **words)
    return found


def files_of(folder: Path, name: str) -> list[str]:
    """Return the names of a figure's files that a version holds, in both widths."""
    kinds = {f".{kind}" for kind in FILES}
    return [
        path.name
        for stem in (name, f"{name}-single")
        for path in sorted(folder.glob(f"{stem}.*"))
        if path.suffix in kinds
    ]


def left_out(folder: Path) -> dict[str, str]:
    """Return the figures that could not be drawn, and why."""
    reasons: dict[str, str] = json.loads((folder / LEFT_OUT).read_text(encoding="utf-8"))
    return reasons


def words_file(folder: Path, name: str) -> Path:
    """Return the file of a figure's words."""
    return folder / f"{name}.words"


def _size(png: bytes) -> dict[str, int]:
    """Return width and height in CSS pixels of a PNG at print resolution."""
    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    return {
        "width": round(width * _CSS_PPI / _PRINTED_PPI),
        "height": round(height * _CSS_PPI / _PRINTED_PPI),
    }


def _target() -> str:
    """Return the base format that Quarto is rendering to, from the file that it names."""
    path = os.environ.get("QUARTO_EXECUTE_INFO")
    if not path:
        return ""
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8"))["format"]
        name = told["identifier"].get("base-format") or told["pandoc"]["to"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return str(name).split("+")[0]
