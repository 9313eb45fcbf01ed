from __future__ import annotations

import pytest

from foresay.errors import ForesayError
from foresay.study import parse_study
from foresay.tables.derivation import with_derived_answers
from foresay.tables.engine import Engine
from foresay.tables.reading import read_tables
from tables.read_given import write

RESPONSES = (
    "model,task,item,sample,response,compliant\n"
    'm,words,i1,1,Two words.,true\nm,words,i2,1,,false\nm,words,i3,1,"",false\n'
    "m,choice,i1,1,(b) yes,true\nm,choice,i2,1,zebra,true\nm,choice,i3,1,(b) yes,true\n"
)


def derived(tmp_path, properties, files=None, **tables):
    write(tmp_path, {"responses.csv": RESPONSES, **(files or {})})
    study = parse_study(
        {
            "study": "a",
            "tables": {"responses": {"files": "responses.csv"}, **tables},
            "properties": properties,
        }
    )
    engine = Engine([tmp_path])
    try:
        read = read_tables(study, tmp_path, engine)
        found = with_derived_answers(read.tables, study.properties, engine)
        return found["answers"].to_pyarrow().to_pylist()
    finally:
        engine.close()


def test_every_response_has_one_row_a_property_with_an_answer_or_a_reason(tmp_path):
    rows = derived(tmp_path, ["first_word", "number_of_words"])
    assert len(rows) == 12
    by = {(r["task"], r["item"], r["property"]): r for r in rows}
    assert by["words", "i1", "first_word"]["answer"] == "two"
    assert by["words", "i1", "number_of_words"]["answer"] == "2"
    assert by["words", "i3", "first_word"]["answer"] is None
    assert by["words", "i3", "first_word"]["reason"]
    assert by["words", "i2", "first_word"]["answer"] is None
    assert {r["_row"] for r in rows} == set(range(1, 7))
    assert {r["_file"] for r in rows} == {"responses.csv"}
    assert by["words", "i2", "first_word"]["compliant"] is False


def test_a_property_can_be_for_some_tasks_with_their_options(tmp_path):
    rows = derived(
        tmp_path, {"among_options": {"tasks": "choice", "options": ["(a) no", "(b) yes"]}}
    )
    assert {r["task"] for r in rows} == {"choice"}
    assert len(rows) == 3


def test_derived_answers_are_put_under_those_that_a_study_brings(tmp_path):
    files = {"answers.csv": "model,task,item,property,answer,x\nm,words,i1,mine,a,1\n"}
    rows = derived(tmp_path, "first_word", files, answers={"files": "answers.csv"})
    assert len(rows) == 7
    (mine,) = [r for r in rows if r["property"] == "mine"]
    assert (mine["answer"], mine["x"], mine["_file"]) == ("a", "1", "answers.csv")
    assert all(r["x"] is None for r in rows if r["property"] == "first_word")


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        (["frist_word"], "unknown property 'frist_word'"),
        (["among_options"], "options"),
        ({"first_word": {"tasks": ["wrods"]}}, "no response has the task 'wrods'"),
    ],
)
def test_what_cannot_be_derived_is_refused(tmp_path, properties, words):
    with pytest.raises(ForesayError) as refused:
        derived(tmp_path, properties)
    assert words in str(refused.value)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(ForesayError, match="has no column 'response'"):
        derived(tmp_path, ["identity"], {"responses.csv": "model,task,item\nm,t,i\n"})


def test_no_responses_have_no_answers(tmp_path):
    header = "model,task,item,response\n"
    assert derived(tmp_path, ["identity"], {"responses.csv": header}) == []
