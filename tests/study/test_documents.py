from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresay.errors import StudyError
from foresay.study.documents import compose, plain

PATH = Path("study.yml")


def value_of(text: str):
    problems: list[tuple[int, str]] = []
    node = compose(text, PATH)
    value = plain(node, PATH, problems) if node is not None else None
    return value, problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("12", 12),
        ("-1", -1),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("-.5e-1", -0.05),
        ("~", None),
        ("", None),
        ("'12'", "12"),
        ("!!str 12", "12"),
    ],
)
def test_a_word_has_the_meaning_that_editors_give_it(text, value):
    assert value_of(f"[{text}]" if text else "- ")[0] == [value]
    assert value_of(f"[{text}]" if text else "- ")[1] == []


def test_infinity_and_nan_reach_the_rules_that_refuse_them():
    value, problems = value_of("[.inf, -.inf, .nan]")
    assert list(map(str, value)) == ["inf", "-inf", "nan"]
    assert not problems


def test_keys_are_always_text():
    assert value_of("{1: a, true: b, ~: c, no: d}")[0] == {
        "1": "a",
        "true": "b",
        "~": "c",
        "no": "d",
    }


def test_aliases_and_merges_work_and_the_own_key_wins():
    text = "a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: [{x: 4}, *a]}\n"
    assert value_of(text)[0] == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 2},
        "c": {"x": 1, "y": 3},
        "d": {"x": 4, "y": 2},
    }


def test_every_key_that_stands_twice_is_named_with_its_line():
    _, problems = value_of("a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n")
    assert problems == [(3, "the key 'a' stands twice"), (6, "the key 'd' stands twice")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("? [a]\n: b", "keys are names"),
        ("? {a: b}\n: c", "keys are names"),
        ("a: !!int abc", "write it as text"),
        ("a: !!bool abc", "write it as text"),
        ("a: !!timestamp abc", "write it as text"),
        ("a: !!binary '@'", "write it as text"),
        ("a: " + "1" * 5000, "write it as text"),
        ("a: !!python/object/apply:os.system ['true']", "no meaning"),
        ("a: !!set {b, c}", "no meaning"),
        ('a: "\\ud800"', "surrogate"),
        ("<<: 1", "alias of a mapping"),
    ],
)
def test_what_has_no_value_is_a_problem_and_no_exception(text, words):
    _, problems = value_of(text)
    assert len(problems) == 1
    assert words in problems[0][1]


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (bomb(12), "aliases"),
        ("a: &a [*a]", "aliases"),
        ("a: &a {b: *a}", "aliases"),
        ("a: " + "[" * 5000, "40 levels"),
        ("a: " + "{a: " * 5000, "40 levels"),
        ("- " * 5000 + "a", "40 levels"),
        ("a" * 1_000_001, "1,000,000 characters"),
        ("a: [", "line 1"),
        ("a:\n\t- b", "line 2"),
        ("a: 1\n---\nb: 2", "line 2"),
        ("a: \x00", "not valid YAML"),
        ("a: *b", "alias"),
        ("%YAML 3.0\n---\na", "YAML"),
    ],
)
def test_what_is_no_small_yaml_is_refused(text, words):
    with pytest.raises(StudyError) as refused:
        value_of(text)
    assert words in str(refused.value)
    assert "study.yml" in str(refused.value)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,?<~ \n\t.01éx\x00\u2028", max_size=60))
def test_any_text_has_a_value_or_is_refused(text):
    with contextlib.suppress(StudyError):
        value_of(text)
