from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures import PAGE, SINGLE, Figure, plot_compliance

Make = Callable[..., dict[str, Any]]
EVIL = '</script><img src=x onerror=alert(1)> "q" \u202e'


@pytest.fixture(autouse=True)
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of its own, and a script that takes no time to bundle."""
    PAGE.start()
    monkeypatch.setattr("foresay.figures.page.bundle", lambda: "/*bundle*/")
    monkeypatch.delenv("QUARTO_EXECUTE_INFO", raising=False)


@pytest.fixture
def figure(estimate: Make) -> Figure:
    rows = [
        estimate("compliance", 0.412, 0.38, 0.44, group={"predictor": EVIL}),
        estimate("compliance", 1.0, 0.99, 1.0, group={"predictor": "=self"}),
    ]
    return plot_compliance(pd.DataFrame(rows))


def _target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: object) -> None:
    path = tmp_path / "info.json"
    path.write_text(json.dumps(told))
    monkeypatch.setenv("QUARTO_EXECUTE_INFO", str(path))


def test_an_unknown_target_gets_every_type_but_vega_lite(figure: Figure) -> None:
    bundle, metadata = figure._repr_mimebundle_()
    assert sorted(bundle) == ["image/png", "image/svg+xml", "text/html", "text/plain"]
    png = base64.b64decode(bundle["image/png"])
    assert metadata["image/png"]["width"] == round(int.from_bytes(png[16:20], "big") * 96 / 300)
    assert 600 < metadata["image/png"]["width"] <= 661


@pytest.mark.parametrize(
    ("target", "types"),
    [
        ("docx", ["image/png", "text/plain"]),
        ("typst", ["image/svg+xml", "text/plain"]),
        ("html", ["text/html", "text/plain"]),
    ],
)
def test_quarto_gets_what_its_target_can_show(
    figure: Figure, target: str, types: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _target(tmp_path, monkeypatch, {"format": {"identifier": {"base-format": target}}})
    assert sorted(figure._repr_mimebundle_()[0]) == types


@pytest.mark.parametrize("told", [{}, [], {"format": {"identifier": {}, "pandoc": {}}}])
def test_what_quarto_tells_may_be_anything(
    figure: Figure, told: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _target(tmp_path, monkeypatch, told)
    assert "image/png" in figure._repr_mimebundle_()[0]


def test_the_script_comes_once_a_page(figure: Figure) -> None:
    first, second = figure.html(), figure.html()
    assert first.count("/*bundle*/") == 1
    assert "/*bundle*/" not in second
    assert 'type="application/json"' in second
    PAGE.start()
    assert figure.html() == first


def test_without_the_script_the_page_is_complete(figure: Figure) -> None:
    html = figure.html(interactive=False)
    assert "<script" not in html
    address = html.split('src="data:image/svg+xml;base64,')[1].split('"')[0]
    assert base64.b64decode(address).decode() == figure.svg()


def test_hostile_names_stay_text_in_the_page(figure: Figure) -> None:
    html = figure.html()
    assert "onerror" in html
    assert "<img src=x" not in html
    assert html.count("</script>") == 3
    assert "\u202e" not in html
    spec = html.split('type="application/json">')[1].split("</script>")[0]
    assert json.loads(spec)["description"] == figure.alt


def test_no_request_leaves_the_page(figure: Figure) -> None:
    html = figure.html()
    figure_part = html.replace("http://www.w3.org", "").replace("https://vega.github.io/schema", "")
    assert "http" not in figure_part
    assert "cdn" not in html.lower()


def test_files_are_the_same_each_time(figure: Figure, tmp_path: Path) -> None:
    one = figure.save(tmp_path / "one")
    two = figure.save(tmp_path / "two")
    assert [p.name for p in one] == [
        f"compliance.{kind}" for kind in ("svg", "pdf", "png", "json", "csv")
    ]
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


@pytest.fixture
def both(figure: Figure) -> Figure:
    return replace(figure, single=plot_compliance(figure.data, width=SINGLE))


def test_both_widths_are_saved_and_the_data_once(both: Figure, tmp_path: Path) -> None:
    assert [p.name for p in both.save(tmp_path, ["pdf", "csv"])] == [
        "compliance.pdf",
        "compliance-single.pdf",
        "compliance.csv",
    ]
    one = both.save(tmp_path, ["svg", "csv"], ["single"])
    assert [p.name for p in one] == ["compliance-single.svg", "compliance.csv"]
    assert one[0].read_text(encoding="utf-8") == plot_compliance(both.data, width=SINGLE).svg()
    with pytest.raises(UnsupportedError, match="width 'wide' is unknown; the widths are double"):
        both.save(tmp_path, ["svg"], ["wide"])


def test_a_figure_of_one_width_is_saved_in_that(figure: Figure, tmp_path: Path) -> None:
    names = [p.name for p in figure.save(tmp_path, ["svg"], ["single"])]
    assert names == ["compliance.svg"]


def test_a_page_has_a_drawing_for_narrow_screens(both: Figure, figure: Figure) -> None:
    html = both.html()
    assert "<source" not in figure.html()
    sources = re.findall(r'<source [^>]*srcset="data:image/svg\+xml;base64,([^"]*)"', html)
    assert both.single is not None
    assert [base64.b64decode(s).decode() for s in sources] == [both.single.svg()]
    assert base64.b64encode(both.svg().encode()).decode() in html


def test_numbers_of_a_drawing_have_six_digits_and_those_of_the_data_all(estimate: Make) -> None:
    row = estimate("compliance", 1 / 3, 0.1, 0.9, group={"predictor": "a"})
    figure = plot_compliance(pd.DataFrame([row]))
    assert figure.spec()["data"]["values"][0]["value"] == 0.333333
    assert "0.3333333333333333" in figure.csv()


def test_the_csv_is_the_data_and_runs_nothing(figure: Figure) -> None:
    read = pd.read_csv(io.StringIO(figure.csv()), keep_default_na=False)
    assert list(read["value"]) == [0.412, 1.0]
    assert list(read["predictor"]) == [EVIL, "'=self"]


def test_the_specification_is_canonical_and_whole(figure: Figure) -> None:
    text = figure.vega_lite()
    spec = json.loads(text)
    assert text == json.dumps(spec, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    assert spec["description"] == figure.alt
    assert "url" not in text
    assert len(spec["data"]["values"]) == 2


def test_an_unknown_format_writes_nothing(figure: Figure, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="format 'gif' is unknown; the formats are svg"):
        figure.save(tmp_path, ["svg", "gif"])
    assert list(tmp_path.iterdir()) == []


def test_a_name_cannot_leave_its_folder(estimate: Make) -> None:
    frame = pd.DataFrame([estimate("compliance", 1.0, 0.9, 1.0, group={"predictor": "a"})])
    with pytest.raises(UnsupportedError, match="only lower-case letters"):
        plot_compliance(frame, name="../a")


def test_the_caption_is_escaped_for_a_report(figure: Figure) -> None:
    assert "**" not in figure.caption_markdown
    assert figure.caption_markdown.startswith("Compliance with 95")
