from __future__ import annotations

import pytest

from foresay.claims import find_statements

EN_DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


def parts(text):
    (one,) = find_statements(text)
    numbers = (one.value, one.low, one.high, one.half_width, one.level)
    return one.kind, *(None if n is None else n.value for n in numbers)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (".494 [.490, .498]", ("interval", 0.494, 0.49, 0.498, None, None)),
        (f".494 (.490{EN_DASH}.498)", ("interval", 0.494, 0.49, 0.498, None, None)),
        ("49.4 % [49.0, 49.8]", ("interval", 0.494, 0.49, 0.498, None, None)),
        ("49.4 (95% CI 49.0 to 49.8)", ("interval", 49.4, 49.0, 49.8, None, 0.95)),
        ("49.4, 95 % CI [49.0, 49.8]", ("interval", 49.4, 49.0, 49.8, None, 0.95)),
        ("95% CI: [0.1, 0.2]", ("interval", None, 0.1, 0.2, None, 0.95)),
        (f"({MINUS}.1, .2)", ("interval", None, -0.1, 0.2, None, None)),
        ("[.1; .2]", ("interval", None, 0.1, 0.2, None, None)),
        ("49.4 ± 0.3", ("half_width", 49.4, None, None, 0.3, None)),
        ("49.4 ± 0.3 %", ("half_width", 0.494, None, None, 0.003, None)),
        (r"$49.4 \pm 0.3$", ("half_width", 49.4, None, None, 0.3, None)),
        ("3-5", ("range", None, 3, 5, None, None)),
        (f"3{EN_DASH}5", ("range", None, 3, 5, None, None)),
        ("from 3 to 5 %", ("range", None, 0.03, 0.05, None, None)),
    ],
)
def test_numbers_that_belong_together(text, found):
    assert parts(text) == (found[0], *(None if x is None else pytest.approx(x) for x in found[1:]))


def test_numbers_that_only_stand_near_each_other_stay_apart():
    kinds = [one.kind for one in find_statements("5 to 3; .4, .5 (n = 30, k = 5) and 7")]
    assert set(kinds) == {"number"}


def test_a_sentence_is_read_from_its_beginning_to_its_end():
    text = "Of 74,853 items 49.4 % [49.0, 49.8] were right, in 3-5 runs (p < .01)."
    found = find_statements(text)
    assert [one.kind for one in found] == ["number", "interval", "range", "number"]
    assert text[found[1].start : found[1].end] == "49.4 % [49.0, 49.8"
