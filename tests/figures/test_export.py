from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from foresay.display.writing import write_whole
from foresay.errors import OutputError
from foresay.figures.export import (
    canonical_pdf,
    canonical_svg,
    to_pdf,
    to_png,
    to_svg,
    vegalite_version,
)

# two weights give two fonts, which svg2pdf writes in another order in each run
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"x": 1, "y": "endobj <b>"}, {"x": 2, "y": "stream 5 0 R"}]},
    "mark": "point",
    "title": "Bold title",
    "width": 320,
    "height": 80,
    "encoding": {
        "x": {"field": "x", "type": "quantitative"},
        "y": {"field": "y", "type": "nominal"},
    },
}


def test_the_version_is_one_that_vl_convert_has() -> None:
    import vl_convert

    assert vegalite_version() in vl_convert.get_vegalite_versions()


def test_a_pdf_has_the_same_bytes_each_time_and_no_clock() -> None:
    svg = to_svg(SPEC)
    made = {to_pdf(svg) for _ in range(6)}
    assert len(made) == 1
    assert b"CreationDate" not in made.pop()


def test_a_pdf_is_whole_and_has_the_printed_size() -> None:
    svg = to_svg(SPEC)
    page = pypdf.PdfReader(io.BytesIO(to_pdf(svg)), strict=True).pages[0]
    width = float(svg.split('width="')[1].split('"')[0])
    assert float(page.mediabox.width) == pytest.approx(width * 0.75)
    text = page.extract_text()
    assert "Bold title" in text
    assert "endobj <b>" in text
    assert "stream 5 0 R" in text


def test_fonts_are_embedded(tmp_path: Path) -> None:
    pdf = to_pdf(to_svg(SPEC))
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts)
    if tool := shutil.which("pdffonts"):
        (tmp_path / "a.pdf").write_bytes(pdf)
        said = subprocess.run(
            [tool, tmp_path / "a.pdf"], capture_output=True, text=True, check=True
        )
        assert [line.split()[-5] for line in said.stdout.splitlines()[2:]] == ["yes"] * len(fonts)


def test_a_drawing_is_one_image_with_its_words() -> None:
    svg = to_svg(SPEC | {"description": '<b> & "q"'})
    assert svg.startswith("<svg ")
    assert 'role="img" aria-label="&lt;b&gt; &amp; &quot;q&quot;"' in svg.split(">")[0]
    assert svg.count("aria-") == 1
    assert not re.search(r'(?: d| transform)="[^"]*\.\d{3}', svg)


def test_canonical_twice_is_canonical_once() -> None:
    pdf = to_pdf(to_svg(SPEC))
    assert canonical_pdf(pdf) == pdf


def test_a_png_states_its_resolution() -> None:
    png = to_png(to_svg(SPEC), ppi=300)
    start = png.index(b"pHYs") + 4
    assert int.from_bytes(png[start : start + 4], "big") == 11811
    assert png == to_png(to_svg(SPEC), ppi=300)
    width = float(to_svg(SPEC).split('width="')[1].split('"')[0])
    assert int.from_bytes(png[16:20], "big") == pytest.approx(width * 300 / 96, abs=2)


def test_no_address_is_fetched() -> None:
    spec = SPEC | {"data": {"url": "http://127.0.0.1:9/x.csv"}}
    with pytest.raises(ValueError, match=r"(?i)url|load|access|denied|allowed"):
        to_svg(spec)


def test_another_process_writes_the_same_bytes() -> None:
    code = (
        "import hashlib, json, sys\n"
        "from foresay.figures.export import to_pdf, to_png, to_svg\n"
        "spec = json.loads(sys.stdin.read()); svg = to_svg(spec)\n"
        "for made in (svg.encode(), to_pdf(svg), to_png(svg)):\n"
        "    print(hashlib.sha256(made).hexdigest())\n"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(SPEC),
        env=os.environ | {"PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    svg = to_svg(SPEC)
    made = (svg.encode(), to_pdf(svg), to_png(svg))
    assert other.split() == [hashlib.sha256(part).hexdigest() for part in made]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.svg"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["a.svg"]


def test_a_failed_write_leaves_the_earlier_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_whole(tmp_path / "a.svg", b"one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"a\.svg: cannot be written \(No space left"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert [p.name for p in tmp_path.iterdir()] == ["a.svg"]


def test_identifiers_do_not_count_on_and_labels_are_left_alone() -> None:
    svg = (
        '<g id="clip7"><a clip-path="url(#clip7)" href="#clip7"/>'
        '<text aria-label="clip7">="url(#clip7)"</text></g>'
    )
    assert canonical_svg(svg) == (
        '<g id="part0"><a clip-path="url(#part0)" href="#part0"/>'
        '<text aria-label="clip7">="url(#clip7)"</text></g>'
    )


def test_a_pdf_has_the_title_that_it_is_given() -> None:
    title = "Größe (\N{GREEK SMALL LETTER ALPHA}) \\ of <what>?"
    pdf = to_pdf(to_svg(SPEC), title)
    assert pypdf.PdfReader(io.BytesIO(pdf), strict=True).metadata["/Title"] == title
    assert "/Info" not in pypdf.PdfReader(io.BytesIO(to_pdf(to_svg(SPEC)))).trailer


def test_every_public_name_of_the_figures_is_there():
    from foresay import figures

    assert {name for name in figures.__all__ if getattr(figures, name) is not None} == set(
        figures._MODULES
    )
    assert set(figures.__all__) <= set(dir(figures))
