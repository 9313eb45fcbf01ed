from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from foresay.claims import parse_number
from foresay.claims.consistency import (
    Panel,
    complements,
    difference,
    duplicate_rows,
    error_inversion,
    error_width,
    implied_proportions,
    in_domain,
    inside_interval,
    known_labels,
    near_the_middle,
    one_value,
    promised_arms,
    repeated_panels,
    same_n,
    same_value,
    whole_count,
)


def numbers(*texts):
    return [parse_number(text) for text in texts]


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("49.4 %", ".49406", "passed"),
        ("49.4 %", "0.4940570649847033", "passed"),
        ("49.4 %", ".4946", "differs"),
        ("49.4 %", ".49345", "differs"),
        (".494", ".4945", "passed"),  # either way of rounding a tie is accepted
        (".5", ".46", "passed"),
        ("< .01", ".003", "passed"),
        ("< .01", ".02", "differs"),
        ("p < .01", ".0095", "passed"),
    ],
)
def test_two_numbers_are_equal_where_rounding_can_explain_the_rest(one, other, verdict):
    assert same_value(*numbers(one, other)).verdict == verdict
    assert same_value(*numbers(other, one)).verdict == verdict


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ((".494", ".509", ".516"), "differs"),
        ((".520", ".509", ".516"), "differs"),
        ((".509", ".509", ".516"), "passed"),
        ((".51", ".514", ".516"), "passed"),  # .51 stands for up to .515
        ((".512", ".516", ".509"), "differs"),
        (("51.2 %", "50.9 %", "51.6 %"), "passed"),
    ],
)
def test_an_estimate_is_inside_its_interval_as_far_as_rounding_shows(printed, verdict):
    assert inside_interval(*numbers(*printed)).verdict == verdict


@pytest.mark.parametrize("method", ["wilson", "exact"])
@pytest.mark.parametrize("n", [7, 30, 100])
def test_intervals_of_every_count_have_their_estimate_where_it_should_be(method, n):
    for k in range(n + 1):
        made = stats.binomtest(k, n).proportion_ci(method=method)
        printed = numbers(*(f"{x:.4f}" for x in (k / n, made.low, made.high)))
        assert near_the_middle(*printed).verdict == "passed", (k, n)


@pytest.mark.parametrize("n", [30, 400])
def test_wilsons_interval_is_symmetric_on_the_logit_scale_and_not_plainly(n):
    k = n // 10
    made = stats.binomtest(k, n).proportion_ci(method="wilson")
    printed = numbers(*(f"{x:.6f}" for x in (k / n, made.low, made.high)))
    assert near_the_middle(*printed, method="logit").verdict == "passed"
    assert near_the_middle(*printed, method="normal").verdict == "differs"


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ((".500", ".490", ".510"), "passed"),
        ((".497", ".490", ".510"), "differs"),
        ((".499", ".490", ".510"), "passed"),  # .4985 to .4995 with ends of .4895 to .4905
        ((".50", ".49", ".51"), "not possible"),
        ((".500", ".500", ".500"), "not possible"),
    ],
)
def test_a_normal_interval_has_its_estimate_in_the_middle(printed, verdict):
    found = near_the_middle(*numbers(*printed), method="normal")
    assert found.verdict == verdict
    assert (found.reason != "") == (verdict == "not possible")


@pytest.mark.parametrize(
    ("printed", "scale", "verdict"),
    [
        (("-.300", "-.500", "-.100"), "difference", "passed"),
        ((".100", ".050", ".190"), "any", "passed"),  # symmetric on the logit scale
        ((".100", ".050", ".190"), "difference", "differs"),
        (("4.00", "2.00", "8.00"), "any", "passed"),  # a ratio: symmetric after a logarithm
        (("4.00", "2.00", "8.00"), "difference", "differs"),
        (("-4.00", "-8.00", "-2.00"), "any", "differs"),
    ],
)
def test_only_what_is_no_difference_may_be_symmetric_on_another_scale(printed, scale, verdict):
    assert near_the_middle(*numbers(*printed), scale=scale).verdict == verdict


@given(st.integers(1, 3000), st.integers(1, 5), st.integers(1, 3), st.data())
def test_every_share_of_n_items_is_a_whole_number_of_them(n, decimals, parts, data):
    k = data.draw(st.integers(0, n * parts))
    share = f"{k / (n * parts):.{decimals}f}"
    assert whole_count(parse_number(share), n, parts=parts).verdict != "differs"


