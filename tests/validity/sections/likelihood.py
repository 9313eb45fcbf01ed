"""Where a beta-binomial interval holds and the others fail, and where it does not."""

from __future__ import annotations

from typing import Any

from validity.coverage_tables import CLUSTERS, below, coverage
from validity.likelihoods import CODE, NAMES, simulate, sums
from validity.study import Case, Results, Section
from validity.tables import share, table

DESIGNS = ("one-level", "hard clusters", "rare clusters", "informative sizes")
RATES = (0.9, 0.98)

OPENING = """Two intervals of a beta-binomial model: `beta_binomial` is the central posterior
interval under Jeffreys' prior for the mean and a uniform one for the correlation; `profile`, which
is simulated here and not part of foresay, holds the means whose likelihood at the best correlation
is near the best. The first law is the model's own. Where sizes are informative, hard clusters are
never small: the model then estimates the mean over clusters, which is not the mean over trials."""


def text(results: Results) -> str:
    """Return the section of the page."""
    cases = results["likelihood"]
    if not cases:
        return ""
    rows = [
        [
            one["design"],
            str(one["clusters"]),
            share(one["rate"], 2),
            *(_cell(one, n) for n in NAMES),
        ]
        for one in cases
    ]
    own = [one for one in cases if one["design"] == "one-level"]
    narrow = [
        one.row(interval="beta_binomial")["width"] / one.row(interval="auto")["width"]
        for one in own
    ]
    said = []
    for design in DESIGNS:
        of = [one for one in cases if one["design"] == design]
        worst = {n: min(coverage(one.row(interval=n)) for one in of) for n in NAMES}
        told = ", ".join(f"{share(worst[n])} (`{n}`)" for n in NAMES)
        said.append(f"{design} {told}")
    lowest = f"The lowest coverage under each law: {'; '.join(said)}."
    wide = (
        f"Where its law holds, `beta_binomial` is {share(min(narrow), 2)} to "
        f"{share(max(narrow), 2)} times as wide as `auto`."
    )
    return "\n\n".join(
        [
            "## Would a model of the clusters do better?",
            OPENING,
            f"{lowest} {wide}",
            table(["law", "clusters", "rate", *NAMES], rows),
        ]
    )


def _cell(result: Any, name: str) -> str:
    row = result.row(interval=name)
    said = share(coverage(row))
    return f"{f'**{said}**' if below(row) else said} ({share(row['width'], 3)})"


SECTION = Section(
    name="likelihood",
    text=text,
    cases=tuple(
        Case({"design": design, "clusters": n, "rate": rate}, 800)
        for design in DESIGNS
        for rate in RATES
        for n in CLUSTERS
    ),
    simulate=simulate,
    summarise=sums,
    code=CODE,
)
