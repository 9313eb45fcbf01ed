from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.errors import VersionError
from foresay.publishing.manifest import Manifest, differences, read_manifest


def manifest(**changes: Any) -> Manifest:
    content: dict[str, Any] = {
        "study": "small-models",
        "title": "Small models",
        "version": "1.0",
        "inputs": {"study.yml": "a" * 64, "data/predictions.csv.gz": "b" * 64},
        "choices": {"compliance": "paper", "cluster": ["item"], "level": 0.95},
        "package": "0.1.0",
        "package_source": "c" * 64,
        "libraries": {"duckdb": "2.0.0", "numpy": "2.4.6"},
        "seed": 1,
        "engine": "embedded",
        "engine_version": "0.1.0",
        "formats": ["html", "pdf"],
    }
    return Manifest(**(content | changes))


def in_words(before: Manifest, after: Manifest) -> list[str]:
    return [str(difference) for difference in differences(before, after)]


def test_same_content_gives_the_same_bytes_in_whatever_order() -> None:
    reordered = manifest(
        inputs={"data/predictions.csv.gz": "b" * 64, "study.yml": "a" * 64},
        choices={"level": 0.95, "compliance": "paper", "cluster": ["item"]},
    )
    assert reordered.to_json() == manifest().to_json()
    assert reordered.inputs_digest == manifest().inputs_digest


def test_written_and_read_is_the_same(tmp_path: Path) -> None:
    whole = manifest(title="Größe 大").with_outputs({"index.html": "d" * 64})
    path = tmp_path / "manifest.json"
    path.write_text(whole.to_json(), encoding="utf-8")
    assert read_manifest(path) == whole
    assert list(json.loads(whole.to_json())) == sorted(json.loads(whole.to_json()))


def test_outputs_and_label_are_not_inputs() -> None:
    other = manifest(version=None).with_outputs({"index.html": "d" * 64})
    assert other.inputs_digest == manifest().inputs_digest
    assert in_words(manifest(), other) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 2}, "seed: 1 -> 2"),
        ({"title": "Other"}, "title: Small models -> Other"),
        ({"engine": "quarto", "engine_version": "1.10"}, "engine: embedded 0.1.0 -> quarto 1.10"),
        ({"formats": ["html"]}, "formats: html, pdf -> html"),
        ({"package": "0.2.0"}, "foresay: 0.1.0 -> 0.2.0"),
        ({"package_source": "e" * 64}, "source of foresay changed"),
        ({"libraries": {"duckdb": "2.1.0", "numpy": "2.4.6"}}, "library duckdb: 2.0.0 -> 2.1.0"),
        ({"libraries": {"numpy": "2.4.6"}}, "library duckdb was removed (2.0.0)"),
        (
            {"choices": {"compliance": "paper", "cluster": ["item", "task"], "level": 0.95}},
            'choice cluster: ["item"] -> ["item", "task"]',
        ),
        (
            {"choices": {"compliance": "paper", "cluster": ["item"], "level": 0.9}},
            "choice level: 0.95 -> 0.9",
        ),
        (
            {"inputs": {"study.yml": "f" * 64, "data/predictions.csv.gz": "b" * 64}},
            "study file study.yml changed",
        ),
        ({"inputs": {"study.yml": "a" * 64}}, "data file predictions.csv.gz was removed"),
    ],
)
def test_each_difference_is_named(changes: dict[str, Any], words: str) -> None:
    assert in_words(manifest(), manifest(**changes)) == [words]
    assert manifest(**changes).inputs_digest != manifest().inputs_digest


def test_added_input_is_named() -> None:
    more = manifest(inputs={**manifest().inputs, "data/items.csv": "1" * 64})
    assert in_words(manifest(), more) == ["data file items.csv was added"]


_HASHES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz"), max_size=4)


@given(before=_HASHES, after=_HASHES)
def test_no_difference_exactly_when_the_digests_agree(
    before: dict[str, str], after: dict[str, str]
) -> None:
    one, two = manifest(inputs=before), manifest(inputs=after)
    assert (differences(one, two) == []) == (one.inputs_digest == two.inputs_digest)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "holds no manifest.json, so it is not a version that foresay finished"),
        ("{", "is not a manifest that this foresay can read"),
        ('{"manifest": 2}', "is not a manifest that this foresay can read"),
    ],
)
def test_unreadable_manifest_says_so(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(VersionError, match=message):
        read_manifest(tmp_path / "manifest.json")
