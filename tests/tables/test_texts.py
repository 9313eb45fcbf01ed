from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.tables.texts import characters, core, fold, is_unspaced, tidy, words

ANY = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \n\n b\u00a0\u2003c\u3000", "a b c"),
        ("e\u0301", "\u00e9"),
        ("\u200ftiger\u200e", "tiger"),
        ("ti\u00adger\ufeff\u200b", "tiger"),
        ("\uff21\uff22\uff11", "AB1"),
        ("don\u2019t", "don't"),
        ("\u22125", "-5"),
        ("\u2764\ufe0f", "\u2764"),
        ("\x1b[1mred\x00", "[1mred"),
        ("\ud800", "\ufffd"),
        ("\u3164\u2800", ""),
        ("2\u00b2", "2\u00b2"),
    ],
)
def test_tidy_removes_what_nobody_means(text: str, expected: str) -> None:
    assert tidy(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Tiger.**", "Tiger"),
        ("«Él»", "Él"),
        ("(B) tiger!", "B) tiger"),
        ("-5.", "-5"),
        ("...5", "5"),
        (".5", ".5"),
        ("-.5", "-.5"),
        ("- 5", "5"),
        ("-x", "x"),
        ("50%", "50%"),
        ("C#", "C#"),
        ("?!", "?!"),
        ("*\ufe0f\u20e3", "*\u20e3"),
        ("\u200d'tis", "tis"),
    ],
)
def test_core_takes_off_the_punctuation_around(text: str, expected: str) -> None:
    assert core(text) == expected


def test_characters_are_grapheme_clusters() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    flag = "\U0001f1e9\U0001f1ea"
    accented = "q\u0323\u0307"
    assert characters(family + flag + " " + accented + "x", 9) == [family, flag, accented, "x"]
    assert characters("abc", 2) == ["a", "b"]


def test_words_keep_inner_punctuation_and_skip_what_is_no_word() -> None:
    assert words("- Don't, \u2014 state-of-the-art (\U0001f42f)!") == [
        "Don't",
        "state-of-the-art",
        "\U0001f42f",
    ]


def test_unspaced_scripts_are_known() -> None:
    assert is_unspaced("猫狗")
    assert is_unspaced("แมว")
    assert not is_unspaced("猫")
    assert not is_unspaced("호랑이")


def test_case_is_folded_not_lowered() -> None:
    assert fold("Straße") == fold("STRASSE") == "strasse"
    assert fold("\u03a3\u03c2") == "\u03c3\u03c3"


@given(ANY)
def test_each_form_is_total_and_stable(text: str) -> None:
    for form in (tidy, core, fold, lambda value: fold(core(value))):
        once = form(text)
        assert form(once) == once
    assert unicodedata.is_normalized("NFC", tidy(text))
    tidy(text).encode()


@given(ANY)
def test_equivalent_texts_have_one_form(text: str) -> None:
    assert fold(tidy(unicodedata.normalize("NFD", text))) == fold(tidy(text))
    assert fold(tidy(text).upper()) == fold(tidy(text).upper().casefold())