@pytest.mark.parametrize("n", [19, 50, 99])
def test_which_shares_are_impossible_is_that_of_enumeration(n):
    possible = {f"{k / n:.2f}" for k in range(n + 1)}
    found = {
        share
        for share in (f"{i / 100:.2f}" for i in range(101))
        if whole_count(parse_number(share), n).verdict == "passed"
    }
    # ties that Python rounds one way may have been rounded the other way
    ties = {f"{math.ceil(100 * k / n) / 100:.2f}" for k in range(n + 1) if 200 * k % (2 * n) == n}
    assert found - ties <= possible <= found


@pytest.mark.parametrize(
    ("share", "n", "verdict"),
    [
        (".35", 99, "passed"),
        (".35", 100, "not possible"),
        (".350", 100, "passed"),
        (".355", 100, "differs"),
        ("35.5 %", 100, "differs"),
        ("0.4940570649847033", 74853, "differs"),
        ("0.3259455198856425", 74853, "passed"),
        ("35.5 %", 1_000_000, "not possible"),
    ],
)
def test_a_check_that_every_share_would_pass_is_not_passed(share, n, verdict):
    assert whole_count(parse_number(share), n).verdict == verdict


def test_the_chance_to_pass_is_the_share_of_wrong_numbers_that_pass():
    n = 33
    passed = [whole_count(parse_number(f"{i / 1000:.3f}"), n).verdict for i in range(1000)]
    chance = whole_count(parse_number(".500"), n).numbers["chance_of_passing"]
    assert passed.count("passed") / 1000 == pytest.approx(chance, abs=0.002)


@given(st.integers(20, 10**6), st.data())
def test_the_binomial_error_of_any_share_implies_it(n, data):
    k = data.draw(st.integers(1, n - 1))
    p = k / n
    times, items = data.draw(
        st.tuples(st.sampled_from([1.96, 1.959963984540054]), st.sampled_from([n, n - 1]))
    )
    error = times * math.sqrt(p * (1 - p) / items)
    for texts in ((repr(p), repr(error)), (f"{p:.3f}", f"{error:.4f}")):
        if float(texts[1]) > 0:
            found = error_inversion(*numbers(*texts), n, multiple=1.96)
            assert found.verdict != "differs"


def test_the_implied_proportions_solve_the_formula():
    low, high = implied_proportions(0.0158, 1000)
    assert low + high == pytest.approx(1)
    assert math.sqrt(low * (1 - low) / 999) == pytest.approx(0.0158)
    assert implied_proportions(0.1, 1000) == ()


@pytest.mark.parametrize(
    ("value", "error", "n", "verdict"),
    [
        (".494", ".0158", 1000, "passed"),
        (".894", ".0158", 1000, "differs"),
        (".494", ".02", 900, "not possible"),  # fits .3 as well as .5
        (".494", "0", 1000, "not possible"),
        (".494", ".0300", 1000, "differs"),  # larger than any
    ],
)
def test_an_error_is_held_against_its_proportion(value, error, n, verdict):
    assert error_inversion(*numbers(value, error), n).verdict == verdict


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        (("24.0 %", "76.0 %"), "passed"),
        (("33.3 %", "33.3 %", "33.3 %"), "passed"),
        (("24.0 %", "76.2 %"), "differs"),
        ((".24", ".77"), "passed"),
        ((".24", ".78"), "differs"),
        ((".24", "76 %"), "passed"),
    ],
)
def test_complements_add_up_as_far_as_rounding_shows(parts, verdict):
    assert complements(numbers(*parts)).verdict == verdict


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=5), st.integers(0, 4))
def test_shares_of_one_whole_always_add_up(counts, decimals):
    n = sum(counts)
    if n:
        printed = numbers(*(f"{k / n:.{decimals}f}" for k in counts))
        assert complements(printed).verdict == "passed"


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [
        (("48.5 %", "31.8 %", "17 points"), "passed"),
        (("48.5 %", "31.8 %", "16.7 points"), "passed"),
        (("48.5 %", "31.8 %", "16.9 points"), "differs"),
        (("48.5 %", "31.8 %", "16 points"), "differs"),
        ((".485", ".318", ".17"), "passed"),
        ((".318", ".485", "-.167"), "passed"),
    ],
)
def test_a_difference_is_that_of_its_terms(texts, verdict):
    assert difference(*numbers(*texts)).verdict == verdict


