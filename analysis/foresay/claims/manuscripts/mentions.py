"""The numbers of a manuscript's prose and tables, each with its sentence and place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from foresay.claims.manuscripts.lines import Lines
from foresay.claims.manuscripts.passages import Passage, Stretch
from foresay.claims.manuscripts.passed_over import passed_over
from foresay.claims.manuscripts.reading import Manuscript
from foresay.claims.printed import Printed, Unit
from foresay.claims.statements import Statement, find_statements

_END = re.compile(r"[.!?][\"'\u201d\u2019)\]]{0,2}\s+(?=[\"'\u201c\u2018(\[]{0,2}[A-Z0-9])")
_SHORT = re.compile(
    r"(?:\b(?:al|vs|cf|ca|e\.g|i\.e|etc|Figs?|figs?|Tabs?|Secs?|Eqs?|App|Nos?|no|pp?|resp|Dr|St|Ch|Vol)|\b[A-Z])\.$"
)
_PERCENT = re.compile(r"%|\bpercent\b|\bper cent\b", re.IGNORECASE)
_POINTS = re.compile(r"\bpoints\b|\bpp\b", re.IGNORECASE)
_N = re.compile(
    r"(?:n|no\.?|number|count)(?:[ _](?:of )?(\w+))?|(items|trials|clusters|predictions)",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\s(?:(?:held-out|test|training|distinct|unique|paired|valid|compliant)\s)?"
    r"(items|trials|clusters|predictions|prompts|questions|responses|answers|samples|tasks|examples|pairs)\b"
)
_LEVEL = re.compile(
    r"[\s-]{0,2}(?:(?:bootstrap|percentile)\s)?(?:CIs?\b|confidence|credible|intervals?\b)"
)
HIDDEN = "\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, or a row of a table.

    Parameters
    ----------
    passage : Passage
        That it belongs to.
    start, end : int
        Where it stands in the passage's text.
    text : str
        As it is printed, on one line.
    """

    passage: Passage
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A number of a manuscript, with what is printed about it.

    Parameters
    ----------
    statement : Statement
        The number, its interval or half-width.
    sentence : Sentence
        That it stands in.
    counts : str
        What it counts, where it says so: a noun, or "n"; else "".
    line : int
        Of the file, from 1; 0 where not known.
    """

    statement: Statement
    sentence: Sentence
    counts: str = ""
    line: int = 0

    @property
    def number(self) -> Printed | None:
        """The number itself; None for an interval or range without one."""
        return self.statement.value

    @property
    def printed(self) -> str:
        """As it is printed."""
        one, whole = self.statement, self.sentence.passage.text
        closed = one.kind == "interval" and whole[one.end : one.end + 1] in ("]", ")")
        alone = closed and one.value is None and whole[max(one.start - 1, 0)] in "[("
        return " ".join(whole[one.start - alone : one.end + closed].split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is compared: sentences, numbers, how many were passed over, and lines of the file."""

    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    passed_over: tuple[tuple[str, int], ...]
    lines: Lines


def mentions_of(manuscript: Manuscript) -> Text:
    """Return the sentences and numbers of a manuscript.

    Numbers of code, equations, headings, citations, references, years, dates, versions and
    addresses are counted and left out.
    """
    sentences: list[Sentence] = []
    mentions: list[Mention] = []
    counted: Counter[str] = Counter()
    lines = Lines(manuscript.text)
    for passage in manuscript.passages:
        text = _shown(passage, counted)
        parts = list(_sentences(passage, text))
        sentences += parts
        at = 0
        for found in _stated(passage, _grouped(passage, text)) if parts else ():
            if found.kind == "number" and _LEVEL.match(text, found.end):
                counted["level of an interval"] += 1
                continue
            while at + 1 < len(parts) and found.start >= parts[at].end:
                at += 1
            mentions.append(
                Mention(
                    statement=_in_units(passage, found),
                    sentence=parts[at],
                    counts=_counts(passage, found),
                    line=lines.of(passage.text, found.start, found.end),
                )
            )
    order = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return Text(
        sentences=tuple(sentences), mentions=tuple(mentions), passed_over=tuple(order), lines=lines
    )


_GROUPS = re.compile(r"\s*[1-9][0-9]{0,2}(?:(?P<mark>[ '\u2019])[0-9]{3})(?:(?P=mark)[0-9]{3})*\s*")
_THIN = str.maketrans(dict.fromkeys(" '\u2019", "\u2009"))


def _grouped(passage: Passage, text: str) -> str:
    """Let a space or apostrophe group thousands where a mark is around that number alone."""
    for mark in passage.marks:
        if mark.start < mark.end and _GROUPS.fullmatch(text, mark.start, mark.end):
            said = text[mark.start : mark.end]
            begin = mark.start + len(said) - len(said.lstrip())
            said = said.strip().translate(_THIN)
            text = text[:begin] + said + text[begin + len(said) :]
    return text


