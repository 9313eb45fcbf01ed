"""Reading a study file: every problem at once, with its line and the way out."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from foresay.errors import StudyError
from foresay.study.choices import Choices
from foresay.study.specification import (
    Column,
    Contrast,
    PropertySource,
    Report,
    Study,
    TableSource,
)


def read_study(path: Path) -> Study:
    """Read and check a study file.

    Parameters
    ----------
    path : Path
        The YAML file.

    Raises
    ------
    StudyError
        With every problem of the file: its line, what is wrong, and the nearest known name.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise StudyError(
            f"cannot read the study file {path}: {error.strerror or error}; "
            "name a study.yml, or make one with `foresay init DIR`"
        ) from error
    except UnicodeDecodeError as error:
        raise StudyError(
            f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            _refuse_duplicate_keys(node, path)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise StudyError(f"{path}{line}: is not valid YAML: {problem}") from error
    except RecursionError as error:
        raise StudyError(f"{path}: is nested too deeply to be a study file") from error
    if not isinstance(content, dict):
        raise StudyError(f"{path}: a study file is a mapping with the keys {_known_keys(Study)}")
    return parse_study(content, path=path, node=node)


def parse_study(
    content: dict[str, Any], *, path: Path | None = None, node: yaml.Node | None = None
) -> Study:
    """Check the content of a study file; see `read_study`."""
    try:
        return Study.model_validate(content)
    except ValidationError as error:
        where = str(path) if path else "study"
        lines = [f"{where}{_line(node, e['loc'])}: {_say(e)}" for e in error.errors()]
        raise StudyError("\n".join(dict.fromkeys(lines))) from error


def override(choices: Choices, changes: dict[str, Any]) -> Choices:
    """Return `choices` with some replaced, checked like those of a study file.

    Raises
    ------
    StudyError
        Unknown choice (with the nearest known) or value (with the allowed ones).
    """
    try:
        return Choices.model_validate({**choices.model_dump(), **changes})
    except ValidationError as error:
        lines = [f"choice: {_say({**e, 'loc': ('choices', *e['loc'])})}" for e in error.errors()]
        raise StudyError("\n".join(lines)) from error


def nearest(name: str, known: list[str]) -> str:
    """Return a hint that names the nearest known name, or lists them all."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"


def _known_keys(model: type[BaseModel]) -> str:
    return ", ".join(model.model_fields)


def _refuse_duplicate_keys(node: yaml.Node, path: Path) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise StudyError(
                    f"{path}, line {key.start_mark.line + 1}: the key {key.value!r} stands twice"
                )
            seen.add(key.value)
            _refuse_duplicate_keys(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_duplicate_keys(value, path)


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> str:
    """Return ", line N" of the deepest part of `location` that the file has."""
    line = None
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if k.value == str(part)]
            if not found:
                continue  # the name of a branch of a union, not of a key
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
    return f", line {line}" if line else ""


_MODELS: dict[str, type[BaseModel]] = {
    "choices": Choices,
    "tables": TableSource,
    "contrasts": Contrast,
    "properties": PropertySource,
    "report": Report,
}


def _say(error: Any) -> str:
    """Turn one pydantic error into a sentence with the way out."""
    location = [str(part) for part in error["loc"]]
    name = ".".join(location)
    kind = error["type"]
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        model = _MODELS.get(location[0], Study) if len(location) > 1 else Study
        if "columns" in location[:-1]:
            model = Column
        return f"unknown key {name!r}; {nearest(location[-1], list(model.model_fields))}"
    if kind == "literal_error":
        expected = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        if location and location[-1] == "[key]":
            return f"unknown table {location[-2]!r}; {nearest(location[-2], expected)}"
        return (
            f"{name} is {error['input']!r}, which is not one of {', '.join(expected)}; "
            f"{nearest(str(error['input']), expected)}"
        )
    if kind == "missing":
        return f"{name} is missing"
    if kind == "value_error":
        return f"{name}: {context['error']}" if name else str(context["error"])
    return f"{name} is {error['input']!r}: {error['msg']}"
