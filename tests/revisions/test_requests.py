from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import validate

from foresay.errors import StudyError
from foresay.study.requests import is_request, read_request, request_schema
from studies import SHIPPED

WHOLE = {
    "id": "R2.3",
    "asked_by": "reviewer 2",
    "question": "And by task?",
    "against": "1.0",
    "change": {
        "choices": {"cluster": "task", "level": 0.9},
        "where": "split = 'held-out'",
        "without_items": "p12",
        "tables": {"predictions": "again.csv"},
        "contrasts": {"more": {"of": "accuracy", "where": "a", "minus": "b"}},
    },
    "concerns": ["self_advantage"],
    "status": "answered",
    "reply": "It is {after}, by {difference 2}.",
}


def write(folder, content, name="R2.3"):
    path = folder / f"{name}.yml"
    text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_request_is_read(tmp_path):
    request = read_request(write(tmp_path, WHOLE))
    assert request.change.choices.changes() == {"cluster": ["task"], "level": 0.9}
    assert request.change.without_items == ["p12"]
    assert request.change.tables == {"predictions": ["again.csv"]}


def test_the_least_request_changes_nothing(tmp_path):
    request = read_request(write(tmp_path, {k: WHOLE[k] for k in ("id", "asked_by", "question")}))
    assert request.change.choices.changes() == {}
    assert (request.status, request.against) == ("open", None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"change": {"choices": {"complianse": "paper"}}},
            ["line 7", "did you mean 'compliance'?"],
        ),
        ({"change": {"choices": {"compliance": "papr"}}}, ["line 7", "did you mean 'paper'?"]),
        ({"change": {"wher": "x"}}, ["unknown key 'change.wher'", "did you mean 'where'?"]),
        ({"change": {"tables": {"prediction": "x.csv"}}}, ["did you mean 'predictions'?"]),
        ({"chang": {}}, ["did you mean 'change'?"]),
        ({"asked_by": "<b>"}, ["a role such as reviewer 2"]),
        ({"id": "../x"}, ["a name such as R2.3"]),
        ({"id": "R2.4"}, ["'R2.4'", "R2.3.yml"]),
        ({"status": "declined"}, ["no reason is given"]),
        ({"reason": "no"}, ["its status is answered"]),
        ({"reply": None}, ["there is no reply"]),
        ({"reply": "{befor}"}, ["{befor}", "did you mean 'before'?"]),
        ({"reply": "{before 0}"}, ["{before 0}"]),
        ({"concerns": ["a", "a"]}, ["names 'a' twice"]),
        ({"change": {"contrasts": {"c": {"of": "x", "wher": "y"}}}}, ["did you mean 'where'?"]),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_what_cannot_be_is_refused_with_the_way_out(tmp_path, changed, said):
    content = {k: v for k, v in {**WHOLE, **changed}.items() if v is not None}
    with pytest.raises(StudyError) as caught:
        read_request(write(tmp_path, content))
    for part in said:
        assert part in str(caught.value)


def test_a_request_is_told_from_a_study(tmp_path):
    assert is_request(write(tmp_path, WHOLE))
    assert not is_request(SHIPPED / "study.yml")
    assert not is_request(tmp_path / "nothing.yml")
    assert not is_request(write(tmp_path, ": : :", "broken"))


def test_the_schema_takes_what_reading_takes():
    validate(WHOLE, request_schema())
    for path in (SHIPPED / "requests").glob("*.yml"):
        validate(yaml.safe_load(path.read_text(encoding="utf-8")), request_schema())


def test_the_list_of_the_shipped_requests_is_that_of_their_files():
    from foresay.revisions.request_list import list_text

    folder = SHIPPED / "requests"
    assert list_text(folder) in (folder / "README.md").read_text(encoding="utf-8")
