from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import lxml.html
import pytest

from foresay.claims import audit
from foresay.claims.audit_page import html_page
from foresay.claims.audit_words import headline, left_out, text

FOLDER = Path(__file__).resolve().parents[2] / "data" / "published"
HOSTILE = '</style><script>alert(1)</script><img src=x onerror="a()"> *a* \x1b[31m\u202eRTL\nb'
ROWS = [
    {"id": "r1", "model": "m", "accuracy": ".355", "n": "100", "low": ".40", "high": ".45"},
    {"id": "r2", "model": "k", "accuracy": ".50", "n": "100", "low": ".40", "high": ".60"},
]
CLAIMS = [{"id": "c1", "terms": "r2 > r1"}, {"id": "c2", "terms": "r1 > none"}]


@pytest.fixture(scope="module")
def shipped():
    return audit(FOLDER / "looking_inward.csv", claims=FOLDER / "claims.csv")


def page(found, title="Audit"):
    return lxml.html.fromstring(html_page(found, title))


def words(found):
    return " ".join(page(found).text_content().split())


def test_the_page_counts_the_checks_of_every_rule(shipped):
    (table,) = page(shipped).xpath("//table[caption='Checks of each rule']")
    shown = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("th|td")]
        for row in table.xpath("tbody/tr")
    ]
    summary = shipped.summary().to_dict("split")["data"]
    assert shown == [[str(cell) for cell in row] for row in summary]


def test_the_page_and_the_text_have_every_difference_and_claim_with_its_arithmetic(shipped):
    for said in (words(shipped), " ".join(text(shipped).split())):
        for one in shipped.differing:
            assert all(row in said for row in one.rows)
            assert " ".join(one.arithmetic.split()) in said
        for claim in shipped.assessments:
            assert claim.relation in said
            assert all(" ".join(part.arithmetic.split()) in said for part in claim.parts)


def test_the_page_shows_what_passed_and_why_a_check_was_not_possible(shipped):
    said = words(shipped)
    for rule, reason, times in left_out(shipped):
        assert rule in said
        assert reason in said
        assert times > 0
    passed = [one for one in shipped.findings if one.verdict == "passed"]
    assert all(row in said for one in passed for row in one.rows[:1])


def test_links_of_the_page_lead_to_its_sections_and_nothing_is_fetched_or_run(shipped):
    found = page(shipped)
    links = found.xpath("//a/@href")
    assert len(links) == 4
    assert all(found.xpath(f"//*[@id='{link[1:]}']") for link in links)
    assert not found.xpath("//script|//img|//link|//iframe|//*[@src]")
    assert "default-src 'none'" in found.xpath("//meta[@http-equiv]/@content")[0]
    assert found.xpath("//html/@lang") == ["en"]
    assert len(found.xpath("//h1")) == len(found.xpath("//main")) == 1
    assert all(table.xpath("caption") for table in found.xpath("//table"))


def test_the_shipped_page_is_what_the_shipped_numbers_give(shipped):
    made = (FOLDER / "audit.html").read_text(encoding="utf-8")
    assert made == html_page(shipped, "Audit of looking_inward.csv"), "run `make published`"


def test_the_words_of_the_shipped_page_are_neutral(shipped):
    said = words(shipped).lower()
    blame = ("fraud", "mistake", "fabricat", "suspicious", "invalid", "wrong", "should", "failed")
    assert [word for word in blame if word in said] == []


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.names = []

    def handle_starttag(self, tag, attrs):
        self.names.append((tag, tuple(name for name, _ in attrs)))


def elements(html):
    parser = Elements()
    parser.feed(html)
    return parser.names


@pytest.mark.parametrize("column", ["id", "model", "accuracy", "n"])
def test_hostile_cells_are_text_on_the_page_and_the_terminal(column):
    def made(mark):
        rows = [{**ROWS[0], column: ROWS[0][column] + mark}, dict(ROWS[1])]
        return audit(rows, {"accuracy": "measure"})

    plain, hostile = made(""), made(f" {HOSTILE}")
    for found, title in ((hostile, HOSTILE), (hostile, "t")):
        html = html_page(found, title)
        names = elements(html)
        assert not {"script", "img"} & {tag for tag, _ in names}
        assert html.count("</style>") == 1
    if column == "id":
        assert elements(html_page(hostile, "t")) == elements(html_page(plain, "t"))
    shown = text(hostile)
    assert not {"\x1b", "\u202e"} & set(shown)


def test_hostile_names_of_columns_and_claims_are_text():
    rows = [{f"label {HOSTILE}": "a", **one} for one in ROWS]
    found = audit(rows, claims=[{"id": HOSTILE, "terms": "r2 > r1"}])
    assert not {"script", "img"} & {tag for tag, _ in elements(html_page(found, "t"))}
    assert not {"\x1b", "\u202e"} & set(text(found))


def test_the_headline_counts_checks_and_claims():
    found = audit(ROWS, claims=CLAIMS)
    said = headline(found)
    assert said.startswith("2 estimates read; ")
    assert f"{len(found.differing)} of them differ" in said
    assert said.endswith("2 claims: 1 supported, 1 not assessed")
    assert found.exit_code == 1


def test_the_exit_code_is_1_for_a_contradicted_claim_alone():
    rows = [{"id": "a", "accuracy": ".5"}, {"id": "b", "accuracy": ".7"}]
    assert audit(rows).exit_code == 0
    assert audit(rows, claims=[{"id": "c", "terms": "a > b"}]).exit_code == 1
    assert audit(rows, claims=[{"id": "c", "terms": "a < b"}]).exit_code == 0


def test_what_passes_beyond_the_bound_is_counted(monkeypatch):
    monkeypatch.setattr("foresay.claims.audit_page._MOST_PASSED", 1)
    assert "and 1 more" in words(audit([{"id": f"r{i}", "accuracy": ".5"} for i in "ab"]))
