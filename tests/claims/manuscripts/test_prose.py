from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.manuscripts.papers import LEDGER
from foresay.claims.judged import Judged
from foresay.claims.manuscripts.claim_words import claim_words, too_much_said
from foresay.claims.manuscripts.inlines import Inlines, math_text
from foresay.claims.manuscripts.lines import Lines
from foresay.claims.manuscripts.mentions import mentions_of
from foresay.claims.manuscripts.passages import Passage
from foresay.claims.manuscripts.reading import Manuscript


def _text(*texts, skipped=()):
    passages = tuple(
        Passage(kind="paragraph", section="", number=at, text=text, skipped=skipped)
        for at, text in enumerate(texts, start=1)
    )
    return mentions_of(Manuscript(passages=passages, called=(), text="", notes=()))


def _numbers(text):
    return [one.printed for one in _text(text).mentions]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("see Figure 3", "reference"),
        ("(Tables 2 and 3)", "reference"),
        ("in Sections 4.1-4.3", "reference"),
        ("Fig. S2", "reference"),
        ("as shown by Binder et al. (2024)", "citation"),
        ("of Binder et\N{NO-BREAK SPACE}al.\N{NO-BREAK SPACE}2024", "citation"),
        ("before (Smith, 2019; Jones 2020b)", "citation"),
        ("was known [3, 4]", "citation"),
        ("on 17 October 2024", "date"),
        ("on 2024-10-17", "date"),
        ("in 2024 we", "year"),
        ("of the 2024 models", "year"),
        ("2024", "year"),
        ("(2024)", "citation"),
        ("doi:10.1234/abc.567", "address"),
        ("arXiv:2410.13787v1", "address"),
        ("https://example.org/49.4", "address"),
        ("version 2.1", "version"),
        ("of torch 2.1.3", "version"),
    ],
)
def test_what_is_no_result_is_passed_over_with_the_reason(text, why):
    told = _text(f"A result {text}.")
    assert told.mentions == ()
    assert {reason for reason, _ in told.passed_over} == {why}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("in 2000 items", ["2000"]),
        ("Figure 3 shows 49.4 %", ["49.4 %"]),
        ("Table 2, 31.8 % of all", ["31.8 %"]),
        ("it was 49.4 [48, 51] here", ["49.4 [48, 51]"]),
        ("was (31.8 % in 2024)", ["31.8 %"]),
        ("2024 of 12,480 replies", ["2024", "12,480"]),
        ("all 2024 held-out items", ["2024"]),
        ("n = 2024, and 2,024", ["n = 2024", "2,024"]),
        ("2024 % and 2024.5 and 2024/40", ["2024 %", "2024.5", "2024", "40"]),
        ("about 2000 or 1900", ["2000", "1900"]),
    ],
)
def test_results_beside_them_are_kept(text, numbers):
    assert _numbers(text) == numbers


WORDS = st.lists(
    st.sampled_from(["we", "found", "that", "models", "of", "the", "which", "and", "replies"]),
    max_size=6,
).map(" ".join)


@given(before=WORDS, after=WORDS, whole=st.integers(0, 99), part=st.integers(0, 99))
def test_a_percentage_is_found_in_any_prose(before, after, whole, part):
    number = f"{whole}.{part:02d} %"
    assert _numbers(f"{before} {number} {after}.") == [number]


@given(st.text(max_size=200))
def test_any_text_is_read_and_sentences_cover_it_in_order(text):
    told = _text(text)
    at = 0
    for one in told.sentences:
        assert one.start == at
        at = one.end
    assert at == (len(text) if told.sentences else 0)
    for mention in told.mentions:
        assert mention.sentence.start <= mention.statement.start < mention.sentence.end


@given(st.text(max_size=60))
def test_any_formula_is_read(source):
    text = math_text(source)
    said = Inlines()
    said.add([{"t": "Math", "c": [{"t": "InlineMath"}, source]}])
    assert bool(said.skipped) == (text is None)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"49.4 \pm 0.3\,\%", "49.4 ± 0.3\N{THIN SPACE}%"),
        (r"p \leq .05", "p ≤ .05"),
        (r"n = 12{,}480", "n = 12,480"),
        (r"1.2 \times 10^{-3}", "1.2 \N{MULTIPLICATION SIGN} 10^{-3}"),
        (r"\frac{1}{2}", None),
        (r"y = 2x + 1", None),
        ("x_1=3", None),
        ("x = 3, y = 4", None),
        ("n_1 = 30", None),
        ("k = 5", "k = 5"),
        (r"\mathrm{accuracy} = .494", "accuracy = .494"),
        ("x", None),
    ],
)
def test_formulas_that_print_numbers_are_read_and_others_are_not(source, text):
    assert math_text(source) == text


def test_sentences_do_not_end_at_abbreviations():
    told = _text("Binder et al. Report this. As in Fig. 3 of No. 4. It is so, e.g. Here.")
    assert [one.text for one in told.sentences] == [
        "Binder et al. Report this.",
        "As in Fig. 3 of No. 4.",
        "It is so, e.g. Here.",
    ]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Self-prediction is higher", ["order"]),
        ("it outperforms the baseline", ["order"]),
        ("they are comparable", ["same"]),
        ("there was no difference", ["same"]),
        ("no significant difference was found", ["not shown"]),
        ("it did not differ", ["same"]),
        ("no clear advantage", ["not shown"]),
        ("it is not better than chance", ["not shown"]),
        ("it is not comparable", ["order"]),
        ("nothing is said", []),
    ],
)
def test_words_of_order_and_sameness(sentence, said):
    assert [one for _, one in claim_words(sentence)] == said


def test_a_difference_bears_on_order_with_a_direction_or_where_it_is_not_supported():
    difference = LEDGER.claims["advantage"]
    directed = difference.model_copy(update={"direction": ">"})

    def words(claim, verdict):
        found = too_much_said("It is higher.", {"a": claim}, {"a": Judged(verdict=verdict)})
        return [one[:2] for one in found]

    assert words(difference, "supported") == words(directed, "supported") == []
    for verdict in ("unresolved", "contradicted"):
        assert words(difference, verdict) == words(directed, verdict) == [("higher", "a")]


def test_lines_are_those_whose_words_are_most_alike():
    text = "We have 49.4 % of apples here\n\nfiller\n\nand then 49.4 % of pears there\n"
    lines = Lines(text)
    shown = "and then 49.4 % of pears there"
    assert lines.of(shown, 9, 15) == 5
    assert lines.of("nothing alike 49.4 in these other words at all", 14, 18) == 0
    assert lines.of("31.8 is not there", 0, 4) == 0
