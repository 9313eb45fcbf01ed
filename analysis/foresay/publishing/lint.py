"""What a report's source may not say, found before any engine runs; every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from foresay.publishing import lint_cells, lint_front, lint_prose, lint_references
from foresay.publishing.problems import Problem
from foresay.publishing.qmd import Document


def lint(
    document: Document,
    *,
    project: Mapping[str, object] | None = None,
    variables: Mapping[str, object] | None = None,
    house_rules: bool = False,
) -> tuple[Problem, ...]:
    """Find what lies outside the subset that both engines render alike.

    Parameters
    ----------
    document
        A parsed report.
    project
        ``_quarto.yml``, for settings that the report inherits.
    variables
        ``_variables.yml``.
    house_rules
        Also forbid literal numbers in prose and set-up cells of more than five lines.

    Returns
    -------
    tuple of Problem
        In the order of files and lines; empty when the report may be rendered.
    """
    found: Iterable[Iterator[Problem]] = (
        iter(document.problems),
        lint_front.check(document),
        lint_cells.check(document, house_rules=house_rules),
        lint_prose.check(document, project or {}, variables or {}, house_rules=house_rules),
        lint_references.check(document, project or {}),
    )
    return tuple(sorted({problem for part in found for problem in part}))
