"""Rules for code cells and their options."""

from __future__ import annotations

import re
from collections.abc import Iterator

from foresay.publishing.problems import Problem, nearest
from foresay.publishing.qmd import Cell, Document
from foresay.publishing.vocabulary import ALLOWED_VALUES, CELL_OPTIONS, OTHER_REFERENCES

_SETUP_LINES = 5
_LABEL = re.compile(r"[A-Za-z][\w:.-]*")


def check(document: Document, *, house_rules: bool) -> Iterator[Problem]:
    """Check every cell of a report."""
    for cell in document.cells:
        if cell.language != "python":
            message = f"a {{{cell.language}}} cell cannot be run here; only {{python}} cells can"
            yield cell.opening.problem("cell-language", message)
            continue
        yield from _options(cell)
        yield from _float(cell)
        yield from _syntax(cell)
        lines = [line for line in cell.body if line.text.strip()]
        if house_rules and len(lines) > _SETUP_LINES:
            message = f"this cell has {len(lines)} lines; move them into the package, keep 5"
            yield cell.opening.problem("long-cell", message)


def _options(cell: Cell) -> Iterator[Problem]:
    for name, value in cell.options.items():
        line = cell.option_lines[name]
        if name not in CELL_OPTIONS:
            message = f"cell option {name!r} is not known{nearest(name, CELL_OPTIONS)}"
            yield line.problem("unknown-option", message)
        if reason := misused(name, value):
            yield line.problem("option-value", f"cell option {reason}")
        if name == "layout-ncol" and (not isinstance(value, int) or value < 1):
            yield line.problem("option-value", f"layout-ncol must be a count, got {value!r}")
        if name == "fig-subcap" and not isinstance(value, list):
            message = f'fig-subcap takes a list, ["first", "second"], got {value!r}'
            yield line.problem("option-value", message)
        if name == "label" and not _LABEL.fullmatch(str(value)):
            message = f"label {str(value)!r}: letters, digits and hyphens only, a letter first"
            yield line.problem("label", message)


def misused(name: str, value: object) -> str:
    """Say which values an option takes where it is given another; "" where it is one of them."""
    allowed = ALLOWED_VALUES.get(name)
    if allowed is None or any(value is each for each in allowed if isinstance(each, bool)):
        return ""
    if isinstance(value, str) and value in allowed:
        return ""
    choices = ", ".join(str(each).lower() for each in allowed)
    return f"{name!r} must be one of {choices}, got {value!r}"


def _float(cell: Cell) -> Iterator[Problem]:
    """Ask a figure for a label, a caption and a text for those who cannot see it."""
    options, label = cell.options, cell.label
    kind, _, rest = label.partition("-")
    at = cell.option_lines.get("label", cell.opening)
    if kind in OTHER_REFERENCES and rest:
        yield at.problem("label", f"label {label!r}: {kind}- is not supported; use fig- or tbl-")
    for each in ("fig", "tbl"):
        if f"{each}-cap" in options and kind != each:
            line = cell.option_lines[f"{each}-cap"]
            message = f"{each}-cap needs a label that begins with '{each}-', got {label!r}"
            yield line.problem("label", message)
        if kind == each and rest and not options.get(f"{each}-cap"):
            yield at.problem("caption", f"{label!r} has no caption; add '#| {each}-cap:'")
    if kind == "fig" and rest and not options.get("fig-alt"):
        yield at.problem("fig-alt", f"{label!r} says nothing to a screen reader; add '#| fig-alt:'")
    if "fig-alt" in options and kind != "fig":
        line = cell.option_lines["fig-alt"]
        yield line.problem("label", f"fig-alt needs a label that begins with 'fig-', got {label!r}")


def _syntax(cell: Cell) -> Iterator[Problem]:
    code = "\n".join(line.text for line in cell.body)
    if any(line.text.lstrip().startswith(("%", "!")) for line in cell.body):
        return  # IPython's own syntax
    try:
        compile(code, "cell", "exec", dont_inherit=True)
    except SyntaxError as error:
        if "await" in str(error) or not cell.body:
            return
        at = cell.body[min((error.lineno or 1), len(cell.body)) - 1]
        yield at.problem("syntax", f"this is not valid Python: {error.msg}")
