"""A figure is drawn with the same fonts on every machine, but for letters that these lack."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from foresay.errors import UnsupportedError
from foresay.figures import fonts
from foresay.figures.export import to_pdf, to_png, to_svg

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">'
    '<text x="5" y="20" font-family="{font}">{text}</text></svg>'
)


def svg(text: str, font: str = "Liberation Sans") -> str:
    return SVG.format(text=text, font=font)


@pytest.fixture
def asked(monkeypatch):
    found = []
    elsewhere = fonts.with_all_fonts

    def noted(function, content, **options):
        found.append(function)
        return elsewhere(function, content, **options)

    monkeypatch.setattr(fonts, "with_all_fonts", noted)
    return found


@pytest.mark.parametrize("text", ["plain", "caf\u00e9 \u2264 \u03c1 \u2212", "\u041a\u0438"])
def test_letters_of_the_library_need_no_other_process(asked, text):
    assert to_png(svg(text)).startswith(b"\x89PNG")
    assert asked == []


def test_other_letters_are_drawn_with_the_fonts_of_the_machine(asked):
    spec = {"mark": "text", "data": {"values": [{}]}, "encoding": {"text": {"value": "\u6570"}}}
    assert "\u6570" in to_svg(spec)
    assert to_png(svg("\u6570")).startswith(b"\x89PNG")
    assert to_pdf(svg("\u6570")).startswith(b"%PDF")
    assert asked == ["vegalite_to_svg", "svg_to_png", "svg_to_pdf"]


def test_the_fonts_of_the_machine_change_nothing(tmp_path):
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from foresay.figures.export import to_png\n"
        f"Path(sys.argv[1]).write_bytes(to_png({svg('plain', 'monospace')!r}))\n"
        "print(os.environ.get('FONTCONFIG_FILE', 'none'))\n"
    )
    for number, own in enumerate((None, "/nowhere/fonts.conf")):
        env = {"PYTHONPATH": str(Path(fonts.__file__).parents[2])}
        env |= {"FONTCONFIG_FILE": own} if own else {}
        command = [sys.executable, "-c", program, str(tmp_path / str(number))]
        said = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
        assert said.strip() == (own or "none")  # as it was before
    assert (tmp_path / "0").read_bytes() == (tmp_path / "1").read_bytes()


def test_what_the_other_process_cannot_draw_is_one_message():
    with pytest.raises(UnsupportedError, match="could not be drawn with the fonts"):
        to_png("\u6570")
    assert to_png(svg("\u6570")).startswith(b"\x89PNG")  # the next one can
