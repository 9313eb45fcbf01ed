"""Write docs/validity.md from the stored results, the only source of its numbers."""

from __future__ import annotations

from collections import Counter

from validity.fingerprints import ROOT
from validity.promises import broken, promises
from validity.registry import SECTIONS
from validity.sections.automatic import covered
from validity.study import BLOCK, LEVEL, RESAMPLES, SEED, Results
from validity.tables import counted, listed, share, table

PAGE = ROOT / "docs" / "validity.md"


def text(results: Results) -> str:
    """Return the page."""
    parts = [_opening(results), _promises(results)]
    parts += [section.text(results) for section in SECTIONS]
    return "\n\n".join(part for part in parts if part) + "\n"


def write(results: Results) -> None:
    """Write the page."""
    PAGE.write_text(text(results), encoding="utf-8")


def _opening(results: Results) -> str:
    return f"""# Validity

How often intervals cover the truth and tests reject a true null, in simulated studies. This page
is written from `tests/validity/results/`; change it there.

```
make validity               # simulates what has changed, checks the promises, writes this page
make validity FROM=scratch  # the same, and simulates everything
make validity FROM=digests  # the same, and only what gives other digests than it did
make validity FROM=page     # writes this page from the stored results
```

{_amount(results)}

Every data set has a random stream of its own, keyed by law, sizes, rate and number, so that the
numbers depend neither on the number of processes nor on the order. All intervals of a case are of
the same data sets. In brackets is the mean width. **Bold** is below nominal by more than three
standard errors, or for a size above it; an undefined interval covers nothing.

`auto` stands for the closed form that it takes, which has no column of its own. Where no cluster
varies every interval is the exact one, and counts as it is."""


def _amount(results: Results) -> str:
    """Say how many data sets there are, and what their error is."""
    # a pilot with its fresh studies is no data set, and its section says what it is
    cases = [one for found in results.values() for one in found if one.runs >= BLOCK]
    runs = Counter(one.runs for one in cases)
    said = listed([f"{n:,} in {counted(times, 'case')}" for n, times in sorted(runs.items())])
    drawn = [one["drawn"] for one in covered(results)]
    errors = listed([f"{share((LEVEL * (1 - LEVEL) / n) ** 0.5)} at {n:,}" for n in sorted(runs)])
    return (
        f"A full run simulates {sum(one.runs for one in cases):,} data sets: {said}. The level is "
        f"{share(LEVEL, 2)}, the seed {SEED}. Bootstraps have {RESAMPLES} replicates and are made "
        f"of the first {min(drawn, default=0):,} to {max(drawn, default=0):,} data sets of a case, "
        f"fewer where they cost more. The standard error of a coverage near {share(LEVEL, 2)} is "
        f"{errors}."
    )


def _promises(results: Results) -> str:
    all_of_them, missed = promises(results), broken(results)
    words = (
        f"## Promises\n\n{counted(len(all_of_them), 'number')} are promised "
        f"(`tests/validity/promises.py`): the coverage of `auto`, agreement with an independent "
        f"table, sizes of tests, false alarms of audits, and a warning in words where nothing "
        f"holds. "
    )
    if not missed:
        return f"{words}All are kept."
    rows = [[one.promise, one.found] for one in missed]
    return f"{words}{len(missed)} are not kept:\n\n{table(['promise', 'found'], rows)}"
