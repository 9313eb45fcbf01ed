from __future__ import annotations

import datetime as dt

import pytest

from foresay.errors import ReportError
from foresay.publishing.metadata import authors, epoch, merged, printed_date, read_mapping


def test_layers_merge_in_quartos_order():
    project = {"toc": True, "lang": "de", "execute": {"echo": False}, "format": {"html": {"a": 1}}}
    front = {"lang": "en", "execute": {"warning": False}, "format": {"html": {"toc": False}}}
    html = merged(project, front, {"title": "given"}, "html")
    assert (html["toc"], html["lang"], html["a"], html["title"]) == (False, "en", 1, "given")
    assert html["execute"] == {"echo": False, "warning": False}
    assert merged(project, front, {}, "pdf")["toc"] is True


def test_dates_are_printed_in_british_order_and_give_the_time_of_every_file():
    metadata = {"date": dt.date(2026, 3, 5)}
    assert printed_date(metadata) == "5 March 2026"
    assert epoch(metadata) == 1772668800
    assert epoch({}) == 315532800
    assert printed_date({"date": "Spring 2026"}) == "Spring 2026"


def test_authors_may_be_texts_or_mappings():
    told = {"author": ["Ada", {"name": "Ben", "orcid": "0", "affiliation": None}]}
    assert authors(told) == [{"name": "Ada"}, {"name": "Ben", "orcid": "0"}]


@pytest.mark.parametrize(("text", "message"), [("a: [", "line"), ("- a", "key: value")])
def test_a_bad_project_file_is_an_error(tmp_path, text, message):
    path = tmp_path / "_quarto.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError, match=message):
        read_mapping(path)
