"""What is promised, in one place, and which promises the stored results break.

A coverage is held to its promise with three binomial standard errors of the data sets that were
run; what is compared with the independent table, with four of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from validity.coverage_tables import coverage, error, size_of
from validity.rejecting import ALPHA
from validity.sections import audit, ceilings, specification_curves
from validity.sections.automatic import LEAST, covered, failing, noted
from validity.sections.one_level import against_the_table
from validity.sections.power import found
from validity.size_tables import size
from validity.study import Result, Results
from validity.tables import share

ERRORS = 3.0
ERRORS_OF_BOTH = 4.0

AUTO: dict[tuple[str, int, float], float] = {
    ("one-level", 20, 0.9): 0.93,
    ("one-level", 50, 0.9): 0.94,
}
"""Least coverage of ``auto`` by law, clusters and rate, where the general one is not enough."""

AUTO_ANYWHERE = 0.94
"""Least coverage of ``auto`` under the laws below, from 20 clusters on."""

EXPECTED_LAWS = (
    "one-level",
    "two-level",
    "two-way",
    "ratio",
    "one-level difference",
    "two-level difference",
    "two-way difference",
)

WARNED = 0.9
"""In this share of data sets ``auto`` says so in words, where it covers less than `LEAST`."""

UNSEEN = ("rare clusters",)
"""Laws under which data can look harmless, so that no warning can be promised."""

SIZE_OF = ("tests_of_contrasts", "models")
"""Sections all of whose tests reject a true null in at most `ALPHA` of the data sets."""


POINTS = 0.25
"""How far the bias of a ceiling may be from that of the independent simulation, in points."""
CEILING, BRACKET = 0.94, 0.99
"""Least coverage of the resample ceiling and of the bracket for the modal one."""
FIXED = 0.94
"""Least coverage of accuracy minus a mode baseline that is held fixed."""

CLEAR = (0.6, 50)
"""Effect and items per task that a joint test must find, in at least the share `POWERED`."""
POWERED = 0.8

PILOT = 0.06
"""What a pilot study may be wrong about power, beyond chance of the fresh studies."""


@dataclass(frozen=True)
class Kept:
    """One promise and whether it is kept."""

    promise: str
    found: str
    holds: bool


def promises(results: Results) -> list[Kept]:
    """Return every promise that the results can speak to."""
    return [
        *_auto(results),
        *_warnings(results),
        *_table(results),
        *_sizes(results),
        *_curves(results),
        *_power(results),
        *_ceilings(results),
        *_baselines(results),
        *_audits(results),
    ]


def broken(results: Results) -> list[Kept]:
    """Return the promises that are not kept."""
    return [one for one in promises(results) if not one.holds]


def _case(one: Result) -> str:
    return f"{one['design']}, {size_of(one)}, rate {one['rate']:g}"


def _auto(results: Results) -> Iterator[Kept]:
    for one in covered(results):
        least = AUTO.get((one["design"], one["clusters"], one["rate"]))
        if least is None and one["design"] in EXPECTED_LAWS:
            least = LEAST if one["clusters"] < 20 else AUTO_ANYWHERE
        if least is None:
            continue
        row = one.row(interval="auto")
        yield Kept(
            f"auto, {_case(one)}: at least {share(least, 2)}",
            share(coverage(row)),
            coverage(row) >= least - ERRORS * error(least, row["runs"]),
        )


def _warnings(results: Results) -> Iterator[Kept]:
    for one in failing(results):
        if one["design"] in UNSEEN:
            continue
        yield Kept(
            f"auto, {_case(one)}: a warning in words",
            share(noted(one), 2),
            noted(one) >= WARNED,
        )


def _table(results: Results) -> Iterator[Kept]:
    for clusters, rate, name, ours, theirs, apart in against_the_table(results):
        # where the table counts data sets without variation as failures, ours may only be higher
        holds = apart >= -ERRORS_OF_BOTH if rate >= 0.98 else abs(apart) <= ERRORS_OF_BOTH
        yield Kept(
            f"{name}, {clusters} clusters, rate {rate:g}: {share(theirs, 2)} as in the table",
            share(ours),
            holds,
        )


def _sizes(results: Results) -> Iterator[Kept]:
    for section in SIZE_OF:
        for one in results.get(section, ()):
            for row in one.rows:
                bound = ALPHA + ERRORS * error(ALPHA, row["defined"])
                yield Kept(
                    f"{row['test']}, {one['clusters']} clusters: size at most {share(ALPHA, 2)}",
                    share(size(row)),
                    size(row) <= bound,
                )


def _curves(results: Results) -> Iterator[Kept]:
    for one in results.get("specification_curves", ()):
        items = f"{4 * one['items']} items"
        for row in one.rows:
            name = f"joint test, {specification_curves.TESTS[row['test']]}, {items}"
            if one["effect"] == 0:
                bound = ALPHA + ERRORS * error(ALPHA, row["defined"])
                yield Kept(
                    f"{name}: size at most {share(ALPHA, 2)}", share(size(row)), size(row) <= bound
                )
            elif (one["effect"], one["items"]) == CLEAR:
                yield Kept(
                    f"{name}, effect {share(one['effect'], 2)}: found in at least "
                    f"{share(POWERED, 2)}",
                    share(size(row)),
                    size(row) >= POWERED - ERRORS * error(POWERED, row["defined"]),
                )
        row = one.rows[0]
        yield Kept(
            f"a curve of one branch, {items}, effect {one['effect']:g}: the direct estimate",
            f"{row['same']} of {one.runs}",
            row["same"] == one.runs,
        )


def _power(results: Results) -> Iterator[Kept]:
    for one in results.get("power", ()):
        promised, came, sigma = found(one)
        yield Kept(
            f"power, {one['items']} prompts, effect {one.rows[0]['effect']:.3f}: "
            f"{share(promised)} as planned",
            share(came),
            abs(came - promised) <= ERRORS * sigma + PILOT,
        )


def _ceilings(results: Results) -> Iterator[Kept]:
    for one in results.get("ceilings", ()):
        case = f"{one['law']} C={one['answers']}, k={one['repeats']}"
        for name, ours, theirs in ceilings.biases(one):
            yield Kept(
                f"{name}, {case}: bias of {theirs:+.1f} points as in the table",
                f"{ours:+.2f}",
                abs(ours - theirs) <= POINTS,
            )
        for name, ours, theirs in ceilings.coverages(one):
            least = min(theirs, BRACKET) if name == "ceiling_modal" else CEILING
            yield Kept(
                f"{name}, {case}: coverage of at least {share(least, 2)}",
                share(ours),
                ours >= least - ERRORS * error(least, one.runs),
            )


def _baselines(results: Results) -> Iterator[Kept]:
    for one in results.get("baselines", ()):
        law = " / ".join(share(p, 2) for p in one["law"])
        case = f"{law}, {one['items']} items"
        for way in ("train", "insample"):
            row = one.row(mode=way)
            ours = row["covered"] / row["runs"]
            yield Kept(
                f"advantage, mode {way} held fixed, {case}: at least {share(FIXED, 2)}",
                share(ours),
                ours >= FIXED - ERRORS * error(FIXED, row["runs"]),
            )


def _audits(results: Results) -> Iterator[Kept]:
    for one in results.get("audit", ()):
        for name in audit.RULES:
            row = one.row(tables="honest", name=name)
            most, found = audit.PROMISED.get(name, 0.0), row["found"] / row["runs"]
            said = f"at most {share(most)}" if most else "none"
            yield Kept(
                f"false alarms of '{name}', {audit.name_of(one)}: {said}",
                share(found, 2),
                found <= most + ERRORS * error(most, row["runs"]),
            )


def told(kept: Sequence[Kept]) -> str:
    """Return promises as lines."""
    return "\n".join(f"{one.promise}; found {one.found}" for one in kept)
