from __future__ import annotations

import json
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresay.publishing.engines import pandoc, programs
from foresay.publishing.escaping import fenced, markdown_text, visible
from publishing.outlines import plain


def read_back(markdown: str) -> list[dict[str, object]]:
    command = [programs.pandoc(), "--from", pandoc.READER, "--to", "json"]
    run = subprocess.run(command, input=markdown, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)["blocks"]


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\u00a0"), max_size=60))
def test_pandoc_reads_the_escaped_text_back(text):
    (block,) = read_back("a " + markdown_text(text) + " z")
    assert block["t"] == "Para"
    assert {inline["t"] for inline in block["c"]} <= {"Str", "Space"}
    words = "".join(inline.get("c", " ") for inline in block["c"])
    assert words.split() == ("a " + visible(text) + " z").split()


@pytest.mark.parametrize("text", ["# a", "1. a", "- a", "> a", "    a", "| a |", "a\n\n# b", "---"])
def test_no_block_can_begin(text):
    (block,) = read_back(markdown_text(text) + " z")
    assert block["t"] == "Para"


def test_a_fence_is_longer_than_what_it_holds():
    (block,) = read_back(fenced("a\n`````\nb"))
    assert block["t"] == "CodeBlock"
    assert block["c"][1] == "a\n`````\nb"
    assert plain(visible("a\u2066\x07")) == "a[U+2066]\ufffd"
