from __future__ import annotations

import json
from pathlib import Path

import pytest

from foresay.claims import Ledger, ledger_schema, read_ledger
from foresay.errors import StudyError

WHOLE = """\
claims:
  self-accuracy:
    sentence: The model predicts itself.
    place: {paper: paper.tex, figure: "4", page: p. 7}
    kind: value
    of: accuracy
    at: {predictor: m}
    choices: {compliance: count_wrong}
    value: "90.0 %"
    interval: [".757", ".963"]
    n: 40
    owner: first author
    status: submitted
    history:
      - {date: "2026-01-31", change: the duplicates are gone}
"""


def written(tmp_path, text):
    path = tmp_path / "claims.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_ledger_is_read_from_its_file_or_the_folder_of_the_study(tmp_path):
    path = written(tmp_path, WHOLE)
    one = read_ledger(path).claims["self-accuracy"]
    assert read_ledger(tmp_path) == read_ledger(path)
    assert one.reported == "90.0 % [.757, .963] n = 40"
    assert str(one.place) == "paper.tex, 4, p. 7"
    assert one.printed().decimals == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("kind: value", "kind: valeu", 5, "did you mean 'value'"),
        ("    of: accuracy\n", "", 2, "of is missing"),
        ('value: "90.0 %"', "value: .9", 9, "write it in quotes: '.9'"),
        ('value: "90.0 %"', "value: 0.50", 9, "write it in quotes: '0.50'"),
        ('[".757", ".963"]', '[0.7570, ".963"]', 10, "write it in quotes: '0.7570'"),
        ("2026-01-31", "2025-13-45", 15, "'2025-13-45', which no calendar has"),
        ("2026-01-31", "2026-02-30", 15, "'2026-02-30', which no calendar has"),
        ('value: "90.0 %"', 'value: "about ninety"', 9, "is not a printed number"),
        ('value: "90.0 %"', 'value: "90.0 % or 91 %"', 9, "more than one number"),
        ('    value: "90.0 %"\n', "", 2, "needs value"),
        ("choices: {compliance", "choices: {complience", 8, "did you mean 'compliance'"),
        ("count_wrong", "count_wrng", 8, "did you mean 'count_wrong'"),
        ("status: submitted", "status: submited", 13, "did you mean 'submitted'"),
        ("owner:", "ownr:", 12, "did you mean 'owner'"),
        ("figure:", "figur:", 4, "did you mean 'figure'"),
        ("change:", "chnge:", 15, "did you mean 'change'"),
        ("2026-01-31", "31 January", 15, "history"),
        ('".757", ".963"', '".757"', 10, "at least"),
        ("kind: value", "kind: value\n    each: predictor", 2, "leave out each"),
        ("kind: value", "kind: value\n    arms: [a, b]", 2, "has no arms"),
        ("kind: value", "kind: value\n    margin: 0", 6, "greater than 0"),
        ("kind: value", "kind: value\n    between: [1, 2]", 2, "belongs to a plateau"),
        ("kind: value", "kind: difference\n    arms: [a]", 2, "has one arm"),
        ("kind: value", "kind: difference\n    arms: [a, b, c]", 2, "has 3 arms"),
        ("self-accuracy:", "'self accuracy':", 1, "ids are letters"),
        ("claims:", "claim:", 1, "did you mean 'claims'"),
    ],
)
def test_an_error_of_a_ledger_has_its_line_and_the_way_out(tmp_path, old, new, line, said):
    assert old in WHOLE
    with pytest.raises(StudyError) as caught:
        read_ledger(written(tmp_path, WHOLE.replace(old, new)))
    assert f"claims.yml, line {line}:" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("value", ["> .05", "p > .05", "≥ .05", "p >= 5 %"])
def test_a_test_that_found_nothing_is_no_claim_of_significance(tmp_path, value):
    text = WHOLE.replace("kind: value", "kind: significance").replace("90.0 %", value)
    with pytest.raises(StudyError, match=r"found nothing.*kind equivalence with a margin"):
        read_ledger(written(tmp_path, text))
    below = text.replace(value, "p < .05")
    assert read_ledger(written(tmp_path, below)).claims["self-accuracy"].value == "p < .05"


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("a b", {}),
        ("-a", {}),
        ("a", {"kind": "ordering", "arms": ["TRUE"]}),
        ("a", {"history": [{"date": "1 May", "change": "c"}]}),
    ],
)
def test_what_check_refuses_the_schema_refuses_too(tmp_path, name, more):
    import jsonschema

    claim = {"sentence": "s", "kind": "value", "of": "accuracy", "value": ".9"}
    schema = ledger_schema()
    jsonschema.validate({"claims": {"a": claim}}, schema)
    content = {"claims": {name: {**claim, **more}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)
    with pytest.raises(StudyError):
        read_ledger(written(tmp_path, json.dumps(content)))


def test_all_errors_are_told_at_once(tmp_path):
    text = WHOLE.replace("kind: value", "kind: valeu").replace("owner:", "ownr:")
    with pytest.raises(StudyError) as caught:
        read_ledger(written(tmp_path, text))
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty, where a ledger of claims is a mapping with the keys claims"),
        ("- a\n", "holds a list"),
        ("claims: {a: [", "not valid YAML"),
        ("claims:\n  a: {}\n  a: {}\n", "stands twice"),
        ("claims: !!python/object:os.system {}\n", "has no meaning"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused(tmp_path, text, said):
    with pytest.raises(StudyError, match=r"claims\.yml") as caught:
        read_ledger(written(tmp_path, text))
    assert said in str(caught.value)


def test_a_missing_or_binary_ledger_is_refused(tmp_path):
    with pytest.raises(StudyError, match="cannot read the ledger of claims"):
        read_ledger(tmp_path)
    (tmp_path / "claims.yml").write_bytes(b"claims: \xff\xfe")
    with pytest.raises(StudyError, match="not UTF-8"):
        read_ledger(tmp_path)


def test_specifications_are_checked_like_those_of_a_grid(tmp_path):
    text = WHOLE + "specifications:\n  complience: {paper: as in the paper}\n"
    with pytest.raises(StudyError, match="did you mean 'compliance'"):
        read_ledger(written(tmp_path, text))


def test_the_schema_names_every_key_and_kind():
    schema = ledger_schema()
    assert set(schema["properties"]) == set(Ledger.model_fields)
    said = json.dumps(schema)
    for word in ("equivalence", "sentence", "half_even", "withdrawn", "n_of"):
        assert f'"{word}"' in said


def test_the_schema_in_the_documentation_is_what_the_command_prints():
    committed = Path(__file__).parents[2] / "docs" / "claims.schema.json"
    assert json.loads(committed.read_text(encoding="utf-8")) == ledger_schema(), (
        "run `foresay schema --of claims -o docs/claims.schema.json`"
    )
