from __future__ import annotations

import json
import shutil
from importlib import resources

import pypdf
import pytest
import yaml
from docx import Document

from foresay.display import csv_text
from foresay.errors import ChoiceError, ExpressionError, StudyError, VersionError
from foresay.publishing.hashes import hash_outputs
from foresay.publishing.publish import Order
from foresay.revisions import drawing
from foresay.revisions.answers import answer
from foresay.revisions.letter import write_letter
from foresay.revisions.reply_states import reply_statuses
from foresay.revisions.request_list import BEGIN, study_of, write_list
from foresay.workbench import Workbench
from revisions.made import make
from revisions.small import SETTING, rows
from studies import SHIPPED, write_study

HOSTILE = (
    "Why <script>alert(1)</script> & `{python} 1/0`, {{< include /etc/passwd >}} $x_1$ *bold* | "
    "[a](http://example.invalid) @cite \\input{x} # no heading\n\n::: {.danger}\n> ![i](x.png)"
)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A study whose version 1.0 says what its numbers are."""
    folder = tmp_path_factory.mktemp("published")
    path = write_study(folder, rows(), **SETTING, report={"version": "1.0"})
    with Workbench.open(path) as bench:
        table, choices = bench.contrast("gap"), bench.choices.model_dump(mode="json")
    (folder / "gap.csv").write_text(csv_text(table), encoding="utf-8")
    files = {"tables/gap.csv": csv_text(table)}
    make(folder / "versions", "1.0", tables={}, files=files, choices=choices, seed=3)
    return folder


@pytest.fixture
def study(published, tmp_path):
    return shutil.copytree(published, tmp_path / "study")


def ask(study, name="R1.1", **more):
    folder = study / "requests"
    folder.mkdir(exist_ok=True)
    content = {
        "id": name,
        "asked_by": "reviewer 1",
        "question": "And otherwise?",
        "change": {"choices": {"compliance": "paper"}},
        **more,
    }
    path = folder / f"{name}.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def reply(path):
    study = study_of(path)
    return answer(path, study, versions=study.parent / "versions")


def test_a_reply_is_kept_and_not_computed_again(study):
    path = ask(study, reply="It was {before}.", status="answered")
    version = hash_outputs(study / "versions" / "1.0")
    first, second = reply(path), reply(path)
    assert (first.computed, second.computed) == (True, False)
    assert first.result == second.result
    assert first.warnings == []
    assert "those of version 1.0, digit by digit" in first.paragraphs[-1]
    names = {file.name for file in (study / "requests" / "R1.1").iterdir()}
    assert {"reply.md", "table.csv", "result.json", "before-and-after-single.svg"} <= names
    assert hash_outputs(study / "versions" / "1.0") == version


def test_the_same_request_gives_the_same_bytes(study):
    path = ask(study)
    reply(path)
    first = hash_outputs(path.with_suffix(""))
    shutil.rmtree(path.with_suffix(""))
    reply(path)
    assert hash_outputs(path.with_suffix("")) == first


def states(study):
    order = Order(
        study=study / "study.yml", data=None, formats=(), label=None, versions=study / "versions"
    )
    return [(one.name, one.state, one.reasons) for one in reply_statuses(order)]


def test_the_state_of_replies_says_what_moved(study):
    assert states(study) == []
    path = ask(study)
    assert states(study) == [("request R1.1", "stale", ("it was never computed",))]
    reply(path)
    assert states(study) == [("request R1.1", "up to date", ())]
    ask(study, question="Something else?")
    ((_, state, reasons),) = states(study)
    assert state == "stale"
    assert [one for one in reasons if "R1.1.yml" in one]
    (path.with_suffix("") / "reply.md").write_text("mine", encoding="utf-8")
    assert [one[1] for one in states(study)] == ["files changed"]
    path.write_text("id: [", encoding="utf-8")
    assert [one[1] for one in states(study)] == ["unreadable"]


@pytest.mark.parametrize(
    ("asked", "missing", "way_out"),
    [
        ({"against": "9.9"}, "no version '9.9'", "render the version, or name another"),
        ({"change": {"tables": {"answers": "more.csv"}}}, "'more.csv'", "put the data file"),
        ({"concerns": ["gapp"]}, "did you mean 'gap'?", "mend the request file"),
        ({}, "predictions.csv", "put the data file"),
    ],
    ids=["version", "other table", "name", "table"],
)
def test_the_state_of_a_reply_says_what_is_missing(study, asked, missing, way_out):
    ask(study, **asked)
    if not asked:
        (study / "predictions.csv").unlink()
    order = Order(
        study=study / "study.yml", data=None, formats=(), label=None, versions=study / "versions"
    )
    (found,) = reply_statuses(order)
    assert (found.state, found.stale) == ("cannot be made", True)
    assert missing in " ".join(found.reasons)
    assert found.way_out.startswith(way_out)


@pytest.mark.parametrize("what", ["request", "data", "reply"])
def test_a_reply_is_stale_when_what_it_is_made_from_changed(study, what):
    path = ask(study)
    reply(path)
    if what == "request":
        ask(study, question="Something else?")
    elif what == "data":
        with (study / "predictions.csv").open("a", encoding="utf-8") as stream:
            stream.write("m,m,t0,t0-new,p,y1,True,train\n")
    else:
        (path.with_suffix("") / "reply.md").write_text("mine", encoding="utf-8")
    assert reply(path).computed


def test_a_before_that_was_not_published_is_said_with_what_moved(study):
    data = study / "predictions.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("y1", "y2"), encoding="utf-8")
    warnings = reply(ask(study)).warnings
    assert "before is not what version 1.0 published" in warnings[0]
    assert any("predictions.csv" in line for line in warnings)


def test_a_reply_does_not_vouch_for_a_version_whose_files_changed(study):
    sound = reply(ask(study))
    assert any("digit by digit" in text for text in sound.result["paragraphs"])
    table = study / "versions" / "1.0" / "tables" / "gap.csv"
    table.chmod(0o644)
    table.write_text(table.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    damaged = reply(ask(study, "R1.2"))
    assert "1.0 is no longer as it was rendered (tables/gap.csv changed)" in damaged.warnings[0]
    assert not any("digit by digit" in text for text in damaged.result["paragraphs"])


def test_a_fault_of_a_change_names_its_request(study):
    with pytest.raises(ExpressionError, match=r"request R3\.1: .*nosuch"):
        reply(ask(study, "R3.1", change={"where": "nosuch = 1"}))


def test_a_crash_leaves_the_earlier_reply(study, monkeypatch):
    path = ask(study)
    reply(path)
    before = hash_outputs(path.with_suffix(""))
    ask(study, question="Something else?")

    def fail(_frame):
        raise RuntimeError("no pencil")

    monkeypatch.setattr(drawing, "plot_before_after", fail)
    with pytest.raises(RuntimeError, match="no pencil"):
        reply(path)
    assert hash_outputs(path.with_suffix("")) == before
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(".partial")] == []


def test_a_declined_request_has_its_reason_and_no_numbers(study):
    made = reply(ask(study, status="declined", reason="It was not recorded."))
    assert made.result["rows"] == []
    assert made.paragraphs == ["It was not recorded."]


def test_a_version_that_is_not_there_is_named(study):
    with pytest.raises(VersionError, match=r"no version '1\.1'.*did you mean '1\.0'"):
        reply(ask(study, against="1.1"))


def test_a_placeholder_beyond_the_table_is_refused(study):
    path = ask(study, reply="{after 9}", status="answered")
    with pytest.raises(ChoiceError, match="the table has 1 row"):
        reply(path)
    assert not path.with_suffix("").exists()


def test_the_faults_of_all_requests_are_said_before_any_is_computed(study):
    ask(study, "R1.1")
    ask(study, "R1.2", against="9.9", concerns=["gapp", "acuracy"])
    ask(study, "R1.3", change={"where": "split ="})
    ask(study, "R1.4", change={"choices": {"weighting": "macro_task", "cluster": "task"}})
    ask(study, "R1.5", change={"tables": {"models": "m.csv"}}, by="target")
    ask(study, "R1.6", change={"choices": {"complaince": "paper"}})
    ask(study, "R1.7", status="declined", reason="No.", concerns=["gapp"])
    (study / "requests" / "R1.8.yml").write_text("id: [", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        write_letter(study / "study.yml", ("html",), versions=study / "versions")
    lines = str(caught.value).splitlines()
    folder = study / "requests"
    for name, said in (
        ("R1.2", "no version '9.9'"),
        ("R1.2", "did you mean 'gap'?"),
        ("R1.2", "did you mean 'accuracy'?"),
        ("R1.3", "'split ='"),
        ("R1.4", "cluster"),
        ("R1.5", "no table 'models'"),
        ("R1.6", "did you mean 'compliance'?"),
        ("R1.8", "YAML"),
    ):
        assert [one for one in lines if one.startswith(f"{folder / name}.yml") and said in one]
    assert len(lines) == 8
    assert not [path for path in folder.iterdir() if path.suffix != ".yml"]


def test_a_request_without_a_study_says_where_it_belongs(tmp_path):
    with pytest.raises(StudyError, match=r"no study\.yml stands above"):
        study_of(tmp_path / "requests" / "R1.yml")


def test_the_list_keeps_what_people_wrote(study):
    folder = ask(study, question=HOSTILE).parent
    (folder / "README.md").write_text("# Mine\n\nKeep this.\n", encoding="utf-8")
    write_list(folder)
    ask(study, "R1.10", question="Ten?")
    ask(study, "R1.9", question="Nine?")
    write_list(folder)
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# Mine\n\nKeep this.\n")
    assert text.count(BEGIN) == 1
    assert text.index("R1.9.yml") < text.index("R1.10.yml")
    assert "<script>" not in text


def test_the_list_says_why_a_request_is_declined(study):
    folder = ask(study, status="declined", reason="No *room*.").parent
    write_list(folder)
    assert "| declined: No \\*room\\*\\. |" in (folder / "README.md").read_text(encoding="utf-8")


def test_the_letter_says_what_hostile_people_asked_in_all_formats(study):
    ask(study, question=HOSTILE, status="answered", reply="<b>Yes</b>: `{after}`, {difference}.")
    ask(study, "R2.1", change={}, asked_by="reviewer 2")
    ask(study, "R2.2", status="declined", reason="No <i>time</i>.")
    order = {"versions": study / "versions"}
    made = write_letter(study / "study.yml", ("html", "pdf", "docx"), **order)
    assert made.rendered
    html, pdf, docx = made.documents
    page = html.read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>Yes" not in page
    assert "Content-Security-Policy" in page
    printed = " ".join(p.extract_text() for p in pypdf.PdfReader(pdf).pages)
    written = "\n".join(p.text for p in Document(str(docx)).paragraphs)
    for text in (printed, written):
        assert "<script>alert(1)</script>" in text
        assert "{{< include /etc/passwd >}}" in text
        assert "difference being exactly 0" in " ".join(text.split())
        assert "No <i>time</i>." in text
    again = write_letter(study / "study.yml", ("html", "pdf", "docx"), **order)
    assert (again.rendered, [a.computed for a in again.answers]) == (False, [False] * 3)
    ask(study, "R2.2", status="declined", reason="No room.")
    third = write_letter(study / "study.yml", ("html",), **order)
    assert [a.request.id for a in third.answers if a.computed] == ["R2.2"]


def test_a_figure_of_the_letter_follows_a_heading_so_that_it_does_not_float_past_the_next():
    text = (resources.files("foresay.revisions") / "assets" / "figure.qmd").read_text("utf-8")
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    assert blocks[0].startswith("## ")
    assert "fig-request-" in blocks[1]


def test_a_study_without_requests_has_no_letter(study):
    with pytest.raises(ChoiceError, match="there is no request"):
        write_letter(study / "study.yml", ("html",), versions=study / "versions")


def test_what_the_shipped_replies_say_in_words_is_what_their_numbers_say():
    from foresay.revisions.reanalysis import reanalyse
    from foresay.study.requests import read_request

    changed = {}
    with Workbench.open(SHIPPED) as bench:
        for name in ("R1.1", "R2.1", "R2.2"):
            request = read_request(SHIPPED / "requests" / f"{name}.yml")
            concerns = request.concerns or ["self_advantage"]
            changed[name] = reanalyse(bench, request.change, concerns=concerns).frame
        request = read_request(SHIPPED / "requests" / "R1.2.yml")
        tasks = reanalyse(bench, request.change, concerns=["self_advantage"]).frame
    assert changed["R1.1"]["changed"].tolist() == ["", "", "", "significance"]
    assert tasks["after_low"].iloc[1] < 0 < tasks["before_low"].iloc[1]
    assert (changed["R2.1"]["difference"] == 0).all()
    moved = changed["R2.2"].query("difference != 0")
    assert {one["target"] for one in moved["identity"]} == {"gemma-3-270m"}
    assert moved.index[0] == 0


def test_a_first_look_is_printed_and_nothing_is_written(study, capsys):
    from foresay.cli import main

    before = sorted(study.rglob("*"))
    with pytest.raises(SystemExit) as ended:
        main(["reanalyze", str(study), "--set", "compliance=paper", "--format", "json"])
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["changes"] == [{"name": "compliance", "before": "count_wrong", "after": "paper"}]
    assert [row["estimand"] for row in told["rows"]] == ["gap"]
    assert sorted(study.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing is to be changed"),
        (["--set", "complianse=paper"], "did you mean 'compliance'?"),
        (["--all", "--where", "true"], "change the file"),
        (["--set", "level=.9", "--set", "level=.8"], "--set level stands twice"),
    ],
    ids=["nothing", "choice", "both", "twice"],
)
def test_a_first_look_that_cannot_be_is_refused(study, capsys, arguments, said):
    from foresay.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["reanalyze", str(study), *arguments])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("R1.9.yml", None, "there is no file"),
        ("R1.1.yml", "", "is empty"),
        ("R1.1.yml", "- a\n- b\n", "R1.1.yml"),
        ("R1.1.yml", "id: [\n", "is not valid YAML"),
    ],
    ids=["absent", "empty", "list", "broken"],
)
def test_a_request_file_that_cannot_be_read_is_not_taken_for_a_study(
    study, capsys, name, text, said
):
    from foresay.cli import main

    path = ask(study)
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["reanalyze", str(path.parent / name)])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert "is a study" not in told
