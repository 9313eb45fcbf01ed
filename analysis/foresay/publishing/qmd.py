"""A Quarto document as blocks of prose and code, each line knowing the file it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from foresay.errors import ReportError
from foresay.publishing.problems import Problem

CELL_OPENING = re.compile(
    r"^(?P<fence>`{3,}|~{3,})\s*\{(?P<language>[A-Za-z]\w*)(?P<rest>[^}]*)\}\s*$"
)
FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(?P<target>.+?)\s*>\}\}\s*$")
INLINE = re.compile(r"(?<!`)`\{python\}\s+(?P<expression>[^`]+?)\s*`(?!`)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of source and where it stands."""

    text: str
    path: Path
    number: int

    def problem(self, rule: str, message: str) -> Problem:
        """Make a problem that points at this line."""
        return Problem(path=self.path, line=self.number, rule=rule, message=message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Consecutive lines that are not a code cell."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One executable cell: its opening line, options and body.

    Parameters
    ----------
    opening
        The line of the fence that opens the cell.
    language
        What stands first in the braces, ``python`` for a cell that can run.
    options
        The ``#|`` options, read as YAML.
    option_lines
        The line of each option.
    body
        The lines after the options.
    """

    opening: Line
    language: str
    options: Mapping[str, object]
    option_lines: Mapping[str, Line]
    body: tuple[Line, ...]
    fence: str = "```"

    @property
    def label(self) -> str:
        """The ``label`` option, or an empty text."""
        return str(self.options.get("label") or "")

    @property
    def code(self) -> str:
        """What is run: the body without the options."""
        return "\n".join(line.text for line in self.body).strip("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed report: front matter, blocks in order, files read and problems met on the way."""

    path: Path
    front: Mapping[str, object]
    front_lines: Mapping[str, Line]
    blocks: tuple[Prose | Cell, ...]
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The code cells, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Cell))

    @property
    def prose(self) -> tuple[Prose, ...]:
        """The blocks of prose, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Prose))


def parse(source: Path) -> Document:
    """Read a ``.qmd`` with its includes.

    Parameters
    ----------
    source
        The file; includes are looked up beside the file that names them.

    Returns
    -------
    Document
        With ``problems`` for whatever could not be read; nothing is raised for those, so that the
        linter can list everything at once.

    Raises
    ------
    ReportError
        If the file itself is missing or is not UTF-8 text.
    """
    problems: list[Problem] = []
    files: list[Path] = []
    lines = _expanded(source, (), files, problems)
    front, front_lines, rest = _front_matter(lines, problems)
    return Document(
        path=source,
        front=MappingProxyType(front),
        front_lines=MappingProxyType(front_lines),
        blocks=tuple(_blocks(rest, problems)),
        files=tuple(files),
        problems=tuple(problems),
    )


def _read(path: Path) -> list[Line]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ReportError(f"report {path}: there is no such file; check the path") from None
    except UnicodeDecodeError as error:
        raise ReportError(
            f"report {path}: byte {error.start} is not UTF-8; save the file as UTF-8 text"
        ) from None
    except OSError as error:
        raise ReportError(f"report {path}: cannot be read: {error.strerror}") from None
    return [Line(line, path, number) for number, line in enumerate(text.split("\n"), start=1)]


def _expanded(
    path: Path, above: tuple[Path, ...], files: list[Path], problems: list[Problem]
) -> list[Line]:
    """Put the lines of included files where the shortcode stands."""
    files.append(path)
    lines: list[Line] = []
    for line in _read(path):
        found = INCLUDE.match(line.text)
        if not found:
            lines.append(Line(line.text.rstrip("\r"), line.path, line.number))
            continue
        target = path.parent / found["target"].strip("\"'")
        if target in (*above, path):
            message = f"include of {found['target']!r} goes round in a circle; remove one of them"
            problems.append(line.problem("include", message))
        elif not target.is_file():
            message = f"include of {found['target']!r}: there is no such file beside {path.name}"
            problems.append(line.problem("include", message))
        else:
            lines.extend(_expanded(target, (*above, path), files, problems))
    return lines


def _front_matter(
    lines: list[Line], problems: list[Problem]
) -> tuple[dict[str, object], dict[str, Line], list[Line]]:
    if not lines or lines[0].text.rstrip() != "---":
        return {}, {}, lines
    for end in range(1, len(lines)):
        if lines[end].text.rstrip() in {"---", "..."}:
            break
    else:
        problems.append(lines[0].problem("front-matter", "the front matter has no closing '---'"))
        return {}, {}, []
    front, where = read_yaml(lines[1:end], "front matter", problems)
    return front, where, lines[end + 1 :]


def read_yaml(
    lines: list[Line], what: str, problems: list[Problem]
) -> tuple[dict[str, object], dict[str, Line]]:
    """Read lines as a YAML mapping; give the values and the line of each top-level key."""
    text = "\n".join(line.text for line in lines)
    try:
        node, values = _composed(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = lines[min(mark.line if mark else 0, len(lines) - 1)]
        reason = getattr(error, "problem", None) or str(error)
        problems.append(at.problem("yaml", f"{what} is not valid YAML: {reason}"))
        return {}, {}
    if node is None:
        return {}, {}
    if not isinstance(node, yaml.MappingNode):
        problems.append(lines[0].problem("yaml", f"{what} must be 'key: value' lines"))
        return {}, {}
    where: dict[str, Line] = {}
    for key, _ in node.value:
        line = lines[min(key.start_mark.line, len(lines) - 1)]
        if str(key.value) in where:
            problems.append(line.problem("yaml", f"{what} says {key.value!r} twice; keep one"))
        where[str(key.value)] = line
    return {str(key): value for key, value in values.items()}, where


@lru_cache(maxsize=1024)  # a report is parsed for its hashes, its check and its run
def _composed(text: str) -> tuple[yaml.Node | None, Any]:
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _blocks(lines: list[Line], problems: list[Problem]) -> list[Prose | Cell]:
    """Cut lines into prose and cells; a fence that only shows code stays prose."""
    blocks: list[Prose | Cell] = []
    prose: list[Line] = []
    at = 0
    while at < len(lines):
        opening = CELL_OPENING.match(lines[at].text)
        shown = FENCE.match(lines[at].text)
        if not opening and not (shown and _opens(shown)):
            prose.append(lines[at])
            at += 1
            continue
        fence = opening["fence"] if opening else shown["fence"] if shown else ""
        end = _closing(lines, at, fence)
        if end == len(lines):
            problems.append(lines[at].problem("fence", f"the code fence {fence} is never closed"))
        if opening:
            if prose:
                blocks.append(Prose(lines=tuple(prose)))
                prose = []
            blocks.append(_cell(lines[at], opening, lines[at + 1 : end], problems))
        else:
            prose.extend(lines[at : end + 1])
        at = end + 1
    if prose:
        blocks.append(Prose(lines=tuple(prose)))
    return [_without_comments(block) if isinstance(block, Prose) else block for block in blocks]


def _without_comments(prose: Prose) -> Prose:
    """Blank HTML comments out; lines keep their number. Verbatim blocks keep theirs."""
    inside, fence, lines = False, "", []
    for line in prose.lines:
        found = FENCE.match(line.text)
        if not inside and (fence or (found and _opens(found))):
            closes = fence and found and found["fence"].startswith(fence)
            fence = "" if closes else fence or (found["fence"] if found else "")
            lines.append(line)
            continue
        text, inside = _uncommented(line.text, inside)
        lines.append(Line(text, line.path, line.number))
    return Prose(lines=tuple(lines))


def _uncommented(text: str, inside: bool) -> tuple[str, bool]:  # noqa: FBT001
    """Take comments out of a line that may begin inside one; say whether it ends inside one."""
    kept = ""
    while text:
        if inside:
            _, closed, text = text.partition("-->")
            inside = not closed
        else:
            before, opened, text = text.partition("<!--")
            kept += before
            inside = bool(opened)
    return kept, inside


def _opens(fence: re.Match[str]) -> bool:
    return not (fence["fence"][0] == "`" and "`" in fence["info"])


def _closing(lines: list[Line], start: int, fence: str) -> int:
    """Index of the line that closes a fence, or ``len(lines)``."""
    closing = re.compile(rf"^ {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    for at in range(start + 1, len(lines)):
        if closing.match(lines[at].text):
            return at
    return len(lines)


def _cell(opening: Line, match: re.Match[str], lines: list[Line], problems: list[Problem]) -> Cell:
    count = 0
    while count < len(lines) and lines[count].text.startswith("#|"):
        count += 1
    option_lines = [
        Line(line.text[2:].removeprefix(" "), line.path, line.number) for line in lines[:count]
    ]
    options, where = read_yaml(option_lines, "cell option", problems) if count else ({}, {})
    if match["rest"].strip():
        message = f"options {match['rest'].strip()!r} in the braces; write them as '#| key: value'"
        problems.append(opening.problem("cell-options", message))
    return Cell(
        opening=opening,
        language=match["language"],
        options=MappingProxyType(options),
        option_lines=MappingProxyType(where),
        body=tuple(lines[count:]),
        fence=match["fence"],
    )
