"""What ``auto`` takes and why, and where nothing holds: read from the sections of coverage."""

from __future__ import annotations

from collections.abc import Iterator

from validity.coverage_tables import coverage, error, intervals_for, size_of
from validity.study import Result, Results, Section
from validity.tables import counted, share, table

LEAST = 0.93
"""Below this coverage an interval does not hold."""

OPENING = """Least coverage of `auto` over the sizes and rates of each law, and the other interval
whose least coverage is highest, with its mean width against that of `auto`; the exact interval is
left out, which covers by its width alone. Where no cluster varies, what is taken is called `exact`,
the bound that remains; `none` is an interval that is undefined."""

SECTIONS = (
    "one_level",
    "hard_clusters",
    "stratified",
    "two_level",
    "two_way",
    "differences",
    "ratios",
    "macro_means",
)


def covered(results: Results) -> Iterator[Result]:
    """Yield the cases of all sections of coverage."""
    for name in SECTIONS:
        yield from results.get(name, ())


def of_design(results: Results) -> dict[str, list[Result]]:
    """Return the cases by design, in the order of the page."""
    found: dict[str, list[Result]] = {}
    for one in covered(results):
        found.setdefault(one["design"], []).append(one)
    return found


def lowest_and_width(found: list[Result], name: str) -> tuple[float, float]:
    """Return an interval's least coverage, and its mean width against that of ``auto``."""
    rows = [(one.row(interval=name), one.row(interval="auto")) for one in found]
    widths = [row["width"] / auto["width"] for row, auto in rows if row["width"] and auto["width"]]
    return min(coverage(row) for row, _ in rows), sum(widths) / max(len(widths), 1)


def failing(results: Results) -> list[Result]:
    """Return the cases in which ``auto`` covers less than `LEAST`, by more than one error."""
    rows = [(one, one.row(interval="auto")) for one in covered(results)]
    return [one for one, row in rows if coverage(row) + error(coverage(row), row["runs"]) < LEAST]


def silent(result: Result) -> float:
    """Return in which share of data sets ``auto`` missed and nothing was said."""
    row = result.row(interval="auto")
    return row["missed_in_silence"] / row["runs"]


def noted(result: Result) -> float:
    """Return in which share of data sets ``auto`` carries a warning or reason in words."""
    row = result.row(interval="auto")
    return row["noted"] / row["runs"]


def text(results: Results) -> str:
    """Return the section of the page."""
    designs = of_design(results)
    if not designs:
        return ""
    rows = [_row(design, found) for design, found in designs.items()]
    parts = [
        "## What `auto` takes, and why",
        OPENING,
        table(["law", "`auto` takes", "least", "next best", "least", "width"], rows, 2),
        "### Where nothing holds",
        _where_nothing_holds(results),
    ]
    return "\n\n".join(parts)


def _row(design: str, found: list[Result]) -> list[str]:
    taken: dict[str, int] = {}
    for one in found:
        for name, times in one.row(interval="auto")["taken"].items():
            taken[name] = taken.get(name, 0) + times
    total = sum(taken.values())
    said = ", ".join(
        f"`{name}` {share(times / total, 2)}"
        for name, times in sorted(taken.items(), key=lambda item: -item[1])
    )
    main = max(taken, key=taken.__getitem__)
    # the exact interval takes the trials of a cluster for copies, and covers by its width alone
    others = [n for n in intervals_for(design) if n not in ("auto", main, "exact")]
    lows = {name: lowest_and_width(found, name) for name in others}
    best = max(lows, key=lambda name: lows[name][0])
    own, _ = lowest_and_width(found, "auto")
    return [design, said, share(own), f"`{best}`", share(lows[best][0]), f"{lows[best][1]:.2f}"]


def _where_nothing_holds(results: Results) -> str:
    all_cases = list(covered(results))
    rows = [
        [
            one["design"],
            size_of(one),
            share(one["rate"], 3).rstrip("0"),
            share(coverage(one.row(interval="auto"))),
            share(noted(one), 2),
            share(silent(one)),
        ]
        for one in failing(results)
    ]
    words = (
        f"`auto` covers less than {share(LEAST, 2)} in {len(rows)} of "
        f"{counted(len(all_cases), 'case')}."
    )
    if not rows:
        return words
    head = ["law", "size", "rate", "coverage", "warned", "missed unwarned"]
    return (
        f"{words} There the note of the estimate should say so: the table has the share of data "
        "sets in which it holds a warning, and that in which the truth was missed without one.\n\n"
        f"{table(head, rows)}"
    )


SECTION = Section(name="automatic", text=text)
