"""Reading a study file: every problem at once, with its line and the way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from foresay.errors import StudyError
from foresay.study.choices import Choices
from foresay.study.contrasts import Contrast, Family, Versus
from foresay.study.documents import compose, plain
from foresay.study.grids import Branch, Exclusion, Grid
from foresay.study.models import Regression, Summary
from foresay.study.naming import nearest
from foresay.study.specification import (
    Column,
    PropertySource,
    Report,
    Study,
    TableSource,
)
from foresay.study.trends import Plateau, Trend

_Model = TypeVar("_Model", bound=BaseModel)
_Location = tuple[int | str, ...]


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
    return read_part(
        path,
        Study,
        "study file",
        hint="name a study.yml, or the folder that holds one (docs/study-file.md describes it)",
    )


def read_part(
    path: Path,
    model: type[_Model],
    what: str,
    *,
    hint: str = "name a file that can be read",
    part_of: Callable[[list[str]], type[BaseModel]] | None = None,
) -> _Model:
    """Read and check a YAML file that holds one model, as `read_study` does.

    Parameters
    ----------
    path : Path
        The YAML file.
    model : type
        What it holds.
    what : str
        What the file is called in messages.
    hint : str
        What to do where it cannot be read.
    part_of : callable, optional
        From the place of an unknown key to the model whose key it should be; by default the parts
        of a study file.

    Raises
    ------
    StudyError
        With every problem of the file.
    """
    return parse_part(_text(path, what, hint), path, model, what, part_of=part_of)


def parse_part(
    text: str,
    path: Path,
    model: type[_Model],
    what: str,
    *,
    part_of: Callable[[list[str]], type[BaseModel]] | None = None,
) -> _Model:
    """Check a YAML text that holds one model; see `read_part`."""
    node = compose(text, path)
    problems: list[tuple[int, str]] = []
    content = plain(node, path, problems) if node is not None else None
    if not isinstance(content, dict):
        kind = "is empty" if content is None else f"holds a {_KINDS[type(content)]}"
        raise StudyError(
            f"{path}: {kind}, where a {what} is a mapping with the keys {_known_keys(model)}"
        )
    return _checked(model, content, str(path), node, problems, part_of or _part_of)


def parse_study(content: dict[str, Any], *, path: Path | None = None) -> Study:
    """Check the content of a study file; see `read_study`."""
    return _checked(Study, content, str(path) if path else "study", None, [], _part_of)


_KINDS = {list: "list", str: "text", int: "number", float: "number", bool: "truth value"}


def _text(path: Path, what: str, hint: str) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(8_000_000)  # a device never ends; `compose` names the limit
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise StudyError(
            f"{path}, line {line}: is not UTF-8 text (byte {error.start + 1}); save it as UTF-8"
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise StudyError(
            f"cannot read the {what} {path}: {getattr(error, 'strerror', None) or error}; {hint}"
        ) from error


def _checked(
    model: type[_Model],
    content: dict[str, Any],
    where: str,
    node: yaml.Node | None,
    problems: list[tuple[int, str]],
    part_of: Callable[[list[str]], type[BaseModel]],
) -> _Model:
    """Return the checked content, or raise with every problem by line."""
    found = list(problems)
    checked = None
    try:
        checked = model.model_validate(content)
    except ValidationError as error:
        broken = {line for line, _ in problems}
        for one in error.errors():
            if one["input"] is None and _line(node, one["loc"]) in broken:
                continue  # it has no value because of what was already found
            broke = one["type"] == "value_error"
            sentences = str(one["ctx"]["error"]) if broke else _say(one, part_of, node)
            for sentence in sentences.splitlines():
                location = one["loc"] or (sentence.split(":")[0],)
                if one["loc"] and one["type"] == "value_error":
                    sentence = f"{_name(one['loc'])} {sentence}"  # noqa: PLW2901
                found.append((_line(node, location), sentence))
    if found or checked is None:
        lines = [
            f"{where}{f', line {line}' if line else ''}: {sentence}"
            for line, sentence in sorted(dict.fromkeys(found), key=lambda one: one[0])
        ]
        raise StudyError("\n".join(lines))
    return checked


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
        raise StudyError("\n".join(map(_say_of_choice, error.errors()))) from error


def _say_of_choice(error: Any) -> str:
    """Say what is wrong with a choice that no file holds, by the name that was given."""
    if error["type"] == "value_error" and not error["loc"]:
        return f"choices {error['ctx']['error']}"
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        return f"unknown choice {name!r}; {nearest(name, list(Choices.model_fields))}"
    return f"choice {_say(error, lambda _: Choices)}"


def _known_keys(model: type[BaseModel]) -> str:
    return ", ".join(model.model_fields)


def _line(node: yaml.Node | None, location: _Location) -> int:
    return _reached(node, location)[0]


def _reached(node: yaml.Node | None, location: _Location) -> tuple[int, yaml.Node | None]:
    """Return the deepest part of `location` that the file has, with its line; 0 for none."""
    line = 0
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if k.value == str(part)]
            if not found:
                continue  # the name of a branch of a union, not of a key
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line, node


_MODELS: dict[str, type[BaseModel]] = {
    "choices": Choices,
    "tables": TableSource,
    "contrasts": Contrast,
    "families": Family,
    "regressions": Regression,
    "summaries": Summary,
    "trends": Trend,
    "specifications": Grid,
    "properties": PropertySource,
    "report": Report,
}


_TAKES = {
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "list_type": "a list",
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "finite_number": "a finite number",
    "too_short": "at least one entry",
    "string_too_short": "at least one character",
}


def _name(location: _Location) -> str:
    return ".".join(str(part) for part in location if part != "[key]")


_PATTERNS = {
    "delimiter": "one mark such as a comma, a tab or |",
    "study": "a name of letters, digits, dots, underscores and hyphens, starting with one of the "
    "first two,",
}


def _not_one_of(location: list[str], given: object, expected: str) -> str:
    known = re.findall(r"'([^']*)'", expected)
    if location[-1] == "[key]":
        return f"unknown table {location[-2]!r}; {nearest(location[-2], known)}"
    return (
        f"{'.'.join(location)} is {given!r}, which is not one of {', '.join(known)}; "
        f"{nearest(str(given), known)}"
    )


def _part_of(location: list[str]) -> type[BaseModel]:
    """Return the part of a study file that a key stands in."""
    if "columns" in location[:-1]:
        return Column
    if "versus" in location[2:-1]:
        return Versus
    if "plateau" in location[2:-1]:
        return Plateau
    if location[0] == "specifications" and location[2:-1]:
        return Exclusion if "exclude" in location[2:-1] else Branch
    return _MODELS.get(location[0], Study) if len(location) > 1 else Study


def _say(
    error: Any, part_of: Callable[[list[str]], type[BaseModel]], file: yaml.Node | None = None
) -> str:
    """Turn one pydantic error into a sentence with the way out."""
    location = [str(part) for part in error["loc"]]
    name, kind, given = _name(error["loc"]), error["type"], error["input"]
    context = error.get("ctx", {})
    shown = "empty" if given is None else repr(given)
    shown = shown if len(shown) <= 80 else f"{shown[:80]}..."
    if kind == "extra_forbidden":
        known = list(part_of(location).model_fields)
        return f"unknown key {name!r}; {nearest(location[-1], known)}"
    if kind == "literal_error":
        return _not_one_of(location, given, str(context.get("expected", "")))
    if kind == "string_pattern_mismatch" and location[-1] in _PATTERNS:
        return f"{name} is {shown}, where {_PATTERNS[location[-1]]} is expected"
    if kind in _TAKES:
        at = _reached(file, error["loc"])[1]
        written = at.value if isinstance(at, yaml.ScalarNode) else given  # .50 is not .5
        quotes = (
            f"; write it in quotes: '{written}'"
            if kind == "string_type" and isinstance(given, (int, float, bool))
            else ""
        )
        return f"{name} is {shown}, where {_TAKES[kind]} is expected{quotes}"
    if kind == "missing":
        sentence = "is missing"
    else:
        sentence = f"is {shown}: {str(error['msg']).replace('Input should', 'should')}"
    return f"{name} {sentence}"
