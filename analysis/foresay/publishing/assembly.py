"""From blocks and outputs to the Markdown, pictures and HTML pieces of one format."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foresay.errors import ReportError
from foresay.publishing.escaping import fenced, visible
from foresay.publishing.execution import Executed, Output, option, outputs_of
from foresay.publishing.outputs import (
    SUFFIXES,
    bytes_of,
    chosen,
    data_uri,
    picture_width,
    steady_html,
    svg_as_pdf,
    svg_as_png,
    table_only,
    text_of,
    with_alt,
)
from foresay.publishing.problems import shown
from foresay.publishing.prose import verbatim, with_inline
from foresay.publishing.qmd import Cell, Document, Line, Prose

PIECE = '<foresay-piece id="{}"></foresay-piece>'
_SHORTCODE = re.compile(r"\{\{<\s*(?P<kind>meta|var)\s+(?P<name>[\w.-]+)\s*>\}\}")
# where a warning says that it comes from: a file that is not there, named after the process
_CELL_FILE = re.compile(r"[^\s\"']*ipykernel_\d+[/\\]\d+\.py")
_IMAGE = re.compile(r"(?P<open>!\[(?:[^\]\\]|\\.)*\]\()(?P<path>[^)\s]+)")
TEXT_WIDTH = 496.0  # points: 175 mm, the room for a figure in the PDF and the Word document
# CSS pixels are 1/96 of an inch, points 1/72
_POINTS = 0.75


@dataclass(frozen=True, slots=True)
class Assembled:
    """What Pandoc is given for one format.

    Parameters
    ----------
    markdown
        The whole document without front matter.
    media
        Pictures by their path in the document, such as ``media/fig-a-1.png``.
    images
        Alternative text and width in points of each of those pictures.
    pieces
        HTML that takes the place of ``<foresay-piece id="n">`` once Pandoc is done.
    """

    markdown: str
    media: Mapping[str, bytes]
    images: Mapping[str, Mapping[str, object]]
    pieces: Mapping[str, str]


@dataclass(slots=True)
class _Assembler:
    target: str
    document: Document
    root: Path
    metadata: Mapping[str, object]
    variables: Mapping[str, object]
    defaults: Mapping[str, object]
    media: dict[str, bytes] = field(default_factory=dict)
    images: dict[str, dict[str, object]] = field(default_factory=dict)
    pieces: dict[str, str] = field(default_factory=dict)


def assemble(
    document: Document,
    executed: Executed,
    *,
    target: str,
    project_root: Path,
    metadata: Mapping[str, object],
    variables: Mapping[str, object],
) -> Assembled:
    """Write one format's Markdown from the report and its outputs.

    Parameters
    ----------
    document, executed
        The parsed report, and what its run gave.
    target
        ``html``, ``pdf`` or ``docx``.
    project_root
        Errors name files relative to it.
    metadata
        The report's merged metadata (``{{< meta >}}``, ``execute``).
    variables
        ``_variables.yml`` (``{{< var >}}``).

    Raises
    ------
    ReportError
        If a figure has no alternative text, or a picture of the prose is missing.
    """
    defaults = metadata.get("execute")
    work = _Assembler(
        target,
        document,
        project_root,
        metadata,
        variables,
        {
            **(defaults if isinstance(defaults, Mapping) else {}),
            **{key: metadata[key] for key in ("code-fold", "code-summary") if key in metadata},
        },
    )
    parts = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Prose):
            parts.append(_prose(work, block, executed.inline.get(index, ())))
        else:
            parts.append(_cell(work, block, index, outputs_of(executed, index)))
    return Assembled("\n".join(parts), work.media, work.images, work.pieces)


def looked_up(tree: Mapping[str, object], name: str) -> object:
    """Find ``a.b.c`` in nested mappings; None when it is not there."""
    value: object = tree
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _prose(work: _Assembler, prose: Prose, values: tuple[str, ...]) -> str:
    # shortcodes and pictures first: what comes out of Python is not looked through again
    flags = verbatim(prose.lines)
    lines = tuple(
        line if flag else Line(_replaced(work, line), line.path, line.number)
        for line, flag in zip(prose.lines, flags, strict=True)
    )
    return "\n".join(with_inline(Prose(lines=lines), values))


def _replaced(work: _Assembler, line: Line) -> str:
    def shortcode(found: re.Match[str]) -> str:
        tree = work.metadata if found["kind"] == "meta" else work.variables
        value = looked_up(tree, found["name"])
        return "" if value is None else str(value)

    def picture(found: re.Match[str]) -> str:
        return found["open"] + _own_picture(work, line, found["path"])

    return _IMAGE.sub(picture, _SHORTCODE.sub(shortcode, line.text))


def _own_picture(work: _Assembler, line: Line, target: str) -> str:
    path = work.document.path.parent / target
    if not path.is_file():
        where = f"{shown(line.path, work.root)}:{line.number}"
        raise ReportError(f"{where}: picture {target!r}: there is no such file")
    suffix = path.suffix.lstrip(".").lower()
    name = f"media/{path.stem}-{len(work.media) + 1}.{suffix}"
    content = path.read_bytes()
    work.images[name] = {}
    if suffix == "svg" and work.target != "html":
        svg = content.decode()
        width = picture_width({"image/svg+xml": svg}, {})
        work.images[name] = {"width": _points(width)} if width else {}
        drawn = svg_as_pdf(svg) if work.target == "pdf" else svg_as_png(svg)
        old, name, content = name, name[:-3] + ("pdf" if work.target == "pdf" else "png"), drawn
        work.images[name] = work.images.pop(old)
    work.media[name] = content
    return name


def _points(pixels: float) -> float:
    return round(min(pixels * _POINTS, TEXT_WIDTH), 2)


def _cell(work: _Assembler, cell: Cell, index: int, outputs: tuple[Output, ...]) -> str:
    if option(cell, "include", work.defaults, otherwise=True) is False:
        return ""
    parts = []
    echo = option(cell, "echo", work.defaults, otherwise=True)
    if echo is not False:
        parts.append(_echo(work, cell, fence=echo == "fenced"))
    if option(cell, "output", work.defaults, otherwise=True) is not False:
        parts.extend(_outputs(work, cell, index, outputs))
    return "\n\n" + "\n\n".join(part for part in parts if part) + "\n\n"


def _echo(work: _Assembler, cell: Cell, *, fence: bool) -> str:
    code = cell.code
    if fence:
        options = [f"#| {key}: {value}" for key, value in cell.options.items() if key != "echo"]
        code = fenced("\n".join([*options, code]), f"{{{cell.language}}}")
    block = fenced(code, "{.markdown .cell-code}" if fence else "{.python .cell-code}")
    folded = option(cell, "code-fold", work.defaults, otherwise=False)
    if folded in (False, None, "none"):
        return block
    summary = str(option(cell, "code-summary", work.defaults, otherwise="Code"))
    opened = ' open="true"' if folded == "show" else ""
    return f':::: {{.code-fold summary="{_attribute(summary)}"{opened}}}\n{block}\n::::'


def _attribute(text: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", " ".join(text.split())).replace("&", "&amp;")


def _outputs(work: _Assembler, cell: Cell, index: int, outputs: tuple[Output, ...]) -> list[str]:
    """Write the outputs of a cell in order; those that its label covers go into one float."""
    label = cell.label
    kind = label.partition("-")[0]
    inside: list[str] = []
    around: list[str] = []
    asis = option(cell, "output", work.defaults, otherwise=True) == "asis"
    name = label or f"cell-{index}"
    for at, output in enumerate(outputs, start=1):
        what, text = _output(work, cell, output, f"{name}-{at}", asis=asis)
        covered = what == {"fig": "figure", "tbl": "table"}.get(kind) or (
            kind == "tbl" and what == "markdown"
        )
        if text:
            (inside if covered else around).append(text)
    if kind not in {"fig", "tbl"}:
        return around
    if not inside:
        where = f"{shown(cell.opening.path, work.root)}:{cell.opening.number}"
        wanted = "a figure" if kind == "fig" else "a table"
        # an error only where it is shown: a part that is left out may have nothing to print
        empty = f"{where}: cell {label!r} printed no {wanted[2:]}; end it with {wanted}"
        return [*around, f'::::: {{#{label} empty="{_attribute(empty)}"}}\n:::::']
    caption = str(cell.options.get(f"{kind}-cap") or "")
    return [*around, _float(cell, label, inside, caption)]


def _float(cell: Cell, label: str, inside: list[str], caption: str) -> str:
    captions = cell.options.get("fig-subcap")
    layout = ""
    if isinstance(captions, list):
        inside = [
            f"::: {{#{label}-{at}}}\n{text}\n\n{caption_}\n:::"
            for at, (text, caption_) in enumerate(zip(inside, captions, strict=False), start=1)
        ]
        layout = f' layout-ncol="{cell.options.get("layout-ncol", 1)}"'
    body = "\n\n".join(inside)
    return f"::::: {{#{label}{layout}}}\n{body}\n\n{caption}\n:::::"


def _output(
    work: _Assembler, cell: Cell, output: Output, name: str, *, asis: bool
) -> tuple[str, str]:
    """Write one output: its kind (figure, table, markdown, text) and Markdown."""
    if output["output_type"] == "stream":
        return _stream(work, cell, output, asis=asis)
    if output["output_type"] == "error":
        return "text", _plain(f"{output.get('ename', '')}: {output.get('evalue', '')}")
    data: Mapping[str, Any] = output.get("data", {})
    mime = chosen(data, work.target)
    if mime in SUFFIXES or (mime == "text/html" and not SUFFIXES.keys().isdisjoint(data)):
        return "figure", _figure(work, cell, output, mime, name)
    if mime == "text/html":
        return _html(work, cell, text_of(data, mime), name)
    if mime == "text/markdown":
        return "markdown", text_of(data, mime)
    return "text", _plain(text_of(data, mime)) if mime else ""


def _stream(work: _Assembler, cell: Cell, output: Output, *, asis: bool) -> tuple[str, str]:
    text = _CELL_FILE.sub("<cell>", "".join(output["text"]))
    if output["name"] == "stdout" and asis:
        return "markdown", text
    quiet = option(cell, "warning", work.defaults, otherwise=True) is False
    return "text", "" if output["name"] == "stderr" and quiet else _plain(text)


def _plain(text: str) -> str:
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).rstrip()
    return fenced(visible(text), "{.cell-output}") if text else ""


def _piece(work: _Assembler, name: str, content: str) -> str:
    work.pieces[name] = content
    return fenced(PIECE.format(name), "{=html}")


def _html(work: _Assembler, cell: Cell, content: str, name: str) -> tuple[str, str]:
    if "<table" not in content:
        return ("figure" if cell.label.startswith("fig-") else "text"), _piece(
            work, name, with_alt(content, str(cell.options.get("fig-alt") or ""))
        )
    content = steady_html(content, name)
    if work.target != "html":
        return "table", fenced(table_only(content), "{=html}")
    labelled = f'aria-labelledby="{html.escape(cell.label)}-caption"'
    names = labelled if cell.label.startswith("tbl-") else 'aria-label="Table"'
    opening = f'<div class="table-scroll" role="region" tabindex="0" {names}>'
    return "table", _piece(work, name, f"{opening}{content}</div>")


def _figure(work: _Assembler, cell: Cell, output: Output, mime: str, name: str) -> str:
    data, metadata = output["data"], output.get("metadata", {})
    alt = _alt(work, cell, metadata, int(name.rpartition("-")[2]))
    if mime == "text/html":
        return _piece(work, name, with_alt(text_of(data, mime), alt))
    width = picture_width(data, metadata)
    suffix = SUFFIXES[mime]
    content = bytes_of(data, mime)
    if work.target == "html":
        size = f' width="{width:g}"' if width else ""
        source = data_uri(content, suffix)
        return _piece(work, name, f'<img src="{source}" alt="{html.escape(alt)}"{size}>')
    if suffix == "svg":
        drawn = svg_as_pdf if work.target == "pdf" else svg_as_png
        content = drawn(text_of(data, mime))
        suffix = "pdf" if work.target == "pdf" else "png"
    path = f"media/{name}.{suffix}"
    work.media[path] = content
    work.images[path] = {"alt": alt} | ({"width": _points(width)} if width else {})
    return f"![]({path})"


def _alt(work: _Assembler, cell: Cell, metadata: Mapping[str, Any], at: int) -> str:
    told = cell.options.get("fig-alt")
    if isinstance(told, list):
        told = told[min(at, len(told)) - 1] if told else None
    alt = str(told or metadata.get("alt") or "")
    if not alt:
        where = f"{shown(cell.opening.path, work.root)}:{cell.opening.number}"
        raise ReportError(f"{where}: this cell shows a figure; say what it shows in '#| fig-alt:'")
    return alt
