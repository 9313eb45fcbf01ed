"""The pages of a study held against its checked claims, without rendering them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from foresay.claims import Checked
from foresay.publishing.lint_claims import overstated, unclaimed, unknown
from foresay.publishing.problems import Problem
from foresay.publishing.qmd import parse
from foresay.publishing.sources import report_source
from foresay.study import Study


def own_pages(study_file: Path, study: Study) -> tuple[Path, ...]:
    """Return the study's own page, if it has one; the suite of foresay prints no literal number."""
    return () if study.report.source is None else (report_source(study_file, study),)


def page_problems(pages: Sequence[Path], checked: Checked) -> tuple[Problem, ...]:
    """Find what pages print that the checked claims do not bear out.

    Parameters
    ----------
    pages : sequence of Path
        ``.qmd`` files; their includes are read too.
    checked : Checked
        The claims and their verdicts.

    Returns
    -------
    tuple of Problem
        Ids that the ledger does not know, words that a verdict does not allow, and literal numbers
        in prose, behind which there is no claim; in the order of files and lines.

    Raises
    ------
    ReportError
        A page is missing or is not text.
    """
    claims = dict(checked.ledger.claims)
    verdicts = {name: one.verdict for name, one in checked.judged.items()}
    found: set[Problem] = set()
    for page in pages:
        document = parse(page)
        found.update(document.problems)
        found.update(unknown(document, claims))
        found.update(overstated(document, claims, verdicts))
        found.update(unclaimed(document))
    return tuple(sorted(found))
