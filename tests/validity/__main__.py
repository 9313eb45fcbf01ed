"""Run the validity study: ``python -m validity`` with ``tests`` on the path, or ``make validity``.

The study stands among the tests because it simulates with the same laws as they do and is itself
tested there; benchmarks compare speed, and import nothing from the tests.
"""

from __future__ import annotations

import argparse
import os
import sys

from validity.page import PAGE, write
from validity.promises import broken, told
from validity.registry import NAMES, SECTIONS, section
from validity.running import confirm, missing, results, run

STARTS = ("stored", "page", "scratch", "digests")
HELP = (
    "stored: simulate what is missing or was made by other code; page: simulate nothing; "
    "scratch: simulate everything; digests: of what was made by other code simulate two blocks of "
    "data sets, and the rest only where they give another digest"
)


def main() -> int:
    """Simulate what is missing, write the page, and return 1 if a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m validity", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=NAMES, help="sections to simulate")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--from", dest="start", default="stored", choices=STARTS, help=HELP)
    given = parser.parse_args()
    if given.start != "page":
        chosen = [section(name) for name in given.only or NAMES]
        if given.start == "digests":
            confirm(chosen, jobs=given.jobs)
        run(chosen, jobs=given.jobs, anew=given.start == "scratch")
    found = results()
    write(found)
    stale = sum(len(missing(one)) for one in SECTIONS)
    missed = broken(found)
    lines = [f"wrote docs/{PAGE.name}"]
    lines += [f"{stale} cases are missing or made by other code: run make validity"] * bool(stale)
    lines += [f"promises that are not kept: {len(missed)}", told(missed)] if missed else []
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
