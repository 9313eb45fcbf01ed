from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from foresay.errors import StudyError
from foresay.study import json_schema, parse_study

TRIALS = "study: a\ntables: {trials: {files: x.csv}}\n"

GOOD = [
    TRIALS,
    """
study: temperature-self-report
title: Do models know the temperature they ran at?
tables:
  trials:
    files: ["data/*.csv", more.csv]
    pattern: (?P<predictor>[^_]+)_(?P<target>[^_]+)
    where: "n > 1"
    at: result.ids
    conditions: run
    delimiter: ";"
    broken_rows: drop
    columns:
      task: {value: temperature}
      property: {value: 1.5}
      wording: {value: null}
      compliant: {value: true}
      sample: {source: run}
      item: {sql: "concat_ws('-', a, b)"}
      prediction: guess
choices: {compliance: count_wrong, cluster: item, strata: [task], level: 0.9, temperature: 1}
contrasts:
  self_advantage: {of: accuracy, where: "role = 'self'", minus: "role = 'cross'", by: target}
report: {version: "1.0", formats: html, authors: Me, date: "2024-01-01"}
""",
    """
study: b
tables: {responses: {files: r.jsonl}, models: {files: [m.json]}}
properties: [identity, first_word]
where: "split = 'held-out'"
""",
    "study: b\ntables: {responses: {files: r.jsonl}}\nproperties: identity\n",
    """
study: b
tables: {responses: {files: r.jsonl}}
properties: {identity: , among_options: {options: [a, b], tasks: t}}
""",
]

BAD = [
    "study: a\n",
    "study: a b\ntables: {trials: {files: x}}\n",
    "study: a\ntables: {trails: {files: x}}\n",
    "study: a\ntables: {trials: {files: []}}\n",
    "study: a\ntables: {trials: {}}\n",
    "study: a\ntables: {trials: x}\n",
    "study: 1\ntables: {trials: {files: x}}\n",
    "study: a\ntables: {}\n",
    f"{TRIALS}titel: x\n",
    f"{TRIALS}choices: {{level: 95}}\n",
    f"{TRIALS}choices: {{level: '0.9'}}\n",
    f"{TRIALS}choices: {{temperature: -1}}\n",
    f"{TRIALS}choices: {{seed: -1}}\n",
    f"{TRIALS}choices: {{resamples: 1.5}}\n",
    f"{TRIALS}choices: {{compliance: papers}}\n",
    f"{TRIALS}choices: {{cluster: []}}\n",
    f"{TRIALS}report: {{formats: [htm]}}\n",
    f"{TRIALS}report: {{formats: []}}\n",
    f"{TRIALS}report: {{version: 1.0}}\n",
    f"{TRIALS}contrasts: {{x: {{of: accuracy}}}}\n",
    f"{TRIALS}properties: 1\n",
    "study: a\ntables: {trials: {files: x, columns: {item: {sql: ''}}}}\n",
    "study: a\ntables: {trials: {files: x, columns: {item: ''}}}\n",
    "study: a\ntables: {trials: {files: x, columns: {item: {value: 1, sql: x}}}}\n",
    "study: a\ntables: {trials: {files: x, columns: {item: {value: [1]}}}}\n",
    "study: a\ntables: {trials: {files: x, delimiter: ab}}\n",
    "study: a\ntables: {trials: {files: x, broken_rows: skip}}\n",
]


def test_the_exported_schema_is_a_schema_and_plain_json():
    schema = json.loads(json.dumps(json_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("text", GOOD)
def test_reader_and_schema_take_what_is_good(text):
    content = yaml.safe_load(text)
    parse_study(content)
    jsonschema.validate(content, json_schema())


@pytest.mark.parametrize("text", BAD)
def test_reader_and_schema_refuse_what_is_bad(text):
    content = yaml.safe_load(text)
    with pytest.raises(StudyError):
        parse_study(content)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, json_schema())


def test_names_may_stand_alone_and_properties_without_options():
    study = parse_study(yaml.safe_load(GOOD[1]))
    assert study.choices.cluster == ["item"]
    assert study.report.formats == ["html"]
    assert study.contrasts["self_advantage"].by == ["target"]
    assert study.tables["trials"].columns["prediction"].source == "guess"
    assert list(parse_study(yaml.safe_load(GOOD[2])).properties) == ["identity", "first_word"]
    assert parse_study(yaml.safe_load(GOOD[4])).properties["among_options"].tasks == ["t"]


def test_a_study_is_frozen():
    study = parse_study(yaml.safe_load(TRIALS))
    with pytest.raises(ValueError, match="frozen"):
        study.title = "x"
