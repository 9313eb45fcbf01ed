"""The check of a manuscript as text and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from foresay.claims.manuscripts.finding import OUTCOMES, RULES, Finding, Outcome
from foresay.display import count, frame_table, visible

if TYPE_CHECKING:
    from foresay.claims.manuscripts.result import ManuscriptCheck

_LONGEST = 160
_COLUMNS = ("found", "claim", "link", "printed", "fits", "where", "why", "sentence")


def headline(found: ManuscriptCheck) -> str:
    """Return the result in one line."""
    counts = found.counts()
    parts = [f"{count(counts[outcome])} {words}" for outcome, words in _COUNTED.items()]
    return f"{visible(found.name)}: {count(found.numbers)} numbers; {', '.join(parts)}"


_COUNTED: Mapping[Outcome, str] = {
    "differs": "differ",
    "may differ": "may differ",
    "agrees": "agree with a claim",
    "no claim": "without a claim",
    "nowhere": "claims nowhere printed",
}


def text(found: ManuscriptCheck) -> str:
    """Return the check as plain text: the result, then every finding but those that agree."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: ManuscriptCheck) -> Iterator[str]:
    yield headline(found)
    for outcome in OUTCOMES[:-1]:
        for one in found.findings:
            if one.outcome == outcome:
                yield ""
                yield f"{outcome}: {_about(one)}"
                if one.reason:
                    yield f"  {visible(one.reason)}"
                if one.sentence:
                    yield f"  {_cut(visible(one.sentence))}"
    if found.passed_over:
        yield ""
        yield f"passed over: {_passed_over(found)}"
    yield from (visible(note) for note in found.notes)


def _about(one: Finding) -> str:
    parts = [one.claim and f"claim {one.claim}", one.printed, _place(one), _link(one)]
    return visible(" · ".join(part for part in parts if part))


def _place(one: Finding) -> str:
    return f"{one.place}, line {one.line}" if one.line else one.place


def _link(one: Finding) -> str:
    return f"proposed, confidence {one.confidence:.2f}" if one.how == "proposed" else one.how


def _passed_over(found: ManuscriptCheck) -> str:
    return ", ".join(f"{count(n)} {why}" for why, n in found.passed_over)


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_LONGEST]}…"


def page(found: ManuscriptCheck) -> str:
    """Return the check as a page that needs no other file."""
    import pandas as pd

    cells = [
        (
            *(one.outcome, one.claim, _link(one), one.printed, one.expected),
            *(_place(one), one.reason or RULES[one.rule], one.sentence),
        )
        for one in found.findings
    ]
    frame = pd.DataFrame(cells, columns=list(_COLUMNS))
    notes = [headline(found), *found.notes]
    if found.passed_over:
        notes.insert(1, f"passed over: {_passed_over(found)}")
    table = frame_table(frame, labels=dict(zip(_COLUMNS, _COLUMNS, strict=True)), notes=notes)
    return table.titled(f"Numbers of {visible(found.name)}", "tbl-manuscript").page()
