"""What an audit found, in sentences and as plain text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from foresay.claims.audit import SUMMARY, Audit
from foresay.claims.consistency import Finding
from foresay.claims.relations import Assessment
from foresay.claims.verdicts import WORST_FIRST
from foresay.display import count, frame_table, plural, visible

HEADS = ("Rule", "Possible", "Passed", "Differ", "Not possible")
"""Heads of the table of rules."""

UNLIKELY = 0.05
"""Chance of a coincidence up to which equal panels are named, though it is not ruled out."""

ABOUT = (
    "What was printed is held against itself. Where two numbers do not fit each other, that is "
    "arithmetic: it says neither which of them is meant nor why. Points that are split, "
    "weighted means and resampled intervals can differ in these ways too."
)


def headline(found: Audit) -> str:
    """Return how much was read, how many checks were possible and how many differ."""
    possible = sum(n["passed"] + n["differs"] for n in found.counts().values())
    said = f"{plural(found.estimates, 'estimate')} read; {plural(possible, 'check')} possible, "
    said += f"{count(len(found.differing))} of them differ"
    if found.assessments:
        said += f"; {plural(len(found.assessments), 'claim')}: {verdicts(found.assessments)}"
    return said


def verdicts(assessments: Sequence[Assessment]) -> str:
    """Return how many claims have each verdict, the best first."""
    given = Counter(one.verdict for one in assessments)
    return ", ".join(f"{count(given[v])} {v}" for v in reversed(WORST_FIRST) if given[v])


def left_out(found: Audit) -> list[tuple[str, str, int]]:
    """Return (rule, reason, times) of the checks that were not possible, in the rules' order.

    Panels that print the same are named where a coincidence is unlikely, if not ruled out.
    """
    open_ = [f for f in found.findings if f.verdict == "not possible"]
    reasons = Counter((f.rule, f"{_named(f)}{f.reason}") for f in open_)
    return [(rule, reason, times) for (rule, reason), times in reasons.items()]


def _named(one: Finding) -> str:
    unlikely = one.numbers.get("chance", 1.0) <= UNLIKELY
    return f"{one.arithmetic}; " if unlikely and one.arithmetic else ""


def columns_taken(found: Audit) -> list[tuple[str, str]]:
    """Return what each column was taken for: (what, columns)."""
    layout = found.layout
    taken = [(role.replace("_", " "), column) for role, column in layout.roles.items()]
    if "value" not in layout.roles:
        taken.append(("estimates", ", ".join(one.column for one in layout.measures)))
    sources = dict.fromkeys(one.n_from for one in found.reported if one.n_from)
    if sources:
        taken.append(("n is from", "; ".join(sources)))
    taken += [(one.kind, ", ".join(one.columns)) for one in layout.sums]
    if layout.labels:
        taken.append(("labels", ", ".join(layout.labels)))
    return taken


def how_read(found: Audit) -> str:
    """Return which column was read as what, and which no rule looks at, as one sentence.

    Labels are named too: a column of numbers that is a label by mistake takes part in no check.
    """
    layout, said = found.layout, []
    shared = {role: column for role, column in layout.roles.items() if role != "value"}
    for one in layout.measures:
        own = {role: c for role, c in one.besides.items() if shared.get(role) != c}
        parts = [_SAID.get(one.within, ""), *(f"{_role(role)} {c!r}" for role, c in own.items())]
        beside = ", ".join(part for part in parts if part)
        said.append(f"{one.column!r} ({beside})" if beside else f"{one.column!r}")
    estimates = f"estimates {_shown(said)}"
    about = [
        f"{_role(role)} {column!r}"
        for role, column in shared.items()
        if column not in layout.unused
    ]
    labels = [f"labels {_shown([repr(column) for column in layout.labels])}"] * bool(layout.labels)
    unused = _shown([repr(column) for column in layout.unused])
    end = f"; not used: {unused}" if layout.unused else ""
    return f"read as {', '.join([estimates, *about, *labels])}{end}"


_SAID = {"error": "with the standard error", "spread": "without the standard deviation"}
_MOST_COLUMNS = 12


def _shown(columns: Sequence[str]) -> str:
    return _listed(columns[:_MOST_COLUMNS], columns, ", ")


def _role(role: str) -> str:
    words = {"error": "standard error", "half_width": "interval or half-width", "k": "right items"}
    return words.get(role, role.replace("_", " "))


def text(found: Audit) -> str:
    """Return all of it but the checks that passed, for a terminal; control characters are seen."""
    table = frame_table(found.summary().rename(columns=dict(zip(SUMMARY, HEADS, strict=True))))
    claims = ["\n".join(_claim(one)) for one in found.assessments]
    parts = [
        f"{headline(found)}.",
        visible(f"Columns: {how_read(found)}."),
        *not_read(found),
        str(table),
    ]
    parts += [*_differing(found.differing), *claims, *_left_out(found)]
    return "\n\n".join(parts) + "\n"


def not_read(found: Audit, most: int = 20) -> list[str]:
    """Return which cells and rows were not read, each kind as one sentence."""
    said = []
    if found.unread:
        cells = [f"row {one.row}, {one.column}: {one.text[:40]!r}" for one in found.unread[:most]]
        said.append(
            f"{plural(len(found.unread), 'cell')} not read: {_listed(cells, found.unread)}."
        )
    if found.left_out:
        rows = [str(row) for row in found.left_out[:most]]
        said.append(
            f"{plural(len(found.left_out), 'row')} without an estimate left out: "
            f"{_listed(rows, found.left_out, ', ')}."
        )
    return [visible(one) for one in said]


def _listed(shown: Sequence[str], every: Sequence[object], between: str = "; ") -> str:
    more = len(every) - len(shown)
    return between.join(shown) + (f" and {count(more)} more" if more else "")


def _left_out(found: Audit) -> Iterator[str]:
    lines = [f"  {rule}: {reason} ({count(n)})" for rule, reason, n in left_out(found) if reason]
    if lines:
        yield "\n".join(["not possible:", *map(visible, lines)])


def _differing(findings: Sequence[Finding]) -> Iterator[str]:
    by_rule: dict[str, list[Finding]] = {}
    for one in findings:
        by_rule.setdefault(one.rule, []).append(one)
    for rule, members in by_rule.items():
        lines = [f"differs: {rule}"]
        for one in members:
            lines.append(f"  {visible('; '.join(one.rows))}")
            lines.append(f"    {visible(one.arithmetic)}")
            lines += [f"    {visible(one.reason)}"] * bool(one.reason)
        yield "\n".join(lines)


def _claim(one: Assessment) -> Iterator[str]:
    yield f"{one.verdict}: {visible(one.id)}, {visible(one.relation)}"
    if len(one.parts) > 1 or one.reason != one.verdict:
        yield f"  {visible(one.reason)}"
    for part in one.parts:
        said = f"{part.verdict}: " if len(one.parts) > 1 else ""
        yield f"    {said}{visible(part.arithmetic)}"