@given(st.fractions(0, 1, max_denominator=999), st.fractions(0, 1, max_denominator=999))
def test_a_true_difference_passes_however_it_is_rounded(one, other):
    texts = f"{float(one):.3f}", f"{float(other):.3f}", f"{float(one - other):.2f}"
    assert difference(*numbers(*texts)).verdict == "passed"


@pytest.mark.parametrize(
    ("text", "what", "verdict"),
    [
        ("103.2 %", "proportion", "differs"),
        ("1.2", "proportion", "differs"),
        ("-.01", "proportion", "differs"),
        ("100 %", "proportion", "passed"),
        ("-.00", "proportion", "passed"),
        ("-.9", "difference", "passed"),
        ("-1.1", "difference", "differs"),
        ("-.01", "error", "differs"),
    ],
)
def test_values_that_cannot_be(text, what, verdict):
    assert in_domain(parse_number(text), what).verdict == verdict


def test_every_set_of_equal_rows_is_one_finding():
    cells = [("a", "1"), ("b", "1"), ("a", "1"), ("b", "1"), ("c", "1"), ("a", "1")]
    found = duplicate_rows(cells, list("123456"), ["model"])
    assert [one.rows for one in found] == [("1", "3", "6"), ("2", "4")]
    assert [one.verdict for one in duplicate_rows(cells[:2], ["1", "2"], ["model"])] == ["passed"]


def test_rows_that_say_nothing_about_themselves_may_be_equal():
    assert duplicate_rows([("1",), ("1",)], ["1", "2"], [])[0].verdict == "not possible"


def panel(name, *texts, n=None, about=""):
    values = dict(zip("abcdefgh", numbers(*texts), strict=False))
    return Panel(
        name=name, values=values, n=dict.fromkeys(values, n) if n else {}, rows=(name,), about=about
    )


FIVE = ("41.5 %", "7.4 %", "19.0 %", "40.4 %", "64.3 %")


def test_a_panel_that_is_printed_twice_is_named_with_its_numbers():
    (found,) = repeated_panels(
        [panel("one", *FIVE), panel("other", *FIVE), panel("x", *FIVE[::-1])]
    )
    assert (found.verdict, found.rows) == ("differs", ("one", "other"))
    assert "41.5 %, 7.4 %" in found.arithmetic


def test_one_number_apart_is_not_the_same_panel():
    apart = panel("other", *FIVE[:-1], "64.4 %")
    assert repeated_panels([panel("one", *FIVE), apart])[0].verdict == "passed"


@pytest.mark.parametrize(
    ("texts", "n", "verdict"),
    [
        (FIVE[:2], None, "not possible"),  # fewer than three
        (("41 %", "7 %", "19 %"), None, "not possible"),  # few digits
        (FIVE[:3], 10**6, "not possible"),  # so many items that equal rates print the same
        (("100 %", "100 %", "100 %"), None, "not possible"),
        (FIVE[:3], 30, "not possible"),  # so few items that there are few shares
        (FIVE, 3000, "differs"),
    ],
)
def test_a_repeated_panel_is_a_finding_only_where_chance_is_ruled_out(texts, n, verdict):
    two = [panel("one", *texts, n=n), panel("other", *texts, n=n)]
    assert repeated_panels(two)[0].verdict == verdict


def test_panels_that_claim_the_same_thing_may_be_equal():
    two = [panel("Figure 4", *FIVE, about="self"), panel("Figure 5", *FIVE, about="self")]
    assert repeated_panels(two)[0].verdict == "passed"


def test_many_copies_of_a_panel_are_one_finding():
    found = repeated_panels([panel(f"p{i}", *FIVE) for i in range(40)])
    assert len(found) == 1
    assert len(found[0].rows) == 40


