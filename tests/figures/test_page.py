from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foresay.figures import page


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Count bundles, which take seconds, without making them."""
    import vl_convert

    calls: list[str] = []

    def bundle(snippet: str, vl_version: str) -> str:
        calls.append(vl_version)
        return f"/*vega*/ const end = '</script><!--'; {snippet}"

    monkeypatch.setattr(vl_convert, "javascript_bundle", bundle)
    monkeypatch.setenv("FORESAY_CACHE", str(tmp_path / "cache"))
    page.bundle.cache_clear()
    yield calls
    page.bundle.cache_clear()


def test_the_script_is_made_once_and_kept(made: list[str]) -> None:
    first = page.bundle()
    page.bundle.cache_clear()
    assert page.bundle() == first
    assert len(made) == 1


def test_a_damaged_cache_is_made_again(made: list[str], tmp_path: Path) -> None:
    first = page.bundle()
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_text(kept.read_text().replace("vega", "evil"))
    page.bundle.cache_clear()
    assert page.bundle() == first
    assert len(made) == 2


def test_a_cache_that_cannot_be_written_costs_only_time(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FORESAY_CACHE", str(tmp_path / "file"))
    assert "/*vega*/" in page.bundle()


def test_the_script_cannot_end_its_element(made: list[str]) -> None:
    assert "</script" not in page.bundle()
    assert "<!--" not in page.bundle()


@pytest.mark.slow
def test_the_real_script_holds_vega_embed_and_loads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORESAY_CACHE", str(tmp_path))
    page.bundle.cache_clear()
    script = page.bundle()
    page.bundle.cache_clear()
    assert 500_000 < len(script) < 2_000_000
    assert "foresayFigures" in script
    for source in ("cdn.jsdelivr", "unpkg.com", "requirejs"):
        assert source not in script


def test_pictures_have_their_size_and_narrow_screens_a_drawing_of_their_own() -> None:
    wide, small = ('<svg width="661" height="99.6"></svg>', '<svg width="321" height="150"></svg>')
    text = page.Page().figure(wide, "a <b>", {"a": 1}, interactive=False, narrow=(small, {"b": 2}))
    assert f'<source media="{page.NARROW}" width="321" height="150" srcset="data:' in text
    assert '<img class="foresay-static" alt="a &lt;b&gt;" width="661" height="100" src=' in text
    assert "<script" not in text


def test_each_width_brings_its_specification(made: list[str]) -> None:
    svg = '<svg width="1" height="1"></svg>'
    text = page.Page().figure(svg, "a", {"wide": 1}, interactive=True, narrow=(svg, {"small": 1}))
    assert '<script type="application/json">{"wide":1}</script>' in text
    assert '<script type="application/json" class="foresay-narrow">{"small":1}</script>' in text
    assert all(script in text for script in page.scripts())
