"""One thing that is wrong with a report's source, with its file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from foresay.errors import ReportError


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """Where a report's source breaks a rule, and how to mend it.

    Parameters
    ----------
    path
        File that holds the line (an include keeps its own name).
    line
        Line number, counted from 1.
    rule
        Short name of the rule, such as ``unknown-option``.
    message
        The thing, the rule, the value got and the way out.
    """

    path: Path
    line: int
    rule: str
    message: str

    def text(self, root: Path | None = None) -> str:
        """Write ``file:line: message [rule]``, the file relative to ``root`` where it is inside."""
        return f"{shown(self.path, root)}:{self.line}: {self.message} [{self.rule}]"


def shown(path: Path, root: Path | None) -> str:
    """Name a file relative to the project where it lies inside it."""
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.as_posix()


def nearest(name: str, known: Iterable[str]) -> str:
    """Give ``"; did you mean 'x'?"``, or an empty text when nothing known is close."""
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def refuse(problems: Iterable[Problem], root: Path | None = None) -> None:
    """Raise one error that lists every problem, or return when there is none.

    Raises
    ------
    ReportError
        If ``problems`` is not empty.
    """
    found = sorted(set(problems))
    if not found:
        return
    count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
    lines = "\n".join(f"  {problem.text(root)}" for problem in found)
    raise ReportError(f"the report's source has {count}; nothing was rendered\n{lines}")
