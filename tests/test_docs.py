"""What the documentation says is what the program does: commands, numbers, keys and links."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
import typer.main
import yaml

from foresay.claims import Ledger
from foresay.cli import app, main
from foresay.estimation import COLUMNS
from foresay.measures.registry import measures
from foresay.resampling import INTERVALS
from foresay.study import Choices, json_schema, parse_study
from foresay.study.requests import Request
from foresay.tables.properties import registered_properties
from foresay.tables.schemas import STAGES, TABLES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "data" / "README.md", *sorted(DOCS.glob("*.md"))]
PICTURE = "accuracy-against-bounds"
WIDTH = "130"
_FENCE = re.compile(r"^```(\S*)[ ]?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile("(?<![\\w.])[+\N{MINUS SIGN}-]?\\d*\\.\\d+|\\b\\d{1,3}(?:,\\d{3})+\\b")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    title: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(*found) for found in _FENCE.findall(page.read_text(encoding="utf-8"))]


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def commands(block: Block) -> Iterator[list[str]]:
    """Yield the arguments of each `foresay` command of a shell block."""
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["foresay"]:
            yield words[1:]


# The tour


def tour() -> list[tuple[Block, str]]:
    """Return what the README runs, each with the output that it shows."""
    found = blocks(ROOT / "README.md")
    return [
        (block, after.text if after.language == "text" else "")
        for block, after in zip(found, [*found[1:], Block("", "", "")], strict=True)
        if block.language == "sh" or (block.language == "python" and after.language == "text")
    ]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader has it: the shipped study, and the files that the README shows."""
    folder = tmp_path_factory.mktemp("reader")
    data = ROOT / "data" / "small-models"
    ignored = shutil.ignore_patterns("versions", "figures")
    shutil.copytree(data, folder / "data" / "small-models", ignore=ignored)
    for block in blocks(ROOT / "README.md"):
        if block.title:
            path = folder / block.title
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    return folder


