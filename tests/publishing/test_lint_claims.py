"""Rules for pages that print claims."""

from __future__ import annotations

import pytest

from foresay.claims import Claim
from foresay.publishing.lint_claims import called, overstated, sentences, unclaimed, unknown
from foresay.publishing.manifest import LEDGER

HEAD = 3
"""Lines that the fixture `document` puts before the text."""

KINDS = {
    "gap": {"kind": "difference", "value": ".02"},
    "order": {"kind": "ordering"},
    "close": {"kind": "equivalence"},
    "none": {"kind": "absence"},
    "plain": {"kind": "value", "value": ".5"},
}
CLAIMS = {
    name: Claim.model_validate({"sentence": "s", "of": "accuracy", **more})
    for name, more in KINDS.items()
}


def words(document, text, **verdicts):
    given = dict.fromkeys(CLAIMS, "supported") | verdicts
    return [(one.line, one.rule) for one in overstated(document(text), CLAIMS, given)]


def test_the_ledger_has_the_same_name_everywhere():
    from foresay.claims.ledger import FILE

    assert FILE == LEDGER


def test_an_unknown_claim_is_named_with_line_and_nearest(document):
    text = 'one\n\n`{python} claim("gpa")` and `{python} report.claim("gap")`\n'
    (problem,) = unknown(document(text), CLAIMS)
    assert (problem.line, problem.rule) == (HEAD + 3, "claim")
    assert "did you mean 'gap'" in problem.message
    cell = '```{python}\n#| label: x\nx = claim("nothing")\n```\n'
    assert [one.line for one in unknown(document(cell), CLAIMS)] == [HEAD + 1]


def test_a_claim_on_a_page_of_a_study_without_a_ledger_is_named(document):
    (problem,) = unknown(document('`{python} claim("gap")`\n'), {})
    assert LEDGER in problem.message
    assert list(unknown(document("`{python} who`\n"), {})) == []


@pytest.mark.parametrize("verdict", ["unresolved", "contradicted"])
@pytest.mark.parametrize(
    "sentence",
    [
        'Self is higher by `{python} claim("gap")`.',
        'Self\nis higher by `{python} claim("gap")`.',
        'It is `{python} claim("gap")`\nlower than before.',
        '*Self* outperforms it (`{python} report.claim("order")`).',
        'Self and cross are comparable (`{python} claim("close")`).',
        'There is no difference: `{python} claim("gap")`.',
    ],
)
def test_words_that_the_verdict_does_not_allow_are_named(document, sentence, verdict):
    found = words(document, f"Before.\n\n{sentence}\n", gap=verdict, order=verdict, close=verdict)
    assert [rule for _, rule in found] == ["claim-words"]


@pytest.mark.parametrize(
    "sentence",
    [
        'Self is higher by `{python} claim("gap")`.',
        'Self and cross are comparable (`{python} claim("close")`).',
        'Accuracy is `{python} claim("plain")`.',
    ],
)
def test_words_that_the_verdict_allows_pass(document, sentence):
    assert words(document, f"{sentence}\n") == []


def test_only_the_sentence_of_the_claim_counts(document):
    text = (
        "One model is higher than another, e.g. ours. The difference is\n"
        '`{python} claim("gap")`, as `{python} other("x.")` shows. `{python} n` is lower.\n'
        '\n- Self is higher.\n- By `{python} claim("gap")`.\n'
        '\n```\nhigher `{python} claim("gap")`\n```\n'
    )
    assert words(document, text, gap="unresolved") == []
    assert words(document, text.replace("The difference", "the difference"), gap="unresolved") == [
        (HEAD + 2, "claim-words")
    ]


def test_a_sentence_has_all_its_claims_and_the_line_of_the_first(document):
    text = 'Zero.\n\nA `{python} n` and\n`{python} claim("a")` and `{python} claim("b")`. End.\n'
    ((line, said, names),) = sentences(document(text))
    assert (line.number, names) == (HEAD + 4, ("a", "b"))
    assert said.startswith("A and and")


def test_a_short_form_ends_no_sentence(document):
    text = 'It is higher, cf. Smith et al. Then `{python} claim("gap")`.\n'
    assert words(document, text, gap="unresolved") == [(HEAD + 1, "claim-words")]


def test_literal_numbers_have_no_claim(document):
    text = (
        '---\ntitle: 12 things\n---\n\nIt is 49.4 % of `{python} value("n")`, see [@a2020].\n'
        "\n```\n17\n```\n\n$x = 3$ and `4` pass.\n"
    )
    found = list(unclaimed(document(text)))
    assert [(one.line, one.rule) for one in found] == [(5, "number-without-claim")]
    assert "'49.4'" in found[0].message


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("The models of 2024 and those of May 2025 were asked (Figure 3).", 0),
        ("It was $x_1=3$ in 2024.", 0),
        ("It was 49.4 in 2024, and 2024 items were asked.", 2),
    ],
)
def test_years_references_and_formulas_are_no_numbers_without_a_claim(document, text, rules):
    assert len(list(unclaimed(document(f"{text}\n")))) == rules


@pytest.mark.parametrize(
    ("kind", "verdict", "sentence", "found"),
    [
        ("none", "supported", "Self is higher", True),
        ("none", "unresolved", "Self is higher", True),
        ("none", "contradicted", "Self is higher", False),
        ("close", "unresolved", "Self is higher", True),
        ("close", "supported", "Self is higher", True),
        ("close", "contradicted", "Self is higher", False),
        ("close", "supported", "Self is slightly higher, and comparable", False),
        ("close", "unresolved", "Self is not higher", False),
        ("close", "not assessed", "Self is higher", False),
    ],
)
def test_words_of_order_beside_a_claim_of_sameness_are_named(
    document, kind, verdict, sentence, found
):
    text = f'{sentence} (`{{python}} claim("{kind}")`).\n'
    assert bool(words(document, text, **{kind: verdict})) == found


def test_an_order_that_is_supported_allows_its_word_beside_a_claim_of_sameness(document):
    text = 'Self is higher (`{python} claim("order")`), not `{python} claim("close")`.\n'
    assert words(document, text, close="unresolved") == []


@pytest.mark.parametrize(
    ("code", "ids"),
    [
        ('claim("a")', ["a"]),
        ('report.claim("a") + report.claim("b")', ["a", "b"]),
        ("claim(name)", []),
        ("claim()", []),
        ('claims("a")', []),
        ("claim(1)", []),
        ("claim(", []),
    ],
)
def test_calls_are_read_from_the_code(code, ids):
    assert called(code) == ids
