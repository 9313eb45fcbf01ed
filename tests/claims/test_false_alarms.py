"""Tables that are simulated for the validity study: none of the honest ones is called wrong."""

from __future__ import annotations

import pytest

from validity.auditing import RULES, simulate, summarise
from validity.printing import SEEDED
from validity.sections.audit import PROMISED, SECTION, text
from validity.study import Result

TABLES = 25


@pytest.fixture(scope="module", params=range(len(SECTION.cases)))
def result(request):
    parameters = {**SECTION.cases[request.param].parameters, "seeded": 8}
    rows = summarise(parameters, simulate(parameters, range(TABLES)))
    return Result(parameters, TABLES, rows)


@pytest.mark.simulation
def test_no_honest_table_is_called_wrong(result):
    for rule in RULES:
        # one table of these may have an unlucky bootstrap, and none anything else
        assert result.row(tables="honest", name=rule)["found"] <= (1 if rule in PROMISED else 0), (
            rule
        )


@pytest.mark.simulation
def test_swapped_cells_and_copied_panels_are_found(result):
    for kind in ("two cells", "copied panel"):
        row = result.row(tables="seeded", name=kind)
        # among six arms of three properties a copied panel is often no less likely by chance
        few = kind == "copied panel" and result["arms"] > 2
        assert (1 if few else 8) <= row["found"] <= row["runs"] == 8


@pytest.mark.simulation
def test_the_page_shows_every_rule_and_kind_of_error(result):
    page = text({"audit": [result]})
    assert all(name in page for name in (*RULES, *SEEDED))


def test_the_full_study_simulates_ten_thousand_tables():
    assert sum(case.runs for case in SECTION.cases) == 10_000
