"""Rules for labels, cross-references, headings and citations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from foresay.publishing.masking import code_masked
from foresay.publishing.metadata import merged
from foresay.publishing.problems import Problem, nearest, shown
from foresay.publishing.qmd import Cell, Document, Line
from foresay.publishing.vocabulary import OTHER_REFERENCES, REFERENCES

_IDENTIFIER = re.compile(r"\{[^{}]*#([\w:.-]+)[^{}]*\}")
_CITATION = re.compile(r"(?<![\w\\@])-?@(\w(?:[\w:.#$%&+?~/-]*\w)?)")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_FIGURE = re.compile(
    r"!\[(?P<caption>[^\]]*)\]\((?P<path>[^)\s]*)[^)]*\)(?P<attributes>\{[^}]*\})?"
)
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:")
_MARK = re.compile(r"(?<!\\)\[\^([^\]\s]+)\](?!:)")
_BIB_KEY = re.compile(r"^\s*@\w+\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)


def check(document: Document, project: Mapping[str, object]) -> Iterator[Problem]:
    """Check that every label stands once and every reference leads somewhere."""
    labels: dict[str, Line] = {}
    for name, line in _labels(document):
        if name in labels:
            first = labels[name]
            where = f"{shown(first.path, document.path.parent)}:{first.number}"
            yield line.problem("duplicate-label", f"label {name!r} is taken already at {where}")
        labels.setdefault(name, line)
    metadata = merged(project, document.front, {}, "html")
    keys = _keys(document, metadata)
    cited = False
    for line, name in _references(document):
        kind = name.partition("-")[0].lower()
        if kind in OTHER_REFERENCES and "-" in name:
            yield line.problem("reference", f"@{name}: {kind}- is not supported")
        elif kind in REFERENCES and "-" in name:
            yield from _reference(line, name, labels, metadata)
        elif name not in keys:
            hint = nearest(name, keys) or "; add it to the bibliography, or write \\@"
            yield line.problem("citation", f"@{name} is not in the bibliography{hint}")
        else:
            cited = True
    if cited and "refs" not in labels:
        last = document.prose[-1].lines[-1]
        message = "citations have no place for their list; end with '::: {#refs}' and ':::'"
        yield last.problem("citation", message)
    yield from _headings(document)
    yield from _footnotes(document)
    yield from _pictures(document)


def _reference(
    line: Line, name: str, labels: Mapping[str, Line], metadata: Mapping[str, object]
) -> Iterator[Problem]:
    target = name[0].lower() + name[1:]
    if target not in labels:
        message = f"cross-reference @{name} leads nowhere{nearest(target, labels)}"
        yield line.problem("unresolved-reference", message)
    elif target.startswith("sec-") and metadata.get("number-sections") is not True:
        message = f"@{name} needs 'number-sections: true' in the front matter"
        yield line.problem("reference", message)


def _labels(document: Document) -> Iterator[tuple[str, Line]]:
    for block in document.blocks:
        if isinstance(block, Cell):
            if block.label:
                line = block.option_lines["label"]
                yield block.label, line
                captions = block.options.get("fig-subcap")
                for at in range(len(captions) if isinstance(captions, list) else 0):
                    yield f"{block.label}-{at + 1}", line
            continue
        for line, text in code_masked(block.lines):
            # the mark of an equation follows its maths, which is blanked
            for found in _IDENTIFIER.finditer(text):
                yield found[1], line


def _references(document: Document) -> Iterator[tuple[Line, str]]:
    for prose in document.prose:
        for line, text in code_masked(prose.lines):
            for found in _CITATION.finditer(re.sub(r"\]\([^)]*\)", "]", text)):
                yield line, found[1]
    for cell in document.cells:
        for name in ("fig-cap", "tbl-cap"):
            for found in _CITATION.finditer(str(cell.options.get(name) or "")):
                yield cell.option_lines[name], found[1]


def _keys(document: Document, metadata: Mapping[str, object]) -> set[str]:
    told = metadata.get("bibliography") or []
    keys: set[str] = set()
    for name in told if isinstance(told, list) else [told]:
        path = Path(document.path.parent / str(name))
        if path.is_file():
            keys.update(_BIB_KEY.findall(path.read_text(encoding="utf-8", errors="replace")))
    return keys


def _headings(document: Document) -> Iterator[Problem]:
    """Headings begin at the first level and never skip one: numbers and outlines depend on it."""
    level = 0
    depth = 0  # inside a div a heading is a title (callout, tab set), not a section
    for prose in document.prose:
        for line, text in code_masked(prose.lines):
            if re.match(r"^\s*:{3,}\s*\S", text):
                depth += 1
            elif re.match(r"^\s*:{3,}\s*$", text):
                depth = max(depth - 1, 0)
            found = _HEADING.match(text)
            if not found or depth:
                continue
            here = len(found[1])
            if here > level + 1:
                wanted = "#" * (level + 1)
                message = f"heading {found[1]!r} skips a level; write {wanted!r} first"
                yield line.problem("heading", message)
            level = here


def _footnotes(document: Document) -> Iterator[Problem]:
    lines = [found for prose in document.prose for found in code_masked(prose.lines)]
    known = {found[1] for _, text in lines if (found := _NOTE.match(text))}
    for line, text in lines:
        for name in _MARK.findall(text):
            if name not in known:
                message = f"footnote [^{name}] is not written{nearest(name, known)}"
                yield line.problem("footnote", message)


def _pictures(document: Document) -> Iterator[Problem]:
    for prose in document.prose:
        for line, text in code_masked(prose.lines):
            for found in _FIGURE.finditer(text):
                attributes = found["attributes"] or ""
                if not (document.path.parent / found["path"]).is_file():
                    message = f"picture {found['path']!r}: there is no such file"
                    yield line.problem("missing-file", message)
                if "fig-alt" not in attributes and not found["caption"].strip():
                    message = "a picture without a text for those who cannot see it; add fig-alt"
                    yield line.problem("fig-alt", message)
                elif "#fig-" in attributes and "fig-alt" not in attributes:
                    yield line.problem("fig-alt", 'this figure has no fig-alt="..."; add one')
