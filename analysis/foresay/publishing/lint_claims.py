"""Rules for pages that print claims: known ids, words that verdicts allow, numbers with a claim."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from foresay.claims import Claim, read_ledger
from foresay.claims.judged import Judged
from foresay.claims.ledger import FILE
from foresay.claims.manuscripts import too_much_said
from foresay.claims.manuscripts.passages import Passage
from foresay.claims.manuscripts.passed_over import passed_over
from foresay.claims.verdicts import Verdict
from foresay.publishing.lint_prose import literal_numbers
from foresay.publishing.masking import code_masked, prose_masked
from foresay.publishing.problems import Problem, nearest
from foresay.publishing.prose import verbatim
from foresay.publishing.qmd import INLINE, Document, Line, Prose

_END = re.compile(r"(?<=[.!?])(?:[\"')\]*_]*)\s+(?=[\"'(\[*_]*(?:[A-Z\u0000]|`))")
_WAY_OUT = 'print it with `{python} claim("id")`'
_SHORT = re.compile(r"\b(?:e\.g|i\.e|cf|vs|etc|al|Fig|Sec|Tab|Eq|approx|resp)\.$")


def ledger_beside(study_file: Path) -> dict[str, Claim]:
    """Return the claims of a study; none where it has no ledger."""
    file = study_file.parent / FILE
    return dict(read_ledger(file).claims) if file.is_file() else {}


def unknown(document: Document, claims: Mapping[str, Claim]) -> Iterator[Problem]:
    """Find calls of `claim` with an id that the ledger does not know."""
    for line, code in _code(document):
        for name in called(code):
            if claims and name not in claims:
                message = f"the ledger has no claim {name!r}{nearest(name, claims)}"
                yield line.problem("claim", message)
            elif not claims:
                message = f"claim {name!r}: the study has no {FILE}; write one beside its file"
                yield line.problem("claim", message)


def overstated(
    document: Document, claims: Mapping[str, Claim], verdicts: Mapping[str, Verdict]
) -> Iterator[Problem]:
    """Find sentences that say more of the claims they print than the verdicts allow."""
    judged = {name: Judged(verdict=verdict) for name, verdict in verdicts.items()}
    for line, sentence, names in sentences(document):
        held = {name: claims[name] for name in names if name in claims}
        for _, name, why in too_much_said(sentence, held, judged) if held else ():
            message = f"the sentence says {why}: {name!r}; say what the data show"
            yield line.problem("claim-words", message)


def unclaimed(document: Document) -> Iterator[Problem]:
    """Find literal numbers in prose, behind which there is no claim; a year is no such number."""
    for prose in document.prose:
        for line, text in code_masked(prose.lines):
            for number in literal_numbers(_results(prose_masked(text))):
                message = f"{number!r} is a number without a claim; {_WAY_OUT}"
                yield line.problem("number-without-claim", message)


def _results(text: str) -> str:
    """Return a line with numbers blanked that are no results: years, dates, references."""
    passage = Passage(kind="paragraph", section="", number=1, text=text)
    for found in passed_over(passage):
        text = text[: found.start] + " " * (found.end - found.start) + text[found.end :]
    return text


def sentences(document: Document) -> Iterator[tuple[Line, str, tuple[str, ...]]]:
    """Yield the sentences that print claims: where the first stands, the words, the ids."""
    for prose in document.prose:
        for lines in _paragraphs(prose):
            yield from _of_paragraph(lines)


def called(code: str) -> list[str]:
    """Return the ids with which `claim` is called in some code; none of code that is no Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    return [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) == "claim"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def _code(document: Document) -> Iterator[tuple[Line, str]]:
    for prose in document.prose:
        for line, shown in zip(prose.lines, verbatim(prose.lines), strict=True):
            for found in () if shown else INLINE.finditer(line.text):
                yield line, found["expression"]
    for cell in document.cells:
        yield cell.opening, cell.code


def _paragraphs(prose: Prose) -> Iterator[list[Line]]:
    """Yield lines that stand together: without an empty line, a heading or a fence between."""
    found: list[Line] = []
    for line, shown in zip(prose.lines, verbatim(prose.lines), strict=True):
        apart = re.match(r"\s*(?:$|#|:::|[-*+]\s|\d+[.)]\s|\|)", line.text)
        if shown or apart:
            yield found
            found = []
        if not shown and line.text.strip():
            found.append(line)
    yield found


def _of_paragraph(lines: list[Line]) -> Iterator[tuple[Line, str, tuple[str, ...]]]:
    text = "\n".join(INLINE.sub(_placeholder, line.text) for line in lines)
    calls = [(line, found["expression"]) for line in lines for found in INLINE.finditer(line.text)]
    waiting = iter(calls)
    for sentence in _split(text):
        held = [next(waiting) for _ in range(sentence.count("\u0000"))]
        names = tuple(dict.fromkeys(name for _, code in held for name in called(code)))
        if names:
            first = next(line for line, code in held if called(code))
            yield first, " ".join(sentence.replace("\u0000", " ").split()), names


def _placeholder(_: re.Match[str]) -> str:
    return "\u0000"


def _split(text: str) -> Iterator[str]:
    """Cut a paragraph into sentences; a full stop of a short form does not end one."""
    start = 0
    for end in _END.finditer(text):
        if not _SHORT.search(text[: end.start()]):
            yield text[start : end.end()]
            start = end.end()
    yield text[start:]
