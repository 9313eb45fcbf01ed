"""Lines of prose: which of them are verbatim, and the inline expressions in the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foresay.publishing.qmd import FENCE, INLINE, Line, Prose


def verbatim(lines: Sequence[Line]) -> list[bool]:
    """Say of each line whether it belongs to a fenced block of code that is only shown."""
    flags: list[bool] = []
    fence = ""
    for line in lines:
        found = FENCE.match(line.text)
        if fence:
            flags.append(True)
            closes = found and found["fence"].startswith(fence) and not found["info"].strip()
            fence = "" if closes else fence
        elif found and not (found["fence"][0] == "`" and "`" in found["info"]):
            flags.append(True)
            fence = found["fence"]
        else:
            flags.append(False)
    return flags


def inline_expressions(prose: Prose) -> Iterator[tuple[Line, str]]:
    """Each inline Python expression of a block, in order, with its line."""
    for line, shown in zip(prose.lines, verbatim(prose.lines), strict=True):
        if not shown:
            for found in INLINE.finditer(line.text):
                yield line, found["expression"]


def with_inline(prose: Prose, values: Sequence[str]) -> list[str]:
    """Put the Markdown of each inline expression in its place; gives the lines' text."""
    waiting = iter(values)
    texts = []
    for line, shown in zip(prose.lines, verbatim(prose.lines), strict=True):
        texts.append(line.text if shown else INLINE.sub(lambda _: next(waiting), line.text))
    return texts
