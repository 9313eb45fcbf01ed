"""Rules for a report's front matter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping

from foresay.publishing.lint_cells import misused
from foresay.publishing.problems import Problem, nearest
from foresay.publishing.qmd import Document, Line
from foresay.publishing.vocabulary import (
    AUTHOR,
    EXECUTE,
    FORMAT_OPTIONS,
    FORMATS,
    FRONT_MATTER,
)

_MOVING_DATES = {"today", "now", "last-modified"}
_SPECIAL = {
    "params": "does nothing for Python; tag a cell with '#| tags: [parameters]'",
    "theorem": "theorems are not supported",
    "filters": "extensions and filters are not supported",
}
_SWITCHES = ("toc", "number-sections", "citeproc", "link-citations")


def check(document: Document) -> Iterator[Problem]:
    """Check every key of the front matter."""
    for key, line in document.front_lines.items():
        value = document.front.get(key)
        if key not in FRONT_MATTER:
            reason = _SPECIAL.get(key, "is not in the supported subset")
            message = f"front matter {key!r} {reason}{nearest(key, FRONT_MATTER)}"
            yield line.problem("front-matter", message)
        elif key in {"bibliography", "csl"}:
            yield from _files(document, line, key, value)
        elif key in _CHECKS:
            yield from _CHECKS[key](line, value)
        elif reason := misused(key, value):
            yield line.problem("front-matter", reason)
        elif key in _SWITCHES and not isinstance(value, bool):
            yield line.problem("front-matter", f"{key} must be true or false, got {value!r}")
    if "title" not in document.front:
        first = Line("", document.path, 1)
        yield first.problem("front-matter", "the report has no title; say 'title:' at its top")


def _depth(line: Line, value: object) -> Iterator[Problem]:
    if not isinstance(value, int) or not 1 <= value <= 6:
        yield line.problem("front-matter", f"toc-depth must be 1 to 6, got {value!r}")


def _lang(line: Line, value: object) -> Iterator[Problem]:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", value):
        yield line.problem("front-matter", f"lang is a tag such as en-GB, got {value!r}")


def _date(line: Line, value: object) -> Iterator[Problem]:
    if str(value) in _MOVING_DATES:
        message = f"date: {value} changes by itself; write the day, such as 2026-11-22"
        yield line.problem("date", message)
    elif not isinstance(value, dt.date) and not re.search(r"\d{4}", str(value)):
        yield line.problem("date", f"date {value!r} is not a day; write it as 2026-11-22")


def _formats(line: Line, value: object) -> Iterator[Problem]:
    formats = value if isinstance(value, Mapping) else {str(value): {}}
    for name, options in formats.items():
        if name not in FORMATS:
            hint = "; the PDF is made by 'typst'" if name == "pdf" else nearest(name, FORMATS)
            message = f"format {name!r} is not one of {', '.join(sorted(FORMATS))}{hint}"
            yield line.problem("format", message)
        for key in options if isinstance(options, Mapping) else {}:
            if key not in FORMAT_OPTIONS:
                message = f"option {key!r} of format {name} is not in the supported subset"
                yield line.problem("format", message + nearest(str(key), FORMAT_OPTIONS))


def _authors(line: Line, value: object) -> Iterator[Problem]:
    for author in value if isinstance(value, list) else [value]:
        for key in author if isinstance(author, Mapping) else {}:
            if key not in AUTHOR:
                message = f"author {key!r} is not one of {', '.join(sorted(AUTHOR))}"
                yield line.problem("author", message + nearest(str(key), AUTHOR))


def _execute(line: Line, value: object) -> Iterator[Problem]:
    for key, told in value.items() if isinstance(value, Mapping) else ():
        if key not in EXECUTE:
            message = f"execute option {key!r} is not one of {', '.join(sorted(EXECUTE))}"
            yield line.problem("execute", message + nearest(str(key), EXECUTE))
        elif reason := misused(key, told):
            yield line.problem("execute", f"execute option {reason}")


def _files(document: Document, line: Line, key: str, value: object) -> Iterator[Problem]:
    for name in value if isinstance(value, list) else [value]:
        if not (document.path.parent / str(name)).is_file():
            message = f"{key} {str(name)!r}: there is no such file beside {document.path.name}"
            yield line.problem("missing-file", message)


_CHECKS: Mapping[str, Callable[[Line, object], Iterator[Problem]]] = {
    "date": _date,
    "format": _formats,
    "author": _authors,
    "execute": _execute,
    "toc-depth": _depth,
    "lang": _lang,
}
