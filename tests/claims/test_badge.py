from __future__ import annotations

import json

import lxml.etree
import pytest

from foresay.claims import Checked, Ledger
from foresay.claims.badge import badge, summary
from foresay.claims.judged import Judged

GREEN, OCHRE, RED = "#2a6b3f", "#7a5200", "#a3261e"


def checked(*verdicts, status="draft"):
    claims = {
        f"c{at}": {"sentence": "s", "kind": "ordering", "of": "accuracy", "status": status}
        for at, _ in enumerate(verdicts)
    }
    return Checked(
        ledger=Ledger.model_validate({"claims": claims}),
        judged={
            f"c{at}": Judged(verdict=verdict, fingerprint="abc")
            for at, verdict in enumerate(verdicts)
        },
    )


@pytest.mark.parametrize(
    ("verdicts", "problems", "said", "colour"),
    [
        (["supported", "supported"], 0, "2 of 2 supported", GREEN),
        (["supported", "unresolved"], 0, "1 of 2 supported", OCHRE),
        (["supported", "not assessed"], 0, "1 of 2 supported, 1 not assessed", OCHRE),
        (["supported", "contradicted"], 0, "1 of 2 supported, 1 contradicted", RED),
        (["supported"], 2, "1 of 1 supported, 2 problems on pages", RED),
        ([], 0, "none", OCHRE),
    ],
)
def test_the_badge_says_it_in_words_and_colour(verdicts, problems, said, colour):
    told = summary(checked(*verdicts), "s", page_problems=problems)
    svg = lxml.etree.fromstring(badge(told).encode())
    assert svg.get("aria-label") == f"claims: {said}"
    texts = svg.findall(".//{*}text")
    assert [text.text for text in texts] == ["claims", said]
    assert colour in badge(told)
    assert told.exit_code == int(colour == RED)


def test_the_words_fit_into_the_badge_and_nothing_is_fetched():
    text = badge(summary(checked("supported", "contradicted"), "s", page_problems=12))
    svg = lxml.etree.fromstring(text.encode())
    for part in svg.findall(".//{*}text"):
        assert float(part.get("x")) + float(part.get("textLength")) < float(svg.get("width"))
    tags = {part.tag.split("}")[1] for part in svg.iter()}
    assert tags == {"svg", "title", "rect", "path", "g", "text"}
    assert not any("href" in name or "url" in str(v) for p in svg.iter() for name, v in p.items())


def test_white_words_are_readable_on_every_colour():
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for colour in (GREEN, OCHRE, RED, "#444444"):
        assert 1.05 / (light(colour) + 0.05) >= 4.5


def test_the_summary_names_what_is_not_supported():
    told = summary(checked("supported", "unresolved", "contradicted", "not assessed"), "s")
    said = json.loads(told.to_json())
    assert (said["claims"], said["passed"], said["fingerprint"]) == (4, False, "abc")
    assert said["counts"] == {
        "supported": 1,
        "unresolved": 1,
        "not_assessed": 1,
        "contradicted": 1,
    }
    assert said["not_supported"] == {
        "unresolved": ["c1"],
        "not_assessed": ["c3"],
        "contradicted": ["c2"],
    }


def test_a_withdrawn_claim_does_not_count():
    told = summary(checked("contradicted", status="withdrawn"), "s")
    assert (told.total, told.withdrawn, told.exit_code) == (0, 1, 0)


def test_what_could_not_be_assessed_fails_only_where_that_is_asked_for():
    mild, strict = (
        summary(checked("supported", "not assessed"), "s", strict=how) for how in (False, True)
    )
    assert (mild.exit_code, strict.exit_code) == (0, 1)
    for told in (mild, strict):
        said = json.loads(told.to_json())
        assert said["passed"] is (told.exit_code == 0)
        assert said["counts"]["not_assessed"] == 1
        assert said["strict"] is told.strict
    assert (OCHRE in badge(mild), RED in badge(strict)) == (True, True)
    gone = summary(checked("not assessed", status="withdrawn"), "s", strict=True)
    assert (gone.exit_code, json.loads(gone.to_json())["counts"]["not_assessed"]) == (0, 0)


def test_a_hostile_name_of_a_study_stays_in_its_json():
    name = '</svg>"\u202e'
    told = summary(checked("supported"), name)
    assert json.loads(told.to_json())["study"] == name
    assert badge(told) == badge(summary(checked("supported"), "s"))
