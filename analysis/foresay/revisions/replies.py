"""A reply in words: the paragraph of a letter, its numbers filled in from the rows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from foresay.display import escape_markdown, listing, plural
from foresay.errors import ChoiceError
from foresay.revisions.before_after import before_after_table, names_of, numbers_of, records
from foresay.revisions.changes import change_in_words
from foresay.revisions.claim_verdicts import claims_table, shown
from foresay.revisions.reanalysis import Reanalysis
from foresay.study.requests import PLACEHOLDER, Request, placed

_MOST = 4


def paragraph(frame: pd.DataFrame, changes: Sequence[tuple[str, str, str]]) -> str:
    """Return what a change does to the numbers it concerns, in neutral words.

    Parameters
    ----------
    frame : DataFrame
        As `foresay.revisions.reanalysis.Reanalysis.frame`.
    changes : sequence of (str, str, str)
        What was changed.
    """
    rows = records(frame)
    names = names_of(rows)
    both = [n for n, row in enumerate(rows) if not math.isnan(row["difference"])]
    said = [f"Computed anew ({change_in_words(changes)})."]
    moved = [n for n in both if rows[n]["difference"] != 0]
    if both and not moved:
        every = "The one number is" if len(both) == 1 else f"All {plural(len(both), 'number')} are"
        said.append(f"{every} the same as before, the difference being exactly 0.")
    elif both:
        said.append(_moved(rows, names, both, moved))
    widths = [n for n in both if n not in moved and _other_interval(rows[n])]
    if widths:
        said.append(f"{plural(len(widths), 'interval')} changed where the value did not.")
    said.append(_verdicts(rows, names, both))
    said += _new_and_gone(rows, names)
    return " ".join(one for one in said if one)


def _moved(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], both: Sequence[int], moved: list[int]
) -> str:
    largest = max(moved, key=lambda n: (abs(rows[n]["difference"]), -n))
    told = numbers_of(rows[largest])
    if len(both) == 1:
        start = f"{names[largest]}"
    else:
        every = len(moved) == len(both)
        count = f"All {len(both)}" if every else f"{len(moved)} of {len(both)}"
        start = f"{count} numbers moved; the one that moved most, {names[largest]},"
    return (
        f"{start} is {told['after']}, where it was {told['before']} "
        f"(difference {told['difference']})."
    )


def _other_interval(row: Mapping[str, Any]) -> bool:
    ends = [(row[f"before_{end}"], row[f"after_{end}"]) for end in ("low", "high")]
    return any(a != b and not (math.isnan(a) and math.isnan(b)) for a, b in ends)


def _verdicts(rows: Sequence[Mapping[str, Any]], names: Sequence[str], both: Sequence[int]) -> str:
    """Say which verdicts changed, each with its numbers."""
    changed = [n for n in both if rows[n]["changed"]]
    if not both:
        return ""
    if not changed:
        return "No sign, significance or equivalence changed."
    parts = []
    for n in changed[:_MOST]:
        told = numbers_of(rows[n])
        what = rows[n]["changed"].replace(", ", " and ")
        parts.append(f"{what} of {names[n]} ({told['before']} before, {told['after']} after)")
    more = len(changed) - _MOST
    rest = f", and that of {more} more" if more > 0 else ""
    return f"Verdicts changed in {len(changed)} of {len(both)}: {listing(parts)}{rest}."


def _new_and_gone(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[str]:
    new = [n for n, row in enumerate(rows) if math.isnan(row["before"])]
    gone = [n for n, row in enumerate(rows) if math.isnan(row["after"])]
    said = [
        f"{names[n]}, not in the version, is {numbers_of(rows[n])['after']}."
        for n in [n for n in new if n not in gone][:_MOST]
    ]
    said += [
        f"{names[n]} has no value any more: {rows[n]['note']}."
        for n in [n for n in gone if n not in new][:_MOST]
    ]
    return said


def filled(reply: str, frame: pd.DataFrame) -> str:
    """Return the authors' own words with the numbers of the rows in place of placeholders.

    Raises
    ------
    ChoiceError
        A placeholder names a row that the table has not.
    """
    rows = records(frame)

    def number(found: re.Match[str]) -> str:
        name, row = placed(found)
        if row >= len(rows):
            raise ChoiceError(
                f"reply: {found[0]} is of row {row + 1}, and the table has "
                f"{plural(len(rows), 'row')}"
            )
        return numbers_of(rows[row])[name]

    return PLACEHOLDER.sub(number, reply)


def write_reply(
    folder: Path, request: Request, made: Reanalysis, paragraphs: Sequence[str]
) -> None:
    """Write the tables of a reply, and the reply as Markdown, into its folder."""
    table = before_after_table(made.frame, "table")
    table.save(folder)
    if len(made.claims):
        claims_table(made.claims).save(folder)
    printed = shown(made.claims, named=made.named)
    question = escape_markdown(" ".join(request.question.split()))
    parts = [
        f"# {escape_markdown(request.id)}, {request.asked_by}",
        f"> {question}",
        *(escape_markdown(" ".join(text.split())) for text in paragraphs if text),
        table.markdown().rstrip(),
        *([claims_table(printed).markdown().rstrip()] if len(printed) else []),
        "![Before and after](before-and-after.svg)",
    ]
    text = "\n\n".join(parts) + "\n"
    (folder / "reply.md").write_text(text, encoding="utf-8", newline="")
