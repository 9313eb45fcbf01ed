"""YAML text to plain values: small, finite, one meaning a word, and the line of every part.

The words follow YAML 1.2, as editors do: ``no`` is text, ``1:30`` is text, a date is text and
``007`` keeps its zeros. Keys are always text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from foresay.errors import StudyError

_LARGEST = 1_000_000
_DEEPEST = 40
_MOST_NODES = 100_000
_LONGEST_NUMBER = 40

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(
    r"[-+]?((0|[1-9][0-9]*)?\.[0-9]+|(0|[1-9][0-9]*)\.?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """Composes nodes to a bounded depth; its words are those of YAML 1.2."""

    yaml_implicit_resolvers: dict[str | None, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node, or refuse what is nested beyond any study file."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise yaml.MarkedYAMLError(
                problem=f"nested more than {_DEEPEST} levels deep",
                problem_mark=self.get_mark(),
            )
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


for _tag, _pattern, _first in (
    ("bool", re.compile("(true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    ("int", re.compile(_INTEGER.pattern + "$"), "-+0123456789"),
    ("float", re.compile(f"({_FLOAT.pattern})$"), "-+0123456789."),
    ("null", re.compile("(~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    ("merge", re.compile("<<$"), "<"),
):
    _Loader.add_implicit_resolver(_TAG + _tag, _pattern, list(_first))


def compose(text: str, path: Path) -> yaml.Node | None:
    """Return the node tree of a YAML text, its size bounded also after aliases are followed.

    Raises
    ------
    StudyError
        Not YAML, or too large, too deep or cyclic to be a study file; with the line.
    """
    if len(text) > _LARGEST:
        raise StudyError(
            f"{path}: has more than {_LARGEST:,} characters, too many for a study file; "
            "keep data in tables of their own"
        )
    try:
        loader = _Loader(text)
        node: yaml.Node | None = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise StudyError(f"{path}{line}: is not valid YAML: {problem}") from error
    except RecursionError as error:
        raise StudyError(f"{path}: is nested too deeply to be a study file") from error
    if node is not None:
        _refuse_bombs(node, path)
    return node


def _refuse_bombs(root: yaml.Node, path: Path) -> None:
    """Count nodes as if every alias were written out: a few lines can stand for billions."""
    waiting: list[tuple[yaml.Node, int]] = [(root, 1)]
    counted = 0
    while waiting:
        node, depth = waiting.pop()
        counted += 1
        if counted > _MOST_NODES or depth > 2 * _DEEPEST:
            raise StudyError(
                f"{path}, line {node.start_mark.line + 1}: its aliases stand for more than a "
                "study file can hold; write the parts out"
            )
        if isinstance(node, yaml.MappingNode):
            waiting += [(part, depth + 1) for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(part, depth + 1) for part in node.value]


def plain(node: yaml.Node, path: Path, problems: list[tuple[int, str]]) -> Any:
    """Return the value of a node; add (line, sentence) for keys that stand twice and the like."""
    line = node.start_mark.line + 1
    kind = str(node.tag).removeprefix(_TAG)
    if isinstance(node, yaml.MappingNode) and kind == "map":
        return _mapping(node, path, problems)
    if isinstance(node, yaml.SequenceNode) and kind == "seq":
        return [plain(part, path, problems) for part in node.value]
    if not isinstance(node, yaml.ScalarNode):
        problems.append((line, f"the tag {node.tag} has no meaning in a study file"))
        return None
    try:
        return _scalar(str(node.value), kind)
    except ValueError as error:
        problems.append((line, str(error)))
        return None


def _scalar(value: str, kind: str) -> str | int | float | bool | None:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("holds half of a surrogate pair, which is not a character")
    if kind == "bool" and value.lower() in ("true", "false"):
        return value.lower() == "true"
    number = _INTEGER if kind == "int" else _FLOAT
    if kind in ("int", "float") and number.fullmatch(value) and len(value) <= _LONGEST_NUMBER:
        # YAML writes .inf and .nan where Python writes inf and nan
        return int(value) if kind == "int" else float(re.sub(r"\.(?=[inIN])", "", value))
    if kind not in ("str", "null", "merge"):
        raise ValueError(f"cannot take {value[:60]!r} as {kind}; write it as text, in quotes")
    return None if kind == "null" else value


def _mapping(node: yaml.MappingNode, path: Path, problems: list[tuple[int, str]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append((line, "a key is a list or a mapping; keys are names"))
        elif key.tag == f"{_TAG}merge":
            parts = plain(value, path, problems)
            for part in parts if isinstance(parts, list) else [parts]:
                if isinstance(part, dict):
                    merged = {**part, **merged}
                else:
                    problems.append((line, "<< takes an alias of a mapping"))
        elif key.value in own:
            problems.append((line, f"the key {key.value!r} stands twice"))
        else:
            own[str(key.value)] = plain(value, path, problems)
    return {**merged, **own}
