"""Numbers of a manuscript that are no results, such as years, and those that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from foresay.claims.manuscripts.passages import Passage, Stretch

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]{0,6}\.?"
_YEAR = r"(?:19|20)[0-9]{2}[a-z]?"
_NUMBERED = (
    r"[Ss]ections?|[Ss]ecs?\.|§{1,2}|[Cc]hapters?|[Cc]h\.|[Ff]igures?|[Ff]igs?\.|[Tt]ables?|[Tt]abs?\."
    r"|[Aa]ppendix|[Aa]ppendices|[Ee]quations?|[Ee]qs?\.|[Pp]ages?|pp?\.|[Ll]ines?|[Ff]ootnotes?"
    r"|[Aa]lgorithms?|[Tt]heorems?|[Ll]emmas?|[Hh]ypothes[ie]s|[Ee]xperiments?|[Ss]tud(?:y|ies)"
    r"|[Vv]ol\.|[Nn]o\.|[Rr]efs?\."
)
_COUNTED = (
    r"(?:[\w-]{1,20}\s){0,2}(?:items|trials|clusters|predictions|prompts|questions|responses|answers"
    r"|replies|samples|tasks|examples|pairs|resamples|replicates|draws|tokens|words|runs|seeds|steps"
    r"|people|participants|rows|cells|hours|minutes|seconds|sentences|documents|completions|dialogues"
    r"|instances|observations|cases|labels|pages|characters|permutations|iterations|epochs|weights)\b"
)
DECIMAL_COMMA = "decimal comma"
MULTIPLE = "thousand or million in a word"
_ONE = r"[A-Z]?\.?[0-9]{1,4}(?:\.[0-9]{1,3}){0,3}[a-z]?(?![0-9])"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("address", re.compile(r"(?:https?://|www\.)\S+|\barXiv[: ]\s?[0-9]{4}\.[0-9]{4,5}\w{0,3}")),
    ("address", re.compile(r"\b(?:doi[: ]\s?)?10\.[0-9]{4,9}/\S+", re.IGNORECASE)),
    (
        "date",
        re.compile(
            rf"\b[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?![0-9])"
            rf"|\b[0-9]{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}\s{_YEAR}"
            rf"|\b{_MONTH}\s[0-9]{{1,2}}(?:,?\s{_YEAR})?(?![\w.])|\b{_MONTH}\s{_YEAR}\b"
        ),
    ),
    ("version", re.compile(r"\b[vV](?:ersion)?\.?[ ]?[0-9]+(?:\.[0-9]+){0,3}\b")),
    ("version", re.compile(r"\b[0-9]+(?:\.[0-9]+){2,9}\b")),
    (
        "reference",
        re.compile(
            rf"(?:\b|(?=§))(?:{_NUMBERED})[\s~]{{0,2}}\(?{_ONE}\)?"
            rf"(?:(?:,\s?|\s?[-\u2013]\s?|,?\sand\s|\sto\s){_ONE}(?![.]?[0-9%]|\s?%)){{0,6}}"
        ),
    ),
    (
        "citation",
        re.compile(
            rf"\([^()%=<>]{{0,80}}\b{_YEAR}(?:;[^()%=<>]{{0,80}}\b{_YEAR}){{0,8}}\)"
            rf"|\bet\sal\.,?\s\(?{_YEAR}\)?|(?<=[a-z], ){_YEAR}(?=[);])"
        ),
    ),
    (
        "citation",
        re.compile(
            r"(?<![0-9%] )(?<![0-9%])\[[1-9][0-9]{0,2}"
            r"(?:(?:,\s?|\s?[-\u2013]\s?)[1-9][0-9]{0,2}){0,8}\]"
        ),
    ),
    # a bare year of our time, unless something is counted or it is set against something
    (
        "year",
        re.compile(
            r"(?<![\w.,=<>≈~+\-\u2212\u2013/$])(?<![=<>≈~] )(?:199[0-9]|200[1-9]|20[1-3][0-9])"
            r"(?![\w%]|[.,:/\-\u2013][0-9])"
            r"(?!\s?(?:%|percent|per cent|points|of\b|out of|to\s[0-9]|\u2013|±|/|\(|\[))"
            rf"(?!\s{_COUNTED})"
        ),
    ),
    (
        "year",
        re.compile(
            rf"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]efore|[Aa]fter|[Dd]uring|[Bb]y|[Ff]rom|[Oo]f|[Yy]ear)\s{_YEAR}"
            r"(?=[.,;:)]|$|\s(?:and|to|we|the|a|as|by|in|on|this|that|when|it)\b)(?![.,][0-9])"
        ),
    ),
    (
        DECIMAL_COMMA,
        re.compile(
            r"(?<![\w.,])(?<![0-9]-)(?:[0-9]{1,40}|[0-9]{1,3}(?:\.[0-9]{3}){1,9})"
            r"(?:,(?:[0-9]{1,2}|[0-9]{4,40})|(?<![0-9]0)(?<=0),[0-9]{3})(?![0-9]|[.,][0-9])"
        ),
    ),
    (
        MULTIPLE,
        re.compile(
            r"(?<![\w.,])(?:[0-9]{1,40}(?:\.[0-9]{1,40})?|\.[0-9]{1,40})"
            r"(?:\s?-?(?:hundred|thousand|million|billion)\b|(?:k|K|M|bn)\b)"
        ),
    ),
)  # fmt: skip
_ENDS = re.compile(r"([0-9]+),([0-9]+)")


def passed_over(passage: Passage) -> Iterator[Stretch]:
    """Yield the stretches of a passage whose numbers are no results, each with the reason.

    The first of the reasons of a number counts. ``[3, 4]`` is a citation, unless a number stands
    before it, whose interval it then is. A bare year from 1990 to 2039, but for 2000, is one unless
    something is counted; any other needs a word that goes with years, so 2000 items stay a number.
    """
    # an outer element is noted after those within it
    yield from reversed(passage.skipped)
    for why, rule in _RULES:
        for found in rule.finditer(passage.text):
            if why == DECIMAL_COMMA and _is_ends(passage.text, found):
                continue
            yield Stretch(found.start(), found.end(), why)


def _is_ends(text: str, found: re.Match[str]) -> bool:
    """Whether it is an interval, as in ``[48,51]``: in brackets of its own, and in order."""
    ends = _ENDS.fullmatch(found[0])
    around = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
    return ends is not None and around in ("[]", "()") and int(ends[1]) < int(ends[2])