@pytest.mark.simulation
@pytest.mark.parametrize(("n", "digits"), [(300, 3), (3000, 3), (50, 4)])
def test_the_chance_of_a_coincidence_is_no_more_than_it_is_said_to_be(n, digits):
    from foresay.claims.consistency.repeated_panels import repeated_panels as asked
    from foresay.resampling import stream

    rng = stream(1, "coincidence", str(n), str(digits))
    runs, p = 40_000, 0.4
    pairs = rng.binomial(n, p, size=(runs, 2)) / n
    same = sum(f"{a:.{digits}f}" == f"{b:.{digits}f}" for a, b in pairs) / runs
    texts = (f"{p:.{digits}f}",) * 3
    said = asked([panel("a", *texts, n=n), panel("b", *texts, n=n)])[0].numbers["chance"]
    assert same <= said ** (1 / 3) + 3 * math.sqrt(same / runs)
    assert same >= 0.7 * said ** (1 / 3)


@pytest.mark.parametrize(
    ("numbers_of", "declared", "verdict"),
    [
        ([100, 100], True, "passed"),
        ([100, 99], True, "differs"),
        ([100, 99], False, "not possible"),
        ([100, None], True, "not possible"),
    ],
)
def test_different_n_differ_only_where_the_items_are_said_to_be_the_same(
    numbers_of, declared, verdict
):
    found = same_n(numbers_of, ["a", "b"], declared=declared)
    assert found.verdict == verdict


def test_a_label_that_no_model_has_is_named_with_the_nearest():
    found = known_labels({"gpt-4": ["r1", "r2"], "gpt-4o": ["r3"]}, ["gpt-4o", "llama-70b"])
    assert [one.verdict for one in found] == ["differs", "passed"]
    assert "did you mean 'gpt-4o'?" in found[0].arithmetic
    assert known_labels({"gpt-4": ["r1"]}, None)[0].verdict == "not possible"


def test_a_promised_arm_without_a_row_is_named():
    rows = [{"predictor": "a", "target": "a"}]
    found = promised_arms(rows, ["r"], [{"predictor": "a"}, {"predictor": "b", "target": "a"}])
    assert [one.verdict for one in found] == ["passed", "differs"]
    assert found[1].arithmetic == "no row has predictor = b, target = a"
    assert promised_arms(rows, ["r"], None)[0].verdict == "not possible"


def test_one_cell_at_three_places_is_held_against_the_finest():
    values = numbers("49.4 %", ".49406", "49.7 %")
    found = one_value(values, ["a", "b", "c"])
    assert [(one.rows, one.verdict) for one in found] == [
        (("a", "b"), "passed"),
        (("c", "b"), "differs"),
    ]
    assert one_value(values, ["a", "b", "c"], declared=False)[1].verdict == "not possible"


def test_sentences_say_what_differs_and_nothing_else():
    found = inside_interval(*numbers(".494", ".509", ".516"))
    assert found.arithmetic == "printed .494 [.509, .516]; .494 lies below the interval"
    assert same_value(*numbers("49.4 %", ".4952")).numbers["difference"] == pytest.approx(-0.0012)


@pytest.mark.parametrize(
    ("error", "low", "high", "more", "verdict"),
    [
        (".016", ".463", ".525", {}, "passed"),  # 1.94
        (".0158", ".4630", ".5250", {"method": "normal"}, "passed"),
        (".0158", ".468", ".520", {"method": "normal"}, "differs"),  # 1.65, of 90 %
        (".0158", ".468", ".520", {}, "passed"),
        (".160", ".463", ".525", {}, "differs"),  # a tenth of it
        (".0040", ".463", ".525", {}, "differs"),
        (".0158", ".444", ".544", {}, "passed"),  # 3.2: few clusters
        (".0158", ".4500", ".5376", {"method": "normal"}, "passed"),  # 2.77: five clusters
        (".031", ".463", ".525", {"multiple": 1.96}, "passed"),
        (".031", ".463", ".525", {}, "not possible"),  # one standard error to each side
        (".03", ".46", ".53", {}, "not possible"),  # too few digits
        ("0", ".46", ".53", {}, "not possible"),
        (".5", ".2", "6.0", {}, "not possible"),  # perhaps logarithmic
        ("1.6 %", "46.3 %", "52.5 %", {}, "passed"),
        ("16.0 %", "46.3 %", "52.5 %", {}, "differs"),
    ],
)
def test_a_standard_error_is_held_against_its_interval(error, low, high, more, verdict):
    assert error_width(*numbers(error, low, high), **more).verdict == verdict


