"""The hash of the code that a number depends on: its statements, not its comments or docstrings."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

INFERENCE = (
    *(f"analysis/foresay/counts/{name}.py" for name in ("crossed", "groups", "layout", "nested")),
    "analysis/foresay/counts/patterns.py",
    *(f"analysis/foresay/measures/{name}.py" for name in ("accuracy", "kinds", "macro", "measure")),
    "analysis/foresay/resampling",
    "tests/validity/study.py",
)
COMPARISONS = (*INFERENCE, "analysis/foresay/comparisons")


@cache
def fingerprint(places: tuple[str, ...]) -> str:
    """Return one hash of all Python files at some places, from the root of the project.

    Taken once in a process: what was imported is what is meant, whatever is edited meanwhile.
    """
    digest = hashlib.sha256()
    for path in sorted(_files(places)):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(statements(path.read_text(encoding="utf-8")).encode())
    return digest.hexdigest()[:16]


def _files(places: tuple[str, ...]) -> Iterable[Path]:
    for place in places:
        path = ROOT / place
        yield from (path.rglob("*.py") if path.is_dir() else [path])


@cache
def statements(source: str) -> str:
    """Return the lines of some code without docstrings, comments on lines of their own, and blanks.

    Examples
    --------
    >>> statements('# why' + chr(10) + 'x = 1' + chr(10))
    'x = 1'
    """
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        # a string that is a statement is a docstring, of a constant too
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    kept = (line.rstrip() for line in lines)
    return "\n".join(line for line in kept if line and not line.lstrip().startswith("#"))
