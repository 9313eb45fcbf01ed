"""Rules for prose: what both engines cannot render alike, and literal numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from foresay.publishing.assembly import looked_up
from foresay.publishing.masking import code_masked, prose_masked
from foresay.publishing.metadata import merged
from foresay.publishing.problems import Problem, nearest
from foresay.publishing.prose import inline_expressions, verbatim
from foresay.publishing.qmd import Document, Line, Prose
from foresay.publishing.vocabulary import (
    CONDITIONS,
    DIV_CLASSES,
    FORMATS,
    OTHER_REFERENCES,
    SHORTCODES,
)

_HTML = re.compile(r"(?<!\\)</?[A-Za-z][^>]*>|(?<!\\)<!(?!--)[A-Za-z]")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^>\s]*>")
_LATEX = re.compile(r"(?<!\\)\\[A-Za-z]+")
_RAW = re.compile(r"\{=\w+\}")
_SHORTCODE = re.compile(r"\{\{<\s*(?P<name>[\w-]+)\s*(?P<rest>[^>]*?)\s*>\}\}")
_DIV = re.compile(r"^\s*(?P<colons>:{3,})\s*(?P<info>.*?)\s*:*\s*$")
_CLASS = re.compile(r"(?<![\w\"'])\.([\w-]+)")
_CONDITION = re.compile(r"\b((?:when|unless)-[\w-]+)\s*=\s*\"?([^\s\"}]*)")
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d.,]*%?")
_SPAN = re.compile(r"\]\{(?P<info>[^{}]*)\}")
_OTHER_INLINE = re.compile(r"(?<!`)`\{(?!python\})(?P<language>[A-Za-z]\w*)\}\s[^`]*`")
_IDENTIFIER = re.compile(r"#([\w-]+)")
_UNFINISHED = re.compile(r"`\{python\}[^`]*$")
_REMOTE = re.compile(r"!\[[^\]]*\]\((?:https?:)?//")
_OUT = {
    "column-margin": "margin layout is not supported",
    "aside": "margin layout is not supported",
}


def check(
    document: Document,
    project: Mapping[str, object],
    variables: Mapping[str, object],
    *,
    house_rules: bool,
) -> Iterator[Problem]:
    """Check every line of prose."""
    metadata = merged(project, document.front, {}, "html")
    for prose in document.prose:
        yield from _shortcodes(prose, metadata, variables)
        yield from _expressions(prose)
        for line, text in code_masked(prose.lines):
            yield from _raw(line, text)
            if house_rules:
                yield from _numbers(line, prose_masked(text))
    yield from _divs(document)


def _raw(line: Line, text: str) -> Iterator[Problem]:
    for found in _HTML.finditer(_AUTOLINK.sub("", text)):
        message = f"raw HTML {found[0]!r} is not supported; write Markdown, or '\\<' for the sign"
        yield line.problem("raw-html", message)
    for found in _LATEX.finditer(text):
        message = f"raw LaTeX {found[0]!r} is not supported outside of maths"
        yield line.problem("raw-latex", message)
    if raw := _RAW.search(line.text):
        yield line.problem("raw-block", f"raw output {raw[0]!r} is not supported")
    if _REMOTE.search(text):
        yield line.problem("remote-picture", "a picture from elsewhere; save it beside the report")
    for span in _SPAN.finditer(text):
        yield from _span(line, span["info"])
    if other := _OTHER_INLINE.search(line.text):
        message = f"inline {{{other['language']}}} cannot be run here; only {{python}} can"
        yield line.problem("inline", message)
    if _UNFINISHED.search(line.text):
        message = "an inline expression must begin and end on the same line"
        yield line.problem("inline", message)


def literal_numbers(text: str) -> list[str]:
    """Return the numbers that a line of masked prose prints itself."""
    return [found[0] for found in _NUMBER.finditer(text)]


def _numbers(line: Line, text: str) -> Iterator[Problem]:
    for number in literal_numbers(text):
        message = (
            f'literal number {number!r} in prose; print it with `{{python}} value("id")`, so '
            "that it stays true when the data change"
        )
        yield line.problem("literal-number", message)


def _shortcodes(
    prose: Prose, metadata: Mapping[str, object], variables: Mapping[str, object]
) -> Iterator[Problem]:
    for line, shown in zip(prose.lines, verbatim(prose.lines), strict=True):
        for found in () if shown else _SHORTCODE.finditer(line.text):
            name, rest = found["name"], found["rest"]
            if name not in SHORTCODES:
                message = f"shortcode {name!r} is not supported{nearest(name, SHORTCODES)}"
                yield line.problem("shortcode", message)
            elif name == "include":
                yield line.problem("include", "an include must stand alone on its line")
            elif looked_up(metadata if name == "meta" else variables, rest) is None:
                where = "the front matter" if name == "meta" else "_variables.yml"
                yield line.problem("shortcode", f"{name} {rest!r} is not set in {where}")


def _expressions(prose: Prose) -> Iterator[Problem]:
    for line, text in inline_expressions(prose):
        try:
            ast.parse(text, mode="eval")
        except SyntaxError as error:
            yield line.problem("inline", f"`{text}` is not a Python expression: {error.msg}")


def _divs(document: Document) -> Iterator[Problem]:
    """Follow the fences of divs over the whole report; cells may stand inside them."""
    open_: list[tuple[Line, str]] = []
    lines = [line for prose in document.prose for line in prose.lines]
    for line, shown in zip(lines, verbatim(lines), strict=True):
        found = None if shown else _DIV.match(line.text)
        if not found:
            continue
        if not found["info"]:
            if not open_:
                yield line.problem("div", f"{found['colons']} closes nothing")
            else:
                open_.pop()
            continue
        yield from _div(line, found["info"], [info for _, info in open_])
        open_.append((line, found["info"]))
    for line, info in open_:
        yield line.problem("div", f"'::: {info}' is never closed; add a line ':::'")


def _div(line: Line, info: str, above: list[str]) -> Iterator[Problem]:
    classes = _CLASS.findall(info) if info.startswith("{") else [info.strip("{} ")]
    for name in classes:
        if name not in DIV_CLASSES:
            reason = _OUT.get(name, "is not in the supported subset")
            yield line.problem("div", f"div '.{name}' {reason}{nearest(name, DIV_CLASSES)}")
    for kind in (name.partition("-")[0] for name in _IDENTIFIER.findall(info)):
        if kind in OTHER_REFERENCES:
            yield line.problem("div", f"a div of {kind}- (theorems and listings) is not supported")
    yield from _conditions(line, info, classes)
    html_only = any("content-visible" in each and "html" in each for each in above)
    if "panel-tabset" in classes and not html_only:
        message = (
            "a tab set becomes numbered sections in the PDF; put it into "
            "'::: {.content-visible when-format=\"html\"}'"
        )
        yield line.problem("tabset", message)


def _span(line: Line, info: str) -> Iterator[Problem]:
    classes = _CLASS.findall(info)
    for name in classes:
        if name in _OUT:
            yield line.problem("div", f"'.{name}' {_OUT[name]}")
    yield from _conditions(line, info, classes)


def _conditions(line: Line, info: str, classes: list[str]) -> Iterator[Problem]:
    conditions = _CONDITION.findall(info)
    for name, value in conditions:
        if name not in CONDITIONS:
            message = f"condition {name!r} is not known{nearest(name, CONDITIONS)}"
            yield line.problem("condition", message)
        elif name.endswith("format") and value not in FORMATS:
            hint = "; the PDF is made by 'typst'" if value == "pdf" else nearest(value, FORMATS)
            message = f"{name}={value!r}: must be one of {', '.join(sorted(FORMATS))}{hint}"
            yield line.problem("condition", message)
    if {"content-visible", "content-hidden"} & set(classes) and not conditions:
        yield line.problem("condition", f"{info!r} says no condition, such as when-format")
