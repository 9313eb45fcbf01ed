from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.claims import assess, assess_claims, order_words, parse_relations, read_rows, reported
from foresay.claims.relations.language import OPERATORS
from foresay.claims.relations.pairing import pair
from foresay.errors import ChoiceError


def table(**cells):
    """Return estimates by name: accuracies, with n behind an @."""
    rows = []
    for name, cell in cells.items():
        value, _, n = cell.partition("@")
        rows.append({"id": name, "estimand": "accuracy", "value": value, "n": n})
    return reported(read_rows(rows))[0]


def verdict(relation, margin=None, **cells):
    return assess(relation, table(**cells), margin=margin).verdict


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (" ; ", "is empty"),
        ("a", "has none of > < >= <= = ~"),
        ("a>b", "put spaces around the operator in 'a>b'"),
        ("a>b = c", "put spaces around the operator in 'a>b'"),
        ("a b > c", "'a' is followed by 'b'"),
        ("a >", "a name or number is missing"),
        ("> a", "a name or number is missing"),
        ("a + > b", "a name or number is missing"),
        ("a - + b > c", "a name or number is expected, not '\\+'"),
        ("a > b c", "'b' is followed by 'c'"),
        ("a = " + "9" * 60, "no number that can be read"),
        ("a" * 20_000, "at most 10,000 characters"),
    ],
)
def test_what_is_no_relation_is_refused_with_the_way_out(text, words):
    with pytest.raises(ChoiceError, match=words):
        parse_relations(text)


@given(st.text(st.sampled_from("ab*-+ ><=~;.5%"), max_size=30))
def test_every_text_is_a_relation_or_refused(text):
    try:
        found = parse_relations(text)
    except ChoiceError:
        return
    assert [str(one) for one in parse_relations("; ".join(map(str, found)))] == list(
        map(str, found)
    )


@pytest.mark.parametrize("other", ["≥", "≤", "≈", "=="])
def test_other_spellings_of_operators(other):
    assert parse_relations(f"a {other} b")[0].operators[0] in OPERATORS


def test_stars_pair_what_they_match_and_name_what_has_no_partner():
    ids = ["new-a", "new-b", "old-b", "old-c", "newer"]
    (relation,) = parse_relations("new-* > old-*")
    assert [(str(one.relation), one.missing) for one in pair(relation, ids)] == [
        ("new-a > old-a", ("old-a",)),
        ("new-b > old-b", ()),
        ("new-c > old-c", ("new-c",)),
    ]


def test_a_name_without_stars_goes_with_every_match():
    (relation,) = parse_relations("*-x ~ base")
    assert [str(one.relation) for one in pair(relation, ["a-x", "b-x", "base"])] == [
        "a-x ~ base",
        "b-x ~ base",
    ]


def test_two_stars_pair_both_parts():
    (relation,) = parse_relations("*-before-* < *-after-*")
    found = pair(relation, ["a-before-x", "b-before-x", "a-after-x", "b-after-x"])
    assert [(str(one.relation), one.missing) for one in found] == [
        ("a-before-x < a-after-x", ()),
        ("b-before-x < b-after-x", ()),
    ]


@pytest.mark.parametrize("relation", ["a-* > *-b-*", "*-*-*-* > *-*-*-*"])
def test_stars_that_cannot_be_paired_are_refused(relation):
    with pytest.raises(ChoiceError, match="stars"):
        pair(parse_relations(relation)[0], ["a-b"])


def test_stars_that_match_nothing_leave_the_claim_not_assessed():
    found = assess("x-* > y-*", table(a=".5"))
    assert found.verdict == "not assessed"
    assert "no row is called 'x-*'" in found.parts[0].arithmetic


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("a - b = 17%", "contradicted"),  # numbers of a relation are exact
        ("a - b = d", "supported"),
        ("a - b = 16.7 ", "supported"),
        ("a - b = 16.9", "contradicted"),
        ("a = e", "supported"),
        ("a = b", "contradicted"),
        ("a + c = 100", "supported"),
        ("a + b = 100", "contradicted"),
    ],
)
def test_equality_allows_what_rounding_can_do(relation, expected):
    cells = {"a": "48.5%", "b": "31.8%", "c": "51.5%", "d": "17%", "e": "48%"}
    assert verdict(relation, **cells) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (".60@1000", ".50@1000", "supported"),
        (".50@1000", ".60@1000", "contradicted"),
        (".52@100", ".50@100", "unresolved"),
        (".60", ".50", "supported"),
        (".50", ".60", "contradicted"),
        (".50", ".50", "unresolved"),
        (".501", ".500", "unresolved"),  # 10,000 items an arm would not show it
        (".500", ".501", "unresolved"),
        (".51", ".50", "unresolved"),
    ],
)
def test_an_order_needs_more_than_chance_and_rounding(a, b, expected):
    assert verdict("a > b", a=a, b=b) == expected
    assert verdict("b < a", a=a, b=b) == expected


def test_the_interval_of_an_order_is_that_of_two_binomials():
    found = assess("a > b", table(a=".6000@400", b=".5000@400")).parts[0]
    half = 1.959964 * math.sqrt((0.24 + 0.25) / 400) + 0.0001
    assert f".{round((0.1 - half) * 1e4):04d}".rstrip("0") in found.arithmetic
    assert found.basis == "binomial error from n = 400"


