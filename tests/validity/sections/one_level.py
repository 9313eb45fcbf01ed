"""Coverage for one proportion of clustered trials, against an independent table."""

from __future__ import annotations

from dataclasses import replace

from validity.coverage_tables import cases_of, coverage, covering_section, error
from validity.expected import TABLE, TABLE_RUNS
from validity.study import Results
from validity.tables import MISSING, share, table

_PLAIN = covering_section(
    "one_level",
    "One proportion, one level of clusters",
    "Beta-binomial clusters with an intra-cluster correlation of 1/3 and sizes uniform on 1 to 20.",
    [("", cases_of("one-level", 2_000, drawn=2_000))],
)


def against_the_table(results: Results) -> list[tuple[int, float, str, float, float, float]]:
    """Return clusters, rate, interval, our coverage, theirs, and the difference in errors of both.

    The error of theirs is that of the simulation and of its rounding to two digits.
    """
    rows = []
    for one in results["one_level"]:
        for name, theirs in TABLE.get((one["clusters"], one["rate"]), {}).items():
            row = one.row(interval=name)
            ours = coverage(row)
            rounding = 0.01**2 / 12
            both = (
                error(ours, row["runs"]) ** 2 + error(theirs, TABLE_RUNS) ** 2 + rounding
            ) ** 0.5
            rows.append((one["clusters"], one["rate"], name, ours, theirs, (ours - theirs) / both))
    return rows


def _comparison(results: Results) -> str:
    found = against_the_table(results)
    if not found:
        return ""
    names = list(dict.fromkeys(row[2] for row in found))
    cells = {row[:3]: row[3:] for row in found}
    rows = []
    for clusters, rate in dict.fromkeys(row[:2] for row in found):
        line = [str(clusters), share(rate, 2)]
        for name in names:
            one = cells.get((clusters, rate, name))
            line.append(
                MISSING if one is None else f"{share(one[0])} / {share(one[1], 2)} ({one[2]:+.1f})"
            )
        rows.append(line)
    close = [row for row in found if row[1] < 0.98]
    apart = sum(abs(row[5]) > 3 for row in close)
    higher = [row for row in found if row[1] >= 0.98]
    words = (
        f"Ours / theirs (difference in standard errors of both), against an independent simulation "
        f"of the same law with {TABLE_RUNS:,} data sets or more in each case, given to two digits. "
        f"At rates of .5 and .9, {apart} of {len(close)} cells differ by more than three standard "
        f"errors. At a rate of .98 ours are higher in {sum(r[5] > 0 for r in higher)} of "
        f"{len(higher)} cells: there many data sets have no wrong answer, and every interval is "
        "then the exact one, where the other simulation counted a failure."
    )
    shown = table(["clusters", "rate", *names], rows)
    return f"### Against an independent table\n\n{words}\n\n{shown}"


SECTION = replace(_PLAIN, text=lambda results: f"{_PLAIN.text(results)}\n\n{_comparison(results)}")
