from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.known import NEAR, OTHER, SELF, known_study, ledger
from foresay.claims import check, parse_number
from foresay.claims.badge import summary
from foresay.claims.kinds.rows import exact, matches
from foresay.claims.recompute import COLUMNS
from foresay.claims.showing import as_json, as_table, as_text, headline
from foresay.errors import InvalidTablesError
from foresay.workbench import Workbench
from studies import answers, open_study, prediction

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e$(x)`{{<"
M = {"predictor": "m"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with known_study(tmp_path_factory.mktemp("known")) as opened:
        yield opened


def claim(kind="value", of="accuracy", **more):
    return {"sentence": "It is so.", "kind": kind, "of": of, **more}


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 6))
def test_a_share_prints_as_python_rounds_it(right, n, digits):
    n = max(n, right)
    share = Fraction(right, n)
    half_even = round(share * 10**digits)
    for unit, shift in (("", 0), (" %", 2)):
        if digits >= shift:
            text = f"{Decimal(half_even).scaleb(shift - digits):f}{unit}"
            assert matches(parse_number(text), right / n, "half_even")
            assert matches(parse_number(text), right / n, "nearest")


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(1, 4))
def test_a_share_does_not_print_as_its_neighbour(right, n, digits):
    n = max(n, right)
    share = Fraction(right, n) * 10**digits
    above = round(share) + 1
    text = f"{Decimal(above).scaleb(-digits):f}"
    assert not matches(parse_number(text), right / n, "half_even")


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_float_is_the_fraction_that_it_came_from(one, other):
    assert exact(one / other) == Fraction(one, other)


@pytest.mark.parametrize(
    ("text", "value", "right"),
    [
        ("49.4 %", 0.49406, True),
        ("49.5 %", 0.49406, False),
        ("< .01", 0.0001, True),
        ("< .01", 0.01, False),
        ("<= .01", 0.01, True),
        ("-.02", -0.0152, True),
        ("\u2212.02", -0.0152, True),
        ("1,234", 1234.0, True),
        ("1.2e-3", 0.00123, True),
    ],
)
def test_a_printed_number_is_held_against_what_it_may_stand_for(text, value, right):
    assert matches(parse_number(text), value, "nearest") is right


@pytest.mark.parametrize(
    ("rounding", "text", "right"),
    [
        ("half_up", ".13", True),
        ("half_up", ".12", False),
        ("half_even", ".12", True),
        ("half_even", ".13", False),
        ("nearest", ".12", True),
        ("nearest", ".13", True),
        ("truncation", ".12", True),
        ("truncation", ".13", False),
    ],
)
def test_ties_go_as_the_rounding_says(rounding, text, right):
    assert matches(parse_number(text), 0.125, rounding) is right


def test_one_failing_claim_does_not_stop_the_rest(bench):
    found = check(
        bench,
        ledger(
            wrong=claim(of="acuracy", at=M, value=".9"),
            right=claim(at=M, value=".9"),
            apart=claim(at=M, value=".1"),
        ),
    )
    rows = found.rows
    assert list(rows.columns) == list(COLUMNS)
    assert list(rows["id"]) == ["wrong", "right", "apart"]
    assert list(rows["verdict"]) == ["not assessed", "supported", "contradicted"]
    assert found.exit_code == 1
    counted = "3 claims: 1 supported, 1 not assessed, 1 contradicted"
    assert headline(found, strict=True) == counted
    told = "; 1 claim could not be assessed, which fails with --strict only"
    assert headline(found) == counted + told


def test_a_withdrawn_claim_is_counted_apart_everywhere(bench):
    found = check(
        bench,
        ledger(kept=claim(at=M, value=".9"), gone=claim(at=M, value=".1", status="withdrawn")),
    )
    told = summary(found, "s")
    assert found.counts() == {v: len(ids) for v, ids in told.by_verdict.items()}
    assert headline(found) == "1 claim: 1 supported; 1 withdrawn"
    assert (told.total, told.withdrawn) == (1, 1)
    said = json.loads(as_json(found, study="s"))
    assert (said["counts"]["not assessed"], said["withdrawn"]) == (0, 1)
    assert "withdrawn     gone: " in as_text(found)
    assert "not assessed" not in as_text(found)


def test_claims_about_one_table_make_its_rows_once(bench, monkeypatch):
    made = []
    to_dict = pd.DataFrame.to_dict
    monkeypatch.setattr(
        pd.DataFrame, "to_dict", lambda table, *a: made.append(len(table)) or to_dict(table, *a)
    )

    def times(*names):
        made.clear()
        check(bench, ledger(**{n: claim(at={"predictor": n}, value=".9") for n in names}))
        return len(made)

    assert 0 < times("m", "n", "twin", "near") == times("m")


def test_the_same_claims_share_their_computations(bench, monkeypatch):
    asked = []
    estimate = bench.estimate
    monkeypatch.setattr(
        bench, "estimate", lambda names, **more: asked.append(names) or estimate(names, **more)
    )
    names = ("m", "n", "twin", "near")
    claims = {f"{name}-a": claim(at={"predictor": name}, value=".90") for name in names}
    claims |= {
        f"{name}-c": claim(of="compliance", at={"predictor": name}, value="1") for name in names
    }
    found = check(bench, ledger(**claims))
    assert asked == [["accuracy", "compliance"]]
    assert found.counts()["supported"] == 6


def test_arms_of_all_claims_are_asked_for_in_one_call(bench, monkeypatch):
    asked = []
    contrasts, contrast = bench.contrasts, bench.contrast
    monkeypatch.setattr(
        bench,
        "contrasts",
        lambda specs, **more: asked.append(len(specs)) or contrasts(specs, **more),
    )
    monkeypatch.setattr(
        bench, "contrast", lambda *a, **more: asked.append("alone") or contrast(*a, **more)
    )
    claims = {
        "chain": claim("ordering", arms=[SELF, NEAR, OTHER]),
        "again": claim("ordering", arms=[SELF, NEAR]),
        "same": claim("equivalence", arms=[SELF, NEAR], margin=0.3, value=".05"),
        "times": claim("ratio", arms=[SELF, OTHER], value="3.6"),
        "gone": claim("ordering", arms=[SELF, OTHER], where="TRUE", status="withdrawn"),
    }
    found = check(bench, ledger(**claims))
    assert asked == [4]  # two neighbours, the wider interval, the ratio
    assert found.judged["times"].verdict == "supported"


def test_the_order_of_claims_does_not_change_a_verdict(bench):
    claims = {
        "a": claim(at=M, value=".9", interval=[".763", ".967"]),
        "b": claim("ordering", arms=[SELF, OTHER]),
        "c": claim(of="compliance", at=M, value="1"),
    }
    one, other = (
        check(bench, ledger(**claims)),
        check(bench, ledger(**dict(reversed(claims.items())))),
    )
    assert dict(one.judged) == dict(other.judged)


def test_a_withdrawn_claim_is_listed_and_not_assessed(bench):
    found = check(bench, ledger(a=claim(at=M, value=".1", status="withdrawn")))
    assert found.judged["a"].reason == "the claim was withdrawn"
    assert found.exit_code == 0


def test_robustness_is_the_share_of_specifications_that_support(bench):
    made = ledger(
        clear=claim("ordering", arms=[SELF, OTHER]),
        level=claim("interval", at=M, interval=[".763", ".967"]),
        gone=claim(of="acuracy", value="1"),
    )
    grid = {"level": {"0.95": "as printed", "0.9": "as good"}}
    whole = type(made).model_validate({**made.model_dump(), "specifications": grid})
    rows = check(bench, whole, robustness=True).rows.set_index("id")
    assert list(rows["n_specifications"]) == [2, 2, 0]
    assert list(rows["n_agree"]) == [2, 1, 0]
    assert check(bench, whole).rows["n_agree"].isna().all()


def test_invalid_tables_are_no_verdict(tmp_path):
    rows = {
        "answers": answers("m", "i", ["a"]),
        "predictions": [prediction("m", "m", "i", "a")] * 2,
    }
    with open_study(tmp_path, rows) as broken, pytest.raises(InvalidTablesError):
        check(broken, ledger(a=claim(value="1")))


def test_hostile_text_is_shown_and_not_obeyed(bench):
    hostile = claim(at={"predictor": HOSTILE}, value=".9") | {"sentence": HOSTILE, "owner": HOSTILE}
    found = check(bench, ledger(a=hostile))
    assert found.judged["a"].verdict == "not assessed"
    text = as_text(found)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>alert" not in as_table(found).page()
    assert json.loads(as_json(found, study="s"))["claims"][0]["sentence"] == HOSTILE


def test_hostile_conditions_are_refused_by_the_engine(bench):
    sql = "1 = 1); DROP TABLE trials; --"
    found = check(bench, ledger(a=claim(where=sql, value=".9"), b=claim(at=M, value=".9")))
    assert [one.verdict for one in found.judged.values()] == ["not assessed", "supported"]
