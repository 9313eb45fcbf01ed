"""What moved between two versions, in words, for the terminal and for a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foresay.display import visible
from foresay.display.numbers import decimal, digits_for, style_of
from foresay.publishing.manifest import Difference
from foresay.revisions.differences import VersionDifferences
from foresay.revisions.rows import Key, RowChange, described

_MOST = 20
_KINDS = {"numbers": "only numbers", "changed": "changed", "added": "added", "gone": "gone"}


def row_name(table: str, row: Key) -> str:
    """Return what tells a row from all others, for a person."""
    return visible(f"{table}: " + ", ".join(described(row)))


def numbers(row: RowChange) -> tuple[str, str, str, str]:
    """Return before, after, the difference, and the difference in standard errors."""
    estimand = dict(row.row).get("estimand", "")
    bounded, signed = style_of(estimand)
    signed = signed or any(row.verdict)
    places = digits_for(_or_nan(row.low[0]), _or_nan(row.high[0]))
    ends = [
        f" [{decimal(low, places, bounded=bounded)}, {decimal(high, places, bounded=bounded)}]"
        if low is not None and high is not None
        else ""
        for low, high in zip(row.low, row.high, strict=True)
    ]
    before, after = (
        decimal(value, places, bounded=bounded, signed=signed) + end
        for value, end in zip(row.value, ends, strict=True)
    )
    units = row.moved_in_se
    moved = decimal(row.moved, places + 1, bounded=bounded, signed=True)
    return before, after, moved, decimal(units, 2, bounded=False, signed=True)


def remarks(row: RowChange) -> str:
    """Return the verdict, the interval and further columns of a row, where they differ."""
    said = []
    if row.verdict_changed:
        said.append(f"verdict: {row.verdict[0] or 'none'} -> {row.verdict[1] or 'none'}")
    if row.interval:
        said.append(f"the interval {row.interval}")
    if row.apart:
        said.append("the intervals do not overlap")
    said += [
        f"{column}: {_short(one)} -> {_short(two)}"
        for column, (one, two) in row.others.items()
        if column not in ("standard_error", "design_effect")
    ]
    return visible("; ".join(said))


def summary(found: VersionDifferences) -> str:
    """Return one sentence on what moved."""
    if not found.moved:
        return "nothing moved"
    counted = [
        (sum(bool(row.moved) for row in found.rows), "number", "moved"),
        (sum(row.verdict_changed for row in found.rows), "verdict", "changed"),
        (
            sum(bool(row.interval) for row in found.rows),
            "interval",
            "newly including or excluding 0",
        ),
        (len(found.rows_added), "row", "added"),
        (len(found.rows_gone), "row", "gone"),
        (len(found.figures.changed), "figure", "changed"),
        (len(found.text), "paragraph", "changed"),
    ]
    parts = [f"{n} {what}{'' if n == 1 else 's'} {did}" for n, what, did in counted if n]
    for name, part in found.parts():
        parts += [f"{name} {did}: {len(got)}" for did, got in _got(part.added, part.gone)]
    return ", ".join(parts) or "rows differ in columns besides the value"


def made_from(found: VersionDifferences) -> dict[str, list[Difference]]:
    """Return what the versions were made from where it differs, by heading."""
    headings = {
        "setting": "Settings", "choice": "Choices", "input": "Input files", "library": "Libraries",
    }  # fmt: skip
    by_heading = {
        heading: [each for each in found.made_from if each.kind == kind]
        for kind, heading in headings.items()
    }
    return {heading: each for heading, each in by_heading.items() if each}


def as_text(found: VersionDifferences, *, most: int | None = _MOST) -> str:
    """Return the differences as lines for a terminal, the first `most` of each kind.

    Everything that a study says is shown as it is, control characters made visible.
    """
    head = f"{found.before.name} -> {found.after.name}: {summary(found)}"
    lines = [visible(head), *(f"! {visible(note)}" for note in found.notes)]
    for heading, each in made_from(found).items():
        lines += _section(heading, [visible(one) for one in each], most)
    lines += _section("Rows, the one that moved most first", list(map(_row, found.rows)), most)
    for heading, rows in (("Rows added", found.rows_added), ("Rows gone", found.rows_gone)):
        lines += _section(heading, [row_name(*row) for row in rows], most)
    for name, part in found.parts():
        for did, got in (*_got(part.added, part.gone), ("changed", part.changed)):
            lines += _section(f"{name.capitalize()} {did}", list(map(visible, got)), most)
    texts = [
        f"{t.document}, {_KINDS[t.kind]}: " + " -> ".join(filter(None, (t.before, t.after)))
        for t in found.text
    ]
    lines += _section("Text", [visible(text) for text in texts], most)
    return "\n".join(lines)


def _row(row: RowChange) -> str:
    name = row_name(row.table, row.row)
    parts = []
    if row.moved:
        before, after, moved, units = numbers(row)
        size = f", {units} s.e." if row.moved_in_se is not None else ""
        parts.append(f"{before} -> {after} ({moved}{size})")
    elif any(one != two for one, two in (row.value, row.low, row.high)):
        parts.append(" -> ".join(numbers(row)[:2]))
    return f"{name}  {'; '.join(filter(None, [*parts, remarks(row)]))}".rstrip()


def _section(heading: str, lines: Sequence[str], most: int | None) -> Iterator[str]:
    if not lines:
        return
    yield f"{heading} ({len(lines)})"
    yield from (f"  {line}" for line in lines[:most])
    if most is not None and len(lines) > most:
        yield f"  and {len(lines) - most} more; --all, --format json or html shows them"


def _got(added: Sequence[str], gone: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    return [(did, got) for did, got in (("added", added), ("gone", gone)) if got]


def _short(cell: str) -> str:
    """Return a cell with four digits of a fraction; JSON has all of them."""
    try:
        return f"{float(cell):.4g}" if "." in cell or "e" in cell else cell or "none"
    except ValueError:
        return cell


def _or_nan(number: float | None) -> float:
    return float("nan") if number is None else number
