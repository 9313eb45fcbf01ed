"""The page is what its results give, the results are what the code gives, the promises hold."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from validity import page, running
from validity.coverage_tables import intervals_for
from validity.fingerprints import fingerprint, statements
from validity.likelihoods import NAMES as MODELS
from validity.promises import broken, promises, told
from validity.registry import NAMES, SECTIONS, section
from validity.study import BLOCK, Case, joined, trace

RESULTS = running.results()
FOLDER = running.FOLDER


def test_every_case_of_every_section_is_stored():
    for one in SECTIONS:
        assert len(RESULTS[one.name]) == len(one.cases), f"run make validity: {one.name}"
    assert {path.stem for path in FOLDER.glob("*.json")} <= set(NAMES)


def test_the_page_is_what_the_stored_results_give():
    assert page.PAGE.read_text(encoding="utf-8") == page.text(RESULTS)


def test_every_promise_is_kept():
    assert len(promises(RESULTS)) > 100
    assert broken(RESULTS) == [], told(broken(RESULTS))


def test_a_promise_that_is_not_kept_is_named():
    found = {name: list(cases) for name, cases in RESULTS.items()}
    worse = [
        {**row, "covered": round(0.9 * row["runs"])} if row["interval"] == "auto" else row
        for row in found["one_level"][0].rows
    ]
    first = found["one_level"][0]
    found["one_level"][0] = type(first)(first.parameters, first.runs, worse, first.trace)
    missed = [one.promise for one in broken(found)]
    assert missed[0].startswith("auto, one-level, 20, rate 0.5")
    assert "are not kept" in page.text(found)


CHEAP = ("one_level", "stratified", "differences", "ratios", "likelihood", "tests_of_contrasts")


@pytest.mark.simulation
@pytest.mark.parametrize("name", CHEAP)
def test_a_block_of_data_sets_gives_the_stored_digest(name):
    """Any block may be asked for, so results that were not simulated would be found out."""
    one = section(name)
    chosen = random.Random(name)
    result = chosen.choice(RESULTS[name])
    block = chosen.randrange(len(result.trace))
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    assert trace(one.simulate(result.parameters, numbers)) == [result.trace[block]]


def test_sums_of_the_stored_results_agree_with_their_traces_in_number():
    for found in RESULTS.values():
        for one in found:
            assert len(one.trace) == -(-one.runs // BLOCK)


@pytest.mark.simulation
def test_parts_put_together_are_the_whole():
    one = section("ratios")
    parameters = {**one.cases[0].parameters, "drawn": 30, "resamples": 50}
    whole = one.simulate(parameters, range(50))
    parts = joined([one.simulate(parameters, range(30)), one.simulate(parameters, range(30, 50))])
    assert one.summarise(parameters, whole) == one.summarise(parameters, parts)
    assert trace(whole) == trace(parts)


def small(name, runs=BLOCK, code="tests/validity/study.py"):
    """One cheap case of a section, said to depend on one file."""
    one = section(name)
    parameters = {**one.cases[0].parameters, "drawn": 0}
    return replace(one, cases=(Case(parameters, runs),), code=(code,))


@pytest.mark.simulation
def test_what_is_done_is_kept_and_what_has_changed_is_done_again(tmp_path):
    both = [small("ratios"), small("stratified")]
    assert running.missing(both[0], tmp_path) == list(both[0].cases)
    running.run(both, jobs=1, folder=tmp_path)
    paths = [tmp_path / "ratios.json", tmp_path / "stratified.json"]
    stored = [path.read_text(encoding="utf-8") for path in paths]
    running.run(both, jobs=1, folder=tmp_path)
    assert [path.read_text(encoding="utf-8") for path in paths] == stored
    assert not any(running.missing(one, tmp_path) for one in both)
    assert running.missing(small("ratios", 2 * BLOCK), tmp_path)

    other = [small(name, code="tests/validity/tables.py") for name in ("ratios", "stratified")]
    assert all(running.missing(one, tmp_path) for one in other)
    digest = next(iter(running.stored("stratified", tmp_path).values()))["trace"][0]
    paths[1].write_text(stored[1].replace(digest, "00000000"), encoding="utf-8")
    running.confirm(other, jobs=1, folder=tmp_path)
    assert [bool(running.missing(one, tmp_path)) for one in other] == [False, True]


def test_the_hash_of_code_ignores_what_is_not_a_statement(tmp_path):
    source = '"""Words."""\nx = 1\n\n\ndef f():\n    """More."""\n    # why\n    return x\n'
    assert statements(source) == "x = 1\ndef f():\n    return x"
    assert statements(source.replace("why", "because")) == statements(source)
    assert statements(source.replace("x = 1", "x = 2")) != statements(source)
    here = ("tests/validity/study.py",)
    assert fingerprint(here) == fingerprint(here) != fingerprint(("tests/validity/tables.py",))


def test_every_interval_is_in_the_study():
    from foresay.resampling import INTERVALS

    apart = {"beta_binomial"}
    assert set(intervals_for("one-level")) == set(INTERVALS) - apart
    assert set(MODELS) >= apart
    assert set(intervals_for("two-way")) == set(INTERVALS) - {"studentized"} - apart
    assert "wilson" not in intervals_for("macro")
    assert {"cluster_t", "logit_t"} <= set(intervals_for("macro"))
