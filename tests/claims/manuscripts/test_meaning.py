"""What stands around a number, and how it is written, in what it says of its claim."""

from __future__ import annotations

import pytest

from claims.manuscripts.texts import check, told


@pytest.mark.parametrize(
    ("half", "fits"),
    [
        ("1.6", "half the width of the interval"),
        ("0.8", "the standard error"),
        ("3.6", None),
        ("0.3", None),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "It was [52.3 ± {} %]{{claim=self}}.",
        "It was [52.3 %]{{claim=self}} (±{}).",
        "It was [52.3 %]{{claim=self}} ± {} %.",
    ],
)
def test_what_stands_behind_plus_minus_is_held_against_the_interval(tmp_path, text, half, fits):
    found = check(tmp_path, text.format(half))
    if fits is None:
        assert (told(found), found.exit_code) == ([("differs", "half-width", "self")], 1)
    else:
        (one,) = [one for one in found.findings if one.outcome == "agrees"]
        assert (one.claim, one.reason) == ("self", f"what stands behind ± is {fits}")
    assert [one for one in found.findings if one.outcome == "no claim"] == []


def test_what_is_called_a_standard_error_is_none_of_an_interval(tmp_path):
    for text in ("It was [52.3 %]{{claim=self}}, SE {}.", "[52.3 %]{{claim=self}} (SE = {})."):
        assert told(check(tmp_path, text.format("0.8"))) == [("agrees", "value", "self")]
        assert told(check(tmp_path, text.format("1.6"))) == [("differs", "half-width", "self")]


def test_a_half_width_is_held_against_the_recomputed_interval_too(tmp_path):
    text = "It was [48.9 ± {} %]{{claim=cross}}."
    assert told(check(tmp_path, text.format("1.7"))) == [("agrees", "value", "cross")]
    assert told(check(tmp_path, text.format("1.8"))) == [("differs", "half-width", "cross")]
    assert told(check(tmp_path, text.format("1.8"), {})) == [("agrees", "value", "cross")]


def test_an_n_right_behind_a_number_is_of_that_number(tmp_path):
    text = "It is [52.3 %]{{claim=self}} (n = {}) and [48.9 %]{{claim=cross}} (n = {})."
    found = check(tmp_path, text.format(600, 606))
    assert told(found)[0] == ("differs", "n", "cross")
    assert found.exit_code == 1
    assert told(check(tmp_path, text.format(660, 600)))[0] == ("differs", "n", "self")
    assert check(tmp_path, text.format(600, 600)).exit_code == 0


def test_decimal_commas_of_prose_are_counted_and_lists_are_not(tmp_path):
    found = check(tmp_path, "It is 52,9 % of 1,234 and 0,494 in layers 3,4,5 and .2 [.1,.3].")
    assert dict(found.passed_over) == {"decimal comma": 2}
    numbers = [one.printed for one in found.findings if one.outcome == "no claim"]
    assert numbers == ["1,234", "3", "4", "5", ".2 [.1,.3]"]
    whole = check(tmp_path, "It was 49 % [48,51].")
    assert [one.printed for one in whole.findings if one.outcome == "no claim"] == ["49 % [48,51]"]


@pytest.mark.parametrize("mark", [" ", "'", "\N{RIGHT SINGLE QUOTATION MARK}"])
def test_thousands_may_be_grouped_in_a_mark_around_them_alone(tmp_path, mark):
    text = f"There are [7{mark}{{}}]{{{{claim=trials}}}}."
    assert told(check(tmp_path, text.format("200"))) == [("agrees", "value", "trials")]
    assert told(check(tmp_path, text.format("300"))) == [("differs", "value", "trials")]
    loose = check(tmp_path, f"There are 7{mark}200 of them.")
    assert len([one for one in loose.findings if one.outcome == "no claim"]) == 2


@pytest.mark.parametrize(
    ("words", "right", "wrong"),
    [
        ("more than", 50, 55),
        ("over", 50, 60),
        ("at least", 50, 57),
        ("no less than", 50, 57),
        ("less than", 55, 50),
        ("fewer than", 55, 50),
        ("under", 55, 51),
        ("at most", 55, 51),
        ("up to", 55, 51),
    ],
)
def test_words_before_a_number_make_it_a_bound(tmp_path, words, right, wrong):
    for text in (
        f"It was [{words} {{}} %]{{{{claim=self}}}}.",
        f"{words} [{{}} %]{{{{claim=self}}}}",
    ):
        assert told(check(tmp_path, text.format(right))) == [("agrees", "value", "self")]
        found = check(tmp_path, text.format(wrong))
        assert told(found) == [("differs", "value", "self")]
        assert f"printed {words} {wrong} %" in found.findings[0].reason


def test_a_bound_and_its_value_are_one_value(tmp_path):
    text = "It was [more than 50 %]{claim=self}, that is [52.3 %]{claim=self}."
    assert told(check(tmp_path, text)) == [("agrees", "value", "self")] * 2


def test_words_of_a_bound_may_be_of_something_else(tmp_path):
    text = "It was averaged over [7,200]{claim=trials} predictions."
    assert told(check(tmp_path, text)) == [("agrees", "value", "trials")]


@pytest.mark.parametrize(
    ("printed", "claim", "outcome"),
    [
        ("0", "base", "differs"),
        (".3", "base", "agrees"),
        ("25 %", "base", "agrees"),
        ("1", "self", "differs"),
        ("52", "self", "agrees"),
        ("0", "none", "agrees"),
    ],
)
def test_a_print_without_a_digit_of_the_value_is_no_agreement(tmp_path, printed, claim, outcome):
    found = check(tmp_path, f"It was [{printed}]{{claim={claim}}}.")
    assert told(found) == [(outcome, "value", claim)]
    assert ("too coarse to tell" in found.findings[0].reason) is (outcome == "differs")


def test_value_and_interval_of_one_claim_are_proposed_without_words(tmp_path):
    text = "Elsewhere it was 52.3 % (95% CI 50.7\N{EN DASH}{})."
    (one,) = [f for f in check(tmp_path, text.format("53.9")).findings if f.outcome == "agrees"]
    assert (one.claim, one.how) == ("self", "proposed")
    assert told(check(tmp_path, text.format("55.9"))) == []
