"""`foresay render` from end to end: versions, sameness, interruption, a full disk."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import lxml.html
import pypdf
import pytest

from foresay.cli import main
from foresay.publishing.locking import only_run
from publishing.outlines import (
    docx_outline,
    pdf_headings,
    pdf_text,
    site_outline,
    site_pages,
    squeezed,
)
from studies import answers, prediction, write_study

QUICK = {"resamples": 200}


@pytest.fixture(scope="module", autouse=True)
def unchanged_package() -> Iterator[None]:
    """One package for the whole file, also where somebody edits it meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("foresay.publishing.publish.package_source", lambda: "0" * 64)
        yield


def small_study(folder: Path, **study: object) -> Path:
    tables = {
        "answers": [r for n in range(8) for r in answers("m", f"i{n}", "aab"[n % 3 :] + "a")],
        "predictions": [
            prediction(p, "m", f"i{n}", "ab"[n % k], compliant=n != 3)
            for p, k in (("m", 1), ("n", 2))
            for n in range(8)
        ],
    }
    return write_study(folder, tables, **{"choices": QUICK, **study})


def rendered(study: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["render", str(study), "--engine", "embedded", "--quiet", *words])
    return int(ended.value.code or 0)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of version 1.0, and the study two above it."""
    study = small_study(tmp_path_factory.mktemp("study"))
    assert rendered(study, "--version", "1.0") == 0
    return study.parent / "versions" / "1.0"


def test_a_version_holds_documents_figures_tables_and_manifest(version):
    names = set(digests(version))
    assert {"index.html", "report.pdf", "report.docx", "manifest.json"} <= names
    pages = {"accuracy", "data", "glossary", "methods", "references", "reproduction", "self"}
    assert {f"{page}.html" for page in pages} <= names
    assert "calibration.html" not in names  # nothing of it is in the tables
    for name in ("accuracy-against-bounds", "self-advantage", "compliance", "agreement"):
        kinds = {Path(each).suffix for each in names if each.startswith(f"figures/{name}.")}
        assert kinds == {".svg", ".pdf", ".png", ".json", ".csv"}, name
    assert {"tables/accuracy.csv", "tables/glance.csv", "tables/validation.json"} <= names
    manifest = json.loads((version / "manifest.json").read_text())
    assert set(manifest["outputs"]) == names - {"manifest.json"}
    assert {"study.yml", "data/answers.csv", "report/index.qmd", "report/references.bib"} <= set(
        manifest["inputs"]
    )
    assert "report/../_quarto.yml" in manifest["inputs"]


def test_the_same_inputs_give_the_same_bytes(version, tmp_path):
    study = small_study(tmp_path / "elsewhere")
    assert rendered(study, "--version", "1.0", "--threads", "1") == 0
    assert digests(study.parent / "versions" / "1.0") == digests(version)


def test_the_documents_say_what_the_tables_say(version):
    pdf = "\n".join(page.extract_text() for page in pypdf.PdfReader(version / "report.pdf").pages)
    word = docx.Document(str(version / "report.docx"))
    page = "".join(path.read_text(encoding="utf-8") for path in site_pages(version))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    for text in (pdf, page, " ".join(p.text for p in word.paragraphs)):
        squeezed = " ".join(text.split())
        assert "2 predictors made 16 predictions about m on 8 prompts" in squeezed
        assert "What is left out" in squeezed
    assert {"Predictor", "Compliance", "Mode baseline"} <= cells


def test_all_formats_have_one_outline(version):
    site, word = site_outline(version), docx_outline(version / "report.docx")
    assert site.headings == word.headings
    assert site.headings[:2] == ["1 The answer", "1.1 What was asked"]
    assert pdf_headings(version / "report.pdf") == site.headings
    assert site.captions == word.captions
    # the references are no paragraphs in HTML
    assert site.paragraphs == word.paragraphs[: len(site.paragraphs)]
    text = pdf_text(version / "report.pdf")
    for each in site.captions:
        assert squeezed(each) in text, each


def test_every_link_of_the_site_leads_to_something(version):
    pages = {path.name: lxml.html.parse(path) for path in site_pages(version)}
    assert {path.name for path in version.glob("*.html")} == set(pages)
    links = [(name, each) for name, page in pages.items() for each in page.xpath("//a/@href")]
    inside = [(name, each) for name, each in links if "://" not in each]
    assert len(inside) > 3 * len(pages)
    for name, each in inside:
        file, _, target = each.partition("#")
        assert (file or name) in pages, each
        assert not target or pages[file or name].xpath("//*[@id=$id]", id=target), each


def test_every_page_has_its_policy_and_its_charts_their_script(version):
    for path in site_pages(version):
        text = path.read_text(encoding="utf-8")
        charts = text.count('class="foresay-figure"')
        assert text.count('class="foresay-script"') == int(charts > 0), path.name
        assert text.count("Content-Security-Policy") == 1


@pytest.fixture
def never_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(*_: object) -> None:
        raise AssertionError("computed")

    monkeypatch.setattr("foresay.publishing.computing.compute", compute)


@pytest.mark.usefixtures("never_computed")
def test_nothing_changed_is_said_and_nothing_is_computed(version, capsys):
    study = version.parents[1] / "study.yml"
    with pytest.raises(SystemExit) as ended:
        main(["render", str(study), "--engine", "embedded", "--version", "1.0"])
    assert not ended.value.code
    said = capsys.readouterr().out
    assert said.startswith("Nothing changed")
    assert "report.pdf" in said
    with pytest.raises(SystemExit):
        main(["render", str(study), "--engine", "embedded", "--version", "1.0", "--format", "json"])
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["rendered"] is False
    assert all(Path(each).is_file() for each in outcome["documents"])


@pytest.mark.usefixtures("never_computed")
@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("answers.csv", "data file answers.csv changed"),
        ("study.yml", "study file study.yml changed"),
    ],
)
def test_a_label_with_other_inputs_is_refused(version, tmp_path, capsys, file, message):
    import shutil

    folder = tmp_path / "copy"
    shutil.copytree(version.parents[1], folder)
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write("m,t,i9,p,0,a\n" if file.endswith("csv") else "description: another\n")
    before = digests(folder / "versions")
    words = ["--engine", "embedded", "--version", "1.0", "--quiet"]
    with pytest.raises(SystemExit) as ended:
        main(["render", str(folder), *words])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "a labelled version never changes" in said
    assert message in said
    assert digests(folder / "versions") == before


@pytest.mark.usefixtures("never_computed")
@pytest.mark.parametrize("what", ["data", "page"])
def test_a_draft_of_other_inputs_is_rendered_again(version, tmp_path, monkeypatch, what):
    """What would be computed is; here that is an error, so that nothing needs to be."""
    import shutil

    from foresay.publishing import sources

    folder = tmp_path / "copy"
    shutil.copytree(version.parents[1], folder)
    shutil.move(folder / "versions" / "1.0", folder / "versions" / "draft")
    manifest = folder / "versions" / "draft" / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text().replace('"version": "1.0"', '"version": null'))
    assert rendered(folder) == 0  # the draft is that of these inputs
    if what == "data":
        with (folder / "answers.csv").open("a", encoding="utf-8") as stream:
            stream.write("m,t,i9,p,0,a\n")
    else:
        suite = tmp_path / "project" / "reports"
        shutil.copytree(sources.suite(), suite)
        shutil.copy(sources.suite().parent / "_quarto.yml", suite.parent)
        with (suite / "_methods.qmd").open("a", encoding="utf-8") as stream:
            stream.write("\nMore.\n")
        monkeypatch.setattr(sources, "suite", lambda: suite)
    with pytest.raises(AssertionError, match="computed"):
        main(["render", str(folder), "--engine", "embedded", "--quiet"])


HOSTILE = (
    "<script>alert(1)</script>",
    "**bold** `code` _x_",
    "{{< include study.yml >}}",
    "`{python} 1 + 1`",
    '#import "x" $x^2$',
    "a|b",
    "\u202eabc\u200f",
    "\U0001f600 e\u0301",
    "::: {.hidden}",
    "---",
    "@none [^1] [a](b)",
    "<!-- gone -->",
    "\\begin{x} 100% & ~",
    "pandoc.RawBlock('html', '<b>')",
)


def hostile_study(folder: Path) -> Path:
    """Every name that a study can give is one that some format would act on."""
    first, second = HOSTILE[:2]
    tables = {
        "answers": [
            row
            for n, name in enumerate(HOSTILE)
            for model in (first,)
            for row in answers(
                model, name, [HOSTILE[n % 3], HOSTILE[2]], task=HOSTILE[n % 4], property_=HOSTILE[9]
            )
        ],
        "predictions": [
            {
                **prediction(predictor, target, name, HOSTILE[n % 2], compliant=n % 5 > 0),
                "task": HOSTILE[n % 4],
                "property": HOSTILE[9],
            }
            for n, name in enumerate(HOSTILE)
            for predictor in HOSTILE
            for target in (first,)
        ],
        "models": [{"model": name, "stage": "base", "family": name} for name in HOSTILE],
    }
    contrast = {"of": "accuracy", "where": "role = 'self'", "minus": "role = 'cross'"}
    return write_study(
        folder,
        tables,
        title=" ".join(HOSTILE[:6]),
        description="\n\n".join(HOSTILE),
        choices=QUICK,
        contrasts={"c": {"title": "".join(HOSTILE[:4]), **contrast}},
        report={"authors": [first, second]},
    )


def test_hostile_names_are_text_in_every_format(tmp_path):
    study = hostile_study(tmp_path)
    assert rendered(study) == 0
    draft = study.parent / "versions" / "draft"
    page = site_outline(draft)
    word = docx_outline(draft / "report.docx")
    pdf = "".join(p.extract_text() for p in pypdf.PdfReader(draft / "report.pdf").pages)
    squeezed = "".join(pdf.split())
    source = "".join(each.read_text(encoding="utf-8") for each in site_pages(draft))
    assert "<script>alert" not in source
    assert "<b>" not in source
    title = lxml.html.fromstring(source).find(".//h1").text_content()
    assert " ".join(title.split()) == " ".join(HOSTILE[:6])
    for outline in (page, word):
        cells = {cell for table in outline.tables for row in table for cell in row}
        for name in HOSTILE:
            shown = name.replace("\u202e", "\\u202e").replace("\u200f", "\\u200f")
            assert shown in cells, name
            assert outline.headings == page.headings
    for name in HOSTILE[:6]:
        assert "".join(name.split()) in squeezed, name


def test_another_run_is_named_at_once(tmp_path, capsys):
    study = small_study(tmp_path)
    with only_run(study.parent / "versions", "rendering draft"):
        assert rendered(study) == 2
    assert "is rendering draft" in capsys.readouterr().err


def test_an_interrupted_render_leaves_the_earlier_draft(tmp_path):
    study = small_study(tmp_path)
    draft = study.parent / "versions" / "draft"
    draft.mkdir(parents=True)
    (draft / "index.html").write_text("earlier", encoding="utf-8")
    command = [sys.executable, "-m", "foresay", "render", str(study), "--engine", "embedded"]
    log = tmp_path / "log"
    with (
        log.open("w") as stream,
        subprocess.Popen(
            command,
            stderr=stream,
            start_new_session=True,
            # a test run in the background of a shell would hand on that it ignores Ctrl-C
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        ) as process,
    ):
        for _ in range(600):
            if "foresay: computing" in log.read_text():
                break
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=60) == 130
    assert "interrupted; nothing was half-written" in log.read_text()
    assert digests(study.parent / "versions").keys() == {".lock", "draft/index.html"}
    assert (draft / "index.html").read_text(encoding="utf-8") == "earlier"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount")
def test_a_full_disk_is_one_message(tmp_path, capsys):
    study = small_study(tmp_path / "study")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        assert rendered(study, "-o", str(disk / "versions"), "--to", "html") == 2
        said = capsys.readouterr().err
        assert "the disk is full" in said
        assert len(said.splitlines()) == 1
        assert set(digests(disk / "versions")) <= {".lock"}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_quarto_is_used_where_it_is_asked_for(tmp_path, monkeypatch):
    """A program that stands in for Quarto: it notes its words and writes what it was asked for."""
    program = tmp_path / "bin" / "quarto"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\nfrom pathlib import Path\n"
        "words = sys.argv[1:]\n"
        "if words == ['--version']:\n    print('1.10.18'); sys.exit()\n"
        f"with open({str(tmp_path / 'words')!r}, 'a') as log:\n"
        "    log.write(' '.join(words) + ' ' + os.environ['FORESAY_RESULTS'] + '\\n')\n"
        "kept = Path(os.environ['FORESAY_RESULTS'])\n"
        "assert (kept / 'results.json').is_file() and (kept / 'figures').is_dir()\n"
        "folder = Path(words[words.index('--output-dir') + 1])\n"
        "folder.mkdir(parents=True, exist_ok=True)\n"
        "for each in words[words.index('--to') + 1].split(','):\n"
        "    ending = {'html': 'html', 'typst': 'pdf'}[each]\n"
        '    section = \'<section id="s" class="level1">by quarto</section>\'\n'
        "    page = f'<html><head></head><body><main>{section}</main></body></html>'\n"
        "    (folder / f'index.{ending}').write_text(page)\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    study = small_study(tmp_path / "study")
    with pytest.raises(SystemExit) as ended:
        main(["render", str(study), "--engine", "quarto", "--to", "html,pdf", "--quiet"])
    assert not ended.value.code
    draft = study.parent / "versions" / "draft"
    assert "by quarto" in (draft / "index.html").read_text()
    assert "by quarto" in (draft / "report.pdf").read_text()
    assert json.loads((draft / "manifest.json").read_text())["engine"] == "quarto"
    assert (tmp_path / "words").read_text().count("index.qmd") == 1
