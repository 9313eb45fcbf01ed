"""Figures that another process drew show the same as those drawn here."""

from __future__ import annotations

import base64
import json

import pytest

from foresay.errors import ReportError
from foresay.publishing.analyses import analyse
from foresay.publishing.drawing import Drawer
from foresay.publishing.drawn import FILES, Drawn, drawn_figures, files_of, left_out
from foresay.publishing.illustrations import illustrate
from studies import answers, open_study


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    tables = {"answers": [r for n in range(6) for r in answers("m", f"i{n}", "ab"[n % 2] + "a")]}
    with open_study(tmp_path_factory.mktemp("study"), tables, choices={"resamples": 200}) as bench:
        return analyse(bench)


@pytest.fixture(scope="module")
def folder(results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "figures"
    with Drawer(folder) as drawer:
        for name, table in results.tables.items():
            drawer.draw(name, table)
        drawer.finish()
    return folder


def test_the_files_are_those_of_the_figure(results, folder, tmp_path):
    figures = illustrate(results)
    assert set(drawn_figures(folder)) == set(figures) == {"agreement"}
    for name, figure in figures.items():
        for path in figure.save(tmp_path):
            assert path.read_bytes() == (folder / path.name).read_bytes(), path.name
        drawn = drawn_figures(folder)[name]
        assert (drawn.alt, drawn.caption, drawn.question) == (
            figure.alt,
            figure.caption,
            figure.question,
        )
        assert drawn.caption_markdown == figure.caption_markdown
    assert left_out(folder) == {}
    assert sorted(files_of(folder, "agreement")) == sorted(path.name for path in tmp_path.iterdir())
    assert {path.suffix[1:] for path in tmp_path.iterdir()} == set(FILES)
    assert len(list(tmp_path.iterdir())) == 2 * len(FILES) - 1  # two widths, the data once


@pytest.mark.parametrize("target", ["", "html", "docx", "typst"])
def test_a_page_is_shown_the_same(results, folder, tmp_path, monkeypatch, target):
    from foresay.figures.page import PAGE

    told = {"format": {"identifier": {"base-format": target}, "pandoc": {"to": target}}}
    (tmp_path / "info.json").write_text(json.dumps(told))
    monkeypatch.setenv("QUARTO_EXECUTE_INFO", str(tmp_path / "info.json"))
    monkeypatch.setattr(Drawn, "has_script", False)
    PAGE.start()
    figure, drawn = illustrate(results)["agreement"], drawn_figures(folder)["agreement"]
    for _ in range(2):  # the first figure of a page brings the script, the second does not
        shown, metadata = drawn._repr_mimebundle_()
        printed = shown.pop("application/pdf", None)
        assert (shown, metadata) == figure._repr_mimebundle_()
        assert printed == (None if target else base64.b64encode(figure.pdf()).decode())


def test_a_figure_that_cannot_hold_its_table_is_named(results, tmp_path):
    table = results.tables["agreement"].head(0)
    with Drawer(tmp_path) as drawer:
        drawer.draw("agreement", table)
        drawer.finish()
    assert list(left_out(tmp_path)) == ["agreement"]


def test_a_fault_while_drawing_is_one_message(tmp_path):
    with Drawer(tmp_path) as drawer:
        drawer.draw("agreement", "not a table")  # type: ignore[arg-type]
        with pytest.raises(ReportError, match="the figures could not be drawn: "):
            drawer.finish()


def test_leaving_early_ends_the_process(tmp_path):
    with pytest.raises(KeyboardInterrupt), Drawer(tmp_path) as drawer:
        raise KeyboardInterrupt
    assert drawer._process.returncode is not None
