from __future__ import annotations

import json
from pathlib import Path

import lxml.html
import pytest

PUBLISHED = Path(__file__).resolve().parents[2] / "data" / "published"
FITS = "model,accuracy,n\na,.35,100\nb,.5,100\n"
DIFFERS = "model,accuracy,n\na,.355,100\nb,.5,100\n"


@pytest.fixture
def table(tmp_path):
    def write(text, name="table.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_exit_code_says_whether_something_differs(foresay, table):
    assert foresay("audit", table(FITS)).code == 0
    outcome = foresay("audit", table(DIFFERS))
    assert outcome.code == 1
    assert "differs: whole number of items\n  row 1\n    printed .355 of 100" in outcome.out


def test_quiet_speaks_only_when_something_differs(foresay, table):
    assert foresay("audit", table(FITS), "-q").out == ""
    assert "differs" in foresay("audit", table(DIFFERS), "-q").out


@pytest.mark.parametrize("ending", ["html", "json", "txt"])
def test_the_ending_of_the_file_says_the_format(foresay, table, tmp_path, ending):
    output = tmp_path / f"audit.{ending}"
    outcome = foresay("audit", table(DIFFERS), "-o", output)
    assert (outcome.code, outcome.out) == (1, "")
    assert str(output) in outcome.err
    said = output.read_text(encoding="utf-8")
    if ending == "json":
        assert json.loads(said)["rules"]["whole number of items"]["differs"] == 1
    elif ending == "html":
        assert lxml.html.fromstring(said).xpath("//h1")[0].text == "Audit of table.csv"
    else:
        assert "differs: whole number of items" in said


def test_the_published_numbers_give_the_shipped_page(foresay, tmp_path):
    output = tmp_path / "audit.html"
    numbers, claims = PUBLISHED / "looking_inward.csv", PUBLISHED / "claims.csv"
    assert foresay("audit", numbers, "--relations", claims, "-o", output).code == 1
    assert output.read_bytes() == (PUBLISHED / "audit.html").read_bytes()


def test_columns_are_mapped_also_those_with_an_equals_sign(foresay, table):
    text = "who,a=b,n\nx,.355,100\n"
    roles = ("--map", "a=b=value", "--map", "who=id", "--format", "json")
    said = json.loads(foresay("audit", table(text), *roles).out)["columns"]["roles"]
    assert said == {"value": "a=b", "id": "who", "n": "n"}


def test_labels_are_held_against_the_registry(foresay, table):
    registry = table("model,maker\na,x\n", "models.csv")
    outcome = foresay("audit", table(FITS), "--registry", registry)
    assert outcome.code == 1
    assert "label 'b' of 1 row" in outcome.out
    assert foresay("audit", table(FITS), "--registry", table("a\nb\n", "one.csv")).code == 1


def test_promised_arms_are_looked_for(foresay, table):
    outcome = foresay("audit", table(FITS), "--promised", table("model\na\nc\n", "arms.csv"))
    assert outcome.code == 1
    assert "no row has model = c" in outcome.out


def test_unequal_n_differs_only_where_arms_are_said_to_have_the_same_items(foresay, table):
    text = "model,task,accuracy,n\na,t,.5,10\nb,t,.5,20\n"
    assert foresay("audit", table(text)).code == 0
    assert foresay("audit", table(text), "--same-items", "model").code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.csv"], "there is no file"),
        (["TABLE", "--map", "accuracy"], "--map takes column=role"),
        (["TABLE", "--map", "accuracy=valeu"], "did you mean 'value'"),
        (["TABLE", "--map", "acuracy=value"], "did you mean 'accuracy'"),
        (["TABLE", "--map", "n=n", "--map", "n=n"], "twice"),
        (["TABLE", "--relations", "TABLE"], "claim in row 1"),
        (["TABLE", "--registry", "TWO"], "no column of models"),
        (["TABLE", "--same-items", "modle"], "did you mean 'model'"),
        (["TABLE", "--rounding", "up"], "--rounding"),
        (["TABLE", "-o", "FOLDER"], "is a folder"),
        (["TABLE", "-o", "FOLDER/none/a.html"], "does not exist"),
    ],
)
def test_wrong_use_is_an_error_that_says_the_way_out(foresay, table, tmp_path, words, said):
    places = {
        "TABLE": str(table(FITS)),
        "TWO": str(table("x,y\n1,2\n", "two.csv")),
        "FOLDER": str(tmp_path),
    }
    for name, place in places.items():
        words = [word.replace(name, place) for word in words]
    outcome = foresay("audit", *words)
    assert outcome.code == 2
    assert said in outcome.err
    assert "Traceback" not in outcome.err


def test_hostile_cells_reach_no_terminal(foresay, table):
    name = "\x1b]0;title\x07\u202e"
    outcome = foresay("audit", table(f"id,accuracy,n\nr{name},.355,100\n"))
    assert outcome.code == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(outcome.out)
    assert "\\x1b" in outcome.out or "\\u001b" in outcome.out


def test_sums_are_mapped_and_checked_in_every_row(foresay, table):
    path = table("model,late,early,gain\na,48.5,31.8,16.7\nb,50.0,40.1,10.1\n", "sums.csv")
    asked = [f"--map={column}={role}" for column, role in SUMS.items()]
    outcome = foresay("audit", str(path), *asked)
    assert outcome.code == 1
    assert "differs: difference of its two terms\n  row 2: gain; row 2: late" in outcome.out
    outcome = foresay("audit", str(path), asked[2])
    assert (outcome.code, outcome.out) == (2, "")
    assert "needs a column that is the minuend too" in outcome.err


SUMS = {"late": "minuend", "early": "subtrahend", "gain": "difference"}