def test_from_the_n_that_is_named_on_the_order_is_supported_and_not_below():
    found = assess("a > b", table(a=".60000000", b=".50000000")).parts[0]
    needed = int(found.arithmetic.split("from ")[1].split()[0])
    exact = {"a": ".60000000", "b": ".50000000"}
    for n, expected in ((needed, "supported"), (needed - 1, "unresolved")):
        assert verdict("a > b", **{k: f"{v}@{n}" for k, v in exact.items()}) == expected


@pytest.mark.parametrize(
    ("a", "b", "margin", "expected"),
    [
        (".50@10000", ".51@10000", None, "supported"),
        (".50@10000", ".60@10000", None, "contradicted"),
        (".50@100", ".51@100", None, "unresolved"),
        (".500@10000", ".540@10000", 0.02, "contradicted"),
        (".50@10000", ".60@10000", 0.2, "supported"),
        (".50", ".51", None, "unresolved"),
        (".50", ".60", None, "contradicted"),
        (".50", ".55", None, "unresolved"),
    ],
)
def test_comparable_is_an_interval_within_the_margin(a, b, margin, expected):
    assert verdict("a ~ b", margin, a=a, b=b) == expected


def test_the_margin_that_was_taken_is_said():
    assert "taken to be 0.05" in assess("a ~ b", table(a=".5", b=".5")).reason
    assert "taken" not in assess("a ~ b", table(a=".5", b=".5"), margin=0.1).reason
    with pytest.raises(ChoiceError, match="above 0"):
        assess("a ~ b", table(a=".5", b=".5"), margin=0.0)


def test_a_plateau_is_every_pair_of_its_chain_and_an_order_its_neighbours():
    cells = table(a=".500@9999", b=".535@9999", c=".570@9999")
    assert [part.verdict for part in assess("a ~ b ~ c", cells).parts] == [
        "supported",
        "contradicted",
        "supported",
    ]
    assert len(assess("a < b < c", cells).parts) == 2


def test_a_printed_interval_or_error_goes_before_the_binomial_one():
    rows = [
        {"id": "a", "accuracy": ".60", "low": ".40", "high": ".80", "se": "", "n": "99999"},
        {"id": "b", "accuracy": ".50", "low": "", "high": "", "se": ".01", "n": "99999"},
    ]
    found = assess("a > b", reported(read_rows(rows))[0])
    assert found.verdict == "unresolved"
    assert found.parts[0].basis == "printed error; printed interval"


@pytest.mark.parametrize(
    ("relation", "value"), [("a = 19", "19 %"), ("a = .19", ".19"), ("a = 19%", ".19")]
)
def test_a_bare_number_has_the_unit_of_the_rows(relation, value):
    assert verdict(relation, a=value) == "supported"


def test_a_bare_number_among_two_units_is_refused():
    with pytest.raises(ChoiceError, match="write 19%"):
        assess("a - b = 19", table(a="49 %", b=".3"))


def test_errors_are_those_of_claims_that_hold_at_the_rate_that_is_promised():
    """Size of the verdicts: equal rates are called ordered, or apart at the margin comparable."""
    from foresay.resampling import stream

    rng, n, runs = stream(1, "size of verdicts"), 400, 1_000
    wrong = {"order": 0, "margin": 0}
    for _ in range(runs):
        k = rng.binomial(n, [0.4, 0.4, 0.35])
        cells = table(**{c: f"{x / n:.6f}@{n}" for c, x in zip("abc", k, strict=True)})
        wrong["order"] += assess("a > b", cells).verdict == "supported"
        wrong["margin"] += assess("a ~ c", cells).verdict == "supported"
    bound = 3 * math.sqrt(0.05 * 0.95 / runs)
    assert wrong["order"] / runs <= 0.025 + bound
    assert wrong["order"] / runs >= 0.025 - bound
    assert wrong["margin"] / runs <= 0.05 + bound


def test_a_claim_that_cannot_be_read_is_named():
    claims = [{"id": "c1", "terms": "a > b"}, {"id": "c2", "terms": "a >> b"}]
    with pytest.raises(ChoiceError, match="claim c2"):
        assess_claims(claims, table(a=".6", b=".5"))
    with pytest.raises(ChoiceError, match="claim c1: "):
        assess_claims([{"id": "c1", "terms": "a ~ b", "margin": "wide"}], table(a=".6", b=".5"))


def test_a_claim_may_declare_its_margin():
    claims = [{"id": "c", "terms": "a ~ b", "margin": "0.2"}]
    assert assess_claims(claims, table(a=".600@999", b=".500@999"))[0].verdict == "supported"


@pytest.mark.parametrize(
    ("sentence", "operators"),
    [
        ("It is higher than the baseline", [">"]),
        ("comparable to the most-common-answer baseline", ["~"]),
        ("It reaches a plateau and outperforms the other", ["~", ">"]),
        ("not significantly different from, but no worse than", ["~", ">="]),
        ("fewer items than before", ["<"]),
        ("The figure shows the table", []),
    ],
)
def test_words_of_order(sentence, operators):
    assert [operator for _, operator in order_words(sentence)] == operators