def share_intervals(k, n):
    z, p = stats.norm.ppf(0.975), k / n
    bent = z / math.sqrt(n * p * (1 - p))
    logit = math.log(p / (1 - p))
    draw = stats.binom(n, p)
    exact = stats.binomtest(k, n)
    return {
        "wilson": tuple(exact.proportion_ci(method="wilson")),
        "exact": tuple(exact.proportion_ci(method="exact")),
        "logit": (1 / (1 + math.exp(bent - logit)), 1 / (1 + math.exp(-bent - logit))),
        "percentile": (draw.ppf(0.025) / n, draw.ppf(0.975) / n),
    }


@pytest.mark.parametrize("n", [12, 40, 300, 5_000])
def test_no_honest_interval_of_a_share_contradicts_its_error(n):
    judged = 0
    for k in range(1, n, max(n // 100, 1)):
        error = math.sqrt(k / n * (1 - k / n) / n)
        for low, high in share_intervals(k, n).values():
            printed = numbers(repr(error), repr(float(low)), repr(float(high)), repr(k / n))
            found = error_width(*printed[:3], share=printed[3])
            assert found.verdict != "differs", (k, n, found.arithmetic)
            judged += found.verdict == "passed"
    assert judged > n // 4 if n < 100 else judged > 300


def test_a_share_with_few_items_on_a_side_has_no_width_to_expect():
    printed = numbers(".0100", ".0001", ".0400", ".0100")
    assert error_width(*printed[:3], share=printed[3]).verdict == "not possible"


@pytest.mark.parametrize(
    ("error", "low", "high", "share", "n", "verdict"),
    [
        (".300", ".490", ".510", ".500", 9_604, "differs"),
        (".300", ".490", ".510", ".500", None, "not possible"),
        (".300", ".490", ".510", ".500", 8, "not possible"),
        ("11.7 %", "62.7 %", "77.9 %", "70.3 %", 138, "differs"),
        (".0100", ".0001", ".1400", ".0100", 2_000, "not possible"),  # wide, as on the logit scale
        (".0100", ".0001", ".0296", ".0100", 2_000, "passed"),
    ],
)
def test_the_items_on_a_side_are_those_of_the_printed_n(error, low, high, share, n, verdict):
    *printed, of = numbers(error, low, high, share)
    assert error_width(*printed, share=of, n=n).verdict == verdict


@pytest.mark.parametrize("clusters", [5, 12, 40])
def test_no_honest_interval_of_a_few_clusters_contradicts_its_error(clusters):
    judged = 0
    for k in range(1, clusters):
        p = k / clusters
        error = math.sqrt(p * (1 - p) / clusters)
        reach = stats.t.ppf(0.975, clusters - 1) * error
        intervals = share_intervals(k, clusters)
        intervals["cut off"] = (max(p - 1.96 * error, 0.0), min(p + 1.96 * error, 1.0))
        intervals["t"] = (p - reach, p + reach)
        for low, high in intervals.values():
            *printed, of = numbers(repr(error), repr(float(low)), repr(float(high)), repr(p))
            found = error_width(*printed, share=of, n=50 * clusters)
            assert found.verdict != "differs", (k, found.arithmetic)
            judged += found.verdict == "passed"
    assert judged > clusters


SHORT = ("40.3 %", "50.1 %", "71.9 %")


@pytest.mark.parametrize(
    ("error", "copies", "verdict"),
    [
        (None, 2, "differs"),
        (None, 6, "not possible"),
        (0.015, 6, "differs"),
        (0.001, 2, "not possible"),
    ],
)
def test_three_numbers_are_enough_where_their_errors_rule_chance_out(error, copies, verdict):
    errors = {} if error is None else dict.fromkeys("abc", error)
    texts = [SHORT, SHORT, *((f"{i}1.5 %", "30.2 %", "62.0 %") for i in range(2, copies))]
    panels = [replace(panel(f"m{i}", *printed), errors=errors) for i, printed in enumerate(texts)]
    assert repeated_panels(panels)[0].verdict == verdict


def test_how_far_from_the_middle_is_said_in_half_widths_with_their_width():
    far = near_the_middle(*numbers("48.0 %", "50.0 %", "51.0 %"))
    assert "5 times the half-width of 0.5 % below it" in far.arithmetic
    assert near_the_middle(*numbers(".485", ".479", ".491")).arithmetic.endswith("is there")
    coarse = near_the_middle(*numbers(".48", ".47", ".49"))
    assert coarse.reason.endswith("by up to 1 times its half-width")