def run(arguments: list[str]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 0, f"foresay {shlex.join(arguments)}: {printed.getvalue()[-2000:]}"
    return printed.getvalue()


def numbers(text: str) -> list[str]:
    return _NUMBER.findall(text)


def in_order(wanted: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(number in rest for number in wanted)


def test_the_readme_shows_the_whole_tour() -> None:
    verbs = {words[0] for block, _ in tour() for words in commands(block)}
    assert {"validate", "estimate", "figures", "render"} <= verbs
    assert sum(bool(output) for _, output in tour()) >= 7


@pytest.mark.parametrize(
    ("block", "shown"),
    [(block, shown) for block, shown in tour() if shown],
    ids=lambda value: value.text[:70].replace("\n", " ") if isinstance(value, Block) else "",
)
def test_the_tour_prints_what_the_readme_shows(
    block: Block, shown: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    monkeypatch.setenv("COLUMNS", WIDTH)
    if block.language == "python":
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block.text, "README.md", "exec"), {})  # noqa: S102
        found = printed.getvalue()
        assert found == shown
    else:
        found = "\n".join(run(words) for words in commands(block))
    assert numbers(shown)
    assert in_order(numbers(shown), numbers(found)), found


def test_numbers_of_the_readme_come_from_the_picture_or_the_tour() -> None:
    frame = pd.read_csv(DOCS / "images" / f"{PICTURE}.csv")
    known = {f"{value:.3f}".lstrip("0") for value in frame["value"]}
    known |= {number for _, shown in tour() for number in numbers(shown)}
    said = set(re.findall(r"(?<![\w.])\.\d{2,}", prose(ROOT / "README.md")))
    assert said
    assert said <= known


# The picture


@pytest.fixture(scope="module")
def drawn(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The figure that the command of the tour draws now."""
    folder = tmp_path_factory.mktemp("drawn")
    made = [words for block, _ in tour() for words in commands(block) if words[0] == "figures"]
    words = [str(desk / word) if word.startswith("data/") else word for word in made[0]]
    run([*words[: words.index("-o")], "-o", str(folder), "--quiet"])
    return folder


def test_the_picture_is_what_the_command_draws_now(drawn: Path) -> None:
    committed, now = (folder / f"{PICTURE}.csv" for folder in (DOCS / "images", drawn))
    pd.testing.assert_frame_equal(pd.read_csv(committed), pd.read_csv(now), rtol=1e-9)
    # positions depend on the fonts of a machine, words and numbers do not
    texts = [
        re.findall(r"<text[^>]*>([^<]*)", (folder / f"{PICTURE}.svg").read_text(encoding="utf-8"))
        for folder in (DOCS / "images", drawn)
    ]
    assert len(texts[0]) > 20
    assert texts[0] == texts[1], "run `make images`"


def test_make_images_runs_the_command_of_the_tour() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    line = re.search(r"^images:.*\n\t\$\(BIN\)/foresay (.*)$", makefile, re.MULTILINE)
    assert line is not None
    study = re.search(r"^STUDY := (.*)/study.yml$", makefile, re.MULTILINE)
    assert study is not None
    words = line[1].replace("$(STUDY)", study[1]).split()
    shown = [words for block, _ in tour() for words in commands(block) if words[0] == "figures"]
    assert words[: words.index("-o")] == shown[0][: shown[0].index("-o")]
    assert words[-1] == "docs/images"


# Commands and links


def options(name: str) -> set[str]:
    command: Any = typer.main.get_command(app)
    for word in name.split():
        command = command.commands[word]
    return {each for parameter in command.params for each in parameter.opts} | {"--help", "-h"}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_in_a_page_exist(page: Path) -> None:
    inline = re.findall(r"`foresay ([a-z][^`\n]*)`", prose(page))
    said = [shlex.split(text) for text in inline]
    said += [words for b in blocks(page) if b.language == "sh" for words in commands(b)]
    for words in said:
        used = {word for word in words[1:] if re.match(r"--?[a-z]", word)}
        assert used <= options(" ".join(words[: 2 if words[0] == "claims" else 1])), words


@pytest.mark.parametrize("page", [p for p in PAGES if p.name != "benchmarks.md"], ids=named)
def test_options_named_alone_belong_to_a_command(page: Path) -> None:
    commands = (
        "validate",
        "estimate",
        "compare",
        "figures",
        "render",
        "check",
        "claims new",
        "audit",
    )
    known = set.union(*(options(name) for name in commands))
    named = set(re.findall(r"`(--[a-z]+(?:-[a-z]+)*)[^`]*`", prose(page)))
    assert named <= known


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]*)(?:#[^)]*)?\)", prose(page)):
        if target and "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_to_headings_of_pages_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)]*)\)", prose(page)):
        if "://" not in target:
            other = page.parent / target if target else page
            headings = re.findall(r"^#+ (.*)$", prose(other), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
            assert anchor in anchors, f"{page.name}: {target}#{anchor}"


def test_make_targets_that_pages_name_exist() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for page in PAGES:
        assert set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"))) <= targets


# The reference of the study file


def test_the_schema_is_what_the_command_prints() -> None:
    committed = json.loads((DOCS / "study.schema.json").read_text(encoding="utf-8"))
    assert committed == json_schema(), "run `foresay schema -o docs/study.schema.json`"
    assert run(["schema"]) == (DOCS / "study.schema.json").read_text(encoding="utf-8")


REFERENCE = DOCS / "study-file.md"


def words_of(schema: Any) -> Iterator[str]:
    """Yield every key and every allowed word of a JSON Schema, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (word for word in schema.get("enum", []) if isinstance(word, str))
        for name, part in schema.items():
            yield from words_of(list(part.values()) if name == "properties" else part)
    elif isinstance(schema, list):
        for part in schema:
            yield from words_of(part)


def test_every_key_and_word_of_a_study_file_is_explained() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    words = set(words_of(json_schema()))
    assert {"study", "broken_rows", "korn_graubard", "minus", "docx", "sql"} <= words
    assert {w for w in words if f"`{w}`" not in text and f"{{{w}: " not in text} == set()


def test_every_column_of_every_table_is_explained() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for name, spec in TABLES.items():
        part = re.search(rf"^### `{name}`$(.*?)^##", f"{text}\n## end", re.MULTILINE | re.DOTALL)
        assert part is not None, name
        rows = re.findall(
            r"^\| `(\w+)` \| (\w+) \| (required)? +\| (.*) \|$", part[1], re.MULTILINE
        )
        said = {column: (kind, need, meaning) for column, kind, need, meaning in rows}
        assert list(said) == list(spec.columns), name
        for column in spec.columns.values():
            kind, need, meaning = said[column.name]
            assert (kind, bool(need)) == (column.type, column.required), column.name
            assert column.meaning in meaning
    assert all(stage in text for stage in STAGES)


def test_every_property_and_interval_is_explained() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    shipped = [p for p in registered_properties().values() if "foresay" in p.function.__module__]
    assert len(shipped) >= 12
    for entry in shipped:
        assert f"| `{entry.name}` | {entry.description} |" in text
    assert all(f"`{name}`" in text for name in INTERVALS)


def test_defaults_in_the_table_of_choices_are_those_of_the_code() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    said = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| `?([\w.]+)`? \| ", text, re.MULTILINE))
    choices = Choices()
    names = "compliance truth baseline ceiling weighting interval duplicates level resamples seed"
    for name in names.split():
        assert said[name] == str(getattr(choices, name)), name
    assert [said["cluster"]] == choices.cluster


WORKFLOW = "name: claims\n"
"""How the workflow for continuous integration begins; `tests/test_docs.py` holds its options."""


def yaml_blocks() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{page.name}-{number}", yaml.safe_load(block.text))
        for page in PAGES
        for number, block in enumerate(blocks(page))
        if block.language == "yaml" and not block.text.startswith(WORKFLOW)
    ]


@pytest.mark.parametrize(
    "content", [c for _, c in yaml_blocks()], ids=[n for n, _ in yaml_blocks()]
)
def test_examples_of_study_files_ledgers_and_requests_are_valid(content: dict[str, Any]) -> None:
    if "claims" in content:
        Ledger.model_validate(content)
        return
    if "question" in content:
        Request.model_validate(content)
        return
    whole = {"study": "example", "tables": {"trials": {"files": "trials.csv"}}, **content}
    parse_study(whole)


# README and architecture


def test_every_estimand_and_column_is_explained() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in [*measures(), "self_advantage"]:
        assert f"`{name}`" in text, name
    between = {"truth", "temperature_of_truth", "baseline", "ceiling", "weighting", "cluster"}
    for column in set(COLUMNS) - between - {"estimand"}:
        assert f"`{column}`" in text, column
    for policy in get_args(Choices.model_fields["compliance"].annotation):
        assert f"| `{policy}` |" in text


def test_the_architecture_names_every_layer_and_dependency() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for dependency in project["project"]["dependencies"]:
        name = re.split(r"[\[<>=!~ ]", dependency)[0]
        assert f"`{name}`" in text, name
    layers = [
        layer
        for layer in project["tool"]["importlinter"]["contracts"][0]["layers"]
        if not layer.startswith("_")
    ]
    order = re.search(r"`(cli > [^`]*)`", text)
    assert order is not None
    assert [name.strip() for name in order[1].split(">")] == layers


def test_code_that_the_architecture_names_exists() -> None:
    text = prose(DOCS / "architecture.md")
    package = ROOT / "analysis" / "foresay"
    for name in re.findall(r"`((?:foresay/)?[a-z_]+(?:/[a-z_]+)+\.py)`", text):
        root = ROOT if name.startswith("tests/") else package
        assert (root / name.removeprefix("foresay/")).is_file(), name


def test_the_workflow_is_valid_and_its_commands_exist() -> None:
    text = (DOCS / "continuous-integration.md").read_text(encoding="utf-8")
    workflow = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0])
    steps = workflow["jobs"]["claims"]["steps"]
    said = [shlex.split(step["run"]) for step in steps if "run" in step]
    asked = [words for words in said if words[0] == "foresay"]
    assert [words[1] for words in asked] == ["validate", "check", "check", "audit"]
    assert "--strict" in asked[1]
    assert "--manuscript" in asked[2]
    for words in asked:
        assert {word for word in words if word.startswith("-")} <= options(words[1])
    assert ["python", "-m", "pip", "install", "./foresay"] in said