def _stated(passage: Passage, text: str) -> Iterator[Statement]:
    """Yield the statements of a passage; a range with a mark on one of its ends is two numbers."""
    for one in map(_named, find_statements(text)):
        if one.kind == "range" and any(_cuts(mark, one) for mark in passage.marks):
            for end in (one.low, one.high):
                if end is not None:
                    yield Statement(kind="number", value=end, start=end.start, end=end.end)
        else:
            yield one


_NAMES = re.compile(r"(?!(?:is|of|be|at|to|in|by|or|as)$)\w{1,2}|[pn]_\w+", re.IGNORECASE)


def _named(statement: Statement) -> Statement:
    """Leave out a word before a relation that is no name, as in "reached ≈ 62.3 %"."""
    number = statement.value
    if number is None or number.relation == "=" or _NAMES.fullmatch(number.name or "p"):
        return statement
    cut = len(number.text) - len(number.text[len(number.name) :].lstrip("$ \t\n"))
    value = replace(number, text=number.text[cut:], name="", start=number.start + cut)
    start = value.start if statement.start == number.start else statement.start
    return replace(statement, value=value, start=start)


def _cuts(mark: Stretch, found: Statement) -> bool:
    if found.low is None or found.high is None:
        return False
    if mark.start == mark.end:
        return found.low.end <= mark.start <= found.high.start
    ends = (found.low, found.high)
    return sum(mark.start < end.end and end.start < mark.end for end in ends) == 1


def _shown(passage: Passage, counted: Counter[str]) -> str:
    """Return the text with what is passed over hidden, at its length; count its numbers."""
    text = passage.text
    hidden = [
        one
        for one in passed_over(passage)
        if one.said != "year" or not any(_holds(mark, one) for mark in passage.marks)
    ]
    if not hidden:
        return text
    reasons: list[str] = [""] * len(text)
    for one in reversed(hidden):
        reasons[one.start : one.end] = [one.said] * (one.end - one.start)
    for number in _digits(text):
        if why := next((r for r in reasons[number.start : number.end] if r), ""):
            counted[why] += 1
    return "".join(HIDDEN if why else letter for letter, why in zip(text, reasons, strict=True))


def _holds(mark: Stretch, year: Stretch) -> bool:
    """Whether a mark is around what looks like a year, or right behind it."""
    return mark.start <= year.end <= max(mark.end, mark.start + 1) and mark.end >= year.end


_RUN = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def _digits(text: str) -> Iterator[Stretch]:
    for found in _RUN.finditer(text):
        yield Stretch(found.start(), found.end(), "")


def _sentences(passage: Passage, text: str) -> Iterator[Sentence]:
    if not passage.marks and not text.replace(HIDDEN, " ").strip():
        return
    start = 0
    if passage.kind != "table":
        for found in _END.finditer(text):
            if _SHORT.search(text[max(start, found.start() - 8) : found.start() + 1]):
                continue
            yield _sentence(passage, start, found.end())
            start = found.end()
    if start < len(text):
        yield _sentence(passage, start, len(text))


def _sentence(passage: Passage, start: int, end: int) -> Sentence:
    text = " ".join(passage.text[start:end].split()).strip(" |")
    return Sentence(passage=passage, start=start, end=end, text=text)


def _heading(passage: Passage, at: int) -> str:
    return next((c.said for c in passage.columns if c.start <= at < c.end), "")


def _in_units(passage: Passage, statement: Statement) -> Statement:
    """Give numbers of a table the unit that their heading says."""
    heading = _heading(passage, statement.start)
    unit: Unit = ""
    if _POINTS.search(heading):
        unit = "points"
    elif _PERCENT.search(heading):
        unit = "percent"
    value, low, high, half = (
        None if one is None else one.in_unit(unit)
        for one in (statement.value, statement.low, statement.high, statement.half_width)
    )
    return replace(statement, value=value, low=low, high=high, half_width=half)


def _counts(passage: Passage, statement: Statement) -> str:
    number = statement.value
    if number is None or number.unit or number.exact.denominator != 1:
        return ""
    if number.name.lower() == "n":
        # a column of n goes before what the label of a row says
        return "" if any(_N.fullmatch(c.said.strip()) for c in passage.columns) else "n"
    if number.name:
        return ""
    if passage.kind == "table":
        found = _N.fullmatch(_heading(passage, statement.start).strip())
        return (found[1] or found[2] or "n").lower() if found else ""
    noun = _NOUN.match(passage.text, statement.end)
    return noun[1] if noun else ""
