from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foresay.errors import StudyError
from foresay.study import nearest, parse_study, read_study

GOOD = "study: a\ntables:\n  trials:\n    files: ['x.csv']\n"


def refusal(tmp_path: Path, content: str | bytes) -> str:
    path = tmp_path / "study.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StudyError) as refused:
        read_study(path)
    return str(refused.value).replace(str(path), "study.yml")


def test_a_study_is_read_with_a_byte_order_mark_and_windows_line_ends(tmp_path):
    path = tmp_path / "study.yml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_study(path).tables["trials"].files == ["x.csv"]


def test_every_problem_is_said_at_once_with_its_line_in_order(tmp_path):
    said = refusal(
        tmp_path,
        "study: a b\ntitel: x\ntables:\n  trails:\n    files: x\n  trials:\n    files: 3\n"
        "    brokn_rows: drop\n    columns:\n      item: {sq: x}\n      task: {value: [1]}\n"
        "choices:\n  complience: paper\n  level: 95\n  interval: bcaa\n  seed: 1\n  seed: 2\n"
        "report:\n  version: 1.0\n",
    )
    assert [line.removeprefix("study.yml, line ") for line in said.splitlines()] == [
        next(line for line in said.splitlines() if "'a b', where a name of" in line)[16:],
        "2: unknown key 'titel'; did you mean 'title'?",
        "4: unknown table 'trails'; did you mean 'trials'?",
        "7: tables.trials.files is 3, where a list is expected",
        "8: unknown key 'tables.trials.brokn_rows'; did you mean 'broken_rows'?",
        "10: unknown key 'tables.trials.columns.item.sq'; did you mean 'sql'?",
        next(line for line in said.splitlines() if "has the value [1], where" in line)[16:],
        "13: unknown key 'choices.complience'; did you mean 'compliance'?",
        "14: choices.level is 95.0: should be less than 1",
        next(line for line in said.splitlines() if "did you mean 'bca'?" in line)[16:],
        "17: the key 'seed' stands twice",
        "19: report.version is 1.0, where text is expected; write it in quotes: '1.0'",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"# only a comment\n", "is empty"),
        (b"- a\n", "holds a list"),
        (b"hello", "holds a text"),
        (b"3", "holds a number"),
        (b"true", "holds a truth value"),
        ("study: a".encode("utf-16"), "is not UTF-8 text"),
        (b"study: a\ntitle: \xff\n", "line 2: is not UTF-8 text (byte 17)"),
        (b"study: a\ntables:\n", "line 2: tables is empty, where a mapping"),
        (
            (
                b"study: a\ntables: {trials: {files: m}}\n"
                b"specifications: {s: {of: x, choices: {truth: {each: }}}}\n"
            ),
            "line 3: specifications.s.choices.truth.0.reason is empty, where text is expected",
        ),
        (b"study: a\ntables: [trials]\n", "where a mapping"),
        (b"study: a\ntables: {}\n", "at least one entry"),
        (b"study: a\ntables: {trials: x.csv}\n", "where a mapping"),
        (b"study: a\ntables: {trials: {files: ['']}}\n", "at least one character"),
        (b"study: 2024\ntables: {trials: {files: a}}\n", "write it in quotes: '2024'"),
        (b"study: a\ntables: {models: {files: m.csv}}\n", "nothing to analyse"),
        (
            b"study: a\ntables: {trials: {files: m}, predictions: {files: m}}\n",
            "line 2: tables: 'trials' stands instead of 'predictions'",
        ),
        (f"{GOOD}properties: identity\n".encode(), "none is named"),
        (f"{GOOD}properties: [1]\n".encode(), "where a mapping"),
        (f"{GOOD}    pattern: '(['\n".encode(), "is not a regular expression"),
        (f"{GOOD}    pattern: a\n".encode(), "has no named group"),
        (f"{GOOD}    pattern: (?P<_row>a)\n".encode(), "reserved"),
        (f"{GOOD}    pattern: (?P<a>a)(?P<A>b)\n".encode(), "count as the same"),
        (f"{GOOD}    columns: {{Item: x, item: y}}\n".encode(), "count as the same"),
        (f"{GOOD}    columns: {{'': x}}\n".encode(), "empty name"),
        (f"{GOOD}    columns: {{item: ''}}\n".encode(), "not a text with content"),
        (f"{GOOD}    columns: {{item: {{sql: ' '}}}}\n".encode(), "not a text with content"),
        (f"{GOOD}    columns: {{item: {{sql: 1}}}}\n".encode(), "not a text with content"),
        (f"{GOOD}    columns: {{item: ~}}\n".encode(), "a source column's name"),
        (f"{GOOD}    columns: {{item: {{value: .nan}}}}\n".encode(), "not a finite number"),
        (f"{GOOD}    columns: {{item: {{value: 9{'0' * 30}}}}}\n".encode(), "write it in quotes"),
        (f"{GOOD}    delimiter: ab\n".encode(), "one mark"),
        (f'{GOOD}    delimiter: "\\n"\n'.encode(), "one mark"),
        (f"{GOOD}    delimiter: '\"'\n".encode(), "one mark"),
        (f"{GOOD}report: {{formats: [htm]}}\n".encode(), "did you mean 'html'?"),
    ],
)
def test_a_study_that_cannot_be_is_refused_in_words(tmp_path, content, words):
    said = refusal(tmp_path, content)
    assert words in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("name", ["", "nothing.yml", "no/such/folder.yml", "a\x00b", "x" * 5000])
def test_a_file_that_cannot_be_opened_is_named(tmp_path, name):
    with pytest.raises(StudyError, match="cannot read the study file"):
        read_study(tmp_path / name)


def test_a_cause_and_its_consequence_are_one_problem(tmp_path):
    said = refusal(tmp_path, f"{GOOD}title: !!int abc\n")
    assert said == "study.yml, line 5: cannot take 'abc' as int; write it as text, in quotes"


def test_content_from_elsewhere_is_checked_the_same():
    with pytest.raises(StudyError, match="study: unknown key 'titel'; did you mean 'title'"):
        parse_study({"study": "a", "tables": {"trials": {"files": ["x"]}}, "titel": ""})


@pytest.mark.parametrize(
    ("known", "hint"),
    [
        (["target", "task"], "did you mean 'target'?"),
        (["a", "b"], "known: a, b"),
        ([], "there are none"),
        ([f"zz{i}" for i in range(30)], "and 10 more"),
    ],
)
def test_a_hint_names_the_nearest_or_some(known, hint):
    assert nearest("tragte", known).endswith(hint)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["study", "tables", "trials", "files", "columns", "item", "sql", "value"]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["study", "tables", "choices", "contrasts"]), values))
def test_any_content_is_a_study_or_is_refused(content):
    with contextlib.suppress(StudyError):
        parse_study(content)
