"""New values for the names that a page's cell tagged ``parameters`` sets."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping

import yaml

from foresay.errors import ReportError
from foresay.publishing.problems import nearest
from foresay.publishing.qmd import Cell, Document

_KINDS = {bool: "true or false", int: "a whole number", float: "a number"}


def injected_code(document: Document, parameters: Mapping[str, object]) -> str:
    """Give the assignments that follow the parameters cell.

    Parameters
    ----------
    document
        The parsed report.
    parameters
        Values by name. One that is text becomes what the cell sets the name to: text as it is
        written, a number, true or false; what is no literal there is read as YAML.

    Raises
    ------
    ReportError
        There is no cell tagged ``parameters``, it does not set one of the names, or a value is of
        another kind.
    """
    if not parameters:
        return ""
    cell = next((each for each in document.cells if is_parameters(each)), None)
    if cell is None:
        raise ReportError(
            f"parameters {', '.join(sorted(parameters))} were given, but {document.path.name} has "
            "no cell with '#| tags: [parameters]'; add one that sets their defaults"
        )
    defaults = _defaults(cell)
    for name in parameters:
        if name not in defaults:
            raise ReportError(
                f"parameter {name!r}: the cell tagged 'parameters' sets only "
                f"{', '.join(sorted(defaults)) or 'nothing'}{nearest(name, defaults)}"
            )
    values = {name: _value(name, each, defaults[name]) for name, each in parameters.items()}
    return "\n".join(f"{name} = {value!r}" for name, value in values.items())


def is_parameters(cell: Cell) -> bool:
    """Tell whether a cell is the one whose values a caller may set."""
    tags = cell.options.get("tags")
    return "parameters" in (tags if isinstance(tags, list) else [tags])


def _defaults(cell: Cell) -> dict[str, object]:
    """Return the names that a cell sets, with their literal values; None for what is no literal."""
    found: dict[str, object] = {}
    for node in ast.walk(ast.parse(cell.code)):
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        value: object = None
        if node.value is not None:
            try:
                value = ast.literal_eval(node.value)
            except ValueError:
                value = None
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            for part in ast.walk(target):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    found[part.id] = value if part is target else None
    return found


def _value(name: str, told: object, default: object) -> object:
    if not isinstance(told, str) or isinstance(default, str):
        return told
    kind = type(default)
    try:
        value = yaml.safe_load(told)
        if kind is float and not isinstance(value, bool):
            value = float(told)  # YAML takes 1e-3 for text
    except (yaml.YAMLError, ValueError):
        value = None
        if kind not in _KINDS:
            raise ReportError(
                f"parameter {name!r}: {told!r} is not a value that YAML knows"
            ) from None
    if kind in _KINDS and type(value) is not kind:
        raise ReportError(f"parameter {name!r} is {_KINDS[kind]}, as {default!r}; got {told!r}")
    if not _is_plain(value):
        raise ReportError(
            f"parameter {name!r}: {told!r} is not text, a finite number, true, false, null or a "
            "list of these; for text write '\"...\"'"
        )
    return value


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_plain(each) for each in value)
    return isinstance(value, str | int | None) or (
        isinstance(value, float) and math.isfinite(value)
    )
